// The process that is ended by force: as a relay does it, without the wire.
#include "crash_child.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "check.h"
#include "store.h"

struct waiting { // an echo that leaves when its batch is durable
    uint64_t batch;
    struct crash_echo echo;
};

struct child {
    struct store *store;
    int socket;
    int wake[2];
    uint64_t last_id;
    struct buf waiting; // struct waiting, by batch
    struct buf echoes;  // struct crash_echo, to be sent
};

static void wake(void *context)
{
    struct child *child = context;
    ssize_t sent = write(child->wake[1], "", 1);
    (void)sent; // a full pipe wakes just as well
}

static uint64_t next_id(struct child *child)
{
    struct timespec now;
    check(clock_gettime(CLOCK_REALTIME, &now) == 0);
    uint64_t id = ((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000) << 20;
    child->last_id = id > child->last_id ? id : child->last_id + 1;
    return child->last_id;
}

static void queue_echo(struct child *child, struct crash_echo echo)
{
    check(buf_append(&child->echoes, (struct str){(char *)&echo, sizeof(echo)}));
}

static void put(struct child *child, struct crash_ask ask, struct str who, struct str label)
{
    char text[64];
    struct waiting waiting = {store_batch(child->store), {.ask = ask, .id = next_id(child)}};
    int len = snprintf(text, sizeof(text), "%u.%u", ask.who, ask.number);
    struct store_line line = {.id = waiting.echo.id,
                              .target = ask.number % 3 ? STR("#party") : STR("#other"),
                              .source = STR("client!u@host"),
                              .text = {text, (size_t)len}};
    store_put_line(child->store, &line, who, label);
    check(buf_append(&child->waiting, (struct str){(char *)&waiting, sizeof(waiting)}));
}

static void handle(struct child *child, struct crash_ask ask)
{
    char who[16], label[16];
    uint64_t id = 0, batch = 0;
    (void)snprintf(who, sizeof(who), "c%u", ask.who);
    (void)snprintf(label, sizeof(label), "%u", ask.number);
    if (store_find_sent(child->store, str_from(who), str_from(label), &id)) {
        queue_echo(child, (struct crash_echo){ask, true, id});
    } else if (!store_find_pending(child->store, str_from(who), str_from(label), &id, &batch)) {
        put(child, ask, str_from(who), str_from(label));
    }
}

// false: the other end is done.
static bool take_asks(struct child *child)
{
    struct crash_ask asks[256];
    ssize_t len = recv(child->socket, asks, sizeof(asks), 0);
    for (ssize_t i = 0; i < len / (ssize_t)sizeof(asks[0]); i++) {
        handle(child, asks[i]);
    }
    (void)store_flush(child->store); // false: all of it were repeats
    return len > 0;
}

static void take_results(struct child *child)
{
    char drained[256];
    struct store_result result;
    (void)!read(child->wake[0], drained, sizeof(drained)); // how many does not matter
    while (store_next_result(child->store, &result)) {
        check(result.is_ok);
        struct waiting first;
        while (child->waiting.len > 0 &&
               (memcpy(&first, buf_str(&child->waiting).data, sizeof(first)),
                first.batch <= result.batch)) {
            queue_echo(child, first.echo);
            buf_consume(&child->waiting, sizeof(first));
        }
    }
}

static void send_echoes(struct child *child)
{
    while (child->echoes.len > 0) {
        size_t most = 256 * sizeof(struct crash_echo);
        struct str bytes = str_range(buf_str(&child->echoes), 0, most);
        if (send(child->socket, bytes.data, bytes.len, MSG_NOSIGNAL) < 0) {
            return;
        }
        buf_consume(&child->echoes, bytes.len);
    }
}

static void *write_on(void *store)
{
    while (store_work(store)) {
    }
    return NULL;
}

_Noreturn void crash_child_run(const char *path, const char *vfs, int socket)
{
    struct child child = {.socket = socket};
    struct store_config config = {.path = path, .vfs = vfs, .wake = wake, .wake_context = &child};
    struct err err = {""};
    pthread_t writer;
    buf_init(&child.waiting, BUF_NO_LIMIT);
    buf_init(&child.echoes, BUF_NO_LIMIT);
    check(pipe(child.wake) == 0 && fcntl(child.wake[1], F_SETFL, O_NONBLOCK) == 0);
    if (!store_open(&child.store, &config, &err) || store_aside(child.store)[0] != '\0') {
        (void)fprintf(stderr, "the store did not open as it was: %s\n", err.text);
        _Exit(1);
    }
    child.last_id = store_last_id(child.store);
    check(pthread_create(&writer, NULL, write_on, child.store) == 0);
    bool goes_on = true;
    while (goes_on || store_pending_bytes(child.store) > 0) {
        struct pollfd ready[2] = {{child.wake[0], POLLIN, 0}, {goes_on ? socket : -1, POLLIN, 0}};
        (void)poll(ready, 2, -1); // interrupted: nothing is ready
        if (ready[1].revents) {
            goes_on = take_asks(&child);
        }
        if (ready[0].revents) {
            take_results(&child);
        }
        send_echoes(&child);
    }
    store_stop(child.store);
    check(pthread_join(writer, NULL) == 0);
    store_close(child.store);
    _Exit(0);
}

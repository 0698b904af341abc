// Clients of one server in one epoll loop: entering, reading, checking every line.
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "load_internal.h"
#include "mem.h"

#define NICK_LEN    5
#define EVENTS      1024
#define SLOW_RCVBUF 4096

int64_t load_clock_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); // exists on Linux
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void load_set_trouble(struct load_run *run, const char *format, ...)
{
    if (run->trouble[0]) {
        return; // the first one is the cause
    }
    va_list args;
    va_start(args, format);
    (void)vsnprintf(run->trouble, sizeof(run->trouble), format, args);
    va_end(args);
}

// Clients

bool load_is_slow(const struct load_run *run, unsigned index)
{
    return run->options.has_slow && index == run->options.clients - 1;
}

static void watch(struct load_run *run, unsigned index, int operation, bool wants_write)
{
    struct epoll_event event = {.events = EPOLLIN | (wants_write ? EPOLLOUT : 0)};
    event.data.u32 = index;
    (void)epoll_ctl(run->epoll_fd, operation, run->clients[index].stream.fd, &event);
}

static void drop(struct load_run *run, unsigned index)
{
    struct load_client *client = &run->clients[index];
    bool was_busy = client->state < (run->wants_room ? LOAD_STATE_JOINED : LOAD_STATE_REGISTERED);
    load_stream_close(&client->stream);
    client->state = LOAD_STATE_CLOSED;
    run->busy -= was_busy ? 1 : 0;
    run->done -= was_busy ? 0 : 1;
    run->refused++;
}

void load_client_send(struct load_run *run, unsigned index, const char *data, size_t len)
{
    struct load_client *client = &run->clients[index];
    size_t taken = 0;
    if (client->state == LOAD_STATE_CLOSED) {
        return;
    }
    if (client->out_len == 0 &&
        load_stream_write(&client->stream, data, len, &taken) == LOAD_IO_CLOSED) {
        drop(run, index);
        return;
    }
    if (taken < len) {
        client->out = mem_resize(client->out, client->out_len + len - taken, 1);
        memcpy(client->out + client->out_len, data + taken, len - taken);
        client->out_len += len - taken;
        watch(run, index, EPOLL_CTL_MOD, true);
    }
}

static void client_flush(struct load_run *run, unsigned index)
{
    struct load_client *client = &run->clients[index];
    size_t taken = 0;
    enum load_io io = load_stream_write(&client->stream, client->out, client->out_len, &taken);
    if (io == LOAD_IO_CLOSED) {
        drop(run, index);
        return;
    }
    client->out_len -= taken;
    memmove(client->out, client->out + taken, client->out_len);
    if (client->out_len == 0) {
        watch(run, index, EPOLL_CTL_MOD, false);
    }
}

static void introduce(struct load_run *run, unsigned index)
{
    char line[64];
    int len = snprintf(line, sizeof(line), "NICK c%04x\r\nUSER u%x 0 * :load\r\n", index, index);
    load_client_send(run, index, line, (size_t)len);
}

static void arrived_at_goal(struct load_run *run)
{
    run->busy--;
    run->done++;
}

static void join(struct load_run *run, unsigned index)
{
    run->clients[index].state = LOAD_STATE_JOINING;
    load_client_send(run, index, "JOIN " LOAD_ROOM "\r\n", sizeof("JOIN " LOAD_ROOM "\r\n") - 1);
}

// Lines

static bool has_command(const char *line, size_t len, const char *command)
{
    const char *space = memchr(line, ' ', len);
    size_t command_len = strlen(command);
    return space && (size_t)(line + len - space) > command_len &&
           memcmp(space + 1, command, command_len) == 0;
}

static bool begins(const char *line, size_t len, const char *text)
{
    size_t text_len = strlen(text);
    return len >= text_len && memcmp(line, text, text_len) == 0;
}

// Goodbye, or a command that was not carried out; a missing message of the day is no such thing.
static bool is_refusal(const char *line, size_t len)
{
    return begins(line, len, "ERROR") || has_command(line, len, "FAIL ") ||
           (has_command(line, len, "4") && !has_command(line, len, "422 "));
}

static void damaged(struct load_run *run, unsigned index, const char *line, size_t len)
{
    run->tally.damaged++;
    load_set_trouble(run, "client %u: damaged line: %.*s", index, (int)len, line);
}

// Everything but talk: rare once all are in.
static void take_service(struct load_run *run, unsigned index, const char *line, size_t len)
{
    struct load_client *client = &run->clients[index];
    if (begins(line, len, "PING ")) {
        char pong[LOAD_CARRY_SIZE + 2];
        int pong_len = snprintf(pong, sizeof(pong), "PO%.*s\r\n", (int)len - 2, line + 2);
        load_client_send(run, index, pong, (size_t)pong_len);
    } else if (is_refusal(line, len)) {
        load_set_trouble(run, "client %u: %.*s", index, (int)len, line);
    } else if (line[0] != ':' || has_command(line, len, "PRIVMSG ")) {
        damaged(run, index, line, len);
    } else if (client->state == LOAD_STATE_REGISTERING && has_command(line, len, "001 ")) {
        client->state = LOAD_STATE_REGISTERED;
        if (run->wants_room) {
            join(run, index);
        } else {
            arrived_at_goal(run);
        }
    } else if (client->state == LOAD_STATE_JOINING && has_command(line, len, "366 ")) {
        client->state = LOAD_STATE_JOINED;
        arrived_at_goal(run);
        if (load_is_slow(run, index)) {
            (void)epoll_ctl(run->epoll_fd, EPOLL_CTL_DEL, client->stream.fd, NULL);
        }
    }
}

static void keep_time(struct load_run *run, struct load_line line, unsigned receiver, size_t slot)
{
    int64_t took_ns = run->now_ns - run->sent_ns[slot];
    load_times_add(&run->times, took_ns, 1);
    if (run->options.late_us > 0 && took_ns > run->options.late_us * 1000) {
        (void)printf("late %u %u %" PRIu32 " %" PRId64 " %" PRId64 "\n", receiver, line.sender,
                     line.seq, run->sent_ns[slot] / 1000, took_ns / 1000);
    }
}

// ":cNNNN[!user@host] PRIVMSG #b :text", the text being of the length all texts have.
static void take_line(struct load_run *run, unsigned index, const char *data, size_t len)
{
    size_t text_len = run->options.line_bytes - LOAD_TALK_LEN - 2;
    const char *text = data + len - text_len;
    struct load_line line;
    if (len < text_len + LOAD_TALK_LEN + NICK_LEN + 2 ||
        memcmp(text - LOAD_TALK_LEN, LOAD_TALK, LOAD_TALK_LEN) != 0) {
        take_service(run, index, data, len);
        return;
    }
    char source[16];
    if (!load_line_read(&line, text, text_len)) {
        damaged(run, index, data, len);
        return;
    }
    memcpy(source, ":c", 2);
    memcpy(source + 2, text, 4); // nicks carry the sender's number in the same digits
    if (memcmp(source, data, NICK_LEN + 1) != 0 ||
        (data[NICK_LEN + 1] != '!' && data[NICK_LEN + 1] != ' ')) {
        damaged(run, index, data, len);
        return;
    }
    uint64_t damaged_before = run->tally.damaged;
    if (!load_tally_arrive(&run->tally, index, line)) {
        if (run->tally.damaged > damaged_before) {
            load_set_trouble(run, "client %u: a line of %s: %.*s", index,
                             line.sender == index ? "its own" : "nobody", (int)len, data);
        }
        return;
    }
    size_t slot = (size_t)line.sender * LOAD_RING + line.seq % LOAD_RING;
    if (run->options.has_times) {
        keep_time(run, line, index, slot);
    }
    if (++run->arrived[slot] == run->audience) {
        run->inflight[line.sender]--;
        run->inflight_all--;
    }
}

// Cuts lines out of what has come; the rest is carried over.
static void take_bytes(struct load_run *run, unsigned index, size_t len)
{
    struct load_client *client = &run->clients[index];
    const char *at = run->scratch;
    const char *end = run->scratch + len;
    for (;;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline) {
            break;
        }
        const char *stop = newline > at && newline[-1] == '\r' ? newline - 1 : newline;
        if (stop > at) {
            take_line(run, index, at, (size_t)(stop - at));
        }
        at = newline + 1;
    }
    client->carry_len = (size_t)(end - at);
    if (client->carry_len > LOAD_CARRY_SIZE) {
        run->tally.damaged++;
        load_set_trouble(run, "client %u: a line without end", index);
        client->carry_len = 0;
    }
    memcpy(client->carry, at, client->carry_len);
}

static void read_client(struct load_run *run, unsigned index)
{
    struct load_client *client = &run->clients[index];
    while (client->state != LOAD_STATE_CLOSED) {
        size_t len = 0;
        size_t carried = client->carry_len;
        memcpy(run->scratch, client->carry, carried);
        enum load_io io = load_stream_read(&client->stream, run->scratch + carried,
                                           LOAD_SCRATCH_SIZE - carried, &len);
        if (io == LOAD_IO_CLOSED) {
            drop(run, index);
        }
        if (io != LOAD_IO_DONE) {
            return;
        }
        if (run->options.has_times) {
            run->now_ns = load_clock_ns();
        }
        take_bytes(run, index, carried + len);
        if (!client->stream.ssl) {
            return; // TLS may hold more than the socket shows; a plain socket wakes epoll again
        }
    }
}

static void on_ready(struct load_run *run, unsigned index, uint32_t events)
{
    struct load_client *client = &run->clients[index];
    if (client->state == LOAD_STATE_CONNECTING) {
        enum load_io io = load_stream_finish(&client->stream);
        if (io == LOAD_IO_CLOSED) {
            drop(run, index);
        } else if (io == LOAD_IO_DONE) {
            client->state = LOAD_STATE_REGISTERING;
            watch(run, index, EPOLL_CTL_MOD, false);
            introduce(run, index);
        } else if (client->stream.ssl) {
            watch(run, index, EPOLL_CTL_MOD, false); // the handshake waits for the server
        }
        return;
    }
    if ((events & EPOLLOUT) && client->out_len > 0) {
        client_flush(run, index);
    }
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        read_client(run, index);
    }
}

int load_poll(struct load_run *run, int64_t wait_ns)
{
    struct epoll_event events[EVENTS];
    int wait_ms = (int)((wait_ns + 999999) / 1000000);
    int count = epoll_wait(run->epoll_fd, events, EVENTS, wait_ms < 0 ? 0 : wait_ms);
    for (int i = 0; i < count; i++) {
        on_ready(run, events[i].data.u32, events[i].events);
    }
    return count;
}

// Entering

static void open_one(struct load_run *run)
{
    unsigned index = run->opened++;
    struct load_client *client = &run->clients[index];
    client->state = LOAD_STATE_CONNECTING;
    run->busy++;
    if (!load_stream_open(&client->stream, run->options.port,
                          load_is_slow(run, index) ? SLOW_RCVBUF : 0, run->tls)) {
        drop(run, index);
        return;
    }
    watch(run, index, EPOLL_CTL_ADD, true);
}

bool load_run_enter(struct load_run *run, bool wants_room, unsigned abreast, int64_t deadline_ms)
{
    int64_t start = load_clock_ns();
    int64_t deadline = start + deadline_ms * 1000000;
    unsigned done = 0;
    run->wants_room = wants_room;
    run->enter_s = 0;
    while (run->opened < run->options.clients || run->busy > 0) {
        while (run->opened < run->options.clients && run->busy < abreast) {
            open_one(run);
        }
        int64_t now = load_clock_ns();
        if (now > deadline) {
            load_set_trouble(run, "%u of %u were not in after %" PRId64 " ms", run->busy,
                             run->options.clients, deadline_ms);
            return false;
        }
        (void)load_poll(run, 50000000);
        if (run->done > done) {
            done = run->done;
            run->enter_s = (double)(load_clock_ns() - start) / 1e9;
        }
    }
    if (run->refused > 0) {
        load_set_trouble(run, "%u of %u were refused or closed", run->refused,
                         run->options.clients);
    }
    return run->refused == 0;
}

void load_run_join(struct load_run *run)
{
    run->wants_room = true;
    for (unsigned i = 0; i < run->options.clients; i++) {
        if (run->clients[i].state == LOAD_STATE_REGISTERED) {
            run->done--;
            run->busy++;
            join(run, i);
        }
    }
    int64_t deadline = load_clock_ns() + (int64_t)LOAD_STALL_MS * 1000000;
    while (run->busy > 0 && load_clock_ns() < deadline) {
        (void)load_poll(run, 50000000);
    }
}

void load_run_settle(struct load_run *run, int64_t quiet_ms)
{
    int64_t quiet_since = load_clock_ns();
    int64_t deadline = quiet_since + (int64_t)LOAD_STALL_MS * 1000000;
    while (quiet_since + quiet_ms * 1000000 > load_clock_ns() && load_clock_ns() < deadline) {
        if (load_poll(run, 10000000) > 0) {
            quiet_since = load_clock_ns();
        }
    }
}

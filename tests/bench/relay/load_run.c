// Clients of one server in one epoll loop.
#include "load_run.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "load_stream.h"
#include "mem.h"

#define ROOM         "#b"
#define TALK         "PRIVMSG " ROOM " :"
#define TALK_LEN     (sizeof(TALK) - 1)
#define NICK_LEN     5
#define CARRY_SIZE   4096 // longest line of a server, with room for tags
#define SCRATCH_SIZE (256 * 1024)
#define RING         4096 // lines of one sender that are remembered; a power of two
#define EVENTS       1024
#define STALL_MS     8000
#define SLOW_RCVBUF  4096

enum state {
    STATE_NONE,
    STATE_CONNECTING,
    STATE_REGISTERING,
    STATE_REGISTERED,
    STATE_JOINING,
    STATE_JOINED,
    STATE_CLOSED,
};

struct client {
    struct load_stream stream;
    enum state state;
    char *carry; // owned; the beginning of a line whose end has not come
    size_t carry_len;
    char *out; // owned; what the system did not take at once
    size_t out_len;
};

struct load_run {
    struct load_options options;
    struct load_tally tally;
    struct load_times times;
    struct client *clients; // owned
    struct ssl_ctx_st *tls; // owned
    int epoll_fd;
    char *scratch;     // owned
    uint64_t lines;    // all that came, of any kind
    unsigned audience; // receivers of one line
    unsigned opened;
    unsigned busy; // connecting or registering
    unsigned done; // where they were to get to
    unsigned refused;
    bool wants_room;
    uint16_t *arrived;  // owned; senders * RING; receivers that have this line
    int64_t *sent_ns;   // owned; senders * RING
    unsigned *inflight; // owned; a sender
    uint64_t inflight_all;
    int64_t now_ns;
    int64_t late_printed;
    double elapsed_s;
    double enter_s;
    char trouble[256];
};

static int64_t clock_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); // exists on Linux
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

__attribute__((format(printf, 2, 3))) static void set_trouble(struct load_run *run,
                                                              const char *format, ...)
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

static bool is_slow(const struct load_run *run, unsigned index)
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
    struct client *client = &run->clients[index];
    bool was_busy = client->state < (run->wants_room ? STATE_JOINED : STATE_REGISTERED);
    load_stream_close(&client->stream);
    client->state = STATE_CLOSED;
    run->busy -= was_busy ? 1 : 0;
    run->done -= was_busy ? 0 : 1;
    run->refused++;
}

static void client_send(struct load_run *run, unsigned index, const char *data, size_t len)
{
    struct client *client = &run->clients[index];
    size_t taken = 0;
    if (client->state == STATE_CLOSED) {
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
    struct client *client = &run->clients[index];
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
    client_send(run, index, line, (size_t)len);
}

static void arrived_at_goal(struct load_run *run)
{
    run->busy--;
    run->done++;
}

static void join(struct load_run *run, unsigned index)
{
    run->clients[index].state = STATE_JOINING;
    client_send(run, index, "JOIN " ROOM "\r\n", sizeof("JOIN " ROOM "\r\n") - 1);
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

// Everything but talk: rare once all are in.
static void take_service(struct load_run *run, unsigned index, const char *line, size_t len)
{
    struct client *client = &run->clients[index];
    if (begins(line, len, "PING ")) {
        char pong[CARRY_SIZE + 2];
        memcpy(pong, line, len);
        pong[1] = 'O';
        memcpy(pong + len, "\r\n", 2);
        client_send(run, index, pong, len + 2);
    } else if (begins(line, len, "ERROR")) {
        set_trouble(run, "client %u: %.*s", index, (int)len, line);
    } else if (line[0] != ':' || has_command(line, len, "PRIVMSG ")) {
        run->tally.damaged++;
        set_trouble(run, "client %u: damaged line: %.*s", index, (int)len, line);
    } else if (client->state == STATE_REGISTERING && has_command(line, len, "001 ")) {
        client->state = STATE_REGISTERED;
        if (run->wants_room) {
            join(run, index);
        } else {
            arrived_at_goal(run);
        }
    } else if (client->state == STATE_JOINING && has_command(line, len, "366 ")) {
        client->state = STATE_JOINED;
        arrived_at_goal(run);
        if (is_slow(run, index)) {
            (void)epoll_ctl(run->epoll_fd, EPOLL_CTL_DEL, client->stream.fd, NULL);
        }
    } else if (client->state < STATE_JOINED && has_command(line, len, "4") &&
               !has_command(line, len, "422 ")) {
        set_trouble(run, "client %u: %.*s", index, (int)len, line);
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
    size_t text_len = run->options.line_bytes - TALK_LEN - 2;
    const char *text = data + len - text_len;
    struct load_line line;
    run->lines++;
    if (len < text_len + TALK_LEN + NICK_LEN + 2 || memcmp(text - TALK_LEN, TALK, TALK_LEN) != 0) {
        take_service(run, index, data, len);
        return;
    }
    char source[16];
    if (!load_line_read(&line, text, text_len)) {
        run->tally.damaged++;
        set_trouble(run, "client %u: damaged line: %.*s", index, (int)len, data);
        return;
    }
    memcpy(source, ":c", 2);
    memcpy(source + 2, text, 4); // nicks carry the sender's number in the same digits
    if (memcmp(source, data, NICK_LEN + 1) != 0 ||
        (data[NICK_LEN + 1] != '!' && data[NICK_LEN + 1] != ' ')) {
        run->tally.damaged++;
        set_trouble(run, "client %u: wrong source: %.*s", index, (int)len, data);
        return;
    }
    if (!load_tally_arrive(&run->tally, index, line)) {
        return;
    }
    size_t slot = (size_t)line.sender * RING + line.seq % RING;
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
    struct client *client = &run->clients[index];
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
    if (client->carry_len > CARRY_SIZE) {
        run->tally.damaged++;
        set_trouble(run, "client %u: a line without end", index);
        client->carry_len = 0;
    }
    memcpy(client->carry, at, client->carry_len);
}

static void read_client(struct load_run *run, unsigned index)
{
    struct client *client = &run->clients[index];
    while (client->state != STATE_CLOSED) {
        size_t len = 0;
        size_t carried = client->carry_len;
        memcpy(run->scratch, client->carry, carried);
        enum load_io io =
            load_stream_read(&client->stream, run->scratch + carried, SCRATCH_SIZE - carried, &len);
        if (io == LOAD_IO_CLOSED) {
            drop(run, index);
        }
        if (io != LOAD_IO_DONE) {
            return;
        }
        if (run->options.has_times) {
            run->now_ns = clock_ns();
        }
        take_bytes(run, index, carried + len);
        if (!client->stream.ssl) {
            return; // TLS may hold more than the socket shows; a plain socket wakes epoll again
        }
    }
}

static void on_ready(struct load_run *run, unsigned index, uint32_t events)
{
    struct client *client = &run->clients[index];
    if (client->state == STATE_CONNECTING) {
        enum load_io io = load_stream_finish(&client->stream);
        if (io == LOAD_IO_CLOSED) {
            drop(run, index);
        } else if (io == LOAD_IO_DONE) {
            client->state = STATE_REGISTERING;
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

static int poll_once(struct load_run *run, int64_t wait_ns)
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
    struct client *client = &run->clients[index];
    client->state = STATE_CONNECTING;
    run->busy++;
    if (!load_stream_open(&client->stream, run->options.port, is_slow(run, index) ? SLOW_RCVBUF : 0,
                          run->tls)) {
        drop(run, index);
        return;
    }
    watch(run, index, EPOLL_CTL_ADD, true);
}

bool load_run_enter(struct load_run *run, bool wants_room, unsigned abreast, int64_t deadline_ms)
{
    int64_t start = clock_ns();
    int64_t deadline = start + deadline_ms * 1000000;
    unsigned done = 0;
    run->wants_room = wants_room;
    run->enter_s = 0;
    while (run->opened < run->options.clients || run->busy > 0) {
        while (run->opened < run->options.clients && run->busy < abreast) {
            open_one(run);
        }
        int64_t now = clock_ns();
        if (now > deadline) {
            set_trouble(run, "%u of %u were not in after %" PRId64 " ms", run->busy,
                        run->options.clients, deadline_ms);
            return false;
        }
        (void)poll_once(run, 50000000);
        if (run->done > done) {
            done = run->done;
            run->enter_s = (double)(clock_ns() - start) / 1e9;
        }
    }
    if (run->refused > 0) {
        set_trouble(run, "%u of %u were refused or closed", run->refused, run->options.clients);
    }
    return run->refused == 0;
}

void load_run_join(struct load_run *run)
{
    run->wants_room = true;
    for (unsigned i = 0; i < run->options.clients; i++) {
        if (run->clients[i].state == STATE_REGISTERED) {
            run->done--;
            run->busy++;
            join(run, i);
        }
    }
    int64_t deadline = clock_ns() + (int64_t)STALL_MS * 1000000;
    while (run->busy > 0 && clock_ns() < deadline) {
        (void)poll_once(run, 50000000);
    }
}

void load_run_settle(struct load_run *run, int64_t quiet_ms)
{
    int64_t quiet_since = clock_ns();
    int64_t deadline = quiet_since + (int64_t)STALL_MS * 1000000;
    while (quiet_since + quiet_ms * 1000000 > clock_ns() && clock_ns() < deadline) {
        if (poll_once(run, 10000000) > 0) {
            quiet_since = clock_ns();
        }
    }
}

// Talking

// Puts one line of this sender behind out; the caller hands it over.
static size_t write_talk(struct load_run *run, unsigned sender, char *out)
{
    struct load_line line = {sender, run->tally.sent[sender]++};
    size_t text_len = run->options.line_bytes - TALK_LEN - 2;
    size_t slot = (size_t)sender * RING + line.seq % RING;
    memcpy(out, TALK, TALK_LEN);
    load_line_write(out + TALK_LEN, text_len, line);
    memcpy(out + TALK_LEN + text_len, "\r\n", 2);
    run->arrived[slot] = 0;
    run->sent_ns[slot] = run->now_ns;
    run->inflight[sender]++;
    run->inflight_all++;
    return run->options.line_bytes;
}

// A line whose place in the ring is still on its way stops the sender.
static bool may_talk(const struct load_run *run, unsigned sender)
{
    size_t slot = (size_t)sender * RING + run->tally.sent[sender] % RING;
    return run->inflight[sender] < run->options.window && run->arrived[slot] == run->audience;
}

static void refill(struct load_run *run)
{
    run->now_ns = clock_ns();
    for (unsigned sender = 0; sender < run->options.senders; sender++) {
        size_t len = 0;
        while (may_talk(run, sender) && len + run->options.line_bytes <= SCRATCH_SIZE) {
            len += write_talk(run, sender, run->scratch + len);
        }
        if (len > 0) {
            client_send(run, sender, run->scratch, len);
        }
    }
}

static void drain(struct load_run *run)
{
    int64_t deadline = clock_ns() + (int64_t)STALL_MS * 1000000;
    while (run->inflight_all > 0 && !run->trouble[0]) {
        if (clock_ns() > deadline) {
            set_trouble(run, "%" PRIu64 " lines did not reach everybody", run->inflight_all);
            return;
        }
        (void)poll_once(run, 50000000);
    }
}

static bool can_go_on(struct load_run *run)
{
    if (run->refused > 0) {
        set_trouble(run, "the server closed a connection");
    }
    return !run->trouble[0];
}

void load_run_talk(struct load_run *run, int64_t duration_ms)
{
    int64_t start = clock_ns();
    int64_t end = start + duration_ms * 1000000;
    int64_t heard_ns = start;
    while (clock_ns() < end && can_go_on(run)) {
        refill(run);
        if (poll_once(run, 100000000) > 0) {
            heard_ns = clock_ns();
        } else if (clock_ns() - heard_ns > (int64_t)STALL_MS * 1000000) {
            set_trouble(run, "nothing came for %d ms", STALL_MS);
        }
    }
    drain(run);
    run->elapsed_s = (double)(clock_ns() - start) / 1e9;
}

void load_run_steady(struct load_run *run, int64_t duration_ms)
{
    char line[LOAD_TEXT_MAX + TALK_LEN + 2];
    int64_t start = clock_ns();
    int64_t end = start + duration_ms * 1000000;
    int64_t period = 1000000000 / run->options.rate;
    int64_t next = start;
    uint64_t random = 0x9e3779b97f4a7c15u;
    unsigned sender = 0;
    while (next < end && can_go_on(run)) {
        int64_t now = clock_ns();
        if (now < next) {
            (void)poll_once(run, next - now);
            continue;
        }
        if (may_talk(run, sender)) {
            run->now_ns = clock_ns();
            client_send(run, sender, line, write_talk(run, sender, line));
        }
        sender = (sender + 1) % run->options.senders;
        // Uneven steps, so that no timer of the server can fall in with them.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        next += period / 2 + (int64_t)(random % (uint64_t)period);
    }
    drain(run);
    run->elapsed_s = (double)(clock_ns() - start) / 1e9;
}

// The account

void load_run_forget(struct load_run *run)
{
    run->tally.delivered = 0;
    run->times = (struct load_times){0};
}

// The slow one has not read since it joined: what lies there is read now to see whether it was cut.
static bool slow_is_closed(struct load_run *run)
{
    struct load_stream *stream = &run->clients[run->options.clients - 1].stream;
    size_t len = 0;
    enum load_io io = LOAD_IO_DONE;
    for (int i = 0; i < 4096 && io == LOAD_IO_DONE; i++) {
        io = load_stream_read(stream, run->scratch, SCRATCH_SIZE, &len);
    }
    return io == LOAD_IO_CLOSED;
}

struct load_result load_run_result(struct load_run *run)
{
    struct load_result result = {
        .delivered = run->tally.delivered,
        .lost =
            load_tally_lost(&run->tally, run->options.clients - (run->options.has_slow ? 1 : 0)),
        .doubled = run->tally.doubled,
        .reordered = run->tally.reordered,
        .damaged = run->tally.damaged,
        .in = run->done,
        .refused = run->refused,
        .elapsed_s = run->elapsed_s,
        .enter_s = run->enter_s,
    };
    for (unsigned i = 0; i < run->options.senders; i++) {
        result.sent += run->tally.sent[i];
    }
    if (run->options.has_slow && run->opened == run->options.clients) {
        result.slow_is_closed = slow_is_closed(run);
    }
    return result;
}

const struct load_times *load_run_times(const struct load_run *run)
{
    return &run->times;
}

const char *load_run_trouble(const struct load_run *run)
{
    return run->trouble;
}

struct load_run *load_run_create(const struct load_options *options)
{
    struct load_run *run = MEM_NEW(struct load_run);
    size_t slots = (size_t)options->senders * RING;
    run->options = *options;
    run->epoll_fd = epoll_create1(0);
    run->audience = options->clients - 1 - (options->has_slow ? 1 : 0);
    run->scratch = mem_alloc(SCRATCH_SIZE);
    run->clients = mem_alloc_array(options->clients, sizeof(*run->clients));
    run->arrived = mem_alloc_array(slots, sizeof(*run->arrived));
    run->sent_ns = mem_alloc_array(slots, sizeof(*run->sent_ns));
    run->inflight = mem_alloc_array(options->senders, sizeof(*run->inflight));
    for (size_t i = 0; i < slots; i++) {
        run->arrived[i] = (uint16_t)run->audience; // free
    }
    for (unsigned i = 0; i < options->clients; i++) {
        run->clients[i].stream.fd = -1;
        run->clients[i].carry = mem_alloc(CARRY_SIZE);
    }
    load_tally_init(&run->tally, options->clients, options->senders);
    if (options->has_tls) {
        run->tls = load_tls_create();
    }
    if (run->epoll_fd < 0 || (options->has_tls && !run->tls)) {
        load_run_destroy(run);
        return NULL;
    }
    return run;
}

void load_run_destroy(struct load_run *run)
{
    if (!run) {
        return;
    }
    for (unsigned i = 0; i < run->options.clients; i++) {
        load_stream_close(&run->clients[i].stream);
        mem_free(run->clients[i].carry);
        mem_free(run->clients[i].out);
    }
    load_tally_deinit(&run->tally);
    load_tls_destroy(run->tls);
    if (run->epoll_fd >= 0) {
        (void)close(run->epoll_fd); // nothing is kept in it
    }
    mem_free(run->clients);
    mem_free(run->arrived);
    mem_free(run->sent_ns);
    mem_free(run->inflight);
    mem_free(run->scratch);
    mem_free(run);
}

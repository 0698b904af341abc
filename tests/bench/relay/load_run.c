// Talking as fast as the window lets, or at a rate; the account of it.
#include "load_run.h"

#include <inttypes.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "load_internal.h"
#include "mem.h"

// Puts one line of this sender behind out; the caller hands it over.
static size_t write_talk(struct load_run *run, unsigned sender, char *out)
{
    struct load_line line = {sender, run->tally.sent[sender]++};
    size_t text_len = run->options.line_bytes - LOAD_TALK_LEN - 2;
    size_t slot = (size_t)sender * LOAD_RING + line.seq % LOAD_RING;
    memcpy(out, LOAD_TALK, sizeof(LOAD_TALK)); // its NUL is written over
    load_line_write(out + LOAD_TALK_LEN, text_len, line);
    out[LOAD_TALK_LEN + text_len] = '\r';
    out[LOAD_TALK_LEN + text_len + 1] = '\n';
    run->arrived[slot] = 0;
    run->sent_ns[slot] = run->now_ns;
    run->inflight[sender]++;
    run->inflight_all++;
    return run->options.line_bytes;
}

// A line whose place in the ring is still on its way stops the sender.
static bool may_talk(const struct load_run *run, unsigned sender)
{
    size_t slot = (size_t)sender * LOAD_RING + run->tally.sent[sender] % LOAD_RING;
    return run->inflight[sender] < run->options.window && run->arrived[slot] == run->audience;
}

static void refill(struct load_run *run)
{
    run->now_ns = load_clock_ns();
    for (unsigned sender = 0; sender < run->options.senders; sender++) {
        size_t len = 0;
        while (may_talk(run, sender) && len + run->options.line_bytes <= LOAD_SCRATCH_SIZE) {
            len += write_talk(run, sender, run->scratch + len);
        }
        if (len > 0) {
            load_client_send(run, sender, run->scratch, len);
        }
    }
}

static void drain(struct load_run *run)
{
    int64_t deadline = load_clock_ns() + (int64_t)LOAD_STALL_MS * 1000000;
    while (run->inflight_all > 0 && !run->trouble[0]) {
        if (load_clock_ns() > deadline) {
            load_set_trouble(run, "%" PRIu64 " lines did not reach everybody", run->inflight_all);
            return;
        }
        (void)load_poll(run, 50000000);
    }
}

static bool can_go_on(struct load_run *run)
{
    if (run->refused > 0) {
        load_set_trouble(run, "the server closed a connection");
    }
    return !run->trouble[0];
}

void load_run_talk(struct load_run *run, int64_t duration_ms)
{
    int64_t start = load_clock_ns();
    int64_t end = start + duration_ms * 1000000;
    int64_t heard_ns = start;
    while (load_clock_ns() < end && can_go_on(run)) {
        refill(run);
        if (load_poll(run, 100000000) > 0) {
            heard_ns = load_clock_ns();
        } else if (load_clock_ns() - heard_ns > (int64_t)LOAD_STALL_MS * 1000000) {
            load_set_trouble(run, "nothing came for %d ms", LOAD_STALL_MS);
        }
    }
    drain(run);
    run->elapsed_s = (double)(load_clock_ns() - start) / 1e9;
}

void load_run_steady(struct load_run *run, int64_t duration_ms)
{
    char line[LOAD_TEXT_MAX + LOAD_TALK_LEN + 2];
    int64_t start = load_clock_ns();
    int64_t end = start + duration_ms * 1000000;
    int64_t period = 1000000000 / run->options.rate;
    int64_t next = start;
    uint64_t random = 0x9e3779b97f4a7c15u;
    unsigned sender = 0;
    while (next < end && can_go_on(run)) {
        int64_t now = load_clock_ns();
        if (now < next) {
            (void)load_poll(run, next - now);
            continue;
        }
        if (may_talk(run, sender)) {
            run->now_ns = load_clock_ns();
            load_client_send(run, sender, line, write_talk(run, sender, line));
        }
        sender = (sender + 1) % run->options.senders;
        // Uneven steps, so that no timer of the server can fall in with them.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        next += period / 2 + (int64_t)(random % (uint64_t)period);
    }
    drain(run);
    run->elapsed_s = (double)(load_clock_ns() - start) / 1e9;
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
        io = load_stream_read(stream, run->scratch, LOAD_SCRATCH_SIZE, &len);
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
    size_t slots = (size_t)options->senders * LOAD_RING;
    run->options = *options;
    run->epoll_fd = epoll_create1(0);
    run->audience = options->clients - 1 - (options->has_slow ? 1 : 0);
    run->scratch = mem_alloc(LOAD_SCRATCH_SIZE);
    run->clients = mem_alloc_array(options->clients, sizeof(*run->clients));
    run->arrived = mem_alloc_array(slots, sizeof(*run->arrived));
    run->sent_ns = mem_alloc_array(slots, sizeof(*run->sent_ns));
    run->inflight = mem_alloc_array(options->senders, sizeof(*run->inflight));
    for (size_t i = 0; i < slots; i++) {
        run->arrived[i] = (uint16_t)run->audience; // free
    }
    for (unsigned i = 0; i < options->clients; i++) {
        run->clients[i].stream.fd = -1;
        run->clients[i].carry = mem_alloc(LOAD_CARRY_SIZE);
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

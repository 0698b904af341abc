// Any bytes from three connections at once, cut anywhere, through a whole relay over pipes. The
// first byte of each piece says who sends it and how much time passes.
#include <stddef.h>
#include <stdint.h>

#include "check.h"
#include "net_loop.h"
#include "net_stream.h"
#include "relay.h"
#include "utf8.h"

#define CLIENTS 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct net_loop *loop;
    struct relay *relay;
    struct net_stream *ends[CLIENTS];
    int64_t now_ms;
};

// What the relay sends is UTF-8 line by line, whatever it was sent.
static void turn(struct run *run, int64_t advance_ms)
{
    static char bytes[65536];
    run->now_ms += advance_ms;
    for (int i = 0; i < 3; i++) {
        net_loop_wait(run->loop, 0);
        relay_turn(run->relay, run->now_ms, 1700000000000LL + run->now_ms);
        for (int c = 0; c < CLIENTS; c++) {
            size_t got = 0;
            if (net_stream_read(run->ends[c], bytes, sizeof(bytes), &got) == NET_OK) {
                check(utf8_is_valid((struct str){bytes, got}));
            }
        }
    }
}

static void open_run(struct run *run)
{
    static const char hello[] = "CAP REQ :message-tags echo-message labeled-response batch\r\n"
                                "NICK ana\r\nUSER a 0 * :a\r\nCAP END\r\nJOIN #party\r\n";
    struct relay_config config = {.seed = 1};
    *run = (struct run){.now_ms = 1};
    check(net_init(NULL));
    run->loop = net_loop_create(NULL);
    check(run->loop != NULL);
    run->relay = relay_create(&config, run->loop, 1, 1700000000000LL);
    for (int c = 0; c < CLIENTS; c++) {
        struct net_stream *ends[2];
        net_pipe_create(ends, 65536);
        relay_attach(run->relay, ends[0]);
        run->ends[c] = ends[1];
    }
    size_t done = 0;
    (void)net_stream_write(run->ends[0], hello, sizeof(hello) - 1, &done); // an empty pipe
    turn(run, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run run;
    open_run(&run);
    size_t at = 0;
    while (at < size) {
        uint8_t head = data[at++];
        size_t len = (size_t)(head >> 2) * 4 + 1;
        len = len < size - at ? len : size - at;
        size_t done = 0;
        if (len) {
            // A closed end is part of the game.
            (void)net_stream_write(run.ends[head % CLIENTS], data + at, len, &done);
        }
        at += len;
        turn(&run, head & 64 ? 60 : head & 128 ? 2000 : 0);
    }
    relay_stop(run.relay, STR("over"));
    turn(&run, 2000);
    check(relay_is_done(run.relay));
    for (int c = 0; c < CLIENTS; c++) {
        net_stream_destroy(run.ends[c]);
    }
    relay_destroy(run.relay);
    net_loop_destroy(run.loop);
    net_quit();
    return 0;
}

// HTTP requests and WebSocket frames through a whole relay, beside a guest who hears all. The first
// byte says whether the bytes come as they are, or in frames behind a good handshake.
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "check.h"
#include "net_loop.h"
#include "net_stream.h"
#include "relay.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct net_loop *loop;
    struct relay *relay;
    struct net_stream *guest;
    struct net_stream *web;
    struct buf answer; // first bytes that web got
    int64_t now_ms;
};

static void turn(struct run *run, int64_t advance_ms)
{
    static char bytes[65536];
    run->now_ms += advance_ms;
    for (int i = 0; i < 3; i++) {
        size_t got = 0;
        net_loop_wait(run->loop, 0);
        relay_turn(run->relay, run->now_ms, 1700000000000LL + run->now_ms);
        if (net_stream_read(run->guest, bytes, sizeof(bytes), &got) == NET_OK) {
            check(utf8_is_valid((struct str){bytes, got}));
        }
        while (net_stream_read(run->web, bytes, sizeof(bytes), &got) == NET_OK) {
            size_t room = 12 > run->answer.len ? 12 - run->answer.len : 0;
            check(buf_append(&run->answer, str_range((struct str){bytes, got}, 0, room)));
        }
    }
}

static void offer(struct run *run, struct net_stream *stream, struct str bytes)
{
    size_t done = 0;
    if (bytes.len) {
        (void)net_stream_write(stream, bytes.data, bytes.len, &done); // a closed end is fine
    }
    turn(run, 0);
}

static void open_run(struct run *run)
{
    struct relay_config config = {.seed = 1};
    struct net_stream *ends[2];
    *run = (struct run){.now_ms = 1};
    check(net_init(NULL));
    run->loop = net_loop_create(NULL);
    check(run->loop != NULL);
    run->relay = relay_create(&config, run->loop, 1, 1700000000000LL);
    net_pipe_create(ends, 65536);
    relay_attach(run->relay, ends[0]);
    run->guest = ends[1];
    net_pipe_create(ends, 65536);
    relay_attach(run->relay, ends[0]);
    run->web = ends[1];
    buf_init(&run->answer, 12);
    offer(run, run->guest,
          STR("CAP REQ :message-tags\r\nNICK ana\r\nUSER a 0 * :a\r\nCAP END\r\nJOIN #party\r\n"));
}

static void offer_frame(struct run *run, unsigned first, struct str payload)
{
    struct buf frame;
    buf_init(&frame, BUF_NO_LIMIT);
    (void)buf_append_char(&frame, (char)first); // no ceiling
    (void)buf_append_char(&frame, (char)(0x80 | payload.len));
    (void)buf_append(&frame, STR("\0\0\0\0"));
    (void)buf_append(&frame, payload);
    offer(run, run->web, buf_str(&frame));
    buf_deinit(&frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run run;
    bool has_frames = size && (data[0] & 1);
    open_run(&run);
    if (has_frames) {
        offer(&run, run.web,
              STR("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                  "Sec-WebSocket-Version: 13\r\n\r\n"));
        check(str_eq(buf_str(&run.answer), STR("HTTP/1.1 101")));
    } else {
        offer(&run, run.web, STR("GET "));
    }
    for (size_t at = 1; at < size;) {
        unsigned piece = data[at++];
        size_t len = piece & 0x7F;
        len = len < size - at ? len : size - at;
        struct str bytes = {(const char *)data + at, len};
        at += len;
        if (has_frames && len > 0 && len < 126) {
            offer_frame(&run, (unsigned char)bytes.data[0], str_range(bytes, 1, len));
        } else {
            offer(&run, run.web, bytes);
        }
        turn(&run, piece & 0x80 ? 60 : 0);
    }
    turn(&run, 31000);
    // Whatever a browser sent, it got an answer in its own language.
    check(str_starts(buf_str(&run.answer), STR("HTTP/1.1 ")));
    relay_stop(run.relay, STR("over"));
    turn(&run, 2000);
    check(relay_is_done(run.relay));
    net_stream_destroy(run.guest);
    net_stream_destroy(run.web);
    relay_destroy(run.relay);
    net_loop_destroy(run.loop);
    buf_deinit(&run.answer);
    net_quit();
    return 0;
}

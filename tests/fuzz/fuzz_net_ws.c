// WebSocket frames of a client, cut anywhere, over a pipe. The first byte says which subprotocol and
// how large the pipe is; then come pieces: a head byte, and bytes as they are or as one masked frame.
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "check.h"
#include "net_http.h"
#include "net_ws.h"
#include "utf8.h"

#define HEAD                                                                                       \
    "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                   \
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct net_stream *ws;
    struct net_stream *peer;
    struct buf sent; // to the peer
    bool has_ended;
};

static void drain(struct run *run)
{
    char bytes[4096];
    size_t count = 0;
    while (net_stream_read(run->peer, bytes, sizeof(bytes), &count) == NET_OK) {
        check(buf_append(&run->sent, (struct str){bytes, count}));
    }
}

// Reads lines and sends them back, as far as there is room.
static void turn(struct run *run)
{
    char bytes[1000];
    size_t count = 0;
    for (int i = 0; i < 40 && !run->has_ended; i++) {
        enum net_result result = net_stream_read(run->ws, bytes, sizeof(bytes), &count);
        check(result != NET_OK || (count > 0 && count <= sizeof(bytes)));
        run->has_ended = result == NET_CLOSED;
        size_t done = 0;
        if (result == NET_OK) {
            // What does not go is lost: the next line may then be cut, which is what is wanted here.
            (void)net_stream_write(run->ws, bytes, count, &done);
        }
        drain(run);
    }
    check(!run->has_ended || net_stream_reason(run->ws)[0]);
}

static size_t payload_at(struct str sent, size_t *len)
{
    *len = (unsigned char)sent.data[1];
    check(!(*len & 0x80)); // a server does not mask
    if (*len < 126) {
        return 2;
    }
    check(*len == 126 && sent.len >= 4);
    *len = (size_t)(unsigned char)sent.data[2] << 8 | (unsigned char)sent.data[3];
    return 4;
}

// What we send is whole frames, text in UTF-8, nothing behind a goodbye.
static void look_at_sent(struct str sent, bool has_ended)
{
    size_t head = 0;
    bool is_over = false;
    if (!str_find(sent, STR("\r\n\r\n"), &head)) {
        return;
    }
    sent = str_range(sent, head + 4, sent.len);
    while (sent.len >= 4 && !(has_ended && is_over)) {
        size_t len = 0;
        size_t at = payload_at(sent, &len);
        unsigned first = (unsigned char)sent.data[0];
        check(first == 0x81 || first == 0x82 || first == 0x88 || first == 0x8A);
        if (sent.len < at + len) {
            return; // the pipe had no room
        }
        check(first != 0x81 || utf8_is_valid(str_range(sent, at, at + len)));
        check(!is_over);
        is_over = first == 0x88;
        sent = str_range(sent, at + len, sent.len);
    }
}

static void add_frame(struct buf *out, unsigned first, struct str payload)
{
    (void)buf_append_char(out, (char)first); // no ceiling
    (void)buf_append_char(out, (char)(0x80 | (payload.len < 126 ? payload.len : 126)));
    if (payload.len >= 126) {
        (void)buf_append_char(out, (char)(payload.len >> 8));
        (void)buf_append_char(out, (char)payload.len);
    }
    (void)buf_append(out, STR("\x01\x02\x03\x04"));
    for (size_t i = 0; i < payload.len; i++) {
        (void)buf_append_char(out, (char)(payload.data[i] ^ (char)(1 + i % 4)));
    }
}

static void offer(struct run *run, struct str bytes)
{
    for (int i = 0; i < 100 && bytes.len > 0 && !run->has_ended; i++) {
        size_t done = 0;
        (void)net_stream_write(run->peer, bytes.data, bytes.len, &done); // a full pipe is fine
        bytes = str_range(bytes, done, bytes.len);
        turn(run);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run run = {0};
    struct net_http request;
    struct net_stream *ends[2];
    unsigned kind = size ? data[0] : 0;
    struct str head =
        kind & 1 ? STR(HEAD "Sec-WebSocket-Protocol: binary.ircv3.net\r\n\r\n") : STR(HEAD "\r\n");
    check(net_http_parse(&request, head) == NET_HTTP_UPGRADE);
    net_pipe_create(ends, kind & 2 ? 64 : 65536);
    run.ws = net_ws_accept(ends[0], &request, (struct str){0});
    run.peer = ends[1];
    buf_init(&run.sent, BUF_NO_LIMIT);
    for (size_t at = 1; at < size;) {
        struct buf frame;
        unsigned piece = data[at++];
        size_t len = piece & 0x40 ? (size_t)(piece & 0x0F) * 64 : (size_t)(piece & 0x0F);
        len = len < size - at ? len : size - at;
        struct str bytes = {(const char *)data + at, len};
        at += len;
        buf_init(&frame, BUF_NO_LIMIT);
        if (piece & 0x80 && bytes.len > 0) {
            add_frame(&frame, (unsigned char)bytes.data[0], str_range(bytes, 1, bytes.len));
            bytes = buf_str(&frame);
        }
        offer(&run, bytes);
        buf_deinit(&frame);
    }
    for (int i = 0; i < 50; i++) {
        turn(&run);
    }
    look_at_sent(buf_str(&run.sent), run.has_ended);
    net_stream_destroy(run.ws);
    net_stream_destroy(run.peer);
    buf_deinit(&run.sent);
    return 0;
}

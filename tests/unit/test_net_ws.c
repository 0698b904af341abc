// WebSocket over pipes: the examples of RFC 6455 and all that breaks its rules.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "net_http.h"
#include "net_loop.h"
#include "net_ws.h"

#define HANDSHAKE(more)                                                                            \
    "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n"                     \
    "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"                       \
    "Origin: http://example.com\r\nSec-WebSocket-Version: 13\r\n" more "\r\n"

enum { TEXT = 0x81, BINARY = 0x82, CLOSE = 0x88, PING = 0x89, PONG = 0x8A };

struct pair {
    struct net_stream *ws;
    struct net_stream *peer;
    struct buf got; // what the peer was sent
};

static void take(struct pair *pair)
{
    char bytes[4096];
    size_t count = 0;
    while (net_stream_read(pair->peer, bytes, sizeof(bytes), &count) == NET_OK) {
        (void)buf_append(&pair->got, (struct str){bytes, count});
    }
}

static void open_pair(struct pair *pair, const char *handshake, size_t capacity)
{
    struct net_stream *ends[2];
    struct net_http request;
    assert_int_equal(net_http_parse(&request, str_from(handshake)), NET_HTTP_UPGRADE);
    assert_int_equal(request.len, strlen(handshake));
    net_pipe_create(ends, capacity);
    pair->ws = net_ws_accept(ends[0], &request, (struct str){0});
    pair->peer = ends[1];
    buf_init(&pair->got, BUF_NO_LIMIT);
    take(pair);
}

// As open_pair, but what the handshake was answered is forgotten.
static void open_quiet(struct pair *pair, const char *more)
{
    open_pair(pair, more ? more : HANDSHAKE(""), 65536);
    assert_true(str_starts(buf_str(&pair->got), STR("HTTP/1.1 101 ")));
    buf_clear(&pair->got);
}

static void close_pair(struct pair *pair)
{
    net_stream_destroy(pair->ws);
    net_stream_destroy(pair->peer);
    buf_deinit(&pair->got);
}

static void give(struct pair *pair, struct str bytes)
{
    size_t done = 0;
    assert_int_equal(net_stream_write(pair->peer, bytes.data, bytes.len, &done), NET_OK);
    assert_int_equal(done, bytes.len);
}

// A masked frame as a client sends it.
static void frame(struct buf *out, unsigned first, struct str payload)
{
    static const char mask[4] = {0x37, (char)0xFA, 0x21, 0x3D};
    char head[4] = {(char)first, (char)(0x80 | payload.len)};
    size_t len = 2;
    if (payload.len > 125) {
        head[1] = (char)0xFE;
        head[2] = (char)(payload.len >> 8);
        head[3] = (char)payload.len;
        len = 4;
    }
    (void)buf_append(out, (struct str){head, len});
    (void)buf_append(out, (struct str){mask, 4});
    for (size_t i = 0; i < payload.len; i++) {
        (void)buf_append_char(out, (char)(payload.data[i] ^ mask[i % 4]));
    }
}

static void send_frame(struct pair *pair, unsigned first, struct str payload)
{
    struct buf out;
    buf_init(&out, BUF_NO_LIMIT);
    frame(&out, first, payload);
    give(pair, buf_str(&out));
    buf_deinit(&out);
}

static enum net_result read_all(struct pair *pair, struct buf *out)
{
    char bytes[3000];
    size_t count = 0;
    enum net_result result = NET_OK;
    while ((result = net_stream_read(pair->ws, bytes, sizeof(bytes), &count)) == NET_OK) {
        (void)buf_append(out, (struct str){bytes, count});
    }
    take(pair);
    return result;
}

static void assert_reads(struct pair *pair, struct str expected)
{
    struct buf out;
    buf_init(&out, BUF_NO_LIMIT);
    assert_int_equal(read_all(pair, &out), NET_AGAIN);
    assert_int_equal(out.len, expected.len);
    assert_memory_equal(buf_str(&out).data, expected.data, expected.len);
    buf_deinit(&out);
}

// The stream ended, and the peer was sent a close frame with this code.
static void assert_closed(struct pair *pair, unsigned code)
{
    struct buf out;
    buf_init(&out, BUF_NO_LIMIT);
    assert_int_equal(read_all(pair, &out), NET_CLOSED);
    assert_int_equal(out.len, 0);
    buf_deinit(&out);
    struct str got = buf_str(&pair->got);
    assert_true(got.len >= 4);
    assert_int_equal((unsigned char)got.data[0], CLOSE);
    assert_int_equal((unsigned char)got.data[1], got.len - 2);
    assert_int_equal((unsigned char)got.data[2] << 8 | (unsigned char)got.data[3], code);
    assert_true(strlen(net_stream_reason(pair->ws)) > 0);
    size_t done = 0;
    assert_int_equal(net_stream_write(pair->ws, "x\r\n", 3, &done), NET_CLOSED);
}

static void the_handshake_of_the_rfc_is_answered(void **state)
{
    (void)state;
    struct pair pair;
    open_pair(&pair, HANDSHAKE("Sec-WebSocket-Protocol: chat, superchat\r\n"), 65536);
    assert_string_equal(buf_cstr(&pair.got),
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\n"
                        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    close_pair(&pair);
}

static void the_clients_order_of_subprotocols_is_honoured(void **state)
{
    (void)state;
    static const struct {
        const char *handshake;
        const char *chosen;
        int first;
    } cases[] = {
        {HANDSHAKE("Sec-WebSocket-Protocol: text.ircv3.net, binary.ircv3.net\r\n"),
         "\r\nSec-WebSocket-Protocol: text.ircv3.net\r\n", TEXT},
        {HANDSHAKE("Sec-WebSocket-Protocol: binary.ircv3.net, text.ircv3.net\r\n"),
         "\r\nSec-WebSocket-Protocol: binary.ircv3.net\r\n", BINARY},
        {HANDSHAKE("sec-websocket-protocol: chat,binary.ircv3.net\r\n"),
         "\r\nSec-WebSocket-Protocol: binary.ircv3.net\r\n", BINARY},
        {HANDSHAKE("Sec-WebSocket-Protocol: x\r\nSec-WebSocket-Protocol: binary.ircv3.net\r\n"
                   "Sec-WebSocket-Protocol: text.ircv3.net\r\n"),
         "\r\nSec-WebSocket-Protocol: binary.ircv3.net\r\n", BINARY},
        {HANDSHAKE(""), "Sec-WebSocket-Accept: ", TEXT},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pair pair;
        size_t done = 0;
        open_pair(&pair, cases[i].handshake, 65536);
        assert_non_null(strstr(buf_cstr(&pair.got), cases[i].chosen));
        buf_clear(&pair.got);
        assert_int_equal(net_stream_write(pair.ws, "PING x\r\n", 8, &done), NET_OK);
        take(&pair);
        assert_int_equal((unsigned char)buf_str(&pair.got).data[0], cases[i].first);
        close_pair(&pair);
    }
}

static void frames_of_the_rfc_are_read(void **state)
{
    (void)state;
    struct pair pair;
    open_quiet(&pair, NULL);
    give(&pair, STR("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58")); // masked "Hello"
    assert_reads(&pair, STR("Hello\r\n"));
    give(&pair, STR("\x01\x83\x00\x00\x00\x00Hel\x80\x82\x00\x00\x00\x00lo")); // two fragments
    assert_reads(&pair, STR("Hello\r\n"));
    give(&pair, STR("\x89\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58")); // ping "Hello"
    assert_reads(&pair, STR(""));
    assert_string_equal(buf_cstr(&pair.got), "\x8a\x05Hello");
    close_pair(&pair);
}

static void a_line_is_a_frame(void **state)
{
    (void)state;
    struct pair pair;
    static char long_line[1000];
    size_t done = 0;
    open_quiet(&pair, NULL);
    assert_int_equal(net_stream_write(pair.ws, ":a PONG b\r\n:c \n\r\nQU", 19, &done), NET_OK);
    assert_int_equal(done, 19);
    take(&pair);
    assert_string_equal(buf_cstr(&pair.got), "\x81\x09:a PONG b\x81\x03:c ");
    assert_int_equal(net_stream_write(pair.ws, "IT\r\n", 4, &done), NET_OK);
    take(&pair);
    assert_string_equal(buf_cstr(&pair.got), "\x81\x09:a PONG b\x81\x03:c \x81\x04QUIT");
    buf_clear(&pair.got);
    memset(long_line, 'x', sizeof(long_line));
    long_line[998] = '\r';
    long_line[999] = '\n';
    assert_int_equal(net_stream_write(pair.ws, long_line, sizeof(long_line), &done), NET_OK);
    take(&pair);
    assert_int_equal(pair.got.len, 998 + 4);
    assert_memory_equal(buf_str(&pair.got).data, "\x81\x7e\x03\xe6xxx", 7);
    close_pair(&pair);
}

static void a_message_is_a_line(void **state)
{
    (void)state;
    struct pair pair;
    open_quiet(&pair, NULL);
    send_frame(&pair, TEXT, STR("NICK ana"));
    send_frame(&pair, BINARY, STR("NICK leo\r\n")); // an end that should not be there
    send_frame(&pair, TEXT, STR(""));
    send_frame(&pair, PONG, STR("unasked"));
    assert_reads(&pair, STR("NICK ana\r\nNICK leo\r\n\r\n"));
    close_pair(&pair);
}

// A message in up to seven pieces, cut at every place, with a ping between the pieces, arriving byte
// by byte.
static void every_fragmentation_is_put_together(void **state)
{
    (void)state;
    static const struct str text = STR_INIT("h\xc3\xa9llo \xe2\x82\xac");
    struct pair pair;
    open_quiet(&pair, NULL);
    for (unsigned cuts = 0; cuts < 1u << (text.len - 1); cuts += 7) {
        struct buf wire;
        size_t from = 0;
        size_t pings = 0;
        buf_init(&wire, BUF_NO_LIMIT);
        for (size_t at = 1; at <= text.len; at++) {
            bool is_last = at == text.len;
            if (is_last || (cuts >> (at - 1) & 1)) {
                unsigned first = (is_last ? 0x80 : 0) | (from == 0 ? 1 : 0);
                frame(&wire, first, str_range(text, from, at));
                from = at;
                if (!is_last) {
                    frame(&wire, PING, STR("?"));
                    pings++;
                }
            }
        }
        char got[64];
        size_t received = 0;
        for (size_t i = 0; i < wire.len; i++) {
            size_t count = 0;
            give(&pair, str_range(buf_str(&wire), i, i + 1));
            (void)net_stream_read(pair.ws, got + received, sizeof(got) - received, &count);
            received += count;
        }
        assert_int_equal(received, text.len + 2);
        assert_memory_equal(got, text.data, text.len);
        take(&pair);
        assert_int_equal(pair.got.len, 3 * pings);
        buf_clear(&pair.got);
        buf_deinit(&wire);
    }
    close_pair(&pair);
}

static void what_breaks_the_protocol_is_closed_with_its_code(void **state)
{
    (void)state;
    static const struct {
        struct str bytes;
        unsigned code;
    } cases[] = {
        {STR_INIT("\x81\x05Hello"), 1002},                    // unmasked
        {STR_INIT("\xc1\x80\x00\x00\x00\x00"), 1002},         // a reserved bit
        {STR_INIT("\x83\x80\x00\x00\x00\x00"), 1002},         // unknown data
        {STR_INIT("\x8b\x80\x00\x00\x00\x00"), 1002},         // unknown control
        {STR_INIT("\x09\x80\x00\x00\x00\x00"), 1002},         // ping in pieces
        {STR_INIT("\x89\xfe\x00\x7e\x00\x00\x00\x00"), 1002}, // ping of 126
        {STR_INIT("\x80\x80\x00\x00\x00\x00"), 1002},         // goes on with nothing
        {STR_INIT("\x01\x80\x00\x00\x00\x00\x81\x80\x00\x00\x00\x00"), 1002}, // begins twice
        {STR_INIT("\x81\xfe\x00\x05"), 1002},                                 // length too long
        {STR_INIT("\x81\xff\x00\x00\x00\x00\x00\x00\x40\x01"), 1002},         // the same in eight
        {STR_INIT("\x81\xfe\x40\x01"), 1009},                                 // 16385 bytes
        {STR_INIT("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff"), 1009},         // all there are
        {STR_INIT("\x81\x82\x00\x00\x00\x00\xc3\x28"), 1007},                 // no UTF-8
        {STR_INIT("\x81\x82\x00\x00\x00\x00\xe2\x82"), 1007},                 // cut in a character
        {STR_INIT("\x88\x81\x00\x00\x00\x00\x03"), 1002},                     // half a code
        {STR_INIT("\x88\x82\x00\x00\x00\x00\x03\xed"), 1002},                 // 1005 is not sent
        {STR_INIT("\x88\x82\x00\x00\x00\x00\x00\x00"), 1002},                 // no code at all
        {STR_INIT("\x88\x84\x00\x00\x00\x00\x03\xe8\xff\xff"), 1007},         // a reason, no UTF-8
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pair pair;
        open_quiet(&pair, NULL);
        give(&pair, cases[i].bytes);
        assert_closed(&pair, cases[i].code);
        close_pair(&pair);
    }
}

static void sixteen_kilobytes_are_the_limit(void **state)
{
    (void)state;
    static char text[NET_WS_MESSAGE_MAX];
    struct pair pair;
    open_quiet(&pair, NULL);
    memset(text, 'x', sizeof(text));
    send_frame(&pair, TEXT, (struct str){text, sizeof(text)});
    struct buf out;
    buf_init(&out, BUF_NO_LIMIT);
    assert_int_equal(read_all(&pair, &out), NET_AGAIN);
    assert_int_equal(out.len, sizeof(text) + 2);
    buf_deinit(&out);
    send_frame(&pair, 0x01, (struct str){text, sizeof(text)}); // the same, and one byte more
    send_frame(&pair, 0x80, STR("y"));
    assert_closed(&pair, 1009);
    close_pair(&pair);
}

static void goodbye_is_answered(void **state)
{
    (void)state;
    struct pair pair;
    struct buf out;
    open_quiet(&pair, NULL);
    buf_init(&out, BUF_NO_LIMIT);
    send_frame(&pair, TEXT, STR("QUIT"));
    send_frame(&pair, CLOSE, STR("\x03\xe9gone"));
    send_frame(&pair, TEXT, STR("too late"));
    assert_int_equal(read_all(&pair, &out), NET_CLOSED);
    assert_string_equal(buf_cstr(&out), "QUIT\r\n");
    assert_string_equal(net_stream_reason(pair.ws), "Connection closed");
    assert_int_equal(pair.got.len, 4);
    assert_memory_equal(buf_str(&pair.got).data, "\x88\x02\x03\xe9", 4);
    buf_deinit(&out);
    close_pair(&pair);
}

static void we_say_goodbye(void **state)
{
    (void)state;
    struct pair pair;
    size_t done = 0;
    open_quiet(&pair, NULL);
    assert_int_equal(net_stream_write(pair.ws, "ERROR :x\r\n", 10, &done), NET_OK);
    net_stream_destroy(pair.ws);
    pair.ws = NULL;
    take(&pair);
    assert_int_equal(pair.got.len, 10 + 4);
    assert_memory_equal(buf_str(&pair.got).data,
                        "\x81\x08"
                        "ERROR :x\x88\x02\x03\xe8",
                        14);
    close_pair(&pair);
}

static void broken_text_of_ours_is_repaired(void **state)
{
    (void)state;
    struct pair pair;
    size_t done = 0;
    open_quiet(&pair, NULL);
    assert_int_equal(net_stream_write(pair.ws, "a\xff\x03z\r\n", 6, &done), NET_OK);
    take(&pair);
    assert_string_equal(buf_cstr(&pair.got), "\x81\x06"
                                             "a\xef\xbf\xbd\x03z");
    close_pair(&pair);
    open_quiet(&pair, HANDSHAKE("Sec-WebSocket-Protocol: binary.ircv3.net\r\n"));
    assert_int_equal(net_stream_write(pair.ws, "a\xff\x03z\r\n", 6, &done), NET_OK);
    take(&pair);
    assert_string_equal(buf_cstr(&pair.got), "\x82\x04"
                                             "a\xff\x03z");
    close_pair(&pair);
}

static void bytes_behind_the_handshake_are_frames(void **state)
{
    (void)state;
    struct net_stream *ends[2];
    struct net_http request;
    struct pair pair = {0};
    static const char all[] = HANDSHAKE("") "\x81\x82\x00\x00\x00\x00Hi\x81\x81";
    struct str bytes = {all, sizeof(all) - 1};
    assert_int_equal(net_http_parse(&request, bytes), NET_HTTP_UPGRADE);
    net_pipe_create(ends, 65536);
    pair.ws = net_ws_accept(ends[0], &request, str_range(bytes, request.len, bytes.len));
    pair.peer = ends[1];
    buf_init(&pair.got, BUF_NO_LIMIT);
    assert_true(net_stream_holds_bytes(pair.ws));
    assert_reads(&pair, STR("Hi\r\n"));
    assert_false(net_stream_holds_bytes(pair.ws));
    give(&pair, STR("\x00\x00\x00\x00!"));
    assert_reads(&pair, STR("!\r\n"));
    close_pair(&pair);
}

static void lines_for_a_small_pipe_wait_their_turn(void **state)
{
    (void)state;
    struct pair pair;
    char line[32];
    size_t taken = 0;
    open_pair(&pair, HANDSHAKE(""), 64);
    for (int turn = 0; turn < 100 && net_stream_has_pending(pair.ws); turn++) {
        size_t done = 0;
        (void)net_stream_write(pair.ws, "x", 0, &done);
        (void)net_stream_read(pair.ws, line, sizeof(line), &done); // passes on what it kept
        take(&pair);
    }
    buf_clear(&pair.got);
    for (int turn = 0; turn < 3000 && taken < 500; turn++) {
        size_t done = 0;
        (void)snprintf(line, sizeof(line), ":a PRIVMSG #b :%04d\r\n", (int)taken);
        if (net_stream_write(pair.ws, line, strlen(line), &done) == NET_OK) {
            assert_int_equal(done, strlen(line));
            taken++;
        }
        take(&pair);
    }
    for (int turn = 0; turn < 100; turn++) {
        size_t done = 0;
        (void)net_stream_read(pair.ws, line, sizeof(line), &done);
        take(&pair);
    }
    assert_int_equal(taken, 500);
    assert_int_equal(pair.got.len, 500 * 21);
    for (int i = 0; i < 500; i++) {
        (void)snprintf(line, sizeof(line), "\x81\x13:a PRIVMSG #b :%04d", i);
        assert_memory_equal(buf_str(&pair.got).data + (ptrdiff_t)i * 21, line, 21);
    }
    close_pair(&pair);
}

// Whoever pings and never reads is not given memory without end.
static void pings_without_a_reader_are_dropped(void **state)
{
    (void)state;
    struct pair pair;
    char got[16];
    size_t count = 0;
    open_pair(&pair, HANDSHAKE(""), 512);
    for (int i = 0; i < 5000; i++) {
        send_frame(&pair, PING, STR("0123456789012345678901234567890123456789"));
        assert_int_equal(net_stream_read(pair.ws, got, sizeof(got), &count), NET_AGAIN);
    }
    send_frame(&pair, TEXT, STR("still here"));
    assert_reads(&pair, STR("still here\r\n"));
    assert_true(pair.got.len < 8192);
    close_pair(&pair);
}

static void a_flood_of_pings_lets_others_have_their_turn(void **state)
{
    (void)state;
    struct net_stream *ends[2];
    struct net_http request;
    struct buf flood;
    char got[16];
    size_t done = 0;
    buf_init(&flood, BUF_NO_LIMIT);
    for (int i = 0; i < 40000; i++) {
        frame(&flood, PONG, STR(""));
    }
    net_pipe_create(ends, flood.len);
    assert_int_equal(net_stream_write(ends[1], buf_str(&flood).data, flood.len, &done), NET_OK);
    assert_int_equal(net_http_parse(&request, STR(HANDSHAKE(""))), NET_HTTP_UPGRADE);
    struct net_stream *ws = net_ws_accept(ends[0], &request, (struct str){0});
    int turns = 0;
    while (net_stream_holds_bytes(ws)) {
        assert_int_equal(net_stream_read(ws, got, sizeof(got), &done), NET_AGAIN);
        turns++;
    }
    assert_in_range(turns, 3, 6); // 240 KB, 64 KB a call
    net_stream_destroy(ws);
    net_stream_destroy(ends[1]);
    buf_deinit(&flood);
}

static void requests_are_judged(void **state)
{
    (void)state;
    static const struct {
        const char *head;
        enum net_http_verdict verdict;
    } cases[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", NET_HTTP_PAGE},
        {"GET / HTTP/1.0\r\n\r\n", NET_HTTP_PAGE},
        {"GET / HTTP/1.1\nHost: x\n\n", NET_HTTP_PAGE},
        {"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", NET_HTTP_PAGE},
        {"POST / HTTP/1.1\r\nHost: x\r\n\r\n", NET_HTTP_METHOD},
        {"BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n", NET_HTTP_METHOD},
        {"GET / HTTP/1.1\r\nHost: x\r\n", NET_HTTP_MORE},
        {"GET /", NET_HTTP_MORE},
        {"GET / HTTP/1.1\r\n\r\n", NET_HTTP_BAD}, // no host
        {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", NET_HTTP_BAD},
        {"GET /\r\nHost: x\r\n\r\n", NET_HTTP_BAD},
        {"GET / HTTP/1.1\r\nHost: x\r\nno field\r\n\r\n", NET_HTTP_BAD},
        {"GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n", NET_HTTP_BAD},
        {HANDSHAKE(""), NET_HTTP_UPGRADE},
        {HANDSHAKE("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), NET_HTTP_BAD}, // twice
        {"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket, h2c\r\nConnection: keep-alive, "
         "upgrade\r\n"
         "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
         NET_HTTP_UPGRADE},
        {"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 8\r\n\r\n",
         NET_HTTP_VERSION},
        {"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n",
         NET_HTTP_BAD},
        {"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
         "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
         NET_HTTP_BAD}, // Connection does not say Upgrade
        {"GET / HTTP/1.0\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
         NET_HTTP_PAGE},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct net_http request;
        enum net_http_verdict verdict = net_http_parse(&request, str_from(cases[i].head));
        if (verdict != cases[i].verdict) {
            print_error("%s", cases[i].head);
        }
        assert_int_equal(verdict, cases[i].verdict);
    }
}

static void a_head_is_eight_kilobytes_at_most(void **state)
{
    (void)state;
    struct buf head;
    struct net_http request;
    buf_init(&head, BUF_NO_LIMIT);
    (void)buf_printf(&head, "GET / HTTP/1.1\r\nHost: x\r\nX: ");
    while (head.len < NET_HTTP_HEAD_MAX - 4) {
        (void)buf_append_char(&head, 'a');
    }
    assert_int_equal(net_http_parse(&request, buf_str(&head)), NET_HTTP_MORE);
    (void)buf_append(&head, STR("\r\n\r\n"));
    assert_int_equal(net_http_parse(&request, buf_str(&head)), NET_HTTP_PAGE);
    buf_truncate(&head, head.len - 4);
    (void)buf_append(&head, STR("a\r\n\r\n"));
    assert_int_equal(net_http_parse(&request, buf_str(&head)), NET_HTTP_LARGE);
    buf_deinit(&head);
}

// What was agreed on is kept to; without an agreement both kinds are taken.
static void the_other_kind_of_message_is_refused_when_one_is_agreed_on(void **state)
{
    (void)state;
    static const struct {
        const char *handshake;
        unsigned good;
        unsigned bad;
    } cases[] = {
        {HANDSHAKE("Sec-WebSocket-Protocol: text.ircv3.net\r\n"), TEXT, BINARY},
        {HANDSHAKE("Sec-WebSocket-Protocol: binary.ircv3.net\r\n"), BINARY, TEXT},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pair pair;
        open_quiet(&pair, cases[i].handshake);
        send_frame(&pair, cases[i].good, STR("NICK ana"));
        assert_reads(&pair, STR("NICK ana\r\n"));
        send_frame(&pair, cases[i].bad, STR("NICK leo"));
        assert_closed(&pair, 1003);
        close_pair(&pair);
        open_quiet(&pair, cases[i].handshake);
        send_frame(&pair, cases[i].bad & 0x0F, STR("NI")); // the first piece is enough
        assert_closed(&pair, 1003);
        close_pair(&pair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_handshake_of_the_rfc_is_answered),
        cmocka_unit_test(the_clients_order_of_subprotocols_is_honoured),
        cmocka_unit_test(frames_of_the_rfc_are_read),
        cmocka_unit_test(a_line_is_a_frame),
        cmocka_unit_test(a_message_is_a_line),
        cmocka_unit_test(every_fragmentation_is_put_together),
        cmocka_unit_test(what_breaks_the_protocol_is_closed_with_its_code),
        cmocka_unit_test(sixteen_kilobytes_are_the_limit),
        cmocka_unit_test(goodbye_is_answered),
        cmocka_unit_test(we_say_goodbye),
        cmocka_unit_test(broken_text_of_ours_is_repaired),
        cmocka_unit_test(bytes_behind_the_handshake_are_frames),
        cmocka_unit_test(lines_for_a_small_pipe_wait_their_turn),
        cmocka_unit_test(pings_without_a_reader_are_dropped),
        cmocka_unit_test(a_flood_of_pings_lets_others_have_their_turn),
        cmocka_unit_test(requests_are_judged),
        cmocka_unit_test(a_head_is_eight_kilobytes_at_most),
        cmocka_unit_test(the_other_kind_of_message_is_refused_when_one_is_agreed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

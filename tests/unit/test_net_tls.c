// TLS over pipes and loopback: both sides ours, and a client that talks to OpenSSL itself.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <SDL.h>
#include <cmocka.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "net_connect.h"
#include "net_listener.h"
#include "net_loop.h"
#include "net_tls.h"
#include "tls_harness.h"

static void bytes_go_both_ways_once_and_in_order(void **state)
{
    (void)state;
    struct link link;
    link_open(&link, 65536, NULL);
    assert_true(net_stream_is_handshaking(link.server));
    assert_false(net_stream_is_encrypted(link.server));
    assert_int_equal(link_shake(&link), NET_OK);
    assert_false(net_stream_is_handshaking(link.server));
    assert_string_equal(net_stream_tls_version(link.server), "TLSv1.3");
    link_carry(link.server, link.client);
    link_carry(link.client, link.server);
    link_close(&link);
}

static void a_pipe_of_one_byte_is_enough(void **state)
{
    (void)state;
    struct link link;
    char got[8];
    size_t count = 0;
    link_open(&link, 1, NULL);
    assert_int_equal(link_shake(&link), NET_OK);
    assert_int_equal(net_stream_write(link.server, "purr", 4, &count), NET_OK);
    assert_int_equal(count, 4);
    assert_true(net_stream_has_pending(link.server));
    enum net_result result = NET_AGAIN;
    for (int turn = 0; turn < 200 && result == NET_AGAIN; turn++) {
        size_t none = 0;
        (void)net_stream_read(link.server, got, sizeof(got), &none);
        result = net_stream_read(link.client, got, sizeof(got), &count);
    }
    assert_int_equal(result, NET_OK);
    assert_int_equal(count, 4);
    assert_memory_equal(got, "purr", 4);
    assert_false(net_stream_has_pending(link.server));
    link_close(&link);
}

// What was taken is sent, whatever is offered next: an owner may change its mind.
static void another_offer_after_a_full_pipe_harms_nothing(void **state)
{
    (void)state;
    struct link link;
    static char block[32768];
    static char got[65536];
    size_t taken = 0;
    size_t count = 0;
    link_open(&link, 4096, NULL);
    assert_int_equal(link_shake(&link), NET_OK);
    memset(block, 'a', sizeof(block));
    while (net_stream_write(link.server, block, sizeof(block), &count) == NET_OK) {
        taken += count;
    }
    assert_true(taken > 0);
    size_t received = 0;
    bool is_said = false;
    for (int turn = 0; turn < 100000 && received < taken + 4; turn++) {
        if (!is_said) {
            is_said = net_stream_write(link.server, "bye!", 4, &count) == NET_OK;
        }
        (void)net_stream_read(link.server, got, 0, &count);
        if (net_stream_read(link.client, got + received, sizeof(got) - received, &count) ==
            NET_OK) {
            received += count;
        }
    }
    assert_int_equal(received, taken + 4);
    assert_int_equal(got[taken - 1], 'a');
    assert_memory_equal(got + taken, "bye!", 4);
    link_close(&link);
}

static void nobody_waits_for_the_end_that_was_announced(void **state)
{
    (void)state;
    struct link link;
    char byte = 0;
    size_t got = 0;
    link_open(&link, 65536, NULL);
    assert_int_equal(link_shake(&link), NET_OK);
    assert_int_equal(net_stream_write(link.client, "x", 1, &got), NET_OK);
    net_stream_destroy(link.client);
    link.client = NULL;
    assert_int_equal(net_stream_read(link.server, &byte, 1, &got), NET_OK);
    assert_int_equal(net_stream_read(link.server, &byte, 1, &got), NET_CLOSED);
    assert_string_equal(net_stream_reason(link.server), "Connection closed");
    assert_int_equal(net_stream_write(link.server, "x", 1, &got), NET_CLOSED);
    link_close(&link);
}

// --- a client of OpenSSL's own over the bare end of the pipe ---

struct raw {
    SSL_CTX *context;
    SSL *ssl;
    BIO *in;
    BIO *out;
};

static void raw_open(struct raw *raw, int version)
{
    raw->context = SSL_CTX_new(TLS_client_method());
    assert_int_equal(SSL_CTX_set_min_proto_version(raw->context, version), 1);
    assert_int_equal(SSL_CTX_set_max_proto_version(raw->context, version), 1);
    SSL_CTX_set_security_level(raw->context, 0);
    raw->ssl = SSL_new(raw->context);
    raw->in = BIO_new(BIO_s_mem());
    raw->out = BIO_new(BIO_s_mem());
    (void)BIO_set_mem_eof_return(raw->in, -1);
    SSL_set_bio(raw->ssl, raw->in, raw->out);
    SSL_set_connect_state(raw->ssl);
}

static void raw_close(struct raw *raw)
{
    SSL_free(raw->ssl);
    SSL_CTX_free(raw->context);
}

// Carries what either side has for the other.
static void raw_carry(struct raw *raw, struct net_stream *pipe)
{
    char bytes[4096];
    size_t count = 0;
    int len = 0;
    while ((len = BIO_read(raw->out, bytes, sizeof(bytes))) > 0) {
        assert_int_equal(net_stream_write(pipe, bytes, (size_t)len, &count), NET_OK);
        assert_int_equal(count, len);
    }
    while (net_stream_read(pipe, bytes, sizeof(bytes), &count) == NET_OK) {
        assert_int_equal(BIO_write(raw->in, bytes, (int)count), (int)count);
    }
}

static bool raw_shake(struct raw *raw, struct link *link)
{
    int result = -1;
    for (int turn = 0; turn < 20 && (result == 1 || SSL_want_read(raw->ssl) || turn == 0); turn++) {
        char byte = 0;
        size_t got = 0;
        result = SSL_do_handshake(raw->ssl);
        raw_carry(raw, link->pipe);
        (void)net_stream_read(link->server, &byte, 1, &got);
        raw_carry(raw, link->pipe);
        if (result == 1 && net_stream_is_encrypted(link->server)) {
            return true;
        }
    }
    return false;
}

static void tls_12_is_spoken_without_a_binding(void **state)
{
    (void)state;
    struct link link;
    struct raw raw;
    unsigned char binding[NET_TLS_BINDING];
    char got[8];
    size_t count = 0;
    link_open_server(&link, 65536);
    raw_open(&raw, TLS1_2_VERSION);
    assert_true(raw_shake(&raw, &link));
    assert_string_equal(net_stream_tls_version(link.server), "TLSv1.2");
    assert_false(net_stream_tls_exporter(link.server, binding));
    assert_int_equal(SSL_write(raw.ssl, "meow", 4), 4);
    raw_carry(&raw, link.pipe);
    assert_int_equal(net_stream_read(link.server, got, sizeof(got), &count), NET_OK);
    assert_memory_equal(got, "meow", 4);
    raw_close(&raw);
    link_close(&link);
}

static void older_versions_are_refused_with_an_alert(void **state)
{
    (void)state;
    struct link link;
    struct raw raw;
    char byte = 0;
    size_t got = 0;
    link_open_server(&link, 65536);
    raw_open(&raw, TLS1_1_VERSION);
    assert_false(raw_shake(&raw, &link));
    assert_int_equal(net_stream_read(link.server, &byte, 1, &got), NET_CLOSED);
    assert_string_equal(net_stream_reason(link.server), "No version of TLS in common");
    assert_int_equal(ERR_GET_REASON(ERR_peek_last_error()), SSL_R_TLSV1_ALERT_PROTOCOL_VERSION);
    ERR_clear_error();
    raw_close(&raw);
    link_close(&link);
}

static void an_end_without_goodbye_is_told_apart(void **state)
{
    (void)state;
    struct link link;
    struct raw raw;
    char byte = 0;
    size_t got = 0;
    link_open_server(&link, 65536);
    raw_open(&raw, TLS1_3_VERSION);
    assert_true(raw_shake(&raw, &link));
    net_stream_destroy(link.pipe);
    link.pipe = NULL;
    assert_int_equal(net_stream_read(link.server, &byte, 1, &got), NET_CLOSED);
    assert_string_equal(net_stream_reason(link.server), "Connection cut off");
    raw_close(&raw);
    link_close(&link);
}

static void a_record_that_was_changed_ends_the_link(void **state)
{
    (void)state;
    struct link link;
    struct raw raw;
    char record[256];
    char byte = 0;
    size_t got = 0;
    link_open_server(&link, 65536);
    raw_open(&raw, TLS1_3_VERSION);
    assert_true(raw_shake(&raw, &link));
    assert_int_equal(SSL_write(raw.ssl, "meow", 4), 4);
    int len = BIO_read(raw.out, record, sizeof(record));
    record[len - 1] ^= 1;
    assert_int_equal(net_stream_write(link.pipe, record, (size_t)len, &got), NET_OK);
    assert_int_equal(net_stream_read(link.server, &byte, 1, &got), NET_CLOSED);
    assert_true(strlen(net_stream_reason(link.server)) > 0);
    raw_close(&raw);
    link_close(&link);
}

// Renegotiation costs the server far more than the client.
static void a_second_handshake_is_refused(void **state)
{
    (void)state;
    struct link link;
    struct raw raw;
    char got[8];
    size_t count = 0;
    link_open_server(&link, 65536);
    raw_open(&raw, TLS1_2_VERSION);
    assert_true(raw_shake(&raw, &link));
    uint64_t before = net_tls_handshakes(link.tls);
    (void)SSL_renegotiate(raw.ssl);
    (void)SSL_do_handshake(raw.ssl);
    raw_carry(&raw, link.pipe);
    enum net_result result = net_stream_read(link.server, got, sizeof(got), &count);
    assert_int_not_equal(result, NET_OK);
    assert_int_equal(net_tls_handshakes(link.tls), before);
    raw_close(&raw);
    link_close(&link);
}

static void garbage_is_no_handshake(void **state)
{
    (void)state;
    static const char *const openings[] = {
        "NICK ana\r\nUSER a 0 * :a\r\n", "GET / HTTP/1.1\r\n\r\n",
        "\x16\x03\x01\xff\xff garbage garbage", "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"};
    for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
        struct link link;
        char byte = 0;
        size_t got = 0;
        size_t len = i == 3 ? 10 : strlen(openings[i]);
        link_open_server(&link, 65536);
        assert_int_equal(net_stream_write(link.pipe, openings[i], len, &got), NET_OK);
        assert_int_equal(net_stream_read(link.server, &byte, 1, &got), NET_CLOSED);
        assert_true(strlen(net_stream_reason(link.server)) > 0);
        assert_false(net_stream_is_handshaking(link.server));
        assert_false(net_stream_is_encrypted(link.server));
        link_close(&link);
    }
}

static void what_was_read_before_is_part_of_the_handshake(void **state)
{
    (void)state;
    struct link link;
    char first[2048];
    size_t got = 0;
    link_open(&link, 65536, NULL);
    struct net_stream *ends[2];
    struct net_tls_expect expect = {0};
    net_stream_destroy(link.client);
    net_stream_destroy(link.server);
    net_pipe_create(ends, 65536);
    link.client = net_tls_connect(ends[1], &expect, NULL);
    assert_int_equal(net_stream_read(ends[0], first, 100, &got), NET_OK);
    link.server = net_tls_accept(link.tls, ends[0], (struct str){first, got});
    assert_true(net_stream_holds_bytes(link.server));
    assert_int_equal(link_shake(&link), NET_OK);
    assert_false(net_stream_holds_bytes(link.server));
    link_close(&link);
}

static void only_the_expected_key_is_accepted(void **state)
{
    (void)state;
    struct link link;
    char shown[NET_TLS_FINGERPRINT];
    char expected[NET_TLS_FINGERPRINT];
    link_open(&link, 65536, NULL);
    assert_false(net_tls_peer_fingerprint(link.client, shown));
    assert_int_equal(link_shake(&link), NET_OK);
    assert_true(net_tls_peer_fingerprint(link.client, shown));
    assert_string_equal(shown, net_tls_fingerprint(link.tls));
    assert_int_equal(strlen(shown), 64);
    (void)snprintf(expected, sizeof(expected), "%s", shown);
    for (int wrong = 0; wrong < 3; wrong++) {
        struct net_stream *ends[2];
        struct net_tls_expect expect = {.fingerprint = wrong == 2 ? "" : expected};
        net_stream_destroy(link.client);
        net_stream_destroy(link.server);
        expected[5] = wrong ? (expected[5] == '0' ? '1' : '0') : expected[5];
        net_pipe_create(ends, 65536);
        link.server = net_tls_accept(link.tls, ends[0], (struct str){0});
        link.client = net_tls_connect(ends[1], &expect, NULL);
        assert_int_equal(link_shake(&link), wrong ? NET_CLOSED : NET_OK);
        if (wrong) {
            char byte = 0;
            size_t got = 0;
            assert_string_equal(net_stream_reason(link.client),
                                "The server shows another key than expected");
            assert_int_equal(net_stream_read(link.server, &byte, 1, &got), NET_CLOSED);
            assert_string_equal(net_stream_reason(link.server),
                                "The other side does not trust the certificate");
        }
    }
    link_close(&link);
}

static void both_sides_export_the_same_binding(void **state)
{
    (void)state;
    struct link link;
    unsigned char ours[NET_TLS_BINDING];
    unsigned char theirs[NET_TLS_BINDING] = {0};
    unsigned char other[NET_TLS_BINDING];
    link_open(&link, 65536, NULL);
    assert_false(net_stream_tls_exporter(link.server, ours));
    assert_int_equal(link_shake(&link), NET_OK);
    assert_true(net_stream_tls_exporter(link.server, ours));
    assert_true(net_stream_tls_exporter(link.client, theirs));
    assert_memory_equal(ours, theirs, sizeof(ours));
    struct net_stream *ends[2];
    struct net_tls_expect expect = {0};
    net_stream_destroy(link.client);
    net_stream_destroy(link.server);
    net_pipe_create(ends, 65536);
    assert_false(net_stream_tls_exporter(ends[0], other));
    assert_false(net_stream_is_encrypted(ends[0]));
    link.server = net_tls_accept(link.tls, ends[0], (struct str){0});
    link.client = net_tls_connect(ends[1], &expect, NULL);
    assert_int_equal(link_shake(&link), NET_OK);
    assert_true(net_stream_tls_exporter(link.server, other));
    assert_memory_not_equal(ours, other, sizeof(ours));
    link_close(&link);
}

// --- with a loop, over sockets ---

struct wired {
    struct net_loop *loop;
    struct net_listener *listener;
};

// A client and the server's side of it, before their handshake.
static void wire(struct wired *wired, struct link *link)
{
    struct err err = {0};
    struct net_tls_expect expect = {0};
    struct net_stream *accepted = NULL;
    struct net_endpoint endpoint = {.number = "127.0.0.1",
                                    .port = net_listener_port(wired->listener)};
    struct net_stream *bare = net_connect(&endpoint, 2000, NULL, &err);
    assert_non_null(bare);
    for (int i = 0; i < 1000 && !accepted; i++) {
        (void)net_listener_accept(wired->listener, &accepted);
    }
    assert_non_null(accepted);
    link->client = net_tls_connect(bare, &expect, &err);
    assert_true(net_loop_add(wired->loop, accepted, link));
    link->server = net_tls_accept(link->tls, accepted, (struct str){0});
    net_loop_replace(wired->loop, link, link->server);
}

static void open_wired(struct wired *wired, struct link *link)
{
    struct net_addr addr = {.host = "127.0.0.1"};
    link_open_server(link, 65536);
    net_stream_destroy(link->server);
    wired->loop = net_loop_create(NULL);
    wired->listener = net_listener_create(&addr, NULL);
    wire(wired, link);
    assert_int_equal(link_shake(link), NET_OK);
}

static void close_wired(struct wired *wired, struct link *link)
{
    net_loop_remove(wired->loop, link);
    link_close(link);
    net_listener_destroy(wired->listener);
    net_loop_destroy(wired->loop);
}

static void bytes_left_in_openssl_end_the_wait(void **state)
{
    (void)state;
    struct link link;
    struct wired wired;
    struct net_ready ready;
    static char bytes[5000];
    size_t count = 0;
    open_wired(&wired, &link);
    assert_int_equal(net_stream_write(link.client, bytes, sizeof(bytes), &count), NET_OK);
    for (size_t got = 0; got < sizeof(bytes); got += count) {
        net_loop_wait(wired.loop, 2000);
        assert_true(net_loop_next(wired.loop, &ready));
        assert_ptr_equal(ready.owner, &link);
        assert_true(ready.is_readable);
        assert_int_equal(net_stream_read(link.server, bytes, 100, &count), NET_OK);
    }
    for (int quiet = 0; quiet < 3; quiet++) {
        net_loop_wait(wired.loop, 1);
        if (net_loop_next(wired.loop, &ready)) { // one look too many is fine, more is a spin
            assert_int_equal(quiet, 0);
            assert_int_equal(net_stream_read(link.server, bytes, 100, &count), NET_AGAIN);
        }
    }
    // Backpressure holds for these bytes as well.
    assert_int_equal(net_stream_write(link.client, bytes, 300, &count), NET_OK);
    net_loop_wait(wired.loop, 2000);
    assert_int_equal(net_stream_read(link.server, bytes, 100, &count), NET_OK);
    net_loop_want_read(wired.loop, &link, false);
    net_loop_wait(wired.loop, 1);
    assert_false(net_loop_next(wired.loop, &ready));
    net_loop_want_read(wired.loop, &link, true);
    net_loop_wait(wired.loop, 2000);
    assert_true(net_loop_next(wired.loop, &ready));
    close_wired(&wired, &link);
}

static void the_loop_passes_on_what_had_no_room(void **state)
{
    (void)state;
    struct link link;
    struct wired wired;
    struct net_ready ready;
    static char block[65536];
    size_t sent = 0;
    size_t received = 0;
    size_t count = 0;
    open_wired(&wired, &link);
    while (net_stream_write(link.server, block, sizeof(block), &count) == NET_OK) {
        sent += count;
        assert_true(sent < (size_t)64 * 1024 * 1024);
    }
    assert_true(net_stream_has_pending(link.server));
    for (int turn = 0; turn < 20000 && received < sent; turn++) {
        net_loop_wait(wired.loop, received < sent ? 1 : 0); // nobody writes any more
        while (net_loop_next(wired.loop, &ready)) {
        }
        if (net_stream_read(link.client, block, sizeof(block), &count) == NET_OK) {
            received += count;
        }
    }
    assert_int_equal(received, sent);
    assert_false(net_stream_has_pending(link.server));
    close_wired(&wired, &link);
}

// Milliseconds of a wait that nothing may end.
static Uint32 sleep_ms(struct wired *wired, int timeout_ms)
{
    struct net_ready ready;
    Uint32 start = SDL_GetTicks();
    net_loop_wait(wired->loop, timeout_ms);
    Uint32 took = SDL_GetTicks() - start;
    assert_false(net_loop_next(wired->loop, &ready));
    return took;
}

static void a_peer_that_stops_wakes_nobody(void **state)
{
    (void)state;
    struct link link;
    struct wired wired;
    static char block[65536];
    size_t count = 0;
    open_wired(&wired, &link);
    while (net_stream_write(link.server, block, sizeof(block), &count) == NET_OK) {
    }
    net_loop_want_write(wired.loop, &link, true);
    assert_true(net_stream_has_pending(link.server));
    assert_true(sleep_ms(&wired, 100) >= 95);
    net_loop_want_write(wired.loop, &link, false);
    assert_true(sleep_ms(&wired, 100) >= 95);
    while (net_stream_read(link.client, block, sizeof(block), &count) == NET_OK) {
    }
    net_loop_wait(wired.loop, 2000); // ends by the room
    net_loop_wait(wired.loop, 0);
    assert_false(net_stream_has_pending(link.server));
    close_wired(&wired, &link);
}

// It waits for bytes of the peer, not for room, of which there is plenty.
static void a_handshake_that_stops_wakes_nobody(void **state)
{
    (void)state;
    struct link link;
    struct wired wired;
    size_t count = 0;
    open_wired(&wired, &link);
    net_loop_remove(wired.loop, &link);
    net_stream_destroy(link.server);
    net_stream_destroy(link.client);
    wire(&wired, &link);
    net_loop_wait(wired.loop, 2000); // the first words
    assert_int_equal(net_stream_write(link.server, "x", 1, &count), NET_AGAIN);
    net_loop_want_write(wired.loop, &link, true);
    assert_true(sleep_ms(&wired, 100) >= 95);
    close_wired(&wired, &link);
}

static int open_net(void **state)
{
    (void)state;
    return net_init(NULL) ? 0 : -1;
}

static int close_net(void **state)
{
    (void)state;
    net_quit();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_go_both_ways_once_and_in_order),
        cmocka_unit_test(a_pipe_of_one_byte_is_enough),
        cmocka_unit_test(another_offer_after_a_full_pipe_harms_nothing),
        cmocka_unit_test(nobody_waits_for_the_end_that_was_announced),
        cmocka_unit_test(tls_12_is_spoken_without_a_binding),
        cmocka_unit_test(older_versions_are_refused_with_an_alert),
        cmocka_unit_test(an_end_without_goodbye_is_told_apart),
        cmocka_unit_test(a_record_that_was_changed_ends_the_link),
        cmocka_unit_test(a_second_handshake_is_refused),
        cmocka_unit_test(garbage_is_no_handshake),
        cmocka_unit_test(what_was_read_before_is_part_of_the_handshake),
        cmocka_unit_test(only_the_expected_key_is_accepted),
        cmocka_unit_test(both_sides_export_the_same_binding),
        cmocka_unit_test(bytes_left_in_openssl_end_the_wait),
        cmocka_unit_test(the_loop_passes_on_what_had_no_room),
        cmocka_unit_test(a_peer_that_stops_wakes_nobody),
        cmocka_unit_test(a_handshake_that_stops_wakes_nobody),
    };
    return cmocka_run_group_tests(tests, open_net, close_net);
}

// One port for everything: IRC, plain text and WebSocket inside TLS and bare, browsers turned away.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "net_beacon.h"
#include "net_connect.h"
#include "net_listener.h"
#include "net_tls.h"
#include "relay_harness.h"

#define UPGRADE(more)                                                                              \
    "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                   \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" more "\r\n"
#define CROWD        60
#define SHAKES_LIMIT 20

struct port {
    struct harness h;
    struct net_tls *tls;
};

static int open_port(void **state)
{
    static struct port port;
    char folder[] = "/tmp/ronron-port-XXXXXX";
    char path[64];
    struct net_tls_config tls = {.now_utc_ms = HARNESS_UTC_MS};
    tls.folder = mkdtemp(folder);
    port.tls = net_tls_create(&tls, NULL);
    (void)snprintf(path, sizeof(path), "%s/tls-key.pem", folder);
    (void)unlink(path);
    (void)snprintf(path, sizeof(path), "%s/tls-cert.pem", folder);
    (void)unlink(path);
    (void)rmdir(folder);
    struct relay_config config = {.name = STR("Test"), .seed = 1, .tls = port.tls};
    harness_open(&port.h, &config);
    *state = &port;
    return port.tls ? 0 : -1;
}

static int close_port(void **state)
{
    struct port *port = *state;
    harness_close(&port->h);
    net_tls_destroy(port->tls);
    return 0;
}

static int connect_tls(struct harness *h)
{
    struct net_tls_expect expect = {0};
    int client = harness_connect(h, 65536);
    h->client[client] = net_tls_connect(h->client[client], &expect, NULL);
    return client;
}

static void send_bytes(struct harness *h, int client, struct str bytes)
{
    size_t done = 0;
    assert_int_equal(net_stream_write(h->client[client], bytes.data, bytes.len, &done), NET_OK);
    assert_int_equal(done, bytes.len);
    harness_turn(h, 0);
}

static void send_line(struct harness *h, int client, const char *line)
{
    struct buf frame;
    size_t len = strlen(line);
    buf_init(&frame, BUF_NO_LIMIT);
    (void)buf_append(&frame, (struct str){(char[]){(char)0x81, (char)(0x80 | len), 0, 0, 0, 0}, 6});
    (void)buf_append(&frame, str_from(line));
    send_bytes(h, client, buf_str(&frame));
    buf_deinit(&frame);
}

// Frames hold bytes that end a C string.
static bool has(struct harness *h, int client, const char *text)
{
    size_t at = 0;
    return str_find(buf_str(&h->got[client]), str_from(text), &at);
}

static void irc_goes_through_tls(void **state)
{
    struct harness *h = &((struct port *)*state)->h;
    int ana = harness_guest(h, "ana", NULL);
    int leo = connect_tls(h);
    harness_send(h, leo, "NICK leo\r\nUSER leo 0 * :leo\r\nJOIN #party\r\nPRIVMSG #party :hi\r\n");
    assert_true(has(h, leo, " 001 leo "));
    assert_true(has(h, ana, ":leo!~leo@pipe PRIVMSG #party :hi\r\n"));
    harness_send(h, ana, "WHOIS leo\r\nWHOIS ana\r\n");
    assert_true(has(h, ana, " 671 ana leo :is using a secure connection\r\n"));
    assert_false(has(h, ana, " 671 ana ana "));
    harness_send(h, leo, "QUIT\r\n");
    assert_true(has(h, leo, "ERROR :"));
    char byte = 0;
    size_t got = 0;
    assert_int_equal(net_stream_read(h->client[leo], &byte, 1, &got), NET_CLOSED);
    assert_string_equal(net_stream_reason(h->client[leo]), "Connection closed"); // announced
}

static void plain_text_goes_through_tls(void **state)
{
    struct harness *h = &((struct port *)*state)->h;
    int ana = harness_guest(h, "ana", NULL);
    int mute = connect_tls(h);
    harness_turn(h, 0);
    harness_turn(h, 1400);
    assert_string_equal(harness_got(h, mute), "");
    harness_turn(h, 200); // silent for 1.5 s
    assert_true(has(h, mute, "You are Guest1"));
    harness_send(h, mute, "bonjour");
    harness_turn(h, 60);
    assert_true(has(h, ana, "PRIVMSG #party :bonjour\r\n"));
}

static void http_goes_through_tls(void **state)
{
    struct harness *h = &((struct port *)*state)->h;
    int web = connect_tls(h);
    harness_send(h, web, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_true(has(h, web, "HTTP/1.1 426 "));
    int ws = connect_tls(h);
    harness_send(h, ws, UPGRADE("Sec-WebSocket-Protocol: text.ircv3.net\r\nOrigin: https://x\r\n"));
    assert_true(has(h, ws, "HTTP/1.1 101 "));
    send_line(h, ws, "NICK eve");
    send_line(h, ws, "USER eve 0 * :eve");
    assert_true(has(h, ws, " 001 eve "));
    send_line(h, ws, "WHOIS eve");
    assert_true(has(h, ws, " 671 eve eve :"));
}

static void irc_goes_through_websocket(void **state)
{
    struct harness *h = &((struct port *)*state)->h;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_connect(h, 65536);
    harness_send(h, leo, UPGRADE(""));
    send_line(h, leo, "NICK leo");
    send_line(h, leo, "USER leo 0 * :leo");
    send_line(h, leo, "JOIN #party");
    harness_drop(h);
    send_line(h, leo, "PRIVMSG #party :miaou");
    assert_string_equal(harness_got(h, ana), ":leo!~leo@pipe PRIVMSG #party :miaou\r\n");
    harness_send(h, ana, "PRIVMSG #party :purr\r\n");
    assert_true(has(h, leo, "\x81\x23:ana!~ana@pipe PRIVMSG #party :purr"));
    send_line(h, leo, "QUIT :gone");
    assert_true(has(h, leo, "ERROR :Closing link: pipe"));
    assert_true(has(h, leo, "\x88\x02\x03\xe8"));
    assert_true(has(h, ana, ":leo!~leo@pipe QUIT :"));
    assert_int_equal(relay_stats(h->relay).connections, 1);
}

static void a_closed_tab_is_a_quit(void **state)
{
    struct harness *h = &((struct port *)*state)->h;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_connect(h, 65536);
    harness_send(h, leo, UPGRADE(""));
    send_line(h, leo, "NICK leo");
    send_line(h, leo, "USER leo 0 * :leo");
    send_line(h, leo, "JOIN #party");
    send_bytes(h, leo, STR("\x88\x82\x00\x00\x00\x00\x03\xe9"));
    assert_true(has(h, leo, "\x88\x02\x03\xe9"));
    assert_true(has(h, ana, ":leo!~leo@pipe QUIT :Connection closed\r\n"));
    assert_int_equal(relay_stats(h->relay).connections, 1);
}

// The first frames may stand in the same bytes as the request.
static void an_impatient_browser_is_understood(void **state)
{
    struct harness *h = &((struct port *)*state)->h;
    int leo = harness_connect(h, 65536);
    send_bytes(h, leo,
               STR(UPGRADE("") "\x81\x88\x00\x00\x00\x00NICK leo"
                               "\x81\x93\x00\x00\x00\x00USER leo 0 * :leo l"));
    assert_true(has(h, leo, " 001 leo "));
}

static void every_request_gets_its_answer(void **state)
{
    struct harness *h = &((struct port *)*state)->h;
    static const struct {
        const char *request;
        const char *status;
        bool has_page;
    } cases[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 426 Upgrade Required\r\n", true},
        {"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 426 Upgrade Required\r\n", false},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 24\r\n\r\nNICK a\r\nUSER a 0 * :a\r\n\r\n",
         "HTTP/1.1 405 Method Not Allowed\r\n", true},
        {"PROPFIND /x HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405 Method Not Allowed\r\n", true},
        {"NICK / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405 Method Not Allowed\r\n", true},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n", true},
        {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n", true},
    };
    int ana = harness_guest(h, "ana", NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int web = harness_connect(h, 65536);
        harness_send(h, web, cases[i].request);
        assert_true(str_starts(buf_str(&h->got[web]), str_from(cases[i].status)));
        assert_true(has(h, web, "\r\nConnection: "));
        assert_true(has(h, web, "close\r\n"));
        assert_int_equal(has(h, web, "not a web page"), cases[i].has_page);
        assert_int_equal(relay_stats(h->relay).connections, 1);
    }
    harness_turn(h, 2000);
    assert_string_equal(harness_got(h, ana), ""); // not a word in the party
}

static void slow_heads_are_waited_for_until_the_limit(void **state)
{
    struct harness *h = &((struct port *)*state)->h;
    int slow = harness_connect(h, 65536);
    int stuck = harness_connect(h, 65536);
    harness_send(h, slow, "GET / HT");
    harness_send(h, stuck, "GET / HT");
    harness_turn(h, 5000);
    harness_send(h, slow, "TP/1.1\r\nHo");
    harness_turn(h, 5000);
    assert_string_equal(harness_got(h, slow), "");
    harness_send(h, slow, "st: x\r\n\r\n");
    assert_true(has(h, slow, "HTTP/1.1 426 "));
    harness_turn(h, 21000);
    assert_true(has(h, stuck, "HTTP/1.1 408 "));
    assert_int_equal(relay_stats(h->relay).connections, 0);
}

static void a_huge_head_is_refused(void **state)
{
    struct harness *h = &((struct port *)*state)->h;
    char line[1001];
    memset(line, 'a', 1000);
    line[1000] = '\0';
    memcpy(line, "Cookie: ", 8);
    memcpy(line + 998, "\r\n", 2);
    int web = harness_connect(h, 65536);
    harness_send(h, web, "GET / HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < 8; i++) {
        harness_send(h, web, line);
    }
    assert_string_equal(harness_got(h, web), "");
    send_bytes(h, web,
               STR("Cookie: this one is too many for the eight kilobytes that a head may have, "
                   "since those before it are eight thousand bytes already, and these are "
                   "more than the rest of it, as a look at the numbers will show\r\n"));
    assert_true(has(h, web, "HTTP/1.1 431 "));
}

static void a_handshake_that_stops_is_closed_by_the_limit(void **state)
{
    struct harness *h = &((struct port *)*state)->h;
    int one = harness_connect(h, 65536);
    int many = harness_connect(h, 65536);
    send_bytes(h, one, STR("\x16"));
    send_bytes(h, many, STR("\x16\x03\x01\x02\x00\x01"));
    for (int i = 0; i < 29; i++) {
        harness_turn(h, 1000);
    }
    assert_int_equal(relay_stats(h->relay).connections, 2);
    assert_int_equal(relay_stats(h->relay).users, 0); // nor did they become plain guests
    assert_string_equal(harness_got(h, one), "");
    harness_turn(h, 2000);
    harness_turn(h, 2000);
    assert_int_equal(relay_stats(h->relay).connections, 0);
}

static void tls_inside_tls_is_refused(void **state)
{
    struct harness *h = &((struct port *)*state)->h;
    int client = connect_tls(h);
    harness_send(h, client, "\x16\x03\x01\x02\x10");
    assert_int_equal(relay_stats(h->relay).connections, 0);
}

static void without_a_certificate_tls_is_refused(void **state)
{
    (void)state;
    struct harness h;
    harness_open(&h, NULL);
    int client = connect_tls(&h);
    harness_turn(&h, 0);
    char byte = 0;
    size_t got = 0;
    assert_int_equal(net_stream_read(h.client[client], &byte, 1, &got), NET_CLOSED);
    assert_int_equal(relay_stats(h.relay).connections, 0);
    harness_close(&h);
}

struct crowd {
    struct net_stream *streams[CROWD];
};

static size_t count_encrypted(struct crowd *crowd)
{
    size_t count = 0;
    for (size_t i = 0; i < CROWD; i++) {
        char byte = 0;
        size_t got = 0;
        (void)net_stream_read(crowd->streams[i], &byte, 1, &got);
        count += net_stream_is_encrypted(crowd->streams[i]) ? 1 : 0;
    }
    return count;
}

// Each turn answers so many handshakes and no more; the room is heard in between, and the loop does
// not sleep before all had theirs.
static void a_crowd_at_the_door_does_not_stall_the_room(void **state)
{
    struct port *port = *state;
    struct harness *h = &port->h;
    struct crowd crowd;
    struct net_tls_expect expect = {0};
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    harness_turn(h, 0);
    harness_drop(h);
    for (size_t i = 0; i < CROWD; i++) {
        struct net_stream *ends[2];
        net_pipe_create(ends, 65536);
        relay_attach(h->relay, ends[0]);
        crowd.streams[i] = net_tls_connect(ends[1], &expect, NULL);
    }
    uint64_t before = net_tls_handshakes(port->tls);
    size_t encrypted = 0;
    int turns = 0;
    for (; turns < 20 && encrypted < CROWD; turns++) {
        size_t done = 0;
        (void)net_stream_write(h->client[leo], "PRIVMSG #party :x\r\n", 19, &done);
        net_loop_wait(h->loop, 0);
        relay_turn(h->relay, h->now_ms, HARNESS_UTC_MS);
        uint64_t steps = net_tls_handshakes(port->tls) - before;
        assert_in_range(steps, 0, SHAKES_LIMIT);
        before += steps;
        encrypted = count_encrypted(&crowd);
        char text[256] = "";
        (void)net_stream_read(h->client[ana], text, sizeof(text) - 1, &done);
        assert_non_null(strstr(text, "PRIVMSG #party :x"));
    }
    assert_int_equal(encrypted, CROWD);
    assert_in_range(turns, CROWD / SHAKES_LIMIT, CROWD / SHAKES_LIMIT + 3);
    for (size_t i = 0; i < CROWD; i++) {
        net_stream_destroy(crowd.streams[i]);
    }
}

// Half a hello in each of many connections costs the others no place in the turn.
static void dribblers_take_no_place(void **state)
{
    struct port *port = *state;
    struct harness *h = &port->h;
    struct crowd crowd;
    for (size_t i = 0; i < CROWD; i++) {
        struct net_stream *ends[2];
        size_t done = 0;
        net_pipe_create(ends, 65536);
        relay_attach(h->relay, ends[0]);
        crowd.streams[i] = ends[1];
        (void)net_stream_write(ends[1], "\x16\x03\x01\x02\x00\x01", 6, &done);
    }
    harness_turn(h, 0);
    int leo = connect_tls(h);
    for (int turn = 0; turn < 4; turn++) {
        for (size_t i = 0; i < CROWD; i++) {
            size_t done = 0;
            (void)net_stream_write(crowd.streams[i], "\x00", 1, &done);
        }
        net_loop_wait(h->loop, 0);
        relay_turn(h->relay, h->now_ms, HARNESS_UTC_MS);
        char byte = 0;
        size_t got = 0;
        (void)net_stream_read(h->client[leo], &byte, 1, &got);
    }
    assert_true(net_stream_is_encrypted(h->client[leo]));
    for (size_t i = 0; i < CROWD; i++) {
        net_stream_destroy(crowd.streams[i]);
    }
}

// A burst that has no room goes out by and by without another word from anybody.
static void nobody_is_let_in_at_the_end(void **state)
{
    struct port *port = *state;
    struct err err = {0};
    struct net_addr any = {.host = "127.0.0.1"};
    assert_true(relay_listen(port->h.relay, &any, &err));
    struct net_endpoint door = {.number = "127.0.0.1", .port = relay_port(port->h.relay)};
    (void)harness_guest(&port->h, "ana", NULL);
    relay_stop(port->h.relay, STR("The party is over"));
    harness_turn(&port->h, 1);
    assert_true(relay_is_done(port->h.relay));
    struct net_stream *late = net_connect(&door, 2000, NULL, &err);
    assert_non_null(late);
    harness_turn(&port->h, 1);
    assert_true(relay_is_done(port->h.relay)); // or the end would wait for them
    net_stream_destroy(late);
}

static void wait_for(struct harness *h, int client, const char *text)
{
    for (int tries = 0; tries < 200 && !harness_has(h, client, text); tries++) {
        net_loop_wait(h->loop, 50); // until bytes are there
        harness_turn(h, 0);
    }
    assert_true(harness_has(h, client, text));
}

// A parameter that begins with a colon is the last one.
static void an_address_is_one_word(void **state)
{
    struct harness *h = &((struct port *)*state)->h;
    struct err err = {0};
    struct net_addr six = {.host = "::1"};
    if (!relay_listen(h->relay, &six, &err)) {
        skip(); // no IPv6 here
    }
    struct net_endpoint door = {.number = "::1", .port = relay_port(h->relay)};
    int eve = harness_connect(h, 16);
    net_stream_destroy(h->client[eve]);
    h->client[eve] = net_connect(&door, 2000, NULL, &err);
    assert_non_null(h->client[eve]);
    harness_send(h, eve, "NICK eve\r\nUSER e 0 * :Eve\r\nJOIN #den\r\n");
    wait_for(h, eve, " 366 ");
    harness_send(h, eve, "WHOIS eve\r\nWHO #den\r\nUSERHOST eve\r\nPING x\r\n");
    wait_for(h, eve, "PONG");
    assert_true(harness_has(h, eve, " 311 eve eve ~e 0::1 * :Eve\r\n"));
    assert_true(harness_has(h, eve, " 352 eve #den ~e 0::1 "));
    assert_true(harness_has(h, eve, " 302 eve :eve=+~e@0::1"));
}

static void the_beacon_does_not_tell_the_seed(void **state)
{
    struct port *port = *state;
    struct net_party heard = {.port = 0};
    struct net_addr any = {.host = "127.0.0.1"};
    struct net_listener *number = net_listener_create(&any, NULL); // a free one, for UDP as well
    struct net_beacon *guest =
        net_beacon_create(net_listener_port(number), NET_SCOPE_LOOPBACK, NULL);
    assert_non_null(guest);
    assert_true(relay_listen(port->h.relay, &any, NULL)); // a party has a port
    assert_true(relay_beacon(port->h.relay, net_listener_port(number), NET_SCOPE_LOOPBACK, NULL));
    for (int tries = 0; tries < 100 && heard.port == 0; tries++) {
        harness_turn(&port->h, 1);
        (void)net_beacon_receive(guest, &heard);
    }
    assert_string_equal(heard.name, "Test");
    assert_int_equal(strlen(heard.instance), 16);
    assert_string_not_equal(heard.instance, "0000000000000001");
    net_beacon_destroy(guest);
    net_listener_destroy(number);
}

static void a_slow_reader_in_tls_gets_all_of_it(void **state)
{
    struct port *port = *state;
    struct harness *h = &port->h;
    struct net_tls_expect expect = {0};
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_connect(h, 700);
    h->client[leo] = net_tls_connect(h->client[leo], &expect, NULL);
    harness_send(h, leo, "NICK leo\r\nUSER leo 0 * :leo\r\nJOIN #party\r\n");
    harness_drop(h);
    for (int i = 0; i < 30; i++) {
        size_t done = 0;
        (void)net_stream_write(h->client[ana], "PRIVMSG #party :0123456789012345678901234\r\n", 43,
                               &done);
    }
    harness_turn(h, 0);
    for (int i = 0; i < 40; i++) {
        harness_turn(h, 1);
    }
    assert_int_equal(harness_times(h, leo, "PRIVMSG #party :0123456789012345678901234\r\n"), 30);
    harness_send(h, leo, "QUIT\r\n");
    harness_turn(h, 1);
    assert_true(has(h, leo, "ERROR :"));
    assert_int_equal(relay_stats(h->relay).connections, 1);
}

#define WITH_PORT(test) cmocka_unit_test_setup_teardown(test, open_port, close_port)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PORT(irc_goes_through_tls),
        WITH_PORT(plain_text_goes_through_tls),
        WITH_PORT(http_goes_through_tls),
        WITH_PORT(irc_goes_through_websocket),
        WITH_PORT(a_closed_tab_is_a_quit),
        WITH_PORT(an_impatient_browser_is_understood),
        WITH_PORT(every_request_gets_its_answer),
        WITH_PORT(slow_heads_are_waited_for_until_the_limit),
        WITH_PORT(a_huge_head_is_refused),
        WITH_PORT(a_handshake_that_stops_is_closed_by_the_limit),
        WITH_PORT(tls_inside_tls_is_refused),
        cmocka_unit_test(without_a_certificate_tls_is_refused),
        WITH_PORT(a_crowd_at_the_door_does_not_stall_the_room),
        WITH_PORT(dribblers_take_no_place),
        WITH_PORT(a_slow_reader_in_tls_gets_all_of_it),
        WITH_PORT(nobody_is_let_in_at_the_end),
        WITH_PORT(an_address_is_one_word),
        WITH_PORT(the_beacon_does_not_tell_the_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

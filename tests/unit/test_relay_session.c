// Registration, capabilities, limits, plain clients, goodbyes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "relay_harness.h"

static void welcome_comes_in_its_order(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    harness_send(h, ana, "NICK ana\r\nUSER a 0 * :Ana\r\n");
    static const char *const burst[] = {" 001 ", " 002 ", " 003 ", " 004 ", " 005 ", " 251 ",
                                        " 255 ", " 265 ", " 266 ", " 375 ", " 372 ", " 376 "};
    const char *at = harness_got(h, ana);
    for (size_t i = 0; i < sizeof(burst) / sizeof(burst[0]); i++) {
        at = strstr(at, burst[i]);
        assert_non_null(at);
    }
}

static void registration_waits_for_cap_end(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    harness_send(h, ana, "CAP LS 302\r\nNICK ana\r\nUSER a 0 * :Ana\r\n");
    assert_true(harness_has(h, ana, "CAP * LS :"));
    assert_false(harness_has(h, ana, " 001 "));
    harness_send(h, ana, "CAP REQ :echo-message nonsense\r\n");
    assert_true(harness_has(h, ana, "NAK :echo-message nonsense\r\n"));
    harness_send(h, ana, "CAP REQ :echo-message server-time -batch\r\nCAP LIST\r\nCAP END\r\n");
    assert_true(harness_has(h, ana, "ACK :echo-message server-time -batch\r\n"));
    assert_true(harness_has(h, ana, "LIST :cap-notify echo-message server-time\r\n"));
    assert_true(harness_has(h, ana, " 001 ana "));
}

static void plain_cap_ls_fits_one_line(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    harness_send(h, ana, "CAP LS\r\n");
    assert_int_equal(harness_times(h, ana, "\r\n"), 1);
    assert_true(strlen(harness_got(h, ana)) <= 512);
    assert_false(harness_has(h, ana, "="));
    harness_send(h, ana, "CAP FOO\r\n");
    assert_true(harness_has(h, ana, " 410 * FOO :"));
}

static void a_nick_belongs_to_one(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "Ana", NULL);
    int leo = harness_connect(h, 65536);
    harness_send(h, leo, "NICK aNA\r\nUSER l 0 * :L\r\n");
    assert_true(harness_has(h, leo, " 433 * aNA :"));
    harness_send(h, leo, "NICK h\xC3\xA9\r\nNICK *\r\nNICK\r\nNICK leo\r\n");
    assert_int_equal(harness_times(h, leo, " 432 "), 2);
    assert_int_equal(harness_times(h, leo, " 431 "), 1);
    assert_true(harness_has(h, leo, " 001 leo "));
    harness_drop(h);
    harness_send(h, ana, "NICK Ana\r\n");
    assert_string_equal(harness_got(h, ana), "");
    harness_send(h, ana, "NICK ANA\r\n");
    assert_true(harness_has(h, ana, ":Ana!~Ana@pipe NICK :ANA\r\n"));
    harness_send(h, ana, "QUIT\r\n");
    harness_drop(h);
    harness_send(h, leo, "NICK ana\r\n");
    assert_true(harness_has(h, leo, "NICK :ana\r\n"));
}

static void lines_have_their_limits(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    char line[700];
    memset(line, 'x', sizeof(line));
    memcpy(line, "PRIVMSG #party :", 16);
    memcpy(line + 510, "\r\n", 3);
    harness_send(h, ana, line);
    assert_false(harness_has(h, ana, " 417 "));
    assert_true(harness_has(h, leo, "xxxx"));
    assert_true(strlen(harness_got(h, leo)) <= 512);
    memcpy(line + 510, "x\r\n", 4);
    harness_drop(h);
    harness_send(h, ana, line);
    assert_true(harness_has(h, ana, " 417 ana "));
    assert_string_equal(harness_got(h, leo), "");
    harness_send(h, ana, "PING still\r\n");
    assert_true(harness_has(h, ana, "PONG ronron.party :still\r\n"));
}

static void endless_line_closes_only_its_sender(void **state)
{
    struct harness *h = *state;
    static char flood[40001];
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    memset(flood, 'x', sizeof(flood) - 1);
    harness_send(h, ana, flood);
    harness_turn(h, 2000);
    assert_true(harness_has(h, leo, ":ana!~ana@pipe QUIT :Line too long\r\n"));
    assert_int_equal(relay_stats(h->relay).connections, 1);
}

static void invalid_utf8_changes_nothing(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    harness_send(h, ana, "PRIVMSG #party :caf\xE9\r\nTOPIC #party :\xFF\r\n");
    assert_true(harness_has(h, ana, "FAIL PRIVMSG INVALID_UTF8 :"));
    assert_true(harness_has(h, ana, "FAIL TOPIC INVALID_UTF8 :"));
    assert_string_equal(harness_got(h, leo), "");
}

static void silent_connections_become_plain_listeners(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int cat = harness_connect(h, 65536);
    harness_turn(h, 1000);
    assert_string_equal(harness_got(h, cat), "");
    harness_turn(h, 600);
    assert_true(harness_has(h, cat, "You are Guest1"));
    assert_true(harness_has(h, ana, ":Guest1!plain@pipe JOIN #party\r\n"));
    harness_send(h, ana, "PRIVMSG #party :bonjour \x02tout\x02\r\n");
    assert_true(harness_has(h, cat, "ana: bonjour tout\n"));
    harness_drop(h);
    harness_send(h, cat, "CAP LS 302\r\nNICK late\r\nUSER l 0 * :l\r\nCAP END\r\n");
    assert_true(harness_has(h, ana, ":Guest1!plain@pipe QUIT :"));
    assert_true(harness_has(h, cat, " 001 late "));
}

static void plain_text_needs_no_newline(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int one = harness_connect(h, 65536);
    int two = harness_connect(h, 65536);
    harness_send(h, one, "salut");
    assert_false(harness_has(h, ana, "salut"));
    harness_turn(h, 60);
    assert_true(harness_has(h, ana, ":Guest1!plain@pipe PRIVMSG #party :salut\r\n"));
    harness_send(h, two, "hello you\nsecond\x07 line\xFF\n");
    harness_turn(h, 60);
    assert_true(harness_has(h, one, "Guest2: hello you\nGuest2: second line\xEF\xBF\xBD\n"));
    assert_false(harness_has(h, two, "Guest2: hello"));
    harness_send(h, one, "/nick Leo\n");
    assert_true(harness_has(h, two, "* Guest1 is now Leo\n"));
    harness_send(h, one, "/nick ana\n");
    assert_true(harness_has(h, one, "Somebody else is called ana"));
    harness_send(h, one, "/quit\n");
    harness_turn(h, 0);
    assert_true(harness_has(h, ana, ":Leo!plain@pipe QUIT :Leaving\r\n"));
    assert_true(harness_has(h, two, "* Leo left (Leaving)\n"));
}

static void browsers_are_told_and_closed(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int web = harness_connect(h, 65536);
    harness_send(h, web, "POST / HTTP/1.1\r\nHost: x\r\n\r\nPRIVMSG #party :spam\r\n");
    harness_turn(h, 1500);
    assert_true(harness_has(h, web, "HTTP/1.1 405 "));
    assert_string_equal(harness_got(h, ana), "");
    assert_int_equal(relay_stats(h->relay).connections, 1);
}

static void locked_party_wants_the_pin(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.password = STR("1234"), .seed = 1};
    harness_open(&h, &config);
    int good = harness_connect(&h, 65536);
    int wrong = harness_connect(&h, 65536);
    int none = harness_connect(&h, 65536);
    int plain = harness_connect(&h, 65536);
    harness_send(&h, good, "PASS 1234\r\nNICK a\r\nUSER a 0 * :a\r\n");
    harness_send(&h, wrong, "PASS 1\r\nNICK b\r\nUSER b 0 * :b\r\n");
    harness_send(&h, none, "NICK c\r\nUSER c 0 * :c\r\n");
    harness_send(&h, plain, "hello\n");
    harness_turn(&h, 100);
    assert_true(harness_has(&h, good, " 001 a "));
    assert_true(harness_has(&h, wrong, " 464 b ") && harness_has(&h, wrong, "ERROR :"));
    assert_false(harness_has(&h, wrong, " 001 "));
    assert_true(harness_has(&h, none, " 464 c "));
    assert_true(harness_has(&h, plain, "locked"));
    harness_close(&h);
}

static void a_sleeper_is_dropped_and_the_others_told(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.limits = relay_limits_normal(), .seed = 1};
    harness_open(&h, &config);
    int ana = harness_guest(&h, "ana", NULL);
    int leo = harness_guest(&h, "leo", NULL);
    // The sleeper's end is never read by the harness: its pipe fills, then its queue.
    struct net_stream *ends[2];
    net_pipe_create(ends, 4096);
    relay_attach(h.relay, ends[0]);
    size_t done = 0;
    static const char hello[] = "NICK zed\r\nUSER z 0 * :z\r\nJOIN #party\r\n";
    assert_int_equal(net_stream_write(ends[1], hello, sizeof(hello) - 1, &done), NET_OK);
    harness_turn(&h, 0);
    harness_drop(&h);
    size_t lines = 0;
    while (!harness_has(&h, leo, "QUIT :Does not read") && lines < 10000) {
        char text[460];
        memset(text, 'x', sizeof(text));
        memcpy(text, "PRIVMSG #party :", 16);
        memcpy(text + sizeof(text) - 3, "\r\n", 3);
        harness_send(&h, ana, text);
        harness_turn(&h, 500);
        lines++;
        if (lines % 50 == 0) { // both are alive, one only does not read
            harness_send(&h, leo, "PONG x\r\n");
            (void)net_stream_write(ends[1], "PONG x\r\n", 8, &done);
        }
    }
    assert_true(lines > 2000 && lines < 10000); // about 1 MB
    assert_int_equal(harness_times(&h, leo, "PRIVMSG #party :xxx"), lines);
    assert_int_equal(relay_stats(h.relay).dropped, 1);
    net_stream_destroy(ends[1]);
    harness_close(&h);
}

static void flooders_are_closed_with_a_reason(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.limits = relay_limits_normal(), .seed = 1};
    harness_open(&h, &config);
    int ana = harness_guest(&h, "ana", NULL);
    int leo = harness_guest(&h, "leo", NULL);
    for (int i = 0; i < 60 && !harness_has(&h, leo, "QUIT"); i++) {
        harness_send(&h, ana, "PRIVMSG #party :spam\r\n");
    }
    assert_true(harness_has(&h, leo, ":ana!~ana@pipe QUIT :Too many messages at once\r\n"));
    harness_close(&h);
}

static void silence_is_pinged_and_then_closed(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    harness_turn(h, 59000);
    assert_string_equal(harness_got(h, ana), "");
    harness_turn(h, 1500);
    assert_string_equal(harness_got(h, ana), "PING :ronron.party\r\n");
    harness_send(h, leo, "PONG x\r\n");
    harness_turn(h, 60000);
    assert_true(harness_has(h, leo, ":ana!~ana@pipe QUIT :Ping timeout\r\n"));
}

static void a_broken_link_is_told_with_its_reason(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    harness_hang_up(h, ana);
    assert_true(harness_has(h, leo, ":ana!~ana@pipe QUIT :Connection closed\r\n"));
    assert_int_equal(relay_stats(h->relay).users, 1);
}

static void stopping_tells_everybody(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int cat = harness_connect(h, 65536);
    harness_send(h, cat, "hi\n");
    relay_stop(h->relay, STR("The party is over"));
    harness_turn(h, 0);
    assert_true(harness_has(h, ana, "ERROR :Closing link: pipe (The party is over)\r\n"));
    assert_true(harness_has(h, cat, "* The party is over\n"));
    assert_true(relay_is_done(h->relay));
}

#define WITH_RELAY(test) cmocka_unit_test_setup_teardown(test, harness_setup, harness_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RELAY(welcome_comes_in_its_order),
        WITH_RELAY(registration_waits_for_cap_end),
        WITH_RELAY(plain_cap_ls_fits_one_line),
        WITH_RELAY(a_nick_belongs_to_one),
        WITH_RELAY(lines_have_their_limits),
        WITH_RELAY(endless_line_closes_only_its_sender),
        WITH_RELAY(invalid_utf8_changes_nothing),
        WITH_RELAY(silent_connections_become_plain_listeners),
        WITH_RELAY(plain_text_needs_no_newline),
        WITH_RELAY(browsers_are_told_and_closed),
        cmocka_unit_test(locked_party_wants_the_pin),
        cmocka_unit_test(a_sleeper_is_dropped_and_the_others_told),
        cmocka_unit_test(flooders_are_closed_with_a_reason),
        WITH_RELAY(silence_is_pinged_and_then_closed),
        WITH_RELAY(a_broken_link_is_told_with_its_reason),
        WITH_RELAY(stopping_tells_everybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

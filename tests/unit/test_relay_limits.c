// Limits: who may come in, how fast, and what the refused are told.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net_addr.h"
#include "relay_harness.h"

static void open_with(struct harness *h, struct relay_limits limits)
{
    struct relay_config config = {.limits = limits, .seed = 1};
    harness_open(h, &config);
}

static void send_times(struct harness *h, int client, const char *text, int count)
{
    for (int i = 0; i < count; i++) {
        harness_send(h, client, text);
    }
}

static void a_burst_passes_and_one_more_does_not(void **state)
{
    (void)state;
    struct harness h;
    open_with(&h, (struct relay_limits){.messages_per_s = 1, .burst = 10});
    int leo = harness_guest(&h, "leo", NULL); // NICK, USER and JOIN cost five
    send_times(&h, leo, "VERSION\r\n", 5);
    assert_false(harness_has(&h, leo, "ERROR"));
    harness_send(&h, leo, "VERSION\r\n");
    assert_true(harness_has(&h, leo, "ERROR :Closing link: pipe (Too many messages at once)\r\n"));
    assert_int_equal(relay_stats(h.relay).dropped, 1);
    harness_close(&h);
}

static void a_steady_talker_at_the_rate_is_never_closed(void **state)
{
    (void)state;
    struct harness h;
    open_with(&h, (struct relay_limits){.messages_per_s = 2, .burst = 6});
    int leo = harness_guest(&h, "leo", NULL);
    for (int i = 0; i < 100; i++) {
        harness_turn(&h, 500);
        harness_send(&h, leo, "PRIVMSG #party :hello\r\n");
    }
    assert_false(harness_has(&h, leo, "ERROR"));
    send_times(&h, leo, "PRIVMSG #party :hello\r\n", 7);
    assert_true(harness_has(&h, leo, "ERROR"));
    harness_close(&h);
}

static void ping_and_pong_cost_nothing(void **state)
{
    (void)state;
    struct harness h;
    open_with(&h, (struct relay_limits){.messages_per_s = 1, .burst = 6});
    int leo = harness_guest(&h, "leo", NULL);
    send_times(&h, leo, "PING x\r\n", 50);
    assert_false(harness_has(&h, leo, "ERROR"));
    harness_close(&h);
}

static void too_many_bytes_are_said_so(void **state)
{
    (void)state;
    struct harness h;
    open_with(&h, (struct relay_limits){.bytes_per_s = 1000});
    int leo = harness_guest(&h, "leo", NULL);
    char line[501];
    (void)snprintf(line, sizeof(line), "PING %0493d\r\n", 1);
    send_times(&h, leo, line, 120); // 60 000 of 65 536
    assert_false(harness_has(&h, leo, "ERROR"));
    send_times(&h, leo, line, 15);
    assert_true(harness_has(&h, leo, "(Too many bytes at once)"));
    harness_close(&h);
}

static void connections_of_one_address_are_counted_and_freed(void **state)
{
    (void)state;
    struct harness h;
    open_with(&h, (struct relay_limits){.connections = 2});
    int ana = harness_guest(&h, "ana", NULL);
    int leo = harness_guest(&h, "leo", NULL);
    int zed = harness_connect(&h, 65536);
    harness_send(&h, zed, "NICK zed\r\nUSER z 0 * :z\r\n");
    assert_true(harness_has(
        &h, zed, "ERROR :Closing link: pipe (Too many connections from your address)\r\n"));
    assert_false(harness_has(&h, zed, " 001 "));
    harness_hang_up(&h, ana);
    int mia = harness_connect(&h, 65536);
    harness_send(&h, mia, "NICK mia\r\nUSER m 0 * :m\r\n");
    assert_true(harness_has(&h, mia, " 001 mia "));
    assert_false(harness_has(&h, leo, "ERROR"));
    harness_close(&h);
}

static void a_full_party_says_so_and_has_room_again_later(void **state)
{
    (void)state;
    struct harness h;
    open_with(&h, (struct relay_limits){.clients = 1});
    int ana = harness_guest(&h, "ana", NULL);
    int irc = harness_connect(&h, 65536);
    int plain = harness_connect(&h, 65536);
    int silent = harness_connect(&h, 65536);
    harness_send(&h, irc, "CAP LS 302\r\n");
    assert_string_equal(harness_got(&h, irc), "ERROR :Closing link: pipe (The party is full)\r\n");
    harness_send(&h, plain, "hello\n");
    assert_string_equal(harness_got(&h, plain), "* The party is full\n");
    harness_turn(&h, 1600);
    assert_string_equal(harness_got(&h, silent), "* The party is full\n");
    harness_hang_up(&h, ana);
    int leo = harness_connect(&h, 65536);
    harness_send(&h, leo, "NICK leo\r\nUSER l 0 * :l\r\n");
    assert_true(harness_has(&h, leo, " 001 leo "));
    harness_close(&h);
}

static void the_refused_cannot_stay_by_saying_half_a_word(void **state)
{
    (void)state;
    struct harness h;
    open_with(&h, (struct relay_limits){.clients = 1});
    (void)harness_guest(&h, "ana", NULL);
    int half = harness_connect(&h, 65536);
    harness_send(&h, half, "NICK ");
    harness_turn(&h, 3100);
    assert_true(harness_has(&h, half, "The party is full"));
    assert_int_equal(relay_stats(h.relay).connections, 1);
    harness_close(&h);
}

static void newcomers_of_one_address_wait_a_minute(void **state)
{
    (void)state;
    struct harness h;
    open_with(&h, (struct relay_limits){.registrations = 2});
    harness_hang_up(&h, harness_guest(&h, "ana", NULL));
    harness_hang_up(&h, harness_guest(&h, "leo", NULL));
    int zed = harness_connect(&h, 65536);
    harness_send(&h, zed, "NICK zed\r\nUSER z 0 * :z\r\n");
    assert_true(harness_has(&h, zed, "(Too many newcomers from your address, come back"));
    int plain = harness_connect(&h, 65536);
    harness_send(&h, plain, "hello\n");
    assert_true(harness_has(&h, plain, "* Too many newcomers from your address, come back"));
    harness_turn(&h, 30000);
    int mia = harness_connect(&h, 65536);
    harness_send(&h, mia, "NICK mia\r\nUSER m 0 * :m\r\n");
    assert_true(harness_has(&h, mia, " 001 mia "));
    harness_close(&h);
}

static void without_limits_nobody_is_refused(void **state)
{
    (void)state;
    struct harness h;
    open_with(&h, (struct relay_limits){0});
    int clients[HARNESS_CLIENTS];
    for (int i = 0; i < HARNESS_CLIENTS; i++) {
        char nick[8];
        (void)snprintf(nick, sizeof(nick), "n%d", i);
        clients[i] = harness_guest(&h, nick, NULL);
    }
    send_times(&h, clients[0], "VERSION\r\n", 500);
    assert_false(harness_has(&h, clients[0], "ERROR"));
    assert_int_equal(relay_stats(h.relay).users, HARNESS_CLIENTS);
    harness_close(&h);
}

static void limits_can_change_while_people_talk(void **state)
{
    (void)state;
    struct harness h;
    open_with(&h, (struct relay_limits){0});
    int leo = harness_guest(&h, "leo", NULL);
    struct relay_config config = {.limits = {.messages_per_s = 1, .burst = 3}, .seed = 1};
    assert_true(relay_reload(h.relay, &config, NULL));
    harness_turn(&h, 5000); // his purse fills first
    send_times(&h, leo, "VERSION\r\n", 3);
    assert_false(harness_has(&h, leo, "ERROR"));
    harness_send(&h, leo, "VERSION\r\n");
    assert_true(harness_has(&h, leo, "ERROR"));
    harness_close(&h);
}

static void the_network_of_an_address_is_what_counts(void **state)
{
    (void)state;
    char out[64];
    net_addr_network(STR("192.168.1.7"), out, sizeof(out));
    assert_string_equal(out, "192.168.1.7");
    net_addr_network(STR("2001:db8:1:2:3:4:5:6"), out, sizeof(out));
    assert_string_equal(out, "2001:db8:1:2::");
    net_addr_network(STR("pipe"), out, sizeof(out));
    assert_string_equal(out, "pipe");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_passes_and_one_more_does_not),
        cmocka_unit_test(a_steady_talker_at_the_rate_is_never_closed),
        cmocka_unit_test(ping_and_pong_cost_nothing),
        cmocka_unit_test(too_many_bytes_are_said_so),
        cmocka_unit_test(connections_of_one_address_are_counted_and_freed),
        cmocka_unit_test(a_full_party_says_so_and_has_room_again_later),
        cmocka_unit_test(the_refused_cannot_stay_by_saying_half_a_word),
        cmocka_unit_test(newcomers_of_one_address_wait_a_minute),
        cmocka_unit_test(without_limits_nobody_is_refused),
        cmocka_unit_test(limits_can_change_while_people_talk),
        cmocka_unit_test(the_network_of_an_address_is_what_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

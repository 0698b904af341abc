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
#include "relay_parts.h"

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

static int come(struct harness *h)
{
    int client = harness_connect(h, 65536);
    harness_send(h, client, "NICK zed\r\nUSER z 0 * :z\r\n");
    return client;
}

static void trying_all_the_time_keeps_nobody_out_for_good(void **state)
{
    (void)state;
    struct harness h;
    open_with(&h, (struct relay_limits){.registrations = 1});
    harness_hang_up(&h, harness_guest(&h, "ana", NULL));
    for (int i = 0; i < 5999; i++) {
        harness_turn(&h, 10);
        int zed = come(&h);
        assert_true(harness_has(&h, zed, "(Too many newcomers"));
        harness_forget(&h, zed);
    }
    harness_turn(&h, 10);
    assert_true(harness_has(&h, come(&h), " 001 zed "));
    harness_close(&h);
}

static void who_comes_once_counts_once(void **state)
{
    (void)state;
    struct harness h;
    open_with(&h, (struct relay_limits){.registrations = 1});
    int zed = harness_connect(&h, 65536);
    harness_turn(&h, 1600);
    assert_true(harness_has(&h, zed, "You are Guest1"));
    harness_send(&h, zed, "NICK zed\r\nUSER z 0 * :z\r\n"); // it was a slow one
    assert_true(harness_has(&h, zed, " 001 zed "));
    harness_hang_up(&h, zed);
    assert_true(harness_has(&h, come(&h), "(Too many newcomers"));
    harness_close(&h);
}

static void who_takes_a_nick_back_is_a_newcomer_too(void **state)
{
    (void)state;
    struct harness h;
    open_with(&h, (struct relay_limits){.registrations = 2});
    char again[128];
    int one = harness_connect(&h, 65536);
    harness_send(&h, one, "RESUME *\r\nNICK zed\r\nUSER z 0 * :z\r\n");
    const char *token = strstr(harness_got(&h, one), "RESUME TOKEN ");
    assert_non_null(token);
    (void)snprintf(again, sizeof(again), "RESUME %.32s\r\nUSER y 0 * :z\r\n",
                   token + sizeof("RESUME TOKEN ") - 1);
    for (int i = 0; i < 2; i++) {
        int client = harness_connect(&h, 65536);
        harness_send(&h, client, again);
        assert_true(harness_has(&h, client, i == 0 ? " 001 zed " : "(Too many newcomers"));
    }
    harness_close(&h);
}

static void a_rate_without_a_burst_takes_a_second_at_once(void **state)
{
    (void)state;
    struct harness h;
    open_with(&h, (struct relay_limits){.messages_per_s = 5});
    int leo = harness_guest(&h, "leo", NULL); // five
    assert_int_equal(relay_stats(h.relay).users, 1);
    harness_send(&h, leo, "VERSION\r\n");
    assert_true(harness_has(&h, leo, "(Too many messages at once)"));
    harness_close(&h);
}

// Failed tries of an address; relay_slow.c.
static struct relay slow_relay(uint64_t seed)
{
    return (struct relay){.now_ms = 1000, .limits = relay_limits_normal(), .seed = seed};
}

static struct relay_client from(const char *host)
{
    struct relay_client client = {.tries = 0};
    (void)str_copy(client.host, sizeof(client.host), str_from(host));
    return client;
}

static void exhaust(struct relay *relay, const struct relay_client *client)
{
    for (int i = 0; i < 10; i++) {
        assert_true(relay_slow_may(relay, client, RELAY_SLOW_ACCOUNTS));
        relay_slow_pay(relay, client, RELAY_SLOW_ACCOUNTS, RELAY_SLOW_FAILURE);
    }
}

static void tries_are_those_of_a_network(void **state)
{
    (void)state;
    struct relay relay = slow_relay(77);
    struct relay_client one = from("2001:db8:1:2::1"), two = from("2001:db8:1:2:ffff::9");
    exhaust(&relay, &one);
    assert_false(relay_slow_may(&relay, &one, RELAY_SLOW_ACCOUNTS));
    assert_false(relay_slow_may(&relay, &two, RELAY_SLOW_ACCOUNTS)); // the same person's
    relay.now_ms += 6000;
    assert_true(relay_slow_may(&relay, &two, RELAY_SLOW_ACCOUNTS));
}

static bool shares(uint64_t seed, int number)
{
    char host[32];
    struct relay relay = slow_relay(seed);
    struct relay_client victim = from("192.168.1.7");
    (void)snprintf(host, sizeof(host), "10.0.%d.%d", number / 256, number % 256);
    struct relay_client other = from(host);
    exhaust(&relay, &other);
    return !relay_slow_may(&relay, &victim, RELAY_SLOW_ACCOUNTS);
}

static void whom_an_address_shares_tries_with_is_a_secret(void **state)
{
    (void)state;
    int number = 0;
    uint64_t seed = 2;
    while (number < 4096 && !shares(1, number)) {
        number++;
    }
    assert_true(number < 4096);
    while (seed < 16 && shares(seed, number)) {
        seed++;
    }
    assert_true(seed < 16);
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
        cmocka_unit_test(trying_all_the_time_keeps_nobody_out_for_good),
        cmocka_unit_test(who_comes_once_counts_once),
        cmocka_unit_test(who_takes_a_nick_back_is_a_newcomer_too),
        cmocka_unit_test(a_rate_without_a_burst_takes_a_second_at_once),
        cmocka_unit_test(tries_are_those_of_a_network),
        cmocka_unit_test(whom_an_address_shares_tries_with_is_a_secret),
        cmocka_unit_test(without_limits_nobody_is_refused),
        cmocka_unit_test(limits_can_change_while_people_talk),
        cmocka_unit_test(the_network_of_an_address_is_what_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// Settings that change while people talk.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net_connect.h"
#include "relay_harness.h"

static void a_reload_keeps_everybody_and_changes_what_newcomers_see(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    struct relay_config config = {
        .name = STR("Chez Léo"), .motd = STR("Salut\nBonsoir"), .seed = 1};
    assert_true(relay_reload(h->relay, &config, NULL));
    harness_turn(h, 0);
    assert_string_equal(harness_got(h, ana), "");
    harness_send(h, ana, "MOTD\r\n");
    assert_true(harness_has(h, ana, ":- Salut\r\n"));
    assert_true(harness_has(h, ana, ":- Bonsoir\r\n"));
    int leo = harness_connect(h, 65536);
    harness_send(h, leo, "NICK leo\r\nUSER l 0 * :l\r\n");
    assert_true(harness_has(h, leo, "Welcome to Chez Léo, leo"));
}

static void a_reload_locks_the_party_for_newcomers_only(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    struct relay_config config = {.password = STR("4711"), .seed = 1};
    assert_true(relay_reload(h->relay, &config, NULL));
    harness_send(h, ana, "PRIVMSG #party :still here\r\n");
    assert_false(harness_has(h, ana, "ERROR"));
    int leo = harness_connect(h, 65536);
    harness_send(h, leo, "NICK leo\r\nUSER l 0 * :l\r\n");
    assert_true(harness_has(h, leo, " 464 leo "));
    int mia = harness_connect(h, 65536);
    harness_send(h, mia, "PASS 4711\r\nNICK mia\r\nUSER m 0 * :m\r\n");
    assert_true(harness_has(h, mia, " 001 mia "));
}

static void a_bad_text_changes_nothing(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    struct relay_config config = {.name = STR("Bad"), .motd = STR("a\rb"), .seed = 1};
    struct err err = {0};
    assert_false(relay_reload(h->relay, &config, &err));
    assert_string_not_equal(err.text, "");
    harness_send(h, ana, "MOTD\r\n");
    assert_true(harness_has(h, ana, "Welcome to Test"));
}

static void hosts_of_the_lobby_hear_what_the_relay_cannot_do(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.notice = STR("No history: the disk is full"), .seed = 1};
    harness_open(&h, &config);
    int ana = harness_connect(&h, 65536);
    harness_send(&h, ana, "NICK ana\r\nUSER a 0 * :a\r\nJOIN #party\r\n");
    assert_true(harness_has(&h, ana, ":ronron.party NOTICE ana :No history: the disk is full\r\n"));
    int leo = harness_connect(&h, 65536);
    harness_send(&h, leo, "NICK leo\r\nUSER l 0 * :l\r\nJOIN #party\r\n");
    assert_false(harness_has(&h, leo, "No history")); // he is no host
    harness_drop(&h);
    relay_tell_hosts(h.relay, STR("The disk has room again"));
    harness_turn(&h, 0);
    assert_string_equal(harness_got(&h, ana),
                        ":ronron.party NOTICE ana :The disk has room again\r\n");
    assert_string_equal(harness_got(&h, leo), "");
    harness_close(&h);
}

static void listeners_come_and_go_by_address(void **state)
{
    struct harness *h = *state;
    struct net_addr one = {.host = "127.0.0.1"};
    struct net_addr two[2] = {{.host = "127.0.0.2"}, {.host = "127.0.0.1"}};
    struct err err = {0};
    assert_true(relay_listen(h->relay, &one, NULL));
    uint16_t port = relay_port(h->relay);
    assert_true(relay_listen_only(h->relay, two, 2, NULL));
    assert_int_equal(relay_port(h->relay), port); // the one that stayed did not move
    struct net_addr bad[2] = {{.host = "127.0.0.3"}, {.host = "192.0.2.1"}};
    assert_false(relay_listen_only(h->relay, bad, 2, &err)); // not an address of this machine
    assert_int_equal(relay_port(h->relay), port);
    assert_true(relay_listen_only(h->relay, two, 1, NULL));
    assert_int_not_equal(relay_port(h->relay), port);
}

static void an_address_with_the_same_port_takes_it_over(void **state)
{
    struct harness *h = *state;
    struct net_addr all = {.host = "0.0.0.0"};
    assert_true(relay_listen(h->relay, &all, NULL)); // a port that is free
    uint16_t port = relay_port(h->relay);
    struct net_addr same = {.host = "127.0.0.1", .port = port};
    all.port = port;
    assert_true(relay_listen_only(h->relay, NULL, 0, NULL));
    assert_true(relay_listen(h->relay, &all, NULL));
    assert_true(relay_listen_only(h->relay, &same, 1, NULL));
    assert_int_equal(relay_port(h->relay), port);
    assert_memory_equal(relay_address(h->relay, 0), "127.0.0.1:", 10);
}

static void a_change_of_addresses_that_fails_changes_nothing(void **state)
{
    struct harness *h = *state;
    struct net_addr all = {.host = "0.0.0.0"}, bad = {.host = "192.0.2.77", .port = 6667};
    assert_true(relay_listen(h->relay, &all, NULL)); // a port that is free
    all.port = relay_port(h->relay);
    assert_true(relay_listen_only(h->relay, NULL, 0, NULL));
    struct net_addr before[] = {{.host = "127.0.0.1", .port = all.port}, {.host = "127.0.0.2"}};
    assert_true(relay_listen_only(h->relay, before, 2, NULL));
    struct net_addr wanted[] = {{.host = "127.0.0.3"}, all, bad};
    struct err err = {0};
    assert_false(relay_listen_only(h->relay, wanted, 3, &err)); // bad is no address of ours
    assert_null(strstr(err.text, "127.0.0.1"));
    assert_int_equal(relay_port(h->relay), all.port);
    assert_memory_equal(relay_address(h->relay, 0), "127.0.0.1:", 10);
    // What makes way last is nobody's loss either.
    struct net_addr twice[] = {all, {.host = "192.0.2.77", .port = all.port}};
    assert_false(relay_listen_only(h->relay, twice, 2, &err));
    assert_int_equal(relay_port(h->relay), all.port);
    assert_memory_equal(relay_address(h->relay, 0), "127.0.0.1:", 10);
    struct net_endpoint endpoint = {.number = "127.0.0.1", .port = all.port};
    struct net_stream *guest = net_connect(&endpoint, 2000, NULL, NULL);
    assert_non_null(guest);
    harness_turn(h, 0);
    assert_int_equal(relay_stats(h->relay).connections, 1);
    net_stream_destroy(guest);
    assert_true(relay_listen_only(h->relay, before, 2, NULL));
    assert_true(relay_listen_only(h->relay, &before[1], 1, NULL));
    assert_memory_equal(relay_address(h->relay, 0), "127.0.0.2:", 10);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, harness_setup, harness_teardown)
    const struct CMUnitTest tests[] = {
        ROW(a_reload_keeps_everybody_and_changes_what_newcomers_see),
        ROW(a_reload_locks_the_party_for_newcomers_only),
        ROW(a_bad_text_changes_nothing),
        cmocka_unit_test(hosts_of_the_lobby_hear_what_the_relay_cannot_do),
        ROW(listeners_come_and_go_by_address),
        ROW(an_address_with_the_same_port_takes_it_over),
        ROW(a_change_of_addresses_that_fails_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

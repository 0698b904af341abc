// Lines said in one turn reach everybody in one order, whatever form each gets them in and whatever
// comes between.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "relay_harness.h"

// Writes without letting the relay turn.
static void put(struct harness *h, int client, const char *text)
{
    size_t done = 0;
    assert_int_equal(net_stream_write(h->client[client], text, strlen(text), &done), NET_OK);
    assert_int_equal(done, strlen(text));
}

// The texts of all messages, "a b c ".
static const char *texts(struct harness *h, int client, char out[512])
{
    size_t len = 0;
    for (const char *at = harness_got(h, client); (at = strstr(at, " PRIVMSG ")) != NULL; at++) {
        const char *text = strstr(at, " :") + 2;
        len += (size_t)snprintf(out + len, 512 - len, "%.*s ", (int)strcspn(text, "\r"), text);
    }
    out[len] = '\0';
    return out;
}

static void a_turn_of_talk_reaches_all_but_those_who_said_it(void **state)
{
    struct harness *h = *state;
    char got[512];
    int ana = harness_guest(h, "ana", NULL);
    int bea = harness_guest(h, "bea", "echo-message");
    int cat = harness_guest(h, "cat", "server-time message-tags");
    int dan = harness_guest(h, "dan", "server-time account-tag");
    put(h, ana, "PRIVMSG #party :1\r\nPRIVMSG #party :2\r\n");
    put(h, bea, "PRIVMSG #party :3\r\n");
    put(h, ana, "PRIVMSG #party :4\r\n");
    put(h, cat, "PRIVMSG #party :5\r\nPRIVMSG #party :6\r\n");
    harness_turn(h, 0);
    assert_string_equal(texts(h, ana, got), "3 5 6 ");
    assert_string_equal(texts(h, bea, got), "1 2 4 3 5 6 ");
    assert_string_equal(texts(h, cat, got), "1 2 4 3 ");
    assert_string_equal(texts(h, dan, got), "1 2 4 3 5 6 ");
}

static void what_comes_between_stays_between(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "echo-message labeled-response batch");
    int bea = harness_guest(h, "bea", NULL);
    put(h, ana,
        "PRIVMSG #party :1\r\nPING a\r\n@label=x PRIVMSG #party :2\r\nTOPIC #party :3\r\n"
        "PRIVMSG bea :4\r\nPRIVMSG #party :5\r\nPART #party\r\nJOIN #party\r\n"
        "PRIVMSG #party :6\r\n");
    harness_turn(h, 0);
    const char *const at_ana[] = {" :1\r\n", " PONG ",  "@label=x ", " :2\r\n", " :3\r\n",
                                  " bea :4", " :5\r\n", " PART ",    " :6\r\n"};
    const char *const at_bea[] = {" :1\r\n", " :2\r\n", " :3\r\n", " bea :4\r\n",
                                  " :5\r\n", " PART ",  " JOIN ",  " :6\r\n"};
    const char *at = harness_got(h, ana);
    for (size_t i = 0; i < sizeof(at_ana) / sizeof(at_ana[0]); i++) {
        at = strstr(at, at_ana[i]);
        assert_non_null(at);
    }
    at = harness_got(h, bea);
    for (size_t i = 0; i < sizeof(at_bea) / sizeof(at_bea[0]); i++) {
        at = strstr(at, at_bea[i]);
        assert_non_null(at);
    }
    assert_int_equal(harness_times(h, ana, " :2\r\n"), 1);
}

static void two_rooms_in_turn_keep_their_order(void **state)
{
    struct harness *h = *state;
    char got[512];
    int ana = harness_guest(h, "ana", NULL);
    int bea = harness_guest(h, "bea", NULL);
    harness_send(h, ana, "JOIN #b\r\n");
    harness_send(h, bea, "JOIN #b\r\n");
    harness_drop(h);
    put(h, ana, "PRIVMSG #party :1\r\nPRIVMSG #b :2\r\nPRIVMSG #party :3\r\nPRIVMSG #b :4\r\n");
    harness_turn(h, 0);
    assert_string_equal(texts(h, bea, got), "1 2 3 4 ");
    assert_string_equal(texts(h, ana, got), "");
}

static void one_who_changes_its_capabilities_gets_the_rest_in_the_new_form(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int bea = harness_guest(h, "bea", NULL);
    put(h, ana, "PRIVMSG #party :1\r\n");
    put(h, bea, "CAP REQ :server-time\r\nPRIVMSG #party :x\r\n");
    harness_turn(h, 0);
    put(h, ana, "PRIVMSG #party :2\r\n");
    harness_turn(h, 0);
    const char *first = strstr(harness_got(h, bea), ":ana!~ana@pipe PRIVMSG #party :1\r\n");
    assert_non_null(first);
    assert_true(first == harness_got(h, bea)); // no tag before it
    assert_true(harness_has(h, bea, "Z :ana!~ana@pipe PRIVMSG #party :2\r\n"));
}

static void a_farewell_in_the_turn_gives_nobody_their_own_words(void **state)
{
    struct harness *h = *state;
    char got[512];
    int ana = harness_guest(h, "ana", NULL);
    int bea = harness_guest(h, "bea", NULL);
    int cat = harness_guest(h, "cat", NULL);
    put(h, ana, "PRIVMSG #party :1\r\n");
    harness_hang_up(h, bea); // read after ana: her friends are gathered while the run is open
    harness_turn(h, 0);
    assert_true(harness_has(h, ana, " QUIT "));
    assert_string_equal(texts(h, ana, got), "");
    assert_string_equal(texts(h, cat, got), "1 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_turn_of_talk_reaches_all_but_those_who_said_it,
                                        harness_setup, harness_teardown),
        cmocka_unit_test_setup_teardown(what_comes_between_stays_between, harness_setup,
                                        harness_teardown),
        cmocka_unit_test_setup_teardown(a_farewell_in_the_turn_gives_nobody_their_own_words,
                                        harness_setup, harness_teardown),
        cmocka_unit_test_setup_teardown(two_rooms_in_turn_keep_their_order, harness_setup,
                                        harness_teardown),
        cmocka_unit_test_setup_teardown(
            one_who_changes_its_capabilities_gets_the_rest_in_the_new_form, harness_setup,
            harness_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

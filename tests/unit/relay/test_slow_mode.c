// Mode f, slow mode: who has no rank speaks once in so many seconds.
#include "expect.h"

static void it_is_announced_and_shown(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "ISUPPORT");
    HAS(h, ana, " CHANMODES=beI,k,fl,Cimnst ");
    ask(h, ana, "MODE #party +f 10");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #party +f 10");
    ask(h, ana, "MODE #party");
    EXPECT(h, ana, S "324 ana #party +ntf 10", S "329 ana #party {}");
    ask(h, ana, "MODE #party +f 10");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "MODE #party -f");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #party -f");
}

static void only_seconds_will_do(void **state)
{
    struct harness *h = *state;
    static const char *const bad[] = {"0", "-1", "3601", "soon"};
    int ana = harness_guest(h, "ana", NULL);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char line[64];
        (void)snprintf(line, sizeof(line), S "696 ana #party f %s :{}", bad[i]);
        ask(h, ana, "MODE #party +f %s", bad[i]);
        EXPECT(h, ana, line);
    }
}

static void members_wait_and_are_told_how_long(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", "echo-message message-tags");
    did(h, ana, "MODE #party +f 10");
    harness_drop(h);
    ask(h, leo, "PRIVMSG #party :one");
    HAS(h, ana, " PRIVMSG #party :one\r\n");
    harness_turn(h, 2500);
    ask(h, leo, "PRIVMSG #party :two");
    EXPECT(h, leo, S "404 leo #party :Cannot send to channel (slow mode: wait 8 more seconds)");
    EXPECT_NOTHING(h, ana);
    ask(h, leo, "NOTICE #party :two");
    EXPECT_NOTHING(h, leo);
    ask(h, leo, "@+typing=active TAGMSG #party");
    HAS(h, leo, " TAGMSG #party\r\n"); // signs of typing cost nothing
    harness_turn(h, 7500);
    ask(h, leo, "PRIVMSG #party :two");
    HAS(h, ana, " PRIVMSG #party :two\r\n");
}

static void ranks_do_not_wait(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "MODE #party +fv 10 leo");
    harness_drop(h);
    ask(h, leo, "PRIVMSG #party :one");
    ask(h, leo, "PRIVMSG #party :two");
    HAS(h, ana, " PRIVMSG #party :two\r\n");
    ask(h, ana, "PRIVMSG #party :three");
    ask(h, ana, "PRIVMSG #party :four");
    HAS(h, leo, " PRIVMSG #party :four\r\n");
}

static void strangers_have_no_turn(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "MODE #party -n+f 10");
    did(h, leo, "PART #party");
    ask(h, leo, "PRIVMSG #party :one");
    EXPECT(h, leo, S "404 leo #party :{}");
    EXPECT_NOTHING(h, ana);
}

static void plain_people_are_told_in_words(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int x = harness_connect(h, 65536);
    did(h, x, "hello");
    did(h, ana, "MODE #party +f 10");
    ask(h, x, "one");
    harness_drop(h);
    ask(h, x, "two");
    assert_string_equal(harness_got(h, x),
                        "* Cannot send to channel (slow mode: wait 10 more seconds).\n");
}

RELAY_TESTS(ROW(it_is_announced_and_shown), ROW(only_seconds_will_do),
            ROW(members_wait_and_are_told_how_long), ROW(ranks_do_not_wait),
            ROW(strangers_have_no_turn), ROW(plain_people_are_told_in_words))

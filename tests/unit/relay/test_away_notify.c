// away-notify (IRCv3): peers learn who is away, once.
#include "expect.h"

static void peers_with_it_hear_of_going_and_coming_back(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", "away-notify");
    int eve = harness_guest(h, "eve", "away-notify");
    ask(h, leo, "AWAY :tea");
    EXPECT(h, leo, S "306 leo :{}");
    EXPECT(h, eve, ":leo!~leo@pipe AWAY :tea");
    EXPECT_NOTHING(h, ana);
    ask(h, leo, "AWAY :lunch");
    EXPECT(h, eve, ":leo!~leo@pipe AWAY :lunch");
    ask(h, leo, "AWAY");
    EXPECT(h, leo, S "305 leo :{}");
    EXPECT(h, eve, ":leo!~leo@pipe AWAY");
}

static void what_does_not_change_is_not_told(void **state)
{
    struct harness *h = *state;
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", "away-notify");
    ask(h, leo, "AWAY");
    EXPECT(h, leo, S "305 leo :{}");
    EXPECT_NOTHING(h, eve);
    did(h, leo, "AWAY :tea");
    ask(h, leo, "AWAY :tea");
    EXPECT(h, leo, S "306 leo :{}");
    EXPECT_NOTHING(h, eve);
}

static void a_peer_of_two_channels_hears_it_once(void **state)
{
    struct harness *h = *state;
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", "away-notify");
    did(h, leo, "JOIN #a");
    did(h, eve, "JOIN #a");
    ask(h, leo, "AWAY :tea");
    EXPECT(h, eve, ":leo!~leo@pipe AWAY :tea");
}

static void who_joins_away_is_told_right_after_the_join(void **state)
{
    struct harness *h = *state;
    int leo = harness_guest(h, "leo", "away-notify");
    int eve = harness_guest(h, "eve", "away-notify");
    did(h, leo, "AWAY :tea");
    did(h, eve, "JOIN #a");
    ask(h, leo, "JOIN #a");
    EXPECT(h, eve, ":leo!~leo@pipe JOIN #a", ":leo!~leo@pipe AWAY :tea");
    HAS_NOT(h, leo, "AWAY");
}

static void strangers_hear_nothing(void **state)
{
    struct harness *h = *state;
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", "away-notify");
    did(h, eve, "PART #party");
    ask(h, leo, "AWAY :tea");
    EXPECT_NOTHING(h, eve);
}

RELAY_TESTS(ROW(peers_with_it_hear_of_going_and_coming_back), ROW(what_does_not_change_is_not_told),
            ROW(a_peer_of_two_channels_hears_it_once),
            ROW(who_joins_away_is_told_right_after_the_join), ROW(strangers_hear_nothing))

// draft/pre-away (IRCv3): a program that only runs in the background is not there.
#include "expect.h"

static void away_before_registration_is_for_those_who_asked(void **state)
{
    struct harness *h = *state;
    int eve = harness_guest(h, "eve", "away-notify extended-monitor");
    did(h, eve, "MONITOR + leo");
    int ana = harness_connect(h, 65536);
    ask(h, ana, "AWAY :gone");
    EXPECT(h, ana, S "451 * :You have not registered");
    int leo = harness_connect(h, 65536);
    ask(h, leo, "CAP REQ :draft/pre-away\r\nNICK leo\r\nAWAY *");
    EXPECT(h, leo, S "CAP * ACK :draft/pre-away", S "306 leo :{}");
    EXPECT_NOTHING(h, eve); // nobody came yet
    ask(h, leo, "USER leo 0 * :leo\r\nCAP END\r\nJOIN #party");
    HAS(h, eve, ":leo!~leo@pipe AWAY :Away\r\n");
}

static void a_star_is_a_star_to_the_others(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, leo, "AWAY *");
    ask(h, ana, "PRIVMSG leo :there?");
    EXPECT(h, ana, S "301 ana leo :*");
}

RELAY_TESTS(ROW(away_before_registration_is_for_those_who_asked),
            ROW(a_star_is_a_star_to_the_others))

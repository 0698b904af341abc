// Channel mode e: exceptions from bans and mutes.
#include "expect.h"

static void an_exception_lets_in_and_speak(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #c");
    did(h, ana, "MODE #c +b *");
    ask(h, leo, "JOIN #c");
    EXPECT(h, leo, S "474 leo #c :{}");
    ask(h, ana, "MODE #c +e LEO!*@*");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #c +e LEO!*@*");
    did(h, leo, "JOIN #c");
    ask(h, leo, "PRIVMSG #c :hi");
    EXPECT(h, ana, ":leo!~leo@pipe PRIVMSG #c :hi");
    ask(h, leo, "MODE #c e");
    EXPECT(h, leo, S "348 leo #c LEO!*@* ana {}", S "349 leo #c :{}");
}

static void it_lifts_a_mute_in_both_forms(void **state)
{
    static const char *const masks[] = {"leo", "m:*!~leo@*"};
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "MODE #party +b m:*");
    for (size_t i = 0; i < 2; i++) {
        ask(h, leo, "PRIVMSG #party :no");
        EXPECT(h, leo, S "404 leo #party :{}");
        did(h, ana, "MODE #party +e %s", masks[i]);
        ask(h, leo, "PRIVMSG #party :yes");
        EXPECT(h, ana, ":leo!~leo@pipe PRIVMSG #party :yes");
        did(h, ana, "MODE #party -e %s", masks[i]);
    }
}

static void a_lifted_mute_is_no_lifted_ban(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #c");
    did(h, ana, "MODE #c +b leo\r\nMODE #c +e m:leo");
    ask(h, leo, "JOIN #c");
    EXPECT(h, leo, S "474 leo #c :{}");
}

RELAY_TESTS(ROW(an_exception_lets_in_and_speak), ROW(it_lifts_a_mute_in_both_forms),
            ROW(a_lifted_mute_is_no_lifted_ban))

// Channel mode n: who is not in it does not speak in it.
#include "expect.h"

static void strangers_are_refused_unless_it_is_off(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", "echo-message");
    did(h, ana, "JOIN #c");
    ask(h, leo, "PRIVMSG #c :outside\r\nNOTICE #c :outside");
    EXPECT(h, leo, S "404 leo #c :{}");
    EXPECT_NOTHING(h, ana);
    did(h, ana, "MODE #c -n");
    ask(h, leo, "PRIVMSG #c :outside");
    EXPECT(h, leo, ":leo!~leo@pipe PRIVMSG #c :outside");
    EXPECT(h, ana, ":leo!~leo@pipe PRIVMSG #c :outside");
    did(h, ana, "MODE #c +b leo");
    ask(h, leo, "PRIVMSG #c :banned");
    EXPECT(h, leo, S "404 leo #c :{}");
}

RELAY_TESTS(ROW(strangers_are_refused_unless_it_is_off))

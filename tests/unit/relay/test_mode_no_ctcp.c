// Channel mode C: no CTCP but ACTION.
#include "expect.h"

static void only_actions_pass(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "echo-message");
    int leo = harness_guest(h, "leo", "echo-message");
    did(h, ana, "MODE #party +C");
    ask(h, leo,
        "PRIVMSG #party :\x01"
        "VERSION\x01");
    EXPECT(h, leo, S "404 leo #party :{}");
    ask(h, leo,
        "NOTICE #party :\x01"
        "VERSION x\x01");
    EXPECT_NOTHING(h, leo);
    EXPECT_NOTHING(h, ana);
    ask(h, leo,
        "PRIVMSG #party :\x01"
        "ACTION waves\x01");
    EXPECT(h, ana,
           ":leo!~leo@pipe PRIVMSG #party :\x01"
           "ACTION waves\x01");
    ask(h, ana,
        "PRIVMSG #party :\x01"
        "PING 1\x01"); // hosts neither
    EXPECT(h, ana, S "404 ana #party :{}");
    ask(h, leo,
        "PRIVMSG ana :\x01"
        "VERSION\x01"); // between two people it is their business
    EXPECT(h, ana,
           ":leo!~leo@pipe PRIVMSG ana :\x01"
           "VERSION\x01");
}

RELAY_TESTS(ROW(only_actions_pass))

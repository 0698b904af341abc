// invite-notify (IRCv3): the hosts of a channel see who is invited.
#include "expect.h"

static void hosts_with_it_are_told(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "invite-notify");
    int leo = harness_guest(h, "leo", "invite-notify");
    int host = harness_guest(h, "host", NULL);
    int eve = harness_guest(h, "eve", "invite-notify");
    did(h, ana, "JOIN #a");
    did(h, leo, "JOIN #a");
    did(h, host, "JOIN #a");
    did(h, ana, "MODE #a +o host");
    ask(h, leo, "INVITE eve #a");
    EXPECT(h, ana, ":leo!~leo@pipe INVITE eve #a");
    EXPECT(h, leo, S "341 leo eve #a");
    EXPECT(h, eve, ":leo!~leo@pipe INVITE eve #a");
    EXPECT_NOTHING(h, host);
}

RELAY_TESTS(ROW(hosts_with_it_are_told))

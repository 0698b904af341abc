// extended-join (IRCv3): the account and the realname in JOIN.
#include "expect.h"

static void who_asked_sees_account_and_realname(void **state)
{
    struct harness *h = *state;
    int old = harness_guest(h, "old", NULL);
    int ana = harness_guest(h, "ana", "extended-join");
    int leo = harness_guest(h, "leo", NULL);
    did(h, old, "JOIN #a");
    ask(h, ana, "JOIN #a");
    EXPECT(h, ana, ":ana!~ana@pipe JOIN #a * :ana", S "353 ana = #a :@old ana", S "366 ana #a :{}");
    EXPECT(h, old, ":ana!~ana@pipe JOIN #a");
    ask(h, leo, "JOIN #a");
    EXPECT(h, ana, ":leo!~leo@pipe JOIN #a * :leo");
}

RELAY_TESTS(ROW(who_asked_sees_account_and_realname))

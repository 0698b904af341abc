// TIME (Modern IRC).
#include "expect.h"

static void it_is_the_servers(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "TIME");
    EXPECT(h, ana, S "391 ana ronron.party :2023-11-14 22:13:21 UTC");
    ask(h, ana, "TIME ana"); // the server ana is on
    EXPECT(h, ana, S "391 ana ronron.party :{}");
    ask(h, ana, "TIME other.server");
    EXPECT(h, ana, S "402 ana other.server :{}");
}

RELAY_TESTS(ROW(it_is_the_servers))

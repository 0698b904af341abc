// LINKS: a lone server has none.
#include "expect.h"

static void only_the_end_comes(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "LINKS");
    EXPECT(h, ana, S "365 ana * :{}");
    ask(h, ana, "LINKS *.party");
    EXPECT(h, ana, S "365 ana *.party :{}");
}

RELAY_TESTS(ROW(only_the_end_comes))

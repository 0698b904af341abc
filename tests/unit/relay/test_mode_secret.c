// Channel mode s: who is not in it does not see it.
#include "expect.h"

static void outsiders_see_nothing(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #c");
    did(h, ana, "MODE #c +s");
    ask(h, leo, "LIST #c");
    EXPECT(h, leo, S "321 leo {}", S "323 leo :{}");
    ask(h, leo, "NAMES #c");
    EXPECT(h, leo, S "366 leo #c :{}");
    ask(h, leo, "WHO #c");
    EXPECT(h, leo, S "315 leo #c :{}");
    ask(h, leo, "WHOIS ana");
    HAS_NOT(h, leo, "#c");
    ask(h, ana, "NAMES #c");
    EXPECT(h, ana, S "353 ana @ #c :@ana", S "366 ana #c :{}");
    ask(h, ana, "WHOIS ana");
    HAS(h, ana, "@#c");
}

RELAY_TESTS(ROW(outsiders_see_nothing))

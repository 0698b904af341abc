// userhost-in-names (IRCv3): full masks in NAMES.
#include "expect.h"

static void names_are_masks_for_who_asked(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "userhost-in-names");
    int old = harness_guest(h, "old", NULL);
    ask(h, ana, "NAMES #party");
    EXPECT(h, ana, S "353 ana = #party :@ana!~ana@pipe old!~old@pipe", S "366 ana #party :{}");
    ask(h, old, "NAMES #party");
    EXPECT(h, old, S "353 old = #party :@ana old", S "366 old #party :{}");
}

RELAY_TESTS(ROW(names_are_masks_for_who_asked))

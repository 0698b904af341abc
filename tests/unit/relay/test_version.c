// VERSION (Modern IRC): 351 and the tokens.
#include "expect.h"

static void it_has_the_tokens_behind_it(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "VERSION");
    EXPECT(h, ana, S "351 ana {} ronron.party :{}", S "005 ana {}", S "005 ana {}", S "005 ana {}");
    ask(h, ana, "VERSION *.party");
    HAS(h, ana, " 351 ana ");
    ask(h, ana, "VERSION other.server");
    EXPECT(h, ana, S "402 ana other.server :{}");
}

RELAY_TESTS(ROW(it_has_the_tokens_behind_it))

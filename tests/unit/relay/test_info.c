// INFO (Modern IRC): 371 and their end.
#include "expect.h"

static void it_says_what_runs(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "INFO");
    EXPECT(h, ana, S "371 ana :{}", S "371 ana :On line since 2023-11-14 22:13:20 UTC",
           S "371 ana :What is said here is not kept.", S "374 ana :{}");
    ask(h, ana, "INFO other.server");
    EXPECT(h, ana, S "402 ana other.server :{}");
}

RELAY_TESTS(ROW(it_says_what_runs))

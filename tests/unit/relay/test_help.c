// HELP and HELPOP (Modern IRC): 704, 705, 706 or 524.
#include "expect.h"

static void it_knows_topics_and_says_so_when_not(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "HELP join");
    EXPECT(h, ana, S "704 ana join :{}", S "705 ana join :{}", S "706 ana join :{}");
    ask(h, ana, "HELPOP JOIN");
    EXPECT(h, ana, S "704 ana JOIN :{}", S "705 ana JOIN :{}", S "706 ana JOIN :{}");
    ask(h, ana, "HELP");
    EXPECT(h, ana, S "704 ana index :{}", S "705 ana index :{}", S "706 ana index :{}");
    ask(h, ana, "HELPOP nothing");
    EXPECT(h, ana, S "524 ana nothing :{}");
    ask(h, ana, "HELP :no thing");
    EXPECT(h, ana, S "524 ana * :{}");
}

RELAY_TESTS(ROW(it_knows_topics_and_says_so_when_not))

// PART (Modern IRC): leaving, with or without a reason.
#include "expect.h"

static void all_hear_it(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "PART #PARTY :bye all");
    EXPECT(h, ana, ":leo!~leo@pipe PART #party :bye all");
    EXPECT(h, leo, ":leo!~leo@pipe PART #party :bye all");
    did(h, leo, "JOIN #party");
    ask(h, leo, "PART #party");
    EXPECT(h, ana, ":leo!~leo@pipe PART #party");
    ask(h, ana, "PRIVMSG #party :gone?");
    EXPECT_NOTHING(h, leo);
}

static void several_and_errors(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, leo, "JOIN #b");
    did(h, ana, "JOIN #a");
    ask(h, ana, "PART #a,#none,#b,#party :x");
    EXPECT(h, ana, ":ana!~ana@pipe PART #a :x", S "403 ana #none :{}", S "442 ana #b :{}",
           ":ana!~ana@pipe PART #party :x");
    ask(h, ana, "PART\r\nPART :\r\nPART :a b");
    EXPECT(h, ana, S "461 ana PART :{}", S "461 ana PART :{}", S "403 ana * :{}");
}

RELAY_TESTS(ROW(all_hear_it), ROW(several_and_errors))

// KNOCK: asking to be let in.
#include "expect.h"

static void hosts_hear_it(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    did(h, ana, "JOIN #in");
    did(h, eve, "JOIN #in");
    ask(h, leo, "KNOCK #in");
    EXPECT(h, leo, S "713 leo #in :Channel is open");
    did(h, ana, "MODE #in +i");
    ask(h, leo, "KNOCK #in");
    EXPECT(h, leo, S "711 leo #in :{}");
    EXPECT(h, ana, S "710 ana #in leo!~leo@pipe :{}");
    EXPECT_NOTHING(h, eve);
}

static void errors_are_one_line(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #in");
    did(h, ana, "MODE #in +i");
    ask(h, ana, "KNOCK #in\r\nKNOCK #none\r\nKNOCK");
    EXPECT(h, ana, S "714 ana #in :{}", S "403 ana #none :{}", S "461 ana KNOCK :{}");
    did(h, ana, "MODE #in +b leo");
    ask(h, leo, "KNOCK #in");
    EXPECT(h, leo, S "404 leo #in :{}");
    EXPECT_NOTHING(h, ana);
    did(h, ana, "MODE #in +s");
    ask(h, leo, "KNOCK #in");
    EXPECT(h, leo, S "403 leo #in :{}");
}

RELAY_TESTS(ROW(hosts_hear_it), ROW(errors_are_one_line))

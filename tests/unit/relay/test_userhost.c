// USERHOST (RFC 2812): five nicks at most.
#include "expect.h"

static void it_shows_who_is_where_and_away(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "Leo", NULL);
    did(h, leo, "AWAY :tea");
    ask(h, ana, "USERHOST leo nobody ana");
    EXPECT(h, ana, S "302 ana :Leo=-~Leo@pipe ana=+~ana@pipe");
    ask(h, ana, "USERHOST a b c d e ana");
    EXPECT(h, ana, S "302 ana :");
    ask(h, ana, "USERHOST");
    EXPECT(h, ana, S "461 ana USERHOST :{}");
}

RELAY_TESTS(ROW(it_shows_who_is_where_and_away))

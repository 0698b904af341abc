// multi-prefix (IRCv3): all ranks of a member, highest first.
#include "expect.h"

static void names_who_and_whois_show_all_ranks(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "multi-prefix");
    int old = harness_guest(h, "old", NULL);
    did(h, ana, "JOIN #a");
    did(h, ana, "MODE #a +v ana");
    ask(h, ana, "NAMES #a");
    EXPECT(h, ana, S "353 ana = #a :@+ana", S "366 ana #a :{}");
    ask(h, ana, "WHO #a");
    EXPECT(h, ana, S "352 ana #a ~ana pipe ronron.party ana H@+ :0 ana", S "315 ana #a :{}");
    ask(h, ana, "WHOIS ana");
    HAS(h, ana, "#a\r\n");
    HAS(h, ana, "@+#a");
    ask(h, old, "NAMES #a\r\nWHO #a");
    EXPECT(h, old, S "353 old = #a :@ana", S "366 old #a :{}",
           S "352 old #a ~ana pipe ronron.party ana H@ :0 ana", S "315 old #a :{}");
}

RELAY_TESTS(ROW(names_who_and_whois_show_all_ranks))

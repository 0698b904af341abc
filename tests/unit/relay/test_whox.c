// WHO with fields (WHOX): always in one order.
#include "expect.h"

static void fields_come_in_their_order(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "WHO ana %%rnatf,42");
    EXPECT(h, ana, S "354 ana 42 ana H 0 :ana", S "315 ana ana :End of WHO list");
    harness_turn(h, 7000);
    ask(h, ana, "WHO #party %%tcuihsnfdlaor,999");
    EXPECT(h, ana, S "354 ana 999 #party ~ana pipe pipe ronron.party ana H@ 0 7 0 n/a :ana",
           S "315 ana #party :{}");
    ask(h, ana, "WHO #party %%roaldfnshiuct,1");
    EXPECT(h, ana, S "354 ana 1 #party ~ana pipe pipe ronron.party ana H@ 0 7 0 n/a :ana",
           S "315 ana #party :{}");
}

static void the_account_of_a_guest_is_zero(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "WHO ana %%na");
    EXPECT(h, ana, S "354 ana ana 0", S "315 ana ana :{}");
    ask(h, ana, "WHO ana %%tn");
    EXPECT(h, ana, S "354 ana 0 ana", S "315 ana ana :{}");
}

static void the_realname_stands_alone(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    did(h, ana, "SETNAME :Ana B");
    ask(h, ana, "WHO ana %%nr");
    EXPECT(h, ana, S "354 ana ana :Ana B", S "315 ana ana :{}");
}

static void unknown_fields_alone_give_the_plain_form(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "WHO ana %%zq,7");
    EXPECT(h, ana, S "352 ana * ~ana pipe ronron.party ana H :0 ana", S "315 ana ana :{}");
    ask(h, ana, "WHO ana %%zn");
    EXPECT(h, ana, S "354 ana ana", S "315 ana ana :{}");
}

RELAY_TESTS(ROW(fields_come_in_their_order), ROW(the_account_of_a_guest_is_zero),
            ROW(the_realname_stands_alone), ROW(unknown_fields_alone_give_the_plain_form))

// WALLOPS (RFC 2812 4.7): from operators to all who set +w.
#include "opers.h"

static void only_operators_send_it(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, leo, "MODE leo +w");
    ask(h, ana, "WALLOPS :hear");
    EXPECT(h, ana, S "481 ana :{}");
    EXPECT_NOTHING(h, leo);
}

static void all_who_want_it_hear_it(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int tom = harness_guest(h, "tom", NULL);
    ask(h, leo, "MODE leo +w");
    EXPECT(h, leo, ":leo!~leo@pipe MODE leo :+w");
    did(h, ana, "OPER admin :" OPER_PASSWORD);
    harness_drop(h);
    ask(h, ana, "WALLOPS :the disk is full");
    EXPECT(h, leo, ":ana!~ana@pipe WALLOPS :the disk is full");
    EXPECT_NOTHING(h, tom);
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "WALLOPS :");
    EXPECT(h, ana, S "461 ana WALLOPS :Not enough parameters");
    ask(h, ana, "WALLOPS");
    EXPECT(h, ana, S "461 ana WALLOPS :Not enough parameters");
}

RELAY_TESTS(OPERS_ROW(only_operators_send_it), OPERS_ROW(all_who_want_it_hear_it))

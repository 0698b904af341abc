// MODE of oneself (Modern IRC): 221, i and B, and nobody else's.
#include "expect.h"

static void what_takes_effect_is_told_in_one_line(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "MODE ana");
    EXPECT(h, ana, S "221 ana +");
    ask(h, ana, "MODE ANA +iB");
    EXPECT(h, ana, ":ana!~ana@pipe MODE ana :+iB");
    ask(h, ana, "MODE ana");
    EXPECT(h, ana, S "221 ana +Bi");
    ask(h, ana, "MODE ana +i");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "MODE ana -i+B-B");
    EXPECT(h, ana, ":ana!~ana@pipe MODE ana :-iB");
}

static void unknown_letters_are_501_once(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "MODE ana +ZiY");
    EXPECT(h, ana, ":ana!~ana@pipe MODE ana :+i", S "501 ana :{}");
}

static void others_have_their_own(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "MODE leo +i");
    EXPECT(h, ana, S "502 ana :{}");
    ask(h, ana, "MODE leo");
    EXPECT(h, ana, S "502 ana :{}");
    ask(h, ana, "MODE nobody");
    EXPECT(h, ana, S "401 ana nobody :{}");
    EXPECT_NOTHING(h, leo);
}

static void the_invisible_are_hidden_from_strangers(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "MODE ana +i\r\nJOIN #c");
    did(h, leo, "PART #party");
    ask(h, leo, "WHO a*");
    EXPECT(h, leo, S "315 leo a* :{}");
    ask(h, leo, "NAMES #c");
    EXPECT(h, leo, S "366 leo #c :{}");
    ask(h, leo, "WHOIS ana"); // by its exact name it is found, its channels are not
    HAS(h, leo, S "311 leo ana ");
    HAS_NOT(h, leo, " 319 ");
}

RELAY_TESTS(ROW(what_takes_effect_is_told_in_one_line), ROW(unknown_letters_are_501_once),
            ROW(others_have_their_own), ROW(the_invisible_are_hidden_from_strangers))

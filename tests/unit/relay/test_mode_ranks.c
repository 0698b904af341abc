// Channel modes o and v: who they are given to, and who hears of it.
#include "expect.h"

static void they_are_given_and_taken_with_the_nick_as_it_is(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "Leo", NULL);
    ask(h, ana, "MODE #party +o leo");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #party +o Leo");
    EXPECT(h, leo, ":ana!~ana@pipe MODE #party +o Leo");
    ask(h, ana, "MODE #party +o leo");
    EXPECT_NOTHING(h, ana);
    ask(h, leo, "MODE #party -o+v ANA leo");
    EXPECT(h, ana, ":Leo!~Leo@pipe MODE #party -o+v ana Leo");
    ask(h, ana, "MODE #party +m");
    EXPECT(h, ana, S "482 ana #party :{}");
    ask(h, ana, "NAMES #party");
    EXPECT(h, ana, S "353 ana = #party :ana @Leo", S "366 ana #party :{}");
}

static void errors_are_exactly_one_line(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    did(h, eve, "PART #party");
    ask(h, leo, "MODE #party +o leo");
    EXPECT(h, leo, S "482 leo #party :{}");
    ask(h, eve, "MODE #party +o eve");
    EXPECT(h, eve, S "442 eve #party :{}");
    ask(h, ana, "MODE #party +o nobody");
    EXPECT(h, ana, S "401 ana nobody :{}");
    ask(h, ana, "MODE #party +o eve");
    EXPECT(h, ana, S "441 ana eve #party :{}");
    ask(h, ana, "MODE #none +o nobody");
    EXPECT(h, ana, S "403 ana #none :{}");
    ask(h, ana, "MODE #party +o");
    EXPECT(h, ana, S "696 ana #party o * :{}");
}

static void the_next_in_an_emptied_channel_is_host(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #c");
    did(h, ana, "PART #c");
    ask(h, leo, "JOIN #c");
    HAS(h, leo, S "353 leo = #c :@leo\r\n");
}

RELAY_TESTS(ROW(they_are_given_and_taken_with_the_nick_as_it_is), ROW(errors_are_exactly_one_line),
            ROW(the_next_in_an_emptied_channel_is_host))

// MODE of a channel (Modern IRC): what is told, what is asked, errors.
#include "expect.h"

static void asking_for_modes_gives_them_and_the_creation(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "MODE #party");
    EXPECT(h, ana, S "324 ana #party +nt", S "329 ana #party 1700000000");
    did(h, ana, "MODE #party -nt");
    ask(h, ana, "MODE #PARTY");
    EXPECT(h, ana, S "324 ana #party +", S "329 ana #party 1700000000");
    did(h, ana, "MODE #party +Cimnstkl key 5");
    ask(h, ana, "MODE #party");
    EXPECT(h, ana, S "324 ana #party +Cimnstkl key 5", S "329 ana #party {}");
    did(h, ana, "MODE #party -s");
    did(h, leo, "PART #party");
    ask(h, leo, "MODE #party"); // a stranger does not see the key
    EXPECT(h, leo, S "324 leo #party +Cimntkl * 5", S "329 leo #party {}");
}

static void several_letters_are_one_line_with_what_took_effect(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "MODE #party +nt");
    EXPECT_NOTHING(h, ana); // they were set
    ask(h, ana, "MODE #party +mv-t+o leo nobody");
    EXPECT(h, ana, S "401 ana nobody :{}", ":ana!~ana@pipe MODE #party +mv-t leo");
    EXPECT(h, leo, ":ana!~ana@pipe MODE #party +mv-t leo");
    ask(h, ana, "MODE #party -m+i-m+s");
    EXPECT(h, leo, ":ana!~ana@pipe MODE #party -m+is");
}

static void a_change_that_does_not_fit_a_line_takes_two(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    char line[600] = "MODE #party +bbbbbbbbbbbbb";
    for (int i = 0; i < 13; i++) {
        size_t len = strlen(line);
        (void)snprintf(line + len, sizeof(line) - len, " x%033d", i); // "!*@*" comes behind it
    }
    ask(h, ana, "%s", line);
    assert_int_equal(harness_times(h, leo, " MODE #party +b"), 2);
    assert_int_equal(harness_times(h, leo, " x0"), 13);
    struct str rest = str_from(harness_got(h, leo));
    struct str one;
    while (str_next(&rest, '\n', &one)) {
        assert_true(one.len + 1 <= 512);
        assert_true(str_ends(one, STR("!*@*\r")));
    }
}

static void who_may_not_is_told_once(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    did(h, eve, "PART #party");
    ask(h, leo, "MODE #party +imo leo");
    EXPECT(h, leo, S "482 leo #party :{}");
    ask(h, eve, "MODE #party +im");
    EXPECT(h, eve, S "442 eve #party :{}");
    ask(h, eve, "MODE #party b");
    EXPECT(h, eve, S "442 eve #party :{}");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "MODE #none +o nobody");
    EXPECT(h, ana, S "403 ana #none :{}");
    ask(h, ana, "MODE");
    EXPECT(h, ana, S "461 ana MODE :{}");
}

static void unknown_letters_are_472(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "MODE #party +Z");
    EXPECT(h, ana, S "472 ana Z :{}");
    ask(h, ana, "MODE #party +mZ");
    EXPECT(h, ana, S "472 ana Z :{}", ":ana!~ana@pipe MODE #party +m");
    ask(h, ana, "MODE #party +\xC3\xA9");
    EXPECT(h, ana, S "472 ana ? :{}", S "472 ana ? :{}");
}

RELAY_TESTS(ROW(asking_for_modes_gives_them_and_the_creation),
            ROW(several_letters_are_one_line_with_what_took_effect),
            ROW(a_change_that_does_not_fit_a_line_takes_two), ROW(who_may_not_is_told_once),
            ROW(unknown_letters_are_472))

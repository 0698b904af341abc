// MONITOR (IRCv3): who comes, who goes, who is watched.
#include "expect.h"

static void it_tells_of_coming_and_going(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "MONITOR + leo,*!*@*");
    EXPECT(h, ana, S "731 ana :leo,*!*@*");
    int leo = harness_connect(h, 65536);
    ask(h, leo, "NICK leo");
    EXPECT_NOTHING(h, ana); // it has not come yet
    ask(h, leo, "USER leo 0 * :leo");
    EXPECT(h, ana, S "730 ana :leo!~leo@pipe");
    ask(h, leo, "NICK LEO");
    EXPECT_NOTHING(h, ana); // the same person
    ask(h, leo, "QUIT");
    EXPECT(h, ana, S "731 ana :LEO");
}

static void a_new_name_is_going_and_coming(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, leo, "PART #party");
    ask(h, ana, "MONITOR + LEO,lea,eve");
    EXPECT(h, ana, S "730 ana :leo!~leo@pipe", S "731 ana :lea,eve");
    ask(h, leo, "NICK lea");
    EXPECT(h, ana, S "731 ana :leo", S "730 ana :lea!~leo@pipe");
    ask(h, leo, "NICK zoe");
    EXPECT(h, ana, S "731 ana :lea");
    harness_drop(h);
    harness_hang_up(h, leo);
    EXPECT_NOTHING(h, ana);
}

static void minus_and_clear_are_silent(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    did(h, ana, "MONITOR + leo,eve,zoe");
    ask(h, ana, "MONITOR - LEO,nobody");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "MONITOR L");
    EXPECT(h, ana, S "732 ana :zoe,eve", S "733 ana :{}");
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "PART #party");
    HAS_NOT(h, ana, " 730 ");
    ask(h, ana, "MONITOR C");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "MONITOR L");
    EXPECT(h, ana, S "733 ana :{}");
}

static void states_are_told_on_demand(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    (void)harness_guest(h, "leo", NULL);
    did(h, ana, "MONITOR + leo,eve");
    ask(h, ana, "MONITOR S");
    EXPECT(h, ana, S "730 ana :leo!~leo@pipe", S "731 ana :eve");
    did(h, ana, "MONITOR C");
    ask(h, ana, "MONITOR S");
    EXPECT_NOTHING(h, ana);
}

static void a_full_list_names_what_did_not_fit(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    for (int i = 0; i < 99; i++) {
        did(h, ana, "MONITOR + n%d", i);
    }
    ask(h, ana, "MONITOR + fits,over,more");
    EXPECT(h, ana, S "731 ana :fits", S "734 ana 100 over,more :{}");
    ask(h, ana, "MONITOR + n1"); // it is watched already
    EXPECT(h, ana, S "731 ana :n1");
    ask(h, ana, "MONITOR L");
    assert_int_equal(harness_times(h, ana, " 733 "), 1);
    assert_int_equal(harness_times(h, ana, ","), 99 - (harness_times(h, ana, " 732 ") - 1));
}

static void watchers_of_one_nick_all_hear(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int eve = harness_guest(h, "eve", NULL);
    did(h, ana, "MONITOR + leo");
    did(h, eve, "MONITOR + Leo");
    did(h, ana, "MONITOR - leo");
    int leo = harness_connect(h, 65536);
    ask(h, leo, "NICK leo\r\nUSER leo 0 * :leo");
    EXPECT_NOTHING(h, ana);
    EXPECT(h, eve, S "730 eve :leo!~leo@pipe");
}

static void it_wants_its_parameters(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "MONITOR\r\nMONITOR +\r\nMONITOR -");
    EXPECT(h, ana, S "461 ana MONITOR :{}", S "461 ana MONITOR :{}", S "461 ana MONITOR :{}");
}

static void what_it_does_not_know_is_an_error(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "MONITOR X\r\nMONITOR :\r\nMONITOR +a");
    EXPECT(h, ana, S "400 ana MONITOR :{}", S "400 ana MONITOR :{}", S "400 ana MONITOR :{}");
}

static void letters_may_be_small_and_a_nick_is_watched_once(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "MONITOR + leo,LEO,");
    EXPECT(h, ana, S "731 ana :leo,LEO");
    ask(h, ana, "MONITOR l\r\nMONITOR s");
    EXPECT(h, ana, S "732 ana :leo", S "733 ana :{}", S "731 ana :leo");
    ask(h, ana, "MONITOR c\r\nMONITOR l");
    EXPECT(h, ana, S "733 ana :{}");
}

static void long_lists_take_lines_that_fit(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    for (int i = 0; i < 40; i += 10) {
        char line[400] = "MONITOR + ";
        for (int k = 0; k < 10; k++) {
            size_t len = strlen(line);
            (void)snprintf(line + len, sizeof(line) - len, "%sn%029d", k ? "," : "", i + k);
        }
        did(h, ana, "%s", line);
    }
    static const char *const asks[][2] = {{"MONITOR L", " 732 "}, {"MONITOR S", " 731 "}};
    for (size_t i = 0; i < 2; i++) {
        ask(h, ana, "%s", asks[i][0]);
        assert_true(harness_times(h, ana, asks[i][1]) >= 3);
        assert_int_equal(harness_times(h, ana, "n000"), 40);
        struct str rest = str_from(harness_got(h, ana)), line;
        while (str_next(&rest, '\n', &line)) {
            assert_true(line.len + 1 <= 512);
        }
    }
}

RELAY_TESTS(ROW(it_tells_of_coming_and_going), ROW(a_new_name_is_going_and_coming),
            ROW(minus_and_clear_are_silent), ROW(states_are_told_on_demand),
            ROW(a_full_list_names_what_did_not_fit), ROW(watchers_of_one_nick_all_hear),
            ROW(it_wants_its_parameters), ROW(what_it_does_not_know_is_an_error),
            ROW(letters_may_be_small_and_a_nick_is_watched_once),
            ROW(long_lists_take_lines_that_fit))

// Reading by place: every form of CHATHISTORY, its bounds, TARGETS, one line by its id.
#include <string.h>

#include "store_harness.h"

// Ten messages "a".."j" at 10, 20, ... ms, a join between each.
static int open_ten(void **state)
{
    struct place *place = place_create();
    place_open(place);
    for (int i = 0; i < 10; i++) {
        char text[2] = {(char)('a' + i), '\0'};
        happen(place, TEST_ID(10 * i + 5), STORE_JOIN, "+");
        say(place, TEST_ID(10 * (i + 1)), text);
    }
    settle(place);
    *state = place;
    return 0;
}

static void latest_gives_the_newest_oldest_first(void **state)
{
    assert_reads(*state, STORE_LATEST, 0, 0, 3, "h i j");
    assert_reads(*state, STORE_LATEST, 0, 0, 100, "a b c d e f g h i j");
    assert_reads(*state, STORE_LATEST, TEST_ID(80), 0, 5, "i j"); // newer than this only
    assert_reads(*state, STORE_LATEST, 0, 0, 0, "");
}

static void before_and_after_exclude_their_bound(void **state)
{
    assert_reads(*state, STORE_BEFORE, TEST_ID(40), 0, 2, "b c");
    assert_reads(*state, STORE_AFTER, TEST_ID(40), 0, 2, "e f");
    assert_reads(*state, STORE_BEFORE, TEST_ID(10), 0, 2, "");
    assert_reads(*state, STORE_AFTER, TEST_ID(100), 0, 2, "");
}

static void between_counts_from_its_first_bound(void **state)
{
    assert_reads(*state, STORE_BETWEEN, TEST_ID(20), TEST_ID(80), 2, "c d");
    assert_reads(*state, STORE_BETWEEN, TEST_ID(80), TEST_ID(20), 2, "f g");
    assert_reads(*state, STORE_BETWEEN, TEST_ID(20), TEST_ID(50), 10, "c d");
    assert_reads(*state, STORE_BETWEEN, TEST_ID(20), TEST_ID(20), 10, "");
    assert_reads(*state, STORE_BETWEEN, TEST_ID(20), TEST_ID(30), 10, "");
}

static void around_has_the_line_in_its_middle(void **state)
{
    assert_reads(*state, STORE_AROUND, TEST_ID(50), 0, 1, "e");
    assert_reads(*state, STORE_AROUND, TEST_ID(50), 0, 2, "e f");
    assert_reads(*state, STORE_AROUND, TEST_ID(50), 0, 3, "d e f");
    assert_reads(*state, STORE_AROUND, TEST_ID(50), 0, 5, "c d e f g");
    assert_reads(*state, STORE_AROUND, TEST_ID(10), 0, 3, "a b");
    assert_reads(*state, STORE_AROUND, TEST_ID(52), 0, 3, "d e f"); // no line of that moment
    assert_reads(*state, STORE_AROUND, TEST_ID(50), 0, 0, "");
}

static void bounds_hold_at_both_ends_of_64_bits(void **state)
{
    struct place *place = *state;
    say(place, INT64_MAX, "last");
    settle(place);
    assert_reads(place, STORE_BEFORE, 0, 0, 9, "");
    assert_reads(place, STORE_BEFORE, UINT64_MAX, 0, 2, "j last");
    assert_reads(place, STORE_BEFORE, INT64_MAX, 0, 1, "j");
    assert_reads(place, STORE_BEFORE, (uint64_t)INT64_MAX + 1, 0, 1, "last");
    assert_reads(place, STORE_AFTER, 0, 0, 2, "a b");
    assert_reads(place, STORE_AFTER, INT64_MAX, 0, 2, "");
    assert_reads(place, STORE_AFTER, UINT64_MAX, 0, 2, "");
    assert_reads(place, STORE_AFTER, (uint64_t)INT64_MAX - 1, 0, 2, "last");
    assert_reads(place, STORE_LATEST, UINT64_MAX, 0, 2, "");
    assert_reads(place, STORE_BETWEEN, 0, UINT64_MAX, 2, "a b");
    assert_reads(place, STORE_BETWEEN, UINT64_MAX, 0, 2, "j last");
    assert_reads(place, STORE_AROUND, UINT64_MAX, 0, 3, "j last");
    assert_reads(place, STORE_AROUND, INT64_MAX, 0, 1, "last");
    assert_reads(place, STORE_AROUND, 0, 0, 3, "a");
    place_reopen(place);
    assert_int_equal(store_last_id(place->store), INT64_MAX);
}

static void an_id_that_sqlite_cannot_hold_fails_its_batch(void **state)
{
    struct place *place = *state;
    say(place, (uint64_t)INT64_MAX + 1, "over");
    settle_badly(place, "The clock is beyond what the history can count.");
    say(place, 0, "nothing");
    settle_badly(place, "The clock is beyond what the history can count.");
}

static void events_come_only_when_asked_for_and_in_order(void **state)
{
    struct place *place = *state;
    struct store_query query = {
        .target = STR("#party"), .range = STORE_LATEST, .limit = 4, .has_events = true};
    struct store_page page;
    assert_true(store_read(place->store, &query, &page, NULL));
    assert_int_equal(page.count, 4);
    assert_int_equal(page.lines[0].kind, STORE_JOIN);
    assert_int_equal(page.lines[0].id, TEST_ID(85));
    assert_int_equal(page.lines[1].id, TEST_ID(90));
    assert_int_equal(page.lines[3].id, TEST_ID(100));
    assert_string_equal(page.lines[0].source.data, "bob!u@host");
    store_page_deinit(&page);
    query.range = STORE_AFTER;
    query.from = TEST_ID(10);
    assert_true(store_read(place->store, &query, &page, NULL));
    assert_int_equal(page.lines[0].id, TEST_ID(15));
    assert_int_equal(page.lines[3].id, TEST_ID(30));
    store_page_deinit(&page);
}

static bool starts(struct place *place, enum store_range range, uint64_t from, size_t limit,
                   bool has_events)
{
    struct store_query query = {.target = STR("#party"),
                                .range = range,
                                .from = from,
                                .limit = limit,
                                .has_events = has_events};
    struct store_page page;
    assert_true(store_read(place->store, &query, &page, NULL));
    bool is_start = page.is_start;
    store_page_deinit(&page);
    return is_start;
}

static void a_page_tells_whether_anything_older_is_kept(void **state)
{
    struct place *place = *state;
    assert_false(starts(place, STORE_LATEST, 0, 9, false));
    assert_true(starts(place, STORE_LATEST, 0, 10, false));
    assert_false(starts(place, STORE_LATEST, 0, 10, true)); // the joins are older lines too
    assert_true(starts(place, STORE_BEFORE, TEST_ID(10), 5, false));
    assert_true(starts(place, STORE_BEFORE, TEST_ID(30), 2, false));
    assert_false(starts(place, STORE_BEFORE, TEST_ID(40), 2, false));
    assert_false(starts(place, STORE_AFTER, TEST_ID(100), 2, false));
}

static void a_target_nobody_spoke_in_is_an_empty_start(void **state)
{
    struct place *place = *state;
    struct store_query query = {.target = STR("#none"), .range = STORE_LATEST, .limit = 5};
    struct store_page page;
    assert_true(store_read(place->store, &query, &page, NULL));
    assert_int_equal(page.count, 0);
    assert_true(page.is_start);
    store_page_deinit(&page);
}

static void a_page_has_a_thousand_lines_at_most(void **state)
{
    struct place *place = *state;
    for (uint64_t i = 1; i <= 1100; i++) {
        say(place, i << 20, "x");
    }
    settle(place);
    struct store_query query = {.target = STR("#party"), .range = STORE_AFTER, .limit = SIZE_MAX};
    struct store_page page;
    assert_true(store_read(place->store, &query, &page, NULL));
    assert_int_equal(page.count, 1000);
    assert_int_equal(page.lines[999].id, (uint64_t)1000 << 20);
    store_page_deinit(&page);
}

static void a_line_comes_back_as_it_was_put(void **state)
{
    struct place *place = *state;
    struct store_line line = {.id = TEST_ID(7),
                              .kind = STORE_NOTICE,
                              .target = STR("#caf\xC3\xA9"),
                              .name = STR("#Caf\xC3\xA9"),
                              .source = STR("Bob!~b@10.0.0.7"),
                              .account = STR("bob"),
                              .tags = STR("+a=b\\:;+c"),
                              .text = STR(" two\nlines \xF0\x9F\x90\xB1 "),
                              .is_bot = true};
    store_put_line(place->store, &line, (struct str){0}, (struct str){0});
    settle(place);
    struct store_page page;
    assert_true(store_find_line(place->store, line.target, line.id, &page));
    assert_int_equal(page.count, 1);
    const struct store_line *kept = &page.lines[0];
    assert_int_equal(kept->kind, STORE_NOTICE);
    assert_true(kept->is_bot);
    assert_true(str_eq(kept->target, line.target));
    assert_true(str_eq(kept->name, line.name));
    assert_true(str_eq(kept->source, line.source));
    assert_true(str_eq(kept->account, line.account));
    assert_true(str_eq(kept->tags, line.tags));
    assert_true(str_eq(kept->text, line.text));
    store_page_deinit(&page);
    assert_false(store_find_line(place->store, line.target, line.id + 1, &page));
    assert_false(store_find_line(place->store, STR("#party"), line.id, &page));
    assert_false(store_find_line(place->store, line.target, UINT64_MAX, &page));
}

static void everything_is_there_after_a_restart(void **state)
{
    struct place *place = *state;
    place_reopen(place);
    assert_reads(place, STORE_LATEST, 0, 0, 3, "h i j");
    assert_int_equal(store_last_id(place->store), TEST_ID(100));
    assert_string_equal(store_aside(place->store), "");
}

int main(void)
{
#define TEN(test)   cmocka_unit_test_setup_teardown(test, open_ten, place_teardown)
#define EMPTY(test) cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)
    const struct CMUnitTest tests[] = {
        TEN(latest_gives_the_newest_oldest_first),
        TEN(before_and_after_exclude_their_bound),
        TEN(between_counts_from_its_first_bound),
        TEN(around_has_the_line_in_its_middle),
        TEN(bounds_hold_at_both_ends_of_64_bits),
        TEN(an_id_that_sqlite_cannot_hold_fails_its_batch),
        TEN(events_come_only_when_asked_for_and_in_order),
        TEN(a_page_tells_whether_anything_older_is_kept),
        EMPTY(a_target_nobody_spoke_in_is_an_empty_start),
        EMPTY(a_page_has_a_thousand_lines_at_most),
        EMPTY(a_line_comes_back_as_it_was_put),
        TEN(everything_is_there_after_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

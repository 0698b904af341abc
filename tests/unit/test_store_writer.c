// The writer: what is durable when, exactly once, in groups, from a thread of its own, and what it
// does when nobody waits.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "store_harness.h"
#include "store_reader.h"

// A number that another program sees in the file.
static int64_t number_of(struct place *place, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(place->path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return number;
}

static void say_labelled(struct place *place, uint64_t id, const char *text, const char *label)
{
    struct store_line line = {
        .id = id, .target = STR("#party"), .source = STR("alice!u@host"), .text = str_from(text)};
    store_put_line(place->store, &line, STR("alice"), str_from(label));
}

static void what_is_only_put_is_not_there_yet(void **state)
{
    struct place *place = *state;
    struct store_result result;
    assert_false(store_flush(place->store)); // empty
    assert_int_equal(store_batch(place->store), 1);
    say(place, TEST_ID(1), "x");
    assert_int_equal(store_batch(place->store), 1);
    assert_int_equal(store_pending_bytes(place->store), 0);
    assert_true(store_flush(place->store));
    assert_int_equal(store_batch(place->store), 2);
    assert_true(store_pending_bytes(place->store) > 0);
    assert_false(store_next_result(place->store, &result));
    assert_reads(place, STORE_LATEST, 0, 0, 9, "");
    store_work_now(place->store);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "x");
    assert_true(store_pending_bytes(place->store) > 0); // until its result is taken
    assert_true(store_next_result(place->store, &result));
    assert_true(result.is_ok);
    assert_int_equal(result.batch, 1);
    assert_int_equal(store_pending_bytes(place->store), 0);
}

static void batches_that_pile_up_are_one_transaction_and_one_result(void **state)
{
    struct place *place = *state;
    struct store_result result;
    for (uint64_t i = 1; i <= 20; i++) {
        say(place, TEST_ID(i), "x");
        assert_true(store_flush(place->store));
    }
    store_work_now(place->store);
    assert_int_equal(store_stats(place->store).commits, 1);
    assert_int_equal(store_stats(place->store).lines, 20);
    assert_true(store_next_result(place->store, &result));
    assert_int_equal(result.batch, 20);
    assert_false(store_next_result(place->store, &result));
    assert_int_equal(store_pending_bytes(place->store), 0);
}

static void one_transaction_takes_only_so_much(void **state)
{
    struct place *place = *state;
    char text[1001];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    for (uint64_t i = 1; i <= 1000; i++) {
        say(place, TEST_ID(i), text);
        assert_true(store_flush(place->store));
    }
    store_work_now(place->store);
    assert_in_range(store_stats(place->store).commits, 4, 8);
    assert_int_equal(number_of(place, "SELECT count(*) FROM msg"), 1000);
}

static void what_was_sent_twice_is_kept_once(void **state)
{
    struct place *place = *state;
    uint64_t id = 0, batch = 0;
    say_labelled(place, TEST_ID(1), "first", "one");
    say_labelled(place, TEST_ID(2), "again", "one"); // in the same batch
    assert_true(store_flush(place->store));
    say_labelled(place, TEST_ID(3), "again", "one"); // in the same transaction
    settle(place);
    say_labelled(place, TEST_ID(4), "again", "one"); // later
    say_labelled(place, TEST_ID(5), "other", "two");
    settle(place);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "first other");
    assert_true(store_find_sent(place->store, STR("alice"), STR("one"), &id));
    assert_int_equal(id, TEST_ID(1));
    assert_false(store_find_sent(place->store, STR("bob"), STR("one"), &id));
    assert_false(store_find_pending(place->store, STR("alice"), STR("one"), &id, &batch));
}

static void what_has_no_history_is_sent_once_all_the_same(void **state)
{
    struct place *place = *state;
    struct store_line line = {.id = TEST_ID(77)};
    uint64_t id = 0;
    store_put_line(place->store, &line, STR("alice"), STR("typing"));
    settle(place);
    assert_int_equal(number_of(place, "SELECT count(*) FROM msg"), 0);
    assert_int_equal(number_of(place, "SELECT count(*) FROM target"), 0);
    assert_true(store_find_sent(place->store, STR("alice"), STR("typing"), &id));
    assert_int_equal(id, TEST_ID(77));
    place_reopen(place);
    assert_int_equal(store_last_id(place->store), TEST_ID(77)); // its id is taken
}

static void a_resend_finds_what_is_not_decided_yet(void **state)
{
    struct place *place = *state;
    uint64_t id = 0, batch = 0;
    say_labelled(place, TEST_ID(1), "x", "one");
    assert_true(store_flush(place->store));
    say_labelled(place, TEST_ID(2), "y", "two");
    assert_true(store_find_pending(place->store, STR("alice"), STR("one"), &id, &batch));
    assert_int_equal(id, TEST_ID(1));
    assert_int_equal(batch, 1);
    assert_true(store_find_pending(place->store, STR("alice"), STR("two"), &id, &batch));
    assert_int_equal(id, TEST_ID(2));
    assert_int_equal(batch, 2);
    assert_false(store_find_pending(place->store, STR("alic"), STR("eone"), &id, &batch));
    assert_false(store_find_pending(place->store, STR(""), STR("one"), &id, &batch));
}

static void labels_are_forgotten_after_two_days(void **state)
{
    struct place *place = *state;
    const int64_t hour_ms = 3600 * 1000;
    uint64_t id = 0;
    for (uint64_t i = 0; i < 1200; i++) { // more than one piece of the walk
        char label[16];
        (void)snprintf(label, sizeof(label), "l%d", (int)i);
        say_labelled(place, TEST_ID(1) + i, "x", label);
    }
    settle(place);
    store_put_clock(place->store, TEST_MS + 47 * hour_ms);
    say_labelled(place, TEST_ID(47 * hour_ms), "new", "late");
    settle(place);
    assert_true(store_find_sent(place->store, STR("alice"), STR("l7"), &id));
    store_put_clock(place->store, TEST_MS + 50 * hour_ms);
    assert_false(store_find_sent(place->store, STR("alice"), STR("l7"), &id));
    settle(place);
    assert_int_equal(number_of(place, "SELECT count(*) FROM sent"), 1);
    assert_true(store_find_sent(place->store, STR("alice"), STR("late"), &id));
    assert_int_equal(number_of(place, "SELECT count(*) FROM msg"), 1201);
}

static void a_forgotten_label_may_be_used_again(void **state)
{
    struct place *place = *state;
    const int64_t day_ms = 24 * 3600 * 1000;
    uint64_t id = 0;
    say_labelled(place, TEST_ID(1), "first", "one");
    settle(place);
    say_labelled(place, TEST_ID(3 * day_ms), "second", "one"); // before the walk has come by
    settle(place);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "first second");
    assert_true(store_find_sent(place->store, STR("alice"), STR("one"), &id));
    assert_int_equal(id, TEST_ID(3 * day_ms));
}

static void history_over_its_age_goes(void **state)
{
    struct place *place = *state;
    const int64_t hour_ms = 3600 * 1000;
    for (uint64_t i = 0; i < 300; i++) {
        say(place, TEST_ID(1) + i, "oldword");
        happen(place, TEST_ID(1) + i, STORE_JOIN, "+");
    }
    say(place, TEST_ID(10 * hour_ms), "young");
    happen(place, TEST_ID(10 * hour_ms), STORE_JOIN, "+");
    settle(place);
    assert_int_equal(number_of(place, "SELECT count(*) FROM msg"), 301);
    store_put_retention(place->store, 5 * hour_ms, 0);
    settle(place);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "young");
    assert_int_equal(number_of(place, "SELECT count(*) FROM event"), 1);
    assert_false(place_holds(place, "party.db", "oldword"));
    store_put_clock(place->store, TEST_MS + 20 * hour_ms); // time goes on in a quiet party
    settle(place);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "");
    place_reopen(place);
    assert_int_equal(store_last_id(place->store), TEST_ID(10 * hour_ms)); // still taken
}

static void a_file_over_its_size_loses_its_oldest(void **state)
{
    struct place *place = *state;
    const int64_t max = 400 * 1000;
    for (uint64_t i = 0; i < 6000; i++) {
        char text[96];
        (void)snprintf(text, sizeof(text), "word%d and some more words to fill the line", (int)i);
        say(place, TEST_ID(1) + i, text);
    }
    settle(place);
    assert_true(number_of(place, "PRAGMA page_count") * 4096 > max);
    store_put_retention(place->store, 0, (uint64_t)max);
    settle(place);
    int64_t used =
        number_of(place, "SELECT (page_count-freelist_count)*4096 FROM pragma_page_count,"
                         " pragma_freelist_count");
    assert_in_range(used, max / 2, max);
    int64_t kept = number_of(place, "SELECT count(*) FROM msg");
    assert_in_range(kept, 500, 4000);
    assert_int_equal(number_of(place, "SELECT max(id)-min(id) FROM msg"), kept - 1);
    assert_int_equal(number_of(place, "SELECT max(id) FROM msg"), TEST_ID(1) + 5999);
    assert_int_equal(number_of(place, "SELECT count(*)=0 FROM pragma_integrity_check"
                                      " WHERE integrity_check<>'ok'"),
                     1);
}

static void the_log_is_emptied_into_the_file(void **state)
{
    struct place *place = *state;
    for (uint64_t i = 0; i < 1500; i++) {
        say(place, TEST_ID(1 + i), "x");
        settle(place);
    }
    // Each commit writes several pages: without checkpoints this were many megabytes.
    assert_true(store_stats(place->store).file_bytes < 12 * 1024 * 1024);
}

// --- with a thread of its own ---
static void *writer_main(void *context)
{
    while (store_work(context)) {
    }
    return NULL;
}

static void count_wake(void *context)
{
    atomic_fetch_add((atomic_int *)context, 1);
}

static void results_come_in_order_from_a_thread(void **state)
{
    enum { BATCHES = 400 };
    (void)state;
    atomic_int wakes = 0;
    struct place *place = place_create();
    place->config.wake = count_wake;
    place->config.wake_context = &wakes;
    place_open(place);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, writer_main, place->store), 0);
    uint64_t decided = 0;
    struct store_result result;
    for (uint64_t i = 1; i <= BATCHES; i++) {
        uint64_t id = 0, batch = 0;
        char label[16];
        (void)snprintf(label, sizeof(label), "l%d", (int)i);
        say_labelled(place, TEST_ID(i), "x", label);
        assert_true(store_flush(place->store));
        assert_true(store_find_sent(place->store, STR("alice"), str_from(label), &id) ||
                    store_find_pending(place->store, STR("alice"), str_from(label), &id, &batch));
        while (store_next_result(place->store, &result)) {
            assert_true(result.is_ok && result.batch > decided && result.batch <= i);
            decided = result.batch;
            assert_true(store_find_sent(place->store, STR("alice"), STR("l1"), &id));
        }
        (void)store_stats(place->store);
    }
    store_stop(place->store); // what was handed over is committed all the same
    assert_int_equal(pthread_join(thread, NULL), 0);
    while (store_next_result(place->store, &result)) {
        assert_true(result.is_ok && result.batch > decided);
        decided = result.batch;
    }
    assert_int_equal(decided, BATCHES);
    assert_true(atomic_load(&wakes) > 0);
    assert_int_equal(number_of(place, "SELECT count(*) FROM msg"), BATCHES);
    place_destroy(place);
}

static void readers_and_chores_do_not_disturb_each_other(void **state)
{
    struct place *place = *state;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, writer_main, place->store), 0);
    struct store_result result;
    struct str target = STR("#party");
    for (uint64_t i = 1; i <= 600; i++) {
        say(place, TEST_ID(i), "cat");
        assert_true(store_flush(place->store));
        if (i % 50 == 0) {
            store_put_redaction(place->store, target, TEST_ID(i - 20));
            struct store_page page;
            struct store_search search = {
                .targets = &target, .target_count = 1, .text = STR("cat"), .limit = 1000};
            assert_true(store_read_search(place->store, &search, &page, NULL));
            for (size_t j = 1; j < page.count; j++) {
                assert_true(page.lines[j].id > page.lines[j - 1].id);
            }
            store_page_deinit(&page);
        }
        while (store_next_result(place->store, &result)) {
            assert_true(result.is_ok);
        }
    }
    (void)store_flush(place->store);
    store_stop(place->store);
    assert_int_equal(pthread_join(thread, NULL), 0);
    store_work_now(place->store);
    assert_int_equal(number_of(place, "SELECT count(*) FROM msg WHERE flags=0"), 588);
}

// --- how SQLite goes about a query ---
static void plan_of(sqlite3 *db, const char *sql, char *out, size_t size)
{
    char text[2048];
    sqlite3_stmt *statement = NULL;
    size_t len = 0;
    (void)snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s", sql);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &statement, NULL), SQLITE_OK);
    out[0] = '\0';
    while (sqlite3_step(statement) == SQLITE_ROW && len < size) {
        len += (size_t)snprintf(out + len, size - len, "%s\n", sqlite3_column_text(statement, 3));
    }
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
}

static void every_query_of_lines_is_a_seek(void **state)
{
    static const int queries[] = {
        READ_TARGET,      READ_SAID_UP,    READ_SAID_DOWN,    READ_ALL_UP,         READ_ALL_DOWN,
        READ_SAID_BEFORE, READ_ALL_BEFORE, READ_LINE,         READ_SENT,           READ_LAST_SAID,
        READ_TARGETS_OF,  READ_MSG,        READ_UNINDEXED_UP, READ_UNINDEXED_DOWN, READ_MARKER,
        READ_ACCOUNT,     READ_TOKEN};
    struct place *place = *state;
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        char plan[2048];
        plan_of(db, store_reader_sql(queries[i]), plan, sizeof(plan));
        if (strstr(plan, "SCAN msg") || strstr(plan, "SCAN event") || strstr(plan, "SCAN target") ||
            strstr(plan, "SCAN sent") || strstr(plan, "TEMP B-TREE") || !strstr(plan, "SEARCH")) {
            fail_msg("%s:\n%s", store_reader_sql(queries[i]), plan);
        }
    }
    char plan[2048];
    plan_of(db, store_reader_sql(READ_SAID_DOWN), plan, sizeof(plan));
    assert_string_equal(plan, "SEARCH msg USING PRIMARY KEY (target=? AND id>? AND id<?)\n");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int main(void)
{
#define EMPTY(test) cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)
    const struct CMUnitTest tests[] = {
        EMPTY(what_is_only_put_is_not_there_yet),
        EMPTY(batches_that_pile_up_are_one_transaction_and_one_result),
        EMPTY(one_transaction_takes_only_so_much),
        EMPTY(what_was_sent_twice_is_kept_once),
        EMPTY(what_has_no_history_is_sent_once_all_the_same),
        EMPTY(a_resend_finds_what_is_not_decided_yet),
        EMPTY(labels_are_forgotten_after_two_days),
        EMPTY(a_forgotten_label_may_be_used_again),
        EMPTY(history_over_its_age_goes),
        EMPTY(a_file_over_its_size_loses_its_oldest),
        EMPTY(the_log_is_emptied_into_the_file),
        cmocka_unit_test(results_come_in_order_from_a_thread),
        EMPTY(readers_and_chores_do_not_disturb_each_other),
        EMPTY(every_query_of_lines_is_a_seek),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// Disks that are full, broken or read-only, files that are damaged, older, newer or not ours.
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "mem.h"
#include "store_harness.h"
#include "store_schema.h"
#include "store_vfs.h"

enum { FOREVER = 1 << 30 };

struct bench {
    struct place *place;
    struct faults *faults;
};

static int open_bench(void **state)
{
    struct bench *bench = MEM_NEW(struct bench);
    bench->faults = faults_create("faults");
    bench->place = place_create();
    bench->place->config.vfs = "faults";
    place_open(bench->place);
    *state = bench;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *bench = *state;
    faults_set(bench->faults, FAULT_NONE, 0, 0);
    place_destroy(bench->place);
    faults_destroy(bench->faults);
    mem_free(bench);
    return 0;
}

static int make_place(void **state)
{
    *state = place_create();
    return 0;
}

static int close_place(void **state)
{
    place_destroy(*state);
    return 0;
}

static void copy_file(const char *from, const char *to)
{
    char data[4096];
    size_t len = 0;
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    assert_true(in && out);
    while ((len = fread(data, 1, sizeof(data), in)) > 0) {
        assert_int_equal(fwrite(data, 1, len, out), len);
    }
    assert_int_equal(fclose(in), 0);
    assert_int_equal(fclose(out), 0);
}

// What a crash at this moment would leave: a copy of file and log, looked at by another program.
static int64_t number_after_crash(struct place *place, const char *sql)
{
    char copy[128], log[160], log_copy[160];
    (void)snprintf(copy, sizeof(copy), "%s/copy.db", place->folder);
    (void)snprintf(log, sizeof(log), "%s-wal", place->path);
    (void)snprintf(log_copy, sizeof(log_copy), "%s-wal", copy);
    copy_file(place->path, copy);
    copy_file(log, log_copy);
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(copy, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return number;
}

static const char count_lines[] = "SELECT count(*) FROM msg";
static const char is_whole[] =
    "SELECT count(*)=0 FROM pragma_integrity_check WHERE integrity_check<>'ok'";

static void trouble_is_told_and_nothing_is_kept(struct bench *bench, enum fault fault,
                                                const char *why)
{
    struct place *place = bench->place;
    say(place, TEST_ID(1), "before");
    settle(place);
    faults_set(bench->faults, fault, 0, FOREVER);
    say(place, TEST_ID(2), "lost");
    say(place, TEST_ID(3), "lost-too");
    settle_badly(place, why);
    store_put_probe(place->store);
    settle_badly(place, why);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "before"); // reading goes on
    faults_set(bench->faults, FAULT_NONE, 0, 0);
    store_put_probe(place->store);
    settle(place);
    say(place, TEST_ID(4), "after");
    settle(place);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "before after");
    place_reopen(place);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "before after");
    assert_int_equal(store_stats(place->store).failures, 0); // of this start
}

static void a_full_disk_is_told_and_passes(void **state)
{
    trouble_is_told_and_nothing_is_kept(*state, FAULT_FULL, "The disk is full.");
}

static void a_broken_disk_is_told_and_passes(void **state)
{
    trouble_is_told_and_nothing_is_kept(*state, FAULT_IO, "The disk reports an error.");
}

static void a_disk_turned_read_only_is_told_and_passes(void **state)
{
    trouble_is_told_and_nothing_is_kept(*state, FAULT_READ_ONLY,
                                        "The disk or the history file is read-only.");
}

static void a_failed_flush_is_told_and_passes(void **state)
{
    trouble_is_told_and_nothing_is_kept(*state, FAULT_SYNC, "The disk reports an error.");
}

// The frames of the failed commit lie in the log, whole; only the flush behind them failed.
static void a_batch_that_was_called_failed_does_not_come_back_after_a_crash(void **state)
{
    struct bench *bench = *state;
    say(bench->place, TEST_ID(1), "kept");
    settle(bench->place);
    faults_set(bench->faults, FAULT_SYNC, 0, 1);
    say(bench->place, TEST_ID(2), "failed");
    settle_badly(bench->place, "The disk reports an error.");
    assert_int_equal(number_after_crash(bench->place, count_lines), 1);
}

// A fault at each single call in turn: whatever it hits, the result is true.
static void each_result_is_true_wherever_the_fault_hits(void **state)
{
    static const enum fault faults[] = {FAULT_FULL, FAULT_IO, FAULT_SYNC};
    struct bench *bench = *state;
    struct place *place = bench->place;
    int64_t kept = 0;
    uint64_t id = TEST_ID(1);
    for (size_t kind = 0; kind < 3; kind++) {
        bool has_come = true;
        for (int spared = 0; has_come && spared < 60; spared++) {
            struct store_result result;
            faults_set(bench->faults, faults[kind], spared, 1);
            for (int i = 0; i < 70; i++) { // so many that they are indexed too
                say(place, id++, "some words of a line");
            }
            assert_true(store_flush(place->store));
            store_work_now(place->store);
            has_come = faults_came(bench->faults);
            assert_true(store_next_result(place->store, &result));
            assert_false(store_next_result(place->store, &result));
            kept += result.is_ok ? 70 : 0;
            faults_set(bench->faults, FAULT_NONE, 0, 0);
            assert_int_equal(number_after_crash(place, count_lines), kept);
        }
        assert_false(has_come); // every call has had its turn
    }
    store_put_probe(place->store); // gives the chores another chance
    settle(place);
    assert_int_equal(number_after_crash(place, is_whole), 1);
    assert_int_equal(
        number_after_crash(place, "SELECT count(*) FROM fts WHERE fts MATCH 'words'") % 70, 0);
    place_reopen(place);
    assert_string_equal(store_aside(place->store), "");
}

static void one_that_cannot_be_kept_takes_no_other_with_it(void **state)
{
    struct bench *bench = *state;
    struct place *place = bench->place;
    struct store_result result;
    say(place, TEST_ID(1), "a");
    assert_true(store_flush(place->store));
    say(place, TEST_ID(2), "b");
    assert_true(store_flush(place->store));
    say(place, TEST_ID(3), "c");
    say(place, TEST_ID(1), "again"); // the number is taken
    assert_true(store_flush(place->store));
    say(place, TEST_ID(4), "d");
    assert_true(store_flush(place->store));
    store_work_now(place->store);
    assert_true(store_next_result(place->store, &result));
    assert_true(result.is_ok);
    assert_int_equal(result.batch, 2);
    assert_true(store_next_result(place->store, &result));
    assert_false(result.is_ok);
    assert_int_equal(result.batch, 3);
    assert_string_equal(result.why, "The history holds a line of that number already.");
    assert_true(store_next_result(place->store, &result));
    assert_true(result.is_ok);
    assert_int_equal(result.batch, 4);
    assert_false(store_next_result(place->store, &result));
    assert_int_equal(store_pending_bytes(place->store), 0);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "a b d");
    assert_int_equal(store_stats(place->store).failures, 1);
}

// A line under a name that did not change hands would be another room's, or nobody's.
static void nothing_is_kept_behind_a_lost_rename_until_the_owner_knows(void **state)
{
    struct bench *bench = *state;
    struct place *place = bench->place;
    struct store_result result;
    static const bool is_kept[] = {true, false, false, false};
    say_to(place, TEST_ID(1), "#old", "alice", "before");
    assert_true(store_flush(place->store));
    store_put_channel_rename(place->store, STR("#old"), STR("#party"), STR("#party"));
    say(place, TEST_ID(1), "again"); // the number is taken
    assert_true(store_flush(place->store));
    say(place, TEST_ID(2), "behind");
    assert_true(store_flush(place->store));
    store_work_now(place->store);
    say(place, TEST_ID(3), "behind too");
    assert_true(store_flush(place->store));
    store_work_now(place->store);
    for (size_t i = 0; i < sizeof(is_kept) / sizeof(is_kept[0]); i++) {
        assert_true(store_next_result(place->store, &result));
        assert_int_equal(result.batch, i + 1);
        assert_int_equal(result.is_ok, is_kept[i]);
    }
    assert_string_equal(result.why, "Something before it could not be kept.");
    store_put_probe(place->store);
    store_put_channel_rename(place->store, STR("#old"), STR("#party"), STR("#party"));
    settle(place);
    say(place, TEST_ID(4), "after");
    settle(place);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "before after");
}

// The same when the disk is full already at the beginning of the transaction.
static void nor_behind_one_that_met_a_full_disk(void **state)
{
    struct bench *bench = *state;
    struct place *place = bench->place;
    say_to(place, TEST_ID(1), "#old", "alice", "before");
    settle(place);
    faults_set(bench->faults, FAULT_FULL, 0, FOREVER);
    store_put_channel_rename(place->store, STR("#old"), STR("#party"), STR("#party"));
    settle_badly(place, "The disk is full.");
    faults_set(bench->faults, FAULT_NONE, 0, 0);
    say(place, TEST_ID(2), "behind");
    settle_badly(place, "Something before it could not be kept.");
    store_put_probe(place->store);
    settle(place);
    say(place, TEST_ID(3), "after");
    settle(place);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "after");
}

static void fill_disk(void *context)
{
    faults_set(context, FAULT_FULL, 0, FOREVER);
}

static void chores_rest_while_the_disk_is_full(void **state)
{
    struct bench *bench = *state;
    struct place *place = bench->place;
    static const char indexed[] = "SELECT count(*) FROM fts WHERE fts MATCH 'word'";
    store_close(place->store);
    place->config.wake = fill_disk; // between the result of a batch and the chores behind it
    place->config.wake_context = bench->faults;
    place_open(place);
    for (uint64_t i = 0; i < 100; i++) {
        say(place, TEST_ID(1) + i, "word");
    }
    settle(place); // and it comes back
    assert_true(faults_came(bench->faults));
    assert_int_equal(number_after_crash(place, indexed), 0);
    faults_set(bench->faults, FAULT_NONE, 0, 0);
    store_close(place->store);
    place->config.wake = NULL;
    place_open(place);
    store_put_probe(place->store);
    settle(place);
    assert_int_equal(number_after_crash(place, indexed), 100);
}

static void a_file_that_can_only_be_read_is_refused_in_plain_words(void **state)
{
    struct bench *bench = *state;
    struct err err = {""};
    say(bench->place, TEST_ID(1), "x");
    settle(bench->place);
    store_close(bench->place->store);
    bench->place->store = NULL;
    faults_open_read_only(bench->faults, true);
    assert_false(store_open(&bench->place->store, &bench->place->config, &err));
    char expected[256];
    (void)snprintf(expected, sizeof(expected), "%s: The disk or the history file is read-only.",
                   bench->place->path);
    assert_string_equal(err.text, expected);
    faults_open_read_only(bench->faults, false);
    place_open(bench->place);
    assert_reads(bench->place, STORE_LATEST, 0, 0, 9, "x");
}

// --- damaged files ---
static void write_at(const char *path, long at, const void *data, size_t len)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void make_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static void a_damaged_file_is_put_aside_and_never_overwritten(void **state)
{
    struct place *place = *state;
    char expected[256], log[128];
    (void)snprintf(log, sizeof(log), "%s-wal", place->path);
    (void)snprintf(expected, sizeof(expected), "%s.damaged-%lld", place->path, (long long)TEST_MS);
    for (int i = 0; i < 3; i++) {
        char text[64];
        (void)snprintf(text, sizeof(text), "this is no database, number %d", i);
        make_file(place->path, text);
        make_file(log, "nor is this a log");
        place_open(place);
        if (i > 0) {
            (void)snprintf(expected, sizeof(expected), "%s.damaged-%lld-%d", place->path,
                           (long long)TEST_MS, i);
        }
        assert_string_equal(store_aside(place->store), expected);
        say(place, TEST_ID(1), "new");
        settle(place);
        assert_reads(place, STORE_LATEST, 0, 0, 9, "new");
        store_close(place->store);
        place->store = NULL;
        (void)remove(log);
    }
    assert_true(place_holds(place, ".damaged-1800000000000", "number 0"));
    assert_true(place_holds(place, ".damaged-1800000000000-wal", "nor is this"));
    assert_true(place_holds(place, ".damaged-1800000000000-1", "number 1"));
    assert_true(place_holds(place, ".damaged-1800000000000-2", "number 2"));
}

static void put_many(struct place *place, uint64_t id)
{
    for (uint64_t i = 0; i < 3000; i++) {
        say(place, id + i, "a line that fills some pages");
    }
    settle(place);
}

static void a_damaged_page_is_found_at_start(void **state)
{
    struct place *place = *state;
    char noise[4096];
    memset(noise, 0x5A, sizeof(noise));
    place_open(place);
    put_many(place, TEST_ID(1));
    store_close(place->store);
    place->store = NULL;
    write_at(place->path, 40 * 4096, noise, sizeof(noise));
    place_open(place);
    assert_string_not_equal(store_aside(place->store), "");
    assert_reads(place, STORE_LATEST, 0, 0, 9, "");
}

static void a_file_cut_short_is_put_aside(void **state)
{
    struct place *place = *state;
    char data[10000];
    place_open(place);
    put_many(place, TEST_ID(1));
    store_close(place->store);
    place->store = NULL;
    FILE *file = fopen(place->path, "rb");
    assert_int_equal(fread(data, 1, sizeof(data), file), sizeof(data));
    assert_int_equal(fclose(file), 0);
    file = fopen(place->path, "wb");
    assert_int_equal(fwrite(data, 1, sizeof(data), file), sizeof(data));
    assert_int_equal(fclose(file), 0);
    place_open(place);
    assert_string_not_equal(store_aside(place->store), "");
}

static void an_empty_file_is_a_new_one(void **state)
{
    struct place *place = *state;
    make_file(place->path, "");
    place_open(place);
    assert_string_equal(store_aside(place->store), "");
    say(place, TEST_ID(1), "x");
    settle(place);
}

static void damage_while_it_runs_fails_the_batch_and_is_remembered(void **state)
{
    struct place *place = *state;
    struct err err = {""};
    struct store_result result;
    struct store_page page;
    struct store_query query = {
        .target = STR("#party"), .range = STORE_AFTER, .from = TEST_ID(1), .limit = 1000};
    char noise[4096];
    memset(noise, 0x5A, sizeof(noise));
    place_open(place);
    put_many(place, TEST_ID(1));
    place_reopen(place); // nothing is in memory
    for (long page_number = 2; page_number < 60; page_number++) {
        write_at(place->path, page_number * 4096, noise, sizeof(noise));
    }
    say(place, TEST_ID(9), "x");
    assert_true(store_flush(place->store));
    store_work_now(place->store);
    assert_true(store_next_result(place->store, &result));
    assert_false(result.is_ok);
    assert_string_equal(result.why, "The history file is damaged.");
    assert_false(store_read(place->store, &query, &page, &err));
    assert_string_equal(err.text, "The history file is damaged.");
    assert_true(place_holds(place, "party.db-suspect", ""));
    place_reopen(place);
    assert_string_not_equal(store_aside(place->store), "");
    say(place, TEST_ID(10), "y");
    settle(place);
    place_reopen(place); // only once
    assert_string_equal(store_aside(place->store), "");
    assert_reads(place, STORE_LATEST, 0, 0, 9, "y");
}

// --- versions ---
static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    char *why = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) {
        fail_msg("%s", why);
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

// As version 1 made it, with one line in it.
static const char version_1[] =
    "PRAGMA journal_mode=WAL;"
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value INT NOT NULL) WITHOUT ROWID;"
    "INSERT INTO meta VALUES('schema',1),('last_id',0),('fts_upto',0),('probe',0),('scrub',0);"
    "CREATE TABLE target(id INTEGER PRIMARY KEY, folded TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " a TEXT, b TEXT, is_gone INT NOT NULL DEFAULT 0);"
    "CREATE INDEX target_a ON target(a) WHERE a IS NOT NULL;"
    "CREATE INDEX target_b ON target(b) WHERE b IS NOT NULL;"
    "CREATE INDEX target_gone ON target(id) WHERE is_gone=1;"
    "CREATE TABLE msg(target INT NOT NULL, id INT NOT NULL, kind INT NOT NULL, flags INT NOT NULL,"
    " source TEXT NOT NULL, account TEXT NOT NULL, tags TEXT NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY(target, id)) WITHOUT ROWID;"
    "CREATE UNIQUE INDEX msg_id ON msg(id);"
    "CREATE TABLE event(target INT NOT NULL, id INT NOT NULL, kind INT NOT NULL, flags INT NOT"
    " NULL, source TEXT NOT NULL, account TEXT NOT NULL, tags TEXT NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY(target, id)) WITHOUT ROWID;"
    "CREATE INDEX event_id ON event(id);"
    "CREATE TABLE sent(who TEXT NOT NULL, label TEXT NOT NULL, id INT NOT NULL,"
    " PRIMARY KEY(who, label)) WITHOUT ROWID;"
    "CREATE TABLE marker(account TEXT NOT NULL, target INT NOT NULL, time INT NOT NULL,"
    " PRIMARY KEY(account, target)) WITHOUT ROWID;"
    "CREATE TABLE account(folded TEXT PRIMARY KEY, name TEXT NOT NULL, iterations INT NOT NULL,"
    " salt BLOB NOT NULL, stored_key BLOB NOT NULL, server_key BLOB NOT NULL,"
    " created INT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE channel(folded TEXT PRIMARY KEY, name TEXT NOT NULL, founder TEXT NOT NULL,"
    " topic TEXT NOT NULL, topic_by TEXT NOT NULL, topic_s INT NOT NULL, created_s INT NOT NULL,"
    " modes TEXT NOT NULL, lists TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE VIRTUAL TABLE fts USING fts5(text, place, content='', columnsize=0,"
    " tokenize='unicode61 remove_diacritics 2');"
    "INSERT INTO target VALUES(1,'#party','#Party',NULL,NULL,0);"
    "INSERT INTO msg VALUES(1,5,0,0,'alice!u@host','','','of old');";

static void a_file_of_an_older_version_is_upgraded(void **state)
{
    struct place *place = *state;
    struct arena arena = {0};
    struct str who, nick;
    run_sql(place->path, version_1);
    place_open(place);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "of old");
    store_put_token(place->store, STR("h"), STR("w"), STR("n"), TEST_MS);
    settle(place);
    assert_true(store_find_token(place->store, STR("h"), &arena, &who, &nick));
    place_reopen(place);
    assert_int_equal(number_after_crash(place, "SELECT value FROM meta WHERE key='schema'"),
                     store_schema_version());
    arena_deinit(&arena);
}

static void an_upgrade_that_fails_leaves_the_old_version(void **state)
{
    struct bench *bench = *state;
    struct place *place = bench->place;
    bool has_come = true;
    int failures = 0;
    store_close(place->store);
    place->store = NULL;
    for (int spared = 0; has_come && spared < 100; spared++) {
        struct err err = {""};
        (void)remove(place->path);
        run_sql(place->path, version_1);
        faults_set(bench->faults, FAULT_FULL, spared, FOREVER);
        bool is_open = store_open(&place->store, &place->config, &err);
        has_come = faults_came(bench->faults);
        store_close(place->store);
        place->store = NULL;
        faults_set(bench->faults, FAULT_NONE, 0, 0);
        failures += !is_open;
        if (!is_open) {
            assert_non_null(strstr(err.text, "The disk is full."));
        }
        place_open(place); // and then it goes well
        assert_string_equal(store_aside(place->store), "");
        assert_reads(place, STORE_LATEST, 0, 0, 9, "of old");
        store_close(place->store);
        place->store = NULL;
    }
    assert_false(has_come);
    assert_true(failures > 0);
    place_open(place);
}

static char *bytes_of(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *data = mem_alloc(1 << 20);
    *len = fread(data, 1, 1 << 20, file);
    assert_int_equal(fclose(file), 0);
    return data;
}

static void assert_refused_untouched(struct place *place, const char *why)
{
    struct err err = {""};
    size_t len_before = 0, len_after = 0;
    char *before = bytes_of(place->path, &len_before);
    assert_false(store_open(&place->store, &place->config, &err));
    assert_non_null(strstr(err.text, why));
    char *after = bytes_of(place->path, &len_after);
    assert_int_equal(len_before, len_after);
    assert_memory_equal(before, after, len_before);
    mem_free(before);
    mem_free(after);
    assert_null(place->store);
}

static void a_file_of_a_newer_version_is_refused_and_not_touched(void **state)
{
    struct place *place = *state;
    place_open(place);
    say(place, TEST_ID(1), "x");
    settle(place);
    store_close(place->store);
    place->store = NULL;
    run_sql(place->path, "UPDATE meta SET value=99 WHERE key='schema'");
    assert_refused_untouched(place, "A newer Ronron wrote this history (version 99, this one knows"
                                    " up to 2); it is left as it is.");
}

static void a_file_of_another_program_is_refused_and_not_touched(void **state)
{
    struct place *place = *state;
    run_sql(place->path, "CREATE TABLE bookmarks(url TEXT); CREATE TABLE meta(k, v)");
    assert_refused_untouched(place, "This file belongs to another program");
}

static void a_log_left_by_a_newer_version_is_not_touched(void **state)
{
    struct place *place = *state;
    char log[128], kept[128];
    size_t len_before = 0, len_after = 0;
    struct err err = {""};
    run_sql(place->path, version_1);
    // Another program has it open, so the log stays beside it; then that one is killed.
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "PRAGMA wal_autocheckpoint=0;"
                                  "UPDATE meta SET value=99 WHERE key='schema'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    (void)snprintf(log, sizeof(log), "%s-wal", place->path);
    (void)snprintf(kept, sizeof(kept), "%s/kept", place->folder);
    copy_file(log, kept);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    copy_file(kept, log);
    char *before = bytes_of(log, &len_before);
    assert_false(store_open(&place->store, &place->config, &err));
    char *after = bytes_of(log, &len_after);
    assert_true(len_before > 0);
    assert_int_equal(len_before, len_after);
    assert_memory_equal(before, after, len_before);
    mem_free(before);
    mem_free(after);
}

static void two_relays_do_not_share_a_file(void **state)
{
    struct place *place = *state;
    struct store *second = NULL;
    struct err err = {""};
    place_open(place);
    assert_false(store_open(&second, &place->config, &err));
    assert_non_null(strstr(err.text, "Another relay keeps its history in this file."));
    say(place, TEST_ID(1), "x"); // the first is not disturbed
    settle(place);
    place_reopen(place);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    struct store *store = NULL;
    struct store_config config = {.path = "/nonexistent/party.db"};
    struct err err = {""};
    (void)state;
    assert_false(store_open(&store, &config, &err));
    assert_string_equal(err.text, "/nonexistent/party.db: The history file may not be opened.");
    store_close(NULL);
}

int main(void)
{
#define BENCH(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)
#define PLACE(test) cmocka_unit_test_setup_teardown(test, make_place, close_place)
    const struct CMUnitTest tests[] = {
        BENCH(a_full_disk_is_told_and_passes),
        BENCH(a_broken_disk_is_told_and_passes),
        BENCH(a_disk_turned_read_only_is_told_and_passes),
        BENCH(a_failed_flush_is_told_and_passes),
        BENCH(a_batch_that_was_called_failed_does_not_come_back_after_a_crash),
        BENCH(each_result_is_true_wherever_the_fault_hits),
        BENCH(one_that_cannot_be_kept_takes_no_other_with_it),
        BENCH(nothing_is_kept_behind_a_lost_rename_until_the_owner_knows),
        BENCH(nor_behind_one_that_met_a_full_disk),
        BENCH(chores_rest_while_the_disk_is_full),
        BENCH(a_file_that_can_only_be_read_is_refused_in_plain_words),
        PLACE(a_damaged_file_is_put_aside_and_never_overwritten),
        PLACE(a_damaged_page_is_found_at_start),
        PLACE(a_file_cut_short_is_put_aside),
        PLACE(an_empty_file_is_a_new_one),
        PLACE(damage_while_it_runs_fails_the_batch_and_is_remembered),
        PLACE(a_file_of_an_older_version_is_upgraded),
        BENCH(an_upgrade_that_fails_leaves_the_old_version),
        PLACE(a_file_of_a_newer_version_is_refused_and_not_touched),
        PLACE(a_file_of_another_program_is_refused_and_not_touched),
        PLACE(a_log_left_by_a_newer_version_is_not_touched),
        PLACE(two_relays_do_not_share_a_file),
        cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

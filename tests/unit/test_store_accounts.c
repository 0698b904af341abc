// Accounts, tokens, markers, registered rooms and who was talked with.
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "store_harness.h"

static void put_account(struct place *place, const char *folded, const char *name, uint8_t salt)
{
    struct store_account account = {.name = str_from(name),
                                    .folded = str_from(folded),
                                    .iterations = 100000,
                                    .created_utc_ms = TEST_MS};
    memset(account.salt, salt, sizeof(account.salt));
    memset(account.stored_key, salt + 1, sizeof(account.stored_key));
    memset(account.server_key, salt + 2, sizeof(account.server_key));
    store_put_account(place->store, &account);
}

static void an_account_comes_back_byte_by_byte(void **state)
{
    struct place *place = *state;
    struct store_account account;
    struct arena arena = {0};
    put_account(place, "alice", "Alice", 0);
    assert_false(store_find_account(place->store, STR("alice"), &arena, &account)); // not yet
    settle(place);
    place_reopen(place);
    assert_true(store_find_account(place->store, STR("alice"), &arena, &account));
    assert_string_equal(account.name.data, "Alice");
    assert_string_equal(account.folded.data, "alice");
    assert_int_equal(account.iterations, 100000);
    assert_int_equal(account.created_utc_ms, TEST_MS);
    for (size_t i = 0; i < sizeof(account.stored_key); i++) {
        assert_int_equal(account.salt[i / 2], 0);
        assert_int_equal(account.stored_key[i], 1);
        assert_int_equal(account.server_key[i], 2);
    }
    assert_false(store_find_account(place->store, STR("Alice"), &arena, &account));
    arena_deinit(&arena);
}

static void putting_an_account_again_replaces_it(void **state)
{
    struct place *place = *state;
    struct store_account account;
    struct arena arena = {0};
    put_account(place, "alice", "Alice", 1);
    put_account(place, "alice", "ALICE", 9);
    settle(place);
    assert_true(store_find_account(place->store, STR("alice"), &arena, &account));
    assert_string_equal(account.name.data, "ALICE");
    assert_int_equal(account.salt[15], 9);
    arena_deinit(&arena);
}

static struct str pair(const char *a, const char *b)
{
    static char key[256];
    return store_pair_key(str_from(a), str_from(b), key);
}

static void the_next_owner_of_a_dropped_account_sees_nothing(void **state)
{
    struct place *place = *state;
    struct store_account account;
    struct store_page page;
    struct store_targets targets;
    struct arena arena = {0};
    uint64_t all[2] = {0, UINT64_MAX}, time_ms = 0;
    put_account(place, "alice", "Alice", 1);
    say_to(place, TEST_ID(1), pair("alice", "bob").data, "alice", "zebrasecret");
    say_to(place, TEST_ID(2), pair("bob", "carol").data, "bob", "other");
    say(place, TEST_ID(3), "public");
    store_put_marker(place->store, STR("alice"), STR("#party"), 5);
    settle(place);
    store_put_account_drop(place->store, STR("alice"));
    settle(place);
    assert_false(store_find_account(place->store, STR("alice"), &arena, &account));
    assert_false(store_find_marker(place->store, STR("alice"), STR("#party"), &time_ms));
    assert_false(store_find_line(place->store, pair("alice", "bob"), TEST_ID(1), &page));
    assert_true(store_read_targets(place->store, STR("bob"), NULL, 0, all, 9, &targets, NULL));
    assert_int_equal(targets.count, 1);
    assert_string_equal(targets.items[0].name.data, "carol");
    store_targets_deinit(&targets);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "public");
    assert_false(place_holds(place, "party.db", "zebrasecret"));
    assert_false(place_holds(place, "-wal", "zebrasecret"));
    arena_deinit(&arena);
}

static void the_key_of_a_pair_is_the_same_from_both_sides(void **state)
{
    (void)state;
    char one[256], other[256];
    assert_true(str_eq(store_pair_key(STR("bob"), STR("alice"), one),
                       store_pair_key(STR("alice"), STR("bob"), other)));
    assert_string_equal(one, " alice bob");
    assert_true(str_eq(store_pair_key(STR("a"), STR("a"), one), STR(" a a")));
}

static void a_marker_never_goes_back(void **state)
{
    struct place *place = *state;
    uint64_t time_ms = 0;
    assert_false(store_find_marker(place->store, STR("alice"), STR("#party"), &time_ms));
    say(place, TEST_ID(1), "here");
    store_put_marker(place->store, STR("alice"), STR("#party"), 2000);
    store_put_marker(place->store, STR("alice"), STR("#party"), 1000);
    store_put_marker(place->store, STR("bob"), STR("#party"), 500);
    settle(place);
    assert_true(store_find_marker(place->store, STR("alice"), STR("#party"), &time_ms));
    assert_int_equal(time_ms, 2000);
    assert_true(store_find_marker(place->store, STR("bob"), STR("#party"), &time_ms));
    assert_int_equal(time_ms, 500);
}

static int count_targets(const struct place *place)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *query = NULL;
    assert_int_equal(sqlite3_open_v2(place->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM target", -1, &query, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    int count = sqlite3_column_int(query, 0);
    (void)sqlite3_finalize(query); // what failed was told
    (void)sqlite3_close(db);       // only read from
    return count;
}

// Whoever has an account may mark as many names as there are.
static void markers_of_what_nobody_ever_said_are_not_kept_for_ever(void **state)
{
    enum { NAMES = 1200 };
    struct place *place = *state;
    uint64_t time_ms = 0;
    say(place, TEST_ID(1), "here");
    happen(place, TEST_ID(2), STORE_JOIN, "");
    store_put_marker(place->store, STR("alice"), STR("#party"), 2000);
    store_put_marker(place->store, STR("alice"), STR("lately"), TEST_MS - 1000);
    for (int i = 0; i < NAMES; i++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "n%d", i);
        store_put_marker(place->store, STR("alice"), str_from(name), 2000);
    }
    settle(place);
    assert_int_equal(count_targets(place), 2);
    assert_true(store_find_marker(place->store, STR("alice"), STR("#party"), &time_ms));
    assert_true(store_find_marker(place->store, STR("alice"), STR("lately"), &time_ms));
    assert_false(store_find_marker(place->store, STR("alice"), STR("n7"), &time_ms));
    store_put_clock(place->store, TEST_MS + (int64_t)25 * 3600 * 1000);
    settle(place);
    assert_false(store_find_marker(place->store, STR("alice"), STR("lately"), &time_ms));
    assert_int_equal(count_targets(place), 1);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "here");
    say_to(place, TEST_ID(3), "n7", "zed", "new"); // under a number that was another's
    settle(place);
    assert_int_equal(count_targets(place), 2);
    assert_false(store_find_marker(place->store, STR("alice"), STR("n7"), &time_ms));
}

static void a_token_gives_its_guest_back_for_thirty_days(void **state)
{
    struct place *place = *state;
    struct arena arena = {0};
    struct str who, nick;
    const int64_t day_ms = 24 * 3600 * 1000;
    store_put_token(place->store, STR("hash"), STR("guest:1"), STR("Zoe"), TEST_MS);
    settle(place);
    assert_true(store_find_token(place->store, STR("hash"), &arena, &who, &nick));
    assert_string_equal(who.data, "guest:1");
    assert_string_equal(nick.data, "Zoe");
    assert_false(store_find_token(place->store, STR("hash2"), &arena, &who, &nick));
    store_put_clock(place->store, TEST_MS + 29 * day_ms);
    settle(place);
    assert_true(store_find_token(place->store, STR("hash"), &arena, &who, &nick));
    store_put_clock(place->store, TEST_MS + 31 * day_ms);
    settle(place);
    assert_false(store_find_token(place->store, STR("hash"), &arena, &who, &nick));
    arena_deinit(&arena);
}

static void put_channel(struct place *place, const char *folded, const char *name)
{
    struct store_channel channel = {.folded = str_from(folded),
                                    .name = str_from(name),
                                    .founder = STR("alice"),
                                    .topic = STR("cats: all of them"),
                                    .topic_by = STR("alice!u@host"),
                                    .topic_s = 17,
                                    .created_s = 16,
                                    .modes = STR("ntk key"),
                                    .lists = STR("b *!*@x alice!u@h 12\no bob")};
    store_put_channel(place->store, &channel);
}

static void registered_rooms_are_all_there_at_start(void **state)
{
    struct place *place = *state;
    struct store_channel *channels = NULL;
    size_t count = 0;
    struct arena arena = {0};
    put_channel(place, "#b", "#B");
    put_channel(place, "#a", "#A");
    put_channel(place, "#gone", "#gone");
    store_put_channel_drop(place->store, STR("#gone"));
    settle(place);
    place_reopen(place);
    assert_true(store_read_channels(place->store, &arena, &channels, &count, NULL));
    assert_int_equal(count, 2);
    assert_string_equal(channels[0].folded.data, "#a");
    assert_string_equal(channels[1].name.data, "#B");
    assert_string_equal(channels[1].founder.data, "alice");
    assert_string_equal(channels[1].topic.data, "cats: all of them");
    assert_string_equal(channels[1].topic_by.data, "alice!u@host");
    assert_int_equal(channels[1].topic_s, 17);
    assert_int_equal(channels[1].created_s, 16);
    assert_string_equal(channels[1].modes.data, "ntk key");
    assert_string_equal(channels[1].lists.data, "b *!*@x alice!u@h 12\no bob");
    arena_deinit(&arena);
}

static void history_goes_along_when_a_room_is_renamed(void **state)
{
    struct place *place = *state;
    struct store_channel *channels = NULL;
    struct store_page page;
    size_t count = 0;
    uint64_t time_ms = 0;
    struct arena arena = {0};
    put_channel(place, "#old", "#Old");
    say_to(place, TEST_ID(1), "#party", "zed", "left-behind"); // an earlier room of the new name
    say_to(place, TEST_ID(2), "#old", "alice", "mine");
    store_put_marker(place->store, STR("bob"), STR("#old"), 7);
    store_put_channel_rename(place->store, STR("#old"), STR("#party"), STR("#Party"));
    settle(place);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "mine");
    assert_false(store_find_line(place->store, STR("#old"), TEST_ID(2), &page));
    assert_true(store_find_marker(place->store, STR("bob"), STR("#party"), &time_ms));
    assert_true(store_read_channels(place->store, &arena, &channels, &count, NULL));
    assert_int_equal(count, 1);
    assert_string_equal(channels[0].name.data, "#Party");
    say_to(place, TEST_ID(3), "#old", "zed", "new room");
    store_put_channel_rename(place->store, STR("#party"), STR("#party"),
                             STR("#PARTY")); // case only
    settle(place);
    assert_reads(place, STORE_LATEST, 0, 0, 9, "mine");
    assert_true(store_find_line(place->store, STR("#party"), TEST_ID(2), &page));
    assert_string_equal(page.lines[0].name.data, "#PARTY");
    store_page_deinit(&page);
    arena_deinit(&arena);
}

// The names of the targets found, joined by blanks.
static const char *names(struct place *place, const char *account, uint64_t low, uint64_t high,
                         size_t limit)
{
    static char joined[256];
    struct store_targets targets;
    struct str channels[] = {STR("#party"), STR("#quiet"), STR("#none")};
    uint64_t bounds[2] = {low, high};
    size_t len = 0;
    assert_true(store_read_targets(place->store, str_from(account), channels, 3, bounds, limit,
                                   &targets, NULL));
    joined[0] = '\0';
    for (size_t i = 0; i < targets.count; i++) {
        len += (size_t)snprintf(joined + len, sizeof(joined) - len, "%s%.*s", i ? " " : "",
                                STR_ARG(targets.items[i].name));
    }
    store_targets_deinit(&targets);
    return joined;
}

static void targets_are_ordered_and_bounded_by_their_last_message(void **state)
{
    struct place *place = *state;
    put_account(place, "bob", "Bob", 1);
    say(place, TEST_ID(10), "x");
    say_to(place, TEST_ID(20), pair("alice", "bob").data, "bob", "x");
    say_to(place, TEST_ID(30), pair("zoe", "alice").data, "zoe", "x");
    say_to(place, TEST_ID(40), pair("alice", "alice").data, "alice", "note");
    say_to(place, TEST_ID(50), pair("bob", "zoe").data, "bob", "x");
    say(place, TEST_ID(60), "x");
    happen(place, TEST_ID(70), STORE_JOIN, "+"); // no message
    settle(place);
    assert_string_equal(names(place, "alice", 0, UINT64_MAX, 9), "Bob zoe alice #party");
    assert_string_equal(names(place, "alice", TEST_ID(20), TEST_ID(60), 9), "zoe alice");
    assert_string_equal(names(place, "alice", 0, UINT64_MAX, 2), "Bob zoe"); // the earliest
    assert_string_equal(names(place, "", 0, UINT64_MAX, 9), "#party");
    store_put_redaction(place->store, STR("#party"), TEST_ID(60));
    settle(place);
    assert_string_equal(names(place, "", 0, TEST_ID(15), 9), "#party");
}

int main(void)
{
#define EMPTY(test) cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)
    const struct CMUnitTest tests[] = {
        EMPTY(an_account_comes_back_byte_by_byte),
        EMPTY(putting_an_account_again_replaces_it),
        EMPTY(the_next_owner_of_a_dropped_account_sees_nothing),
        EMPTY(the_key_of_a_pair_is_the_same_from_both_sides),
        EMPTY(a_marker_never_goes_back),
        EMPTY(markers_of_what_nobody_ever_said_are_not_kept_for_ever),
        EMPTY(a_token_gives_its_guest_back_for_thirty_days),
        EMPTY(registered_rooms_are_all_there_at_start),
        EMPTY(history_goes_along_when_a_room_is_renamed),
        EMPTY(targets_are_ordered_and_bounded_by_their_last_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

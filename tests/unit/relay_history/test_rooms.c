// Rooms that are kept, while the disk takes nothing: what becomes of them meanwhile is kept once it
// is back, and nobody reads what was said behind a door that has closed.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kept.h"

#define AGAIN "NOTICE ana :The history is kept again."

// ana, who is the lobby's host, says something that cannot be kept.
static void break_disk(struct kept *kept, int ana)
{
    kept_break_disk(true);
    kept_send(kept, ana, "PRIVMSG #party :lost\r\n");
    kept_break_disk(true);
    assert_true(harness_has(&kept->h, ana, "FAIL PRIVMSG NOT_SAVED #party :"));
    harness_drop(&kept->h);
}

static void mend_disk(struct kept *kept, int ana)
{
    kept_break_disk(false);
    harness_turn(&kept->h, 6000);
    kept_settle(kept);
    assert_true(harness_has(&kept->h, ana, AGAIN));
    harness_drop(&kept->h);
}

static bool has(struct kept *kept, int client, const char *text)
{
    return harness_has(&kept->h, client, text);
}

// What a client that comes into the room is told, and what it reads there.
static const char *read_in(struct kept *kept, int client, const char *join, const char *room)
{
    kept_send(kept, client, "JOIN %s\r\n", join);
    harness_drop(&kept->h);
    kept_send(kept, client, "CHATHISTORY LATEST %s * 10\r\n", room);
    return kept_texts(kept, client);
}

static void topic_and_modes_are_kept_when_the_disk_is_back(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #den\r\nTOPIC #den :before\r\n");
    break_disk(kept, ana);
    kept_send(kept, ana, "TOPIC #den :meanwhile\r\nMODE #den +kb sesame *!*@away\r\n");
    kept_send(kept, ana, "JOIN #new\r\nTOPIC #new :born then\r\n");
    mend_disk(kept, ana);
    kept_restart(kept);
    ana = kept_device(kept, "ana", "ana", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #den,#new\r\nMODE #den\r\nMODE #den +b\r\n");
    assert_true(has(kept, ana, " 332 ana #den :meanwhile\r\n"));
    assert_true(has(kept, ana, " 324 ana #den +ntk sesame\r\n"));
    assert_true(has(kept, ana, " 367 ana #den *!*@away "));
    assert_true(has(kept, ana, " 332 ana #new :born then\r\n"));
    assert_true(has(kept, ana, "353 ana = #new :~ana\r\n"));
}

// The program may be ended before the disk has been tried again.
static void they_are_kept_too_if_it_is_back_at_the_end(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #den\r\nTOPIC #den :before\r\n");
    break_disk(kept, ana);
    kept_send(kept, ana, "TOPIC #den :meanwhile\r\n");
    kept_break_disk(false);
    relay_stop(kept->h.relay, STR("bye"));
    kept_settle(kept);
    kept_restart(kept);
    ana = kept_device(kept, "ana", "ana", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #den\r\n");
    assert_true(has(kept, ana, " 332 ana #den :meanwhile\r\n"));
}

static void a_room_that_was_given_up_does_not_come_back(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #den\r\nTOPIC #den :mine\r\n");
    break_disk(kept, ana);
    kept_send(kept, ana, "MODE #den -q ana\r\n");
    mend_disk(kept, ana);
    kept_restart(kept);
    ana = kept_guest(kept, "guest", KEPT_CAPS);
    kept_send(kept, ana, "LIST\r\n");
    assert_false(has(kept, ana, "#den"));
}

static void a_new_name_takes_the_history_along(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #den\r\nTOPIC #den :here\r\n");
    (void)kept_say(kept, ana, "#den", "old");
    break_disk(kept, ana);
    kept_send(kept, ana, "RENAME #den #lair :moving\r\n");
    kept_send(kept, ana, "RENAME #lair #home :again\r\n");
    mend_disk(kept, ana);
    (void)kept_say(kept, ana, "#home", "new");
    kept_send(kept, ana, "CHATHISTORY LATEST #home * 10\r\n");
    assert_string_equal(kept_texts(kept, ana), "old new");
    kept_restart(kept);
    ana = kept_device(kept, "ana", "ana", KEPT_CAPS);
    kept_send(kept, ana, "LIST\r\n");
    assert_true(has(kept, ana, " 322 ana #home 0 :here\r\n"));
    assert_false(has(kept, ana, "#den"));
    assert_false(has(kept, ana, "#lair"));
    assert_string_equal(read_in(kept, ana, "#home", "#home"), "old new");
}

static void rooms_that_swap_names_keep_what_is_theirs(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #one,#two\r\n");
    (void)kept_say(kept, ana, "#one", "first");
    (void)kept_say(kept, ana, "#two", "second");
    break_disk(kept, ana);
    kept_send(kept, ana, "RENAME #one #three\r\nRENAME #two #one\r\nRENAME #three #two\r\n");
    mend_disk(kept, ana);
    assert_string_equal(read_in(kept, ana, "#one", "#one"), "second");
    assert_string_equal(read_in(kept, ana, "#two", "#two"), "first");
}

static void a_name_left_behind_is_another_rooms(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS), eve = kept_guest(kept, "eve", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #den\r\nMODE #den +k sesame\r\n");
    (void)kept_say(kept, ana, "#den", "secret");
    break_disk(kept, ana);
    kept_send(kept, ana, "RENAME #den #lair\r\n");
    assert_string_equal(read_in(kept, eve, "#den", "#den"), "");
    kept_send(kept, eve,
              "SEARCH :text=secret\r\nCHATHISTORY TARGETS timestamp=2000-01-01T00:00:00."
              "000Z timestamp=2100-01-01T00:00:00.000Z 10\r\n");
    assert_string_equal(kept_texts(kept, eve), "");
    assert_false(has(kept, eve, "TARGETS #den"));
    mend_disk(kept, ana);
    assert_string_equal(read_in(kept, eve, "#den", "#den"), "");
    assert_string_equal(read_in(kept, ana, "#lair", "#lair"), "secret");
    kept_restart(kept);
    eve = kept_guest(kept, "eve", KEPT_CAPS);
    assert_string_equal(read_in(kept, eve, "#den", "#den"), "");
}

static void what_a_closed_room_held_goes_with_it(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), eve = kept_guest(kept, "eve", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #den\r\nMODE #den +k sesame\r\n");
    (void)kept_say(kept, ana, "#den", "secret");
    break_disk(kept, ana);
    kept_send(kept, ana, "PART #den\r\n");
    assert_string_equal(read_in(kept, eve, "#den", "#den"), "");
    mend_disk(kept, ana);
    assert_string_equal(read_in(kept, eve, "#den", "#den"), "");
    (void)kept_say(kept, eve, "#den", "open");
    kept_restart(kept);
    eve = kept_guest(kept, "eve", KEPT_CAPS);
    kept_send(kept, eve, "JOIN #den\r\n");
    assert_true(has(kept, eve, " 366 eve #den "));
    assert_string_equal(read_in(kept, eve, "#den", "#den"), "open");
}

// The disk is fine, only slow: eve is there before the commit.
static void nor_is_it_read_before_that_is_written(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), eve = kept_guest(kept, "eve", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #den\r\nMODE #den +k sesame\r\n");
    (void)kept_say(kept, ana, "#den", "secret");
    harness_send(&kept->h, ana, "PART #den\r\n");
    harness_send(&kept->h, eve, "JOIN #den\r\nCHATHISTORY LATEST #den * 10\r\n");
    kept_settle(kept);
    assert_true(has(kept, eve, " 366 eve #den "));
    assert_true(has(kept, eve, "BATCH +"));
    assert_string_equal(kept_texts(kept, eve), "");
}

// ana's #den has come back as #lair; she has asked for the list.
static int expect_lair(struct kept *kept)
{
    kept_restart(kept);
    int ana = kept_device(kept, "ana", "ana", KEPT_CAPS);
    kept_send(kept, ana, "LIST\r\n");
    assert_true(has(kept, ana, " 322 ana #lair 0 :meanwhile\r\n"));
    assert_false(has(kept, ana, "#den"));
    return ana;
}

// The commit that carries the change is the first that fails.
static void the_change_that_meets_the_failure_is_kept_too(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #den,#old\r\n");
    (void)kept_say(kept, ana, "#den", "said");
    kept_break_disk(true);
    kept_send(kept, ana, "TOPIC #den :meanwhile\r\nRENAME #den #lair\r\nMODE #old -q ana\r\n");
    mend_disk(kept, ana);
    ana = expect_lair(kept);
    assert_false(has(kept, ana, "#old"));
    assert_string_equal(read_in(kept, ana, "#lair", "#lair"), "said");
}

static void a_disk_that_fails_again_forgets_none_of_it(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #den\r\n");
    (void)kept_say(kept, ana, "#den", "said");
    break_disk(kept, ana);
    kept_send(kept, ana, "RENAME #den #lair\r\nTOPIC #lair :meanwhile\r\n");
    kept_break_disk(false); // the probe goes well, what follows it does not
    harness_turn(&kept->h, 6000);
    store_work_now(kept->store);
    kept_break_disk(true);
    kept_settle(kept);
    mend_disk(kept, ana);
    ana = expect_lair(kept);
    assert_string_equal(read_in(kept, ana, "#lair", "#lair"), "said");
}

static void new_names_without_end_are_refused(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #n0\r\n");
    (void)kept_say(kept, ana, "#n0", "said");
    break_disk(kept, ana);
    int done = 0;
    while (done < 5000 && !has(kept, ana, "FAIL RENAME CANNOT_RENAME")) {
        harness_turn(&kept->h, 2000); // or it goes too fast for the relay
        harness_drop(&kept->h);
        harness_send(&kept->h, ana, "");
        kept_send(kept, ana, "RENAME #n%d #n%d\r\n", done, done + 1);
        done++;
    }
    assert_in_range(done, 50, 4999);
    assert_true(has(kept, ana, " :The history cannot be written at the moment; try again later"));
    mend_disk(kept, ana);
    char room[16];
    (void)snprintf(room, sizeof(room), "#n%d", done - 1);
    assert_string_equal(read_in(kept, ana, room, room), "said");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT_ROW(topic_and_modes_are_kept_when_the_disk_is_back),
        KEPT_ROW(they_are_kept_too_if_it_is_back_at_the_end),
        KEPT_ROW(a_room_that_was_given_up_does_not_come_back),
        KEPT_ROW(a_new_name_takes_the_history_along),
        KEPT_ROW(rooms_that_swap_names_keep_what_is_theirs),
        KEPT_ROW(a_name_left_behind_is_another_rooms),
        KEPT_ROW(what_a_closed_room_held_goes_with_it),
        KEPT_ROW(nor_is_it_read_before_that_is_written),
        KEPT_ROW(the_change_that_meets_the_failure_is_kept_too),
        KEPT_ROW(a_disk_that_fails_again_forgets_none_of_it),
        KEPT_ROW(new_names_without_end_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

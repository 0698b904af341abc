// A room of nobody's and its history: what was said behind a closed door goes with the room.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "kept.h"

// ana talks in the room, with this mode set for a while, and leaves it; eve makes it again.
static const char *what_eve_reads(struct kept *kept, const char *set, const char *unset)
{
    int ana = kept_guest(kept, "ana", KEPT_CAPS), eve = kept_guest(kept, "eve", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #a\r\n");
    if (set) {
        kept_send(kept, ana, "MODE #a %s\r\n", set);
    }
    (void)kept_say(kept, ana, "#a", "secret");
    if (unset) {
        kept_send(kept, ana, "MODE #a %s\r\n", unset);
    }
    kept_send(kept, ana, "PART #a\r\n");
    kept_send(kept, eve, "JOIN #a\r\n");
    harness_drop(&kept->h);
    kept_send(kept, eve, "CHATHISTORY LATEST #a * 10\r\n");
    return kept_texts(kept, eve);
}

static void an_open_room_is_read_by_who_makes_it_again(void **state)
{
    assert_string_equal(what_eve_reads(*state, NULL, NULL), "secret");
}

static void a_room_with_a_key_is_not(void **state)
{
    assert_string_equal(what_eve_reads(*state, "+k sesame", NULL), "");
}

static void nor_one_by_invitation(void **state)
{
    assert_string_equal(what_eve_reads(*state, "+i", NULL), "");
}

static void nor_one_that_was_secret_for_a_while(void **state)
{
    assert_string_equal(what_eve_reads(*state, "+s", "-s"), "");
}

static void the_door_is_still_closed_after_a_crash(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #a,#b\r\n");
    kept_send(kept, ana, "MODE #a +k sesame\r\n");
    kept_send(kept, ana, "MODE #b +i\r\n");
    (void)kept_say(kept, ana, "#a", "behind a key");
    (void)kept_say(kept, ana, "#b", "among friends");
    kept_restart(kept);
    int eve = kept_guest(kept, "eve", KEPT_CAPS);
    kept_send(kept, eve, "JOIN #a\r\n");
    assert_true(harness_has(&kept->h, eve, " 475 eve #a :"));
    kept_send(kept, eve, "JOIN #b\r\nCHATHISTORY LATEST #b * 10\r\n");
    assert_string_equal(kept_texts(kept, eve), ""); // it is another room
    harness_drop(&kept->h);
    kept_send(kept, eve, "JOIN #a sesame\r\nCHATHISTORY LATEST #a * 10\r\n");
    assert_string_equal(kept_texts(kept, eve), "behind a key");
}

static void say_behind_a_key(struct kept *kept, int client)
{
    kept_send(kept, client, "JOIN #a\r\n");
    kept_send(kept, client, "MODE #a +k sesame\r\n");
    (void)kept_say(kept, client, "#a", "secret");
}

// What eve reads of a room that is another's, asked for in every way; "" when it is nothing.
static const char *what_eve_finds(struct kept *kept, int eve)
{
    harness_drop(&kept->h);
    harness_send(&kept->h, eve,
                 "JOIN #a\r\nCHATHISTORY LATEST #a * 10\r\nSEARCH in=#a;text=secret\r\n"
                 "SEARCH text=secret\r\n");
    kept_settle(kept);
    return kept_texts(kept, eve);
}

static void nor_before_the_disk_knows_that_it_is_closed(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), eve = kept_guest(kept, "eve", KEPT_CAPS);
    say_behind_a_key(kept, ana);
    harness_send(&kept->h, ana, "PART #a\r\n");
    assert_string_equal(what_eve_finds(kept, eve), "");
}

static void nor_before_the_disk_knows_that_it_has_another_name(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), eve = kept_guest(kept, "eve", KEPT_CAPS);
    say_behind_a_key(kept, ana);
    harness_send(&kept->h, ana, "RENAME #a #b\r\n");
    assert_string_equal(what_eve_finds(kept, eve), "");
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #b * 10\r\n");
    assert_string_equal(kept_texts(kept, ana), "secret");
}

static void nor_when_the_disk_fails_as_it_is_closed(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), eve = kept_guest(kept, "eve", KEPT_CAPS);
    say_behind_a_key(kept, ana);
    kept_break_disk(true);
    kept_send(kept, ana, "PART #a\r\n");
    kept_break_disk(false);
    assert_string_equal(what_eve_finds(kept, eve), "");
    harness_turn(&kept->h, 6000);
    kept_settle(kept);
    assert_string_equal(what_eve_finds(kept, eve), "");
    (void)kept_say(kept, eve, "#a", "new");
    assert_string_equal(what_eve_finds(kept, eve), "new");
}

static void nor_when_the_disk_fails_as_it_gets_another_name(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), eve = kept_guest(kept, "eve", KEPT_CAPS);
    say_behind_a_key(kept, ana);
    kept_break_disk(true);
    kept_send(kept, ana, "RENAME #a #b\r\n");
    assert_string_equal(what_eve_finds(kept, eve), "");
    harness_drop(&kept->h);
    kept_send(kept, ana, "RENAME #b #c\r\n");
    assert_true(harness_has(&kept->h, ana, " JOIN #c\r\n"));
    kept_break_disk(false);
    harness_turn(&kept->h, 6000);
    kept_settle(kept);
    assert_string_equal(what_eve_finds(kept, eve), "");
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #c * 10\r\n");
    assert_string_equal(kept_texts(kept, ana), "secret");
}

static void a_door_that_is_closed_while_the_disk_fails_stays_closed(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #a\r\n");
    kept_break_disk(true);
    kept_send(kept, ana, "PRIVMSG #a :lost\r\n");
    kept_send(kept, ana, "MODE #a +k sesame\r\n");
    kept_break_disk(false);
    harness_turn(&kept->h, 6000);
    kept_settle(kept);
    kept_restart(kept);
    int eve = kept_guest(kept, "eve", KEPT_CAPS);
    kept_send(kept, eve, "JOIN #a\r\n");
    assert_true(harness_has(&kept->h, eve, " 475 eve #a :"));
}

static void an_owner_who_leaves_a_room_to_nobody_leaves_no_secrets(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS);
    say_behind_a_key(kept, ana);
    kept_send(kept, ana, "MODE #a -k\r\n");
    kept_restart(kept);
    ana = kept_device(kept, "ana", "ana", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #a\r\n");
    kept_send(kept, ana, "MODE #a -q ana\r\n");
    kept_send(kept, ana, "PART #a\r\n");
    int eve = kept_guest(kept, "eve", KEPT_CAPS);
    assert_string_equal(what_eve_finds(kept, eve), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT_ROW(an_open_room_is_read_by_who_makes_it_again),
        KEPT_ROW(a_room_with_a_key_is_not),
        KEPT_ROW(nor_one_by_invitation),
        KEPT_ROW(nor_one_that_was_secret_for_a_while),
        KEPT_ROW(the_door_is_still_closed_after_a_crash),
        KEPT_ROW(nor_before_the_disk_knows_that_it_is_closed),
        KEPT_ROW(nor_before_the_disk_knows_that_it_has_another_name),
        KEPT_ROW(nor_when_the_disk_fails_as_it_is_closed),
        KEPT_ROW(nor_when_the_disk_fails_as_it_gets_another_name),
        KEPT_ROW(a_door_that_is_closed_while_the_disk_fails_stays_closed),
        KEPT_ROW(an_owner_who_leaves_a_room_to_nobody_leaves_no_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

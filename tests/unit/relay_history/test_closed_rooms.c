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

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT_ROW(an_open_room_is_read_by_who_makes_it_again),
        KEPT_ROW(a_room_with_a_key_is_not),
        KEPT_ROW(nor_one_by_invitation),
        KEPT_ROW(nor_one_that_was_secret_for_a_while),
        KEPT_ROW(the_door_is_still_closed_after_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

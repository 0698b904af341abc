// What goes by age does so in a party where nobody says anything, and whatever the clock does.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kept.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

static size_t count_lines(struct kept *kept)
{
    struct store_page page = {.count = 0};
    struct store_query query = {.target = STR("#party"), .range = STORE_LATEST, .limit = 100};
    assert_true(store_read(kept->store, &query, &page, NULL));
    size_t count = page.count;
    store_page_deinit(&page);
    return count;
}

// The party keeps 30 days; nobody is there to give the store an id.
static void in_an_empty_party_what_is_old_goes(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    (void)kept_say(kept, ana, "#party", "long ago");
    kept_send(kept, ana, "QUIT\r\n");
    assert_int_equal(count_lines(kept), 1);
    harness_turn(&kept->h, 29 * DAY_MS);
    kept_settle(kept);
    assert_int_equal(count_lines(kept), 1);
    harness_turn(&kept->h, 2 * DAY_MS);
    kept_settle(kept);
    assert_int_equal(count_lines(kept), 0);
}

// Ids rise whatever the clock does, and what was said stands in the order it was said in.
static void a_clock_that_jumps_keeps_the_order(void **state)
{
    struct kept *kept = *state;
    int64_t clocks[] = {0, 20 * DAY_MS, -10 * 365 * DAY_MS, 5};
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    char last[20] = "";
    for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
        kept->h.utc_jump_ms = clocks[i];
        struct said said = kept_say(kept, ana, "#party", "word");
        assert_true(strcmp(said.msgid, last) > 0);
        memcpy(last, said.msgid, sizeof(last));
    }
    assert_int_equal(count_lines(kept), 4);
    kept->h.utc_jump_ms = -20 * 365 * DAY_MS;
    kept_restart(kept); // ids go on above what is kept
    ana = kept_guest(kept, "ana", KEPT_CAPS);
    struct said said = kept_say(kept, ana, "#party", "word");
    assert_true(strcmp(said.msgid, last) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT_ROW(in_an_empty_party_what_is_old_goes),
        KEPT_ROW(a_clock_that_jumps_keeps_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

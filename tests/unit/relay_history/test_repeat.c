// What its sender named is passed on once, wherever the first copy is on its way to the disk.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kept.h"

#define HOUR_MS ((int64_t)60 * 60 * 1000)

// As if more had been named since than the relay remembers.
static void put_named(struct kept *kept, uint64_t id)
{
    struct store_line line = {.id = id,
                              .kind = STORE_PRIVMSG,
                              .target = STR("#party"),
                              .name = STR("#party"),
                              .source = STR("ana!~ana@pipe"),
                              .account = STR("ana"),
                              .text = STR("once")};
    store_put_line(kept->store, &line, STR("a:ana"), STR("x1 #party"));
}

static void a_repeat_is_found_before_its_commit(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS), ben = kept_guest(kept, "ben", KEPT_CAPS);
    put_named(kept, (uint64_t)(HARNESS_UTC_MS + 5000) << 20);
    (void)store_flush(kept->store); // handed over, not decided
    harness_send(&kept->h, ana, "@+ronron.chat/id=x1 PRIVMSG #party :once\r\n");
    assert_string_equal(kept_texts(kept, ana), ""); // the echo says that it is kept
    kept_settle(kept);
    assert_string_equal(kept_texts(kept, ana), "once");
    assert_string_equal(kept_texts(kept, ben), "");
}

// Two days, over restarts.
static void an_id_is_remembered_for_two_days(void **state)
{
    static const struct {
        int64_t later_ms;
        size_t deliveries;
    } rows[] = {{0, 1}, {47 * HOUR_MS, 0}, {49 * HOUR_MS, 1}};
    struct kept *kept = *state;
    (void)kept_account(kept, "ana", KEPT_CAPS);
    char first[32] = "";
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        kept_restart(kept);
        kept->h.utc_jump_ms = rows[i].later_ms;
        harness_turn(&kept->h, 0);
        int ana = kept_device(kept, "ana", "ana", KEPT_CAPS);
        int ben = kept_guest(kept, "ben", KEPT_CAPS);
        kept_send(kept, ana, "@+ronron.chat/id=x1 PRIVMSG #party :once\r\n");
        assert_int_equal(harness_times(&kept->h, ben, " PRIVMSG #party :once\r\n"),
                         rows[i].deliveries);
        const char *at = strstr(harness_got(&kept->h, ana), "msgid=");
        assert_non_null(at);
        bool is_first = strncmp(at, first, 22) == 0;
        assert_int_equal(is_first, rows[i].deliveries == 0);
        (void)snprintf(first, sizeof(first), "%.22s", at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT_ROW(a_repeat_is_found_before_its_commit),
        KEPT_ROW(an_id_is_remembered_for_two_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

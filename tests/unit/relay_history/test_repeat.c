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

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT_ROW(a_repeat_is_found_before_its_commit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

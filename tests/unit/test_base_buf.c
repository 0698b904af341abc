// Buffers keep their ceiling, arenas and errors keep their promises.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "buf.h"
#include "err.h"

static void ceiling_refuses_whole_appends(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 5);
    assert_true(buf_append(&buf, STR("abc")));
    assert_false(buf_append(&buf, STR("def")));
    assert_true(str_eq(buf_str(&buf), STR("abc")));
    assert_true(buf_append(&buf, STR("de")));
    assert_false(buf_append_char(&buf, 'x'));
    assert_false(buf_printf(&buf, "%d", 1));
    assert_string_equal(buf_cstr(&buf), "abcde");
    buf_deinit(&buf);
}

static void zero_buffer_holds_nothing(void **state)
{
    (void)state;
    struct buf buf = {0};
    assert_false(buf_append_char(&buf, 'x'));
    assert_int_equal(buf_str(&buf).len, 0);
    buf_deinit(&buf);
}

static void consuming_from_the_front_keeps_the_rest(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 1000);
    size_t read = 0;
    size_t written = 0;
    for (int round = 0; round < 500; round++) {
        for (int i = 0; i < 7; i++) {
            assert_true(buf_append_char(&buf, (char)('a' + written++ % 26)));
        }
        struct str view = buf_str(&buf);
        for (size_t i = 0; i < 6; i++) {
            assert_int_equal(view.data[i], 'a' + (read + i) % 26);
        }
        buf_consume(&buf, 6);
        read += 6;
    }
    assert_int_equal(buf.len, 500);
    buf_deinit(&buf);
}

static void arena_survives_reset_and_large_pieces(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (int round = 0; round < 3; round++) {
        struct str small = arena_str(&arena, STR("purr"));
        char *large = arena_alloc(&arena, 100000);
        memset(large, 'x', 100000);
        struct str text = arena_printf(&arena, "%s %d", "cats", 3);
        assert_string_equal(small.data, "purr");
        assert_string_equal(text.data, "cats 3");
        arena_reset(&arena);
    }
    arena_deinit(&arena);
}

static void error_is_wrapped_from_outside(void **state)
{
    (void)state;
    struct err err;
    assert_false(err_set(&err, "no such file"));
    assert_false(err_wrap(&err, "cannot open %s", "a.txt"));
    assert_string_equal(err.text, "cannot open a.txt: no such file");
    assert_false(err_wrap(NULL, "nobody listens"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ceiling_refuses_whole_appends),
        cmocka_unit_test(zero_buffer_holds_nothing),
        cmocka_unit_test(consuming_from_the_front_keeps_the_rest),
        cmocka_unit_test(arena_survives_reset_and_large_pieces),
        cmocka_unit_test(error_is_wrapped_from_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

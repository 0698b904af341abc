// Views: comparison, search, splitting, numbers, cutting copies.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mem.h"
#include "str.h"

static void empty_views_are_equal_and_safe(void **state)
{
    (void)state;
    struct str none = {0};
    size_t at = 7;
    assert_true(str_eq(none, STR("")));
    assert_false(str_find_char(none, 'x', &at));
    assert_int_equal(str_trim(none).len, 0);
    assert_int_equal(str_range(none, 3, 9).len, 0);
    assert_true(str_starts(STR("abc"), none));
}

static void comparison_folds_ascii_only(void **state)
{
    (void)state;
    assert_true(str_eq_nocase(STR("JoIn"), STR("join")));
    assert_false(str_eq_nocase(STR("\xC3\x89"), STR("\xC3\xA9")));
    assert_true(str_compare(STR("ab"), STR("abc")) < 0);
    assert_true(str_compare(STR("b"), STR("abc")) > 0);
}

static void next_takes_parts_and_keeps_empty_ones(void **state)
{
    (void)state;
    struct str rest = STR("a,,b");
    struct str part;
    assert_true(str_next(&rest, ',', &part));
    assert_true(str_eq(part, STR("a")));
    assert_true(str_next(&rest, ',', &part));
    assert_int_equal(part.len, 0);
    assert_true(str_next(&rest, ',', &part));
    assert_true(str_eq(part, STR("b")));
    assert_false(str_next(&rest, ',', &part));
}

static void numbers_refuse_junk_and_overflow(void **state)
{
    (void)state;
    int64_t value = 5;
    assert_true(str_to_int(STR("-12"), &value));
    assert_int_equal(value, -12);
    assert_false(str_to_int(STR(""), &value));
    assert_false(str_to_int(STR("-"), &value));
    assert_false(str_to_int(STR("12x"), &value));
    assert_false(str_to_int(STR("99999999999999999999"), &value));
    assert_false(str_to_int_in(STR("70000"), 0, 65535, &value));
    assert_int_equal(value, -12);
}

static void copy_never_splits_a_character(void **state)
{
    (void)state;
    char out[4];
    assert_false(str_copy(out, sizeof(out), STR("ab\xC3\xA9")));
    assert_string_equal(out, "ab");
    assert_true(str_copy(out, sizeof(out), STR("a\xC3\xA9")));
    assert_string_equal(out, "a\xC3\xA9");
}

static void find_sees_the_first_and_the_last_place(void **state)
{
    (void)state;
    size_t at = 99;
    assert_true(str_find(STR("aXbX"), STR("X"), &at));
    assert_int_equal(at, 1);
    assert_true(str_find(STR("abX"), STR("X"), &at));
    assert_int_equal(at, 2);
    assert_false(str_find(STR("ab"), STR("abc"), &at));
    assert_true(str_ends(STR("cat.txt"), STR(".txt")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_views_are_equal_and_safe),
        cmocka_unit_test(comparison_folds_ascii_only),
        cmocka_unit_test(next_takes_parts_and_keeps_empty_ones),
        cmocka_unit_test(numbers_refuse_junk_and_overflow),
        cmocka_unit_test(copy_never_splits_a_character),
        cmocka_unit_test(find_sees_the_first_and_the_last_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

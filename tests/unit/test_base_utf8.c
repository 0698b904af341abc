// UTF-8: every code point goes round, every kind of broken byte is seen.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "buf.h"
#include "utf8.h"

static void every_code_point_goes_round(void **state)
{
    (void)state;
    for (uint32_t c = 1; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 37) {
        if (c >= 0xD800 && c <= 0xDFFF) {
            continue;
        }
        char bytes[4];
        size_t len = 0;
        struct str s = {bytes, utf8_encode(c, bytes)};
        assert_int_equal(utf8_decode(s, 0, &len), c);
        assert_int_equal(len, s.len);
        assert_true(utf8_is_valid(s));
        assert_int_equal(utf8_prev(s, s.len), 0);
        assert_int_equal(utf8_next(s, 0), s.len);
    }
}

static void broken_sequences_are_invalid(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "\x80",
        "\xC0\x80",
        "\xC1\xBF",
        "\xE0\x80\x80",
        "\xED\xA0\x80",
        "\xF0\x80\x80\x80",
        "\xF4\x90\x80\x80",
        "\xF8\x88\x80\x80\x80",
        "\xE2\x82",
        "\xFF",
        "a\xC3",
        "\xC3(",
    };
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        assert_false(utf8_is_valid(str_from(broken[i])));
    }
    assert_true(utf8_is_valid(STR("\xEF\xBF\xBD"))); // U+FFFD itself is fine
}

static void cut_stands_between_characters(void **state)
{
    (void)state;
    struct str s = STR("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x90\xB1z");
    static const size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
    for (size_t max = 0; max < 12; max++) {
        assert_int_equal(utf8_cut(s, max), expected[max]);
    }
    assert_int_equal(utf8_count(s), 5);
}

static void clean_replaces_and_drops(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 100);
    assert_true(utf8_clean(&out,
                           STR("a\x01\x02"
                               "b\tc\xFF\x7F\xC2\x85\n"),
                           UTF8_KEEP_FORMAT));
    assert_true(str_eq(buf_str(&out), STR("a\x02"
                                          "b c\xEF\xBF\xBD")));
    buf_clear(&out);
    assert_true(utf8_clean(&out,
                           STR("\x01"
                               "x\x02\n"),
                           UTF8_KEEP_CTCP | UTF8_KEEP_NEWLINE));
    assert_true(str_eq(buf_str(&out), STR("\x01x\n")));
    buf_deinit(&out);
}

static void clean_fills_what_room_there_is(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 5);
    assert_false(utf8_clean(&out, STR("\x02purring"), 0));
    assert_true(str_eq(buf_str(&out), STR("purri")));
    buf_clear(&out);
    assert_false(utf8_clean(&out, STR("chat\u00e9"), 0)); // no half of a character
    assert_true(str_eq(buf_str(&out), STR("chat")));
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_goes_round),
        cmocka_unit_test(broken_sequences_are_invalid),
        cmocka_unit_test(cut_stands_between_characters),
        cmocka_unit_test(clean_replaces_and_drops),
        cmocka_unit_test(clean_fills_what_room_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

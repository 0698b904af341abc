// Base64 and hex: RFC 4648's examples, and what is refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "b64.h"

static const struct {
    const char *bytes;
    const char *text;
} rows[] = {{"", ""},
            {"f", "Zg=="},
            {"fo", "Zm8="},
            {"foo", "Zm9v"},
            {"foob", "Zm9vYg=="},
            {"fooba", "Zm9vYmE="},
            {"foobar", "Zm9vYmFy"}};

static void base64_goes_there_and_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out;
        buf_init(&out, 64);
        assert_true(b64_encode(&out, str_from(rows[i].bytes)));
        assert_string_equal(buf_cstr(&out), rows[i].text);
        buf_clear(&out);
        assert_true(b64_decode(&out, str_from(rows[i].text)));
        assert_string_equal(buf_cstr(&out), rows[i].bytes);
        buf_deinit(&out);
    }
}

static void one_value_has_one_spelling(void **state)
{
    (void)state;
    static const char *const bad[] = {"Zg=",      "Zg",   "Zh==",  "Zm9=",  "====", "Z===",
                                      "Zg==Zg==", "Zm 9", "Zm9\n", "Zm9v=", "=m9v", "Zm-_"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct buf out;
        buf_init(&out, 64);
        (void)buf_append(&out, STR("before"));
        assert_false(b64_decode(&out, str_from(bad[i])));
        assert_string_equal(buf_cstr(&out), "before");
        buf_deinit(&out);
    }
}

static void a_full_buffer_stays_as_it_was(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 7);
    (void)buf_append(&out, STR("abcd"));
    assert_false(b64_encode(&out, STR("x")));
    assert_false(b64_decode(&out, STR("Zm9vYg==")));
    assert_string_equal(buf_cstr(&out), "abcd");
    buf_deinit(&out);
}

static void exactly_so_many_bytes(void **state)
{
    (void)state;
    char out[4] = "";
    assert_true(b64_decode_exact(STR("Zm9v"), out, 3));
    assert_memory_equal(out, "foo", 3);
    assert_false(b64_decode_exact(STR("Zm9v"), out, 2));
    assert_false(b64_decode_exact(STR("Zm9v"), out, 4));
    assert_true(b64_decode_exact(STR(""), out, 0));
}

static void hex_is_lower_case(void **state)
{
    (void)state;
    char out[9];
    hex_encode(out, STR("\x00\x9f\xff\x41"));
    assert_string_equal(out, "009fff41");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_goes_there_and_back),
        cmocka_unit_test(one_value_has_one_spelling),
        cmocka_unit_test(a_full_buffer_stays_as_it_was),
        cmocka_unit_test(exactly_so_many_bytes),
        cmocka_unit_test(hex_is_lower_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// Chunks of AUTHENTICATE, PLAIN, preparation of passwords.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "irc_sasl.h"

static char long_text[1201];

static void a_chunk_of_400_says_that_more_follows(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 1000);
    memset(long_text, 'A', sizeof(long_text) - 1);
    struct str all = str_from(long_text);
    assert_int_equal(irc_sasl_feed(&text, str_range(all, 0, 400)), IRC_SASL_MORE);
    assert_int_equal(irc_sasl_feed(&text, str_range(all, 0, 400)), IRC_SASL_MORE);
    assert_int_equal(irc_sasl_feed(&text, STR("+")), IRC_SASL_WHOLE);
    assert_int_equal(text.len, 800);
    buf_clear(&text);
    assert_int_equal(irc_sasl_feed(&text, str_range(all, 0, 401)), IRC_SASL_TOO_LONG);
    assert_int_equal(irc_sasl_feed(&text, str_range(all, 0, 399)), IRC_SASL_WHOLE);
    assert_int_equal(irc_sasl_feed(&text, str_range(all, 0, 400)), IRC_SASL_MORE);
    assert_int_equal(irc_sasl_feed(&text, str_range(all, 0, 400)), IRC_SASL_TOO_LONG); // ceiling
    buf_deinit(&text);
}

static void what_is_cut_comes_together_again(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 399, 400, 401, 800, 1199, 1200};
    static const size_t counts[] = {1, 1, 1, 2, 2, 3, 3, 4};
    memset(long_text, 'A', sizeof(long_text) - 1);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct irc_sasl_chunks chunks = {.rest = {long_text, lengths[i]}};
        struct buf text;
        struct str chunk;
        size_t count = 0;
        buf_init(&text, 2000);
        enum irc_sasl_feed result = IRC_SASL_MORE;
        while (irc_sasl_chunks_next(&chunks, &chunk)) {
            assert_int_equal(result, IRC_SASL_MORE);
            assert_in_range(chunk.len, 1, 400);
            result = irc_sasl_feed(&text, chunk);
            count++;
        }
        assert_int_equal(result, IRC_SASL_WHOLE);
        assert_int_equal(text.len, lengths[i]);
        assert_int_equal(count, counts[i]);
        buf_deinit(&text);
    }
}

static void plain_has_three_parts(void **state)
{
    (void)state;
    struct irc_sasl_plain plain;
    assert_true(irc_sasl_plain_parse(STR("\0ana\0secret"), &plain));
    assert_int_equal(plain.authzid.len, 0);
    assert_true(str_eq(plain.authcid, STR("ana")));
    assert_true(str_eq(plain.password, STR("secret")));
    assert_true(irc_sasl_plain_parse(STR("ana\0ana\0s"), &plain));
    assert_false(irc_sasl_plain_parse(STR(""), &plain));
    assert_false(irc_sasl_plain_parse(STR("ana"), &plain));
    assert_false(irc_sasl_plain_parse(STR("ana\0secret"), &plain));
    assert_false(irc_sasl_plain_parse(STR("\0ana\0"), &plain));
    assert_false(irc_sasl_plain_parse(STR("\0\0secret"), &plain));
    assert_false(irc_sasl_plain_parse(STR("\0ana\0sec\0ret"), &plain));
    assert_false(irc_sasl_plain_parse(STR("\0ana\0sec\xff"), &plain));
    struct buf out;
    buf_init(&out, 16);
    assert_true(irc_sasl_plain_make(
        &out, &(struct irc_sasl_plain){.authcid = STR("ana"), .password = STR("secret")}));
    assert_true(str_eq(buf_str(&out), STR("\0ana\0secret")));
    assert_false(irc_sasl_plain_make(
        &out, &(struct irc_sasl_plain){.authcid = STR("ana"), .password = STR("secret")}));
    assert_int_equal(out.len, 11);
    buf_deinit(&out);
}

static void a_password_is_the_same_however_it_is_typed(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        const char *prepared;
    } rows[] = {
        {"pencil", "pencil"},
        {"I\u00ADX", "IX"}, // soft hyphen (RFC 4013 3)
        {"user", "user"},
        {"USER", "USER"},
        {"\u00AA", "a"},
        {"\u2168", "IX"},
        {"e\u0301te", "\u00E9te"},    // composed
        {"a\u00A0b\u3000c", "a b c"}, // other spaces
        {"\a", "\a"},                 // prohibited: as it is
        {"\u00AA\a", "\u00AA\a"},
        {"\u06271", "\u06271"},
        {"\xC3", "\xC3"}, // no UTF-8
        {"", ""},
        {"\u00AD", "\u00AD"}, // nothing would be left
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out;
        buf_init(&out, 100);
        assert_true(irc_saslprep(&out, str_from(rows[i].typed)));
        assert_string_equal(buf_cstr(&out), rows[i].prepared);
        buf_deinit(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chunk_of_400_says_that_more_follows),
        cmocka_unit_test(what_is_cut_comes_together_again),
        cmocka_unit_test(plain_has_three_parts),
        cmocka_unit_test(a_password_is_the_same_however_it_is_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

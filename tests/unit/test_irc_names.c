// Nicks, channels, casemapping and masks.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "irc_names.h"

static void nicks_follow_rfc_2812(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "Ana", "[x]", "a-1", "_", "{|}^`", "Z9"};
    static const char *const bad[] = {
        "",  "1a",  "-a",        "a b", "a*",
        "*", "a.b", "h\xC3\xA9", "#a",  "abcdefghijabcdefghijabcdefghijX"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(irc_nick_is_valid(str_from(good[i])));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(irc_nick_is_valid(str_from(bad[i])));
    }
}

static void channels_may_hold_any_clean_utf8(void **state)
{
    (void)state;
    assert_true(irc_channel_is_valid(STR("#party")));
    assert_true(irc_channel_is_valid(STR("#f\xC3\xAAte")));
    assert_false(irc_channel_is_valid(STR("#")));
    assert_false(irc_channel_is_valid(STR("party")));
    assert_false(irc_channel_is_valid(STR("#a,b")));
    assert_false(irc_channel_is_valid(STR("#a b")));
    assert_false(irc_channel_is_valid(STR("#\xFF")));
    assert_false(irc_channel_is_valid(STR("#a\x07")));
}

static void casemaps_fold_their_own_letters(void **state)
{
    (void)state;
    assert_true(irc_names_equal(IRC_CASEMAP_ASCII, STR("ANA"), STR("ana")));
    assert_false(irc_names_equal(IRC_CASEMAP_ASCII, STR("a["), STR("a{")));
    assert_true(irc_names_equal(IRC_CASEMAP_RFC1459, STR("a[^"), STR("A{~")));
    assert_false(irc_names_equal(IRC_CASEMAP_RFC1459_STRICT, STR("^"), STR("~")));
    char out[4];
    assert_true(irc_names_fold(IRC_CASEMAP_ASCII, STR("ABC"), out, sizeof(out)));
    assert_string_equal(out, "abc");
    assert_false(irc_names_fold(IRC_CASEMAP_ASCII, STR("ABCD"), out, sizeof(out)));
}

static void masks_match_and_never_blow_up(void **state)
{
    (void)state;
    assert_true(irc_mask_matches(STR("*!*@Host"), STR("ana!u@hOST")));
    assert_true(irc_mask_matches(STR("a?a*"), STR("ana")));
    assert_false(irc_mask_matches(STR("a?a"), STR("anna")));
    assert_true(irc_mask_matches(STR("?lodie!*"), STR("\u00c9lodie!e@h")));
    assert_true(irc_mask_matches(STR("*?\u00e9?"), STR("\u6771\u00e9\U00020000")));
    assert_false(irc_mask_matches(STR("??"), STR("\u00e9"))); // one character, of two bytes
    assert_true(irc_mask_matches(STR("**"), STR("")));
    assert_false(irc_mask_matches(STR(""), STR("a")));
    char text[5000];
    memset(text, 'a', sizeof(text));
    struct str long_text = {text, sizeof(text)};
    assert_false(irc_mask_matches(STR("*a*a*a*a*a*a*a*a*a*a*b"), long_text));
}

static void any_text_becomes_a_nick(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"\xC3\x89lodie du 75", "Elodie_du_75"},
        {"\xC5\x93uf", "oeuf"},
        {"Stra\xC3\x9F"
         "e",
         "Strasse"},
        {"42cats", "cats"},
        {"\xE7\x8C\xAB", "Chat"},
        {"", "Chat"},
        {"!!!", "Chat"},
    };
    char out[IRC_NICK_MAX + 1];
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        irc_nick_from_text(str_from(pairs[i][0]), out);
        assert_string_equal(out, pairs[i][1]);
    }
    for (unsigned c = 1; c < 0x300; c++) {
        char text[8] = {(char)(0xC0 | c >> 6), (char)(0x80 | (c & 63)), 'x', '\0'};
        irc_nick_from_text(str_from(text), out);
        assert_true(irc_nick_is_valid(str_from(out)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nicks_follow_rfc_2812),
        cmocka_unit_test(channels_may_hold_any_clean_utf8),
        cmocka_unit_test(casemaps_fold_their_own_letters),
        cmocka_unit_test(masks_match_and_never_blow_up),
        cmocka_unit_test(any_text_becomes_a_nick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

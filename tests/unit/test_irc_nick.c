// Nicks beyond ASCII: one script, normal form, nothing unseen.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "irc_nick.h"

static bool is_good(const char *text)
{
    char out[IRC_NICK_BYTES + 1];
    return irc_nick_normalise(str_from(text), out);
}

static void names_of_many_scripts_are_nicks(void **state)
{
    static const char *const names[] = {
        "ana",    "[]\\`_^{|}-09", "\u00c9lodie", "Zo\u00eb_75", "Анна",     "Ελένη-1",
        "שרה",    "سارة",          "देवी",         "สมชาย",       "さくら99", "東京タワー",
        "김철수", "金철수",        "ანა",         "Đặng",        "กี่",        "שָּׁ"};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!is_good(names[i])) {
            fail_msg("%s", names[i]);
        }
    }
}

static void scripts_do_not_mix(void **state)
{
    static const char *const names[] = {"аna" /* Cyrillic а */,
                                        "Annа",
                                        "Ελενh",
                                        "Анnа",
                                        "abc東",
                                        "さくらab",
                                        "Ελένηа",
                                        "김さ",
                                        "שרהa"};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (is_good(names[i])) {
            fail_msg("%s", names[i]);
        }
    }
}

static void what_is_unseen_or_no_letter_is_refused(void **state)
{
    static const char *const names[] = {
        "",
        "a b",
        "a,b",
        "a!b",
        "a@b",
        "#a",
        ":a",
        "*",
        "a*",
        "1a",
        "-a",
        "\u0661\u0627", // digit first
        "a\u202eb",
        "a\u200db",
        "a\u200b",
        "\ufeffa",
        "\u0301a",
        "a\u00a0b",
        "\u00ad_a",
        "\U0001F431",
        "\uff21na",
        "\u2124",
        "\u00bd",
        "a\u00d7b",
        "\xff",
        "a\xc3",
        "an\u034fa",                       // an unseen mark
        "\u1780\u17b4",                    // an unseen vowel
        "ana\u01c3",                       // a letter like '!'
        "ana\u01c0",                       // and one like '|'
        "a\u0316\u0317\u0318\u0319\u031c", // a tower of marks
    };
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (is_good(names[i])) {
            fail_msg("%zu: %s", i, names[i]);
        }
    }
}

static void two_ways_to_write_it_are_one(void **state)
{
    char one[IRC_NICK_BYTES + 1], two[IRC_NICK_BYTES + 1];
    (void)state;
    assert_true(irc_nick_normalise(STR("\u00c9lodie"), one));
    assert_true(irc_nick_normalise(STR("E\u0301lodie"), two));
    assert_string_equal(one, two);
    assert_string_equal(one, "\u00c9lodie");
}

static void thirty_characters_are_enough(void **state)
{
    char text[8 * 31 + 1] = "";
    (void)state;
    for (size_t i = 0; i < 30; i++) {
        memcpy(text + 4 * i, "\U00020000", 5); // four bytes each
    }
    assert_int_equal(strlen(text), IRC_NICK_BYTES);
    assert_true(is_good(text));
    memcpy(text + 120, "\u4e00", 4);
    assert_false(is_good(text));
    // Thirty letters with a mark each are thirty once composed.
    for (size_t i = 0; i < 30; i++) {
        memcpy(text + 3 * i, "e\u0301", 4);
    }
    assert_true(is_good(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_many_scripts_are_nicks),
        cmocka_unit_test(scripts_do_not_mix),
        cmocka_unit_test(what_is_unseen_or_no_letter_is_refused),
        cmocka_unit_test(two_ways_to_write_it_are_one),
        cmocka_unit_test(thirty_characters_are_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

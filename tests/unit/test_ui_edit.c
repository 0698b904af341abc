// Editing without pixels: cleaning, ceilings, words, undo as a person would call it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rng.h"
#include "ui_edit.h"
#include "utf8.h"

static void assert_text(const struct ui_edit *edit, const char *text)
{
    struct str got = ui_edit_text(edit), wanted = str_from(text);
    assert_int_equal(got.len, wanted.len);
    assert_memory_equal(got.data ? got.data : "", text, wanted.len);
}

static void type(struct ui_edit *edit, const char *text)
{
    for (struct str rest = str_from(text); rest.len;) {
        size_t len = utf8_next(rest, 0);
        assert_true(ui_edit_insert(edit, str_range(rest, 0, len)));
        rest = str_range(rest, len, rest.len);
    }
}

static void typing_replaces_the_selection(void **state)
{
    (void)state;
    struct ui_edit *edit = ui_edit_create(100, false);
    type(edit, "hello world");
    ui_edit_select(edit, 6, 11);
    assert_true(str_eq(ui_edit_selection(edit), STR("world")));
    type(edit, "cat");
    assert_text(edit, "hello cat");
    assert_int_equal(ui_edit_caret(edit), 9);
    ui_edit_destroy(edit);
}

static void undo_takes_back_words_not_letters(void **state)
{
    (void)state;
    struct ui_edit *edit = ui_edit_create(100, false);
    type(edit, "one two");
    ui_edit_undo(edit);
    assert_text(edit, "one ");
    ui_edit_undo(edit);
    assert_text(edit, "");
    ui_edit_redo(edit);
    ui_edit_redo(edit);
    assert_text(edit, "one two");
    ui_edit_redo(edit); // nothing more
    assert_text(edit, "one two");
    ui_edit_destroy(edit);
}

static void a_paste_is_cleaned_for_the_kind_of_field(void **state)
{
    (void)state;
    struct ui_edit *one = ui_edit_create(100, false), *more = ui_edit_create(100, true);
    struct str dirty = STR("a\r\nb\x01\tc\xFF");
    assert_true(ui_edit_insert(one, dirty));
    assert_text(one, "a b c\uFFFD");
    assert_true(ui_edit_insert(more, dirty));
    assert_text(more, "a\nb c\uFFFD");
    ui_edit_destroy(one);
    ui_edit_destroy(more);
}

static void what_is_over_the_ceiling_is_cut_at_a_character(void **state)
{
    (void)state;
    struct ui_edit *edit = ui_edit_create(8, false);
    assert_false(ui_edit_insert(edit, STR("ab\u00e9\u00e9\u00e9\u00e9")));
    assert_text(edit, "ab\u00e9\u00e9\u00e9");
    ui_edit_destroy(edit);
}

static void words_are_found_in_any_script(void **state)
{
    (void)state;
    struct ui_edit *edit = ui_edit_create(100, false);
    ui_edit_set(edit, STR("Salut, \u00e9l\u00e8ve!"));
    assert_int_equal(ui_edit_word_right(edit, 0), 5);
    assert_int_equal(ui_edit_word_right(edit, 5), 14);
    assert_int_equal(ui_edit_word_left(edit, 15), 7);
    assert_int_equal(ui_edit_word_left(edit, 7), 0);
    ui_edit_destroy(edit);
}

static void any_series_of_doings_keeps_the_text_whole(void **state)
{
    (void)state;
    struct ui_edit *edit = ui_edit_create(64, true);
    struct rng rng;
    rng_init(&rng, 11);
    for (int i = 0; i < 20000; i++) {
        size_t len = ui_edit_text(edit).len;
        char bytes[5] = {(char)rng_next(&rng), (char)rng_next(&rng), 'x', '\n', (char)0xC3};
        size_t a = rng_below(&rng, (uint32_t)len + 2), b = rng_below(&rng, (uint32_t)len + 2);
        switch (rng_below(&rng, 6)) {
        case 0:
            (void)ui_edit_insert(edit, (struct str){bytes, sizeof bytes}); // may be full
            break;
        case 1:
            a = a <= len ? utf8_cut(ui_edit_text(edit), a) : a;
            b = b <= len ? utf8_cut(ui_edit_text(edit), b) : b;
            ui_edit_select(edit, a, b);
            break;
        case 2:
            ui_edit_delete_selection(edit);
            break;
        case 3:
            ui_edit_undo(edit);
            break;
        case 4:
            ui_edit_redo(edit);
            break;
        default:
            ui_edit_set_composition(edit, (struct str){bytes, rng_below(&rng, 5)});
            break;
        }
        assert_true(utf8_is_valid(ui_edit_text(edit)));
        assert_true(ui_edit_text(edit).len <= 64);
        assert_true(ui_edit_caret(edit) <= ui_edit_text(edit).len);
        assert_true(ui_edit_anchor(edit) <= ui_edit_text(edit).len);
    }
    ui_edit_destroy(edit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typing_replaces_the_selection),
        cmocka_unit_test(undo_takes_back_words_not_letters),
        cmocka_unit_test(a_paste_is_cleaned_for_the_kind_of_field),
        cmocka_unit_test(what_is_over_the_ceiling_is_cut_at_a_character),
        cmocka_unit_test(words_are_found_in_any_script),
        cmocka_unit_test(any_series_of_doings_keeps_the_text_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

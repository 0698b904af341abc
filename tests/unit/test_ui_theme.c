// Themes: what a file may say, and that every pair of ink and ground can be read.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ui_theme.h"

static const char *const names[] = {"velours", "creme"};

static struct str read_theme(const char *name, char *text, size_t size)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/themes/%s.theme", RONRON_ASSETS, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(text, 1, size, file);
    (void)fclose(file);
    return (struct str){text, len};
}

static void every_pair_of_text_and_ground_can_be_read(void **state)
{
    (void)state;
    static const struct {
        enum ui_token ink, ground;
        float least;
    } pairs[] = {
        {UI_INK, UI_GROUND, 4.5f},   {UI_INK, UI_SURFACE, 4.5f},      {UI_INK, UI_RAISED, 4.5f},
        {UI_INK, UI_OWN, 4.5f},      {UI_MUTED, UI_GROUND, 4.5f},     {UI_MUTED, UI_SURFACE, 4.5f},
        {UI_MUTED, UI_RAISED, 4.5f}, {UI_ON_ACCENT, UI_ACCENT, 4.5f}, {UI_ON_BAD, UI_BAD, 4.5f},
        {UI_ACCENT, UI_GROUND, 3},   {UI_ACCENT, UI_RAISED, 3},       {UI_GOOD, UI_SURFACE, 3},
        {UI_WARN, UI_SURFACE, 3},    {UI_BAD, UI_SURFACE, 3},         {UI_BAD, UI_RAISED, 3},
    };
    for (size_t t = 0; t < sizeof names / sizeof names[0]; t++) {
        char text[8192];
        struct ui_theme theme;
        assert_true(ui_theme_parse(&theme, read_theme(names[t], text, sizeof text), NULL));
        for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
            float contrast =
                paint_contrast(theme.colors[pairs[i].ink], theme.colors[pairs[i].ground]);
            if (contrast < pairs[i].least) {
                print_error("%s: tokens %d on %d: %.2f\n", names[t], (int)pairs[i].ink,
                            (int)pairs[i].ground, (double)contrast);
            }
            assert_true(contrast >= pairs[i].least);
        }
        for (int i = 0; i < UI_NICK_COLORS; i++) {
            assert_true(paint_contrast(theme.nicks[i], theme.colors[UI_GROUND]) >= 4.5f);
            assert_true(paint_contrast(theme.nicks[i], theme.colors[UI_SURFACE]) >= 4.5f);
            assert_true(paint_contrast(theme.nicks[i], theme.colors[UI_RAISED]) >= 4.5f);
        }
    }
}

static void a_nick_has_one_colour_whatever_its_case(void **state)
{
    (void)state;
    char text[8192];
    struct ui_theme theme;
    assert_true(ui_theme_parse(&theme, read_theme("velours", text, sizeof text), NULL));
    assert_int_equal(ui_theme_nick(&theme, STR("Ana")), ui_theme_nick(&theme, STR("aNA")));
    bool differs = false;
    static const struct str others[] = {STR_INIT("leo"), STR_INIT("mia"), STR_INIT("zoe")};
    for (size_t i = 0; i < 3; i++) {
        differs |= ui_theme_nick(&theme, others[i]) != ui_theme_nick(&theme, STR("ana"));
    }
    assert_true(differs);
}

static void a_wrong_line_is_named_by_its_number(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *says;
    } cases[] = {
        {"name = X\nkind = dark\nground = red\n", "line 3"},
        {"name = X\nnothing here\n", "line 2"},
        {"name = X\nkind = blue\n", "line 2"},
        {"colour = #123456\n", "line 1"},
        {"# only a comment\nname = X\nkind = dark\n", "missing"},
        {"", "missing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ui_theme theme;
        struct err err = {0};
        assert_false(ui_theme_parse(&theme, str_from(cases[i].text), &err));
        assert_non_null(strstr(err.text, cases[i].says));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_text_and_ground_can_be_read),
        cmocka_unit_test(a_nick_has_one_colour_whatever_its_case),
        cmocka_unit_test(a_wrong_line_is_named_by_its_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// Layout: lines, carets, selections, and text that means harm.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mem.h"
#include "rng.h"
#include "text_layout.h"

static struct text_fonts *fonts;

static int open_fonts(void **state)
{
    (void)state;
    struct err err = {0};
    fonts = text_fonts_create(&err);
    return fonts ? 0 : -1;
}

static int close_fonts(void **state)
{
    (void)state;
    text_fonts_destroy(fonts);
    return 0;
}

static struct text_layout *lay(const char *text, int width_px, size_t max_lines)
{
    struct text_spec spec = {.style = {TEXT_FACE_SANS, 16},
                             .text = str_from(text),
                             .width_px = width_px,
                             .max_lines = max_lines};
    return text_layout_create(fonts, &spec);
}

// Every line is no wider than asked, lines follow each other without a gap or an overlap.
static void assert_sane(const struct text_layout *layout, int width_px)
{
    size_t at = 0;
    for (size_t i = 0; i < text_layout_line_count(layout); i++) {
        struct text_line_box line = text_layout_line(layout, i);
        assert_true(line.start >= at && line.end >= line.start);
        assert_true(line.end <= text_layout_text(layout).len);
        assert_true(width_px == 0 || line.width_px <= width_px);
        at = line.end;
    }
}

static void draw_all(struct text_layout *layout)
{
    for (size_t i = 0; i < text_layout_piece_count(layout); i++) {
        struct text_piece piece;
        if (text_layout_piece(layout, i, &piece)) {
            assert_true(piece.width_px > 0 && piece.height_px > 0);
            assert_true((piece.mask != NULL) != (piece.argb != NULL));
        }
    }
}

static void an_empty_text_has_one_line_and_a_caret(void **state)
{
    (void)state;
    struct text_layout *layout = lay("", 100, 0);
    int x, y, height;
    assert_int_equal(text_layout_line_count(layout), 1);
    assert_true(text_layout_height_px(layout) > 16);
    text_layout_caret(layout, 0, &x, &y, &height);
    assert_int_equal(x, 0);
    assert_int_equal(text_layout_caret_at(layout, 50, 5), 0);
    assert_int_equal(text_layout_piece_count(layout), 0);
    text_layout_destroy(layout);
}

static void lines_break_at_spaces_which_hang(void **state)
{
    (void)state;
    struct text_layout *layout = lay("one two three four five six", 80, 0);
    assert_sane(layout, 80);
    assert_true(text_layout_line_count(layout) >= 2);
    struct text_line_box first = text_layout_line(layout, 0);
    struct text_line_box second = text_layout_line(layout, 1);
    assert_int_equal(text_layout_text(layout).data[first.end], ' ');
    assert_int_equal(second.start, first.end + 1);
    text_layout_destroy(layout);
}

static void a_newline_at_the_end_begins_an_empty_line(void **state)
{
    (void)state;
    struct text_layout *layout = lay("a\nb\n", 0, 0);
    assert_int_equal(text_layout_line_count(layout), 3);
    assert_int_equal(text_layout_line(layout, 1).start, 2);
    int x, y, height;
    text_layout_caret(layout, 4, &x, &y, &height);
    assert_int_equal(x, 0);
    assert_int_equal(y, 2 * height);
    text_layout_destroy(layout);
}

static void a_word_wider_than_the_line_is_cut_between_clusters(void **state)
{
    (void)state;
    // e with a combining acute: a cut must never part the two.
    char text[601];
    for (int i = 0; i < 200; i++) {
        memcpy(text + (ptrdiff_t)i * 3, "e\xCC\x81", 3);
    }
    text[600] = '\0';
    struct text_layout *layout = lay(text, 100, 0);
    assert_sane(layout, 100);
    assert_true(text_layout_line_count(layout) > 5);
    for (size_t i = 0; i < text_layout_line_count(layout); i++) {
        assert_int_equal(text_layout_line(layout, i).start % 3, 0);
    }
    text_layout_destroy(layout);
}

static void chinese_breaks_between_characters_but_not_before_a_full_stop(void **state)
{
    (void)state;
    struct text_layout *layout = lay("天地玄黄宇宙洪荒。日月盈昃。辰宿列张", 16 * 8 + 2, 0);
    assert_sane(layout, 16 * 8 + 2);
    assert_true(text_layout_line_count(layout) >= 2);
    for (size_t i = 1; i < text_layout_line_count(layout); i++) {
        size_t start = text_layout_line(layout, i).start;
        assert_memory_not_equal(text_layout_text(layout).data + start, "。", 3);
    }
    text_layout_destroy(layout);
}

static void what_does_not_fit_ends_in_an_ellipsis(void **state)
{
    (void)state;
    struct text_layout *cut = lay("a rather long sentence about cats", 100, 1);
    struct text_layout *whole = lay("cats", 100, 1);
    assert_int_equal(text_layout_line_count(cut), 1);
    assert_true(text_layout_width_px(cut) <= 100);
    assert_true(text_layout_line(cut, 0).end < text_layout_text(cut).len);
    assert_int_equal(text_layout_line(whole, 0).end, 4);
    text_layout_destroy(cut);
    text_layout_destroy(whole);
}

static void arabic_runs_from_right_to_left_and_is_joined(void **state)
{
    (void)state;
    struct text_layout *layout = lay("السلام عليكم", 400, 0);
    int first, last, y, height;
    text_layout_caret(layout, 0, &first, &y, &height);
    text_layout_caret(layout, text_layout_text(layout).len, &last, &y, &height);
    assert_true(first > last);
    assert_int_equal(text_layout_caret_at(layout, first, 0), 0);
    // Joined letters are much narrower than the same letters apart.
    struct text_layout *apart = lay("ا ل س ل ا م", 0, 0);
    struct text_layout *joined = lay("السلام", 0, 0);
    assert_true(text_layout_width_px(joined) * 3 < text_layout_width_px(apart) * 2);
    text_layout_destroy(layout);
    text_layout_destroy(apart);
    text_layout_destroy(joined);
}

static void an_emoji_family_is_one_cluster_in_colour(void **state)
{
    (void)state;
    struct text_layout *layout = lay("a\U0001F468\u200D\U0001F469\u200D\U0001F467b", 0, 0);
    size_t end = text_layout_next_cluster(layout, 1);
    assert_int_equal(end, text_layout_text(layout).len - 1);
    assert_int_equal(text_layout_prev_cluster(layout, end), 1);
    bool has_color = false;
    for (size_t i = 0; i < text_layout_piece_count(layout); i++) {
        struct text_piece piece;
        has_color |= text_layout_piece(layout, i, &piece) && piece.argb;
    }
    assert_true(has_color);
    text_layout_destroy(layout);
}

static void every_caret_found_by_a_point_is_where_the_point_was(void **state)
{
    (void)state;
    struct text_layout *layout = lay("Salut, ça va ? 日本語 ffi \U0001F600 ok", 120, 0);
    assert_sane(layout, 120);
    for (size_t at = 0;; at = text_layout_next_cluster(layout, at)) {
        int x, y, height, back_x, back_y;
        text_layout_caret(layout, at, &x, &y, &height);
        size_t found = text_layout_caret_at(layout, x, y + height / 2);
        text_layout_caret(layout, found, &back_x, &back_y, &height);
        bool hangs = at > 0 && text_layout_text(layout).data[at - 1] == ' '; // beside the line
        assert_int_equal(back_y, y);
        assert_true(back_x == x || hangs);
        if (at == text_layout_text(layout).len) {
            break;
        }
    }
    text_layout_destroy(layout);
}

static void a_selection_covers_its_lines_and_nothing_else(void **state)
{
    (void)state;
    struct text_layout *layout = lay("one two three four", 80, 0);
    struct text_span_rect rects[16];
    size_t count = text_layout_range_rects(layout, 1, 12, rects, 16);
    assert_true(count >= 2);
    int x, y, height;
    text_layout_caret(layout, 1, &x, &y, &height);
    assert_int_equal(rects[0].x_px, x);
    assert_int_equal(text_layout_range_rects(layout, 3, 3, rects, 16), 0);
    text_layout_destroy(layout);
}

static void hostile_text_is_laid_out_and_drawn_without_harm(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 7);
    for (int round = 0; round < 60; round++) {
        char text[512];
        size_t len = 0;
        while (len + 4 < sizeof text) {
            unsigned pick = (unsigned)rng_next(&rng) % 8;
            text[len++] = (char)(pick < 3 ? (int)(rng_next(&rng) % 256)
                                          : 0xC0 + (int)(rng_next(&rng) % 0x40));
            static const char *const odd[] = {"\u202E", "\u0301\u0301", "\u200D", "\uFE0F",
                                              "\U0001F1EB"};
            const char *part = odd[(size_t)rng_next(&rng) % 5];
            if (pick > 5 && len + strlen(part) < sizeof text) {
                memcpy(text + len, part, strlen(part));
                len += strlen(part);
            }
        }
        struct text_attr attrs[3] = {{5, TEXT_BOLD, 0xFF0000},
                                     {SIZE_MAX, TEXT_UNDERLINE | TEXT_ITALIC, TEXT_COLOR_DEFAULT},
                                     {3, TEXT_STRIKE | TEXT_MONO, 0}};
        struct text_spec spec = {.style = {TEXT_FACE_SANS, 15},
                                 .text = {text, len},
                                 .attrs = attrs,
                                 .attr_count = 3,
                                 .width_px = round % 3 ? 40 + round * 5 : 0,
                                 .max_lines = (size_t)(round % 4)};
        struct text_layout *layout = text_layout_create(fonts, &spec);
        assert_sane(layout, 0);
        draw_all(layout);
        for (size_t at = 0; at < len; at = text_layout_next_cluster(layout, at)) {
            assert_true(text_layout_prev_cluster(layout, at) <= at);
        }
        text_layout_destroy(layout);
    }
    assert_int_equal(text_fonts_mask_bytes(fonts), 0);
}

static void a_hundred_kilobytes_without_a_space_are_bounded(void **state)
{
    (void)state;
    size_t len = 100 * 1024;
    char *text = mem_alloc(len + 1);
    memset(text, 'w', len);
    struct text_spec spec = {
        .style = {TEXT_FACE_SANS, 16}, .text = {text, len}, .width_px = 400, .max_lines = 0};
    struct text_layout *layout = text_layout_create(fonts, &spec);
    assert_sane(layout, 400);
    assert_true(text_layout_line_count(layout) > 1000);
    assert_int_equal(text_layout_line(layout, text_layout_line_count(layout) - 1).end, len);
    text_layout_destroy(layout);
    mem_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_text_has_one_line_and_a_caret),
        cmocka_unit_test(lines_break_at_spaces_which_hang),
        cmocka_unit_test(a_newline_at_the_end_begins_an_empty_line),
        cmocka_unit_test(a_word_wider_than_the_line_is_cut_between_clusters),
        cmocka_unit_test(chinese_breaks_between_characters_but_not_before_a_full_stop),
        cmocka_unit_test(what_does_not_fit_ends_in_an_ellipsis),
        cmocka_unit_test(arabic_runs_from_right_to_left_and_is_joined),
        cmocka_unit_test(an_emoji_family_is_one_cluster_in_colour),
        cmocka_unit_test(every_caret_found_by_a_point_is_where_the_point_was),
        cmocka_unit_test(a_selection_covers_its_lines_and_nothing_else),
        cmocka_unit_test(hostile_text_is_laid_out_and_drawn_without_harm),
        cmocka_unit_test(a_hundred_kilobytes_without_a_space_are_bounded),
    };
    return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}

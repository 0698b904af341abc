// Widgets by input: presses, focus, layers, scrolling, fields.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui.h"
#include "ui_draw.h"
#include "ui_widgets.h"

struct bench {
    struct text_fonts *fonts;
    struct text_cache *texts;
    struct paint_images *images;
    struct ui *ui;
    int64_t now_ms;
    int presses[3];
    bool has_sheet;
    struct ui_scroll scroll;
    struct ui_edit *edit;
    unsigned field;
};

static struct bench b;

static int open_bench(void **state)
{
    (void)state;
    struct err err = {0};
    b = (struct bench){.now_ms = 1000};
    b.fonts = text_fonts_create(&err);
    b.texts = text_cache_create(b.fonts, 1 << 20);
    b.images = paint_images_create("/nowhere");
    b.ui = ui_create(b.texts, b.images);
    b.edit = ui_edit_create(1000, true);
    struct ui_theme theme = {.is_dark = true};
    ui_set_theme(b.ui, &theme);
    return b.fonts ? 0 : -1;
}

static int close_bench(void **state)
{
    (void)state;
    ui_edit_destroy(b.edit);
    ui_destroy(b.ui);
    paint_images_destroy(b.images);
    text_cache_destroy(b.texts);
    text_fonts_destroy(b.fonts);
    return 0;
}

// Three buttons in a row, a scroll area below, a field at the bottom, maybe a sheet over all.
static void frame(void)
{
    b.now_ms += 16;
    do {
        ui_begin(b.ui, b.now_ms, 400, 300);
        struct ui_button_spec spec = {.label = STR("x")};
        for (int i = 0; i < 3; i++) {
            struct paint_rect at = {10 + i * 100, 10, 80, 40};
            b.presses[i] += ui_button(b.ui, ui_id_index(b.ui, "b", (uint64_t)i), at, &spec);
        }
        struct paint_rect area = {10, 60, 300, 100};
        (void)ui_scroll_begin(b.ui, ui_id_of(b.ui, "s"), area, 1000, &b.scroll);
        ui_scroll_end(b.ui);
        struct ui_field_spec field = {.max_lines = 3};
        b.field |= ui_field(b.ui, ui_id_of(b.ui, "f"), (struct paint_rect){10, 200, 300, 48},
                            b.edit, &field);
        if (b.has_sheet) {
            ui_push_layer(b.ui, true);
            if (ui_button(b.ui, ui_id_of(b.ui, "ok"), (struct paint_rect){10, 10, 80, 40}, &spec)) {
                b.has_sheet = false;
            }
            ui_pop_layer(b.ui);
        }
        ui_end(b.ui);
    } while (ui_has_input(b.ui));
    ui_end_frame(b.ui);
}

static void send(struct ui_input input)
{
    input.time_ms = b.now_ms;
    ui_input(b.ui, &input);
}

static void pointer(enum ui_input_type type, float x, float y)
{
    send((struct ui_input){.type = type, .x = x, .y = y, .button = UI_BUTTON_LEFT, .clicks = 1});
}

static void key(enum ui_key which, unsigned mods)
{
    send((struct ui_input){.type = UI_INPUT_KEY_DOWN, .key = which, .mods = mods});
}

static void a_press_and_release_on_a_button_is_a_click(void **state)
{
    (void)state;
    frame();
    pointer(UI_INPUT_POINTER_DOWN, 120, 20);
    pointer(UI_INPUT_POINTER_UP, 120, 20); // both in one frame: nothing is lost
    frame();
    assert_int_equal(b.presses[1], 1);
    pointer(UI_INPUT_POINTER_DOWN, 120, 20);
    pointer(UI_INPUT_POINTER_UP, 380, 280);
    frame();
    assert_int_equal(b.presses[0] + b.presses[1] + b.presses[2], 1);
}

static void every_click_of_a_burst_counts(void **state)
{
    (void)state;
    frame();
    for (int i = 0; i < 9; i++) {
        pointer(UI_INPUT_POINTER_DOWN, 20, 20);
        pointer(UI_INPUT_POINTER_UP, 20, 20);
    }
    frame();
    assert_int_equal(b.presses[0], 9);
}

static void tab_and_arrows_walk_and_space_presses(void **state)
{
    (void)state;
    frame();
    key(UI_KEY_TAB, 0);
    key(UI_KEY_RIGHT, 0);
    key(UI_KEY_SPACE, 0);
    key(UI_KEY_RIGHT, 0);
    key(UI_KEY_ENTER, 0);
    key(UI_KEY_TAB, UI_MOD_SHIFT);
    key(UI_KEY_ENTER, 0);
    frame();
    assert_int_equal(b.presses[0], 0);
    assert_int_equal(b.presses[1], 2);
    assert_int_equal(b.presses[2], 1);
}

static void a_modal_layer_takes_pointer_and_focus_and_gives_them_back(void **state)
{
    (void)state;
    frame();
    key(UI_KEY_TAB, 0);
    frame();
    b.has_sheet = true;
    frame();
    frame();
    pointer(UI_INPUT_POINTER_DOWN, 120, 20); // a button under the sheet
    pointer(UI_INPUT_POINTER_UP, 120, 20);
    frame();
    assert_int_equal(b.presses[1], 0);
    key(UI_KEY_SPACE, 0); // the sheet's button has the focus
    frame();
    assert_false(b.has_sheet);
    frame();
    frame();
    key(UI_KEY_SPACE, 0);
    frame();
    assert_int_equal(b.presses[0], 1);
}

static void a_finger_scrolls_and_the_content_glides_on(void **state)
{
    (void)state;
    frame();
    send((struct ui_input){.type = UI_INPUT_FINGER_DOWN, .x = 50, .y = 150, .finger = 4});
    for (int i = 1; i <= 6; i++) {
        send((struct ui_input){
            .type = UI_INPUT_FINGER_MOVE, .x = 50, .y = 150 - (float)i * 10, .finger = 4});
        frame();
    }
    float at = b.scroll.offset;
    assert_true(at > 35 && at < 70);
    send((struct ui_input){.type = UI_INPUT_FINGER_UP, .x = 50, .y = 90, .finger = 4});
    frame();
    frame();
    assert_true(b.scroll.offset > at);
    for (int i = 0; i < 300 && ui_wake_ms(b.ui) == 0; i++) {
        frame();
    }
    assert_int_not_equal(ui_wake_ms(b.ui), 0); // it comes to rest
    assert_true(b.scroll.offset <= 900);
}

static void a_field_edits_at_the_caret_and_submits(void **state)
{
    (void)state;
    frame();
    pointer(UI_INPUT_POINTER_DOWN, 100, 220);
    pointer(UI_INPUT_POINTER_UP, 100, 220);
    send((struct ui_input){.type = UI_INPUT_TEXT, .text = STR("caf\u00e9s")});
    key(UI_KEY_LEFT, 0);
    key(UI_KEY_BACKSPACE, 0);
    send((struct ui_input){.type = UI_INPUT_COMPOSITION, .text = STR("n")});
    send((struct ui_input){.type = UI_INPUT_TEXT, .text = STR("e")});
    key(UI_KEY_ENTER, UI_MOD_SHIFT);
    frame();
    assert_true(str_eq(ui_edit_text(b.edit), STR("cafe\ns")));
    assert_false(b.field & UI_FIELD_SUBMITTED);
    key(UI_KEY_ENTER, 0);
    frame();
    assert_true(b.field & UI_FIELD_SUBMITTED);
    assert_true(ui_take_wants(b.ui).text_input);
}

static void copying_and_pasting_go_through_the_owner(void **state)
{
    (void)state;
    frame();
    ui_edit_set(b.edit, STR("to copy"));
    ui_focus(b.ui, ui_id_of(b.ui, "f"));
    send((struct ui_input){
        .type = UI_INPUT_KEY_DOWN, .key = UI_KEY_LETTER, .letter = 'a', .mods = UI_MOD_CTRL});
    send((struct ui_input){
        .type = UI_INPUT_KEY_DOWN, .key = UI_KEY_LETTER, .letter = 'x', .mods = UI_MOD_CTRL});
    send((struct ui_input){
        .type = UI_INPUT_KEY_DOWN, .key = UI_KEY_LETTER, .letter = 'v', .mods = UI_MOD_CTRL});
    frame();
    struct ui_wants wants = ui_take_wants(b.ui);
    assert_true(str_eq(wants.copy, STR("to copy")));
    assert_true(wants.paste);
    assert_int_equal(ui_edit_text(b.edit).len, 0);
    send((struct ui_input){.type = UI_INPUT_PASTE, .text = STR("pasted")});
    frame();
    assert_true(str_eq(ui_edit_text(b.edit), STR("pasted")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_press_and_release_on_a_button_is_a_click),
        TEST(every_click_of_a_burst_counts),
        TEST(tab_and_arrows_walk_and_space_presses),
        TEST(a_modal_layer_takes_pointer_and_focus_and_gives_them_back),
        TEST(a_finger_scrolls_and_the_content_glides_on),
        TEST(a_field_edits_at_the_caret_and_submits),
        TEST(copying_and_pasting_go_through_the_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

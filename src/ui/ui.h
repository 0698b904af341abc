// The interface kit: immediate-mode widgets over a draw list, with input, focus and motion.
//
// A frame:
//     ui_input(ui, &input) ...                      // as they come
//     do {
//         ui_begin(ui, now_ms, width_px, height_px); // takes inputs up to the next press or key
//         ... widgets, back to front ...
//         ui_end(ui);
//     } while (ui_has_input(ui));                   // more presses wait: another pass
//     ... paint ui_list(ui) ...; ui_end_frame(ui);
//
// Shapes:    pixels. Sizes in widgets are multiplied by ui_scale() by the caller through ui_px().
// Identity:  a widget's state (hover, press, focus, motion) is kept under a ui_id for as long as it
//            is shown; ids are hashes of names and parents.
// Focus:     per seat; seat 0 is keyboard and mouse. Tab and Shift+Tab follow the order in which
//            widgets are declared; arrows go to the nearest in that direction when the focused
//            widget does not want them.
// Ownership: borrows fonts' cache, images and theme, which outlive it.
// Thread:    one.
#ifndef UI_H
#define UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "paint_list.h"
#include "str.h"
#include "text_cache.h"
#include "ui_input.h"
#include "ui_theme.h"

struct ui;
typedef uint64_t ui_id;

struct ui *ui_create(struct text_cache *texts, struct paint_images *images);
void ui_destroy(struct ui *ui);
void ui_set_theme(struct ui *ui, const struct ui_theme *theme); // cross-fades over 250 ms
const struct ui_theme *ui_theme(const struct ui *ui);
void ui_set_scale(struct ui *ui, float scale); // 1 = 96 dpi, 0.7..3
float ui_scale(const struct ui *ui);
int ui_px(const struct ui *ui, float points); // points times scale, rounded
void ui_set_reduced_motion(struct ui *ui, bool is_reduced);
bool ui_is_reduced_motion(const struct ui *ui);

// --- frame ---
void ui_input(struct ui *ui, const struct ui_input *input);
void ui_begin(struct ui *ui, int64_t now_ms, int width_px, int height_px);
void ui_end(struct ui *ui);
bool ui_has_input(const struct ui *ui);
void ui_end_frame(struct ui *ui);
struct paint_list *ui_list(struct ui *ui);
struct text_cache *ui_texts(struct ui *ui);
struct paint_images *ui_images(struct ui *ui);
int64_t ui_now_ms(const struct ui *ui);
int ui_width_px(const struct ui *ui);
int ui_height_px(const struct ui *ui);
// 0: something moves, draw the next frame; n: nothing until n ms (caret blink); -1: never.
int ui_wake_ms(const struct ui *ui);
void ui_keep_moving(struct ui *ui);           // this frame's caller animates by itself
void ui_wake_in(struct ui *ui, int delay_ms); // draw again after this time

// What the interface asks of the platform; taken once a frame.
enum ui_cursor { UI_CURSOR_ARROW, UI_CURSOR_HAND, UI_CURSOR_TEXT };
struct ui_wants {
    bool paste;              // send UI_INPUT_PASTE
    struct str copy;         // put on the clipboard when not empty; until the next ui_begin
    bool text_input;         // a field has the focus
    struct paint_rect caret; // where the input method's window belongs
    enum ui_cursor cursor;
};
struct ui_wants ui_take_wants(struct ui *ui);
void ui_copy(struct ui *ui, struct str text); // asks for the clipboard

// --- identity ---
ui_id ui_id_of(const struct ui *ui, const char *name); // under the pushed parents
ui_id ui_id_index(const struct ui *ui, const char *name, uint64_t idx);
void ui_push_id(struct ui *ui, ui_id id);
void ui_pop_id(struct ui *ui);

// --- input for widgets of one's own ---
struct ui_touch {
    bool is_hovered;       // pointer over it and nothing above it took the place
    bool is_pressed;       // held, whatever kind of pointer
    bool was_clicked;      // pressed and released on it, or Enter/Space with focus
    bool was_long_pressed; // 500 ms without moving
    bool has_focus;
    bool shows_focus;     // has_focus by keyboard: draw the ring
    float drag_x, drag_y; // moved this pass while held
    float x, y;           // of the pointer, relative to the area
    int clicks;           // 1, 2, 3 at the press
    bool was_pressed;     // the press itself came this pass
    bool is_finger;
};
enum ui_area_flags {
    UI_AREA_FOCUSABLE = 1,
    UI_AREA_WANTS_ARROWS = 2,
    UI_AREA_DRAG_PASSES = 4, // a drag beyond 8 points goes to the scroll area around it
    UI_AREA_RIGHT_TOO = 8,   // a press of the right button counts as a long press
    UI_AREA_KEEPS_KEYS = 16, // Enter and Space are no clicks
};
struct ui_touch ui_area(struct ui *ui, ui_id id, struct paint_rect rect, unsigned flags);
// The next key or text of this pass that no focused widget took; false when none is left.
bool ui_take_key(struct ui *ui, enum ui_key key, unsigned mods); // exactly these mods
bool ui_take_letter(struct ui *ui, char letter, unsigned mods);
bool ui_has_text(const struct ui *ui); // typed text or a paste waits in this pass
bool ui_take_text(struct ui *ui, enum ui_input_type type, struct str *out); // until ui_end()
void ui_focus(struct ui *ui, ui_id id);
bool ui_has_focus(const struct ui *ui, ui_id id);
bool ui_window_has_focus(const struct ui *ui);
// Everything declared until ui_pop_layer() is above what was declared before: it takes the pointer
// first and, when modal, keeps the focus inside.
void ui_push_layer(struct ui *ui, bool is_modal);
void ui_pop_layer(struct ui *ui);
// Moves what is declared and drawn until the pop.
void ui_push_offset(struct ui *ui, float dx, float dy);
void ui_pop_offset(struct ui *ui);

#endif

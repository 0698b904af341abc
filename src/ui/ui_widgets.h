// Buttons, text fields, scroll areas, toasts.
#ifndef UI_WIDGETS_H
#define UI_WIDGETS_H

#include "ui.h"
#include "ui_edit.h"

// --- widgets ---
enum ui_button_kind { UI_BUTTON_PLAIN, UI_BUTTON_PRIMARY, UI_BUTTON_QUIET, UI_BUTTON_DANGER };
struct ui_button_spec {
    struct str label; // empty: icon alone
    const char *icon; // NULL: none
    struct str tip;   // accessible name, and tooltip when there is no label
    enum ui_button_kind kind;
    bool is_disabled;
    bool is_on; // toggled
};
bool ui_button(struct ui *ui, ui_id id, struct paint_rect rect, const struct ui_button_spec *spec);
int ui_button_width(struct ui *ui, const struct ui_button_spec *spec);

enum ui_field_result { UI_FIELD_CHANGED = 1, UI_FIELD_SUBMITTED = 2 };
struct ui_field_spec {
    struct str placeholder;
    struct str tip;   // accessible name
    const char *icon; // NULL: none
    int max_lines;    // 1: single line that scrolls sideways; more: grows and then scrolls
    bool is_bare;     // without its own background
    bool is_bad;      // shows the error colour
};
// Height it wants in a given width (multi-line fields grow).
int ui_field_height(struct ui *ui, const struct ui_edit *edit, int width_px,
                    const struct ui_field_spec *spec);
unsigned ui_field(struct ui *ui, ui_id id, struct paint_rect rect, struct ui_edit *edit,
                  const struct ui_field_spec *spec);

// Scroll area: wheel, drag by finger, momentum, keys when focused, a bar that can be grabbed.
struct ui_scroll {  // {0} is the start; the owner keeps it
    float offset;   // pixels from the top of the content
    float velocity; // pixels per ms
    float target;   // of a smooth glide
    bool is_gliding;
    bool is_dragged;
};
// Pushes a clip and an offset of -scroll->offset; content is then declared from (rect.x, rect.y).
// wheel_px: one notch. Returns true when the person moved it this pass.
bool ui_scroll_begin(struct ui *ui, ui_id id, struct paint_rect rect, int content_height_px,
                     struct ui_scroll *scroll);
void ui_scroll_end(struct ui *ui);
void ui_scroll_to(struct ui *ui, struct ui_scroll *scroll, float offset, bool is_smooth);

// Short messages at the bottom, above everything, for a few seconds.
enum ui_toast_kind { UI_TOAST_INFO, UI_TOAST_GOOD, UI_TOAST_BAD };
void ui_toast(struct ui *ui, struct str text, enum ui_toast_kind kind);
void ui_draw_toasts(struct ui *ui, struct paint_rect area);

#endif

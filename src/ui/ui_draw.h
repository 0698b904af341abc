// Motion, colours, text and pictures of the kit.
//
// Motion runs on the time given to ui_begin(): a value under way asks for the next frame by itself.
#ifndef UI_DRAW_H
#define UI_DRAW_H

#include "ui.h"

// --- motion; one value per (id, slot), starting at the first target asked for ---
#define UI_SLOT_OWN 8 // and above: free for whoever calls a widget with the same id
float ui_ease(struct ui *ui, ui_id id, int slot, float target, float duration_ms); // cubic out
float ui_spring(struct ui *ui, ui_id id, int slot, float target);
// 0..1 since this id first appeared, cubic out; 1 at once in reduced motion.
float ui_appear(struct ui *ui, ui_id id, float duration_ms);

// --- drawing ---
paint_color ui_color(const struct ui *ui, enum ui_token token); // cross-faded
enum ui_align { UI_ALIGN_LEFT, UI_ALIGN_CENTER, UI_ALIGN_RIGHT };
enum ui_text {
    UI_TEXT_BODY,    // 16
    UI_TEXT_STRONG,  // 16 semi-bold
    UI_TEXT_SMALL,   // 12, times and hints
    UI_TEXT_HEADING, // 22 display
    UI_TEXT_TITLE,   // 40 display
    UI_TEXT_CODE,    // 15 mono
};
struct text_style ui_text_style(const struct ui *ui, enum ui_text kind);
// One line inside rect, vertically centred, cut with an ellipsis; returns its width.
int ui_label(struct ui *ui, struct paint_rect rect, struct str text, enum ui_text kind,
             paint_color color, enum ui_align align);
// As many lines as rect holds, centred both ways.
int ui_label_lines(struct ui *ui, struct paint_rect rect, struct str text, enum ui_text kind,
                   paint_color color);
int ui_text_width(struct ui *ui, struct str text, enum ui_text kind);
// A wrapped paragraph at x, y; returns its height.
int ui_paragraph(struct ui *ui, struct paint_rect rect, struct str text, enum ui_text kind,
                 paint_color color);
// A picture of assets/ in a square, tinted; its name without ".svg".
void ui_icon(struct ui *ui, struct paint_rect rect, const char *name, paint_color color);
void ui_avatar(struct ui *ui, struct paint_rect rect, struct str nick); // a cat made from the nick

#endif

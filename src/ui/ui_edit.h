// Text being edited: bytes, caret, selection, undo, composition. No pixels, no clipboard.
//
// Shapes: caret and anchor are byte offsets on cluster boundaries (the caller moves by clusters with
//         a layout, or lets ui_edit move by code point clusters through utf8proc-free rules).
// Errors: an insertion over the ceiling is cut at a character; ui_edit_insert says false then.
#ifndef UI_EDIT_H
#define UI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

struct ui_edit;

struct ui_edit *ui_edit_create(size_t max_bytes, bool is_multiline);
void ui_edit_destroy(struct ui_edit *edit);
struct str ui_edit_text(const struct ui_edit *edit);     // until the next change
void ui_edit_set(struct ui_edit *edit, struct str text); // clears undo, caret at the end
size_t ui_edit_caret(const struct ui_edit *edit);
size_t ui_edit_anchor(const struct ui_edit *edit); // == caret when nothing is selected
struct str ui_edit_selection(const struct ui_edit *edit);
void ui_edit_select(struct ui_edit *edit, size_t anchor, size_t caret);
void ui_edit_select_all(struct ui_edit *edit);
bool ui_edit_insert(struct ui_edit *edit, struct str text); // cleaned; replaces the selection
void ui_edit_delete_selection(struct ui_edit *edit);
void ui_edit_undo(struct ui_edit *edit); // steps a person would call one: words, deletions, pastes
void ui_edit_redo(struct ui_edit *edit);
void ui_edit_set_composition(struct ui_edit *edit, struct str text); // shown at the caret, not text
struct str ui_edit_composition(const struct ui_edit *edit);
size_t ui_edit_word_left(const struct ui_edit *edit, size_t from);
size_t ui_edit_word_right(const struct ui_edit *edit, size_t from);

#endif

#include "ui_edit.h"

#include "buf.h"
#include "mem.h"
#include "utf8.h"

#define UNDO_MAX 100

struct snapshot {
    char *text; // owned
    size_t len;
    size_t caret;
};

enum step { STEP_NONE, STEP_TYPE, STEP_SPACE, STEP_DELETE, STEP_OTHER };

struct history {
    struct snapshot items[UNDO_MAX];
    size_t count;
};

struct ui_edit {
    struct buf text;
    size_t caret;
    size_t anchor;
    bool is_multiline;
    struct history undo;
    struct history redo;
    enum step last; // what the newest undo step was made for
    struct buf composition;
};

struct ui_edit *ui_edit_create(size_t max_bytes, bool is_multiline)
{
    struct ui_edit *edit = MEM_NEW(struct ui_edit);
    buf_init(&edit->text, max_bytes);
    buf_init(&edit->composition, 1024);
    edit->is_multiline = is_multiline;
    return edit;
}

static void forget(struct history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        mem_free(history->items[i].text);
    }
    history->count = 0;
}

void ui_edit_destroy(struct ui_edit *edit)
{
    if (!edit) {
        return;
    }
    forget(&edit->undo);
    forget(&edit->redo);
    buf_deinit(&edit->text);
    buf_deinit(&edit->composition);
    mem_free(edit);
}

struct str ui_edit_text(const struct ui_edit *edit)
{
    return buf_str(&edit->text);
}

size_t ui_edit_caret(const struct ui_edit *edit)
{
    return edit->caret;
}

size_t ui_edit_anchor(const struct ui_edit *edit)
{
    return edit->anchor;
}

static size_t from_of(const struct ui_edit *edit)
{
    return edit->caret < edit->anchor ? edit->caret : edit->anchor;
}

static size_t to_of(const struct ui_edit *edit)
{
    return edit->caret < edit->anchor ? edit->anchor : edit->caret;
}

struct str ui_edit_selection(const struct ui_edit *edit)
{
    return str_range(ui_edit_text(edit), from_of(edit), to_of(edit));
}

void ui_edit_select(struct ui_edit *edit, size_t anchor, size_t caret)
{
    size_t len = edit->text.len;
    edit->anchor = anchor < len ? anchor : len;
    edit->caret = caret < len ? caret : len;
    edit->last = STEP_NONE; // moving away ends the step
}

void ui_edit_select_all(struct ui_edit *edit)
{
    ui_edit_select(edit, 0, edit->text.len);
}

static void remember(struct history *history, const struct ui_edit *edit)
{
    if (history->count == UNDO_MAX) {
        mem_free(history->items[0].text);
        for (size_t i = 1; i < UNDO_MAX; i++) {
            history->items[i - 1] = history->items[i];
        }
        history->count--;
    }
    struct str text = ui_edit_text(edit);
    history->items[history->count++] = (struct snapshot){str_dup(text), text.len, edit->caret};
}

static void begin_step(struct ui_edit *edit, enum step step)
{
    bool goes_on = edit->last == step || (edit->last == STEP_TYPE && step == STEP_SPACE);
    if (!goes_on || step == STEP_OTHER) {
        remember(&edit->undo, edit);
    }
    edit->last = step;
    forget(&edit->redo);
}

// Replaces the bytes from..to; what does not fit is cut at a character.
static bool splice(struct ui_edit *edit, size_t from, size_t to, struct str with)
{
    struct str text = ui_edit_text(edit);
    size_t kept = text.len - (to - from);
    size_t room = edit->text.max > kept ? edit->text.max - kept : 0;
    bool fits = with.len <= room;
    with.len = fits ? with.len : utf8_cut(with, room);
    char *tail = str_dup(str_range(text, to, text.len));
    struct str rest = {tail, text.len - to};
    buf_truncate(&edit->text, from);
    bool is_whole = buf_append(&edit->text, with) && buf_append(&edit->text, rest);
    mem_free(tail);
    edit->caret = edit->anchor = from + with.len;
    return fits && is_whole;
}

void ui_edit_set(struct ui_edit *edit, struct str text)
{
    forget(&edit->undo);
    forget(&edit->redo);
    edit->last = STEP_NONE;
    buf_clear(&edit->composition);
    (void)splice(edit, 0, edit->text.len, text); // the ceiling cuts it, as the header says
}

static bool clean(const struct ui_edit *edit, struct buf *out, struct str text)
{
    struct str line;
    bool is_first = true, is_whole = true;
    bool ends_in_newline = text.len && text.data[text.len - 1] == '\n';
    while (str_next(&text, '\n', &line)) {
        if (!is_first) {
            is_whole &= buf_append_char(out, edit->is_multiline ? '\n' : ' ');
        }
        is_first = false;
        is_whole &= utf8_clean(out, line, 0);
    }
    if (ends_in_newline && edit->is_multiline) {
        is_whole &= buf_append_char(out, '\n');
    }
    return is_whole;
}

bool ui_edit_insert(struct ui_edit *edit, struct str text)
{
    struct buf cleaned;
    buf_init(&cleaned, edit->text.max + 8);
    bool is_whole = clean(edit, &cleaned, text);
    struct str part = buf_str(&cleaned);
    if (part.len > 0) {
        bool is_typed = utf8_count(part) == 1 && edit->caret == edit->anchor;
        begin_step(edit, !is_typed ? STEP_OTHER : part.data[0] == ' ' ? STEP_SPACE : STEP_TYPE);
        is_whole &= splice(edit, from_of(edit), to_of(edit), part);
    }
    buf_deinit(&cleaned);
    return is_whole;
}

void ui_edit_delete_selection(struct ui_edit *edit)
{
    if (edit->caret != edit->anchor) {
        begin_step(edit, to_of(edit) - from_of(edit) > 8 ? STEP_OTHER : STEP_DELETE);
        (void)splice(edit, from_of(edit), to_of(edit), (struct str){0}); // it only gets shorter
    }
}

static void travel(struct ui_edit *edit, struct history *back, struct history *forth)
{
    if (back->count == 0) {
        return;
    }
    remember(forth, edit);
    struct snapshot to = back->items[--back->count];
    (void)splice(edit, 0, edit->text.len, (struct str){to.text, to.len}); // it fitted before
    edit->caret = edit->anchor = to.caret;
    edit->last = STEP_NONE;
    mem_free(to.text);
}

void ui_edit_undo(struct ui_edit *edit)
{
    travel(edit, &edit->undo, &edit->redo);
}

void ui_edit_redo(struct ui_edit *edit)
{
    travel(edit, &edit->redo, &edit->undo);
}

void ui_edit_set_composition(struct ui_edit *edit, struct str text)
{
    buf_clear(&edit->composition);
    text.len = utf8_cut(text, text.len < 1000 ? text.len : 1000);
    (void)utf8_clean(&edit->composition, text, 0); // cut above
}

struct str ui_edit_composition(const struct ui_edit *edit)
{
    return buf_str(&edit->composition);
}

static bool is_word_at(struct str text, size_t at)
{
    size_t len;
    uint32_t c = utf8_decode(text, at, &len);
    uint32_t lower = c | 0x20;
    return c >= 0x80 ? c != 0xA0 && !(c >= 0x2000 && c <= 0x206F) && c != 0x3000
                     : (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

size_t ui_edit_word_left(const struct ui_edit *edit, size_t from)
{
    struct str text = ui_edit_text(edit);
    while (from > 0 && !is_word_at(text, utf8_prev(text, from))) {
        from = utf8_prev(text, from);
    }
    while (from > 0 && is_word_at(text, utf8_prev(text, from))) {
        from = utf8_prev(text, from);
    }
    return from;
}

size_t ui_edit_word_right(const struct ui_edit *edit, size_t from)
{
    struct str text = ui_edit_text(edit);
    while (from < text.len && !is_word_at(text, from)) {
        from = utf8_next(text, from);
    }
    while (from < text.len && is_word_at(text, from)) {
        from = utf8_next(text, from);
    }
    return from;
}

// The text field: what ui_edit holds, laid out, with caret, selection, composition and scrolling.
#include "i18n.h"
#include "ui_internal.h"

#define BLINK_MS  530
#define AWAKE_MS  5000 // after this quiet time the caret stands still and nothing is drawn
#define RECTS_MAX 64

struct field {
    struct ui *ui;
    struct ui_edit *edit;
    const struct ui_field_spec *spec;
    struct ui_state *state;
    ui_id id;
    struct paint_rect inner; // where the text is
    struct text_layout *layout;
    size_t shift; // bytes of composition shown at the caret
    bool has_changed;
    bool is_submitted;
};

static bool is_multiline(const struct field *field)
{
    return field->spec->max_lines > 1;
}

static int pad_px(const struct ui *ui, const struct ui_field_spec *spec)
{
    return spec->is_bare ? 0 : ui_px(ui, 14);
}

static int line_px(const struct ui *ui)
{
    return text_line_height_px(text_cache_fonts(ui->texts), ui_text_style(ui, UI_TEXT_BODY));
}

static struct paint_rect inner_of(const struct ui *ui, struct paint_rect rect,
                                  const struct ui_field_spec *spec)
{
    int pad = pad_px(ui, spec), icon = spec->icon ? ui_px(ui, 28) : 0;
    struct paint_rect inner = {rect.x + pad + icon, rect.y, rect.w - 2 * pad - icon, rect.h};
    if (spec->max_lines > 1) {
        int above = (ui_px(ui, 48) - line_px(ui)) / 2;
        above = spec->is_bare ? 0 : above;
        inner.y += above;
        inner.h -= 2 * above;
    }
    inner.w = inner.w > 8 ? inner.w : 8;
    return inner;
}

// The text as shown: with what the input method composes at the caret, underlined.
static struct text_layout *lay_out(struct ui *ui, const struct ui_edit *edit,
                                   const struct ui_field_spec *spec, int width_px)
{
    struct str text = ui_edit_text(edit), composed = ui_edit_composition(edit);
    struct text_attr attrs[2] = {{ui_edit_caret(edit), 0, TEXT_COLOR_DEFAULT},
                                 {composed.len, TEXT_UNDERLINE, TEXT_COLOR_DEFAULT}};
    struct text_spec layout = {.style = ui_text_style(ui, UI_TEXT_BODY),
                               .text = text,
                               .width_px = spec->max_lines > 1 ? width_px : 0};
    if (composed.len) {
        // The scratch buffer has no ceiling.
        buf_clear(&ui->scratch);
        (void)buf_append(&ui->scratch, str_range(text, 0, attrs[0].len));
        (void)buf_append(&ui->scratch, composed);
        (void)buf_append(&ui->scratch, str_range(text, attrs[0].len, text.len));
        layout.text = buf_str(&ui->scratch);
        layout.attrs = attrs;
        layout.attr_count = 2;
    }
    return text_cache_get(ui->texts, &layout);
}

int ui_field_height(struct ui *ui, const struct ui_edit *edit, int width_px,
                    const struct ui_field_spec *spec)
{
    int least = spec->is_bare ? line_px(ui) : ui_px(ui, 48);
    if (spec->max_lines <= 1) {
        return least;
    }
    struct paint_rect inner = inner_of(ui, (struct paint_rect){0, 0, width_px, 1000}, spec);
    int around = 1000 - inner.h, most = spec->max_lines * line_px(ui);
    int height = text_layout_height_px(lay_out(ui, edit, spec, inner.w));
    height = (height < most ? height : most) + around;
    return height > least ? height : least;
}

static void refresh(struct field *field)
{
    field->layout = lay_out(field->ui, field->edit, field->spec, field->inner.w);
    field->shift = ui_edit_composition(field->edit).len;
}

static void changed(struct field *field)
{
    field->has_changed = true;
    field->state->goal_x = -1;
    refresh(field);
}

static void move_to(struct field *field, size_t caret, bool keeps_anchor)
{
    ui_edit_select(field->edit, keeps_anchor ? ui_edit_anchor(field->edit) : caret, caret);
    field->state->goal_x = -1;
}

static size_t line_edge(const struct field *field, bool is_end)
{
    size_t caret = ui_edit_caret(field->edit);
    int x, y, height;
    text_layout_caret(field->layout, caret, &x, &y, &height);
    size_t line = (size_t)(y / (height > 0 ? height : 1));
    struct text_line_box box = text_layout_line(field->layout, line);
    bool is_last = line + 1 == text_layout_line_count(field->layout);
    return !is_end ? box.start : is_last ? ui_edit_text(field->edit).len : box.end;
}

// One line up or down at the same x. False at the first or last line.
static bool move_line(struct field *field, int lines, bool keeps_anchor)
{
    int x, y, height;
    text_layout_caret(field->layout, ui_edit_caret(field->edit), &x, &y, &height);
    int to_y = y + lines * height;
    if (to_y < 0 || to_y >= text_layout_height_px(field->layout)) {
        return false;
    }
    float goal = field->state->goal_x >= 0 ? field->state->goal_x : (float)x;
    move_to(field, text_layout_caret_at(field->layout, (int)goal, to_y + height / 2), keeps_anchor);
    field->state->goal_x = goal;
    return true;
}

static void delete_to(struct field *field, size_t to)
{
    if (ui_edit_selection(field->edit).len == 0) {
        ui_edit_select(field->edit, to, ui_edit_caret(field->edit));
    }
    ui_edit_delete_selection(field->edit);
    changed(field);
}

static bool take_either(struct ui *ui, enum ui_key key, unsigned mods, bool *with_shift)
{
    *with_shift = ui_take_key(ui, key, mods | UI_MOD_SHIFT);
    return *with_shift || ui_take_key(ui, key, mods);
}

static void move_keys(struct field *field)
{
    struct ui *ui = field->ui;
    struct ui_edit *edit = field->edit;
    size_t caret = ui_edit_caret(edit), anchor = ui_edit_anchor(edit);
    size_t low = caret < anchor ? caret : anchor, high = caret < anchor ? anchor : caret;
    bool shift;
    if (take_either(ui, UI_KEY_LEFT, 0, &shift)) {
        bool collapses = low != high && !shift;
        move_to(field, collapses ? low : text_layout_prev_cluster(field->layout, caret), shift);
    } else if (take_either(ui, UI_KEY_RIGHT, 0, &shift)) {
        bool collapses = low != high && !shift;
        move_to(field, collapses ? high : text_layout_next_cluster(field->layout, caret), shift);
    } else if (take_either(ui, UI_KEY_LEFT, UI_MOD_CTRL, &shift)) {
        move_to(field, ui_edit_word_left(edit, caret), shift);
    } else if (take_either(ui, UI_KEY_RIGHT, UI_MOD_CTRL, &shift)) {
        move_to(field, ui_edit_word_right(edit, caret), shift);
    } else if (take_either(ui, UI_KEY_HOME, 0, &shift)) {
        move_to(field, line_edge(field, false), shift);
    } else if (take_either(ui, UI_KEY_END, 0, &shift)) {
        move_to(field, line_edge(field, true), shift);
    }
    // Up and down leave the field at its first and last line, for whoever is above and below.
    const struct ui_input *input = &ui->pass.event.input;
    if (is_multiline(field) && ui_is_event(ui, UI_INPUT_KEY_DOWN) &&
        (input->key == UI_KEY_UP || input->key == UI_KEY_DOWN) &&
        (input->mods & ~(unsigned)UI_MOD_SHIFT) == 0) {
        ui->pass.is_taken =
            move_line(field, input->key == UI_KEY_UP ? -1 : 1, input->mods & UI_MOD_SHIFT);
    }
}

static void delete_keys(struct field *field)
{
    struct ui *ui = field->ui;
    size_t caret = ui_edit_caret(field->edit);
    bool shift;
    if (take_either(ui, UI_KEY_BACKSPACE, 0, &shift)) {
        delete_to(field, text_layout_prev_cluster(field->layout, caret));
    } else if (ui_take_key(ui, UI_KEY_DELETE, 0)) {
        delete_to(field, text_layout_next_cluster(field->layout, caret));
    } else if (ui_take_key(ui, UI_KEY_BACKSPACE, UI_MOD_CTRL)) {
        delete_to(field, ui_edit_word_left(field->edit, caret));
    } else if (ui_take_key(ui, UI_KEY_DELETE, UI_MOD_CTRL)) {
        delete_to(field, ui_edit_word_right(field->edit, caret));
    }
}

static void clipboard_keys(struct field *field)
{
    struct ui *ui = field->ui;
    struct str selection = ui_edit_selection(field->edit);
    if (ui_take_letter(ui, 'a', UI_MOD_CTRL)) {
        ui_edit_select_all(field->edit);
    } else if (ui_take_letter(ui, 'c', UI_MOD_CTRL) && selection.len) {
        ui_copy(ui, selection);
    } else if (ui_take_letter(ui, 'x', UI_MOD_CTRL) && selection.len) {
        ui_copy(ui, selection);
        ui_edit_delete_selection(field->edit);
        changed(field);
    } else if (ui_take_letter(ui, 'v', UI_MOD_CTRL)) {
        ui->wants.paste = true;
    } else if (ui_take_letter(ui, 'z', UI_MOD_CTRL)) {
        ui_edit_undo(field->edit);
        changed(field);
    } else if (ui_take_letter(ui, 'y', UI_MOD_CTRL) ||
               ui_take_letter(ui, 'z', UI_MOD_CTRL | UI_MOD_SHIFT)) {
        ui_edit_redo(field->edit);
        changed(field);
    }
}

static void take_keys(struct field *field)
{
    struct ui *ui = field->ui;
    struct str text;
    if (ui_edit_composition(field->edit).len == 0) {
        if (ui_take_key(ui, UI_KEY_ENTER, 0)) {
            field->is_submitted = true;
        } else if (is_multiline(field) && ui_take_key(ui, UI_KEY_ENTER, UI_MOD_SHIFT)) {
            (void)ui_edit_insert(field->edit, STR("\n")); // at the ceiling nothing is added
            changed(field);
        }
        move_keys(field);
        delete_keys(field);
        clipboard_keys(field);
    }
    if (ui_take_text(ui, UI_INPUT_TEXT, &text)) {
        ui_edit_set_composition(field->edit, (struct str){0});
        (void)ui_edit_insert(field->edit, text); // what is over the ceiling does not appear
        changed(field);
    } else if (ui_take_text(ui, UI_INPUT_COMPOSITION, &text)) {
        ui_edit_set_composition(field->edit, text);
        changed(field);
    } else if (ui_take_text(ui, UI_INPUT_PASTE, &text) ||
               ui_take_text(ui, UI_INPUT_DROP_TEXT, &text)) {
        if (!ui_edit_insert(field->edit, text)) {
            ui_toast(ui, str_from(_("The text was too long: only its beginning was pasted.")),
                     UI_TOAST_INFO);
        }
        changed(field);
    }
}

static void take_pointer(struct field *field, const struct ui_touch *touch, int x, int y)
{
    if (!touch->was_pressed && !touch->is_pressed) {
        return;
    }
    size_t at = text_layout_caret_at(field->layout, x, y);
    struct ui_edit *edit = field->edit;
    if (field->shift) {
        return; // the input method's text is in the way
    }
    if (touch->was_pressed && touch->clicks == 2) {
        size_t from = ui_edit_word_left(edit, text_layout_next_cluster(field->layout, at));
        ui_edit_select(edit, from, ui_edit_word_right(edit, from));
    } else if (touch->was_pressed && touch->clicks >= 3) {
        ui_edit_select_all(edit);
    } else if (touch->was_pressed) {
        move_to(field, at, false);
    } else if (field->ui->pointer.has_moved && touch->clicks < 2) {
        move_to(field, at, true);
    }
}

// Moves the text so that the caret is inside; gives the caret's place in the layout.
static struct paint_rect follow_caret(struct field *field)
{
    int x, y, height;
    text_layout_caret(field->layout, ui_edit_caret(field->edit) + field->shift, &x, &y, &height);
    struct ui_state *state = field->state;
    float room_x = (float)field->inner.w, room_y = (float)field->inner.h;
    float width = (float)text_layout_width_px(field->layout) + 2;
    if (is_multiline(field)) {
        state->scroll_x = 0;
        x = x < field->inner.w - 2 ? x : field->inner.w - 2; // a space that hangs
        float total = (float)text_layout_height_px(field->layout);
        state->scroll_y = (float)y < state->scroll_y ? (float)y : state->scroll_y;
        float least = (float)(y + height) - room_y;
        state->scroll_y = state->scroll_y < least ? least : state->scroll_y;
        float most = total > room_y ? total - room_y : 0;
        state->scroll_y = state->scroll_y > most ? most : state->scroll_y;
    } else {
        float margin = room_x / 8;
        width = (float)x + 2 > width ? (float)x + 2 : width;
        if ((float)x - state->scroll_x > room_x - 2) {
            state->scroll_x = (float)x - room_x + margin;
        } else if ((float)x < state->scroll_x) {
            state->scroll_x = (float)x - margin;
        }
        float most = width > room_x ? width - room_x : 0;
        state->scroll_x = state->scroll_x > most ? most : state->scroll_x;
        state->scroll_x = state->scroll_x < 0 ? 0 : state->scroll_x;
    }
    return (struct paint_rect){x, y, field->ui->scale >= 1.5f ? 3 : 2, height};
}

static void draw_selection(const struct field *field, int x, int y)
{
    size_t a = ui_edit_anchor(field->edit), b = ui_edit_caret(field->edit);
    struct text_span_rect rects[RECTS_MAX];
    size_t count =
        text_layout_range_rects(field->layout, a < b ? a : b, a < b ? b : a, rects, RECTS_MAX);
    paint_color color = paint_with_alpha(ui_color(field->ui, UI_ACCENT), 0.35f);
    for (size_t i = 0; i < count; i++) {
        paint_fill(field->ui->list,
                   (struct paint_rect){x + rects[i].x_px, y + rects[i].y_px, rects[i].width_px,
                                       rects[i].height_px},
                   color);
    }
}

static void draw_caret(const struct field *field, struct paint_rect at)
{
    struct ui *ui = field->ui;
    int64_t age_ms = ui->now_ms - field->state->start_ms;
    if (age_ms < AWAKE_MS) {
        ui_wake_in(ui, (int)(BLINK_MS - age_ms % BLINK_MS));
    }
    if (age_ms >= AWAKE_MS || age_ms / BLINK_MS % 2 == 0) {
        int inset = at.h / 8;
        paint_fill(ui->list, (struct paint_rect){at.x, at.y + inset, at.w, at.h - 2 * inset},
                   ui_color(ui, UI_ACCENT));
    }
}

static void draw_text(const struct field *field, struct paint_rect caret, bool has_focus)
{
    struct ui *ui = field->ui;
    int x = field->inner.x - (int)field->state->scroll_x;
    int y = is_multiline(field) ? field->inner.y - (int)field->state->scroll_y
                                : field->inner.y + (field->inner.h - caret.h) / 2;
    paint_push_clip(ui->list, paint_rect_inset(field->inner, -2, 0));
    if (ui_edit_text(field->edit).len == 0 && field->shift == 0) {
        // Beside the caret, not under it.
        struct paint_rect at = {field->inner.x + ui_px(ui, 4), y, field->inner.w, caret.h};
        (void)ui_label(ui, at, field->spec->placeholder, UI_TEXT_BODY, ui_color(ui, UI_MUTED),
                       UI_ALIGN_LEFT);
    } else {
        if (has_focus) {
            draw_selection(field, x, y);
        }
        paint_text(ui->list, field->layout, x, y, ui_color(ui, UI_INK));
    }
    caret.x += x;
    caret.y += y;
    if (has_focus) {
        ui->wants.text_input = true;
        ui->wants.caret = (struct paint_rect){caret.x + (int)ui->offset_x,
                                              caret.y + (int)ui->offset_y, caret.w, caret.h};
        if (ui->window_has_focus) {
            draw_caret(field, caret);
        }
    }
    paint_pop_clip(ui->list);
}

static void draw_back(const struct field *field, struct paint_rect rect, bool has_focus)
{
    struct ui *ui = field->ui;
    struct paint_box box = {(float)rect.x, (float)rect.y, (float)rect.w, (float)rect.h};
    float radius = 14 * ui->scale, glow = ui_ease(ui, field->id, 0, has_focus ? 1 : 0, 150);
    if (!field->spec->is_bare) {
        paint_round(ui->list, box, radius, ui_color(ui, UI_RAISED));
        paint_color ring = ui_color(ui, field->spec->is_bad ? UI_BAD : UI_ACCENT);
        float strength = field->spec->is_bad ? 1 : glow;
        if (strength > 0) {
            paint_ring(ui->list, box, radius, 2 * ui->scale, paint_with_alpha(ring, strength));
        }
    }
    if (field->spec->icon) {
        struct paint_rect at = {rect.x + pad_px(ui, field->spec), rect.y, ui_px(ui, 20), rect.h};
        ui_icon(ui, at, field->spec->icon,
                paint_mix(ui_color(ui, UI_MUTED), ui_color(ui, UI_ACCENT), glow));
    }
}

unsigned ui_field(struct ui *ui, ui_id id, struct paint_rect rect, struct ui_edit *edit,
                  const struct ui_field_spec *spec)
{
    bool is_new;
    struct field field = {.ui = ui,
                          .edit = edit,
                          .spec = spec,
                          .state = ui_state_of(ui, id, -4, &is_new),
                          .id = id,
                          .inner = inner_of(ui, rect, spec)};
    if (is_new) {
        field.state->goal_x = -1;
        field.state->start_ms = ui->now_ms;
    }
    struct ui_touch touch =
        ui_area(ui, id, rect, UI_AREA_FOCUSABLE | UI_AREA_KEEPS_KEYS | UI_AREA_WANTS_ARROWS);
    refresh(&field);
    size_t caret_before = ui_edit_caret(edit), anchor_before = ui_edit_anchor(edit);
    int to_text_x = rect.x - field.inner.x + (int)field.state->scroll_x;
    int to_text_y = is_multiline(&field) ? rect.y - field.inner.y + (int)field.state->scroll_y : 0;
    take_pointer(&field, &touch, (int)touch.x + to_text_x, (int)touch.y + to_text_y);
    if (touch.has_focus) {
        take_keys(&field);
    }
    if (touch.is_hovered) {
        ui->wants.cursor = UI_CURSOR_TEXT;
    }
    if (field.has_changed || caret_before != ui_edit_caret(edit) ||
        anchor_before != ui_edit_anchor(edit) || touch.was_pressed) {
        field.state->start_ms = ui->now_ms; // the caret shows at once
    }
    refresh(&field);
    struct paint_rect caret = follow_caret(&field);
    draw_back(&field, rect, touch.has_focus);
    draw_text(&field, caret, touch.has_focus);
    return (field.has_changed ? UI_FIELD_CHANGED : 0u) |
           (field.is_submitted ? UI_FIELD_SUBMITTED : 0u);
}

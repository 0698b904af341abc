// Who is under the pointer, who has the focus, who takes a key.
#include <math.h>

#include "check.h"
#include "mem.h"
#include "ui.h"
#include "ui_internal.h"

static ui_id hash_bytes(ui_id hash, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ at[i]) * 0x100000001b3u;
    }
    return hash;
}

static ui_id parent(const struct ui *ui)
{
    return ui->parent_count ? ui->parents[ui->parent_count - 1] : 0xcbf29ce484222325u;
}

ui_id ui_id_of(const struct ui *ui, const char *name)
{
    struct str text = str_from(name);
    ui_id id = hash_bytes(parent(ui), text.data, text.len);
    return id ? id : 1;
}

ui_id ui_id_index(const struct ui *ui, const char *name, uint64_t idx)
{
    ui_id id = hash_bytes(ui_id_of(ui, name), &idx, sizeof idx);
    return id ? id : 1;
}

void ui_push_id(struct ui *ui, ui_id id)
{
    check(ui->parent_count < UI_DEPTH_MAX);
    ui->parents[ui->parent_count++] = id;
}

void ui_pop_id(struct ui *ui)
{
    check(ui->parent_count > 0);
    ui->parent_count--;
}

void ui_push_layer(struct ui *ui, bool is_modal)
{
    check(ui->layer_depth < UI_DEPTH_MAX);
    ui->layer_stack[ui->layer_depth++] = ui->layer;
    ui->layer = ++ui->layer_count;
    if (is_modal) {
        ui->areas.modal = ui->layer;
    }
}

void ui_pop_layer(struct ui *ui)
{
    check(ui->layer_depth > 0);
    ui->layer = ui->layer_stack[--ui->layer_depth];
}

void ui_push_offset(struct ui *ui, float dx, float dy)
{
    check(ui->offset_depth < UI_DEPTH_MAX);
    ui->offsets[ui->offset_depth][0] = ui->offset_x;
    ui->offsets[ui->offset_depth++][1] = ui->offset_y;
    ui->offset_x += dx;
    ui->offset_y += dy;
    paint_push_offset(ui->list, dx, dy);
}

void ui_pop_offset(struct ui *ui)
{
    check(ui->offset_depth > 0);
    ui->offset_x = ui->offsets[--ui->offset_depth][0];
    ui->offset_y = ui->offsets[ui->offset_depth][1];
    paint_pop_offset(ui->list);
}

struct paint_rect ui_record_area(struct ui *ui, ui_id id, struct paint_rect rect, unsigned flags)
{
    struct ui_areas *areas = &ui->areas;
    if (areas->count == areas->size) {
        areas->size = areas->size ? areas->size * 2 : 32;
        areas->items = mem_resize(areas->items, areas->size, sizeof *areas->items);
    }
    rect.x += (int)lroundf(ui->offset_x);
    rect.y += (int)lroundf(ui->offset_y);
    struct paint_rect seen = paint_rect_intersect(rect, paint_clip(ui->list));
    areas->items[areas->count++] = (struct ui_area_record){
        .id = id,
        .scroll = ui->scroll_depth ? ui->scrolls[ui->scroll_depth - 1].id : 0,
        .rect = seen,
        .flags = flags,
        .layer = ui->layer};
    ui->focus_was_seen |= id == ui->focus;
    return rect;
}

// The topmost area of the last pass, that is what the person sees.
const struct ui_area_record *ui_area_at(const struct ui *ui, float x, float y, unsigned with_flags)
{
    const struct ui_area_record *best = NULL;
    int at_x = (int)floorf(x), at_y = (int)floorf(y);
    for (size_t i = 0; i < ui->last_areas.count; i++) {
        const struct ui_area_record *area = &ui->last_areas.items[i];
        if (area->layer >= ui->last_areas.modal && (area->flags & with_flags) == with_flags &&
            paint_rect_contains(area->rect, at_x, at_y) && (!best || area->layer >= best->layer)) {
            best = area;
        }
    }
    return best;
}

struct ui_touch ui_area(struct ui *ui, ui_id id, struct paint_rect rect, unsigned flags)
{
    struct paint_rect on_canvas = ui_record_area(ui, id, rect, flags);
    const struct ui_pointer *pointer = &ui->pointer;
    struct ui_touch touch = {
        .is_hovered = ui->hot == id && (ui->active == 0 || ui->active == id),
        .is_pressed = ui->active == id && pointer->is_down,
        .was_clicked = ui->pass.clicked == id,
        .was_long_pressed = ui->pass.long_pressed == id,
        .was_pressed = ui->pass.pressed == id,
        .has_focus = flags & UI_AREA_FOCUSABLE && ui->focus == id,
        .x = pointer->x - (float)on_canvas.x,
        .y = pointer->y - (float)on_canvas.y,
        .clicks = pointer->clicks,
        .is_finger = pointer->is_finger,
    };
    if (touch.is_pressed || ui->pass.released == id) {
        touch.drag_x = ui->pass.drag_x;
        touch.drag_y = ui->pass.drag_y;
    }
    touch.shows_focus = touch.has_focus && ui->shows_focus && ui->window_has_focus;
    if (touch.has_focus && !(flags & UI_AREA_KEEPS_KEYS) &&
        (ui_take_key(ui, UI_KEY_ENTER, 0) || ui_take_key(ui, UI_KEY_SPACE, 0))) {
        touch.was_clicked = true;
    }
    return touch;
}

bool ui_is_event(const struct ui *ui, enum ui_input_type type)
{
    return !ui->pass.is_taken && ui->pass.event.input.type == type;
}

bool ui_take_key(struct ui *ui, enum ui_key key, unsigned mods)
{
    const struct ui_input *input = &ui->pass.event.input;
    if (!ui_is_event(ui, UI_INPUT_KEY_DOWN) || input->key != key || input->mods != mods) {
        return false;
    }
    ui->pass.is_taken = true;
    return true;
}

bool ui_take_letter(struct ui *ui, char letter, unsigned mods)
{
    return ui->pass.event.input.letter == letter && ui_take_key(ui, UI_KEY_LETTER, mods);
}

bool ui_has_text(const struct ui *ui)
{
    return ui_is_event(ui, UI_INPUT_TEXT) || ui_is_event(ui, UI_INPUT_COMPOSITION) ||
           ui_is_event(ui, UI_INPUT_PASTE) || ui_is_event(ui, UI_INPUT_DROP_TEXT);
}

bool ui_take_text(struct ui *ui, enum ui_input_type type, struct str *out)
{
    if (!ui_is_event(ui, type)) {
        return false;
    }
    ui->pass.is_taken = true;
    *out = ui->pass.event.input.text;
    return true;
}

void ui_focus(struct ui *ui, ui_id id)
{
    ui->focus = id;
    ui->focus_was_seen = true; // it may be declared only in the next pass
}

bool ui_has_focus(const struct ui *ui, ui_id id)
{
    return ui->focus == id;
}

static bool can_focus(const struct ui *ui, const struct ui_area_record *area)
{
    return area->flags & UI_AREA_FOCUSABLE && area->layer >= ui->areas.modal;
}

static const struct ui_area_record *focused(const struct ui *ui)
{
    for (size_t i = 0; i < ui->areas.count; i++) {
        if (ui->areas.items[i].id == ui->focus && can_focus(ui, &ui->areas.items[i])) {
            return &ui->areas.items[i];
        }
    }
    return NULL;
}

static void focus_by_key(struct ui *ui, const struct ui_area_record *area)
{
    if (area) {
        ui->focus = area->id;
        ui->focus_was_seen = true;
        ui->shows_focus = true;
        ui_keep_moving(ui);
    }
}

static void focus_next(struct ui *ui, bool backwards)
{
    size_t count = ui->areas.count;
    const struct ui_area_record *from = focused(ui);
    size_t start = from ? (size_t)(from - ui->areas.items) : backwards ? 0 : count - 1;
    for (size_t i = 1; i <= count; i++) {
        size_t at = (backwards ? start + count - i : start + i) % count;
        if (can_focus(ui, &ui->areas.items[at])) {
            focus_by_key(ui, &ui->areas.items[at]);
            return;
        }
    }
}

// How far an area is in a direction; negative when it is not there. What lies straight ahead wins.
static float away(struct paint_rect from, struct paint_rect to, int dx, int dy)
{
    float ahead = dx ? (float)((to.x * 2 + to.w - from.x * 2 - from.w) * dx)
                     : (float)((to.y * 2 + to.h - from.y * 2 - from.h) * dy);
    float aside = dx ? fabsf((float)(to.y * 2 + to.h - from.y * 2 - from.h))
                     : fabsf((float)(to.x * 2 + to.w - from.x * 2 - from.w));
    return ahead > 0 ? ahead + aside * 2 : -1;
}

static void focus_towards(struct ui *ui, int dx, int dy)
{
    const struct ui_area_record *from = focused(ui), *best = NULL;
    float best_away = 0;
    if (!from || from->flags & UI_AREA_WANTS_ARROWS) {
        return;
    }
    for (size_t i = 0; i < ui->areas.count; i++) {
        const struct ui_area_record *area = &ui->areas.items[i];
        if (area == from || !can_focus(ui, area) || paint_rect_is_empty(area->rect)) {
            continue;
        }
        float far = away(from->rect, area->rect, dx, dy);
        if (far >= 0 && (!best || far < best_away)) {
            best = area;
            best_away = far;
        }
    }
    focus_by_key(ui, best);
}

void ui_move_focus(struct ui *ui)
{
    if (ui->areas.modal && !focused(ui)) {
        // A sheet opened: the focus goes inside and comes back when it closes.
        ui->focus_before_modal = ui->focus ? ui->focus : ui->focus_before_modal;
        for (size_t i = 0; i < ui->areas.count; i++) {
            if (can_focus(ui, &ui->areas.items[i])) {
                ui->focus = ui->areas.items[i].id;
                ui->focus_was_seen = true;
                break;
            }
        }
    }
    if (ui->areas.count == 0) {
        return;
    }
    if (ui_take_key(ui, UI_KEY_TAB, 0)) {
        focus_next(ui, false);
    } else if (ui_take_key(ui, UI_KEY_TAB, UI_MOD_SHIFT)) {
        focus_next(ui, true);
    } else if (ui_take_key(ui, UI_KEY_LEFT, 0)) {
        focus_towards(ui, -1, 0);
    } else if (ui_take_key(ui, UI_KEY_RIGHT, 0)) {
        focus_towards(ui, 1, 0);
    } else if (ui_take_key(ui, UI_KEY_UP, 0)) {
        focus_towards(ui, 0, -1);
    } else if (ui_take_key(ui, UI_KEY_DOWN, 0)) {
        focus_towards(ui, 0, 1);
    }
}

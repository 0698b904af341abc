#include "ui.h"

#include <math.h>

#include "check.h"
#include "mem.h"
#include "ui_internal.h"

#define THEME_FADE_MS 250

struct ui *ui_create(struct text_cache *texts, struct paint_images *images)
{
    struct ui *ui = MEM_NEW(struct ui);
    ui->texts = texts;
    ui->images = images;
    ui->list = paint_list_create();
    ui->scale = 1;
    ui->window_has_focus = true;
    map_init(&ui->states, (uintptr_t)ui);
    buf_init(&ui->copy, BUF_NO_LIMIT);
    buf_init(&ui->scratch, BUF_NO_LIMIT);
    return ui;
}

void ui_destroy(struct ui *ui)
{
    if (!ui) {
        return;
    }
    ui_states_sweep(ui, true);
    map_deinit(&ui->states);
    for (size_t i = ui->queue_at; i < ui->queue_count; i++) {
        mem_free(ui->queue[i].text);
    }
    mem_free(ui->queue);
    mem_free(ui->pass.event.text);
    mem_free(ui->areas.items);
    mem_free(ui->last_areas.items);
    for (size_t i = 0; i < UI_TOASTS_MAX; i++) {
        mem_free(ui->toasts[i].text);
    }
    mem_free(ui->tip);
    buf_deinit(&ui->copy);
    buf_deinit(&ui->scratch);
    paint_list_destroy(ui->list);
    mem_free(ui);
}

void ui_set_theme(struct ui *ui, const struct ui_theme *theme)
{
    for (int i = 0; i < UI_TOKEN_COUNT; i++) {
        ui->before[i] = ui->has_theme ? ui_color(ui, (enum ui_token)i) : theme->colors[i];
    }
    ui->is_fading = ui->has_theme;
    ui->has_theme = true;
    ui->theme_ms = ui->now_ms;
    ui->theme = *theme;
}

paint_color ui_color(const struct ui *ui, enum ui_token token)
{
    paint_color color = ui->theme.colors[token];
    if (!ui->is_fading) {
        return color;
    }
    float amount = (float)(ui->now_ms - ui->theme_ms) / THEME_FADE_MS;
    return amount >= 1 ? color : paint_mix(ui->before[token], color, amount);
}

const struct ui_theme *ui_theme(const struct ui *ui)
{
    return &ui->theme;
}

void ui_set_scale(struct ui *ui, float scale)
{
    ui->scale = scale >= 0.7f ? fminf(scale, 3) : 0.7f; // not a number becomes the least
}

float ui_scale(const struct ui *ui)
{
    return ui->scale;
}

int ui_px(const struct ui *ui, float points)
{
    return (int)lroundf(points * ui->scale);
}

void ui_set_reduced_motion(struct ui *ui, bool is_reduced)
{
    ui->is_reduced = is_reduced;
}

bool ui_is_reduced_motion(const struct ui *ui)
{
    return ui->is_reduced;
}

void ui_input(struct ui *ui, const struct ui_input *input)
{
    if (ui->queue_count == ui->queue_size) {
        ui->queue_size = ui->queue_size ? ui->queue_size * 2 : 16;
        ui->queue = mem_resize(ui->queue, ui->queue_size, sizeof *ui->queue);
    }
    struct ui_queued *queued = &ui->queue[ui->queue_count++];
    *queued = (struct ui_queued){.input = *input};
    if (input->text.len) {
        queued->text = str_dup(input->text);
        queued->input.text = (struct str){queued->text, input->text.len};
    }
}

bool ui_has_input(const struct ui *ui)
{
    return ui->queue_at < ui->queue_count;
}

static void move_pointer(struct ui *ui, const struct ui_input *input)
{
    struct ui_pointer *pointer = &ui->pointer;
    if (pointer->is_down) {
        ui->pass.drag_x += input->x - pointer->x;
        ui->pass.drag_y += input->y - pointer->y;
        float far = 8 * ui->scale;
        pointer->has_moved |=
            fabsf(input->x - pointer->press_x) > far || fabsf(input->y - pointer->press_y) > far;
    }
    pointer->x = input->x;
    pointer->y = input->y;
    pointer->is_there = true;
}

static void press(struct ui *ui, const struct ui_input *input, bool is_finger)
{
    struct ui_pointer *pointer = &ui->pointer;
    if (pointer->is_down && is_finger) {
        return; // a second finger
    }
    move_pointer(ui, input);
    const struct ui_area_record *area = ui_area_at(ui, input->x, input->y, 0);
    if (!is_finger && input->button != UI_BUTTON_LEFT) {
        if (input->button == UI_BUTTON_RIGHT && area && area->flags & UI_AREA_RIGHT_TOO) {
            ui->pass.long_pressed = area->id;
        }
        return;
    }
    *pointer = (struct ui_pointer){.x = input->x,
                                   .y = input->y,
                                   .is_there = true,
                                   .is_down = true,
                                   .is_finger = is_finger,
                                   .finger = input->finger,
                                   .press_x = input->x,
                                   .press_y = input->y,
                                   .press_ms = input->time_ms,
                                   .clicks = input->clicks ? input->clicks : 1};
    ui->shows_focus = false;
    ui->active = area ? area->id : 0;
    ui->pass.pressed = ui->active;
    if (area && area->flags & UI_AREA_FOCUSABLE) {
        ui->focus = area->id;
    }
}

static void release(struct ui *ui, const struct ui_input *input, bool is_finger)
{
    struct ui_pointer *pointer = &ui->pointer;
    bool is_ours = pointer->is_down && pointer->is_finger == is_finger &&
                   (is_finger ? pointer->finger == input->finger : input->button == UI_BUTTON_LEFT);
    if (!is_ours) {
        return;
    }
    move_pointer(ui, input);
    const struct ui_area_record *area = ui_area_at(ui, input->x, input->y, 0);
    ui->pass.released = ui->active;
    if (area && area->id == ui->active && !pointer->has_long_pressed) {
        ui->pass.clicked = ui->active;
    }
    ui->active = 0;
    pointer->is_down = false;
    pointer->is_there = !is_finger; // nothing stays under a finger that is gone
}

static void apply_input(struct ui *ui, const struct ui_input *input)
{
    switch (input->type) {
    case UI_INPUT_POINTER_MOVE:
        if (!ui->pointer.is_finger || !ui->pointer.is_down) {
            move_pointer(ui, input);
        }
        break;
    case UI_INPUT_FINGER_MOVE:
        if (ui->pointer.is_down && ui->pointer.is_finger && ui->pointer.finger == input->finger) {
            move_pointer(ui, input);
        }
        break;
    case UI_INPUT_POINTER_DOWN:
    case UI_INPUT_FINGER_DOWN:
        press(ui, input, input->type == UI_INPUT_FINGER_DOWN);
        break;
    case UI_INPUT_POINTER_UP:
    case UI_INPUT_FINGER_UP:
        release(ui, input, input->type == UI_INPUT_FINGER_UP);
        break;
    case UI_INPUT_WHEEL: {
        const struct ui_area_record *area =
            ui_area_at(ui, ui->pointer.x, ui->pointer.y, UI_AREA_IS_SCROLL);
        ui->pass.wheel_target = area ? area->id : 0;
        ui->pass.wheel_x += input->wheel_x;
        ui->pass.wheel_y += input->wheel_y;
        break;
    }
    case UI_INPUT_POINTER_LEAVE:
        ui->pointer.is_there = false;
        break;
    case UI_INPUT_FOCUS_GAINED:
    case UI_INPUT_FOCUS_LOST:
        ui->window_has_focus = input->type == UI_INPUT_FOCUS_GAINED;
        break;
    case UI_INPUT_KEY_DOWN:
    case UI_INPUT_TEXT:
    case UI_INPUT_COMPOSITION:
    case UI_INPUT_PASTE:
    case UI_INPUT_DROP_TEXT:
    case UI_INPUT_NONE:
    case UI_INPUT_RESIZE:
    case UI_INPUT_QUIT:
        break;
    }
}

// A drag that leaves its widget becomes a scroll; a press that stays becomes a long press.
static void follow_press(struct ui *ui)
{
    struct ui_pointer *pointer = &ui->pointer;
    if (!pointer->is_down || !ui->active) {
        return;
    }
    if (pointer->has_moved) {
        for (size_t i = 0; i < ui->last_areas.count; i++) {
            const struct ui_area_record *area = &ui->last_areas.items[i];
            if (area->id == ui->active && area->flags & UI_AREA_DRAG_PASSES && area->scroll) {
                ui->active = area->scroll;
                break;
            }
        }
    } else if (!pointer->has_long_pressed) {
        int64_t held_ms = ui->now_ms - pointer->press_ms;
        if (held_ms >= 500) {
            pointer->has_long_pressed = true;
            ui->pass.long_pressed = ui->active;
        }
    }
}

void ui_begin(struct ui *ui, int64_t now_ms, int width_px, int height_px)
{
    check(ui->parent_count == 0 && ui->scroll_depth == 0 && ui->layer_depth == 0);
    mem_free(ui->pass.event.text);
    ui->pass = (struct ui_pass){0};
    if (!ui->in_frame) {
        ui->last_ms = ui->frame_no ? ui->now_ms : now_ms;
        ui->frame_no++;
        ui->in_frame = true;
        ui->wants = (struct ui_wants){0};
        buf_clear(&ui->copy);
    }
    ui->now_ms = now_ms;
    ui->pass_no++;
    ui->width_px = width_px;
    ui->height_px = height_px;
    ui->wake_ms = -1;
    while (ui->queue_at < ui->queue_count) {
        struct ui_queued queued = ui->queue[ui->queue_at++];
        ui->last_input_ms = now_ms;
        apply_input(ui, &queued.input);
        if (ui_input_is_hand(queued.input.type)) {
            ui->pass.event = queued;
            break;
        }
        mem_free(queued.text);
    }
    if (ui->queue_at == ui->queue_count) {
        ui->queue_at = ui->queue_count = 0;
    }
    follow_press(ui);
    const struct ui_area_record *hot =
        ui->pointer.is_there ? ui_area_at(ui, ui->pointer.x, ui->pointer.y, 0) : NULL;
    ui->hot = hot ? hot->id : 0;
    ui->areas.count = 0;
    ui->areas.modal = 0;
    ui->layer = ui->layer_count = 0;
    ui->offset_x = ui->offset_y = 0;
    ui->focus_was_seen = false;
    ui->wants.text_input = false;
    ui->wants.cursor = UI_CURSOR_ARROW;
    ui->tip_rect = (struct paint_rect){0};
    paint_list_reset(ui->list, width_px, height_px);
}

void ui_end(struct ui *ui)
{
    check(ui->parent_count == 0 && ui->scroll_depth == 0 && ui->layer_depth == 0);
    ui_move_focus(ui);
    struct ui_areas kept = ui->last_areas;
    ui->last_areas = ui->areas;
    ui->areas = kept;
    if (ui->focus && !ui->focus_was_seen) {
        ui->focus = ui->focus_before_modal;
        ui->focus_before_modal = 0;
    }
    if (ui->is_fading) {
        ui->is_fading = ui->now_ms - ui->theme_ms < THEME_FADE_MS;
        ui_keep_moving(ui);
    }
    if (ui->pointer.is_down && ui->active && !ui->pointer.has_long_pressed) {
        ui_wake_in(ui, (int)(500 - (ui->now_ms - ui->pointer.press_ms)));
    }
    ui_draw_tip(ui);
}

void ui_end_frame(struct ui *ui)
{
    ui->in_frame = false;
    if (ui->frame_no % 64 == 0) {
        ui_states_sweep(ui, false);
    }
    text_cache_end_frame(ui->texts);
    paint_images_end_frame(ui->images);
}

struct paint_list *ui_list(struct ui *ui)
{
    return ui->list;
}

struct text_cache *ui_texts(struct ui *ui)
{
    return ui->texts;
}

struct paint_images *ui_images(struct ui *ui)
{
    return ui->images;
}

int64_t ui_now_ms(const struct ui *ui)
{
    return ui->now_ms;
}

int ui_width_px(const struct ui *ui)
{
    return ui->width_px;
}

int ui_height_px(const struct ui *ui)
{
    return ui->height_px;
}

int ui_wake_ms(const struct ui *ui)
{
    return ui_has_input(ui) ? 0 : ui->wake_ms;
}

void ui_keep_moving(struct ui *ui)
{
    ui->wake_ms = 0;
}

void ui_wake_in(struct ui *ui, int delay_ms)
{
    delay_ms = delay_ms > 1 ? delay_ms : 1;
    if (ui->wake_ms < 0 || delay_ms < ui->wake_ms) {
        ui->wake_ms = delay_ms;
    }
}

float ui_dt_ms(const struct ui *ui)
{
    int64_t dt_ms = ui->now_ms - ui->last_ms;
    return dt_ms < 0 ? 0 : dt_ms > 50 ? 50 : (float)dt_ms;
}

struct ui_wants ui_take_wants(struct ui *ui)
{
    struct ui_wants wants = ui->wants;
    wants.copy = buf_str(&ui->copy);
    ui->wants.paste = false;
    return wants;
}

void ui_copy(struct ui *ui, struct str text)
{
    buf_clear(&ui->copy);
    (void)buf_append(&ui->copy, text); // no ceiling
}

bool ui_window_has_focus(const struct ui *ui)
{
    return ui->window_has_focus;
}

#include <math.h>

#include "check.h"
#include "ui_internal.h"

#define GLIDE_MS    150
#define WHEEL_PT    72
#define FADE_MS     900
#define FRICTION_MS 325 // time in which a fling loses two thirds of its speed

static float max_offset(const struct ui_scroll_frame *frame)
{
    int over = frame->content_px - frame->rect.h;
    return over > 0 ? (float)over : 0;
}

static float clamp(float value, float max)
{
    return fminf(fmaxf(value, 0), max);
}

void ui_scroll_to(struct ui *ui, struct ui_scroll *scroll, float offset, bool is_smooth)
{
    scroll->velocity = 0;
    scroll->target = offset;
    scroll->is_gliding = is_smooth && !ui->is_reduced;
    if (!scroll->is_gliding) {
        scroll->offset = offset;
    }
}

static void follow_hand(struct ui *ui, struct ui_scroll *scroll, const struct ui_touch *touch)
{
    float dt_ms = fmaxf(ui_dt_ms(ui), 1);
    scroll->offset -= touch->drag_y;
    scroll->is_gliding = false;
    // Half of the old speed is kept: one odd sample at the end must not throw the content away.
    scroll->velocity = scroll->velocity * 0.5f - touch->drag_y / dt_ms * 0.5f;
    scroll->is_dragged = true;
    ui_keep_moving(ui);
}

static void glide(struct ui *ui, struct ui_scroll *scroll, float max)
{
    float dt_ms = ui_dt_ms(ui);
    if (scroll->is_gliding) {
        float target = clamp(scroll->target, max);
        float left = target - scroll->offset;
        scroll->offset += left * (1 - expf(-dt_ms * 4 / GLIDE_MS));
        if (fabsf(target - scroll->offset) < 0.5f) {
            scroll->offset = target;
            scroll->is_gliding = false;
        } else {
            ui_keep_moving(ui);
        }
    } else if (fabsf(scroll->velocity) > 0.02f) {
        scroll->offset += scroll->velocity * dt_ms;
        scroll->velocity *= expf(-dt_ms / FRICTION_MS);
        if (scroll->offset < 0 || scroll->offset > max) {
            scroll->velocity = 0;
        }
        ui_keep_moving(ui);
    } else {
        scroll->velocity = 0;
    }
}

bool ui_scroll_begin(struct ui *ui, ui_id id, struct paint_rect rect, int content_height_px,
                     struct ui_scroll *scroll)
{
    check(ui->scroll_depth < UI_DEPTH_MAX);
    struct ui_touch touch = ui_area(ui, id, rect, UI_AREA_IS_SCROLL);
    struct ui_scroll_frame *frame = &ui->scrolls[ui->scroll_depth++];
    *frame = (struct ui_scroll_frame){id, rect, content_height_px, scroll, 0};
    float max = max_offset(frame);
    bool has_moved = false;
    if (ui->pass.wheel_target == id && ui->pass.wheel_y != 0 && max > 0) {
        float from = scroll->is_gliding ? scroll->target : scroll->offset;
        ui_scroll_to(ui, scroll, clamp(from - ui->pass.wheel_y * WHEEL_PT * ui->scale, max), true);
        has_moved = true;
    }
    if (touch.was_pressed) {
        scroll->velocity = 0; // a touch stops what glides
        scroll->is_gliding = false;
    }
    if (touch.is_pressed && ui->pointer.has_moved && max > 0) {
        follow_hand(ui, scroll, &touch);
        has_moved = true;
    } else if (scroll->is_dragged && !touch.is_pressed) {
        scroll->is_dragged = false;
        has_moved = true;
    }
    if (!scroll->is_dragged) {
        glide(ui, scroll, max);
    }
    scroll->offset = clamp(scroll->offset, max);
    paint_push_clip(ui->list, rect);
    ui_push_offset(ui, 0, -roundf(scroll->offset));
    return has_moved;
}

// A slim bar that shows while the content moves or the pointer is near, and can be grabbed.
static void draw_bar(struct ui *ui, const struct ui_scroll_frame *frame)
{
    float max = max_offset(frame);
    if (max <= 0) {
        return;
    }
    struct ui_scroll *scroll = frame->scroll;
    float track = (float)frame->rect.h - 8 * ui->scale;
    float length = fmaxf(track * (float)frame->rect.h / (float)frame->content_px, 36 * ui->scale);
    float y = (float)frame->rect.y + 4 * ui->scale + (track - length) * scroll->offset / max;
    struct paint_rect grab = {frame->rect.x + frame->rect.w - ui_px(ui, 14), (int)y, ui_px(ui, 14),
                              (int)length};
    ui_id id = frame->id ^ 0x626172u;
    struct ui_touch touch = ui_area(ui, id, grab, 0);
    if (touch.is_pressed && touch.drag_y != 0 && track > length) {
        scroll->offset = clamp(scroll->offset + touch.drag_y * max / (track - length), max);
        scroll->is_gliding = false;
        ui_keep_moving(ui);
    }
    bool is_new;
    struct ui_state *state = ui_state_of(ui, id, -3, &is_new);
    bool is_used = touch.is_hovered || touch.is_pressed || scroll->is_gliding ||
                   scroll->is_dragged || state->value != scroll->offset;
    state->value = scroll->offset;
    if (is_used && !is_new) {
        state->start_ms = ui->now_ms + FADE_MS;
    }
    bool is_shown = ui->now_ms < state->start_ms;
    if (is_shown) {
        ui_wake_in(ui, (int)(state->start_ms - ui->now_ms));
    }
    float alpha = ui_ease(ui, id, 0, is_shown ? 1 : 0.35f, 200);
    float width = ui_ease(ui, id, 1, touch.is_hovered || touch.is_pressed ? 8 : 5, 150) * ui->scale;
    float right = (float)(frame->rect.x + frame->rect.w) - 3 * ui->scale;
    paint_round(ui->list, (struct paint_box){right - width, y, width, length}, width / 2,
                paint_with_alpha(ui_color(ui, UI_MUTED), alpha * 0.7f));
}

void ui_scroll_end(struct ui *ui)
{
    check(ui->scroll_depth > 0);
    ui_pop_offset(ui);
    const struct ui_scroll_frame frame = ui->scrolls[--ui->scroll_depth];
    draw_bar(ui, &frame);
    paint_pop_clip(ui->list);
}

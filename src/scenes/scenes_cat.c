#include "scenes_cat.h"

#include <math.h>

#include "ui_draw.h"

#define LIVELY_MS 5000
#define EARS_MS   700
#define TYPE_MS   900
#define PURR_MS   2600
#define HEART_MS  1600
#define PI        3.14159265f

void cat_message(struct cat *cat, int64_t now_ms)
{
    cat->cause_ms = cat->ears_ms = now_ms;
}

void cat_types(struct cat *cat, int64_t now_ms)
{
    cat->cause_ms = cat->type_ms = now_ms;
}

void cat_sleep(struct cat *cat, bool is_asleep, int64_t now_ms)
{
    if (cat->is_asleep != is_asleep) {
        cat->is_asleep = is_asleep;
        cat->cause_ms = now_ms;
    }
}

// 1 right after it happened, 0 after the time.
static float fresh(const struct ui *ui, int64_t since_ms, int duration_ms)
{
    int64_t age_ms = ui_now_ms(ui) - since_ms;
    return since_ms == 0 || age_ms >= duration_ms || age_ms < 0
               ? 0
               : 1 - (float)age_ms / (float)duration_ms;
}

static void pet(struct ui *ui, struct cat *cat, const struct ui_touch *touch, int side)
{
    cat->cause_ms = cat->purr_ms = ui_now_ms(ui);
    cat->pets++;
    for (int i = 0; i < 3; i++) {
        struct cat_heart *heart = &cat->hearts[cat->next_heart++ % CAT_HEARTS_MAX];
        float sway = (float)((cat->pets * 7 + (unsigned)i * 5) % 11) / 11 - 0.5f;
        *heart =
            (struct cat_heart){.x = fminf(fmaxf(touch->x / (float)side, 0.2f), 0.8f) + sway * 0.2f,
                               .y = 0.42f,
                               .drift = sway,
                               .start_ms = ui_now_ms(ui) + (int64_t)i * 140};
    }
}

struct pose {
    struct ui *ui;
    struct paint_rect at; // the square
    float breath;         // -1..1
    float lift;           // of the head, px
};

// A layer as it was drawn, moved by whole pixels: it stays crisp.
static void draw_layer(const struct pose *pose, const char *name, float dy)
{
    paint_image_id image = paint_image_get(ui_images(pose->ui), name, pose->at.w, pose->at.h);
    paint_image(ui_list(pose->ui), image, pose->at.x, pose->at.y + (int)lroundf(dy));
}

struct turn {
    float pivot_x, pivot_y; // 0..1 of the square
    float angle;            // radians
    float scale_y;
    float dy; // px
};

static void draw_turned(const struct pose *pose, const char *name, const struct turn *turn)
{
    if (turn->angle == 0 && turn->scale_y == 1) {
        draw_layer(pose, name, turn->dy);
        return;
    }
    struct paint_sprite sprite = {
        .image = paint_image_get(ui_images(pose->ui), name, pose->at.w, pose->at.h),
        .x = (float)pose->at.x + (float)pose->at.w * turn->pivot_x,
        .y = (float)pose->at.y + (float)pose->at.h * turn->pivot_y + turn->dy,
        .pivot_x = turn->pivot_x,
        .pivot_y = turn->pivot_y,
        .scale_x = 1,
        .scale_y = turn->scale_y,
        .angle = turn->angle,
        .alpha = 1,
    };
    paint_sprite(ui_list(pose->ui), &sprite);
}

static void draw_awake(const struct pose *pose, const struct cat *cat)
{
    const struct ui *ui = pose->ui;
    float ears = fresh(ui, cat->ears_ms, EARS_MS), types = fresh(ui, cat->type_ms, TYPE_MS);
    float purr = fresh(ui, cat->purr_ms, PURR_MS);
    float twitch = sinf(ears * PI * 4) * ears * 0.22f;
    float wag = sinf((float)(ui_now_ms(ui) - cat->cause_ms) / 1000 * PI) * pose->breath * 0.05f +
                sinf(purr * PI * 6) * 0.05f;
    float dy = pose->lift;
    draw_turned(pose, "cat-tail", &(struct turn){0.70f, 0.86f, wag, 1, 0});
    draw_layer(pose, "cat-body", 0);
    draw_turned(pose, "cat-ear-left", &(struct turn){0.36f, 0.32f, -twitch, 1, dy});
    draw_turned(pose, "cat-ear-right", &(struct turn){0.64f, 0.32f, twitch, 1, dy});
    draw_layer(pose, "cat-head", dy);
    int64_t age_ms = ui_now_ms(ui) - cat->cause_ms;
    bool blinks = age_ms > 1800 && age_ms < 1950;
    const char *eyes = purr > 0 ? "cat-eyes-happy" : blinks ? "cat-eyes-closed" : "cat-eyes-open";
    draw_layer(pose, eyes, dy);
    draw_layer(pose, "cat-face", dy);
    if (types > 0) {
        float beat = (float)(ui_now_ms(ui) / 120 % 2);
        float hop = (float)pose->at.h * 0.025f;
        draw_layer(pose, "cat-paw-left", beat > 0 ? -hop : 0);
        draw_layer(pose, "cat-paw-right", beat > 0 ? 0 : -hop);
    }
}

static void draw_hearts(struct ui *ui, const struct cat *cat, struct paint_rect at)
{
    for (int i = 0; i < CAT_HEARTS_MAX; i++) {
        const struct cat_heart *heart = &cat->hearts[i];
        int64_t age_ms = ui_now_ms(ui) - heart->start_ms;
        if (heart->start_ms == 0 || age_ms < 0 || age_ms >= HEART_MS) {
            continue;
        }
        float t = (float)age_ms / HEART_MS;
        int side = ui_px(ui, 18 + 8 * t);
        float x = heart->x + heart->drift * t * 0.5f + sinf(t * PI * 3) * 0.02f;
        float y = heart->y - t * 0.42f;
        struct paint_rect box = {at.x + (int)(x * (float)at.w) - side / 2,
                                 at.y + (int)(y * (float)at.h), side, side};
        ui_icon(ui, box, "icon-heart", paint_with_alpha(ui_color(ui, UI_BAD), 1 - t * t));
    }
}

void cat_draw(struct ui *ui, struct cat *cat, struct paint_rect rect)
{
    int side = rect.w < rect.h ? rect.w : rect.h;
    struct paint_rect at = {rect.x + (rect.w - side) / 2, rect.y + rect.h - side, side, side};
    if (side < 24) {
        return;
    }
    struct ui_touch touch = ui_area(ui, ui_id_of(ui, "cat"), at, UI_AREA_DRAG_PASSES);
    if (touch.was_clicked && !cat->is_asleep) {
        pet(ui, cat, &touch, side);
    }
    int64_t age_ms = ui_now_ms(ui) - cat->cause_ms;
    bool is_lively = age_ms < LIVELY_MS && !ui_is_reduced_motion(ui);
    struct pose pose = {.ui = ui, .at = at};
    if (is_lively) {
        // The last second eases out, so that it stops without a jerk.
        float calm = fminf((float)(LIVELY_MS - age_ms) / 1000, 1);
        pose.breath = sinf((float)age_ms / 4000 * 2 * PI) * calm;
        pose.lift = -pose.breath * (float)side * 0.008f;
        ui_keep_moving(ui);
    }
    if (cat->is_asleep) {
        struct turn breath = {0.5f, 0.95f, 0, 1 + 0.012f * pose.breath, 0};
        draw_turned(&pose, "cat-asleep", &breath);
    } else {
        draw_awake(&pose, cat);
    }
    draw_hearts(ui, cat, at);
}

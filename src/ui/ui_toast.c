#include "mem.h"
#include "ui_internal.h"

#define SHOWN_MS 3200
#define FADE_MS  200

void ui_toast(struct ui *ui, struct str text, enum ui_toast_kind kind)
{
    struct ui_toast_item *place = &ui->toasts[0];
    for (size_t i = 0; i < UI_TOASTS_MAX; i++) {
        if (!ui->toasts[i].text) {
            place = &ui->toasts[i];
            break;
        }
        if (ui->toasts[i].serial < place->serial) {
            place = &ui->toasts[i];
        }
    }
    mem_free(place->text);
    // Long ones need more time to be read; about 60 ms a character.
    *place = (struct ui_toast_item){str_dup(text), kind, ui->now_ms, ++ui->toast_serial};
    ui_keep_moving(ui);
}

static int64_t life_ms(const struct ui_toast_item *item)
{
    size_t len = str_from(item->text).len;
    return SHOWN_MS + (int64_t)(len > 400 ? 400 : len) * 30;
}

static paint_color ink_of(const struct ui *ui, enum ui_toast_kind kind)
{
    switch (kind) {
    case UI_TOAST_INFO:
        return ui_color(ui, UI_ACCENT);
    case UI_TOAST_GOOD:
        return ui_color(ui, UI_GOOD);
    case UI_TOAST_BAD:
        return ui_color(ui, UI_BAD);
    }
    return ui_color(ui, UI_INK);
}

static int draw_toast(struct ui *ui, const struct ui_toast_item *item, struct paint_rect area,
                      int bottom, float alpha)
{
    static const char *const icons[] = {[UI_TOAST_INFO] = "icon-info",
                                        [UI_TOAST_GOOD] = "icon-check",
                                        [UI_TOAST_BAD] = "icon-warn"};
    int pad = ui_px(ui, 14), icon = ui_px(ui, 22);
    int most = area.w - ui_px(ui, 32);
    most = most < ui_px(ui, 520) ? most : ui_px(ui, 520);
    int text_w = most - 3 * pad - icon;
    if (text_w <= 0) {
        return 0;
    }
    struct text_spec spec = {.style = ui_text_style(ui, UI_TEXT_BODY),
                             .text = str_from(item->text),
                             .width_px = text_w,
                             .max_lines = 4};
    struct text_layout *layout = text_cache_get(ui->texts, &spec);
    int height = text_layout_height_px(layout) + ui_px(ui, 20);
    int width = text_layout_width_px(layout) + 3 * pad + icon;
    int left = area.x + (area.w - width) / 2; // whole pixels
    struct paint_box box = {(float)left, (float)(bottom - height), (float)width, (float)height};
    paint_push_alpha(ui->list, alpha);
    paint_push_offset(ui->list, 0, (1 - alpha) * 12 * ui->scale);
    paint_shadow(ui->list, (struct paint_box){box.x, box.y + 4 * ui->scale, box.w, box.h},
                 14 * ui->scale, 20 * ui->scale, paint_with_alpha(ui_color(ui, UI_SHADOW), 0.45f));
    paint_round(ui->list, box, 14 * ui->scale, ui_color(ui, UI_RAISED));
    struct paint_rect at = {(int)box.x + pad, (int)box.y, icon, height};
    ui_icon(ui, at, icons[item->kind], ink_of(ui, item->kind));
    paint_text(ui->list, layout, at.x + icon + pad, at.y + ui_px(ui, 10), ui_color(ui, UI_INK));
    paint_pop_offset(ui->list);
    paint_pop_alpha(ui->list);
    return height + ui_px(ui, 8);
}

void ui_draw_toasts(struct ui *ui, struct paint_rect area)
{
    int bottom = area.y + area.h;
    for (uint64_t serial = ui->toast_serial;
         serial > 0 && serial + UI_TOASTS_MAX > ui->toast_serial; serial--) {
        for (size_t i = 0; i < UI_TOASTS_MAX; i++) {
            struct ui_toast_item *item = &ui->toasts[i];
            if (!item->text || item->serial != serial) {
                continue;
            }
            int64_t age_ms = ui->now_ms - item->start_ms, left_ms = life_ms(item) - age_ms;
            if (left_ms <= 0) {
                mem_free(item->text);
                *item = (struct ui_toast_item){0};
                continue;
            }
            float in = (float)age_ms / FADE_MS, out = (float)left_ms / FADE_MS;
            float alpha = in < out ? in : out;
            bottom -= draw_toast(ui, item, area, bottom, alpha < 1 ? alpha : 1);
            if (alpha < 1) {
                ui_keep_moving(ui);
            } else {
                ui_wake_in(ui, (int)(left_ms - FADE_MS) + 1);
            }
        }
    }
}

#include "ui_draw.h"

#include "mem.h"
#include "ui_internal.h"

struct kind {
    enum text_face face;
    float size_pt;
};

static const struct kind kinds[] = {
    [UI_TEXT_BODY] = {TEXT_FACE_SANS, 16},     [UI_TEXT_STRONG] = {TEXT_FACE_BOLD, 16},
    [UI_TEXT_SMALL] = {TEXT_FACE_SANS, 12},    [UI_TEXT_HEADING] = {TEXT_FACE_DISPLAY, 22},
    [UI_TEXT_TITLE] = {TEXT_FACE_DISPLAY, 40}, [UI_TEXT_CODE] = {TEXT_FACE_MONO, 15},
};

struct text_style ui_text_style(const struct ui *ui, enum ui_text kind)
{
    return (struct text_style){kinds[kind].face, kinds[kind].size_pt * ui->scale};
}

static int draw_label(struct ui *ui, struct paint_rect rect, struct text_spec *spec,
                      paint_color color, enum ui_align align)
{
    spec->is_centered = align == UI_ALIGN_CENTER;
    spec->width_px = rect.w;
    if (rect.w <= 0 || rect.h <= 0 || spec->text.len == 0) {
        return 0;
    }
    struct text_layout *layout = text_cache_get(ui->texts, spec);
    int width = text_layout_width_px(layout);
    int x = align == UI_ALIGN_LEFT     ? rect.x
            : align == UI_ALIGN_CENTER ? rect.x + (rect.w - width) / 2
                                       : rect.x + rect.w - width;
    paint_text(ui->list, layout, x, rect.y + (rect.h - text_layout_height_px(layout)) / 2, color);
    return width;
}

int ui_label(struct ui *ui, struct paint_rect rect, struct str text, enum ui_text kind,
             paint_color color, enum ui_align align)
{
    struct text_spec spec = {.style = ui_text_style(ui, kind), .text = text, .max_lines = 1};
    return draw_label(ui, rect, &spec, color, align);
}

int ui_label_lines(struct ui *ui, struct paint_rect rect, struct str text, enum ui_text kind,
                   paint_color color)
{
    struct text_spec spec = {.style = ui_text_style(ui, kind), .text = text};
    int line_px = text_line_height_px(text_cache_fonts(ui->texts), spec.style);
    spec.max_lines = rect.h > line_px ? (size_t)(rect.h / line_px) : 1;
    return draw_label(ui, rect, &spec, color, UI_ALIGN_CENTER);
}

int ui_text_width(struct ui *ui, struct str text, enum ui_text kind)
{
    struct text_spec spec = {.style = ui_text_style(ui, kind), .text = text, .max_lines = 1};
    return text.len ? text_layout_width_px(text_cache_get(ui->texts, &spec)) : 0;
}

int ui_paragraph(struct ui *ui, struct paint_rect rect, struct str text, enum ui_text kind,
                 paint_color color)
{
    struct text_spec spec = {.style = ui_text_style(ui, kind), .text = text, .width_px = rect.w};
    if (rect.w <= 0 || text.len == 0) {
        return 0;
    }
    struct text_layout *layout = text_cache_get(ui->texts, &spec);
    paint_text(ui->list, layout, rect.x, rect.y, color);
    return text_layout_height_px(layout);
}

void ui_icon(struct ui *ui, struct paint_rect rect, const char *name, paint_color color)
{
    int side = rect.w < rect.h ? rect.w : rect.h;
    if (side > 0) {
        paint_image_id image = paint_image_get(ui->images, name, side, side);
        paint_image_tinted(ui->list, image, rect.x + (rect.w - side) / 2,
                           rect.y + (rect.h - side) / 2, color);
    }
}

void ui_focus_ring(struct ui *ui, struct paint_box box, float radius)
{
    float gap = 3 * ui->scale, width = 2 * ui->scale;
    struct paint_box around = {box.x - gap, box.y - gap, box.w + 2 * gap, box.h + 2 * gap};
    paint_ring(ui->list, around, radius + gap, width, ui_color(ui, UI_ACCENT));
}

void ui_tip(struct ui *ui, ui_id id, struct paint_rect rect, struct str text)
{
    const int delay_ms = 600;
    bool is_new;
    struct ui_state *state = ui_state_of(ui, id, -2, &is_new);
    if (is_new) {
        state->start_ms = ui->now_ms;
    }
    int64_t waited_ms = ui->now_ms - state->start_ms;
    if (waited_ms < delay_ms) {
        ui_wake_in(ui, (int)(delay_ms - waited_ms));
        return;
    }
    mem_free(ui->tip);
    ui->tip = str_dup(text);
    ui->tip_id = id;
    ui->tip_rect =
        (struct paint_rect){rect.x + (int)ui->offset_x, rect.y + (int)ui->offset_y, rect.w, rect.h};
}

void ui_draw_tip(struct ui *ui)
{
    if (paint_rect_is_empty(ui->tip_rect) || !ui->tip) {
        return;
    }
    struct str text = str_from(ui->tip);
    int pad = ui_px(ui, 8), height = ui_px(ui, 28);
    int width = ui_text_width(ui, text, UI_TEXT_SMALL) + 2 * pad;
    struct paint_rect at = {ui->tip_rect.x + (ui->tip_rect.w - width) / 2,
                            ui->tip_rect.y + ui->tip_rect.h + pad, width, height};
    if (at.y + at.h > ui->height_px) {
        at.y = ui->tip_rect.y - pad - height;
    }
    at.x = at.x + at.w > ui->width_px - pad / 2 ? ui->width_px - pad / 2 - at.w : at.x;
    at.x = at.x < pad / 2 ? pad / 2 : at.x;
    struct paint_box box = {(float)at.x, (float)at.y, (float)at.w, (float)at.h};
    paint_push_alpha(ui->list, ui_appear(ui, ui->tip_id ^ 0x7469u, 150));
    paint_shadow(ui->list, box, 8 * ui->scale, 12 * ui->scale,
                 paint_with_alpha(ui_color(ui, UI_SHADOW), 0.35f));
    paint_round(ui->list, box, 8 * ui->scale, ui_color(ui, UI_INK));
    (void)ui_label(ui, at, text, UI_TEXT_SMALL, ui_color(ui, UI_GROUND), UI_ALIGN_CENTER);
    paint_pop_alpha(ui->list);
}

#include "ui_internal.h"

#define ICON_PT 22

static int icon_px(const struct ui *ui)
{
    return ui_px(ui, ICON_PT);
}

int ui_button_width(struct ui *ui, const struct ui_button_spec *spec)
{
    int width = ui_px(ui, 32);
    if (spec->icon) {
        width += icon_px(ui) + (spec->label.len ? ui_px(ui, 8) : -ui_px(ui, 6));
    }
    return width + ui_text_width(ui, spec->label, UI_TEXT_STRONG);
}

struct look {
    paint_color top;
    paint_color bottom;
    paint_color ink;
};

static struct look look_of(const struct ui *ui, const struct ui_button_spec *spec, float hover)
{
    paint_color surface = ui_color(ui, UI_SURFACE), raised = ui_color(ui, UI_RAISED);
    paint_color ink = ui_color(ui, UI_INK), white = 0xFFFFFFFF;
    struct look look = {raised, raised, ink};
    switch (spec->kind) {
    case UI_BUTTON_PRIMARY: {
        paint_color accent = ui_color(ui, UI_ACCENT);
        // Away from the colour of the label, so that it stays readable.
        paint_color end = ui->theme.is_dark ? white : 0xFF000000;
        look.top = paint_mix(accent, end, ui->theme.is_dark ? 0.10f + 0.10f * hover : 0.0f);
        look.bottom = paint_mix(accent, ui->theme.is_dark ? 0xFFFF8A6B : end, 0.16f);
        look.bottom = paint_mix(look.bottom, look.top, 0.6f * hover);
        look.ink = ui_color(ui, UI_ON_ACCENT);
        return look;
    }
    case UI_BUTTON_DANGER: {
        paint_color bad = ui_color(ui, UI_BAD);
        look.top = look.bottom = paint_mix(paint_mix(raised, ink, 0.06f), bad, hover * 0.9f);
        look.ink = paint_mix(bad, ui_color(ui, UI_ON_BAD), hover);
        return look;
    }
    case UI_BUTTON_QUIET:
        look.top = look.bottom = paint_with_alpha(raised, hover);
        look.ink = paint_mix(ui_color(ui, UI_MUTED), ink, hover);
        break;
    case UI_BUTTON_PLAIN:
        // A shade off the cards that buttons may stand on.
        look.top = look.bottom = paint_mix(raised, ink, 0.06f + 0.08f * hover);
        break;
    }
    if (spec->is_on) {
        look.top = look.bottom = paint_mix(surface, ui_color(ui, UI_ACCENT), 0.24f);
        look.ink = ui_color(ui, UI_ACCENT);
    }
    return look;
}

static void draw_content(struct ui *ui, struct paint_rect rect, const struct ui_button_spec *spec,
                         paint_color ink, float jump)
{
    int icon = spec->icon ? icon_px(ui) : 0;
    int gap = icon && spec->label.len ? ui_px(ui, 8) : 0;
    int label = ui_text_width(ui, spec->label, UI_TEXT_STRONG);
    int most = rect.w - icon - gap - ui_px(ui, 8);
    label = label < most ? label : most;
    int x = rect.x + (rect.w - icon - gap - label) / 2;
    if (spec->icon) {
        struct paint_rect at = {x, rect.y + (int)(jump), icon, rect.h};
        ui_icon(ui, at, spec->icon, ink);
    }
    // One pixel more, so that rounding never cuts a label that fits.
    struct paint_rect at = {x + icon + gap, rect.y, label + 1, rect.h};
    (void)ui_label(ui, at, spec->label, UI_TEXT_STRONG, ink, UI_ALIGN_LEFT);
}

bool ui_button(struct ui *ui, ui_id id, struct paint_rect rect, const struct ui_button_spec *spec)
{
    struct ui_touch touch = {0};
    if (!spec->is_disabled) {
        touch = ui_area(ui, id, rect, UI_AREA_FOCUSABLE | UI_AREA_DRAG_PASSES);
    }
    bool is_held = touch.is_pressed && (touch.is_hovered || touch.is_finger);
    bool is_lit = touch.is_hovered || touch.shows_focus || is_held;
    float hover = ui_ease(ui, id, 0, is_lit ? 1 : 0, 150);
    float squash = ui_ease(ui, id, 1, is_held ? 1 : 0, 90);
    // After the press the icon hops once, a small thank-you.
    float hop = ui_spring(ui, id, 2, is_held ? 3 : 0) * ui->scale;
    float able = ui_ease(ui, id, 3, spec->is_disabled ? 0 : 1, 150);
    if (touch.is_hovered) {
        ui->wants.cursor = UI_CURSOR_HAND;
        if (spec->label.len == 0 && spec->tip.len && !touch.is_pressed && !touch.is_finger) {
            ui_tip(ui, id, rect, spec->tip);
        }
    }
    struct look look = look_of(ui, spec, hover);
    // What cannot be pressed is a place on the card, no more; it lights up when it can.
    paint_color place = paint_with_alpha(ui_color(ui, UI_RAISED), 0.6f);
    look.top = paint_mix(place, look.top, able);
    look.bottom = paint_mix(place, look.bottom, able);
    look.ink = paint_mix(paint_with_alpha(ui_color(ui, UI_MUTED), 0.55f), look.ink, able);
    float w = (float)rect.w, h = (float)rect.h, radius = 10 * ui->scale;
    float shrink = 1 - 0.04f * squash;
    struct paint_box box = {(float)rect.x + w * (1 - shrink) / 2,
                            (float)rect.y + h * (1 - shrink) / 2, w * shrink, h * shrink};
    if (spec->kind == UI_BUTTON_PRIMARY) {
        paint_shadow(ui->list, (struct paint_box){box.x, box.y + 3 * ui->scale, box.w, box.h},
                     radius, (10 + 8 * hover) * ui->scale,
                     paint_with_alpha(ui_color(ui, UI_ACCENT), (0.18f + 0.22f * hover) * able));
    }
    paint_gradient(ui->list, box, radius, look.top, look.bottom);
    draw_content(ui, rect, spec, look.ink, hop);
    if (touch.shows_focus) {
        ui_focus_ring(ui, box, radius);
    }
    return touch.was_clicked;
}

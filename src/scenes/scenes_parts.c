// What both screens share: cutting rectangles, the backdrop, the row of switches.
#include "scenes_internal.h"

struct paint_rect rect_cut_left(struct paint_rect *rect, int px)
{
    px = px < rect->w ? px : rect->w;
    struct paint_rect cut = {rect->x, rect->y, px, rect->h};
    rect->x += px;
    rect->w -= px;
    return cut;
}

struct paint_rect rect_cut_right(struct paint_rect *rect, int px)
{
    px = px < rect->w ? px : rect->w;
    rect->w -= px;
    return (struct paint_rect){rect->x + rect->w, rect->y, px, rect->h};
}

struct paint_rect rect_cut_top(struct paint_rect *rect, int px)
{
    px = px < rect->h ? px : rect->h;
    struct paint_rect cut = {rect->x, rect->y, rect->w, px};
    rect->y += px;
    rect->h -= px;
    return cut;
}

struct paint_rect rect_cut_bottom(struct paint_rect *rect, int px)
{
    px = px < rect->h ? px : rect->h;
    rect->h -= px;
    return (struct paint_rect){rect->x, rect->y + rect->h, rect->w, px};
}

struct paint_box box_of(struct paint_rect rect)
{
    return (struct paint_box){(float)rect.x, (float)rect.y, (float)rect.w, (float)rect.h};
}

void scenes_backdrop(struct scenes *scenes)
{
    struct ui *ui = scenes->ui;
    int width = ui_width_px(ui), height = ui_height_px(ui);
    paint_color ground = ui_color(ui, UI_GROUND), glow = ui_color(ui, UI_GLOW);
    // One upright gradient: it costs a fill and gives the room its depth.
    paint_gradient(ui_list(ui), (struct paint_box){0, 0, (float)width, (float)height}, 0, ground,
                   paint_mix(ground, glow, 0.16f));
}

static bool switch_button(struct scenes *scenes, struct paint_rect *rest, const char *name,
                          const char *icon, struct str label, struct str tip)
{
    struct ui *ui = scenes->ui;
    struct ui_button_spec spec = {
        .label = label, .icon = icon, .tip = tip, .kind = UI_BUTTON_QUIET};
    int width = label.len ? ui_button_width(ui, &spec) : rest->h;
    struct paint_rect at = rect_cut_left(rest, width);
    (void)rect_cut_left(rest, ui_px(ui, 4));
    return ui_button(ui, ui_id_of(ui, name), at, &spec);
}

void scenes_switches(struct scenes *scenes, struct paint_rect rect)
{
    bool is_velours = str_eq(str_from(scenes->theme), STR("velours"));
    bool is_french = str_eq(str_from(scenes->language), STR("fr"));
    if (switch_button(scenes, &rect, "theme", "icon-theme", (struct str){0},
                      str_from(_("Light or dark")))) {
        scenes_request(scenes, SCENES_REQUEST_THEME, is_velours ? STR("creme") : STR("velours"));
    }
    if (switch_button(scenes, &rect, "language", "icon-language",
                      is_french ? STR("English") : STR("Français"), (struct str){0})) {
        scenes_request(scenes, SCENES_REQUEST_LANGUAGE, is_french ? STR("en") : STR("fr"));
    }
    if (switch_button(scenes, &rect, "fullscreen", "icon-fullscreen", (struct str){0},
                      str_from(_("Full screen (F11)")))) {
        scenes_request(scenes, SCENES_REQUEST_FULLSCREEN, (struct str){0});
    }
    if (switch_button(scenes, &rect, "quit", "icon-quit", str_from(_("Quit")), (struct str){0})) {
        scenes_request(scenes, SCENES_REQUEST_QUIT, (struct str){0});
    }
}

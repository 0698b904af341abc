// The first screen: who you are, the parties near you, a party of your own.
#include "scenes_internal.h"

#define LOOKING_MS 4000 // after this the list says that it found nothing

struct welcome_space {
    bool is_two;   // cat on the left, form on the right
    bool is_small; // not much height
    struct paint_rect cat;
    struct paint_rect form;
};

static struct welcome_space divide(struct ui *ui)
{
    struct paint_rect all = {0, 0, ui_width_px(ui), ui_height_px(ui)};
    struct welcome_space space = {.is_small = all.h < ui_px(ui, 560)};
    space.is_two = all.w >= ui_px(ui, 600) && all.w * 10 > all.h * 11;
    int margin = ui_px(ui, space.is_small ? 16 : 32);
    all = paint_rect_inset(all, margin, margin);
    int form_w = ui_px(ui, space.is_small && space.is_two ? 352 : 440);
    form_w = form_w < all.w ? form_w : all.w;
    if (space.is_two) {
        int most = ui_px(ui, 520), gap = ui_px(ui, space.is_small ? 16 : 48);
        int cat_w = all.w - form_w - gap;
        cat_w = cat_w < most ? cat_w : most;
        int left = all.x + (all.w - form_w - gap - cat_w) / 2;
        space.cat = (struct paint_rect){left, all.y, cat_w, all.h};
        space.form = (struct paint_rect){left + cat_w + gap, all.y, form_w, all.h};
        return space;
    }
    int left = all.x + (all.w - form_w) / 2;
    int least = ui_px(ui, 440), cat_h = all.h - least;
    int most = ui_px(ui, 460);
    cat_h = cat_h > most ? most : cat_h;
    cat_h = cat_h < ui_px(ui, 90) ? 0 : cat_h;
    int spare = all.h - cat_h - least;
    int above = spare > 0 ? spare / 3 : 0;
    space.cat = (struct paint_rect){left, all.y + above, form_w, cat_h};
    space.form = (struct paint_rect){left, all.y + above + cat_h, form_w, all.h - cat_h - above};
    return space;
}

// Logo over the cat over a glow.
static void draw_identity(struct scenes *scenes, struct paint_rect rect)
{
    struct ui *ui = scenes->ui;
    if (rect.h <= 0) {
        return;
    }
    int logo_h = rect.h / 4 < ui_px(ui, 120) ? rect.h / 4 : ui_px(ui, 120);
    int most = rect.w * 10 / 33;
    logo_h = logo_h < most ? logo_h : most;
    int cat_side = rect.h - logo_h - ui_px(ui, 40);
    cat_side = cat_side < rect.w ? cat_side : rect.w;
    int total = logo_h + cat_side + ui_px(ui, 40);
    rect.y += (rect.h - total) / 2;
    rect.h = total;
    float middle = (float)rect.x + (float)rect.w / 2;
    struct paint_rect logo = rect_cut_top(&rect, logo_h);
    paint_image_id word = paint_image_get(ui_images(ui), "logo-word", logo.w, logo.h);
    paint_image_tinted(ui_list(ui), word, logo.x, logo.y, ui_color(ui, UI_ACCENT));
    struct paint_rect line = rect_cut_top(&rect, ui_px(ui, 32));
    (void)ui_label(ui, line, str_from(_("The party chat that purrs")), UI_TEXT_BODY,
                   ui_color(ui, UI_MUTED), UI_ALIGN_CENTER);
    (void)rect_cut_top(&rect, ui_px(ui, 8));
    float radius = (float)cat_side * 0.46f;
    float y = (float)rect.y + (float)cat_side * 0.54f;
    paint_shadow(
        ui_list(ui),
        (struct paint_box){middle - radius * 0.7f, y - radius * 0.7f, radius * 1.4f, radius * 1.4f},
        radius * 0.7f, radius * 0.6f, paint_with_alpha(ui_color(ui, UI_GLOW), 0.55f));
    cat_draw(ui, &scenes->cat, (struct paint_rect){rect.x, rect.y, rect.w, cat_side});
}

static void join_party(struct scenes *scenes, const struct scenes_party *party)
{
    scenes_request_join(scenes, say(scenes, "%s:%u", party->host, (unsigned)party->port),
                        (struct str){0});
}

static void draw_party(struct scenes *scenes, const struct scenes_party *party,
                       struct paint_rect rect, bool is_first)
{
    struct ui *ui = scenes->ui;
    ui_id id = ui_id_index(ui, "party", str_hash(str_from(party->instance)));
    float appear = ui_appear(ui, id, 200);
    paint_push_alpha(ui_list(ui), appear);
    paint_push_offset(ui_list(ui), 0, (1 - appear) * 12 * ui_scale(ui));
    paint_round(ui_list(ui), box_of(rect), 14 * ui_scale(ui), ui_color(ui, UI_RAISED));
    struct paint_rect inner = paint_rect_inset(rect, ui_px(ui, 10), 0);
    struct str name = str_from(party->name);
    struct paint_rect face = rect_cut_left(&inner, ui_px(ui, 36));
    ui_avatar(ui, paint_rect_inset(face, 0, (face.h - face.w) / 2), name);
    (void)rect_cut_left(&inner, ui_px(ui, 10));
    struct ui_button_spec join = {.label = str_from(_("Join")),
                                  .icon = party->is_locked ? "icon-lock" : NULL,
                                  .kind = is_first ? UI_BUTTON_PRIMARY : UI_BUTTON_PLAIN};
    struct paint_rect button = rect_cut_right(&inner, ui_button_width(ui, &join));
    (void)rect_cut_right(&inner, ui_px(ui, 8));
    struct paint_rect top = rect_cut_top(&inner, inner.h * 11 / 20);
    top.y += ui_px(ui, 3);
    (void)ui_label(ui, top, name, UI_TEXT_STRONG, ui_color(ui, UI_INK), UI_ALIGN_LEFT);
    inner.y -= ui_px(ui, 2);
    struct str people = say(scenes, _n("%u person", "%u people", party->people), party->people);
    struct str where = str_from(party->is_local ? _("on this machine") : party->host);
    (void)ui_label(ui, inner, say(scenes, "%.*s · %.*s", STR_ARG(people), STR_ARG(where)),
                   UI_TEXT_SMALL, ui_color(ui, UI_MUTED), UI_ALIGN_LEFT);
    if (ui_button(ui, id, paint_rect_inset(button, 0, ui_px(ui, 6)), &join)) {
        join_party(scenes, party);
    }
    paint_pop_offset(ui_list(ui));
    paint_pop_alpha(ui_list(ui));
}

static void draw_parties(struct scenes *scenes, struct paint_rect rect)
{
    struct ui *ui = scenes->ui;
    int row = ui_px(ui, 56), gap = ui_px(ui, 8);
    if (scenes->party_count == 0) {
        bool is_looking = ui_now_ms(ui) - scenes->since_ms < LOOKING_MS;
        if (is_looking) {
            ui_wake_in(ui, (int)(LOOKING_MS - (ui_now_ms(ui) - scenes->since_ms)));
        }
        const char *text = is_looking ? _("Listening for parties near you…")
                                      : _("No party near you yet. Host one: friends will see it.");
        paint_round(ui_list(ui), box_of(rect), 14 * ui_scale(ui),
                    paint_with_alpha(ui_color(ui, UI_RAISED), 0.5f));
        (void)ui_label_lines(ui, paint_rect_inset(rect, ui_px(ui, 12), 0), str_from(text),
                             UI_TEXT_BODY, ui_color(ui, UI_MUTED));
        return;
    }
    int content = (int)scenes->party_count * (row + gap) - gap;
    (void)ui_scroll_begin(ui, ui_id_of(ui, "parties"), rect, content, &scenes->parties_scroll);
    for (size_t i = 0; i < scenes->party_count; i++) {
        struct paint_rect at = {rect.x, rect.y + (int)i * (row + gap), rect.w, row};
        draw_party(scenes, &scenes->parties[i], at, i == 0);
    }
    ui_scroll_end(ui);
}

static void draw_nick(struct scenes *scenes, struct paint_rect rect)
{
    struct ui *ui = scenes->ui;
    struct paint_rect face = rect_cut_left(&rect, rect.h);
    struct str nick = str_trim(ui_edit_text(scenes->nick));
    ui_avatar(ui, face, nick.len ? nick : STR("?"));
    (void)rect_cut_left(&rect, ui_px(ui, 12));
    struct ui_field_spec spec = {.placeholder = str_from(_("Your name")),
                                 .tip = str_from(_("Your name")),
                                 .max_lines = 1,
                                 .is_bad = nick.len == 0};
    ui_id id = ui_id_of(ui, "nick");
    if (!scenes->has_looked) {
        scenes->has_looked = true;
        ui_edit_select_all(scenes->nick);
        ui_focus(ui, id);
        scenes->cat.cause_ms = ui_now_ms(ui);
    }
    unsigned result = ui_field(ui, id, rect, scenes->nick, &spec);
    if (result & UI_FIELD_CHANGED) {
        scenes->has_typed = true;
        ui_keep_moving(ui);
    }
    if (result & UI_FIELD_SUBMITTED && nick.len) {
        if (scenes->party_count) {
            join_party(scenes, &scenes->parties[0]);
        } else {
            scenes_request(scenes, SCENES_REQUEST_HOST, str_from(scenes->party_name));
        }
    }
}

static void draw_address(struct scenes *scenes, struct paint_rect rect)
{
    struct ui *ui = scenes->ui;
    struct str address = str_trim(ui_edit_text(scenes->address));
    struct ui_button_spec join = {.icon = "icon-join",
                                  .tip = str_from(_("Join this address")),
                                  .is_disabled = address.len == 0};
    struct paint_rect button = rect_cut_right(&rect, rect.h);
    (void)rect_cut_right(&rect, ui_px(ui, 8));
    struct ui_field_spec spec = {.placeholder = str_from(_("Or an address: host:port")),
                                 .tip = str_from(_("Address of a party")),
                                 .icon = "icon-link",
                                 .max_lines = 1};
    unsigned result = ui_field(ui, ui_id_of(ui, "address"), rect, scenes->address, &spec);
    bool is_asked = ui_button(ui, ui_id_of(ui, "join"), button, &join);
    if ((is_asked || result & UI_FIELD_SUBMITTED) && address.len) {
        scenes_request_join(scenes, address, (struct str){0});
    }
}

static void draw_form(struct scenes *scenes, struct paint_rect rect, bool is_small)
{
    struct ui *ui = scenes->ui;
    int gap = ui_px(ui, is_small ? 8 : 12), pad = ui_px(ui, is_small ? 12 : 24);
    int field = ui_px(ui, 48), button = ui_px(ui, is_small ? 52 : 60), row = ui_px(ui, 56);
    int title = is_small ? 0 : ui_px(ui, 26);
    // The list takes what is left, between one row and four.
    int fixed = 2 * pad + 3 * field + button + 4 * gap + 2 * title;
    int list = rect.h - fixed;
    int most = 4 * row + 3 * ui_px(ui, 8), wanted = 2 * row + ui_px(ui, 8);
    int rows = (int)scenes->party_count * (row + ui_px(ui, 8)) - ui_px(ui, 8);
    wanted = rows > wanted ? rows : wanted;
    most = wanted < most ? wanted : most;
    list = list > most ? most : list < row ? row : list;
    struct paint_rect card = {rect.x, rect.y + (rect.h - fixed - list) / 2, rect.w, fixed + list};
    card.y = card.y > rect.y ? card.y : rect.y;
    paint_shadow(ui_list(ui), box_of(card), 22 * ui_scale(ui), 28 * ui_scale(ui),
                 paint_with_alpha(ui_color(ui, UI_SHADOW), 0.28f));
    paint_round(ui_list(ui), box_of(card), 22 * ui_scale(ui), ui_color(ui, UI_SURFACE));
    struct paint_rect at = paint_rect_inset(card, pad, pad);
    (void)ui_label(ui, rect_cut_top(&at, title), str_from(_("You are")), UI_TEXT_STRONG,
                   ui_color(ui, UI_MUTED), UI_ALIGN_LEFT);
    draw_nick(scenes, rect_cut_top(&at, field));
    (void)rect_cut_top(&at, gap);
    (void)ui_label(ui, rect_cut_top(&at, title), str_from(_("Parties near you")), UI_TEXT_STRONG,
                   ui_color(ui, UI_MUTED), UI_ALIGN_LEFT);
    draw_parties(scenes, rect_cut_top(&at, list));
    (void)rect_cut_top(&at, gap);
    struct ui_button_spec host = {.label = str_from(_("Host a party")),
                                  .icon = "icon-host",
                                  .kind = scenes->party_count ? UI_BUTTON_PLAIN : UI_BUTTON_PRIMARY,
                                  .is_disabled = str_trim(ui_edit_text(scenes->nick)).len == 0};
    if (ui_button(ui, ui_id_of(ui, "host"), rect_cut_top(&at, button), &host)) {
        scenes_request(scenes, SCENES_REQUEST_HOST, str_from(scenes->party_name));
    }
    (void)rect_cut_top(&at, gap);
    draw_address(scenes, rect_cut_top(&at, field));
    (void)rect_cut_top(&at, gap);
    at.h = field;
    scenes_switches(scenes, at);
}

void welcome_update(struct scenes *scenes)
{
    struct welcome_space space = divide(scenes->ui);
    draw_identity(scenes, space.cat);
    draw_form(scenes, space.form, space.is_small || !space.is_two);
}

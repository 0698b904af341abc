// What stands above everything: a problem that needs a person, the question before leaving.
#include "scenes_internal.h"

static struct paint_rect open_sheet(struct scenes *scenes, const char *name, int height_pt)
{
    struct ui *ui = scenes->ui;
    int width = ui_px(ui, 460), most = ui_width_px(ui) - ui_px(ui, 24);
    width = width < most ? width : most;
    int height = ui_px(ui, (float)height_pt);
    float in = ui_appear(ui, ui_id_of(ui, name), 250);
    ui_push_layer(ui, true);
    paint_fill(ui_list(ui), (struct paint_rect){0, 0, ui_width_px(ui), ui_height_px(ui)},
               paint_with_alpha(ui_color(ui, UI_SHADOW), 0.55f * in));
    struct paint_rect rect = {(ui_width_px(ui) - width) / 2,
                              (ui_height_px(ui) - height) / 2 + (int)((1 - in) * 24), width,
                              height};
    paint_shadow(ui_list(ui), box_of(rect), 22 * ui_scale(ui), 32 * ui_scale(ui),
                 paint_with_alpha(ui_color(ui, UI_SHADOW), 0.5f * in));
    paint_round(ui_list(ui), box_of(rect), 22 * ui_scale(ui), ui_color(ui, UI_SURFACE));
    // The sheet itself takes the pointer: what lies under it must not.
    (void)ui_area(ui, ui_id_of(ui, "sheet"), rect, 0);
    return paint_rect_inset(rect, ui_px(ui, 24), ui_px(ui, 20));
}

static void close_sheet(struct scenes *scenes)
{
    ui_pop_layer(scenes->ui);
}

static void draw_heading(struct ui *ui, struct paint_rect *at, const char *text)
{
    struct paint_rect line = rect_cut_top(at, ui_px(ui, 36));
    (void)ui_label(ui, line, str_from(text), UI_TEXT_HEADING, ui_color(ui, UI_INK), UI_ALIGN_LEFT);
    (void)rect_cut_top(at, ui_px(ui, 8));
}

// Two buttons at the bottom, the second one the way forward; 1, 2 or 0.
static int draw_choice(struct scenes *scenes, struct paint_rect at, const struct ui_button_spec *a,
                       const struct ui_button_spec *b)
{
    struct ui *ui = scenes->ui;
    struct paint_rect row = rect_cut_bottom(&at, ui_px(ui, 52));
    struct paint_rect left = rect_cut_left(&row, (row.w - ui_px(ui, 12)) / 2);
    (void)rect_cut_left(&row, ui_px(ui, 12));
    bool is_a = ui_button(ui, ui_id_of(ui, "choice a"), left, a);
    bool is_b = ui_button(ui, ui_id_of(ui, "choice b"), row, b);
    return is_a || ui_take_key(ui, UI_KEY_ESCAPE, 0) ? 1 : is_b ? 2 : 0;
}

static void leave_sheet(struct scenes *scenes)
{
    struct ui *ui = scenes->ui;
    struct paint_rect at = open_sheet(scenes, "leave sheet", 220);
    draw_heading(ui, &at, _("Close your party?"));
    (void)ui_paragraph(ui, at,
                       str_from(_("You host it: when you leave, it ends for everybody. "
                                  "Save the talk first if you want to keep it.")),
                       UI_TEXT_BODY, ui_color(ui, UI_MUTED));
    struct ui_button_spec stay = {.label = str_from(_("Stay"))};
    struct ui_button_spec leave = {
        .label = str_from(_("Leave")), .icon = "icon-leave", .kind = UI_BUTTON_DANGER};
    int choice = draw_choice(scenes, at, &stay, &leave);
    close_sheet(scenes);
    if (choice == 2) {
        scenes_request(scenes, SCENES_REQUEST_LEAVE, (struct str){0});
    }
    scenes->asks_leave = choice == 0;
}

static const char *problem_heading(enum chat_problem problem)
{
    switch (problem) {
    case CHAT_PROBLEM_NICK:
        return _("Another name, please");
    case CHAT_PROBLEM_PASSWORD:
        return _("This party is locked");
    case CHAT_PROBLEM_BANNED:
        return _("This party is closed to you");
    case CHAT_PROBLEM_NOT_IRC:
    case CHAT_PROBLEM_TURNED_AWAY:
    case CHAT_PROBLEM_ADDRESS:
    case CHAT_PROBLEM_NONE:
        break;
    }
    return _("Nobody opened the door");
}

static bool problem_field(struct scenes *scenes, struct paint_rect *at, enum chat_problem problem)
{
    struct ui *ui = scenes->ui;
    bool is_nick = problem == CHAT_PROBLEM_NICK;
    struct ui_field_spec spec = {.placeholder =
                                     str_from(is_nick ? _("Your name") : _("PIN of the party")),
                                 .icon = is_nick ? NULL : "icon-lock",
                                 .max_lines = 1};
    struct paint_rect field = rect_cut_top(at, ui_px(ui, 48));
    struct ui_edit *edit = is_nick ? scenes->new_nick : scenes->pin;
    return ui_field(ui, ui_id_of(ui, "problem field"), field, edit, &spec) & UI_FIELD_SUBMITTED;
}

static void try_again(struct scenes *scenes, enum chat_problem problem)
{
    struct str nick = str_trim(ui_edit_text(scenes->new_nick));
    if (problem == CHAT_PROBLEM_NICK && nick.len) {
        ui_edit_set(scenes->nick, nick);
    }
    scenes_request_join(scenes, chat_address(scenes->chat, scenes->network),
                        ui_edit_text(scenes->pin));
}

static void problem_sheet(struct scenes *scenes)
{
    struct ui *ui = scenes->ui;
    enum chat_problem problem = chat_problem(scenes->chat, scenes->network);
    bool has_field = problem == CHAT_PROBLEM_NICK || problem == CHAT_PROBLEM_PASSWORD;
    struct paint_rect at = open_sheet(scenes, "problem sheet", has_field ? 290 : 250);
    draw_heading(ui, &at, problem_heading(problem));
    int height = ui_paragraph(ui, at, chat_problem_text(scenes->chat, scenes->network),
                              UI_TEXT_BODY, ui_color(ui, UI_MUTED));
    (void)rect_cut_top(&at, height + ui_px(ui, 12));
    bool is_again = has_field && problem_field(scenes, &at, problem);
    struct ui_button_spec back = {.label = str_from(_("Back"))};
    struct ui_button_spec again = {
        .label = str_from(_("Try again")), .icon = "icon-refresh", .kind = UI_BUTTON_PRIMARY};
    int choice = draw_choice(scenes, at, &back, &again);
    close_sheet(scenes);
    if (choice == 1) {
        scenes_request(scenes, SCENES_REQUEST_LEAVE, (struct str){0});
    } else if (choice == 2 || is_again) {
        try_again(scenes, problem);
    }
}

void party_sheets(struct scenes *scenes)
{
    if (chat_link_state(scenes->chat, scenes->network) == CHAT_LINK_FAILED) {
        problem_sheet(scenes);
    } else if (scenes->asks_leave) {
        leave_sheet(scenes);
    }
}

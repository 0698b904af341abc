// The columns beside the talk: rooms and private talks, people.
#include "scenes_internal.h"

static void draw_badge(struct ui *ui, struct paint_rect *rest, struct str text, bool is_loud)
{
    int height = ui_px(ui, 22), width = ui_text_width(ui, text, UI_TEXT_SMALL) + ui_px(ui, 14);
    width = width < height ? height : width;
    struct paint_rect at = rect_cut_right(rest, width);
    at.y += (at.h - height) / 2;
    at.h = height;
    paint_color back = ui_color(ui, is_loud ? UI_ACCENT : UI_RAISED);
    paint_round(ui_list(ui), box_of(at), (float)height / 2, back);
    (void)ui_label(ui, at, text, UI_TEXT_SMALL, ui_color(ui, is_loud ? UI_ON_ACCENT : UI_INK),
                   UI_ALIGN_CENTER);
    (void)rect_cut_right(rest, ui_px(ui, 8));
}

static void draw_row_back(struct ui *ui, ui_id id, struct paint_rect rect,
                          const struct ui_touch *touch, bool is_on)
{
    float lit = ui_ease(ui, id, 0, is_on ? 1 : touch->is_hovered ? 0.5f : 0, 150);
    if (lit > 0) {
        paint_round(ui_list(ui), box_of(rect), 10 * ui_scale(ui),
                    paint_with_alpha(ui_color(ui, UI_RAISED), lit));
    }
    if (touch->shows_focus) {
        paint_ring(ui_list(ui), box_of(rect), 10 * ui_scale(ui), 2 * ui_scale(ui),
                   ui_color(ui, UI_ACCENT));
    }
}

static void draw_room(struct scenes *scenes, chat_buffer_id buffer, struct paint_rect rect)
{
    struct ui *ui = scenes->ui;
    ui_id id = ui_id_index(ui, "room", buffer);
    struct ui_touch touch = ui_area(ui, id, rect, UI_AREA_FOCUSABLE | UI_AREA_DRAG_PASSES);
    bool is_on = buffer == scenes->buffer;
    draw_row_back(ui, id, rect, &touch, is_on);
    struct paint_rect inner = paint_rect_inset(rect, ui_px(ui, 10), 0);
    struct paint_rect face = rect_cut_left(&inner, ui_px(ui, 28));
    struct str label = party_buffer_label(scenes, buffer);
    if (chat_buffer_kind(scenes->chat, buffer) == CHAT_BUFFER_QUERY) {
        ui_avatar(ui, face, label);
    } else {
        bool is_talk = chat_buffer_kind(scenes->chat, buffer) == CHAT_BUFFER_CHANNEL;
        ui_icon(ui, paint_rect_inset(face, ui_px(ui, 3), 0), is_talk ? "icon-people" : "icon-info",
                ui_color(ui, is_on ? UI_ACCENT : UI_MUTED));
    }
    (void)rect_cut_left(&inner, ui_px(ui, 10));
    size_t unread = chat_unread(scenes->chat, buffer);
    if (unread && !is_on) {
        struct str count = unread > 99 ? STR("99+") : say(scenes, "%zu", unread);
        draw_badge(ui, &inner, count, chat_mentions(scenes->chat, buffer) > 0);
    }
    (void)ui_label(ui, inner, label, is_on || unread ? UI_TEXT_STRONG : UI_TEXT_BODY,
                   ui_color(ui, is_on || unread ? UI_INK : UI_MUTED), UI_ALIGN_LEFT);
    if (touch.was_clicked && !is_on) {
        party_show_buffer(scenes, buffer);
        scenes->is_chosen = true;
    }
}

static void draw_strip(struct scenes *scenes, struct paint_rect rect)
{
    struct ui *ui = scenes->ui;
    struct paint_rect rest = paint_rect_inset(rect, ui_px(ui, 8), ui_px(ui, 2));
    for (size_t i = 0; i < chat_buffer_count(scenes->chat) && rest.w > 0; i++) {
        chat_buffer_id buffer = chat_buffer_at(scenes->chat, i);
        int width = ui_text_width(ui, party_buffer_label(scenes, buffer), UI_TEXT_STRONG) +
                    ui_px(ui, 68) + (chat_unread(scenes->chat, buffer) ? ui_px(ui, 34) : 0);
        draw_room(scenes, buffer, rect_cut_left(&rest, width));
        (void)rect_cut_left(&rest, ui_px(ui, 4));
    }
}

void party_rooms(struct scenes *scenes, struct paint_rect rect)
{
    struct ui *ui = scenes->ui;
    if (rect.h < ui_px(ui, 64)) {
        draw_strip(scenes, rect);
        return;
    }
    struct paint_rect head = rect_cut_top(&rect, ui_px(ui, 44));
    (void)ui_label(ui, paint_rect_inset(head, ui_px(ui, 20), 0), str_from(_("Talks")),
                   UI_TEXT_STRONG, ui_color(ui, UI_MUTED), UI_ALIGN_LEFT);
    struct paint_rect list = paint_rect_inset(rect, ui_px(ui, 10), 0);
    int row = ui_px(ui, 48), gap = ui_px(ui, 4);
    size_t count = chat_buffer_count(scenes->chat);
    (void)ui_scroll_begin(ui, ui_id_of(ui, "rooms"), list, (int)count * (row + gap),
                          &scenes->rooms_scroll);
    for (size_t i = 0; i < count; i++) {
        struct paint_rect at = {list.x, list.y + (int)i * (row + gap), list.w, row};
        draw_room(scenes, chat_buffer_at(scenes->chat, i), at);
    }
    ui_scroll_end(ui);
}

static void draw_person(struct scenes *scenes, const struct chat_member *member,
                        struct paint_rect rect)
{
    struct ui *ui = scenes->ui;
    ui_id id = ui_id_index(ui, "person", str_hash(member->nick));
    unsigned flags = member->is_self ? 0u : UI_AREA_FOCUSABLE;
    struct ui_touch touch = ui_area(ui, id, rect, flags | UI_AREA_DRAG_PASSES);
    draw_row_back(ui, id, rect, &touch, false);
    struct paint_rect inner = paint_rect_inset(rect, ui_px(ui, 8), 0);
    struct paint_rect face = rect_cut_left(&inner, ui_px(ui, 32));
    paint_push_alpha(ui_list(ui), member->is_away ? 0.5f : 1);
    ui_avatar(ui, face, member->nick);
    paint_pop_alpha(ui_list(ui));
    (void)rect_cut_left(&inner, ui_px(ui, 10));
    if (member->is_host || member->is_away) {
        struct paint_rect mark = rect_cut_right(&inner, ui_px(ui, 18));
        ui_icon(ui, mark, member->is_away ? "icon-away" : "icon-crown",
                ui_color(ui, member->is_away ? UI_MUTED : UI_ACCENT));
    }
    if (member->is_self) {
        struct str you = str_from(_("you"));
        struct paint_rect at =
            rect_cut_right(&inner, ui_text_width(ui, you, UI_TEXT_SMALL) + ui_px(ui, 8));
        (void)ui_label(ui, at, you, UI_TEXT_SMALL, ui_color(ui, UI_MUTED), UI_ALIGN_LEFT);
    }
    (void)ui_label(ui, inner, member->nick, UI_TEXT_STRONG,
                   ui_theme_nick(ui_theme(ui), member->nick), UI_ALIGN_LEFT);
    if (touch.was_clicked && !member->is_self) {
        party_show_buffer(scenes, chat_open_query(scenes->chat, scenes->network, member->nick));
    }
}

void party_people(struct scenes *scenes, struct paint_rect rect)
{
    struct ui *ui = scenes->ui;
    chat_buffer_id buffer = party_room(scenes);
    size_t count = chat_member_count(scenes->chat, buffer);
    struct paint_rect head = rect_cut_top(&rect, ui_px(ui, 44));
    (void)ui_label(ui, paint_rect_inset(head, ui_px(ui, 18), 0), say(scenes, _("Here: %zu"), count),
                   UI_TEXT_STRONG, ui_color(ui, UI_MUTED), UI_ALIGN_LEFT);
    struct paint_rect list = paint_rect_inset(rect, ui_px(ui, 8), 0);
    int row = ui_px(ui, 48);
    (void)ui_scroll_begin(ui, ui_id_of(ui, "people"), list, (int)count * row,
                          &scenes->people_scroll);
    size_t first = (size_t)(scenes->people_scroll.offset / (float)row);
    for (size_t i = first; i < count && (int)(i - first) * row < list.h + row; i++) {
        struct chat_member member;
        struct paint_rect at = {list.x, list.y + (int)i * row, list.w, row};
        if (chat_member(scenes->chat, buffer, i, &member)) {
            draw_person(scenes, &member, at);
        }
    }
    ui_scroll_end(ui);
}

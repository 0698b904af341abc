// The party: top bar, rooms, the talk, people, composer.
#include "mem.h"
#include "scenes_internal.h"

struct party_space {
    bool is_wide;   // rooms and people have columns of their own
    bool is_narrow; // buttons lose their labels
    struct paint_rect bar, notice, rooms, strip, feed, people, composer;
};

struct str party_buffer_label(struct scenes *scenes, chat_buffer_id buffer)
{
    struct str name = chat_buffer_name(scenes->chat, buffer);
    switch (chat_buffer_kind(scenes->chat, buffer)) {
    case CHAT_BUFFER_CHANNEL:
        if (str_eq_nocase(name, STR("#party"))) {
            return str_from(_("Everybody"));
        }
        return str_starts(name, STR("#")) ? str_range(name, 1, name.len) : name;
    case CHAT_BUFFER_QUERY:
        return name;
    case CHAT_BUFFER_SERVER:
        return str_from(_("About this party"));
    }
    return name;
}

void party_forget(struct scenes *scenes)
{
    for (size_t i = 0; i < scenes->draft_count; i++) {
        mem_free(scenes->drafts[i].text);
    }
    scenes->draft_count = 0;
    for (size_t i = 0; i < scenes->recall_count; i++) {
        mem_free(scenes->recall[i]);
    }
    scenes->recall_count = scenes->recall_at = 0;
    scenes->buffer = 0;
    scenes->is_chosen = false;
    feed_show(&scenes->feed, 0);
    ui_edit_set(scenes->composer, (struct str){0});
    ui_edit_set(scenes->pin, (struct str){0});
    ui_edit_set(scenes->new_nick, (struct str){0});
}

static struct scenes_draft *draft_of(struct scenes *scenes, chat_buffer_id buffer)
{
    for (size_t i = 0; i < scenes->draft_count; i++) {
        if (scenes->drafts[i].buffer == buffer) {
            return &scenes->drafts[i];
        }
    }
    scenes->drafts = mem_resize(scenes->drafts, scenes->draft_count + 1, sizeof *scenes->drafts);
    scenes->drafts[scenes->draft_count] = (struct scenes_draft){buffer, NULL};
    return &scenes->drafts[scenes->draft_count++];
}

void party_show_buffer(struct scenes *scenes, chat_buffer_id buffer)
{
    if (scenes->buffer) {
        struct scenes_draft *old = draft_of(scenes, scenes->buffer);
        mem_free(old->text);
        old->text = str_dup(ui_edit_text(scenes->composer));
    }
    scenes->buffer = buffer;
    feed_show(&scenes->feed, buffer);
    ui_edit_set(scenes->composer, str_from(draft_of(scenes, buffer)->text));
    ui_focus(scenes->ui, ui_id_of(scenes->ui, "composer"));
    scenes->shows_people = false;
    scenes->recall_at = scenes->recall_count;
}

// The buffer on screen may be gone, or the first talk may have come: talks stand before the server's
// own words, which nobody has to read unless they want to.
static void choose_buffer(struct scenes *scenes)
{
    size_t count = chat_buffer_count(scenes->chat);
    chat_buffer_id first = 0;
    for (size_t i = 0; i < count; i++) {
        chat_buffer_id buffer = chat_buffer_at(scenes->chat, i);
        if (chat_buffer_network(scenes->chat, buffer) != scenes->network) {
            continue;
        }
        bool is_talk = chat_buffer_kind(scenes->chat, buffer) != CHAT_BUFFER_SERVER;
        if (buffer == scenes->buffer && (is_talk || scenes->is_chosen)) {
            return;
        }
        first = first ? first : buffer;
    }
    bool is_there = scenes->buffer && chat_buffer_network(scenes->chat, scenes->buffer) != 0;
    if (first && first != scenes->buffer && !(is_there && scenes->feed.scroll.is_dragged)) {
        party_show_buffer(scenes, first);
        scenes->is_chosen = false;
    }
}

// In a private talk and beside the server's words the list of the lobby stays: it is who can be
// reached.
chat_buffer_id party_room(const struct scenes *scenes)
{
    bool is_room = chat_buffer_kind(scenes->chat, scenes->buffer) == CHAT_BUFFER_CHANNEL;
    return is_room ? scenes->buffer : chat_buffer_at(scenes->chat, 0);
}

static struct party_space divide(struct scenes *scenes)
{
    struct ui *ui = scenes->ui;
    struct paint_rect all = {0, 0, ui_width_px(ui), ui_height_px(ui)};
    struct party_space space = {.is_wide = all.w >= ui_px(ui, 1000),
                                .is_narrow = all.w < ui_px(ui, 760)};
    bool is_low = all.h < ui_px(ui, 480);
    space.bar = rect_cut_top(&all, ui_px(ui, is_low ? 56 : 64));
    enum chat_link_state link = chat_link_state(scenes->chat, scenes->network);
    if (link == CHAT_LINK_WAITING || link == CHAT_LINK_CONNECTING) {
        space.notice = rect_cut_top(&all, ui_px(ui, 48));
    }
    if (space.is_wide) {
        space.rooms = rect_cut_left(&all, ui_px(ui, 240));
        space.people = rect_cut_right(&all, ui_px(ui, 220));
    } else {
        size_t rooms = chat_buffer_count(scenes->chat);
        if (rooms > 2) {
            space.strip = rect_cut_top(&all, ui_px(ui, 48));
        }
    }
    int composer = party_composer_height(scenes, all.w);
    space.composer = rect_cut_bottom(&all, composer);
    space.feed = all;
    return space;
}

// --- top bar ---

static paint_color link_color(const struct ui *ui, enum chat_link_state link)
{
    switch (link) {
    case CHAT_LINK_ONLINE:
        return ui_color(ui, UI_GOOD);
    case CHAT_LINK_CONNECTING:
    case CHAT_LINK_WAITING:
        return ui_color(ui, UI_WARN);
    case CHAT_LINK_OFF:
    case CHAT_LINK_FAILED:
        return ui_color(ui, UI_BAD);
    }
    return ui_color(ui, UI_MUTED);
}

static struct str link_text(struct scenes *scenes, enum chat_link_state link, bool is_narrow)
{
    size_t people = chat_member_count(scenes->chat, party_room(scenes));
    switch (link) {
    case CHAT_LINK_ONLINE:
        if (scenes->hosting[0] && !is_narrow) {
            return say(scenes,
                       _n("%zu person · you host at %s", "%zu people · you host at %s", people),
                       people, scenes->hosting);
        }
        return say(scenes, _n("%zu person here", "%zu people here", people), people);
    case CHAT_LINK_CONNECTING:
        return str_from(_("Connecting…"));
    case CHAT_LINK_WAITING:
        return str_from(_("Link lost"));
    case CHAT_LINK_OFF:
    case CHAT_LINK_FAILED:
        return str_from(_("Not connected"));
    }
    return (struct str){0};
}

static bool bar_button(struct scenes *scenes, struct paint_rect *rest, const char *name,
                       const struct ui_button_spec *spec)
{
    struct ui *ui = scenes->ui;
    int height = ui_px(ui, 48);
    int width = spec->label.len ? ui_button_width(ui, spec) : height;
    struct paint_rect at = rect_cut_right(rest, width);
    (void)rect_cut_right(rest, ui_px(ui, 8));
    at.y += (at.h - height) / 2;
    at.h = height;
    return ui_button(ui, ui_id_of(ui, name), at, spec);
}

static void bar_buttons(struct scenes *scenes, struct paint_rect *rest,
                        const struct party_space *space)
{
    bool labels = !space->is_narrow;
    struct str none = {0};
    struct ui_button_spec leave = {.label = labels ? str_from(_("Leave")) : none,
                                   .icon = "icon-leave",
                                   .tip = str_from(_("Leave the party")),
                                   .kind = UI_BUTTON_DANGER};
    struct ui_button_spec save = {.label = labels ? str_from(_("Save")) : none,
                                  .icon = "icon-save",
                                  .tip = str_from(_("Save the conversation (Ctrl+S)"))};
    struct ui_button_spec full = {.icon = "icon-fullscreen",
                                  .tip = str_from(_("Full screen (F11)")),
                                  .kind = UI_BUTTON_QUIET};
    struct ui_button_spec theme = {
        .icon = "icon-theme", .tip = str_from(_("Light or dark")), .kind = UI_BUTTON_QUIET};
    struct ui_button_spec people = {.icon = "icon-people",
                                    .tip = str_from(_("Who is here")),
                                    .kind = UI_BUTTON_QUIET,
                                    .is_on = scenes->shows_people};
    if (bar_button(scenes, rest, "leave", &leave)) {
        if (scenes->hosting[0]) {
            scenes->asks_leave = true; // the party ends for the others too
        } else {
            scenes_request(scenes, SCENES_REQUEST_LEAVE, none);
        }
    }
    if (bar_button(scenes, rest, "save", &save) || ui_take_letter(scenes->ui, 's', UI_MOD_CTRL)) {
        scenes_request(scenes, SCENES_REQUEST_SAVE, none);
    }
    if (!space->is_narrow && bar_button(scenes, rest, "fullscreen", &full)) {
        scenes_request(scenes, SCENES_REQUEST_FULLSCREEN, none);
    }
    if (!space->is_narrow && bar_button(scenes, rest, "theme", &theme)) {
        bool is_velours = str_eq(str_from(scenes->theme), STR("velours"));
        scenes_request(scenes, SCENES_REQUEST_THEME, is_velours ? STR("creme") : STR("velours"));
    }
    if (!space->is_wide && bar_button(scenes, rest, "people", &people)) {
        scenes->shows_people = !scenes->shows_people;
    }
}

static void draw_bar(struct scenes *scenes, const struct party_space *space)
{
    struct ui *ui = scenes->ui;
    struct paint_rect rest = paint_rect_inset(space->bar, ui_px(ui, 12), 0);
    paint_fill(ui_list(ui), space->bar, paint_with_alpha(ui_color(ui, UI_SURFACE), 0.82f));
    bar_buttons(scenes, &rest, space);
    int mark = ui_px(ui, 40);
    struct paint_rect logo = rect_cut_left(&rest, mark);
    paint_image_id image = paint_image_get(ui_images(ui), "logo-mark", mark, mark);
    paint_image(ui_list(ui), image, logo.x, logo.y + (logo.h - mark) / 2);
    (void)rect_cut_left(&rest, ui_px(ui, 12));
    struct str name = chat_network_name(scenes->chat, scenes->network);
    name = name.len ? name : chat_address(scenes->chat, scenes->network);
    struct paint_rect top = rect_cut_top(&rest, rest.h * 11 / 20);
    top.y += ui_px(ui, 5);
    (void)ui_label(ui, top, name, UI_TEXT_HEADING, ui_color(ui, UI_INK), UI_ALIGN_LEFT);
    enum chat_link_state link = chat_link_state(scenes->chat, scenes->network);
    rest.y -= ui_px(ui, 1);
    float radius = 4 * ui_scale(ui);
    paint_circle(ui_list(ui), (float)rest.x + radius, (float)rest.y + (float)rest.h / 2, radius,
                 link_color(ui, link));
    (void)rect_cut_left(&rest, ui_px(ui, 14));
    (void)ui_label(ui, rest, link_text(scenes, link, space->is_narrow), UI_TEXT_SMALL,
                   ui_color(ui, UI_MUTED), UI_ALIGN_LEFT);
}

// --- notice while the link is down ---

static void draw_notice(struct scenes *scenes, struct paint_rect rect)
{
    struct ui *ui = scenes->ui;
    if (rect.h <= 0) {
        return;
    }
    enum chat_link_state link = chat_link_state(scenes->chat, scenes->network);
    paint_fill(ui_list(ui), rect,
               paint_mix(ui_color(ui, UI_SURFACE), ui_color(ui, UI_WARN), 0.18f));
    struct paint_rect at = paint_rect_inset(rect, ui_px(ui, 16), 0);
    if (link == CHAT_LINK_CONNECTING) {
        struct str where = chat_address(scenes->chat, scenes->network);
        (void)ui_label(ui, at, say(scenes, _("Joining %.*s…"), STR_ARG(where)), UI_TEXT_BODY,
                       ui_color(ui, UI_INK), UI_ALIGN_LEFT);
        return;
    }
    struct ui_button_spec now = {.label = str_from(_("Try now")), .icon = "icon-refresh"};
    struct paint_rect button = rect_cut_right(&at, ui_button_width(ui, &now));
    if (ui_button(ui, ui_id_of(ui, "retry"), paint_rect_inset(button, 0, ui_px(ui, 4)), &now)) {
        chat_retry(scenes->chat, scenes->network);
    }
    int wait_ms = chat_retry_in_ms(scenes->chat, scenes->network);
    int wait_s = wait_ms > 0 ? (wait_ms + 999) / 1000 : 0;
    ui_wake_in(ui, wait_ms > 0 ? wait_ms - (wait_s - 1) * 1000 : 200);
    struct str text =
        say(scenes, _("The link broke. Nothing typed is lost; next try in %d s."), wait_s);
    (void)ui_label(ui, at, text, UI_TEXT_BODY, ui_color(ui, UI_INK), UI_ALIGN_LEFT);
}

// --- feed ---

static void draw_empty(struct scenes *scenes, struct paint_rect rect, bool has_cat)
{
    struct ui *ui = scenes->ui;
    if (rect.h < ui_px(ui, 120)) {
        return;
    }
    bool is_online = chat_link_state(scenes->chat, scenes->network) == CHAT_LINK_ONLINE;
    const char *text = !is_online           ? ""
                       : scenes->hosting[0] ? _("Your party is open. Say something, or wait for "
                                                "friends: they see it in their Ronron.")
                                            : _("It is quiet here. Say hello!");
    int cat = has_cat ? rect.h - ui_px(ui, 90) : 0;
    cat = cat < ui_px(ui, 240) ? cat : ui_px(ui, 240);
    struct paint_rect middle = {rect.x, rect.y + (rect.h - cat - ui_px(ui, 80)) / 2, rect.w, cat};
    if (has_cat) {
        cat_draw(ui, &scenes->cat, middle);
    }
    int width = rect.w - ui_px(ui, 48);
    width = width < ui_px(ui, 420) ? width : ui_px(ui, 420);
    struct paint_rect words = {rect.x + (rect.w - width) / 2, middle.y + cat + ui_px(ui, 12), width,
                               ui_px(ui, 72)};
    (void)ui_label_lines(ui, words, str_from(text), UI_TEXT_BODY, ui_color(ui, UI_MUTED));
}

static bool has_talk(const struct scenes *scenes)
{
    if (chat_buffer_kind(scenes->chat, scenes->buffer) == CHAT_BUFFER_SERVER) {
        return true; // as much as there will be
    }
    size_t count = chat_line_count(scenes->chat, scenes->buffer);
    if (count > 6) {
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        struct chat_line line;
        if (chat_line(scenes->chat, scenes->buffer, i, &line) && line.kind <= CHAT_LINE_NOTICE) {
            return true;
        }
    }
    return false;
}

static void feed_keys(struct scenes *scenes, struct paint_rect rect)
{
    struct ui *ui = scenes->ui;
    float page = (float)rect.h * 0.85f;
    if (ui_take_key(ui, UI_KEY_PAGE_UP, 0)) {
        feed_scroll_by(&scenes->feed, ui, -page);
    } else if (ui_take_key(ui, UI_KEY_PAGE_DOWN, 0)) {
        feed_scroll_by(&scenes->feed, ui, page);
    } else if (ui_take_key(ui, UI_KEY_HOME, UI_MOD_CTRL)) {
        feed_scroll_by(&scenes->feed, ui, -1e7f);
    } else if (ui_take_key(ui, UI_KEY_END, UI_MOD_CTRL)) {
        feed_to_end(&scenes->feed, ui, true);
    }
}

static void draw_feed(struct scenes *scenes, const struct party_space *space)
{
    struct ui *ui = scenes->ui;
    feed_keys(scenes, space->feed);
    struct feed_view view = {ui, scenes->chat, scenes->now_utc_ms, scenes->utc_offset_s};
    struct feed_result result = feed_update(&scenes->feed, &view, space->feed);
    if (result.wish == FEED_RESEND) {
        chat_resend(scenes->chat, scenes->buffer, result.line_id);
    } else if (result.wish == FEED_COPY) {
        struct chat_line line;
        if (chat_line_by_id(scenes->chat, scenes->buffer, result.line_id, &line, NULL)) {
            ui_copy(ui, line.text);
            ui_toast(ui, str_from(_("Copied")), UI_TOAST_GOOD);
        }
    }
    if (!has_talk(scenes)) {
        struct paint_rect free = space->feed;
        free.h -= ui_px(ui, 120);
        draw_empty(scenes, free, !space->is_wide);
    }
    bool is_seen = ui_window_has_focus(ui) && !scenes->feed.is_away;
    if (is_seen && chat_unread(scenes->chat, scenes->buffer)) {
        chat_mark_read(scenes->chat, scenes->buffer);
    }
}

void party_update(struct scenes *scenes)
{
    struct ui *ui = scenes->ui;
    choose_buffer(scenes);
    struct party_space space = divide(scenes);
    draw_feed(scenes, &space);
    draw_bar(scenes, &space);
    draw_notice(scenes, space.notice);
    party_composer(scenes, space.composer);
    if (space.is_wide) {
        int cat = ui_px(ui, 200);
        if (space.rooms.h > ui_px(ui, 420)) {
            struct paint_rect home = rect_cut_bottom(&space.rooms, cat);
            cat_draw(ui, &scenes->cat, paint_rect_inset(home, ui_px(ui, 16), ui_px(ui, 4)));
        }
        party_rooms(scenes, space.rooms);
        party_people(scenes, space.people);
    } else if (space.strip.h > 0) {
        party_rooms(scenes, space.strip);
    }
    float open =
        ui_ease(ui, ui_id_of(ui, "drawer"), 0, scenes->shows_people && !space.is_wide ? 1 : 0, 250);
    if (open > 0) {
        int width = ui_px(ui, 260), top = space.bar.h;
        struct paint_rect drawer = {ui_width_px(ui) - (int)((float)width * open), top, width,
                                    ui_height_px(ui) - top};
        ui_push_layer(ui, false);
        paint_fill(ui_list(ui), (struct paint_rect){0, top, ui_width_px(ui), drawer.h},
                   paint_with_alpha(ui_color(ui, UI_SHADOW), 0.4f * open));
        struct paint_rect beside = {0, top, drawer.x, drawer.h};
        if (ui_area(ui, ui_id_of(ui, "beside"), beside, 0).was_clicked ||
            ui_take_key(ui, UI_KEY_ESCAPE, 0)) {
            scenes->shows_people = false;
        }
        paint_fill(ui_list(ui), drawer, ui_color(ui, UI_SURFACE));
        party_people(scenes, drawer);
        ui_pop_layer(ui);
    }
    party_sheets(scenes);
}

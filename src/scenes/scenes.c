#include "scenes.h"

#include <math.h>
#include <stdio.h>

#include "mem.h"
#include "scenes_internal.h"

#define NICK_MAX    64
#define ADDRESS_MAX 300
#define PIN_MAX     128
#define TEXT_MAX    16384

struct scenes *scenes_create(const struct scenes_config *config)
{
    struct scenes *scenes = MEM_NEW(struct scenes);
    scenes->ui = config->ui;
    scenes->chat = config->chat;
    scenes->utc_offset_s = config->utc_offset_s;
    scenes->nick = ui_edit_create(NICK_MAX, false);
    scenes->new_nick = ui_edit_create(NICK_MAX, false);
    scenes->address = ui_edit_create(ADDRESS_MAX, false);
    scenes->pin = ui_edit_create(PIN_MAX, false);
    scenes->composer = ui_edit_create(TEXT_MAX, true);
    scenes->party_name = str_dup(config->party_name);
    buf_init(&scenes->title, 4096);
    ui_edit_set(scenes->nick, config->nick);
    ui_edit_select_all(scenes->nick);
    scenes_set_language(scenes, config->language);
    scenes_set_theme(scenes, config->theme);
    return scenes;
}

static void drop_request(struct scenes_queued *request)
{
    mem_free(request->text);
    mem_free(request->nick);
    mem_free(request->password);
    *request = (struct scenes_queued){0};
}

void scenes_destroy(struct scenes *scenes)
{
    if (!scenes) {
        return;
    }
    party_forget(scenes);
    feed_deinit(&scenes->feed);
    ui_edit_destroy(scenes->nick);
    ui_edit_destroy(scenes->new_nick);
    ui_edit_destroy(scenes->address);
    ui_edit_destroy(scenes->pin);
    ui_edit_destroy(scenes->composer);
    for (size_t i = 0; i < scenes->request_count; i++) {
        drop_request(&scenes->requests[i]);
    }
    drop_request(&scenes->taken);
    mem_free(scenes->party_name);
    mem_free(scenes->drafts);
    arena_deinit(&scenes->frame);
    buf_deinit(&scenes->title);
    mem_free(scenes);
}

struct str say(struct scenes *scenes, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t cut = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    return arena_str(&scenes->frame, (struct str){text, cut});
}

void scenes_input(struct scenes *scenes, const struct ui_input *input)
{
    ui_input(scenes->ui, input);
}

static void line_came(struct scenes *scenes, const struct chat_event *event)
{
    struct chat_line line;
    if (!chat_line_by_id(scenes->chat, event->buffer, event->line, &line, NULL)) {
        return;
    }
    if (!line.is_own && line.kind <= CHAT_LINE_NOTICE) {
        cat_message(&scenes->cat, ui_now_ms(scenes->ui));
    }
}

void scenes_chat_event(struct scenes *scenes, const struct chat_event *event)
{
    int64_t now_ms = ui_now_ms(scenes->ui);
    switch (event->type) {
    case CHAT_EVENT_LINE:
        line_came(scenes, event);
        break;
    case CHAT_EVENT_LINK:
        if (event->network == scenes->network) {
            bool is_online = chat_link_state(scenes->chat, scenes->network) == CHAT_LINK_ONLINE;
            cat_sleep(&scenes->cat, !is_online, now_ms);
        }
        break;
    case CHAT_EVENT_BUFFER:
    case CHAT_EVENT_CHANGED:
    case CHAT_EVENT_MEMBERS:
    case CHAT_EVENT_NICK:
        break; // read anew with each frame
    }
}

void scenes_set_parties(struct scenes *scenes, const struct scenes_party *parties, size_t count)
{
    scenes->party_count = count < SCENES_PARTIES_MAX ? count : SCENES_PARTIES_MAX;
    for (size_t i = 0; i < scenes->party_count; i++) {
        scenes->parties[i] = parties[i];
    }
}

void scenes_set_language(struct scenes *scenes, const char *language)
{
    (void)str_copy(scenes->language, sizeof scenes->language, str_from(language)); // a short code
}

void scenes_set_theme(struct scenes *scenes, const char *theme)
{
    (void)str_copy(scenes->theme, sizeof scenes->theme, str_from(theme)); // a short name
}

void scenes_set_hosting(struct scenes *scenes, const char *address)
{
    (void)str_copy(scenes->hosting, sizeof scenes->hosting, str_from(address)); // bounded by app
}

void scenes_saved(struct scenes *scenes, const char *text_path, const char *html_path)
{
    (void)text_path; // lies beside the page, under the same name
    ui_toast(scenes->ui, say(scenes, _("Saved, also as plain text: %s"), html_path), UI_TOAST_GOOD);
}

void scenes_problem(struct scenes *scenes, const char *sentence)
{
    ui_toast(scenes->ui, str_from(sentence), UI_TOAST_BAD);
}

void scenes_enter_party(struct scenes *scenes, chat_network_id network)
{
    party_forget(scenes);
    scenes->at = SCENE_PARTY;
    scenes->network = network;
    scenes->since_ms = ui_now_ms(scenes->ui);
    scenes->shows_people = scenes->asks_leave = false;
    cat_sleep(&scenes->cat, chat_link_state(scenes->chat, network) != CHAT_LINK_ONLINE,
              scenes->since_ms);
}

void scenes_enter_welcome(struct scenes *scenes)
{
    party_forget(scenes);
    scenes->at = SCENE_WELCOME;
    scenes->network = 0;
    scenes->hosting[0] = '\0';
    scenes->since_ms = ui_now_ms(scenes->ui);
    scenes->asks_leave = scenes->has_looked = false;
    cat_sleep(&scenes->cat, false, scenes->since_ms);
}

void scenes_request(struct scenes *scenes, enum scenes_request_type type, struct str text)
{
    if (scenes->request_count == SCENES_REQUESTS_MAX) {
        return; // a person cannot ask that much in a frame
    }
    scenes->requests[scenes->request_count++] =
        (struct scenes_queued){.type = type,
                               .text = str_dup(text),
                               .nick = str_dup(str_trim(ui_edit_text(scenes->nick))),
                               .password = str_dup((struct str){0}),
                               .buffer = scenes->buffer};
}

void scenes_request_join(struct scenes *scenes, struct str address, struct str password)
{
    scenes_request(scenes, SCENES_REQUEST_JOIN, address);
    struct scenes_queued *request = &scenes->requests[scenes->request_count - 1];
    mem_free(request->password);
    request->password = str_dup(password);
}

bool scenes_next_request(struct scenes *scenes, struct scenes_request *out)
{
    drop_request(&scenes->taken);
    if (scenes->request_count == 0) {
        return false;
    }
    scenes->taken = scenes->requests[0];
    scenes->request_count--;
    for (size_t i = 0; i < scenes->request_count; i++) {
        scenes->requests[i] = scenes->requests[i + 1];
    }
    *out = (struct scenes_request){.type = scenes->taken.type,
                                   .text = str_from(scenes->taken.text),
                                   .nick = str_from(scenes->taken.nick),
                                   .password = str_from(scenes->taken.password),
                                   .buffer = scenes->taken.buffer};
    return true;
}

static void global_keys(struct scenes *scenes)
{
    if (ui_take_key(scenes->ui, UI_KEY_F11, 0)) {
        scenes_request(scenes, SCENES_REQUEST_FULLSCREEN, (struct str){0});
    } else if (ui_take_letter(scenes->ui, 'q', UI_MOD_CTRL)) {
        scenes_request(scenes, SCENES_REQUEST_QUIT, (struct str){0});
    }
}

void scenes_update(struct scenes *scenes, int64_t now_ms, int64_t now_utc_ms, int width_px,
                   int height_px)
{
    struct ui *ui = scenes->ui;
    scenes->now_utc_ms = now_utc_ms;
    if (scenes->has_typed) {
        scenes->has_typed = false;
        cat_types(&scenes->cat, now_ms);
    }
    do {
        arena_reset(&scenes->frame);
        ui_begin(ui, now_ms, width_px, height_px);
        scenes_backdrop(scenes);
        switch (scenes->at) {
        case SCENE_WELCOME:
            welcome_update(scenes);
            break;
        case SCENE_PARTY:
            party_update(scenes);
            break;
        }
        int margin = ui_px(ui, 16), above = ui_px(ui, scenes->at == SCENE_PARTY ? 84 : 16);
        ui_draw_toasts(ui,
                       (struct paint_rect){margin, 0, width_px - 2 * margin, height_px - above});
        global_keys(scenes);
        ui_end(ui);
    } while (ui_has_input(ui));
}

int scenes_wake_ms(const struct scenes *scenes)
{
    return ui_wake_ms(scenes->ui);
}

struct str scenes_title(struct scenes *scenes)
{
    buf_clear(&scenes->title);
    bool is_party = scenes->at == SCENE_PARTY;
    struct str nick =
        is_party ? chat_nick(scenes->chat, scenes->network) : str_trim(ui_edit_text(scenes->nick));
    // The buffer holds any nick and name; if it did not, the title would be cut, no more.
    (void)buf_append(&scenes->title, STR("Ronron"));
    if (nick.len) {
        (void)buf_printf(&scenes->title, " - %.*s", STR_ARG(nick));
    }
    if (is_party) {
        struct str name = chat_network_name(scenes->chat, scenes->network);
        (void)buf_printf(&scenes->title, name.len ? " - %.*s" : "%.*s", STR_ARG(name));
        size_t unread = 0;
        for (size_t i = 0; i < chat_buffer_count(scenes->chat); i++) {
            unread += chat_unread(scenes->chat, chat_buffer_at(scenes->chat, i));
        }
        if (unread) {
            (void)buf_printf(&scenes->title, " (%zu)", unread);
        }
    }
    return buf_str(&scenes->title);
}

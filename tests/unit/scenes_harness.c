#include "scenes_harness.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "mem.h"

#define UTC_MS INT64_C(1700000000000)

void stage_theme(struct stage *stage, const char *theme)
{
    char path[1024], text[8192];
    (void)snprintf(path, sizeof path, "%s/themes/%s.theme", RONRON_ASSETS, theme);
    FILE *file = fopen(path, "rb");
    check(file);
    size_t len = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    struct ui_theme parsed;
    struct err err = {0};
    check(ui_theme_parse(&parsed, (struct str){text, len}, &err));
    ui_set_theme(stage->ui, &parsed);
}

void stage_open(struct stage *stage, const char *theme, int width_px, int height_px)
{
    struct err err = {0};
    *stage = (struct stage){.width_px = width_px, .height_px = height_px, .now_ms = 1000};
    stage->fonts = text_fonts_create(&err);
    check(stage->fonts);
    stage->texts = text_cache_create(stage->fonts, 1 << 22);
    stage->images = paint_images_create(RONRON_ASSETS "/art");
    stage->ui = ui_create(stage->texts, stage->images);
    stage_theme(stage, theme);
    stage->chat = chat_create(7);
    chat_set_time(stage->chat, stage->now_ms, UTC_MS + stage->now_ms);
    struct scenes_config config = {.ui = stage->ui,
                                   .chat = stage->chat,
                                   .nick = STR("Ana"),
                                   .party_name = STR("Party of Ana"),
                                   .language = "en",
                                   .theme = theme};
    stage->scenes = scenes_create(&config);
    buf_init(&stage->sent, BUF_NO_LIMIT);
}

void stage_close(struct stage *stage)
{
    scenes_destroy(stage->scenes);
    chat_destroy(stage->chat);
    ui_destroy(stage->ui);
    paint_images_destroy(stage->images);
    text_cache_destroy(stage->texts);
    text_fonts_destroy(stage->fonts);
    buf_deinit(&stage->sent);
}

static void pump(struct stage *stage)
{
    struct chat_request request;
    struct chat_event event;
    while (chat_next_request(stage->chat, &request)) {
        if (request.type == CHAT_REQUEST_SEND) {
            check(buf_append(&stage->sent, request.bytes));
        }
    }
    while (chat_next_event(stage->chat, &event)) {
        scenes_chat_event(stage->scenes, &event);
    }
}

void stage_frame(struct stage *stage, int64_t pass_ms)
{
    stage->now_ms += pass_ms;
    chat_set_time(stage->chat, stage->now_ms, UTC_MS + stage->now_ms);
    chat_tick(stage->chat);
    pump(stage);
    scenes_update(stage->scenes, stage->now_ms, UTC_MS + stage->now_ms, stage->width_px,
                  stage->height_px);
    ui_end_frame(stage->ui);
    pump(stage);
}

void stage_settle(struct stage *stage)
{
    for (int i = 0; i < 2000; i++) {
        stage_frame(stage, 16);
        if (scenes_wake_ms(stage->scenes) != 0) {
            return;
        }
    }
    bool has_come_to_rest = false;
    check(has_come_to_rest);
}

void stage_server(struct stage *stage, const char *line)
{
    chat_link_line(stage->chat, stage->network, str_from(line));
    pump(stage);
}

void stage_enter_party(struct stage *stage)
{
    static const char *const lines[] = {
        ":s CAP * LS :message-tags echo-message server-time labeled-response batch multi-prefix",
        ":s CAP * ACK :message-tags echo-message server-time labeled-response batch multi-prefix",
        ":s 001 Ana :Welcome",
        ":s 005 Ana NETWORK=Friday\\x20night PREFIX=(ov)@+ CASEMAPPING=ascii CHANTYPES=# :are",
        ":s 376 Ana :End",
        ":Ana!a@h JOIN #party",
        ":s 353 Ana = #party :@Ana leo",
        ":s 366 Ana #party :End",
    };
    struct chat_join join = {.host = STR("h"), .port = 6667, .nick = STR("Ana")};
    stage->network = chat_join(stage->chat, &join);
    scenes_enter_party(stage->scenes, stage->network);
    chat_link_connected(stage->chat, stage->network);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        stage_server(stage, lines[i]);
    }
    stage_frame(stage, 16);
    stage_frame(stage, 16);
}

bool stage_has_sent(struct stage *stage, const char *text)
{
    return strstr(buf_cstr(&stage->sent), text) != NULL;
}

static void input(struct stage *stage, struct ui_input what)
{
    what.time_ms = stage->now_ms;
    scenes_input(stage->scenes, &what);
}

void stage_type(struct stage *stage, const char *text)
{
    input(stage, (struct ui_input){.type = UI_INPUT_TEXT, .text = str_from(text)});
    stage_frame(stage, 16);
}

void stage_key(struct stage *stage, enum ui_key key, unsigned mods)
{
    input(stage, (struct ui_input){.type = UI_INPUT_KEY_DOWN, .key = key, .mods = mods});
    stage_frame(stage, 16);
}

void stage_letter(struct stage *stage, char letter, unsigned mods)
{
    input(stage,
          (struct ui_input){
              .type = UI_INPUT_KEY_DOWN, .key = UI_KEY_LETTER, .letter = letter, .mods = mods});
    stage_frame(stage, 16);
}

void stage_click(struct stage *stage, int x, int y)
{
    float at_x = (float)(x < 0 ? stage->width_px + x : x);
    float at_y = (float)(y < 0 ? stage->height_px + y : y);
    struct ui_input what = {
        .type = UI_INPUT_POINTER_MOVE, .x = at_x, .y = at_y, .clicks = 1, .button = UI_BUTTON_LEFT};
    input(stage, what);
    what.type = UI_INPUT_POINTER_DOWN;
    input(stage, what);
    what.type = UI_INPUT_POINTER_UP;
    input(stage, what);
    stage_frame(stage, 16);
}

void stage_wheel(struct stage *stage, int x, int y, float notches)
{
    input(stage, (struct ui_input){.type = UI_INPUT_POINTER_MOVE, .x = (float)x, .y = (float)y});
    input(stage, (struct ui_input){.type = UI_INPUT_WHEEL, .wheel_y = notches});
    stage_frame(stage, 16);
}

bool stage_shows(struct stage *stage, const char *text)
{
    struct buf dump;
    buf_init(&dump, BUF_NO_LIMIT);
    check(paint_list_dump(ui_list(stage->ui), &dump));
    bool is_there = strstr(buf_cstr(&dump), text) != NULL;
    buf_deinit(&dump);
    return is_there;
}

bool stage_request(struct stage *stage, struct scenes_request *out)
{
    return scenes_next_request(stage->scenes, out);
}

#include "app_client.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app_locale.h"
#include "app_paths.h"
#include "i18n.h"
#include "mem.h"
#include "net_crypto.h"
#include "net_loop.h"

#define LOG_MODULE "client"
#include "log.h"

#define LAYOUT_BYTES  ((size_t)8 * 1024 * 1024)
#define ICON_PX       128
#define CLOSE_POLL_MS 30
#define GOODBYE_MS    700
#define NEVER         INT64_MAX

// Local time less UTC, for showing times; a change of season is seen at the next start.
static int utc_offset_s(void)
{
    time_t now = time(NULL);
    struct tm utc, local;
    if (!gmtime_r(&now, &utc) || !localtime_r(&now, &local)) {
        return 0;
    }
    utc.tm_isdst = local.tm_isdst;
    return (int)difftime(now, mktime(&utc));
}

static void suggest_nick(const struct app_client *client, const struct app_options *options,
                         char *out, size_t size)
{
    const char *user = getenv("USER");
    bool is_person = user && user[0] && strcmp(user, "root") != 0;
    if (options->nick) {
        (void)str_copy(out, size, str_from(options->nick)); // cut names are still names
    } else if (client->settings.nick[0]) {
        (void)str_copy(out, size, str_from(client->settings.nick));
    } else if (is_person) {
        (void)str_copy(out, size, str_from(user));
    } else {
        (void)snprintf(out, size, _("Cat%d"), (int)(plat_now_utc_ms() / 7 % 900 + 100));
    }
}

// A window that grows shows more and also larger things: a party screen is looked at from afar.
static float scale_for(const struct app_client *client, int width_px, int height_px)
{
    float fit = fminf((float)width_px / 1440, (float)height_px / 810);
    float scale = fmaxf(plat_scale(client->plat), fit);
    // But never so large that the smallest layout does not fit.
    scale = fminf(scale, fminf((float)width_px / 640, (float)height_px / 400));
    return fminf(fmaxf(roundf(scale * 12) / 12, 1), 3);
}

bool app_client_theme(struct app_client *client, const char *name, struct err *err)
{
    char path[APP_PATH_MAX + 64], text[8192];
    bool is_name = name[0] && !strchr(name, '/') && !strchr(name, '.');
    (void)snprintf(path, sizeof path, "%s/themes/%s.theme", client->assets, name);
    FILE *file = is_name ? fopen(path, "rb") : NULL;
    if (!file) {
        return err_set(err, _("There is no theme \"%s\"; try velours or creme."), name);
    }
    size_t len = fread(text, 1, sizeof text, file);
    (void)fclose(file); // only read
    struct ui_theme theme;
    if (!ui_theme_parse(&theme, (struct str){text, len}, err)) {
        return err_wrap(err, "%s", path);
    }
    ui_set_theme(client->ui, &theme);
    (void)str_copy(client->settings.theme, sizeof client->settings.theme, str_from(name));
    if (client->scenes) {
        scenes_set_theme(client->scenes, name);
    }
    return true;
}

static bool find_folders(struct app_client *client, const struct app_options *options,
                         struct err *err)
{
    if (options->data) {
        (void)str_copy(client->data, sizeof client->data, str_from(options->data));
    } else if (!app_paths_data(client->data, sizeof client->data)) {
        return err_set(err, "%s", _("There is no home folder; name another one with --data."));
    }
    if (!app_paths_make_writable(client->data, err) ||
        !app_paths_assets(client->assets, sizeof client->assets, err)) {
        return false;
    }
    app_settings_init(&client->settings);
    if (!app_settings_load(&client->settings, client->data, err)) {
        return false;
    }
    app_paths_saves(client->saves, sizeof client->saves);
    if (client->settings.save_folder[0]) {
        (void)str_copy(client->saves, sizeof client->saves, str_from(client->settings.save_folder));
    }
    return true;
}

static bool open_window(struct app_client *client, const struct app_options *options,
                        struct err *err)
{
    struct plat_config window = {.title = "Ronron",
                                 .width = options->width,
                                 .height = options->height,
                                 .is_fullscreen =
                                     options->is_fullscreen ||
                                     (client->settings.is_fullscreen && !options->width)};
    client->plat = plat_create(&window, err);
    return client->plat != NULL;
}

static bool open_drawing(struct app_client *client, const struct app_options *options,
                         struct err *err)
{
    char art[APP_PATH_MAX + 32];
    client->fonts = text_fonts_create(err);
    if (!client->fonts) {
        return false;
    }
    (void)snprintf(art, sizeof art, "%s/art", client->assets);
    client->texts = text_cache_create(client->fonts, LAYOUT_BYTES);
    client->images = paint_images_create(art);
    client->screen = paint_screen_create(client->images);
    client->ui = ui_create(client->texts, client->images);
    const char *theme = options->theme              ? options->theme
                        : client->settings.theme[0] ? client->settings.theme
                                                    : "velours";
    return app_client_theme(client, theme, err);
}

static void open_scenes(struct app_client *client, const struct app_options *options,
                        const char *language)
{
    char nick[128], party[160];
    suggest_nick(client, options, nick, sizeof nick);
    (void)snprintf(party, sizeof party, _("Party of %s"), nick);
    struct scenes_config config = {.ui = client->ui,
                                   .chat = client->chat,
                                   .nick = str_from(nick),
                                   .party_name = str_from(party),
                                   .language = language,
                                   .theme = client->settings.theme,
                                   .utc_offset_s = client->utc_offset_s};
    client->scenes = scenes_create(&config);
    if (options->join) {
        app_client_join(client, str_from(options->join), config.nick, (struct str){0});
    } else if (options->wants_host) {
        app_client_host(client, str_from(options->host_name ? options->host_name : party),
                        config.nick);
    }
    if (!client->network) {
        app_client_lan(client, true);
    }
}

bool app_client_open(struct app_client *client, const struct app_options *options, struct err *err)
{
    const char *language = NULL;
    uint64_t seed = 0;
    *client = (struct app_client){.period_us = 1000000 / options->fps, .is_dirty = true};
    if (!find_folders(client, options, err)) {
        goto fail;
    }
    language = app_locale_init(options->language              ? options->language
                               : client->settings.language[0] ? client->settings.language
                                                              : NULL);
    if (!net_init(err) || !open_window(client, options, err) ||
        !open_drawing(client, options, err)) {
        goto fail;
    }
    client->utc_offset_s = utc_offset_s();
    client->now_ms = plat_now_ms();
    client->now_utc_ms = plat_now_utc_ms();
    net_random(&seed, sizeof seed);
    client->chat = chat_create(seed);
    chat_set_time(client->chat, client->now_ms, client->now_utc_ms);
    net_addr_of_lan(client->lan_address, sizeof client->lan_address);
    open_scenes(client, options, language);
    return true;
fail:
    app_client_close(client);
    return false;
}

// What a hand does is shown at once, not at the next tick of the grid.
static bool take_inputs(struct app_client *client)
{
    struct ui_input input;
    bool urgent = false;
    while (plat_next_input(client->plat, &input)) {
        if (input.type == UI_INPUT_QUIT) {
            client->quits = true;
        }
        if (input.type != UI_INPUT_NONE) {
            client->is_dirty = true;
            urgent |= ui_input_is_hand(input.type) || input.type == UI_INPUT_RESIZE;
            scenes_input(client->scenes, &input);
        }
    }
    return urgent;
}

static void serve_wants(struct app_client *client)
{
    struct ui_wants wants = ui_take_wants(client->ui);
    if (wants.copy.len && !plat_clipboard_set(client->plat, wants.copy)) {
        scenes_problem(client->scenes, _("The clipboard does not take that much text."));
    }
    if (wants.paste) {
        char *text = plat_clipboard_get(client->plat);
        struct ui_input input = {
            .type = UI_INPUT_PASTE, .time_ms = client->now_ms, .text = str_from(text)};
        if (text) {
            scenes_input(client->scenes, &input);
            client->is_dirty = true;
        }
        mem_free(text);
    }
    plat_set_text_input(client->plat, wants.text_input, wants.caret);
    plat_set_cursor(client->plat, (int)wants.cursor);
}

static void show_title(struct app_client *client)
{
    char title[sizeof client->title];
    (void)str_copy(title, sizeof title, scenes_title(client->scenes)); // a long one is cut
    if (strcmp(title, client->title) != 0) {
        (void)str_copy(client->title, sizeof client->title, str_from(title));
        plat_set_title(client->plat, title);
    }
}

static void push_pixels(struct app_client *client, const struct paint_canvas *canvas)
{
    struct paint_rect dirty[PAINT_DIRTY_MAX];
    if (client->is_fresh) {
        paint_screen_invalidate(client->screen);
        client->is_fresh = false;
    }
    size_t count = paint_screen_update(client->screen, ui_list(client->ui), canvas, dirty);
    if (count) {
        plat_present(client->plat, dirty, count);
    }
}

// between: drawn for a hand between two ticks. What moves by itself then stands still: it waits for
// the grid, and only what the hand changed has to be drawn.
static void draw_frame(struct app_client *client, bool is_between)
{
    struct paint_canvas canvas;
    bool is_fresh = false;
    client->is_dirty = false;
    client->wake_at_ms = NEVER;
    if (!plat_canvas(client->plat, &canvas, &is_fresh)) {
        return; // hidden or zero-sized: a resize or expose brings us back
    }
    client->is_fresh |= is_fresh;
    ui_set_scale(client->ui, scale_for(client, canvas.width_px, canvas.height_px));
    client->shown_ms = is_between ? client->shown_ms : client->now_ms;
    scenes_update(client->scenes, client->shown_ms, client->now_utc_ms, canvas.width_px,
                  canvas.height_px);
    push_pixels(client, &canvas);
    ui_end_frame(client->ui);
    serve_wants(client);
    show_title(client);
    int wake_ms = scenes_wake_ms(client->scenes);
    client->is_dirty |= wake_ms == 0;
    if (wake_ms > 0) {
        client->wake_at_ms = client->now_ms + wake_ms;
    }
    app_client_do_requests(client);
}

static int least(int a, int64_t b)
{
    b = b < 0 ? 0 : b > INT_MAX ? INT_MAX : b;
    return a < 0 || b < a ? (int)b : a;
}

// The only place that sleeps: to the next tick of the grid while something moves, else to the next
// thing that is due.
static void wait_for_cause(struct app_client *client)
{
    if (client->is_dirty) {
        int64_t left_us = client->next_us - plat_now_us();
        if (left_us >= 1000) {
            plat_wait(client->plat, (int)(left_us / 1000));
        } else if (left_us > 0) {
            plat_sleep_us(left_us);
        }
        return;
    }
    int timeout_ms = chat_wake_ms(client->chat);
    if (client->wake_at_ms != NEVER) {
        timeout_ms = least(timeout_ms, client->wake_at_ms - plat_now_ms());
    }
    if (app_client_has_closing(client)) {
        timeout_ms = least(timeout_ms, CLOSE_POLL_MS);
    }
    plat_wait(client->plat, timeout_ms);
}

static void read_clocks(struct app_client *client)
{
    client->now_ms = plat_now_ms();
    client->now_utc_ms = plat_now_utc_ms();
    chat_set_time(client->chat, client->now_ms, client->now_utc_ms);
}

void app_client_run(struct app_client *client)
{
    while (!client->quits) {
        wait_for_cause(client);
        read_clocks(client);
        bool urgent = take_inputs(client);
        client->is_dirty |= app_client_take_world(client);
        client->is_dirty |= client->now_ms >= client->wake_at_ms;
        int64_t now_us = plat_now_us();
        bool is_due = now_us >= client->next_us - 100;
        if (client->is_dirty && (urgent || is_due)) {
            draw_frame(client, !is_due);
            // After a pause the grid begins anew.
            bool is_behind = client->next_us < now_us - client->period_us;
            if (is_due) {
                client->next_us = (is_behind ? now_us : client->next_us) + client->period_us;
            }
        }
    }
    if (client->network) {
        chat_leave(client->chat, client->network, str_from(_("Gone for a nap")));
    }
    int64_t until_ms = plat_now_ms() + GOODBYE_MS;
    do {
        read_clocks(client);
        (void)app_client_take_world(client); // nothing is drawn any more
        if (app_client_has_closing(client)) {
            plat_sleep_us(5000);
        }
    } while (app_client_has_closing(client) && plat_now_ms() < until_ms);
}

void app_client_close(struct app_client *client)
{
    app_client_lan(client, false);
    for (size_t i = 0; i < APP_LINKS_MAX; i++) {
        app_link_destroy(client->links[i].link);
    }
    app_host_stop(client->host);
    scenes_destroy(client->scenes);
    chat_destroy(client->chat);
    ui_destroy(client->ui);
    paint_screen_destroy(client->screen);
    paint_images_destroy(client->images);
    text_cache_destroy(client->texts);
    text_fonts_destroy(client->fonts);
    plat_destroy(client->plat);
    net_quit();
    *client = (struct app_client){0};
}

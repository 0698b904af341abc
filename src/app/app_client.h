// The client: joins window, scenes, chat, links, hosting and settings; owns the main loop.
//
// Thread: main. Every other thread of the program is behind app_link, app_lan and app_host.
#ifndef APP_CLIENT_H
#define APP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app_host.h"
#include "app_lan.h"
#include "app_link.h"
#include "app_options.h"
#include "app_settings.h"
#include "chat.h"
#include "err.h"
#include "paint_screen.h"
#include "plat.h"
#include "scenes.h"
#include "text_cache.h"
#include "ui.h"

#define APP_LINKS_MAX 8
#define APP_PATH_MAX  4096

struct app_client_link {
    chat_network_id network;
    struct app_link *link; // owned; NULL: free place
    bool is_closing;
};

struct app_client {
    struct plat *plat;
    struct text_fonts *fonts;
    struct text_cache *texts;
    struct paint_images *images;
    struct paint_screen *screen;
    struct ui *ui;
    struct chat *chat;
    struct scenes *scenes;
    struct app_client_link links[APP_LINKS_MAX];
    struct app_host *host;   // NULL: not hosting
    struct app_lan *lan;     // NULL: not listening for parties
    chat_network_id network; // of the party; 0 on the welcome screen
    struct app_settings settings;
    char data[APP_PATH_MAX];
    char assets[APP_PATH_MAX];
    char saves[APP_PATH_MAX];
    char lan_address[64];
    int64_t now_ms;
    int64_t now_utc_ms;
    int utc_offset_s;
    int64_t period_us;  // of the frame grid
    int64_t next_us;    // when the next frame is due
    int64_t shown_ms;   // time of the last frame on the grid
    int64_t wake_at_ms; // when the scenes want a frame though nothing happens
    bool is_dirty;      // a frame is wanted
    bool is_fresh;      // the canvas was lost
    bool quits;
    char title[1024];
};

// On failure nothing is left open and err says what to do.
bool app_client_open(struct app_client *client, const struct app_options *options, struct err *err);
void app_client_close(struct app_client *client); // a zeroed client is fine
void app_client_run(struct app_client *client);

// Parts (app_client_party.c): parties, links, what the scenes ask for.
void app_client_lan(struct app_client *client, bool is_on);
void app_client_join(struct app_client *client, struct str address, struct str nick,
                     struct str password);
void app_client_host(struct app_client *client, struct str name, struct str nick);
void app_client_do_requests(struct app_client *client);
bool app_client_take_world(struct app_client *client); // true: something changed
bool app_client_has_closing(const struct app_client *client);
bool app_client_theme(struct app_client *client, const char *name, struct err *err);
void app_client_remember(struct app_client *client); // writes the settings

#endif

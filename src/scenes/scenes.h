// The screens: welcome and party; joins the kit to chat.
//
// The owner feeds input and time, asks for the draw list, and carries out requests (what only the
// program can do: host, save, fullscreen, quit).
//
// Ownership: borrows ui and chat, which outlive it.
// Thread:    main.
#ifndef SCENES_H
#define SCENES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chat.h"
#include "str.h"
#include "ui.h"

struct scenes;

struct scenes_party { // a party heard on the LAN
    char instance[17];
    char host[64];
    uint16_t port;
    unsigned people;
    bool is_locked;
    bool is_local; // on this machine
    char name[64];
};

enum scenes_request_type {
    SCENES_REQUEST_HOST,       // text: party name
    SCENES_REQUEST_JOIN,       // text: address, nick, password
    SCENES_REQUEST_SAVE,       // buffer
    SCENES_REQUEST_LEAVE,      // the party; back to welcome
    SCENES_REQUEST_QUIT,       // the program
    SCENES_REQUEST_FULLSCREEN, // toggle
    SCENES_REQUEST_THEME,      // text: file name without ".theme"
    SCENES_REQUEST_LANGUAGE,   // text: "fr" or "en"
    SCENES_REQUEST_REFRESH,    // ask the LAN again
};
struct scenes_request {
    enum scenes_request_type type;
    struct str text; // until the next scenes_* call
    struct str nick;
    struct str password;
    chat_buffer_id buffer;
};

struct scenes_config {
    struct ui *ui;         // borrowed
    struct chat *chat;     // borrowed
    struct str nick;       // suggestion
    struct str party_name; // suggestion for hosting
    const char *language;  // "fr" or "en"
    const char *theme;     // file name without ".theme"
    int utc_offset_s;
};

struct scenes *scenes_create(const struct scenes_config *config);
void scenes_destroy(struct scenes *scenes);
void scenes_input(struct scenes *scenes, const struct ui_input *input);
void scenes_chat_event(struct scenes *scenes, const struct chat_event *event);
void scenes_set_parties(struct scenes *scenes, const struct scenes_party *parties, size_t count);
void scenes_set_language(struct scenes *scenes, const char *language);
void scenes_set_theme(struct scenes *scenes, const char *theme);
// Hosting: address others can type ("192.168.1.5:6667"); NULL: not hosting.
void scenes_set_hosting(struct scenes *scenes, const char *address);
void scenes_saved(struct scenes *scenes, const char *text_path, const char *html_path);
void scenes_problem(struct scenes *scenes, const char *sentence); // shown as a toast or in place
void scenes_enter_party(struct scenes *scenes, chat_network_id network); // after chat_join()
void scenes_enter_welcome(struct scenes *scenes);
// Runs widgets over the waiting input and makes the draw list (ui_list). now_utc_ms for day lines.
void scenes_update(struct scenes *scenes, int64_t now_ms, int64_t now_utc_ms, int width_px,
                   int height_px);
int scenes_wake_ms(const struct scenes *scenes); // as ui_wake_ms
bool scenes_next_request(struct scenes *scenes, struct scenes_request *out);
// The window's title: "Ronron", "Ronron - ana", "Ronron - ana - Party of Leo (2)".
struct str scenes_title(struct scenes *scenes);

#endif

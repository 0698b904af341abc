// What the files of this room share of struct scenes.
#ifndef SCENES_INTERNAL_H
#define SCENES_INTERNAL_H

#include "arena.h"
#include "buf.h"
#include "chat_lines.h"
#include "i18n.h"
#include "scenes.h"
#include "scenes_cat.h"
#include "scenes_feed.h"
#include "ui_draw.h"
#include "ui_edit.h"
#include "ui_widgets.h"

#define SCENES_PARTIES_MAX  16
#define SCENES_REQUESTS_MAX 16
#define SCENES_RECALL_MAX   50

enum scene { SCENE_WELCOME, SCENE_PARTY };

struct scenes_queued {
    enum scenes_request_type type;
    char *text; // owned
    char *nick;
    char *password;
    chat_buffer_id buffer;
};

struct scenes_draft { // what was typed in a buffer and not sent
    chat_buffer_id buffer;
    char *text; // owned
};

struct scenes {
    struct ui *ui;     // borrowed
    struct chat *chat; // borrowed
    enum scene at;
    char language[8];
    char theme[64];
    int utc_offset_s;
    int64_t now_utc_ms;
    struct arena frame; // sentences of this frame

    struct ui_edit *nick;
    struct ui_edit *address;
    struct ui_edit *composer;
    struct ui_edit *pin;
    struct ui_edit *new_nick;
    char *party_name; // owned
    struct scenes_party parties[SCENES_PARTIES_MAX];
    size_t party_count;
    int64_t since_ms; // of this scene
    struct ui_scroll parties_scroll;
    bool has_looked; // the first frame of welcome was drawn

    chat_network_id network;
    chat_buffer_id buffer; // 0: none yet
    bool is_chosen;        // that one, by a person: the server's own words too then stay
    char hosting[96];      // address others can type; empty: not hosting
    struct feed feed;
    struct ui_scroll people_scroll;
    struct ui_scroll rooms_scroll;
    bool shows_people; // the drawer, where there is no column
    bool asks_leave;
    struct scenes_draft *drafts; // owned
    size_t draft_count;
    char *recall[SCENES_RECALL_MAX]; // owned; what was sent, newest last
    size_t recall_count;
    size_t recall_at; // == recall_count: not recalling

    struct cat cat;
    bool has_typed; // the cat hears of it in the next frame: the letter goes first
    struct scenes_queued requests[SCENES_REQUESTS_MAX];
    size_t request_count;
    struct scenes_queued taken; // kept until the next call
    struct buf title;
};

// A sentence that lives for this frame.
struct str say(struct scenes *scenes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void scenes_request(struct scenes *scenes, enum scenes_request_type type, struct str text);
void scenes_request_join(struct scenes *scenes, struct str address, struct str password);
struct paint_rect rect_cut_left(struct paint_rect *rect, int px); // takes px off, gives them
struct paint_rect rect_cut_right(struct paint_rect *rect, int px);
struct paint_rect rect_cut_top(struct paint_rect *rect, int px);
struct paint_rect rect_cut_bottom(struct paint_rect *rect, int px);
struct paint_box box_of(struct paint_rect rect);
void scenes_backdrop(struct scenes *scenes);                         // ground and the warm light
void scenes_switches(struct scenes *scenes, struct paint_rect rect); // theme, language, screen

void welcome_update(struct scenes *scenes);
void party_update(struct scenes *scenes);
void party_show_buffer(struct scenes *scenes, chat_buffer_id buffer);
void party_forget(struct scenes *scenes); // drafts, recall, buffer
void party_people(struct scenes *scenes, struct paint_rect rect);
void party_rooms(struct scenes *scenes, struct paint_rect rect);
void party_composer(struct scenes *scenes, struct paint_rect rect);
int party_composer_height(struct scenes *scenes, int width_px);
void party_sheets(struct scenes *scenes); // problem, leaving: above everything
struct str party_buffer_label(struct scenes *scenes, chat_buffer_id buffer);
chat_buffer_id party_room(const struct scenes *scenes); // whose people are listed

#endif

// The screens without a window: input as values, a fixed clock, a server that is written as lines.
#ifndef SCENES_HARNESS_H
#define SCENES_HARNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "chat.h"
#include "paint_screen.h"
#include "scenes.h"
#include "ui.h"

struct stage {
    struct text_fonts *fonts;
    struct text_cache *texts;
    struct paint_images *images;
    struct ui *ui;
    struct chat *chat;
    struct scenes *scenes;
    chat_network_id network; // 0 on the welcome screen
    int width_px, height_px;
    int64_t now_ms;
    struct buf sent; // bytes for the server
};

// theme: file name without ".theme".
void stage_open(struct stage *stage, const char *theme, int width_px, int height_px);
void stage_close(struct stage *stage);
void stage_theme(struct stage *stage, const char *theme);
void stage_frame(struct stage *stage, int64_t pass_ms); // time passes, a frame is made
void stage_settle(struct stage *stage);                 // frames until nothing moves
void stage_enter_party(struct stage *stage);            // joined, registered, ana and leo are there
void stage_server(struct stage *stage, const char *line);
bool stage_has_sent(struct stage *stage, const char *text);
void stage_type(struct stage *stage, const char *text);
void stage_key(struct stage *stage, enum ui_key key, unsigned mods);
void stage_letter(struct stage *stage, char letter, unsigned mods);
void stage_click(struct stage *stage, int x, int y); // negative: from the right or bottom edge
void stage_wheel(struct stage *stage, int x, int y, float notches);
// The dump of the draw list contains the text.
bool stage_shows(struct stage *stage, const char *text);
bool stage_request(struct stage *stage, struct scenes_request *out); // the next one

#endif

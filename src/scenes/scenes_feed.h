// The message list: lines of one buffer, grouped, measured when seen, drawn when visible.
#ifndef SCENES_FEED_H
#define SCENES_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chat.h"
#include "ui.h"
#include "ui_widgets.h"

struct feed_item {
    uint64_t id;
    int height_px; // a guess until it is measured
    bool is_measured;
    int64_t born_ms; // when it came while we watched; 0: it was there before
};

struct feed { // {0} is empty
    chat_buffer_id buffer;
    struct feed_item *items; // owned
    size_t count, size;
    int width_px;
    float scale;
    struct ui_scroll scroll;
    bool is_away;  // from the newest line
    size_t unseen; // lines that came while away
};

struct feed_view {
    struct ui *ui;
    const struct chat *chat;
    int64_t now_utc_ms;
    int utc_offset_s;
};

enum feed_wish { FEED_NOTHING, FEED_RESEND, FEED_COPY };
struct feed_result {
    enum feed_wish wish;
    uint64_t line_id;
};

void feed_deinit(struct feed *feed);
void feed_show(struct feed *feed, chat_buffer_id buffer); // forgets the one before
void feed_to_end(struct feed *feed, struct ui *ui, bool is_smooth);
void feed_scroll_by(struct feed *feed, struct ui *ui, float px);
bool feed_is_empty(const struct feed *feed);
struct feed_result feed_update(struct feed *feed, const struct feed_view *view,
                               struct paint_rect rect);

#endif

// How one line of the feed looks.
#ifndef SCENES_LINE_H
#define SCENES_LINE_H

#include "chat_lines.h"
#include "scenes_feed.h"

// A line and what of the one before it decides its looks.
struct line_look {
    struct chat_line line;
    bool begins_group; // shows avatar and name
    bool ends_group;   // the last of it: shows its state
    bool begins_day;
    bool is_large; // a few emoji alone
};

// idx in the buffer; false when there is none.
bool line_look_at(const struct feed_view *view, chat_buffer_id buffer, size_t idx,
                  struct line_look *out);
int line_height(const struct feed_view *view, const struct line_look *look, int width_px);
// Draws it at rect's top; what the person wants of it.
enum feed_wish line_draw(const struct feed_view *view, const struct line_look *look,
                         struct paint_rect rect);

#endif

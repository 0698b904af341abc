// What a draw list holds, for the files of this room: one struct per command.
#ifndef PAINT_COMMAND_H
#define PAINT_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include "paint_list.h"

enum paint_kind {
    PAINT_FILL,
    PAINT_ROUND, // rounded box, circle and gradient
    PAINT_RING,
    PAINT_SHADOW,
    PAINT_STROKE,
    PAINT_TEXT,
    PAINT_IMAGE,
    PAINT_SPRITE,
};

// Alpha and offset are already in colours and positions.
struct paint_command {
    enum paint_kind kind;
    uint64_t hash;            // of all that decides its pixels, but for the clip
    struct paint_rect clip;   // on the canvas
    struct paint_rect bounds; // pixels it may touch, inside the clip; images: the clip
    paint_color color;
    paint_color color_end; // at the bottom of a gradient; else as color
    struct paint_box box;  // STROKE: x, y to x + w, y + h
    struct paint_corners corners;
    float width;                // RING, STROKE: of the line; SHADOW: blur
    struct text_layout *layout; // borrowed
    int x, y;                   // FILL, TEXT, IMAGE
    struct paint_sprite sprite; // IMAGE: image, alpha and tint
};

const struct paint_command *paint_list_at(const struct paint_list *list, size_t idx);
// The pixels a command touches, now that the sizes of images are known.
struct paint_rect paint_command_bounds(const struct paint_command *command,
                                       const struct paint_images *images);

#endif

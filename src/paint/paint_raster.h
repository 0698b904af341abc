// Draws commands into a part of the canvas.
#ifndef PAINT_RASTER_H
#define PAINT_RASTER_H

#include "paint_command.h"
#include "paint_image.h"
#include "paint_types.h"

// Clears `clip` (inside the canvas) and draws the whole list there. Every pixel comes out the same
// whatever the clip is.
void paint_raster(const struct paint_list *list, const struct paint_images *images,
                  const struct paint_canvas *canvas, struct paint_rect clip);

// The parts of it; `clip` is inside the canvas and the command's bounds.
void paint_raster_box(const struct paint_command *command, const struct paint_canvas *canvas,
                      struct paint_rect clip);
void paint_raster_stroke(const struct paint_command *command, const struct paint_canvas *canvas,
                         struct paint_rect clip);
void paint_raster_sprite(const struct paint_command *command, const struct paint_pixels *pixels,
                         const struct paint_canvas *canvas, struct paint_rect clip);

#endif

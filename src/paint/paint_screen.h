// Turns draw lists into pixels, redrawing only what changed since the last list.
//
// The screen is cut into cells; each cell's commands are hashed and compared with the last frame's
// (as lite's rencache does). What differs is redrawn and returned as few rectangles, all inside the
// canvas.
//
// Ownership: borrows canvas and images for the call.
// Thread:    one.
#ifndef PAINT_SCREEN_H
#define PAINT_SCREEN_H

#include <stddef.h>

#include "paint_image.h"
#include "paint_list.h"
#include "paint_types.h"

#define PAINT_DIRTY_MAX 64

struct paint_screen;

struct paint_screen *paint_screen_create(const struct paint_images *images);
void paint_screen_destroy(struct paint_screen *screen);
void paint_screen_invalidate(struct paint_screen *screen); // the canvas's pixels are lost
// Brings the canvas up to date; returns how many rectangles (0..PAINT_DIRTY_MAX) were written to
// dirty. 0: nothing changed.
size_t paint_screen_update(struct paint_screen *screen, const struct paint_list *list,
                           const struct paint_canvas *canvas,
                           struct paint_rect dirty[PAINT_DIRTY_MAX]);
// Everything at once, without memory of earlier lists (golden pictures, tests).
void paint_render(const struct paint_list *list, const struct paint_images *images,
                  const struct paint_canvas *canvas);
// Writes the canvas as PNG.
bool paint_save_png(const struct paint_canvas *canvas, const char *path, struct err *err);
// Reads a PNG into new memory (mem_free pixels).
bool paint_load_png(struct paint_canvas *out, const char *path, struct err *err);

#endif

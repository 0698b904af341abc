// The draw list: a flat list of what is on screen this frame, back to front.
//
// Shapes:    pixels of the canvas. Rounded shapes take floats, so that motion is smooth; text and
//            images snap to whole pixels.
// Ownership: layouts and images are borrowed until the list is reset.
// Errors:    none; empty or clipped-away shapes are dropped.
// Thread:    one.
#ifndef PAINT_LIST_H
#define PAINT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "paint_image.h"
#include "paint_types.h"
#include "text_layout.h"

struct paint_box {
    float x, y, w, h;
};

struct paint_corners { // radii, clamped to half the shorter side
    float top_left, top_right, bottom_right, bottom_left;
};

struct paint_list;

struct paint_list *paint_list_create(void);
void paint_list_destroy(struct paint_list *list);
void paint_list_reset(struct paint_list *list, int width_px, int height_px);

void paint_push_clip(struct paint_list *list, struct paint_rect clip); // intersects
void paint_pop_clip(struct paint_list *list);
struct paint_rect paint_clip(const struct paint_list *list); // the current one
void paint_push_alpha(struct paint_list *list, float alpha); // 0..1, multiplies
void paint_pop_alpha(struct paint_list *list);
void paint_push_offset(struct paint_list *list, float dx,
                       float dy); // adds; moves clips pushed later
void paint_pop_offset(struct paint_list *list);

void paint_fill(struct paint_list *list, struct paint_rect rect, paint_color color);
void paint_round(struct paint_list *list, struct paint_box box, float radius, paint_color color);
void paint_corners(struct paint_list *list, struct paint_box box, struct paint_corners corners,
                   paint_color color);
// An outline of `width` pixels inside the box.
void paint_ring(struct paint_list *list, struct paint_box box, float radius, float width,
                paint_color color);
// A soft shadow of the rounded box; blur is the distance over which it fades.
void paint_shadow(struct paint_list *list, struct paint_box box, float radius, float blur,
                  paint_color color);
// A rounded box filled from one colour (top) to another (bottom).
void paint_gradient(struct paint_list *list, struct paint_box box, float radius, paint_color top,
                    paint_color bottom);
void paint_circle(struct paint_list *list, float x, float y, float radius, paint_color color);
// A line with round ends.
void paint_stroke(struct paint_list *list, float x0, float y0, float x1, float y1, float width,
                  paint_color color);
void paint_text(struct paint_list *list, struct text_layout *layout, int x, int y,
                paint_color color);

struct paint_sprite {
    paint_image_id image;
    float x, y;             // of the pivot on the canvas
    float pivot_x, pivot_y; // in the image, 0..1 of its size
    float scale_x, scale_y; // 1: as rasterised
    float angle;            // radians, clockwise
    float alpha;
    paint_color tint; // 0: own colours; else the image's alpha is coverage for this colour
};
void paint_image(struct paint_list *list, paint_image_id image, int x, int y);
void paint_image_tinted(struct paint_list *list, paint_image_id image, int x, int y,
                        paint_color color);
void paint_sprite(struct paint_list *list, const struct paint_sprite *sprite);

size_t paint_list_count(const struct paint_list *list);
// One line a command ("text 12,40 #FFF6EEFF \"Ana\""), for tests.
bool paint_list_dump(const struct paint_list *list, struct buf *out);

#endif

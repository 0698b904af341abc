// Pictures of the program itself (SVG and PNG in assets/), rasterised at the size they are shown.
//
// Ownership: the set owns its images; an id stays valid as long as the set.
// Errors:    a missing or broken picture gives PAINT_IMAGE_NONE, which draws nothing, and a log
//            line once.
// Thread:    one.
#ifndef PAINT_IMAGE_H
#define PAINT_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "paint_types.h"

typedef uint32_t paint_image_id;
#define PAINT_IMAGE_NONE 0u

struct paint_images;

// folder holds NAME.svg files.
struct paint_images *paint_images_create(const char *folder);
void paint_images_destroy(struct paint_images *images);
// Rasterises folder/NAME.svg to fit width x height (keeping its shape, centred). Cached by name and
// size; the least recently used sizes are dropped over 32 MB at paint_images_end_frame().
paint_image_id paint_image_get(struct paint_images *images, const char *name, int width_px,
                               int height_px);
void paint_images_end_frame(struct paint_images *images);

struct paint_pixels {
    int width_px, height_px;
    const uint32_t *argb;  // premultiplied, tightly packed
    struct paint_rect ink; // outside of it everything is transparent
};
bool paint_image_pixels(const struct paint_images *images, paint_image_id id,
                        struct paint_pixels *out);

#endif

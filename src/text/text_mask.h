// Rendered pieces and the LRU that keeps their bytes under a ceiling.
//
// Ownership: the LRU owns each mask; the slot that points at it is set to NULL when it goes. Who
//            owns the slot calls text_masks_drop() before the slot dies.
#ifndef TEXT_MASK_H
#define TEXT_MASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_mask {
    struct text_mask *newer;
    struct text_mask *older;
    struct text_mask **slot; // borrowed; points here
    size_t bytes;            // of all of it
    int left_px;             // from the pen at the start of the string
    int top_px;              // from the baseline, down
    int width_px;
    int height_px;
    int stride; // bytes
    bool is_color;
    uint32_t pixels[]; // premultiplied ARGB, or bytes of coverage
};

struct text_masks {
    struct text_mask *newest;
    struct text_mask *oldest;
    size_t bytes;
    size_t max_bytes;
};

// Zeroed, in no list yet; NULL when width or height is no sane number.
struct text_mask *text_mask_create(int width_px, int height_px, bool is_color);
// Puts the mask first and drops the oldest others over the ceiling.
void text_masks_put(struct text_masks *masks, struct text_mask **slot, struct text_mask *mask);
void text_masks_touch(struct text_masks *masks, struct text_mask *mask);
void text_masks_drop(struct text_masks *masks, struct text_mask *mask); // NULL is fine
void text_masks_clear(struct text_masks *masks);

#endif

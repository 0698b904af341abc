#include "text_mask.h"

#include "mem.h"

#define SIDE_MAX (1 << 16)

struct text_mask *text_mask_create(int width_px, int height_px, bool is_color)
{
    if (width_px <= 0 || height_px <= 0 || width_px > SIDE_MAX || height_px > SIDE_MAX) {
        return NULL;
    }
    size_t stride = (size_t)width_px * (is_color ? 4 : 1);
    size_t bytes = sizeof(struct text_mask) + stride * (size_t)height_px;
    struct text_mask *mask = mem_alloc(bytes);
    mask->bytes = bytes;
    mask->width_px = width_px;
    mask->height_px = height_px;
    mask->stride = (int)stride;
    mask->is_color = is_color;
    return mask;
}

static void unlink_mask(struct text_masks *masks, struct text_mask *mask)
{
    *(mask->newer ? &mask->newer->older : &masks->newest) = mask->older;
    *(mask->older ? &mask->older->newer : &masks->oldest) = mask->newer;
    mask->newer = mask->older = NULL;
    masks->bytes -= mask->bytes;
}

static void link_first(struct text_masks *masks, struct text_mask *mask)
{
    mask->older = masks->newest;
    *(masks->newest ? &masks->newest->newer : &masks->oldest) = mask;
    masks->newest = mask;
    masks->bytes += mask->bytes;
}

void text_masks_put(struct text_masks *masks, struct text_mask **slot, struct text_mask *mask)
{
    mask->slot = slot;
    *slot = mask;
    link_first(masks, mask);
    while (masks->bytes > masks->max_bytes && masks->oldest != mask) {
        text_masks_drop(masks, masks->oldest);
    }
}

void text_masks_touch(struct text_masks *masks, struct text_mask *mask)
{
    if (masks->newest != mask) {
        unlink_mask(masks, mask);
        link_first(masks, mask);
    }
}

void text_masks_drop(struct text_masks *masks, struct text_mask *mask)
{
    if (mask) {
        unlink_mask(masks, mask);
        *mask->slot = NULL;
        mem_free(mask);
    }
}

void text_masks_clear(struct text_masks *masks)
{
    while (masks->oldest) {
        text_masks_drop(masks, masks->oldest);
    }
}

#include "text_emoji.h"

#include <stdint.h>

#include "mem.h"
#include "text_mask.h"

struct picture {
    int width;
    int height;
    uint32_t *argb; // owned
};

static uint32_t premultiply(uint32_t p)
{
    uint32_t a = p >> 24, out = a << 24;
    for (int shift = 0; shift <= 16; shift += 8) {
        uint32_t v = (p >> shift & 255) * a + 128;
        out |= ((v + (v >> 8)) >> 8) << shift;
    }
    return out;
}

static struct picture copy_of(const SDL_Surface *surface)
{
    struct picture picture = {surface->w, surface->h,
                              mem_alloc_array((size_t)surface->w * (size_t)surface->h, 4)};
    uint32_t *to = picture.argb;
    for (int y = 0; y < surface->h; y++) {
        const uint32_t *from =
            (const uint32_t *)((const uint8_t *)surface->pixels + (ptrdiff_t)y * surface->pitch);
        for (int x = 0; x < surface->w; x++) {
            *to++ = premultiply(from[x]);
        }
    }
    return picture;
}

// A mix of four pixels; the weights add up to 256.
static uint32_t mix(const uint32_t pixels[4], const unsigned weights[4])
{
    uint32_t out = 0;
    for (int shift = 0; shift < 32; shift += 8) {
        uint32_t sum = 128;
        for (int i = 0; i < 4; i++) {
            sum += (pixels[i] >> shift & 255) * weights[i];
        }
        out |= (sum >> 8) << shift;
    }
    return out;
}

static void halve(struct picture *picture)
{
    static const unsigned even[4] = {64, 64, 64, 64};
    int width = picture->width / 2, height = picture->height / 2;
    for (int y = 0; y < height; y++) {
        const uint32_t *above = picture->argb + (ptrdiff_t)2 * y * picture->width;
        const uint32_t *below = above + picture->width;
        for (int x = 0; x < width; x++) {
            uint32_t four[4] = {above[2 * x], above[2 * x + 1], below[2 * x], below[2 * x + 1]};
            picture->argb[(ptrdiff_t)y * width + x] = mix(four, even);
        }
    }
    picture->width = width;
    picture->height = height;
}

// Position of an output pixel in the input, in 1/256, centre to centre.
static int source_at(int at, int to, int from)
{
    int64_t position = ((int64_t)(2 * at + 1) * from * 256) / (2 * (int64_t)to) - 128;
    int64_t last = (int64_t)(from - 1) * 256;
    return (int)(position < 0 ? 0 : position > last ? last : position);
}

static void stretch(const struct picture *from, struct text_mask *to)
{
    for (int y = 0; y < to->height_px; y++) {
        int v = source_at(y, to->height_px, from->height);
        const uint32_t *above = from->argb + (ptrdiff_t)(v >> 8) * from->width;
        const uint32_t *below = (v >> 8) + 1 < from->height ? above + from->width : above;
        unsigned fy = (unsigned)v & 255;
        for (int x = 0; x < to->width_px; x++) {
            int u = source_at(x, to->width_px, from->width);
            int left = u >> 8, right = left + 1 < from->width ? left + 1 : left;
            unsigned fx = (unsigned)u & 255;
            unsigned both = fx * fy >> 8;
            uint32_t four[4] = {above[left], above[right], below[left], below[right]};
            unsigned weights[4] = {256 - fx - fy + both, fx - both, fy - both, both};
            to->pixels[(ptrdiff_t)y * to->width_px + x] = mix(four, weights);
        }
    }
}

struct text_mask *text_emoji_scale(const SDL_Surface *surface, int height_px)
{
    if (surface->format->BytesPerPixel != 4 || surface->w <= 0 || surface->h <= 0) {
        return NULL;
    }
    int width_px = (surface->w * height_px + surface->h / 2) / surface->h;
    struct text_mask *mask = text_mask_create(width_px, height_px, true);
    if (!mask) {
        return NULL;
    }
    struct picture picture = copy_of(surface);
    // A linear step of more than two to one would skip pixels.
    while (picture.width >= 2 * width_px && picture.height >= 2 * height_px) {
        halve(&picture);
    }
    stretch(&picture, mask);
    mem_free(picture.argb);
    return mask;
}

// Images turned and scaled around their pivot, sampled bilinearly.
#include "paint_raster.h"

#include <math.h>

#include "paint_row.h"

#define CHUNK 256

// Canvas to image: u = u0 + x * dux + y * duy, of pixel centres.
struct inverse {
    float u0, dux, duy;
    float v0, dvx, dvy;
};

static struct inverse invert(const struct paint_sprite *sprite, const struct paint_pixels *pixels)
{
    float c = cosf(sprite->angle), s = sinf(sprite->angle);
    float ix = 1 / sprite->scale_x, iy = 1 / sprite->scale_y;
    struct inverse inverse = {.dux = c * ix, .duy = s * ix, .dvx = -s * iy, .dvy = c * iy};
    float pivot_u = sprite->pivot_x * (float)pixels->width_px;
    float pivot_v = sprite->pivot_y * (float)pixels->height_px;
    inverse.u0 = pivot_u - sprite->x * inverse.dux - sprite->y * inverse.duy;
    inverse.v0 = pivot_v - sprite->x * inverse.dvx - sprite->y * inverse.dvy;
    return inverse;
}

static uint32_t pixel(const struct paint_pixels *pixels, int x, int y)
{
    if (x < 0 || y < 0 || x >= pixels->width_px || y >= pixels->height_px) {
        return 0;
    }
    return pixels->argb[(size_t)y * (size_t)pixels->width_px + (size_t)x];
}

// Between two premultiplied colours, part of 256.
static uint32_t blend(uint32_t a, uint32_t b, uint32_t part)
{
    uint32_t low = (a & 0xFF00FFu) * (256 - part) + (b & 0xFF00FFu) * part;
    uint32_t high = (a >> 8 & 0xFF00FFu) * (256 - part) + (b >> 8 & 0xFF00FFu) * part;
    return (low >> 8 & 0xFF00FFu) | (high & 0xFF00FF00u);
}

static uint32_t sample(const struct paint_pixels *pixels, float u, float v)
{
    u -= 0.5f;
    v -= 0.5f;
    if (!(u > -1 && v > -1 && u < (float)pixels->width_px && v < (float)pixels->height_px)) {
        return 0;
    }
    int x = (int)floorf(u), y = (int)floorf(v);
    uint32_t part_x = (uint32_t)((u - (float)x) * 256), part_y = (uint32_t)((v - (float)y) * 256);
    uint32_t top = blend(pixel(pixels, x, y), pixel(pixels, x + 1, y), part_x);
    uint32_t bottom = blend(pixel(pixels, x, y + 1), pixel(pixels, x + 1, y + 1), part_x);
    return blend(top, bottom, part_y);
}

void paint_raster_sprite(const struct paint_command *command, const struct paint_pixels *pixels,
                         const struct paint_canvas *canvas, struct paint_rect clip)
{
    struct inverse inverse = invert(&command->sprite, pixels);
    uint32_t argb[CHUNK];
    for (int y = clip.y; y < clip.y + clip.h; y++) {
        float py = (float)y + 0.5f;
        float row_u = inverse.u0 + py * inverse.duy, row_v = inverse.v0 + py * inverse.dvy;
        uint32_t *to = canvas->pixels + (ptrdiff_t)y * canvas->stride_px;
        for (int x = clip.x; x < clip.x + clip.w; x += CHUNK) {
            int count = clip.x + clip.w - x < CHUNK ? clip.x + clip.w - x : CHUNK;
            for (int i = 0; i < count; i++) {
                float px = (float)(x + i) + 0.5f;
                argb[i] = sample(pixels, row_u + px * inverse.dux, row_v + px * inverse.dvx);
            }
            if (command->sprite.tint) {
                paint_row_tint(to + x, argb, count, command->color, command->color >> 24);
            } else {
                paint_row_argb(to + x, argb, count, command->color >> 24);
            }
        }
    }
}

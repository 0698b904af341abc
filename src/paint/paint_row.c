// Span blenders and coverage, written so that compilers turn them into vector code.
#include "paint_row.h"

#include <math.h>

#define RED_BLUE 0x00FF00FFu
#define GREEN    0x0000FF00u

// x / 255 rounded, in both 16-bit halves at once; each half is at most 255 * 255.
static inline uint32_t div255_pair(uint32_t pair)
{
    pair += 0x00800080u;
    return (pair + (pair >> 8 & RED_BLUE)) >> 8 & RED_BLUE;
}

static inline uint32_t div255(uint32_t x)
{
    x += 128u;
    return (x + (x >> 8)) >> 8;
}

static inline uint32_t over(uint32_t below, uint32_t rb, uint32_t g, uint32_t a)
{
    uint32_t keep = 255u - a;
    uint32_t mixed_rb = div255_pair(rb * a + (below & RED_BLUE) * keep);
    uint32_t mixed_g = div255(g * a + (below >> 8 & 255u) * keep);
    return mixed_rb | mixed_g << 8;
}

void paint_row_fill(uint32_t *to, int count, uint32_t rgb)
{
    rgb &= 0xFFFFFFu;
    for (int i = 0; i < count; i++) {
        to[i] = rgb;
    }
}

void paint_row_blend(uint32_t *to, int count, uint32_t rgb, unsigned alpha)
{
    uint32_t rb = rgb & RED_BLUE, g = rgb >> 8 & 255u;
    for (int i = 0; i < count; i++) {
        to[i] = over(to[i], rb, g, alpha);
    }
}

void paint_row_mask(uint32_t *restrict to, const uint8_t *restrict mask, int count, uint32_t rgb,
                    unsigned alpha)
{
    uint32_t rb = rgb & RED_BLUE, g = rgb >> 8 & 255u;
    for (int i = 0; i < count; i++) {
        to[i] = over(to[i], rb, g, div255(mask[i] * alpha));
    }
}

// Rounded apart, so that colour plus what shines through never passes 255.
static inline uint32_t over_premultiplied(uint32_t below, uint32_t argb, uint32_t alpha)
{
    uint32_t keep = 255u - div255((argb >> 24) * alpha);
    uint32_t rb = div255_pair((argb & RED_BLUE) * alpha) + div255_pair((below & RED_BLUE) * keep);
    uint32_t g = div255((argb >> 8 & 255u) * alpha) + div255((below >> 8 & 255u) * keep);
    return (rb & RED_BLUE) | (g << 8 & GREEN);
}

void paint_row_argb(uint32_t *restrict to, const uint32_t *restrict argb, int count, unsigned alpha)
{
    for (int i = 0; i < count; i++) {
        to[i] = over_premultiplied(to[i], argb[i], alpha);
    }
}

void paint_row_tint(uint32_t *restrict to, const uint32_t *restrict argb, int count, uint32_t rgb,
                    unsigned alpha)
{
    uint32_t rb = rgb & RED_BLUE, g = rgb >> 8 & 255u;
    for (int i = 0; i < count; i++) {
        to[i] = over(to[i], rb, g, div255((argb[i] >> 24) * alpha));
    }
}

static inline float least(float a, float b)
{
    return a < b ? a : b;
}

static inline float most_of(float a, float b)
{
    return a > b ? a : b;
}

void paint_row_distance(float *distance, int from, int count, struct paint_side side)
{
    float out_y = most_of(side.qy, 0);
    float out_y2 = out_y * out_y;
    for (int i = 0; i < count; i++) {
        float qx = ((float)(from + i) + 0.5f - side.corner) * side.sign;
        float out_x = most_of(qx, 0);
        distance[i] = sqrtf(out_x * out_x + out_y2) + least(most_of(qx, side.qy), 0) - side.radius;
    }
}

void paint_row_segment(float *distance, int from, int count, float y, struct paint_segment segment)
{
    float py = y - segment.y;
    for (int i = 0; i < count; i++) {
        float px = (float)(from + i) + 0.5f - segment.x;
        float along = (px * segment.dx + py * segment.dy) * segment.inverse_length2;
        along = least(most_of(along, 0), 1);
        float off_x = px - segment.dx * along, off_y = py - segment.dy * along;
        distance[i] = sqrtf(off_x * off_x + off_y * off_y) - segment.half_width;
    }
}

static inline float cover(float distance)
{
    return least(most_of(0.5f - distance, 0), 1);
}

void paint_row_cover(uint8_t *restrict mask, const float *restrict distance, int count, float most)
{
    for (int i = 0; i < count; i++) {
        mask[i] = (uint8_t)(int)(least(cover(distance[i]), most) * 255.0f + 0.5f);
    }
}

void paint_row_cover_ring(uint8_t *restrict mask, const float *restrict distance, int count,
                          float width)
{
    for (int i = 0; i < count; i++) {
        float ring = cover(distance[i]) - cover(distance[i] + width);
        mask[i] = (uint8_t)(int)(ring * 255.0f + 0.5f);
    }
}

void paint_row_cover_soft(uint8_t *restrict mask, const float *restrict distance, int count,
                          float blur)
{
    float inverse = 1.0f / blur;
    for (int i = 0; i < count; i++) {
        float t = least(most_of(0.5f - distance[i] * inverse, 0), 1);
        mask[i] = (uint8_t)(int)(t * t * (3.0f - 2.0f * t) * 255.0f + 0.5f);
    }
}

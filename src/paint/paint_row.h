// The inner loops: one row of pixels blended, one row of coverage computed. Built with -O3.
//
// Shapes: pixels are XRGB8888 and stay with a zero top byte; `rgb` is a colour whose top byte is
//         ignored; alpha and masks are 0..255 and rounded to the nearest. Lengths may be 0.
// Every result depends on the pixel's own position only, so that a row drawn in parts equals the
// row drawn at once.
#ifndef PAINT_ROW_H
#define PAINT_ROW_H

#include <stdint.h>

void paint_row_fill(uint32_t *to, int count, uint32_t rgb);
void paint_row_blend(uint32_t *to, int count, uint32_t rgb, unsigned alpha);
void paint_row_mask(uint32_t *restrict to, const uint8_t *restrict mask, int count, uint32_t rgb,
                    unsigned alpha);
// Premultiplied ARGB over the row.
void paint_row_argb(uint32_t *restrict to, const uint32_t *restrict argb, int count,
                    unsigned alpha);
// The alpha of premultiplied ARGB as a mask.
void paint_row_tint(uint32_t *restrict to, const uint32_t *restrict argb, int count, uint32_t rgb,
                    unsigned alpha);

// One side of one row of a rounded box: the corner's centre lies `corner` pixels along the row and
// the row `qy` outside that centre. Distance to the outline is negative inside.
struct paint_side {
    float corner; // x of the corner's centre
    float sign;   // +1: outside is to the right; -1: to the left
    float qy;
    float radius;
};

// Distances of the pixel centres from, from + 1, ... to the outline.
void paint_row_distance(float *distance, int from, int count, struct paint_side side);
// Distances to a segment with half its width taken off.
struct paint_segment {
    float x, y;   // start
    float dx, dy; // to the end
    float inverse_length2;
    float half_width;
};
void paint_row_segment(float *distance, int from, int count, float y, struct paint_segment segment);

// Coverage from distance; `most` caps it (shapes thinner than a pixel), 0..1.
void paint_row_cover(uint8_t *restrict mask, const float *restrict distance, int count, float most);
void paint_row_cover_ring(uint8_t *restrict mask, const float *restrict distance, int count,
                          float width);
void paint_row_cover_soft(uint8_t *restrict mask, const float *restrict distance, int count,
                          float blur);

#endif

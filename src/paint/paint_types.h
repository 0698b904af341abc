// Colours, rectangles and the canvas.
#ifndef PAINT_TYPES_H
#define PAINT_TYPES_H

#include <stdbool.h>
#include <stdint.h>

typedef uint32_t paint_color; // 0xAARRGGBB, not premultiplied

struct paint_rect {
    int x, y, w, h; // pixels; empty when w or h is not positive
};

// 32-bit XRGB8888 pixels in memory, borrowed from a window surface, a texture or a test.
struct paint_canvas {
    uint32_t *pixels;
    int width_px;
    int height_px;
    int stride_px;
};

bool paint_rect_is_empty(struct paint_rect rect);
bool paint_rect_contains(struct paint_rect rect, int x, int y);
struct paint_rect paint_rect_intersect(struct paint_rect a, struct paint_rect b);
struct paint_rect paint_rect_union(struct paint_rect a, struct paint_rect b);
struct paint_rect paint_rect_inset(struct paint_rect rect, int dx, int dy); // negative grows
paint_color paint_mix(paint_color from, paint_color to, float amount);      // 0..1, per channel
paint_color paint_with_alpha(paint_color color, float alpha);               // multiplies alpha
// WCAG 2 contrast ratio of two opaque colours, 1..21.
float paint_contrast(paint_color a, paint_color b);

#endif

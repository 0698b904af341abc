// Rectangles and colours.
#include "paint_types.h"

#include <math.h>

bool paint_rect_is_empty(struct paint_rect rect)
{
    return rect.w <= 0 || rect.h <= 0;
}

bool paint_rect_contains(struct paint_rect rect, int x, int y)
{
    return x >= rect.x && y >= rect.y && x - rect.x < rect.w && y - rect.y < rect.h;
}

static int min_int(int a, int b)
{
    return a < b ? a : b;
}

static int max_int(int a, int b)
{
    return a > b ? a : b;
}

struct paint_rect paint_rect_intersect(struct paint_rect a, struct paint_rect b)
{
    int x0 = max_int(a.x, b.x), y0 = max_int(a.y, b.y);
    int x1 = min_int(a.x + a.w, b.x + b.w), y1 = min_int(a.y + a.h, b.y + b.h);
    if (x1 <= x0 || y1 <= y0) {
        return (struct paint_rect){x0, y0, 0, 0};
    }
    return (struct paint_rect){x0, y0, x1 - x0, y1 - y0};
}

struct paint_rect paint_rect_union(struct paint_rect a, struct paint_rect b)
{
    if (paint_rect_is_empty(a)) {
        return b;
    }
    if (paint_rect_is_empty(b)) {
        return a;
    }
    int x0 = min_int(a.x, b.x), y0 = min_int(a.y, b.y);
    int x1 = max_int(a.x + a.w, b.x + b.w), y1 = max_int(a.y + a.h, b.y + b.h);
    return (struct paint_rect){x0, y0, x1 - x0, y1 - y0};
}

struct paint_rect paint_rect_inset(struct paint_rect rect, int dx, int dy)
{
    return (struct paint_rect){rect.x + dx, rect.y + dy, rect.w - 2 * dx, rect.h - 2 * dy};
}

static float clamp_unit(float value)
{
    return value > 0 ? (value < 1 ? value : 1.0f) : 0.0f; // NaN gives 0
}

static unsigned channel(paint_color color, int shift)
{
    return color >> shift & 255u;
}

paint_color paint_mix(paint_color from, paint_color to, float amount)
{
    float t = clamp_unit(amount);
    paint_color mixed = 0;
    for (int shift = 0; shift < 32; shift += 8) {
        float a = (float)channel(from, shift), b = (float)channel(to, shift);
        mixed |= (paint_color)(a + (b - a) * t + 0.5f) << shift;
    }
    return mixed;
}

paint_color paint_with_alpha(paint_color color, float alpha)
{
    paint_color scaled = (paint_color)((float)channel(color, 24) * clamp_unit(alpha) + 0.5f);
    return scaled << 24 | (color & 0xFFFFFFu);
}

// WCAG 2.1, "relative luminance".
static double luminance(paint_color color)
{
    static const double weights[3] = {0.0722, 0.7152, 0.2126}; // blue, green, red
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        double value = channel(color, i * 8) / 255.0;
        sum += weights[i] * (value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4));
    }
    return sum;
}

float paint_contrast(paint_color a, paint_color b)
{
    double la = luminance(a), lb = luminance(b);
    double lighter = la > lb ? la : lb, darker = la > lb ? lb : la;
    return (float)((lighter + 0.05) / (darker + 0.05));
}

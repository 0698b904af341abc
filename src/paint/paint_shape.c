// Rounded boxes, rings, shadows and strokes from signed distance: exact at straight edges, no
// supersampling. Away from the outline a row is one span of constant coverage.
#include "paint_raster.h"

#include <math.h>

#include "paint_row.h"

#define CHUNK 256

// One row of a box-like shape.
struct row {
    const struct paint_command *command;
    uint32_t *pixels; // of the canvas's row
    float inset;      // depth from which the inside is one plain span
    float most;       // cap of coverage for shapes thinner than a pixel
    paint_color color;
    struct paint_side left, right;
    int split;    // left of it the left side counts
    int from, to; // columns to draw
};

static int first_centre(float bound)
{
    return (int)ceilf(bound - 0.5f);
}

static void cover(const struct row *row, uint8_t *mask, const float *distance, int count)
{
    switch (row->command->kind) {
    case PAINT_RING:
        paint_row_cover_ring(mask, distance, count, row->command->width);
        break;
    case PAINT_SHADOW:
        paint_row_cover_soft(mask, distance, count, row->command->width);
        break;
    default:
        paint_row_cover(mask, distance, count, row->most);
        break;
    }
}

static void edge(const struct row *row, int from, int to, struct paint_side side)
{
    float distance[CHUNK];
    uint8_t mask[CHUNK];
    from = from > row->from ? from : row->from;
    to = to < row->to ? to : row->to;
    for (int x = from; x < to; x += CHUNK) {
        int count = to - x < CHUNK ? to - x : CHUNK;
        paint_row_distance(distance, x, count, side);
        cover(row, mask, distance, count);
        paint_row_mask(row->pixels + x, mask, count, row->color, row->color >> 24);
    }
}

static void plain(const struct row *row, int from, int to, float distance)
{
    uint8_t mask;
    from = from > row->from ? from : row->from;
    to = to < row->to ? to : row->to;
    if (from >= to) {
        return;
    }
    cover(row, &mask, &distance, 1);
    unsigned alpha = mask * (row->color >> 24) + 128u;
    alpha = (alpha + (alpha >> 8)) >> 8;
    if (alpha == 255) {
        paint_row_fill(row->pixels + from, to - from, row->color);
    } else if (alpha > 0) {
        paint_row_blend(row->pixels + from, to - from, row->color, alpha);
    }
}

// How far from the corner's centre, outwards, the plain span of this row reaches on one side.
static float reach(struct paint_side side, float inset)
{
    float depth = side.radius - inset;
    if (side.qy > depth) { // never deep enough: distance does not depend on x up to here
        return side.qy < 0 ? side.qy : 0;
    }
    if (depth <= 0) {
        return depth;
    }
    return side.qy > 0 ? sqrtf(depth * depth - side.qy * side.qy) : depth;
}

static void draw_row(const struct row *row, float above)
{
    int start = first_centre(row->left.corner - reach(row->left, row->inset));
    int end = (int)floorf(row->right.corner + reach(row->right, row->inset) - 0.5f) + 1;
    start = start < row->split ? start : row->split;
    end = end > row->split ? end : row->split;
    edge(row, row->from, start, row->left);
    plain(row, start, end, above);
    edge(row, end, row->to, row->right);
}

static paint_color row_color(const struct paint_command *command, float middle)
{
    if (command->color == command->color_end) {
        return command->color;
    }
    return paint_mix(command->color, command->color_end,
                     (middle - command->box.y) / command->box.h);
}

static float plain_depth(const struct paint_command *command)
{
    switch (command->kind) {
    case PAINT_RING:
        return command->width + 0.5f;
    case PAINT_SHADOW:
        return command->width / 2;
    default:
        return 0.5f;
    }
}

void paint_raster_box(const struct paint_command *command, const struct paint_canvas *canvas,
                      struct paint_rect clip)
{
    struct paint_box box = command->box;
    struct paint_corners corners = command->corners;
    float middle_y = box.y + box.h / 2;
    struct row row = {.command = command,
                      .inset = plain_depth(command),
                      .most = fminf(1, fminf(box.w, box.h)),
                      .split = first_centre(box.x + box.w / 2),
                      .from = clip.x,
                      .to = clip.x + clip.w};
    for (int y = clip.y; y < clip.y + clip.h; y++) {
        float py = (float)y + 0.5f;
        float above = fabsf(py - middle_y) - box.h / 2; // distance over the top or bottom edge
        bool is_upper = py < middle_y;
        float left = is_upper ? corners.top_left : corners.bottom_left;
        float right = is_upper ? corners.top_right : corners.bottom_right;
        row.left = (struct paint_side){box.x + left, -1, above + left, left};
        row.right = (struct paint_side){box.x + box.w - right, 1, above + right, right};
        row.color = row_color(command, py);
        row.pixels = canvas->pixels + (ptrdiff_t)y * canvas->stride_px;
        draw_row(&row, above);
    }
}

static void stroke_row(const struct row *row, float y, struct paint_segment segment)
{
    float distance[CHUNK];
    uint8_t mask[CHUNK];
    for (int x = row->from; x < row->to; x += CHUNK) {
        int count = row->to - x < CHUNK ? row->to - x : CHUNK;
        paint_row_segment(distance, x, count, y, segment);
        paint_row_cover(mask, distance, count, row->most);
        paint_row_mask(row->pixels + x, mask, count, row->color, row->color >> 24);
    }
}

void paint_raster_stroke(const struct paint_command *command, const struct paint_canvas *canvas,
                         struct paint_rect clip)
{
    struct paint_box line = command->box;
    float length2 = line.w * line.w + line.h * line.h;
    struct paint_segment segment = {
        line.x, line.y, line.w, line.h, length2 > 0 ? 1 / length2 : 0, command->width / 2};
    struct row row = {
        .command = command, .color = command->color, .most = fminf(1, command->width)};
    float reach_px = command->width / 2 + 1;
    for (int y = clip.y; y < clip.y + clip.h; y++) {
        float py = (float)y + 0.5f;
        // Only the part of the segment near this row can touch it.
        float t0 = 0, t1 = 1;
        if (fabsf(line.h) > 0.001f) {
            float a = (py - reach_px - line.y) / line.h, b = (py + reach_px - line.y) / line.h;
            t0 = fminf(fmaxf(fminf(a, b), 0), 1);
            t1 = fminf(fmaxf(fmaxf(a, b), 0), 1);
        }
        float xa = line.x + line.w * t0, xb = line.x + line.w * t1;
        int from = (int)floorf(fminf(xa, xb) - reach_px);
        int to = (int)ceilf(fmaxf(xa, xb) + reach_px);
        row.from = from > clip.x ? from : clip.x;
        row.to = to < clip.x + clip.w ? to : clip.x + clip.w;
        row.pixels = canvas->pixels + (ptrdiff_t)y * canvas->stride_px;
        stroke_row(&row, py, segment);
    }
}

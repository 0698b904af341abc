// From commands to rows: clipping, text and images; shapes have their own file.
#include "paint_raster.h"

#include <math.h>

#include "paint_row.h"
#include "paint_screen.h"

static uint32_t *row_at(const struct paint_canvas *canvas, int x, int y)
{
    return canvas->pixels + (ptrdiff_t)y * canvas->stride_px + x;
}

// A box that holds the sprite however it is turned.
static struct paint_rect sprite_bounds(const struct paint_sprite *sprite,
                                       const struct paint_pixels *pixels)
{
    float c = cosf(sprite->angle), s = sinf(sprite->angle);
    float x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    for (int corner = 0; corner < 4; corner++) {
        const struct paint_rect *ink = &pixels->ink;
        float u = (float)(ink->x + (corner & 1 ? ink->w : 0));
        float v = (float)(ink->y + (corner >> 1 ? ink->h : 0));
        u -= sprite->pivot_x * (float)pixels->width_px;
        v -= sprite->pivot_y * (float)pixels->height_px;
        u *= sprite->scale_x;
        v *= sprite->scale_y;
        float x = sprite->x + u * c - v * s, y = sprite->y + u * s + v * c;
        x0 = fminf(x0, x);
        x1 = fmaxf(x1, x);
        y0 = fminf(y0, y);
        y1 = fmaxf(y1, y);
    }
    // Bilinear sampling spreads half a source pixel.
    float margin = 1 + fmaxf(fabsf(sprite->scale_x), fabsf(sprite->scale_y));
    bool is_sane = x0 > -1e6f && y0 > -1e6f && x1 < 1e6f && y1 < 1e6f && margin < 1e6f &&
                   fabsf(sprite->scale_x) > 1e-4f && fabsf(sprite->scale_y) > 1e-4f;
    if (!is_sane) { // NaN too
        return (struct paint_rect){0, 0, 0, 0};
    }
    int left = (int)floorf(x0 - margin), top = (int)floorf(y0 - margin);
    return (struct paint_rect){left, top, (int)ceilf(x1 + margin) - left,
                               (int)ceilf(y1 + margin) - top};
}

struct paint_rect paint_command_bounds(const struct paint_command *command,
                                       const struct paint_images *images)
{
    if (command->kind != PAINT_IMAGE && command->kind != PAINT_SPRITE) {
        return command->bounds;
    }
    struct paint_pixels pixels;
    if (!images || !paint_image_pixels(images, command->sprite.image, &pixels)) {
        return (struct paint_rect){0, 0, 0, 0};
    }
    struct paint_rect box = {command->x + pixels.ink.x, command->y + pixels.ink.y, pixels.ink.w,
                             pixels.ink.h};
    if (command->kind == PAINT_SPRITE) {
        box = sprite_bounds(&command->sprite, &pixels);
    }
    return paint_rect_intersect(command->clip, box);
}

static void draw_fill(const struct paint_command *command, const struct paint_canvas *canvas,
                      struct paint_rect clip)
{
    unsigned alpha = command->color >> 24;
    for (int y = clip.y; y < clip.y + clip.h; y++) {
        if (alpha == 255) {
            paint_row_fill(row_at(canvas, clip.x, y), clip.w, command->color);
        } else {
            paint_row_blend(row_at(canvas, clip.x, y), clip.w, command->color, alpha);
        }
    }
}

static void draw_piece(const struct paint_command *command, const struct text_piece *piece,
                       const struct paint_canvas *canvas, struct paint_rect clip)
{
    struct paint_rect at = {command->x + piece->x_px, command->y + piece->y_px, piece->width_px,
                            piece->height_px};
    struct paint_rect part = paint_rect_intersect(clip, at);
    uint32_t rgb = piece->color == TEXT_COLOR_DEFAULT ? command->color : piece->color;
    unsigned alpha = command->color >> 24;
    ptrdiff_t stride = piece->stride;
    for (int y = part.y; y < part.y + part.h; y++) {
        uint32_t *to = row_at(canvas, part.x, y);
        ptrdiff_t row = y - at.y, column = part.x - at.x;
        if (piece->mask) {
            paint_row_mask(to, piece->mask + row * stride + column, part.w, rgb, alpha);
        } else if (piece->argb) {
            paint_row_argb(to, piece->argb + row * (stride / 4) + column, part.w, alpha);
        }
    }
}

static void draw_text(const struct paint_command *command, const struct paint_canvas *canvas,
                      struct paint_rect clip)
{
    size_t count = text_layout_piece_count(command->layout);
    for (size_t i = 0; i < count; i++) {
        size_t idx = text_layout_piece_line(command->layout, i);
        struct text_line_box line = text_layout_line(command->layout, idx);
        // Tall ink may leave its line; a whole line of it does not.
        int top = command->y + line.y_px - line.height_px;
        if (top >= clip.y + clip.h || top + 3 * line.height_px <= clip.y) {
            continue;
        }
        struct text_piece piece;
        if (text_layout_piece(command->layout, i, &piece)) {
            draw_piece(command, &piece, canvas, clip);
        }
    }
}

static void draw_image(const struct paint_command *command, const struct paint_pixels *pixels,
                       const struct paint_canvas *canvas, struct paint_rect clip)
{
    for (int y = clip.y; y < clip.y + clip.h; y++) {
        const uint32_t *from =
            pixels->argb + (ptrdiff_t)(y - command->y) * pixels->width_px + (clip.x - command->x);
        uint32_t *to = row_at(canvas, clip.x, y);
        if (command->sprite.tint) {
            paint_row_tint(to, from, clip.w, command->color, command->color >> 24);
        } else {
            paint_row_argb(to, from, clip.w, command->color >> 24);
        }
    }
}

static void draw_pixels(const struct paint_command *command, const struct paint_images *images,
                        const struct paint_canvas *canvas, struct paint_rect clip)
{
    struct paint_pixels pixels;
    if (!paint_image_pixels(images, command->sprite.image, &pixels)) {
        return;
    }
    if (command->kind == PAINT_IMAGE) {
        draw_image(command, &pixels, canvas, clip);
    } else {
        paint_raster_sprite(command, &pixels, canvas, clip);
    }
}

static void draw(const struct paint_command *command, const struct paint_images *images,
                 const struct paint_canvas *canvas, struct paint_rect clip)
{
    switch (command->kind) {
    case PAINT_FILL:
        draw_fill(command, canvas, clip);
        break;
    case PAINT_ROUND:
    case PAINT_RING:
    case PAINT_SHADOW:
        paint_raster_box(command, canvas, clip);
        break;
    case PAINT_STROKE:
        paint_raster_stroke(command, canvas, clip);
        break;
    case PAINT_TEXT:
        draw_text(command, canvas, clip);
        break;
    case PAINT_IMAGE:
    case PAINT_SPRITE:
        draw_pixels(command, images, canvas, clip);
        break;
    }
}

static bool covers(const struct paint_command *command, struct paint_rect clip)
{
    struct paint_rect both = paint_rect_intersect(command->bounds, clip);
    return command->kind == PAINT_FILL && command->color >> 24 == 255 && both.w == clip.w &&
           both.h == clip.h;
}

void paint_raster(const struct paint_list *list, const struct paint_images *images,
                  const struct paint_canvas *canvas, struct paint_rect clip)
{
    if (paint_rect_is_empty(clip)) {
        return;
    }
    size_t count = paint_list_count(list), first = count;
    while (first > 0 && !covers(paint_list_at(list, first - 1), clip)) {
        first--;
    }
    if (first > 0) {
        first--; // what lies below it is hidden
    } else {
        for (int y = clip.y; y < clip.y + clip.h; y++) {
            paint_row_fill(row_at(canvas, clip.x, y), clip.w, 0);
        }
    }
    for (size_t i = first; i < count; i++) {
        const struct paint_command *command = paint_list_at(list, i);
        if (paint_rect_is_empty(paint_rect_intersect(command->bounds, clip))) {
            continue;
        }
        struct paint_rect part = paint_rect_intersect(paint_command_bounds(command, images), clip);
        if (!paint_rect_is_empty(part)) {
            draw(command, images, canvas, part);
        }
    }
}

void paint_render(const struct paint_list *list, const struct paint_images *images,
                  const struct paint_canvas *canvas)
{
    paint_raster(list, images, canvas,
                 (struct paint_rect){0, 0, canvas->width_px, canvas->height_px});
}

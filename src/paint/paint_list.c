// Collects commands: resolves clip, alpha and offset, drops what cannot be seen, hashes the rest.
#include "paint_list.h"

#include <math.h>
#include <string.h>

#include "check.h"
#include "mem.h"
#include "paint_command.h"

#define FAR 1000000.0f // pixels; keeps conversions to int defined

struct offset {
    float x, y;
};

struct stack {
    void *items; // owned
    size_t count, size;
};

struct paint_list {
    struct paint_command *commands; // owned
    size_t count, size;
    struct stack clips, alphas, offsets; // owned; each holds the value below the current one
    struct paint_rect clip;
    float alpha;
    struct offset offset;
};

struct paint_list *paint_list_create(void)
{
    struct paint_list *list = MEM_NEW(struct paint_list);
    list->alpha = 1;
    return list;
}

void paint_list_destroy(struct paint_list *list)
{
    if (!list) {
        return;
    }
    mem_free(list->commands);
    mem_free(list->clips.items);
    mem_free(list->alphas.items);
    mem_free(list->offsets.items);
    mem_free(list);
}

void paint_list_reset(struct paint_list *list, int width_px, int height_px)
{
    list->count = list->clips.count = list->alphas.count = list->offsets.count = 0;
    list->clip = (struct paint_rect){0, 0, width_px, height_px};
    list->alpha = 1;
    list->offset = (struct offset){0, 0};
}

static void push(struct stack *stack, const void *value, size_t size)
{
    if (stack->count == stack->size) {
        stack->size = stack->size ? stack->size * 2 : 16;
        stack->items = mem_resize(stack->items, stack->size, size);
    }
    memcpy((char *)stack->items + stack->count * size, value, size);
    stack->count++;
}

static void pop(struct stack *stack, void *value, size_t size)
{
    check(stack->count > 0);
    stack->count--;
    memcpy(value, (char *)stack->items + stack->count * size, size);
}

static float tame(float value)
{
    return value > -FAR ? (value < FAR ? value : FAR) : -FAR; // NaN goes far away
}

static int round_int(float value)
{
    return (int)floorf(tame(value) + 0.5f);
}

static struct paint_rect moved(const struct paint_list *list, struct paint_rect rect)
{
    rect.x += round_int(list->offset.x);
    rect.y += round_int(list->offset.y);
    return rect;
}

void paint_push_clip(struct paint_list *list, struct paint_rect clip)
{
    push(&list->clips, &list->clip, sizeof list->clip);
    list->clip = paint_rect_intersect(list->clip, moved(list, clip));
}

void paint_pop_clip(struct paint_list *list)
{
    pop(&list->clips, &list->clip, sizeof list->clip);
}

struct paint_rect paint_clip(const struct paint_list *list)
{
    return list->clip;
}

void paint_push_alpha(struct paint_list *list, float alpha)
{
    push(&list->alphas, &list->alpha, sizeof list->alpha);
    list->alpha *= alpha > 0 ? (alpha < 1 ? alpha : 1.0f) : 0.0f;
}

void paint_pop_alpha(struct paint_list *list)
{
    pop(&list->alphas, &list->alpha, sizeof list->alpha);
}

void paint_push_offset(struct paint_list *list, float dx, float dy)
{
    push(&list->offsets, &list->offset, sizeof list->offset);
    list->offset.x += dx;
    list->offset.y += dy;
}

void paint_pop_offset(struct paint_list *list)
{
    pop(&list->offsets, &list->offset, sizeof list->offset);
}

size_t paint_list_count(const struct paint_list *list)
{
    return list->count;
}

const struct paint_command *paint_list_at(const struct paint_list *list, size_t idx)
{
    return &list->commands[idx];
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

static uint64_t mix_floats(uint64_t hash, const float *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        hash = mix(hash, bits);
    }
    return hash;
}

static uint64_t hash_command(const struct paint_command *c)
{
    const float values[] = {
        c->box.x,
        c->box.y,
        c->box.w,
        c->box.h,
        c->corners.top_left,
        c->corners.top_right,
        c->corners.bottom_right,
        c->corners.bottom_left,
        c->width,
        c->sprite.x,
        c->sprite.y,
        c->sprite.pivot_x,
        c->sprite.pivot_y,
        c->sprite.scale_x,
        c->sprite.scale_y,
        c->sprite.angle,
        c->sprite.alpha,
    };
    uint64_t hash = mix(0x52u, (uint64_t)c->kind);
    hash = mix(hash, (uint64_t)c->color << 32 | c->color_end);
    hash = mix(hash, (uint64_t)(uint32_t)c->x << 32 | (uint32_t)c->y);
    hash = mix(hash, (uint64_t)c->sprite.image << 32 | c->sprite.tint);
    hash = mix(hash, c->layout ? text_layout_id(c->layout) : 0);
    return mix_floats(hash, values, sizeof values / sizeof values[0]);
}

static void add(struct paint_list *list, struct paint_command command, struct paint_rect bounds)
{
    command.clip = list->clip;
    command.bounds = paint_rect_intersect(list->clip, bounds);
    if (paint_rect_is_empty(command.bounds)) {
        return;
    }
    command.hash = hash_command(&command);
    if (list->count == list->size) {
        list->size = list->size ? list->size * 2 : 256;
        list->commands = mem_resize(list->commands, list->size, sizeof command);
    }
    list->commands[list->count++] = command;
}

// False when it cannot be seen at all.
static bool fade(const struct paint_list *list, paint_color *color)
{
    *color = paint_with_alpha(*color, list->alpha);
    return *color >> 24 != 0;
}

void paint_fill(struct paint_list *list, struct paint_rect rect, paint_color color)
{
    if (paint_rect_is_empty(rect) || !fade(list, &color)) {
        return;
    }
    rect = moved(list, rect);
    struct paint_command command = {.kind = PAINT_FILL, .color = color, .x = rect.x, .y = rect.y};
    command.box = (struct paint_box){(float)rect.x, (float)rect.y, (float)rect.w, (float)rect.h};
    add(list, command, rect);
}

// Whole pixels around the box grown by `margin`.
static struct paint_rect around(struct paint_box box, float margin)
{
    int x0 = (int)floorf(tame(box.x - margin)), y0 = (int)floorf(tame(box.y - margin));
    int x1 = (int)ceilf(tame(box.x + box.w + margin)),
        y1 = (int)ceilf(tame(box.y + box.h + margin));
    return (struct paint_rect){x0, y0, x1 - x0, y1 - y0};
}

static float clamp_radius(float radius, float most)
{
    return radius > 0 ? (radius < most ? radius : most) : 0.0f;
}

// Radii clamped, position moved. Coverage reaches half a pixel past the outline.
static void add_box(struct paint_list *list, struct paint_command command, float margin)
{
    if (!(command.box.w > 0) || !(command.box.h > 0)) {
        return;
    }
    float most = (command.box.w < command.box.h ? command.box.w : command.box.h) / 2;
    command.corners = (struct paint_corners){clamp_radius(command.corners.top_left, most),
                                             clamp_radius(command.corners.top_right, most),
                                             clamp_radius(command.corners.bottom_right, most),
                                             clamp_radius(command.corners.bottom_left, most)};
    command.box.x = tame(command.box.x + list->offset.x);
    command.box.y = tame(command.box.y + list->offset.y);
    add(list, command, around(command.box, margin));
}

static struct paint_corners same_corners(float radius)
{
    return (struct paint_corners){radius, radius, radius, radius};
}

void paint_corners(struct paint_list *list, struct paint_box box, struct paint_corners corners,
                   paint_color color)
{
    if (!fade(list, &color)) {
        return;
    }
    struct paint_command command = {
        .kind = PAINT_ROUND, .color = color, .color_end = color, .box = box, .corners = corners};
    add_box(list, command, 0.5f);
}

void paint_round(struct paint_list *list, struct paint_box box, float radius, paint_color color)
{
    paint_corners(list, box, same_corners(radius), color);
}

void paint_circle(struct paint_list *list, float x, float y, float radius, paint_color color)
{
    struct paint_box box = {x - radius, y - radius, radius * 2, radius * 2};
    paint_corners(list, box, same_corners(radius), color);
}

void paint_gradient(struct paint_list *list, struct paint_box box, float radius, paint_color top,
                    paint_color bottom)
{
    bool shows_top = fade(list, &top), shows_bottom = fade(list, &bottom);
    if (!shows_top && !shows_bottom) {
        return;
    }
    struct paint_command command = {.kind = PAINT_ROUND,
                                    .color = top,
                                    .color_end = bottom,
                                    .box = box,
                                    .corners = same_corners(radius)};
    add_box(list, command, 0.5f);
}

void paint_ring(struct paint_list *list, struct paint_box box, float radius, float width,
                paint_color color)
{
    if (!(width > 0) || !fade(list, &color)) {
        return;
    }
    struct paint_command command = {.kind = PAINT_RING,
                                    .color = color,
                                    .color_end = color,
                                    .box = box,
                                    .corners = same_corners(radius),
                                    .width = tame(width)};
    add_box(list, command, 0.5f);
}

void paint_shadow(struct paint_list *list, struct paint_box box, float radius, float blur,
                  paint_color color)
{
    if (!fade(list, &color)) {
        return;
    }
    blur = blur > 1 ? tame(blur) : 1.0f;
    // A corner sharper than the blur shows a crease along its diagonal.
    float soft = radius > blur / 2 ? radius : blur / 2;
    struct paint_command command = {.kind = PAINT_SHADOW,
                                    .color = color,
                                    .color_end = color,
                                    .box = box,
                                    .corners = same_corners(soft),
                                    .width = blur};
    add_box(list, command, blur / 2);
}

// NOLINTNEXTLINE(readability-function-size): two points, a width and a colour
void paint_stroke(struct paint_list *list, float x0, float y0, float x1, float y1, float width,
                  paint_color color)
{
    if (!(width > 0) || !fade(list, &color)) {
        return;
    }
    float ax = tame(x0 + list->offset.x), ay = tame(y0 + list->offset.y);
    float bx = tame(x1 + list->offset.x), by = tame(y1 + list->offset.y);
    struct paint_command command = {.kind = PAINT_STROKE,
                                    .color = color,
                                    .color_end = color,
                                    .box = {ax, ay, bx - ax, by - ay},
                                    .width = tame(width)};
    struct paint_box box = {fminf(ax, bx), fminf(ay, by), fabsf(bx - ax), fabsf(by - ay)};
    add(list, command, around(box, command.width / 2 + 0.5f));
}

void paint_text(struct paint_list *list, struct text_layout *layout, int x, int y,
                paint_color color)
{
    if (!layout || !fade(list, &color)) {
        return;
    }
    struct paint_rect box = moved(list, (struct paint_rect){x, y, text_layout_width_px(layout),
                                                            text_layout_height_px(layout)});
    struct paint_command command = {
        .kind = PAINT_TEXT, .color = color, .layout = layout, .x = box.x, .y = box.y};
    // Ink may leave its line box; half a line is what we let show.
    int margin = text_layout_line(layout, 0).height_px / 2;
    add(list, command, paint_rect_inset(box, -margin, -margin));
}

void paint_image_tinted(struct paint_list *list, paint_image_id image, int x, int y,
                        paint_color color)
{
    paint_color shade = color ? color : 0xFF000000u; // own colours fade too
    if (image == PAINT_IMAGE_NONE || !fade(list, &shade)) {
        return;
    }
    struct paint_rect at = moved(list, (struct paint_rect){x, y, 1, 1});
    struct paint_command command = {
        .kind = PAINT_IMAGE, .color = shade, .x = at.x, .y = at.y, .sprite = {.image = image}};
    command.sprite.tint = color ? shade : 0;
    add(list, command, list->clip);
}

void paint_image(struct paint_list *list, paint_image_id image, int x, int y)
{
    paint_image_tinted(list, image, x, y, 0);
}

void paint_sprite(struct paint_list *list, const struct paint_sprite *sprite)
{
    paint_color shade = paint_with_alpha(sprite->tint ? sprite->tint : 0xFF000000u, sprite->alpha);
    if (sprite->image == PAINT_IMAGE_NONE || !fade(list, &shade)) {
        return;
    }
    struct paint_command command = {.kind = PAINT_SPRITE, .color = shade, .sprite = *sprite};
    command.sprite.x = tame(sprite->x + list->offset.x);
    command.sprite.y = tame(sprite->y + list->offset.y);
    command.sprite.tint = sprite->tint ? shade : 0;
    command.sprite.alpha = 1;
    add(list, command, list->clip);
}

// The draw list as text, for tests.
#include "paint_list.h"

#include <inttypes.h>

#include "paint_command.h"

static bool put_quoted(struct buf *out, struct str text)
{
    bool is_ok = buf_append_char(out, '"');
    for (size_t i = 0; i < text.len && is_ok; i++) {
        char c = text.data[i];
        if (c == '\n') {
            is_ok = buf_append(out, STR("\\n"));
        } else if (c == '"' || c == '\\') {
            is_ok = buf_append_char(out, '\\') && buf_append_char(out, c);
        } else {
            is_ok = buf_append_char(out, c);
        }
    }
    return is_ok && buf_append_char(out, '"');
}

static bool put_box(struct buf *out, const char *name, const struct paint_command *c)
{
    return buf_printf(out, "%s %g,%g %gx%g", name, (double)c->box.x, (double)c->box.y,
                      (double)c->box.w, (double)c->box.h);
}

static bool put_color(struct buf *out, paint_color color)
{
    return buf_printf(out, " #%08" PRIX32, color);
}

static bool put_round(struct buf *out, const struct paint_command *c)
{
    bool is_gradient = c->color != c->color_end;
    return put_box(out, is_gradient ? "gradient" : "round", c) &&
           buf_printf(out, " r%g,%g,%g,%g", (double)c->corners.top_left,
                      (double)c->corners.top_right, (double)c->corners.bottom_right,
                      (double)c->corners.bottom_left) &&
           put_color(out, c->color) && (!is_gradient || put_color(out, c->color_end));
}

static bool put_lined(struct buf *out, const char *name, const struct paint_command *c)
{
    return put_box(out, name, c) &&
           buf_printf(out, " r%g w%g", (double)c->corners.top_left, (double)c->width) &&
           put_color(out, c->color);
}

static bool put_command(struct buf *out, const struct paint_command *c)
{
    switch (c->kind) {
    case PAINT_FILL:
        return put_box(out, "fill", c) && put_color(out, c->color);
    case PAINT_ROUND:
        return put_round(out, c);
    case PAINT_RING:
        return put_lined(out, "ring", c);
    case PAINT_SHADOW:
        return put_lined(out, "shadow", c);
    case PAINT_STROKE:
        return put_lined(out, "stroke", c);
    case PAINT_TEXT:
        return buf_printf(out, "text %d,%d", c->x, c->y) && put_color(out, c->color) &&
               buf_append_char(out, ' ') && put_quoted(out, text_layout_text(c->layout));
    case PAINT_IMAGE:
        return buf_printf(out, "image %d,%d id%" PRIu32, c->x, c->y, c->sprite.image) &&
               put_color(out, c->color);
    case PAINT_SPRITE:
        return buf_printf(out, "sprite %g,%g id%" PRIu32 " scale %g,%g angle %g",
                          (double)c->sprite.x, (double)c->sprite.y, c->sprite.image,
                          (double)c->sprite.scale_x, (double)c->sprite.scale_y,
                          (double)c->sprite.angle) &&
               put_color(out, c->color);
    }
    return false;
}

bool paint_list_dump(const struct paint_list *list, struct buf *out)
{
    for (size_t i = 0; i < paint_list_count(list); i++) {
        if (!put_command(out, paint_list_at(list, i)) || !buf_append_char(out, '\n')) {
            return false;
        }
    }
    return true;
}

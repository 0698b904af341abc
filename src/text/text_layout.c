#include "text_layout.h"

#include "arena.h"
#include "mem.h"
#include "text_itemise.h"
#include "text_unit.h"
#include "text_wrap.h"
#include "utf8.h"

enum piece_kind { PIECE_INK, PIECE_UNDERLINE, PIECE_STRIKE };
#define PIECE_KINDS 4

static void reverse(uint32_t *order, size_t from, size_t to)
{
    while (from + 1 < to) {
        uint32_t kept = order[from];
        order[from++] = order[--to];
        order[to] = kept;
    }
}

// Rule L1: spaces at the end of a line belong to the paragraph, not to what stands before them.
static uint8_t levels_of_line(struct text_layout *layout, const struct text_line *line)
{
    struct text_unit *units = layout->units + line->first_unit;
    uint8_t highest = 0;
    for (size_t i = line->unit_count; i > 0; i--) {
        if (!(units[i - 1].flags & (TEXT_UNIT_SPACE | TEXT_UNIT_NEWLINE))) {
            break;
        }
        units[i - 1].level = line->is_rtl ? 1 : 0;
    }
    for (size_t i = 0; i < line->unit_count; i++) {
        highest = units[i].level > highest ? units[i].level : highest;
    }
    return highest;
}

static void place_in_order(struct text_layout *layout, const struct text_line *line,
                           const uint32_t *order, int x_px)
{
    for (size_t i = 0; i < line->unit_count; i++) {
        size_t at = order ? order[i] : i;
        struct text_unit *unit = &layout->units[line->first_unit + at];
        unit->x_px = x_px;
        x_px += unit->advance_px;
    }
}

// Rule L2: from the highest level down to the lowest odd one, reverse what is at least that high.
static void place_line(struct text_layout *layout, const struct text_line *line)
{
    if (line->unit_count == 0) {
        return;
    }
    uint8_t highest = levels_of_line(layout, line);
    int middle_px = layout->is_centered ? (layout->width_px - line->width_px) / 2 : 0;
    if (highest == 0) {
        place_in_order(layout, line, NULL, middle_px);
        return;
    }
    const struct text_unit *units = layout->units + line->first_unit;
    uint32_t *order =
        arena_alloc(text_fonts_scratch(layout->fonts), (line->unit_count + 1) * sizeof *order);
    int hanging_px = -line->width_px;
    for (size_t i = 0; i < line->unit_count; i++) {
        order[i] = (uint32_t)i;
        hanging_px += units[i].advance_px;
    }
    for (uint8_t level = highest; level > 0; level--) {
        for (size_t from = 0; from < line->unit_count;) {
            size_t to = from;
            while (to < line->unit_count && units[order[to]].level >= level) {
                to++;
            }
            reverse(order, from, to);
            from = to > from ? to : from + 1;
        }
    }
    // Text from right to left stands at the right edge; its last spaces hang out on the left.
    int end_px = layout->is_centered ? middle_px : layout->width_px - line->width_px;
    int x_px = line->is_rtl ? end_px - hanging_px : middle_px;
    place_in_order(layout, line, order, x_px);
}

static void add_piece(struct text_layout *layout, size_t unit, enum piece_kind kind)
{
    layout->pieces[layout->piece_count++] = (uint32_t)(unit * PIECE_KINDS + (size_t)kind);
}

static void list_pieces(struct text_layout *layout)
{
    layout->pieces = mem_alloc_array(layout->unit_count * 3 + 1, sizeof *layout->pieces);
    for (size_t i = 0; i < layout->unit_count; i++) {
        const struct text_unit *unit = &layout->units[i];
        if (unit->advance_px <= 0) {
            continue;
        }
        if (!(unit->flags & (TEXT_UNIT_BLANK | TEXT_UNIT_SPACE))) {
            add_piece(layout, i, PIECE_INK);
        }
        if (unit->attr & (TEXT_UNDERLINE | TEXT_LINK)) {
            add_piece(layout, i, PIECE_UNDERLINE);
        }
        if (unit->attr & TEXT_STRIKE) {
            add_piece(layout, i, PIECE_STRIKE);
        }
    }
}

struct text_layout *text_layout_create(struct text_fonts *fonts, const struct text_spec *spec)
{
    struct text_layout *layout = MEM_NEW(struct text_layout);
    layout->fonts = fonts;
    layout->id = text_fonts_next_id(fonts);
    layout->is_centered = spec->is_centered;
    layout->face = spec->style.face;
    layout->size_px = text_size_px(spec->style.size_px);
    layout->line_height_px = text_line_height_px(fonts, spec->style);
    layout->ascent_px = text_ascent_px(fonts, spec->style);
    bool has_more = spec->text.len > TEXT_LAYOUT_MAX;
    size_t len = has_more ? utf8_cut(spec->text, TEXT_LAYOUT_MAX) : spec->text.len;
    layout->bytes = str_dup(str_range(spec->text, 0, len));
    layout->text = (struct str){layout->bytes, len};
    size_t count;
    struct text_unit *units = text_itemise(layout, spec, &count);
    text_wrap(layout, spec, units, count, has_more);
    for (size_t i = 0; i < layout->line_count; i++) {
        place_line(layout, &layout->lines[i]);
    }
    arena_reset(text_fonts_scratch(fonts));
    list_pieces(layout);
    return layout;
}

void text_layout_destroy(struct text_layout *layout)
{
    if (!layout) {
        return;
    }
    for (size_t i = 0; i < layout->unit_count; i++) {
        text_masks_drop(text_fonts_masks(layout->fonts), layout->units[i].mask);
    }
    mem_free(layout->units);
    mem_free(layout->lines);
    mem_free(layout->pieces);
    mem_free(layout->bytes);
    mem_free(layout);
}

uint64_t text_layout_id(const struct text_layout *layout)
{
    return layout->id;
}

struct str text_layout_text(const struct text_layout *layout)
{
    return layout->text;
}

int text_layout_width_px(const struct text_layout *layout)
{
    return layout->width_px;
}

int text_layout_height_px(const struct text_layout *layout)
{
    return (int)layout->line_count * layout->line_height_px;
}

size_t text_layout_line_count(const struct text_layout *layout)
{
    return layout->line_count;
}

struct text_line_box text_layout_line(const struct text_layout *layout, size_t line)
{
    const struct text_line *at = &layout->lines[line];
    int y_px = (int)line * layout->line_height_px;
    return (struct text_line_box){.start = at->start,
                                  .end = at->end,
                                  .y_px = y_px,
                                  .height_px = layout->line_height_px,
                                  .baseline_px = y_px + layout->ascent_px,
                                  .width_px = at->width_px};
}

size_t text_layout_bytes(const struct text_layout *layout)
{
    return sizeof *layout + layout->text.len + layout->unit_size * sizeof *layout->units +
           layout->line_size * sizeof *layout->lines +
           layout->unit_count * 3 * sizeof *layout->pieces;
}

size_t text_layout_piece_count(const struct text_layout *layout)
{
    return layout->piece_count;
}

size_t text_layout_line_of_unit(const struct text_layout *layout, size_t unit)
{
    size_t low = 0, high = layout->line_count - 1;
    while (low < high) {
        size_t middle = (low + high + 1) / 2;
        if (layout->lines[middle].first_unit <= unit) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

size_t text_layout_piece_line(const struct text_layout *layout, size_t idx)
{
    return text_layout_line_of_unit(layout, layout->pieces[idx] / PIECE_KINDS);
}

static bool ink_piece(struct text_layout *layout, struct text_unit *unit, int y_px,
                      struct text_piece *out)
{
    struct text_masks *masks = text_fonts_masks(layout->fonts);
    if (unit->mask) {
        text_masks_touch(masks, unit->mask);
    } else {
        struct text_mask *mask = text_unit_render(layout, unit);
        if (!mask) {
            unit->flags |= TEXT_UNIT_BLANK;
            return false;
        }
        text_masks_put(masks, &unit->mask, mask);
    }
    const struct text_mask *mask = unit->mask;
    // Colour glyphs have no baseline worth the name: they stand in the middle of the line.
    int top_px = mask->is_color ? (layout->line_height_px - mask->height_px) / 2
                                : layout->ascent_px + mask->top_px;
    *out = (struct text_piece){.x_px = unit->x_px + mask->left_px,
                               .y_px = y_px + top_px,
                               .width_px = mask->width_px,
                               .height_px = mask->height_px,
                               .stride = mask->stride,
                               .mask = mask->is_color ? NULL : (const uint8_t *)mask->pixels,
                               .argb = mask->is_color ? mask->pixels : NULL,
                               .color = unit->color};
    return true;
}

bool text_layout_piece(struct text_layout *layout, size_t idx, struct text_piece *out)
{
    size_t at = layout->pieces[idx] / PIECE_KINDS;
    struct text_unit *unit = &layout->units[at];
    int y_px = (int)text_layout_line_of_unit(layout, at) * layout->line_height_px;
    unsigned kind = layout->pieces[idx] % PIECE_KINDS;
    if (kind == PIECE_INK) {
        return !(unit->flags & TEXT_UNIT_BLANK) && ink_piece(layout, unit, y_px, out);
    }
    int thick_px = layout->size_px >= 24 ? layout->size_px / 14 : 1;
    int below_px = kind == PIECE_UNDERLINE ? layout->size_px / 10 + 1 : -(layout->size_px * 3 / 10);
    *out = (struct text_piece){
        .x_px = unit->x_px,
        .y_px = y_px + layout->ascent_px + below_px,
        .width_px = unit->advance_px,
        .height_px = thick_px,
        .stride = 0, // each row is the same
        .mask = text_fonts_solid(layout->fonts, (size_t)unit->advance_px),
        .color = unit->color,
    };
    return true;
}

// Carets, hit tests and selections of a layout.
#include "text_layout.h"
#include "text_unit.h"
#include "utf8.h"

static int distance(int a, int b)
{
    return a < b ? b - a : a - b;
}

size_t text_layout_line_of_offset(const struct text_layout *layout, size_t offset)
{
    size_t low = 0, high = layout->line_count - 1;
    while (low < high) {
        size_t middle = (low + high + 1) / 2;
        if (layout->lines[middle].start <= offset) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

// Where the first `count` clusters of a unit end, on the layout.
static int edge_px(const struct text_layout *layout, const struct text_unit *unit,
                   struct text_unit_string *string, size_t count)
{
    int prefix_px = text_unit_prefix_px(layout, unit, string, count);
    return unit->level & 1 ? unit->x_px + unit->advance_px - prefix_px : unit->x_px + prefix_px;
}

static const struct text_unit *unit_at(const struct text_layout *layout,
                                       const struct text_line *line, size_t offset)
{
    size_t low = line->first_unit, high = low + line->unit_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (layout->units[middle].end <= offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < line->first_unit + line->unit_count ? &layout->units[low] : NULL;
}

static int x_of_offset(const struct text_layout *layout, const struct text_line *line,
                       size_t offset)
{
    if (line->unit_count == 0) {
        return line->is_rtl ? layout->width_px : 0;
    }
    const struct text_unit *unit = unit_at(layout, line, offset);
    if (!unit) { // the end of the line
        unit = &layout->units[line->first_unit + line->unit_count - 1];
        return unit->level & 1 ? unit->x_px : unit->x_px + unit->advance_px;
    }
    struct text_unit_string string;
    text_unit_read(layout, unit, &string);
    size_t count = 0;
    while (count < string.count && string.clusters[count].end <= offset && offset > unit->start) {
        count++;
    }
    return edge_px(layout, unit, &string, count);
}

void text_layout_caret(const struct text_layout *layout, size_t offset, int *x_px, int *y_px,
                       int *height_px)
{
    size_t line = text_layout_line_of_offset(layout, offset);
    *x_px = x_of_offset(layout, &layout->lines[line], offset);
    *y_px = (int)line * layout->line_height_px;
    *height_px = layout->line_height_px;
}

// The unit whose box is nearest to x.
static const struct text_unit *nearest_unit(const struct text_layout *layout,
                                            const struct text_line *line, int x_px)
{
    const struct text_unit *best = NULL;
    int best_px = 0;
    for (size_t i = 0; i < line->unit_count; i++) {
        const struct text_unit *unit = &layout->units[line->first_unit + i];
        int right_px = unit->x_px + unit->advance_px;
        int away_px = x_px < unit->x_px ? unit->x_px - x_px : x_px > right_px ? x_px - right_px : 0;
        if (!(unit->flags & (TEXT_UNIT_NEWLINE | TEXT_UNIT_ELLIPSIS)) &&
            (!best || away_px < best_px)) {
            best = unit;
            best_px = away_px;
        }
    }
    return best;
}

size_t text_layout_caret_at(const struct text_layout *layout, int x_px, int y_px)
{
    int row = y_px < 0 ? 0 : y_px / layout->line_height_px;
    size_t at = (size_t)row < layout->line_count ? (size_t)row : layout->line_count - 1;
    const struct text_line *line = &layout->lines[at];
    const struct text_unit *unit = nearest_unit(layout, line, x_px);
    if (!unit) {
        return line->start;
    }
    struct text_unit_string string;
    text_unit_read(layout, unit, &string);
    size_t best = unit->start;
    int best_px = distance(edge_px(layout, unit, &string, 0), x_px);
    for (size_t i = 0; i < string.count; i++) {
        int away_px = distance(edge_px(layout, unit, &string, i + 1), x_px);
        if (away_px < best_px) {
            best_px = away_px;
            best = string.clusters[i].end;
        }
    }
    // The start of the next line would show there, not where the pointer is.
    bool is_wrapped = at + 1 < layout->line_count && best >= layout->lines[at + 1].start;
    return is_wrapped ? line->end : best;
}

size_t text_layout_prev_cluster(const struct text_layout *layout, size_t offset)
{
    struct str text = layout->text;
    if (offset == 0 || offset > text.len) {
        return offset ? text.len : 0;
    }
    size_t line = text_layout_line_of_offset(layout, offset - 1);
    const struct text_unit *unit = unit_at(layout, &layout->lines[line], offset - 1);
    if (!unit || unit->start >= offset) {
        return utf8_prev(text, offset); // behind an ellipsis
    }
    size_t at = unit->start;
    for (;;) {
        size_t end = text_cluster_end(str_range(text, 0, unit->end), at);
        if (end >= offset) {
            return at;
        }
        at = end;
    }
}

size_t text_layout_next_cluster(const struct text_layout *layout, size_t offset)
{
    return offset >= layout->text.len ? layout->text.len : text_cluster_end(layout->text, offset);
}

// The part of a unit that is in the range, if any.
static bool unit_range(const struct text_layout *layout, const struct text_unit *unit, size_t from,
                       size_t to, int *left_px, int *right_px)
{
    if (unit->end <= from || unit->start >= to || unit->flags & TEXT_UNIT_ELLIPSIS) {
        return false;
    }
    *left_px = unit->x_px;
    *right_px = unit->x_px + unit->advance_px;
    if (from > unit->start || to < unit->end) {
        struct text_unit_string string;
        text_unit_read(layout, unit, &string);
        size_t first = 0, last = 0;
        for (size_t i = 0; i < string.count; i++) {
            first += string.clusters[i].end <= from;
            last += string.clusters[i].end <= to;
        }
        int a = edge_px(layout, unit, &string, first), b = edge_px(layout, unit, &string, last);
        *left_px = a < b ? a : b;
        *right_px = a < b ? b : a;
    }
    return *right_px > *left_px;
}

size_t text_layout_range_rects(const struct text_layout *layout, size_t from, size_t to,
                               struct text_span_rect *rects, size_t max)
{
    size_t count = 0;
    if (from >= to) {
        return 0;
    }
    for (size_t at = text_layout_line_of_offset(layout, from);
         at < layout->line_count && layout->lines[at].start < to; at++) {
        const struct text_line *line = &layout->lines[at];
        size_t line_first = count;
        for (size_t i = 0; i < line->unit_count; i++) {
            int left, right;
            if (!unit_range(layout, &layout->units[line->first_unit + i], from, to, &left,
                            &right)) {
                continue;
            }
            struct text_span_rect *last = count > line_first ? &rects[count - 1] : NULL;
            if (last && last->x_px + last->width_px == left) {
                last->width_px += right - left;
            } else if (last && right == last->x_px) {
                last->x_px = left;
                last->width_px += right - left;
            } else if (count < max) {
                rects[count++] = (struct text_span_rect){left, (int)at * layout->line_height_px,
                                                         right - left, layout->line_height_px};
            } else {
                return count;
            }
        }
    }
    return count;
}

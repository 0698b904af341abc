#include "text_wrap.h"

#include "mem.h"
#include "text_chars.h"
#include "utf8.h"

struct wrapper {
    struct text_layout *layout; // its units are the output
    struct text_unit *in;       // the unit at hand may be the rest of one that was cut
    size_t in_count;
    size_t at;    // in `in`
    int width_px; // 0: no limit
    bool has_more;
};

static struct text_unit *push(struct wrapper *w, struct text_unit unit)
{
    struct text_layout *layout = w->layout;
    if (layout->unit_count == layout->unit_size) {
        layout->unit_size = layout->unit_size ? layout->unit_size * 2 : 8;
        layout->units = mem_resize(layout->units, layout->unit_size, sizeof *layout->units);
    }
    layout->units[layout->unit_count] = unit;
    return &layout->units[layout->unit_count++];
}

static bool starts_badly(const struct wrapper *w, const struct text_unit *unit,
                         const struct text_cluster *next)
{
    return unit->flags & TEXT_UNIT_SPLIT && next->end <= w->layout->text.len &&
           text_char_no_start(next->first);
}

// How many clusters of the unit fit, without leaving a closing mark to the next line.
static size_t clusters_that_fit(const struct wrapper *w, const struct text_unit *unit,
                                struct text_unit_string *string, int room_px)
{
    text_unit_read(w->layout, unit, string);
    size_t low = 0, high = string->count;
    while (low < high) {
        size_t middle = (low + high + 1) / 2;
        if (text_unit_prefix_px(w->layout, unit, string, middle) <= room_px) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    while (low > 1 && low < string->count && starts_badly(w, unit, &string->clusters[low])) {
        low--;
    }
    return low;
}

// Moves the first `count` clusters of the unit at hand to the output.
static void push_part(struct wrapper *w, const struct text_unit_string *string, size_t count)
{
    struct text_unit *unit = &w->in[w->at];
    struct text_unit part = *unit;
    part.end = string->clusters[count - 1].end;
    part.advance_px = -1;
    (void)text_unit_advance(w->layout, push(w, part)); // measured for the line's width
    unit->start = part.end;
    unit->advance_px = -1;
    unit->flags |= TEXT_UNIT_BREAK;
    if (unit->start >= unit->end) {
        w->at++;
    }
}

struct candidate { // the last place where the line may end
    size_t in;     // 0: none
    size_t out;
};

// The unit at hand does not fit: cut it, or go back to where the line may end.
static void end_full_line(struct wrapper *w, size_t first, struct candidate candidate, int x_px)
{
    const struct text_unit *unit = &w->in[w->at];
    bool is_first = w->layout->unit_count == first;
    if (unit->flags & TEXT_UNIT_BREAK && !is_first && !(unit->flags & TEXT_UNIT_SPLIT)) {
        return;
    }
    struct text_unit_string string;
    size_t fits = 0;
    if (unit->flags & TEXT_UNIT_SPLIT || !candidate.in) {
        fits = clusters_that_fit(w, unit, &string, w->width_px - x_px);
    }
    if (fits == 0 && is_first) {
        text_unit_read(w->layout, unit, &string);
        fits = 1; // wider than the line, but something must be shown
    }
    if (fits > 0) {
        push_part(w, &string, fits);
    } else if (candidate.in && !(unit->flags & TEXT_UNIT_BREAK)) {
        w->at = candidate.in;
        w->layout->unit_count = candidate.out;
    }
}

// Takes units for one line; true when it ended at a newline.
static bool fill_line(struct wrapper *w, size_t first)
{
    struct candidate candidate = {0, 0};
    int x_px = 0;
    while (w->at < w->in_count) {
        struct text_unit *unit = &w->in[w->at];
        if (unit->flags & TEXT_UNIT_NEWLINE) {
            push(w, *unit);
            w->at++;
            return true;
        }
        int advance_px = text_unit_advance(w->layout, unit);
        if (w->width_px > 0 && !(unit->flags & TEXT_UNIT_SPACE) &&
            x_px + advance_px > w->width_px) {
            end_full_line(w, first, candidate, x_px);
            return false;
        }
        if (unit->flags & TEXT_UNIT_BREAK && w->layout->unit_count > first) {
            candidate = (struct candidate){w->at, w->layout->unit_count};
        }
        push(w, *unit);
        x_px += advance_px;
        w->at++;
    }
    return false;
}

static struct text_unit ellipsis_unit(const struct wrapper *w, uint32_t at)
{
    const struct text_unit *like = w->at < w->in_count ? &w->in[w->at] : NULL;
    struct text_unit unit = {.start = at,
                             .end = at,
                             .advance_px = -1,
                             .color = like ? like->color : TEXT_COLOR_DEFAULT,
                             .flags = TEXT_UNIT_ELLIPSIS};
    unit.file = text_find_char(text_fonts_find(w->layout->fonts), w->layout->face, 0x2026);
    if (like && like->flags & TEXT_UNIT_RTL) {
        unit.flags |= TEXT_UNIT_RTL;
        unit.level = 1;
    }
    return unit;
}

static bool rest_fits(struct wrapper *w)
{
    if (w->has_more) {
        return false;
    }
    int x_px = 0;
    for (size_t i = w->at; i < w->in_count; i++) {
        struct text_unit *unit = &w->in[i];
        if (unit->flags & TEXT_UNIT_NEWLINE) {
            return false;
        }
        int advance_px = text_unit_advance(w->layout, unit);
        if (w->width_px > 0 && !(unit->flags & TEXT_UNIT_SPACE) &&
            x_px + advance_px > w->width_px) {
            return false;
        }
        x_px += advance_px;
    }
    return true;
}

// The last line there is room for: as much as fits, then an ellipsis.
static void fill_last_line(struct wrapper *w, size_t first)
{
    if (rest_fits(w)) {
        (void)fill_line(w, first); // takes all: it fits and holds no newline
        return;
    }
    struct text_unit ellipsis = ellipsis_unit(w, 0);
    int room_px = w->width_px > 0 ? w->width_px - text_unit_advance(w->layout, &ellipsis) : 1 << 28;
    int x_px = 0;
    while (w->at < w->in_count && !(w->in[w->at].flags & TEXT_UNIT_NEWLINE)) {
        int advance_px = text_unit_advance(w->layout, &w->in[w->at]);
        if (x_px + advance_px > room_px) {
            struct text_unit_string string;
            size_t fits = clusters_that_fit(w, &w->in[w->at], &string, room_px - x_px);
            if (fits > 0) {
                push_part(w, &string, fits);
            }
            break;
        }
        push(w, w->in[w->at++]);
        x_px += advance_px;
    }
    struct text_layout *layout = w->layout;
    while (layout->unit_count > first &&
           layout->units[layout->unit_count - 1].flags & TEXT_UNIT_SPACE) {
        layout->unit_count--;
    }
    uint32_t at = layout->unit_count > first ? layout->units[layout->unit_count - 1].end
                  : w->at < w->in_count      ? w->in[w->at].start
                                             : 0;
    ellipsis.start = ellipsis.end = at;
    push(w, ellipsis);
    w->at = w->in_count;
}

static void add_line(struct wrapper *w, size_t first)
{
    struct text_layout *layout = w->layout;
    if (layout->line_count == layout->line_size) {
        layout->line_size = layout->line_size ? layout->line_size * 2 : 2;
        layout->lines = mem_resize(layout->lines, layout->line_size, sizeof *layout->lines);
    }
    struct text_line *line = &layout->lines[layout->line_count++];
    size_t count = layout->unit_count - first;
    const struct text_unit *units = count ? layout->units + first : NULL;
    uint32_t before = layout->line_count > 1 ? line[-1].next : 0;
    *line = (struct text_line){
        .start = count ? units[0].start : before,
        .next = count ? units[count - 1].end : before,
        .first_unit = (uint32_t)first,
        .unit_count = (uint32_t)count,
        .is_rtl = count && units[0].flags & TEXT_UNIT_RTL,
    };
    line->end = line->start;
    int x_px = 0;
    for (size_t i = 0; i < count; i++) {
        x_px += units[i].advance_px > 0 ? units[i].advance_px : 0;
        if (!(units[i].flags & (TEXT_UNIT_SPACE | TEXT_UNIT_NEWLINE))) {
            line->end = units[i].end;
            line->width_px = x_px;
        }
    }
    layout->width_px = layout->width_px > line->width_px ? layout->width_px : line->width_px;
}

void text_wrap(struct text_layout *layout, const struct text_spec *spec, struct text_unit *units,
               size_t count, bool has_more)
{
    struct wrapper w = {.layout = layout,
                        .in = units,
                        .in_count = count,
                        .width_px = spec->width_px > 0 ? spec->width_px : 0,
                        .has_more = has_more};
    size_t max_lines = spec->max_lines ? spec->max_lines : SIZE_MAX;
    bool is_open = true; // a newline at the end begins one more, empty line
    while (is_open || w.at < w.in_count) {
        size_t first = layout->unit_count;
        is_open = false;
        bool ends_text = w.has_more && !spec->max_lines && w.at >= w.in_count;
        if (layout->line_count + 1 == max_lines || ends_text) {
            fill_last_line(&w, first);
        } else {
            is_open = fill_line(&w, first);
            is_open |= w.has_more && w.at >= w.in_count; // its ellipsis stands on its own line
        }
        add_line(&w, first);
        if (layout->line_count == max_lines || ends_text) {
            break;
        }
    }
    mem_free(units);
}

// One laid-out paragraph: itemised, shaped, wrapped, ready to draw and to hit-test.
//
// Shapes:    pixels from the top left of the paragraph; offsets in bytes of the UTF-8 text. A line
//            break in the text (\n) starts a new line. Lines wrap at spaces and between CJK
//            characters; a word wider than the line is cut between clusters.
// Ownership: the layout copies the text; fonts must outlive it.
// Errors:    none; invalid UTF-8 shows as U+FFFD, control characters and bidi overrides show as
//            nothing but keep their offsets. Text beyond TEXT_LAYOUT_MAX bytes is not laid out and
//            shows an ellipsis.
// Thread:    the thread that created the fonts.
#ifndef TEXT_LAYOUT_H
#define TEXT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"
#include "text_fonts.h"

#define TEXT_LAYOUT_MAX ((size_t)256 * 1024)

enum text_attr_flags {
    TEXT_BOLD = 1,
    TEXT_ITALIC = 2,
    TEXT_UNDERLINE = 4,
    TEXT_STRIKE = 8,
    TEXT_MONO = 16,
    TEXT_LINK = 32,
};

#define TEXT_COLOR_DEFAULT UINT32_MAX // the colour given when drawing; otherwise 0x00RRGGBB

struct text_attr {
    size_t len; // bytes; attrs follow each other from the start, the rest is plain
    unsigned flags;
    uint32_t color;
};

struct text_spec {
    struct text_style style;
    struct str text;
    const struct text_attr *attrs; // borrowed during create
    size_t attr_count;
    int width_px;     // 0: never wraps
    size_t max_lines; // 0: no limit; else the last line ends in an ellipsis
    bool is_centered; // shorter lines stand in the middle of the widest
};

struct text_line_box {
    size_t start; // bytes
    size_t end;   // without the trailing space or \n
    int y_px;     // top
    int height_px;
    int baseline_px; // from the paragraph's top
    int width_px;    // ink advance
};

struct text_layout;

struct text_layout *text_layout_create(struct text_fonts *fonts, const struct text_spec *spec);
void text_layout_destroy(struct text_layout *layout);
uint64_t text_layout_id(const struct text_layout *layout); // never given twice
struct str text_layout_text(const struct text_layout *layout);
int text_layout_width_px(const struct text_layout *layout);  // widest line
int text_layout_height_px(const struct text_layout *layout); // at least one line
size_t text_layout_line_count(const struct text_layout *layout);
struct text_line_box text_layout_line(const struct text_layout *layout, size_t line);

// Caret offset nearest to a point; always on a cluster boundary, 0..text.len.
size_t text_layout_caret_at(const struct text_layout *layout, int x_px, int y_px);
// Where a caret at `offset` stands: x, top and height.
void text_layout_caret(const struct text_layout *layout, size_t offset, int *x_px, int *y_px,
                       int *height_px);
size_t text_layout_prev_cluster(const struct text_layout *layout, size_t offset);
size_t text_layout_next_cluster(const struct text_layout *layout, size_t offset);

struct text_span_rect {
    int x_px, y_px, width_px, height_px;
};
// Rectangles that cover the bytes from..to (selection, underlay); returns how many of max.
size_t text_layout_range_rects(const struct text_layout *layout, size_t from, size_t to,
                               struct text_span_rect *rects, size_t max);

// What is drawn: pieces of coverage (A8, tinted by whoever draws) or colour (premultiplied ARGB,
// emoji). Underlines and strikes are pieces too. Rendered on first use and kept in the LRU; the
// pixels of a piece live until the next text_* call.
struct text_piece {
    int x_px, y_px, width_px, height_px; // y may be outside the line box (tall glyphs)
    int stride;                          // bytes
    const uint8_t *mask;                 // or NULL
    const uint32_t *argb;                // or NULL
    uint32_t color;                      // TEXT_COLOR_DEFAULT or 0x00RRGGBB
};
size_t text_layout_piece_count(const struct text_layout *layout);
// Line of a piece, so that whoever draws can skip what is outside the clip without rendering it.
size_t text_layout_piece_line(const struct text_layout *layout, size_t idx);
bool text_layout_piece(struct text_layout *layout, size_t idx, struct text_piece *out);

#endif

// Units: the smallest strings that are shaped, placed and drawn as one (a word, spaces, an emoji).
//
// All of a unit has one font, script, level and attribute. A unit has at most TEXT_UNIT_CLUSTERS
// clusters, so that whatever is done to one is bounded; longer words are several units, glued.
#ifndef TEXT_UNIT_H
#define TEXT_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"
#include "text_layout.h"
#include "text_shape.h"

#define TEXT_UNIT_CLUSTERS 32
#define TEXT_CLUSTER_CODES 32 // code points of a cluster that are shown; the rest is not

enum text_unit_flags {
    TEXT_UNIT_SPACE = 1,     // hangs at the end of a line
    TEXT_UNIT_NEWLINE = 2,   // ends a paragraph
    TEXT_UNIT_BREAK = 4,     // a line may end before it
    TEXT_UNIT_SPLIT = 8,     // and between any two of its clusters (CJK)
    TEXT_UNIT_RTL = 16,      // in a paragraph from right to left
    TEXT_UNIT_ELLIPSIS = 32, // stands for text that is left out
    TEXT_UNIT_BLANK = 64,    // nothing to render
};

struct text_unit {
    uint32_t start; // bytes
    uint32_t end;
    int x_px;       // of its left edge, in the layout
    int advance_px; // -1: not measured yet
    uint32_t color;
    text_file_id file;
    uint8_t level; // of the bidi algorithm; odd is right to left
    uint8_t script;
    uint8_t attr; // enum text_attr_flags
    uint8_t slant;
    uint8_t flags;
    struct text_mask *mask; // owned by the LRU
};

struct text_line {
    uint32_t start; // bytes
    uint32_t end;   // without hanging spaces or newline
    uint32_t next;  // start of the next line
    uint32_t first_unit;
    uint32_t unit_count;
    int width_px;
    bool is_rtl;
};

struct text_layout {
    struct text_fonts *fonts; // borrowed
    uint64_t id;
    enum text_face face;
    int size_px;
    int line_height_px;
    int ascent_px;
    int width_px;
    bool is_centered;
    char *bytes;             // owned
    struct str text;         // of bytes
    struct text_unit *units; // owned; logical order
    size_t unit_count;
    size_t unit_size;
    struct text_line *lines; // owned
    size_t line_count;
    size_t line_size;
    uint32_t *pieces; // owned; unit * 4 + kind
    size_t piece_count;
};

struct text_cluster {
    uint32_t first; // first and last shown code point; 0 when none is
    uint32_t last;
    uint32_t end; // bytes of the layout's text
    size_t len;   // bytes of the string, from its start
};

// What of a unit is handed to the shaper, and where its clusters end.
struct text_unit_string {
    char utf8[TEXT_UNIT_CLUSTERS * TEXT_CLUSTER_CODES * 4 + 1];
    struct text_cluster clusters[TEXT_UNIT_CLUSTERS];
    size_t count;
};

struct text_shape text_unit_shape(const struct text_layout *layout, const struct text_unit *unit);
void text_unit_read(const struct text_layout *layout, const struct text_unit *unit,
                    struct text_unit_string *out);
// Advance of the first `count` clusters. Cuts out->utf8 there for a moment.
int text_unit_prefix_px(const struct text_layout *layout, const struct text_unit *unit,
                        struct text_unit_string *string, size_t count);
int text_unit_advance(const struct text_layout *layout, struct text_unit *unit); // measures once
struct text_mask *text_unit_render(const struct text_layout *layout, const struct text_unit *unit);
// The line that shows the offset as a caret, and the line of a unit.
size_t text_layout_line_of_offset(const struct text_layout *layout, size_t offset);
size_t text_layout_line_of_unit(const struct text_layout *layout, size_t unit);
size_t text_layout_bytes(const struct text_layout *layout); // of memory, without masks
// Where the cluster that starts at `at` ends.
size_t text_cluster_end(struct str text, size_t at);

#endif

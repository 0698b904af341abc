// One string of one font, script and direction: how wide it is, and its pixels.
//
// What the files of this room share of struct text_fonts; other rooms need only text_fonts.h.
#ifndef TEXT_SHAPE_H
#define TEXT_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text_find.h"
#include "text_fonts.h"
#include "text_mask.h"

struct arena;

#define TEXT_SIZE_MIN 4
#define TEXT_SIZE_MAX 400

enum text_slant { TEXT_SLANT_ITALIC = 1, TEXT_SLANT_BOLD = 2 }; // made by SDL_ttf, not by the file

struct text_shape {
    text_file_id file;
    int size_px;
    uint8_t slant;
    uint8_t script;
    bool is_rtl;
};

// A string and its two ends, which may reach over their advance.
struct text_string {
    const char *utf8; // NUL-terminated, nothing invisible in it
    uint32_t first;   // code points
    uint32_t last;
};

struct text_find *text_fonts_find(struct text_fonts *fonts);
struct text_masks *text_fonts_masks(struct text_fonts *fonts);
struct arena *text_fonts_scratch(struct text_fonts *fonts); // for one layout pass
uint64_t text_fonts_next_id(struct text_fonts *fonts);
// Coverage 255, at least len bytes of it; until the next call.
const uint8_t *text_fonts_solid(struct text_fonts *fonts, size_t len);
int text_size_px(float size_px); // rounded and clamped

int text_emoji_height_px(int size_px); // colour glyphs are scaled to it
// Advance of the string; 0 for nothing to see. Never renders.
int text_shape_advance(struct text_fonts *fonts, const struct text_shape *shape,
                       const struct text_string *string);
// NULL when there is nothing to see.
struct text_mask *text_shape_render(struct text_fonts *fonts, const struct text_shape *shape,
                                    const struct text_string *string);

#endif

// Fonts: found through fontconfig, opened once per size, with a fallback for every script.
//
// Ownership: fonts outlive every layout made from them. Rendered masks live in an LRU with a byte
//            ceiling inside.
// Errors:    create fails when no usable sans font exists; a missing optional family falls back.
// Thread:    one; SDL2_ttf shares buffers per font.
#ifndef TEXT_FONTS_H
#define TEXT_FONTS_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "str.h"

enum text_face {
    TEXT_FACE_SANS,    // Inter; body
    TEXT_FACE_BOLD,    // Inter semi-bold; names, buttons
    TEXT_FACE_DISPLAY, // Quicksand bold; titles
    TEXT_FACE_MONO,    // Noto Sans Mono; code
    TEXT_FACE_COUNT,
};

struct text_style {
    enum text_face face;
    float size_px; // em size; rounded to a whole pixel
};

struct text_fonts;

struct text_fonts *text_fonts_create(struct err *err);
void text_fonts_destroy(struct text_fonts *fonts);
// Distance between baselines (1.4 em, whole pixels) and from the top of a line to its baseline.
int text_line_height_px(struct text_fonts *fonts, struct text_style style);
int text_ascent_px(struct text_fonts *fonts, struct text_style style);
// Bytes held by rendered masks, for tests and the memory budget.
size_t text_fonts_mask_bytes(const struct text_fonts *fonts);

#endif

// Colour glyphs come in one size; they are scaled once, to the height of the text.
#ifndef TEXT_EMOJI_H
#define TEXT_EMOJI_H

#include <SDL_surface.h>

struct text_mask;

// A premultiplied copy of a 32-bit ARGB surface, height_px tall; NULL when it is no such surface.
struct text_mask *text_emoji_scale(const SDL_Surface *surface, int height_px);

#endif

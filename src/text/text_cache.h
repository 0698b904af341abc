// Layouts of labels and short texts kept between frames, found by style, text and width.
//
// A layout handed out lives at least until the end of the frame in which it was asked for.
#ifndef TEXT_CACHE_H
#define TEXT_CACHE_H

#include <stddef.h>

#include "text_layout.h"

struct text_cache;

struct text_cache *text_cache_create(struct text_fonts *fonts, size_t max_bytes);
void text_cache_destroy(struct text_cache *cache);
// spec->attrs take part in the key. Never NULL.
struct text_layout *text_cache_get(struct text_cache *cache, const struct text_spec *spec);
void text_cache_end_frame(struct text_cache *cache); // drops the least recently used over the limit
struct text_fonts *text_cache_fonts(struct text_cache *cache);

#endif

// From bytes to units: decode, clusters, levels (FriBidi), scripts, fonts, places to break.
#ifndef TEXT_ITEMISE_H
#define TEXT_ITEMISE_H

#include <stddef.h>

#include "text_unit.h"

// The units of layout->text in logical order, unmeasured; the caller frees them with mem_free.
struct text_unit *text_itemise(const struct text_layout *layout, const struct text_spec *spec,
                               size_t *count);

#endif

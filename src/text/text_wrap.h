// From units to lines: greedy breaking, cuts inside words that are too long, the ellipsis.
#ifndef TEXT_WRAP_H
#define TEXT_WRAP_H

#include "text_unit.h"

// Fills units, lines and width_px of the layout. Takes `units` (freed here); `has_more` says that
// text was left out behind them.
void text_wrap(struct text_layout *layout, const struct text_spec *spec, struct text_unit *units,
               size_t count, bool has_more);

#endif

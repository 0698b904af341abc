// Themes: design tokens read from one small text file each (assets/themes/NAME.theme).
//
// A file has lines "token = #RRGGBB" and "name = Velours", "kind = dark|light"; '#' alone at the
// start of a line begins a comment. All tokens must be there, unknown ones are errors with a line.
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdbool.h>

#include "err.h"
#include "paint_types.h"
#include "str.h"

enum ui_token {
    UI_GROUND,
    UI_SURFACE,
    UI_RAISED,
    UI_OWN,
    UI_INK,
    UI_MUTED,
    UI_ACCENT,
    UI_ON_ACCENT, // text on accent
    UI_GOOD,
    UI_WARN,
    UI_BAD,
    UI_ON_BAD, // text on bad
    UI_SHADOW,
    UI_GLOW, // the warm light behind the cat
    UI_TOKEN_COUNT,
};

#define UI_NICK_COLORS 24

struct ui_theme {
    char name[32];
    bool is_dark;
    paint_color colors[UI_TOKEN_COUNT]; // opaque
    paint_color nicks[UI_NICK_COLORS];  // made from the tokens, 4.5:1 on ground, surface, raised
};

bool ui_theme_parse(struct ui_theme *out, struct str text, struct err *err);
uint64_t ui_theme_nick_hash(struct str nick); // FNV-1a of the ASCII-folded nick
paint_color ui_theme_nick(const struct ui_theme *theme, struct str nick); // same on all machines

#endif

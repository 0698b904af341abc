#include "ui_theme.h"

#include <math.h>
#include <string.h>

static const char *const token_names[UI_TOKEN_COUNT] = {
    [UI_GROUND] = "ground", [UI_SURFACE] = "surface",
    [UI_RAISED] = "raised", [UI_OWN] = "own",
    [UI_INK] = "ink",       [UI_MUTED] = "muted",
    [UI_ACCENT] = "accent", [UI_ON_ACCENT] = "on-accent",
    [UI_GOOD] = "good",     [UI_WARN] = "warn",
    [UI_BAD] = "bad",       [UI_ON_BAD] = "on-bad",
    [UI_SHADOW] = "shadow", [UI_GLOW] = "glow",
};

static bool parse_color(struct str text, paint_color *out)
{
    if (text.len != 7 || text.data[0] != '#') {
        return false;
    }
    uint32_t rgb = 0;
    for (size_t i = 1; i < 7; i++) {
        char c = char_lower(text.data[i]);
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                                                : 16;
        if (digit > 15) {
            return false;
        }
        rgb = rgb << 4 | digit;
    }
    *out = 0xFF000000u | rgb;
    return true;
}

static paint_color from_hsl(float hue, float saturation, float lightness)
{
    float chroma = (1 - fabsf(2 * lightness - 1)) * saturation;
    uint32_t rgb = 0;
    static const float shifts[3] = {0, 8, 4}; // f(n) of the usual formula for red, green, blue
    for (int i = 0; i < 3; i++) {
        float k = fmodf(shifts[i] + hue / 30, 12);
        float value = lightness - chroma / 2 * fmaxf(-1, fminf(fminf(k - 3, 9 - k), 1));
        rgb = rgb << 8 | (uint32_t)lroundf(fminf(fmaxf(value, 0), 1) * 255);
    }
    return 0xFF000000u | rgb;
}

static bool is_readable(const struct ui_theme *theme, paint_color color)
{
    return paint_contrast(color, theme->colors[UI_GROUND]) >= 4.5f &&
           paint_contrast(color, theme->colors[UI_SURFACE]) >= 4.5f &&
           paint_contrast(color, theme->colors[UI_RAISED]) >= 4.5f;
}

// Each hue as strong as it can be while it stays readable on all grounds of the theme.
static void make_nicks(struct ui_theme *theme)
{
    for (int i = 0; i < UI_NICK_COLORS; i++) {
        float hue = (float)i * 360 / UI_NICK_COLORS;
        float saturation = i % 2 ? 0.62f : 0.85f;
        float lightness = theme->is_dark ? 0.6f : 0.42f;
        paint_color color = from_hsl(hue, saturation, lightness);
        while (!is_readable(theme, color) && lightness > 0.02f && lightness < 0.98f) {
            lightness += theme->is_dark ? 0.01f : -0.01f;
            color = from_hsl(hue, saturation, lightness);
        }
        theme->nicks[i] = color;
    }
}

// One line "name = value"; what it set is marked in *seen.
static bool parse_line(struct ui_theme *theme, struct str line, uint32_t *seen)
{
    size_t at;
    if (!str_find_char(line, '=', &at)) {
        return false;
    }
    struct str name = str_trim(str_range(line, 0, at));
    struct str value = str_trim(str_range(line, at + 1, line.len));
    if (str_eq(name, STR("name"))) {
        return value.len > 0 && str_copy(theme->name, sizeof theme->name, value);
    }
    if (str_eq(name, STR("kind"))) {
        theme->is_dark = str_eq(value, STR("dark"));
        return theme->is_dark || str_eq(value, STR("light"));
    }
    for (uint32_t i = 0; i < UI_TOKEN_COUNT; i++) {
        if (str_eq(name, str_from(token_names[i]))) {
            *seen |= 1u << i;
            return parse_color(value, &theme->colors[i]);
        }
    }
    return false;
}

bool ui_theme_parse(struct ui_theme *out, struct str text, struct err *err)
{
    struct ui_theme theme = {0};
    uint32_t seen = 0;
    int number = 0;
    struct str line;
    while (str_next(&text, '\n', &line)) {
        number++;
        line = str_trim(line);
        if (line.len == 0 || line.data[0] == '#') {
            continue;
        }
        if (!parse_line(&theme, line, &seen)) {
            return err_set(err, "line %d is not \"token = #RRGGBB\": %.*s", number, STR_ARG(line));
        }
    }
    for (uint32_t i = 0; i < UI_TOKEN_COUNT; i++) {
        if (!(seen & 1u << i)) {
            return err_set(err, "the colour \"%s\" is missing", token_names[i]);
        }
    }
    if (!theme.name[0]) {
        return err_set(err, "the name is missing");
    }
    make_nicks(&theme);
    *out = theme;
    return true;
}

uint64_t ui_theme_nick_hash(struct str nick)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < nick.len; i++) {
        hash = (hash ^ (unsigned char)char_lower(nick.data[i])) * 0x100000001b3u;
    }
    return hash;
}

paint_color ui_theme_nick(const struct ui_theme *theme, struct str nick)
{
    uint64_t hash = ui_theme_nick_hash(nick);
    return theme->nicks[(hash ^ hash >> 31) % UI_NICK_COLORS];
}

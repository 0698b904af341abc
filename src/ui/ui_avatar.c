// A cat for each nick: coat, pattern, eyes and background follow from its letters alone, so that
// every machine shows the same one.
#include "ui_draw.h"
#include "ui_internal.h"
#include "utf8.h"

struct coat {
    paint_color fur;
    paint_color marks;
    paint_color inner; // ears, muzzle
};

static const struct coat coats[] = {
    {0xFFF2A65A, 0xFFC9722B, 0xFFFFE6CC}, // ginger
    {0xFF8D8FA6, 0xFF5F6178, 0xFFE8E6F2}, // grey
    {0xFF4A3F55, 0xFF2E2637, 0xFFC9B8DA}, // black
    {0xFFFBF1E2, 0xFFE0B889, 0xFFF5B8B0}, // cream
    {0xFFB98A66, 0xFF7C5438, 0xFFF2DEC8}, // brown
    {0xFFD9DCE6, 0xFF9AA2B8, 0xFFF7C6CF}, // silver
    {0xFFE8875C, 0xFFFBF1E2, 0xFFFFE0CF}, // red and white
    {0xFF6E7FA3, 0xFF47567A, 0xFFDDE5F5}, // blue
};
static const char *const patterns[] = {"avatar-stripes", "avatar-spots", "avatar-mask",
                                       "avatar-socks", NULL};
static const char *const eyes[] = {"avatar-eyes-round", "avatar-eyes-sleepy", "avatar-eyes-wink"};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t hash_nick(struct str nick)
{
    uint64_t hash = ui_theme_nick_hash(nick);
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdu; // the low bits of FNV alone are too alike for short names
    return hash ^ hash >> 29;
}

void ui_avatar(struct ui *ui, struct paint_rect rect, struct str nick)
{
    uint64_t hash = hash_nick(nick);
    const struct coat *coat = &coats[hash % COUNT(coats)];
    const char *pattern = patterns[hash / 64 % COUNT(patterns)];
    paint_color back = paint_mix(ui_theme_nick(&ui->theme, nick), ui_color(ui, UI_SURFACE), 0.62f);
    float side = (float)(rect.w < rect.h ? rect.w : rect.h);
    paint_circle(ui->list, (float)rect.x + (float)rect.w / 2, (float)rect.y + (float)rect.h / 2,
                 side / 2, back);
    ui_icon(ui, rect, "avatar-head", coat->fur);
    ui_icon(ui, rect, "avatar-ears", coat->inner);
    if (pattern) {
        bool is_muzzle = hash / 64 % COUNT(patterns) == 3;
        ui_icon(ui, rect, pattern, is_muzzle ? coat->inner : coat->marks);
    }
    bool is_dark = paint_contrast(coat->fur, 0xFF241A30) < 3;
    ui_icon(ui, rect, eyes[hash / 1024 % COUNT(eyes)], is_dark ? 0xFFFFE9A8 : 0xFF241A30);
    ui_icon(ui, rect, "avatar-nose", is_dark ? 0xFFE79AA8 : 0xFFB4555F);
}

#include "text_fonts.h"

#include <SDL_ttf.h>

#include "arena.h"
#include "mem.h"
#include "text_chars.h"
#include "text_emoji.h"
#include "text_find.h"
#include "text_mask.h"
#include "text_shape.h"

#define LINE_HEIGHT     1.4f
#define OPEN_MAX        48 // each holds a file descriptor
#define MASK_BYTES_MAX  ((size_t)24 * 1024 * 1024)
#define EMOJI_OPEN_SIZE 109 // bitmap fonts have one size, whatever is asked

struct open_font {
    text_file_id file;
    int size_px;
    uint8_t slant;
    uint64_t used;  // ticks
    TTF_Font *font; // NULL: does not open
    int ascent_px;
    int height_px;
};

struct text_fonts {
    struct text_find *find;
    struct open_font open[OPEN_MAX];
    size_t open_count;
    size_t last_open; // most text stays in one font
    uint64_t tick;
    struct text_masks masks;
    struct arena scratch;
    uint8_t *solid; // owned
    size_t solid_len;
    uint64_t last_id;
    bool has_ttf;
};

struct text_fonts *text_fonts_create(struct err *err)
{
    struct text_fonts *fonts = MEM_NEW(struct text_fonts);
    fonts->masks.max_bytes = MASK_BYTES_MAX;
    if (TTF_Init() != 0) {
        err_set(err, "%s", TTF_GetError());
        goto fail;
    }
    fonts->has_ttf = true;
    fonts->find = text_find_create(err);
    if (!fonts->find) {
        goto fail;
    }
    if (text_ascent_px(fonts, (struct text_style){TEXT_FACE_SANS, 16}) <= 0 ||
        !fonts->open[0].font) {
        err_set(err, "the font for plain text does not open: %s", TTF_GetError());
        goto fail;
    }
    return fonts;
fail:
    text_fonts_destroy(fonts);
    err_wrap(err, "cannot show text");
    return NULL;
}

void text_fonts_destroy(struct text_fonts *fonts)
{
    if (!fonts) {
        return;
    }
    text_masks_clear(&fonts->masks);
    for (size_t i = 0; i < fonts->open_count; i++) {
        if (fonts->open[i].font) {
            TTF_CloseFont(fonts->open[i].font);
        }
    }
    text_find_destroy(fonts->find);
    arena_deinit(&fonts->scratch);
    mem_free(fonts->solid);
    if (fonts->has_ttf) {
        TTF_Quit();
    }
    mem_free(fonts);
}

struct text_find *text_fonts_find(struct text_fonts *fonts)
{
    return fonts->find;
}

struct text_masks *text_fonts_masks(struct text_fonts *fonts)
{
    return &fonts->masks;
}

struct arena *text_fonts_scratch(struct text_fonts *fonts)
{
    return &fonts->scratch;
}

uint64_t text_fonts_next_id(struct text_fonts *fonts)
{
    return ++fonts->last_id;
}

const uint8_t *text_fonts_solid(struct text_fonts *fonts, size_t len)
{
    if (len > fonts->solid_len) {
        fonts->solid = mem_resize(fonts->solid, len, 1);
        for (size_t i = fonts->solid_len; i < len; i++) {
            fonts->solid[i] = 255;
        }
        fonts->solid_len = len;
    }
    return fonts->solid;
}

size_t text_fonts_mask_bytes(const struct text_fonts *fonts)
{
    return fonts->masks.bytes;
}

int text_size_px(float size_px)
{
    if (!(size_px > TEXT_SIZE_MIN)) { // not a number lands here too
        return TEXT_SIZE_MIN;
    }
    return size_px < TEXT_SIZE_MAX ? (int)(size_px + 0.5f) : TEXT_SIZE_MAX;
}

int text_emoji_height_px(int size_px)
{
    return (size_px * 5 + 2) / 4;
}

static void open_file(struct text_fonts *fonts, struct open_font *open)
{
    int face_idx;
    const char *path = text_find_path(fonts->find, open->file, &face_idx);
    open->font = TTF_OpenFontIndex(path, open->size_px, face_idx);
    if (!open->font) {
        return;
    }
    int style = (open->slant & TEXT_SLANT_ITALIC ? TTF_STYLE_ITALIC : 0) |
                (open->slant & TEXT_SLANT_BOLD ? TTF_STYLE_BOLD : 0);
    if (style) {
        TTF_SetFontStyle(open->font, style);
    }
    open->ascent_px = TTF_FontAscent(open->font);
    open->height_px = TTF_FontHeight(open->font);
}

// A free place, or that of the font not used for longest.
static size_t place_for_font(struct text_fonts *fonts)
{
    if (fonts->open_count < OPEN_MAX) {
        return fonts->open_count++;
    }
    size_t oldest = 0;
    for (size_t i = 1; i < OPEN_MAX; i++) {
        if (fonts->open[i].used < fonts->open[oldest].used) {
            oldest = i;
        }
    }
    if (fonts->open[oldest].font) {
        TTF_CloseFont(fonts->open[oldest].font);
    }
    return oldest;
}

static bool is_font(const struct open_font *open, const struct text_shape *shape)
{
    return open->file == shape->file && open->size_px == shape->size_px &&
           open->slant == shape->slant;
}

// One TTF_Font for each file, size and style: changing a live one flushes its glyphs.
static struct open_font *font_for(struct text_fonts *fonts, struct text_shape shape)
{
    if (shape.file == text_find_emoji(fonts->find)) {
        shape.size_px = EMOJI_OPEN_SIZE;
        shape.slant = 0;
    }
    size_t i = fonts->last_open;
    if (i >= fonts->open_count || !is_font(&fonts->open[i], &shape)) {
        for (i = 0; i < fonts->open_count && !is_font(&fonts->open[i], &shape); i++) {
        }
    }
    if (i == fonts->open_count) {
        i = place_for_font(fonts);
        fonts->open[i] =
            (struct open_font){.file = shape.file, .size_px = shape.size_px, .slant = shape.slant};
        open_file(fonts, &fonts->open[i]);
    }
    fonts->last_open = i;
    fonts->open[i].used = ++fonts->tick;
    return &fonts->open[i];
}

static const struct open_font *face_font(struct text_fonts *fonts, struct text_style style)
{
    struct text_shape shape = {.file = text_find_face(fonts->find, style.face),
                               .size_px = text_size_px(style.size_px)};
    return font_for(fonts, shape);
}

int text_line_height_px(struct text_fonts *fonts, struct text_style style)
{
    (void)fonts; // the same for each face, so that lines of mixed faces keep their rhythm
    return (int)((float)text_size_px(style.size_px) * LINE_HEIGHT + 0.5f);
}

int text_ascent_px(struct text_fonts *fonts, struct text_style style)
{
    const struct open_font *open = face_font(fonts, style);
    int line_height_px = text_line_height_px(fonts, style);
    return (line_height_px - open->height_px) / 2 + open->ascent_px;
}

static TTF_Font *prepare(struct text_fonts *fonts, const struct text_shape *shape,
                         const struct open_font **open)
{
    *open = font_for(fonts, *shape);
    TTF_Font *font = (*open)->font;
    if (font) {
        // Both are needed for joined letters; they fail only without HarfBuzz, where text stays
        // readable letter by letter.
        (void)TTF_SetFontDirection(font, shape->is_rtl ? TTF_DIRECTION_RTL : TTF_DIRECTION_LTR);
        (void)TTF_SetFontScriptName(font, text_script_tag(shape->script));
    }
    return font;
}

// How far the first glyph reaches left of the pen (<= 0) and the last one over its advance.
static void overhang(TTF_Font *font, const struct text_shape *shape,
                     const struct text_string *string, int *left, int *right)
{
    *left = *right = 0;
    if (shape->is_rtl || !text_script_is_simple(shape->script)) {
        return; // the glyphs at the ends are not those of the letters alone
    }
    int min_x, max_x, advance;
    if (TTF_GlyphMetrics32(font, string->first, &min_x, NULL, NULL, NULL, NULL) == 0) {
        *left = min_x < 0 ? min_x : 0;
    }
    if (TTF_GlyphMetrics32(font, string->last, NULL, &max_x, NULL, NULL, &advance) == 0) {
        *right = max_x > advance && advance > 0 ? max_x - advance : 0;
    }
}

int text_shape_advance(struct text_fonts *fonts, const struct text_shape *shape,
                       const struct text_string *string)
{
    const struct open_font *open;
    TTF_Font *font = prepare(fonts, shape, &open);
    int width, height;
    if (!font || !string->utf8[0] || TTF_SizeUTF8(font, string->utf8, &width, &height) != 0) {
        return 0;
    }
    if (shape->file == text_find_emoji(fonts->find)) {
        int to = text_emoji_height_px(shape->size_px);
        return height > 0 ? (width * to + height / 2) / height : 0;
    }
    int left, right;
    overhang(font, shape, string, &left, &right);
    int advance = width + left - right;
    return advance > 0 ? advance : 0;
}

static bool row_has_ink(const SDL_Surface *surface, int y)
{
    const uint8_t *row = (const uint8_t *)surface->pixels + (ptrdiff_t)y * surface->pitch;
    for (int x = 0; x < surface->w; x++) {
        if (row[x]) {
            return true;
        }
    }
    return false;
}

// The bytes of a Shaded surface are coverage; rows without ink are left out. A surface taller than
// the font grew where stacked marks stand: up, down or both.
static struct text_mask *mask_of(const SDL_Surface *surface, const struct open_font *open)
{
    int grown = surface->h > open->height_px ? surface->h - open->height_px : 0;
    int top = 0, bottom = surface->h;
    while (top < bottom && !row_has_ink(surface, top)) {
        top++;
    }
    while (bottom > top && !row_has_ink(surface, bottom - 1)) {
        bottom--;
    }
    int above = top > 0 ? 0 : bottom < surface->h ? grown : grown / 2;
    struct text_mask *mask = text_mask_create(surface->w, bottom - top, false);
    if (!mask) {
        return NULL;
    }
    mask->top_px = top - above - open->ascent_px;
    uint8_t *to = (uint8_t *)mask->pixels;
    for (int y = top; y < bottom; y++) {
        const uint8_t *from = (const uint8_t *)surface->pixels + (ptrdiff_t)y * surface->pitch;
        for (int x = 0; x < surface->w; x++) {
            *to++ = from[x];
        }
    }
    return mask;
}

struct text_mask *text_shape_render(struct text_fonts *fonts, const struct text_shape *shape,
                                    const struct text_string *string)
{
    const struct open_font *open;
    TTF_Font *font = prepare(fonts, shape, &open);
    if (!font || !string->utf8[0]) {
        return NULL;
    }
    SDL_Color white = {255, 255, 255, 255}, black = {0, 0, 0, 255};
    bool is_color = shape->file == text_find_emoji(fonts->find);
    SDL_Surface *surface = is_color ? TTF_RenderUTF8_Blended(font, string->utf8, white)
                                    : TTF_RenderUTF8_Shaded(font, string->utf8, white, black);
    if (!surface) {
        return NULL; // zero width
    }
    struct text_mask *mask;
    if (is_color) {
        mask = text_emoji_scale(surface, text_emoji_height_px(shape->size_px));
    } else {
        int left, right;
        overhang(font, shape, string, &left, &right);
        mask = mask_of(surface, open);
        if (mask) {
            mask->left_px = left;
        }
    }
    SDL_FreeSurface(surface);
    return mask;
}

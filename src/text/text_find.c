#include "text_find.h"

#include <stdio.h>
#include <string.h>

#include <fontconfig/fontconfig.h>

#include "map.h"
#include "mem.h"

#define PAGE_SIZE  256
#define PAGE_COUNT (0x110000 / PAGE_SIZE)
#define FILES_MAX  UINT16_MAX

struct file {
    char *path;       // owned
    FcCharSet *chars; // a reference of ours
    int face_idx;     // inside the file
};

// All other fonts in the order they are asked; made when first needed.
struct fallback {
    bool is_made;
    text_file_id *files; // owned
    size_t count;
    FcCharSet *chars; // what any of them has; owned
};

struct text_find {
    FcConfig *config;
    struct file *files; // files[0] is unused
    size_t count;
    struct map by_path; // "index:path" -> file id + 1 byte, as a pointer into ids
    text_file_id faces[TEXT_FACE_COUNT];
    text_file_id emoji;
    struct fallback fallbacks[2];                    // regular, bold
    text_file_id *memo[TEXT_FACE_COUNT][PAGE_COUNT]; // 0: not asked yet
};

struct wish {
    const char *families[4];
    int weight;
};

static const struct wish wishes[TEXT_FACE_COUNT] = {
    [TEXT_FACE_SANS] = {{"Inter", "Noto Sans", "DejaVu Sans", "sans-serif"}, FC_WEIGHT_REGULAR},
    [TEXT_FACE_BOLD] = {{"Inter", "Noto Sans", "DejaVu Sans", "sans-serif"}, FC_WEIGHT_DEMIBOLD},
    [TEXT_FACE_DISPLAY] = {{"Quicksand", "Inter", "Noto Sans", "sans-serif"}, FC_WEIGHT_BOLD},
    [TEXT_FACE_MONO] = {{"Noto Sans Mono", "DejaVu Sans Mono", "monospace", "Noto Sans"},
                        FC_WEIGHT_REGULAR},
};
static const struct wish fallback_wishes[2] = {
    {{"Noto Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "DejaVu Sans"}, FC_WEIGHT_REGULAR},
    {{"Noto Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "DejaVu Sans"}, FC_WEIGHT_DEMIBOLD},
};

// The id of the font a pattern names, entered once; 0 when the pattern is no use.
static text_file_id enter_file(struct text_find *find, FcPattern *pattern)
{
    FcChar8 *path = NULL;
    FcCharSet *chars = NULL;
    int face_idx = 0;
    if (FcPatternGetString(pattern, FC_FILE, 0, &path) != FcResultMatch ||
        FcPatternGetCharSet(pattern, FC_CHARSET, 0, &chars) != FcResultMatch) {
        return 0;
    }
    (void)FcPatternGetInteger(pattern, FC_INDEX, 0, &face_idx); // stays 0 when missing
    char key[4096];
    int len = snprintf(key, sizeof key, "%d:%s", face_idx, (const char *)path);
    if (len < 0 || (size_t)len >= sizeof key || find->count >= FILES_MAX) {
        return 0;
    }
    struct str name = {key, (size_t)len};
    const text_file_id *known = map_get(&find->by_path, name);
    if (known) {
        return *known;
    }
    find->files = mem_resize(find->files, find->count + 1, sizeof *find->files);
    find->files[find->count] =
        (struct file){mem_copy_text((const char *)path), FcCharSetCopy(chars), face_idx};
    text_file_id id = (text_file_id)find->count++;
    map_put(&find->by_path, name, mem_copy(&id, sizeof id));
    return id;
}

static FcPattern *wish_pattern(const struct text_find *find, const struct wish *wish)
{
    FcPattern *pattern = FcPatternCreate();
    for (size_t i = 0; i < sizeof wish->families / sizeof wish->families[0]; i++) {
        (void)FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)wish->families[i]);
    }
    // A wish that could not be added only makes the answer less close.
    (void)FcPatternAddInteger(pattern, FC_WEIGHT, wish->weight);
    (void)FcPatternAddInteger(pattern, FC_SLANT, FC_SLANT_ROMAN);
    (void)FcPatternAddBool(pattern, FC_SCALABLE, FcTrue);
    (void)FcPatternAddBool(pattern, FC_COLOR, FcFalse);
    (void)FcConfigSubstitute(find->config, pattern, FcMatchPattern);
    FcDefaultSubstitute(pattern);
    return pattern;
}

static bool is_true(FcPattern *pattern, const char *object)
{
    FcBool value = FcFalse;
    return FcPatternGetBool(pattern, object, 0, &value) == FcResultMatch && value == FcTrue;
}

static text_file_id match_face(struct text_find *find, const struct wish *wish)
{
    FcPattern *pattern = wish_pattern(find, wish);
    FcResult result;
    FcPattern *match = FcFontMatch(find->config, pattern, &result);
    text_file_id id = 0;
    if (match) {
        id = is_true(match, FC_COLOR) ? 0 : enter_file(find, match);
        FcPatternDestroy(match);
    }
    FcPatternDestroy(pattern);
    return id && text_find_has(find, id, 'a') ? id : 0;
}

// The colour font with the face U+1F600; Noto Color Emoji before others.
static text_file_id match_emoji(struct text_find *find)
{
    FcPattern *pattern = FcPatternCreate();
    (void)FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)"Noto Color Emoji");
    (void)FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)"emoji");
    (void)FcPatternAddBool(pattern, FC_COLOR, FcTrue);
    (void)FcConfigSubstitute(find->config, pattern, FcMatchPattern);
    FcDefaultSubstitute(pattern);
    FcResult result;
    FcPattern *match = FcFontMatch(find->config, pattern, &result);
    text_file_id id = 0;
    if (match) {
        id = is_true(match, FC_COLOR) ? enter_file(find, match) : 0;
        FcPatternDestroy(match);
    }
    FcPatternDestroy(pattern);
    return id && text_find_has(find, id, 0x1F600) ? id : 0;
}

struct text_find *text_find_create(struct err *err)
{
    struct text_find *find = MEM_NEW(struct text_find);
    find->files = MEM_NEW(struct file);
    find->count = 1;
    map_init(&find->by_path, (uintptr_t)find);
    find->config = FcInitLoadConfigAndFonts();
    if (!find->config) {
        err_set(err, "fontconfig does not start");
        goto fail;
    }
    for (int face = 0; face < TEXT_FACE_COUNT; face++) {
        find->faces[face] = match_face(find, &wishes[face]);
        if (!find->faces[face]) {
            find->faces[face] = find->faces[TEXT_FACE_SANS];
        }
    }
    if (!find->faces[TEXT_FACE_SANS]) {
        err_set(err, "no font for plain text is installed (try Inter or Noto Sans)");
        goto fail;
    }
    find->emoji = match_emoji(find);
    return find;
fail:
    text_find_destroy(find);
    return NULL;
}

void text_find_destroy(struct text_find *find)
{
    if (!find) {
        return;
    }
    size_t cursor = 0;
    struct str key;
    void *id;
    while (map_next(&find->by_path, &cursor, &key, &id)) {
        mem_free(id);
    }
    map_deinit(&find->by_path);
    for (size_t i = 1; i < find->count; i++) {
        mem_free(find->files[i].path);
        FcCharSetDestroy(find->files[i].chars);
    }
    mem_free(find->files);
    for (int i = 0; i < 2; i++) {
        mem_free(find->fallbacks[i].files);
        if (find->fallbacks[i].chars) {
            FcCharSetDestroy(find->fallbacks[i].chars);
        }
    }
    for (int face = 0; face < TEXT_FACE_COUNT; face++) {
        for (size_t page = 0; page < PAGE_COUNT; page++) {
            mem_free(find->memo[face][page]);
        }
    }
    if (find->config) {
        FcConfigDestroy(find->config);
    }
    mem_free(find);
}

text_file_id text_find_face(const struct text_find *find, enum text_face face)
{
    return find->faces[face];
}

text_file_id text_find_emoji(const struct text_find *find)
{
    return find->emoji;
}

bool text_find_has(const struct text_find *find, text_file_id file, uint32_t code_point)
{
    return file && FcCharSetHasChar(find->files[file].chars, code_point);
}

const char *text_find_path(const struct text_find *find, text_file_id file, int *face_idx)
{
    *face_idx = find->files[file].face_idx;
    return find->files[file].path;
}

static bool is_noto_sans(FcPattern *pattern)
{
    FcChar8 *family = NULL;
    return FcPatternGetString(pattern, FC_FAMILY, 0, &family) == FcResultMatch &&
           strncmp((const char *)family, "Noto Sans", 9) == 0;
}

// Takes the fonts of the set that are Noto Sans, or those that are not.
static void take_fonts(struct text_find *find, struct fallback *fallback, const FcFontSet *set,
                       bool noto)
{
    for (int i = 0; i < set->nfont; i++) {
        FcPattern *font = set->fonts[i];
        if (is_noto_sans(font) != noto || is_true(font, FC_COLOR) || !is_true(font, FC_SCALABLE)) {
            continue;
        }
        text_file_id id = enter_file(find, font);
        if (id) {
            FcBool changed;
            fallback->files[fallback->count++] = id;
            (void)FcCharSetMerge(fallback->chars, find->files[id].chars, &changed); // or less
        }
    }
}

static const struct fallback *fallback_of(struct text_find *find, enum text_face face)
{
    bool bold = face == TEXT_FACE_BOLD || face == TEXT_FACE_DISPLAY;
    struct fallback *fallback = &find->fallbacks[bold];
    if (fallback->is_made) {
        return fallback;
    }
    fallback->is_made = true;
    fallback->chars = FcCharSetCreate();
    FcPattern *pattern = wish_pattern(find, &fallback_wishes[bold]);
    FcResult result;
    FcFontSet *set = FcFontSort(find->config, pattern, FcFalse, NULL, &result);
    if (set) {
        fallback->files = mem_alloc_array((size_t)set->nfont + 1, sizeof *fallback->files);
        // Noto Sans has a face for nearly every script, made to stand beside the others.
        take_fonts(find, fallback, set, true);
        take_fonts(find, fallback, set, false);
        FcFontSetDestroy(set);
    }
    FcPatternDestroy(pattern);
    return fallback;
}

static text_file_id ask_all(struct text_find *find, enum text_face face, uint32_t code_point)
{
    text_file_id own = find->faces[face];
    if (text_find_has(find, own, code_point)) {
        return own;
    }
    if (text_find_has(find, find->faces[TEXT_FACE_SANS], code_point) && face != TEXT_FACE_BOLD &&
        face != TEXT_FACE_DISPLAY) {
        return find->faces[TEXT_FACE_SANS];
    }
    const struct fallback *fallback = fallback_of(find, face);
    // Text of characters that no font has must not walk through all fonts for each.
    if (fallback->chars && FcCharSetHasChar(fallback->chars, code_point)) {
        for (size_t i = 0; i < fallback->count; i++) {
            if (text_find_has(find, fallback->files[i], code_point)) {
                return fallback->files[i];
            }
        }
    }
    return text_find_has(find, find->emoji, code_point) ? find->emoji : own;
}

text_file_id text_find_char(struct text_find *find, enum text_face face, uint32_t code_point)
{
    if (code_point >= 0x110000) {
        return find->faces[face];
    }
    text_file_id **page = &find->memo[face][code_point / PAGE_SIZE];
    if (!*page) {
        *page = mem_alloc_array(PAGE_SIZE, sizeof **page);
    }
    text_file_id *known = &(*page)[code_point % PAGE_SIZE];
    if (!*known) {
        *known = ask_all(find, face, code_point);
    }
    return *known;
}

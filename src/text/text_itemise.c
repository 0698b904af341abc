#include "text_itemise.h"

#include <fribidi.h>
#include <utf8proc.h>

#include "arena.h"
#include "check.h"
#include "mem.h"
#include "text_chars.h"
#include "utf8.h"

enum char_marks {
    CHAR_CLUSTER = 1, // a cluster starts here
    CHAR_HIDDEN = 2,
    CHAR_PARAGRAPH_RTL = 4,
};

struct text_char {
    uint32_t code_point;
    uint32_t at; // bytes
    uint32_t color;
    text_file_id file;
    uint8_t attr;
    uint8_t level;
    uint8_t script;
    uint8_t marks;
};

struct itemiser {
    const struct text_layout *layout;
    const struct text_spec *spec;
    struct text_find *find;
    struct arena *arena;
    struct text_char *chars;
    size_t count;
    bool has_rtl;
    struct text_unit *units; // owned until handed out
    size_t unit_count;
    size_t unit_size;
    size_t clusters; // in the last unit
};

// What stands before the cluster at hand, for the rules of breaking.
struct context {
    uint32_t before;        // last shown code point, 0 at the start of a line
    uint32_t before_before; // and the one before it
    bool may_break;         // a zero-width space stood here
    bool before_is_color;
};

static void decode(struct itemiser *it)
{
    struct str text = it->layout->text;
    it->chars = arena_alloc(it->arena, (text.len + 1) * sizeof *it->chars);
    const struct text_attr *attr = it->spec->attrs;
    size_t attrs_left = it->spec->attr_count;
    size_t attr_end = attrs_left ? attr->len : 0;
    for (size_t at = 0; at < text.len;) {
        while (attrs_left && at >= attr_end) {
            attrs_left--;
            attr++;
            // A length from outside may be anything; the sum must not wrap round.
            attr_end = !attrs_left                       ? 0
                       : attr->len < SIZE_MAX - attr_end ? attr_end + attr->len
                                                         : SIZE_MAX;
        }
        size_t len;
        struct text_char *c = &it->chars[it->count++];
        c->code_point = utf8_decode(text, at, &len);
        c->at = (uint32_t)at;
        c->attr = attrs_left ? (uint8_t)attr->flags : 0;
        c->color = attrs_left ? attr->color : TEXT_COLOR_DEFAULT;
        c->marks = text_char_is_hidden(c->code_point) ? CHAR_HIDDEN : 0;
        it->has_rtl |= text_char_is_rtl(c->code_point);
        at += len;
    }
    it->chars[it->count].at = (uint32_t)text.len;
}

static void mark_clusters(struct itemiser *it)
{
    utf8proc_int32_t state = 0;
    for (size_t i = 0; i < it->count; i++) {
        uint32_t before = i ? it->chars[i - 1].code_point : '\n', here = it->chars[i].code_point;
        bool plain = before >= 0x20 && before < 0x7F && here >= 0x20 && here < 0x7F;
        if (plain) {
            state = 0;
        }
        if (plain || utf8proc_grapheme_break_stateful((utf8proc_int32_t)before,
                                                      (utf8proc_int32_t)here, &state)) {
            it->chars[i].marks |= CHAR_CLUSTER;
        }
    }
    if (it->count) {
        it->chars[0].marks |= CHAR_CLUSTER;
    }
}

// Levels of one paragraph. Bidi controls take part as nothing at all.
static void level_paragraph(struct itemiser *it, size_t from, size_t to)
{
    size_t count = to - from;
    FriBidiChar *chars = arena_alloc(it->arena, (count + 1) * sizeof *chars);
    FriBidiCharType *types = arena_alloc(it->arena, (count + 1) * sizeof *types);
    FriBidiBracketType *brackets = arena_alloc(it->arena, (count + 1) * sizeof *brackets);
    FriBidiLevel *levels = arena_alloc(it->arena, (count + 1) * sizeof *levels);
    for (size_t i = 0; i < count; i++) {
        const struct text_char *c = &it->chars[from + i];
        chars[i] = c->marks & CHAR_HIDDEN ? 0x200B : c->code_point;
    }
    FriBidiStrIndex len = (FriBidiStrIndex)count;
    FriBidiParType direction = FRIBIDI_PAR_ON;
    fribidi_get_bidi_types(chars, len, types);
    fribidi_get_bracket_types(chars, len, types, brackets);
    if (!fribidi_get_par_embedding_levels_ex(types, brackets, len, &direction, levels)) {
        return; // out of memory: left to right
    }
    for (size_t i = 0; i < count; i++) {
        struct text_char *c = &it->chars[from + i];
        c->level = (uint8_t)levels[i];
        c->marks |= FRIBIDI_IS_RTL(direction) ? CHAR_PARAGRAPH_RTL : 0;
    }
}

static void level_all(struct itemiser *it)
{
    if (!it->has_rtl) {
        return; // most text; levels stay 0
    }
    for (size_t from = 0; from < it->count;) {
        size_t to = from;
        while (to < it->count && it->chars[to].code_point != '\n') {
            to++;
        }
        if (to > from) {
            level_paragraph(it, from, to);
        }
        if (to < it->count) {
            it->chars[to].marks |= to > from ? it->chars[to - 1].marks & CHAR_PARAGRAPH_RTL : 0;
        }
        from = to + 1;
    }
}

// Marks, digits and punctuation take the script before them, at the start the one after.
static void resolve_scripts(struct itemiser *it)
{
    uint8_t script = TEXT_SCRIPT_COMMON;
    size_t first_known = it->count;
    for (size_t i = 0; i < it->count; i++) {
        uint8_t own = text_char_script(it->chars[i].code_point);
        if (own != TEXT_SCRIPT_COMMON) {
            script = own;
            first_known = first_known < i ? first_known : i;
        }
        it->chars[i].script = script;
    }
    for (size_t i = 0; i < first_known && first_known < it->count; i++) {
        it->chars[i].script = it->chars[first_known].script;
    }
}

static enum text_face face_of(const struct itemiser *it, uint8_t attr)
{
    enum text_face face = it->spec->style.face;
    if (attr & TEXT_MONO) {
        return TEXT_FACE_MONO;
    }
    return attr & TEXT_BOLD && face == TEXT_FACE_SANS ? TEXT_FACE_BOLD : face;
}

static uint8_t slant_of(const struct itemiser *it, uint8_t attr)
{
    bool bold = attr & TEXT_BOLD && face_of(it, attr) == TEXT_FACE_MONO; // has no bold file
    return (uint8_t)((attr & TEXT_ITALIC ? TEXT_SLANT_ITALIC : 0) | (bold ? TEXT_SLANT_BOLD : 0));
}

static bool is_color_cluster(const struct itemiser *it, const struct text_char *chars, size_t count)
{
    uint32_t base = chars[0].code_point;
    bool wanted = text_char_is_emoji(base);
    for (size_t i = 1; i < count; i++) {
        uint32_t code_point = chars[i].code_point;
        if (code_point == 0xFE0E) {
            return false;
        }
        wanted |= code_point == 0xFE0F || code_point == 0x20E3;
    }
    return wanted && text_find_has(it->find, text_find_emoji(it->find), base);
}

// One font for all of a cluster: letters and their marks must be shaped together.
static text_file_id file_of_cluster(const struct itemiser *it, const struct text_char *chars,
                                    size_t count)
{
    uint32_t base = chars[0].code_point;
    enum text_face face = face_of(it, chars[0].attr);
    if ((count > 1 || base >= 0x231A) && is_color_cluster(it, chars, count)) {
        return text_find_emoji(it->find);
    }
    text_file_id file = text_char_is_space(base) || chars[0].marks & CHAR_HIDDEN
                            ? text_find_face(it->find, face)
                            : text_find_char(it->find, face, base);
    for (size_t i = 1; i < count && i < TEXT_CLUSTER_CODES; i++) {
        uint32_t mark = chars[i].code_point;
        if (chars[i].marks & CHAR_HIDDEN || text_char_is_joiner(mark) ||
            text_find_has(it->find, file, mark)) {
            continue;
        }
        text_file_id other = text_find_char(it->find, face, mark);
        if (text_find_has(it->find, other, base)) {
            return other;
        }
    }
    return file;
}

static bool may_break_before(const struct context *context, uint32_t here, bool is_color)
{
    uint32_t before = context->before;
    if (before == 0) {
        return false;
    }
    if (context->may_break || text_char_is_space(before)) {
        return true;
    }
    if (text_char_no_start(here) || text_char_no_end(before)) {
        return false;
    }
    if (text_char_is_cjk(here) || text_char_is_cjk(before) || is_color ||
        context->before_is_color) {
        return true;
    }
    bool here_is_digit = here >= '0' && here <= '9';
    return text_char_breaks_after(before) && text_char_is_word(context->before_before) &&
           text_char_is_word(here) && !here_is_digit;
}

static struct text_unit *add_unit(struct itemiser *it, const struct text_char *c, uint8_t flags)
{
    if (it->unit_count == it->unit_size) {
        it->unit_size = it->unit_size ? it->unit_size * 2 : 32;
        it->units = mem_resize(it->units, it->unit_size, sizeof *it->units);
    }
    check(it->units);
    struct text_unit *unit = &it->units[it->unit_count++];
    *unit = (struct text_unit){.start = c->at,
                               .advance_px = -1,
                               .color = c->color,
                               .file = c->file,
                               .level = c->level,
                               .script = c->script,
                               .attr = c->attr,
                               .slant = slant_of(it, c->attr),
                               .flags = flags};
    if (c->marks & CHAR_PARAGRAPH_RTL) {
        unit->flags |= TEXT_UNIT_RTL;
    }
    it->clusters = 0;
    return unit;
}

static bool belongs(const struct itemiser *it, const struct text_char *c, uint8_t kind)
{
    const struct text_unit *unit = &it->units[it->unit_count - 1];
    const uint8_t kinds = TEXT_UNIT_SPACE | TEXT_UNIT_NEWLINE | TEXT_UNIT_SPLIT;
    return it->clusters < TEXT_UNIT_CLUSTERS && (unit->flags & kinds) == kind &&
           unit->file == c->file && unit->level == c->level && unit->script == c->script &&
           unit->attr == c->attr && unit->color == c->color;
}

static void add_newline(struct itemiser *it, const struct text_char *c, uint32_t end,
                        struct context *context)
{
    struct text_unit *unit = add_unit(it, c, TEXT_UNIT_NEWLINE | TEXT_UNIT_BLANK);
    unit->end = end;
    unit->advance_px = 0;
    *context = (struct context){0};
}

// Nothing to see: it joins what stands there, or is a unit of its own at the start.
static void add_hidden(struct itemiser *it, const struct text_char *c, uint32_t end,
                       struct context *context)
{
    const struct text_unit *last = it->unit_count ? &it->units[it->unit_count - 1] : NULL;
    if (!last || last->flags & TEXT_UNIT_NEWLINE || it->clusters >= TEXT_UNIT_CLUSTERS) {
        add_unit(it, c, 0);
    }
    it->units[it->unit_count - 1].end = end;
    it->clusters++;
    context->may_break |= c->code_point == 0x200B;
}

static void add_shown(struct itemiser *it, struct text_char *c, size_t count,
                      struct context *context)
{
    uint32_t here = c->code_point;
    c->file = file_of_cluster(it, c, count);
    bool is_color = c->file == text_find_emoji(it->find);
    uint8_t kind = text_char_is_space(here)              ? TEXT_UNIT_SPACE
                   : text_char_is_cjk(here) && !is_color ? TEXT_UNIT_SPLIT
                                                         : 0;
    bool breaks = !(kind & TEXT_UNIT_SPACE) && may_break_before(context, here, is_color);
    bool inside_split = kind & TEXT_UNIT_SPLIT && text_char_is_cjk(context->before);
    if (!it->unit_count || is_color || context->before_is_color || !belongs(it, c, kind) ||
        (breaks && !inside_split)) {
        add_unit(it, c, (uint8_t)(kind | (breaks ? TEXT_UNIT_BREAK : 0)));
    }
    it->units[it->unit_count - 1].end = c[count].at;
    it->clusters++;
    context->before_before = context->before;
    context->before = here;
    context->before_is_color = is_color;
    context->may_break = false;
}

struct text_unit *text_itemise(const struct text_layout *layout, const struct text_spec *spec,
                               size_t *count)
{
    struct itemiser it = {.layout = layout,
                          .spec = spec,
                          .find = text_fonts_find(layout->fonts),
                          .arena = text_fonts_scratch(layout->fonts)};
    decode(&it);
    mark_clusters(&it);
    level_all(&it);
    resolve_scripts(&it);
    struct context context = {0};
    for (size_t i = 0; i < it.count;) {
        size_t next = i + 1;
        while (next < it.count && !(it.chars[next].marks & CHAR_CLUSTER)) {
            next++;
        }
        struct text_char *c = &it.chars[i];
        if (it.chars[next - 1].code_point == '\n') { // or \r\n
            add_newline(&it, c, it.chars[next].at, &context);
        } else if (c->marks & CHAR_HIDDEN) {
            c->file = text_find_face(it.find, face_of(&it, c->attr));
            add_hidden(&it, c, it.chars[next].at, &context);
        } else {
            add_shown(&it, c, next - i, &context);
        }
        i = next;
    }
    *count = it.unit_count;
    return it.units;
}

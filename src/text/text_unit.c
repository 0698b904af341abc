#include "text_unit.h"

#include <utf8proc.h>

#include "check.h"
#include "text_chars.h"
#include "utf8.h"

#define ELLIPSIS   0x2026u
#define TAB_SPACES 4

static bool is_plain(uint32_t code_point)
{
    return code_point >= 0x20 && code_point < 0x7F;
}

size_t text_cluster_end(struct str text, size_t at)
{
    utf8proc_int32_t state = 0;
    size_t len;
    uint32_t before = utf8_decode(text, at, &len);
    at += len;
    while (at < text.len) {
        uint32_t code_point = utf8_decode(text, at, &len);
        if ((is_plain(before) && is_plain(code_point)) ||
            utf8proc_grapheme_break_stateful((utf8proc_int32_t)before, (utf8proc_int32_t)code_point,
                                             &state)) {
            return at;
        }
        before = code_point;
        at += len;
    }
    return at;
}

struct text_shape text_unit_shape(const struct text_layout *layout, const struct text_unit *unit)
{
    return (struct text_shape){.file = unit->file,
                               .size_px = layout->size_px,
                               .slant = unit->slant,
                               .script = unit->script,
                               .is_rtl = unit->level & 1};
}

// Appends the shown code points of text[at..end) and says which were first and last.
static size_t read_cluster(struct str text, size_t at, struct text_cluster *cluster, char *out)
{
    size_t written = 0;
    for (size_t shown = 0; at < cluster->end && shown < TEXT_CLUSTER_CODES;) {
        size_t len;
        uint32_t code_point = utf8_decode(text, at, &len);
        at += len;
        if (text_char_is_hidden(code_point)) {
            continue;
        }
        shown++;
        int times = code_point == '\t' ? TAB_SPACES : 1;
        code_point = code_point == '\t' ? ' ' : code_point;
        cluster->first = cluster->first ? cluster->first : code_point;
        cluster->last = code_point;
        for (int i = 0; i < times; i++) {
            written += utf8_encode(code_point, out + written);
        }
    }
    return written;
}

void text_unit_read(const struct text_layout *layout, const struct text_unit *unit,
                    struct text_unit_string *out)
{
    size_t len = 0;
    out->count = 0;
    if (unit->flags & TEXT_UNIT_ELLIPSIS) {
        len = utf8_encode(ELLIPSIS, out->utf8);
        out->clusters[out->count++] = (struct text_cluster){ELLIPSIS, ELLIPSIS, unit->end, len};
    }
    struct str text = str_range(layout->text, 0, unit->end);
    for (size_t at = unit->start; at < unit->end;) {
        check(out->count < TEXT_UNIT_CLUSTERS);
        struct text_cluster *cluster = &out->clusters[out->count++];
        *cluster = (struct text_cluster){.end = (uint32_t)text_cluster_end(text, at)};
        len += read_cluster(text, at, cluster, out->utf8 + len);
        cluster->len = len;
        at = cluster->end;
    }
    out->utf8[len] = '\0';
}

int text_unit_prefix_px(const struct text_layout *layout, const struct text_unit *unit,
                        struct text_unit_string *string, size_t count)
{
    struct text_string part = {string->utf8, 0, 0};
    for (size_t i = 0; i < count; i++) {
        const struct text_cluster *cluster = &string->clusters[i];
        part.first = part.first ? part.first : cluster->first;
        part.last = cluster->last ? cluster->last : part.last;
    }
    if (count == 0 || part.first == 0) {
        return 0;
    }
    struct text_shape shape = text_unit_shape(layout, unit);
    char *cut = string->utf8 + string->clusters[count - 1].len;
    char kept = *cut;
    *cut = '\0';
    int advance = text_shape_advance(layout->fonts, &shape, &part);
    *cut = kept;
    return advance;
}

int text_unit_advance(const struct text_layout *layout, struct text_unit *unit)
{
    if (unit->advance_px < 0) {
        struct text_unit_string string;
        text_unit_read(layout, unit, &string);
        if (string.utf8[0] == '\0') {
            unit->flags |= TEXT_UNIT_BLANK;
        }
        unit->advance_px = text_unit_prefix_px(layout, unit, &string, string.count);
    }
    return unit->advance_px;
}

struct text_mask *text_unit_render(const struct text_layout *layout, const struct text_unit *unit)
{
    struct text_unit_string string;
    text_unit_read(layout, unit, &string);
    struct text_string all = {string.utf8, 0, 0};
    for (size_t i = 0; i < string.count; i++) {
        const struct text_cluster *cluster = &string.clusters[i];
        all.first = all.first ? all.first : cluster->first;
        all.last = cluster->last ? cluster->last : all.last;
    }
    struct text_shape shape = text_unit_shape(layout, unit);
    return text_shape_render(layout->fonts, &shape, &all);
}

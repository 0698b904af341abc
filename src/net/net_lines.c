// Line framing.
#include "net_lines.h"

#define CHUNK_MAX ((size_t)64 * 1024) // a read may bring several lines at once

void net_lines_init(struct net_lines *lines, size_t line_max)
{
    *lines = (struct net_lines){.line_max = line_max};
    buf_init(&lines->pending, line_max + 2 + CHUNK_MAX);
}

void net_lines_deinit(struct net_lines *lines)
{
    buf_deinit(&lines->pending);
}

static void drop_given(struct net_lines *lines)
{
    if (lines->given) {
        buf_consume(&lines->pending, lines->given);
        lines->given = 0;
        if (lines->pending.len == 0) {
            buf_deinit(&lines->pending); // one who says nothing costs nothing
        }
    }
}

bool net_lines_feed(struct net_lines *lines, struct str bytes)
{
    drop_given(lines);
    if (!buf_append(&lines->pending, bytes)) {
        return false;
    }
    size_t at = 0;
    struct str fresh = str_range(buf_str(&lines->pending), lines->scanned, lines->pending.len);
    bool has_end = str_find_char(fresh, '\n', &at);
    size_t first = has_end ? lines->scanned + at : lines->pending.len;
    return first <= lines->line_max + 1; // a CR may stand before the LF
}

bool net_lines_next(struct net_lines *lines, struct str *out)
{
    drop_given(lines);
    struct str all = buf_str(&lines->pending);
    size_t at = 0;
    if (!str_find_char(str_range(all, lines->scanned, all.len), '\n', &at)) {
        lines->scanned = all.len;
        return false;
    }
    size_t end = lines->scanned + at;
    lines->scanned = 0;
    lines->given = end + 1;
    *out = str_range(all, 0, end > 0 && all.data[end - 1] == '\r' ? end - 1 : end);
    return true;
}

struct str net_lines_rest(const struct net_lines *lines)
{
    return str_range(buf_str(&lines->pending), lines->given, lines->pending.len);
}

void net_lines_drop_rest(struct net_lines *lines)
{
    buf_clear(&lines->pending);
    lines->scanned = 0;
    lines->given = 0;
}

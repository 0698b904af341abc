// UTF-8 after RFC 3629: overlong forms, surrogates and cut sequences are invalid.
#include "utf8.h"

#include "buf.h"

static bool is_continuation(struct str s, size_t at)
{
    return at < s.len && ((unsigned char)s.data[at] & 0xC0u) == 0x80u;
}

static uint32_t byte_at(struct str s, size_t at)
{
    return (unsigned char)s.data[at];
}

uint32_t utf8_decode(struct str s, size_t at, size_t *len)
{
    uint32_t lead = byte_at(s, at);
    *len = 1;
    if (lead < 0x80) {
        return lead;
    }
    size_t need = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4) {
        return UTF8_REPLACEMENT;
    }
    uint32_t value = lead & (0x3Fu >> need);
    for (size_t i = 1; i <= need; i++) {
        if (!is_continuation(s, at + i)) {
            return UTF8_REPLACEMENT;
        }
        value = value << 6 | (byte_at(s, at + i) & 0x3Fu);
    }
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (value < least[need] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return UTF8_REPLACEMENT;
    }
    *len = need + 1;
    return value;
}

size_t utf8_encode(uint32_t code_point, char out[4])
{
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
        code_point = UTF8_REPLACEMENT;
    }
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code_point >> 18);
    out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code_point & 0x3F));
    return 4;
}

static bool is_invalid_at(struct str s, size_t at, size_t len, uint32_t code_point)
{
    return code_point == UTF8_REPLACEMENT && len == 1 && byte_at(s, at) >= 0x80;
}

bool utf8_is_valid(struct str s)
{
    size_t len = 0;
    for (size_t at = 0; at < s.len; at += len) {
        uint32_t code_point = utf8_decode(s, at, &len);
        if (is_invalid_at(s, at, len, code_point)) {
            return false;
        }
    }
    return true;
}

size_t utf8_count(struct str s)
{
    size_t count = 0;
    size_t len = 0;
    for (size_t at = 0; at < s.len; at += len) {
        (void)utf8_decode(s, at, &len); // only its length matters here
        count++;
    }
    return count;
}

size_t utf8_cut(struct str s, size_t max)
{
    if (s.len <= max) {
        return s.len;
    }
    size_t at = max;
    // Four steps at most: a longer run of continuation bytes is no sequence at all.
    for (int back = 0; back < 3 && at > 0 && is_continuation(s, at); back++) {
        at--;
    }
    return is_continuation(s, at) ? max : at;
}

size_t utf8_prev(struct str s, size_t at)
{
    size_t from = at - 1;
    for (int back = 0; back < 3 && from > 0 && is_continuation(s, from); back++) {
        from--;
    }
    size_t len = 0;
    (void)utf8_decode(s, from, &len); // only its length matters here
    return from + len == at ? from : at - 1;
}

size_t utf8_next(struct str s, size_t at)
{
    size_t len = 0;
    if (at >= s.len) {
        return s.len;
    }
    (void)utf8_decode(s, at, &len); // only its length matters here
    return at + len;
}

static bool is_kept_control(uint32_t c, unsigned flags)
{
    static const uint32_t format = 1u << 0x02 | 1u << 0x03 | 1u << 0x04 | 1u << 0x0F | 1u << 0x11 |
                                   1u << 0x16 | 1u << 0x1D | 1u << 0x1E | 1u << 0x1F;
    if (c >= 0x20) {
        return c != 0x7F && !(c >= 0x80 && c <= 0x9F);
    }
    return ((flags & UTF8_KEEP_FORMAT) && (format >> c & 1)) ||
           ((flags & UTF8_KEEP_NEWLINE) && c == '\n') || ((flags & UTF8_KEEP_CTCP) && c == 1);
}

// Bytes of printable ASCII from there on.
static size_t count_printable(struct str s, size_t at)
{
    size_t from = at;
    while (at < s.len && s.data[at] >= ' ' && s.data[at] < 0x7F) {
        at++;
    }
    return at - from;
}

bool utf8_clean(struct buf *out, struct str s, unsigned flags)
{
    size_t len = 0;
    for (size_t at = 0; at < s.len; at += len) {
        size_t room = buf_room(out);
        len = count_printable(s, at); // as it is, in one piece: most text is nothing else
        (void)buf_append(out, str_range(s, at, at + (len < room ? len : room))); // it fits
        if (len > room) {
            return false;
        }
        if (len > 0) {
            continue;
        }
        uint32_t c = utf8_decode(s, at, &len);
        if (c == '\t') {
            c = ' ';
        }
        if (!is_kept_control(c, flags)) {
            continue;
        }
        char bytes[4];
        size_t count = utf8_encode(c, bytes);
        if (!buf_append(out, (struct str){bytes, count})) {
            return false;
        }
    }
    return true;
}

bool utf8_is_bidi_control(uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
           c == 0x200F || c == 0x061C;
}

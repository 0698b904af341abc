// Views of bytes.
#include "str.h"

#include <string.h>

#include "mem.h"
#include "utf8.h"

struct str str_from(const char *text)
{
    return (struct str){text, text ? strlen(text) : 0};
}

struct str str_range(struct str s, size_t from, size_t to)
{
    if (to > s.len) {
        to = s.len;
    }
    if (from > to) {
        from = to;
    }
    return (struct str){s.data ? s.data + from : NULL, to - from};
}

bool str_eq(struct str a, struct str b)
{
    // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): data is NULL only when len is 0
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

char char_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    return a.len == b.len && str_starts_nocase(a, b);
}

int str_compare(struct str a, struct str b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.data, b.data, common) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
    return str_eq(str_range(s, 0, prefix.len), prefix);
}

bool str_starts_nocase(struct str s, struct str prefix)
{
    if (s.len < prefix.len) {
        return false;
    }
    for (size_t i = 0; i < prefix.len; i++) {
        if (char_lower(s.data[i]) != char_lower(prefix.data[i])) {
            return false;
        }
    }
    return true;
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_range(s, s.len - suffix.len, s.len), suffix);
}

bool str_find(struct str s, struct str needle, size_t *at)
{
    for (size_t i = 0; i + needle.len <= s.len; i++) {
        if (str_eq(str_range(s, i, i + needle.len), needle)) {
            *at = i;
            return true;
        }
    }
    return false;
}

bool str_find_char(struct str s, char c, size_t *at)
{
    const char *hit = s.len ? memchr(s.data, c, s.len) : NULL;
    if (hit) {
        *at = (size_t)(hit - s.data);
    }
    return hit != NULL;
}

struct str str_trim(struct str s)
{
    size_t from = 0;
    size_t to = s.len;
    while (from < to && (s.data[from] == ' ' || s.data[from] == '\t')) {
        from++;
    }
    while (to > from && (s.data[to - 1] == ' ' || s.data[to - 1] == '\t')) {
        to--;
    }
    return str_range(s, from, to);
}

bool str_next(struct str *rest, char separator, struct str *part)
{
    if (rest->len == 0) {
        return false;
    }
    size_t at = rest->len;
    bool found = str_find_char(*rest, separator, &at);
    *part = str_range(*rest, 0, at);
    *rest = str_range(*rest, found ? at + 1 : at, rest->len);
    return true;
}

bool str_to_int_in(struct str s, int64_t min, int64_t max, int64_t *out)
{
    int64_t value = 0;
    return str_to_int(s, &value) && value >= min && value <= max && (*out = value, true);
}

bool str_to_int(struct str s, int64_t *out)
{
    bool negative = s.len > 0 && s.data[0] == '-';
    size_t digits = s.len - (negative ? 1 : 0);
    if (digits == 0 || digits > 18) { // 18 digits always fit
        return false;
    }
    int64_t value = 0;
    for (size_t i = negative ? 1 : 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9') {
            return false;
        }
        value = value * 10 + (s.data[i] - '0');
    }
    *out = negative ? -value : value;
    return true;
}

uint64_t str_hash(struct str s)
{
    uint64_t hash = 14695981039346656037ULL;
    for (size_t i = 0; i < s.len; i++) {
        hash = (hash ^ (unsigned char)s.data[i]) * 1099511628211ULL;
    }
    return hash;
}

char *str_dup(struct str s)
{
    char *copy = mem_alloc(s.len + 1);
    if (s.len) {
        memcpy(copy, s.data, s.len);
    }
    return copy;
}

bool str_copy(char *out, size_t size, struct str s)
{
    size_t len = s.len < size ? s.len : utf8_cut(s, size - 1);
    if (len) {
        memmove(out, s.data, len);
    }
    out[len] = '\0';
    return len == s.len;
}

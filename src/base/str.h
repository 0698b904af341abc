// A view of bytes: pointer and length, no ownership, no terminating NUL.
//
// A view lives no longer than the memory it points into; who hands one out says how long.
// An empty view may have data NULL. Case-insensitive comparison is ASCII only.
#ifndef STR_H
#define STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *data;
    size_t len;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_INIT(literal)                                                                          \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }                                     // for static tables
#define STR_ARG(s) (int)(s).len, (s).data // for "%.*s"

struct str str_from(const char *text);                      // NULL gives an empty view
struct str str_range(struct str s, size_t from, size_t to); // clamped
bool str_eq(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b);
int str_compare(struct str a, struct str b); // like memcmp, shorter first
bool str_starts(struct str s, struct str prefix);
bool str_starts_nocase(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_find(struct str s, struct str needle, size_t *at); // first occurrence
bool str_find_char(struct str s, char c, size_t *at);
struct str str_trim(struct str s); // spaces and tabs, both ends
// Takes what stands before `separator` off the front of *rest. false when *rest was empty.
bool str_next(struct str *rest, char separator, struct str *part);
// Whole view as a decimal number; false on anything else or out of range.
bool str_to_int(struct str s, int64_t *out);
bool str_to_int_in(struct str s, int64_t min, int64_t max, int64_t *out);
uint64_t str_hash(struct str s); // FNV-1a, same on every machine: for no key that a peer picks
char *str_dup(struct str s);     // NUL-terminated, caller frees with mem_free
// Copies as much as fits with a NUL; false when cut. A cut never splits a UTF-8 sequence.
bool str_copy(char *out, size_t size, struct str s);
char char_lower(char c); // ASCII

#endif

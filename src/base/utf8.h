// UTF-8: decode, validate, cut and clean (RFC 3629).
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

#define UTF8_REPLACEMENT 0xFFFDu

struct buf;

// Decodes the code point at `at` (at < s.len) and stores its length (1..4). An invalid byte gives
// UTF8_REPLACEMENT with length 1.
uint32_t utf8_decode(struct str s, size_t at, size_t *len);
// Writes 1..4 bytes to out, returns how many. Surrogates and beyond U+10FFFF become U+FFFD.
size_t utf8_encode(uint32_t code_point, char out[4]);
bool utf8_is_valid(struct str s);
size_t utf8_count(struct str s); // code points, invalid bytes count one each
// Largest length <= max that does not split a sequence.
size_t utf8_cut(struct str s, size_t max);
// Start of the code point before `at` (at > 0), and end of the one at `at`.
size_t utf8_prev(struct str s, size_t at);
size_t utf8_next(struct str s, size_t at);

enum utf8_clean_flags {
    UTF8_KEEP_FORMAT = 1,  // keep IRC formatting bytes 02 03 04 0F 11 16 1D 1E 1F
    UTF8_KEEP_NEWLINE = 2, // keep \n
    UTF8_KEEP_CTCP = 4,    // keep 01
};
// Appends s with invalid bytes as U+FFFD, tabs as one space and without control characters
// (C0, DEL, C1). false when the buffer's ceiling cut it.
bool utf8_clean(struct buf *out, struct str s, unsigned flags);
// True for bidi overrides, embeddings, isolates and marks (U+202A..202E, 2066..2069, 200E, 200F,
// 061C): harmless in no name, and made visible or dropped in text.
bool utf8_is_bidi_control(uint32_t code_point);

#endif

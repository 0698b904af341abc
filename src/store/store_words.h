// What a line's text becomes for the search index, and what a search becomes as a query.
#ifndef STORE_WORDS_H
#define STORE_WORDS_H

#include <stdbool.h>

#include "buf.h"
#include "str.h"

// Appends the text without IRC formatting and with a blank on both sides of each CJK character, so
// that each of them is a word.
void store_words_index(struct buf *out, struct str text);
// Appends each word as a phrase in quotes; false when there is none that can be looked for.
bool store_words_query(struct buf *out, struct str text);
// Appends the nick of nick!user@host in lower-case ASCII as one word: n and hexadecimal digits.
void store_words_nick(struct buf *out, struct str source);

#endif

// What layout needs to know of a code point: script, direction, breaking, emoji, invisibility.
//
// Tables of our own where the libraries have none: utf8proc knows clusters but no scripts.
#ifndef TEXT_CHARS_H
#define TEXT_CHARS_H

#include <stdbool.h>
#include <stdint.h>

#define TEXT_SCRIPT_COMMON 0 // takes the script of its neighbours

// Index of the script, and its ISO 15924 tag. COMMON answers "Latn".
uint8_t text_char_script(uint32_t code_point);
const char *text_script_tag(uint8_t script);
// Glyphs follow the letters one by one and keep their width: Latin, Greek, Cyrillic.
bool text_script_is_simple(uint8_t script);

bool text_char_is_rtl(uint32_t code_point);    // may need the bidi algorithm
bool text_char_is_space(uint32_t code_point);  // a line may end here and the space hangs
bool text_char_is_cjk(uint32_t code_point);    // lines break between any two of them
bool text_char_is_hidden(uint32_t code_point); // controls, bidi controls, zero-width space
bool text_char_is_joiner(uint32_t code_point); // needs no glyph of its own in a cluster
bool text_char_is_emoji(uint32_t code_point);  // drawn in colour unless VS15 follows
bool text_char_no_start(uint32_t code_point);  // never first on a line (closing marks, small kana)
bool text_char_no_end(uint32_t code_point);    // never last on a line (opening marks)
bool text_char_breaks_after(uint32_t code_point); // hyphens, dashes, slash
bool text_char_is_word(uint32_t code_point);      // letters and digits of any script

#endif

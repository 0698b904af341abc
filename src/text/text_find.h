// Which font file draws which character: the faces, colour emoji, and a fallback for every script.
//
// Shapes:    files are small numbers, 1 up; 0 is none. What was found is remembered per code point.
// Ownership: paths live as long as the finder.
// Errors:    create fails when no font with Latin letters exists.
#ifndef TEXT_FIND_H
#define TEXT_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "text_fonts.h"

typedef uint16_t text_file_id;

struct text_find;

struct text_find *text_find_create(struct err *err);
void text_find_destroy(struct text_find *find);
text_file_id text_find_face(const struct text_find *find, enum text_face face);
text_file_id text_find_emoji(const struct text_find *find); // 0 when there is no colour font
// The file that draws the code point in this face; the face's own when nobody has it.
text_file_id text_find_char(struct text_find *find, enum text_face face, uint32_t code_point);
bool text_find_has(const struct text_find *find, text_file_id file, uint32_t code_point);
const char *text_find_path(const struct text_find *find, text_file_id file, int *face_idx);

#endif

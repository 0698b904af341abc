// The text of one line under test: who sent it, its number, a checksum over all of it, filler.
//
// Shape:  "SSSS QQQQQQQQ HHHHHHHH " and letters up to the wanted length; hexadecimal, lower case.
// Thread: any.
#ifndef LOAD_LINE_H
#define LOAD_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOAD_TEXT_MIN 23 // sender, number, checksum and their spaces
#define LOAD_TEXT_MAX 400

struct load_line {
    unsigned sender;
    uint32_t seq;
};

// Writes exactly len bytes (LOAD_TEXT_MIN..LOAD_TEXT_MAX), no NUL.
void load_line_write(char *out, size_t len, struct load_line line);
// False: not one byte for byte as it was written.
bool load_line_read(struct load_line *out, const char *text, size_t len);

#endif

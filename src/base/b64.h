// Bytes as text: base64 (RFC 4648 section 4, padded) and lower-case hex.
#ifndef B64_H
#define B64_H

#include <stdbool.h>

#include "buf.h"
#include "str.h"

// Both append; false when the buffer's ceiling forbids it, and then nothing was appended.
bool b64_encode(struct buf *out, struct str bytes);
// Strict: whole groups of four, padding only at the end, no stray bits. false: nothing appended.
bool b64_decode(struct buf *out, struct str text);
// Exactly `len` bytes from base64; false when the text holds more, fewer or no base64.
bool b64_decode_exact(struct str text, void *out, size_t len);
// Writes 2 * bytes.len digits and a NUL.
void hex_encode(char *out, struct str bytes);

#endif

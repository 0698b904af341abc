// A growing byte buffer born with a ceiling: what a peer feeds can never grow past it.
//
// Ownership: the owner of the struct calls buf_deinit(). {0} is a valid empty buffer that holds
// nothing (its ceiling is 0).
// Errors: an append over the ceiling changes nothing and returns false.
#ifndef BUF_H
#define BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "str.h"

struct buf {
    char *data; // owned; bytes start..start+len are the content
    size_t start;
    size_t len;
    size_t size; // allocated
    size_t max;  // ceiling for len
};

#define BUF_NO_LIMIT ((size_t)1 << 40) // for what only we fill

void buf_init(struct buf *buf, size_t max);
void buf_deinit(struct buf *buf);
void buf_clear(struct buf *buf);
bool buf_append(struct buf *buf, struct str bytes);
bool buf_append_char(struct buf *buf, char c);
bool buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool buf_vprintf(struct buf *buf, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
// Room for len more bytes at the end, to be filled by the caller and then buf_commit()ted.
// NULL when the ceiling forbids it.
char *buf_reserve(struct buf *buf, size_t len);
void buf_commit(struct buf *buf, size_t len);
void buf_consume(struct buf *buf, size_t len); // from the front
void buf_truncate(struct buf *buf, size_t len);
size_t buf_room(const struct buf *buf);
struct str buf_str(const struct buf *buf); // until the next change
const char *buf_cstr(struct buf *buf);     // NUL-terminated view, until the next change

#endif

// Growing byte buffer with a ceiling.
#include "buf.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "mem.h"

void buf_init(struct buf *buf, size_t max)
{
    *buf = (struct buf){.max = max};
}

void buf_deinit(struct buf *buf)
{
    mem_free(buf->data);
    *buf = (struct buf){.max = buf->max};
}

void buf_clear(struct buf *buf)
{
    buf->start = 0;
    buf->len = 0;
}

static void make_room(struct buf *buf, size_t len)
{
    size_t need = buf->len + len + 1; // one spare byte for buf_cstr()
    if (buf->start + need <= buf->size) {
        return;
    }
    if (buf->start > 0 && need <= buf->size && buf->start >= buf->len) {
        memmove(buf->data, buf->data + buf->start, buf->len);
        buf->start = 0;
        return;
    }
    size_t size = buf->size ? buf->size : 64;
    while (size < need) {
        size *= 2;
    }
    char *data = mem_resize(NULL, size, 1);
    if (buf->len) {
        memcpy(data, buf->data + buf->start, buf->len);
    }
    mem_free(buf->data);
    buf->data = data;
    buf->start = 0;
    buf->size = size;
}

char *buf_reserve(struct buf *buf, size_t len)
{
    if (len > buf_room(buf)) {
        return NULL;
    }
    make_room(buf, len);
    return buf->data + buf->start + buf->len;
}

void buf_commit(struct buf *buf, size_t len)
{
    check(buf->start + buf->len + len < buf->size);
    buf->len += len;
}

bool buf_append(struct buf *buf, struct str bytes)
{
    if (bytes.len == 0) {
        return true;
    }
    char *at = buf_reserve(buf, bytes.len);
    if (!at) {
        return false;
    }
    memcpy(at, bytes.data, bytes.len);
    buf->len += bytes.len;
    return true;
}

bool buf_append_char(struct buf *buf, char c)
{
    return buf_append(buf, (struct str){&c, 1});
}

bool buf_vprintf(struct buf *buf, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *at = len < 0 ? NULL : buf_reserve(buf, (size_t)len);
    if (at) {
        (void)vsnprintf(at, (size_t)len + 1, format, again); // the length was measured above
        buf->len += (size_t)len;
    }
    va_end(again);
    return at != NULL;
}

bool buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bool fits = buf_vprintf(buf, format, args);
    va_end(args);
    return fits;
}

void buf_consume(struct buf *buf, size_t len)
{
    check(len <= buf->len);
    buf->start += len;
    buf->len -= len;
    if (buf->len == 0) {
        buf->start = 0;
    }
}

void buf_truncate(struct buf *buf, size_t len)
{
    check(len <= buf->len);
    buf->len = len;
}

size_t buf_room(const struct buf *buf)
{
    return buf->max - buf->len;
}

struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->data ? buf->data + buf->start : "", buf->len};
}

const char *buf_cstr(struct buf *buf)
{
    make_room(buf, 0);
    buf->data[buf->start + buf->len] = '\0';
    return buf->data + buf->start;
}

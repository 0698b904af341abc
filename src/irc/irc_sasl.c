// SASL on IRC: chunks, PLAIN, SASLprep.
#include "irc_sasl.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "utf8.h"

enum irc_sasl_feed irc_sasl_feed(struct buf *text, struct str chunk)
{
    if (str_eq(chunk, STR("+"))) {
        return IRC_SASL_WHOLE;
    }
    if (chunk.len > IRC_SASL_CHUNK || !buf_append(text, chunk)) {
        return IRC_SASL_TOO_LONG;
    }
    return chunk.len == IRC_SASL_CHUNK ? IRC_SASL_MORE : IRC_SASL_WHOLE;
}

bool irc_sasl_chunks_next(struct irc_sasl_chunks *chunks, struct str *chunk)
{
    if (chunks->is_done) {
        return false;
    }
    *chunk = str_range(chunks->rest, 0, IRC_SASL_CHUNK);
    chunks->rest = str_range(chunks->rest, chunk->len, chunks->rest.len);
    chunks->is_done = chunk->len < IRC_SASL_CHUNK;
    if (chunk->len == 0) {
        *chunk = STR("+");
    }
    return true;
}

bool irc_sasl_plain_parse(struct str message, struct irc_sasl_plain *out)
{
    size_t at = 0;
    if (!utf8_is_valid(message) || !str_find_char(message, '\0', &at)) {
        return false;
    }
    out->authzid = str_range(message, 0, at);
    message = str_range(message, at + 1, message.len);
    if (!str_find_char(message, '\0', &at)) {
        return false;
    }
    out->authcid = str_range(message, 0, at);
    out->password = str_range(message, at + 1, message.len);
    return out->authcid.len > 0 && out->password.len > 0 &&
           !str_find_char(out->password, '\0', &at);
}

bool irc_sasl_plain_make(struct buf *out, const struct irc_sasl_plain *plain)
{
    size_t before = out->len;
    bool is_good = buf_append(out, plain->authzid) && buf_append_char(out, '\0') &&
                   buf_append(out, plain->authcid) && buf_append_char(out, '\0') &&
                   buf_append(out, plain->password);
    if (!is_good) {
        buf_truncate(out, before);
    }
    return is_good;
}

// RFC 3454 B.1: characters commonly mapped to nothing.
static bool is_unseen(utf8proc_int32_t c)
{
    return c == 0xAD || c == 0x34F || c == 0x1806 || (c >= 0x180B && c <= 0x180D) || c == 0x200C ||
           c == 0x200D || c == 0x2060 || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF;
}

// RFC 3454 C.1.2.
static bool is_other_space(utf8proc_int32_t c)
{
    return c == 0x200B || (c != ' ' && utf8proc_category(c) == UTF8PROC_CATEGORY_ZS);
}

static bool is_prohibited(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default: // all other categories of Unicode may stand in a password
        return false;
    }
}

// The mapping step; false: something in it is prohibited.
static bool map_characters(struct buf *out, struct str text)
{
    size_t step = 0;
    for (size_t at = 0; at < text.len; at += step) {
        utf8proc_int32_t c = (utf8proc_int32_t)utf8_decode(text, at, &step);
        if (is_unseen(c)) {
            continue;
        }
        bool is_space = is_other_space(c);
        if (!is_space && is_prohibited(c)) {
            return false;
        }
        if (!buf_append(out, is_space ? STR(" ") : str_range(text, at, at + step))) {
            return false;
        }
    }
    return true;
}

bool irc_saslprep(struct buf *out, struct str text)
{
    struct buf mapped;
    utf8proc_uint8_t *normal = NULL;
    buf_init(&mapped, text.len);
    utf8proc_ssize_t len = -1;
    if (utf8_is_valid(text) && map_characters(&mapped, text) && mapped.len > 0) {
        len = utf8proc_map((const utf8proc_uint8_t *)buf_str(&mapped).data,
                           (utf8proc_ssize_t)mapped.len, &normal,
                           UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
    }
    bool is_good =
        buf_append(out, len > 0 ? (struct str){(const char *)normal, (size_t)len} : text);
    free(normal); // utf8proc's allocation
    buf_deinit(&mapped);
    return is_good;
}

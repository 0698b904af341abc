// Base64 and hex.
#include "b64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool b64_encode(struct buf *out, struct str bytes)
{
    size_t len = (bytes.len + 2) / 3 * 4;
    char *at = buf_reserve(out, len);
    if (!at) {
        return false;
    }
    for (size_t i = 0; i < bytes.len; i += 3) {
        uint32_t group = 0;
        for (size_t k = i; k < i + 3; k++) {
            group = group << 8 | (k < bytes.len ? (unsigned char)bytes.data[k] : 0u);
        }
        size_t left = bytes.len - i;
        *at++ = digits[group >> 18];
        *at++ = digits[group >> 12 & 63];
        *at++ = left > 1 ? digits[group >> 6 & 63] : '=';
        *at++ = left > 2 ? digits[group & 63] : '=';
    }
    buf_commit(out, len);
    return true;
}

static bool value_of(char c, uint32_t *value)
{
    const char *at = c ? strchr(digits, c) : NULL;
    *value = at ? (uint32_t)(at - digits) : 0;
    return at != NULL;
}

// Four characters, of which the last `padding` are '='.
static bool decode_group(const char *text, size_t padding, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < 4; i++) {
        uint32_t value = 0;
        bool is_padding = i >= 4 - padding;
        if (is_padding ? text[i] != '=' : !value_of(text[i], &value)) {
            return false;
        }
        *out = *out << 6 | value;
    }
    // Bits that no byte takes must be zero, so that one value has one spelling.
    return padding == 0 || (*out & (padding == 1 ? 0xFFu : 0xFFFFu)) == 0;
}

bool b64_decode(struct buf *out, struct str text)
{
    size_t before = out->len;
    if (text.len % 4 != 0) {
        return false;
    }
    for (size_t i = 0; i < text.len; i += 4) {
        bool is_last = i + 4 == text.len;
        size_t padding = !is_last || text.data[i + 3] != '=' ? 0 : text.data[i + 2] == '=' ? 2 : 1;
        uint32_t group = 0;
        if (!decode_group(text.data + i, padding, &group)) {
            buf_truncate(out, before);
            return false;
        }
        char bytes[3] = {(char)(group >> 16), (char)(group >> 8), (char)group};
        if (!buf_append(out, (struct str){bytes, 3 - padding})) {
            buf_truncate(out, before);
            return false;
        }
    }
    return true;
}

bool b64_decode_exact(struct str text, void *out, size_t len)
{
    struct buf bytes;
    buf_init(&bytes, len);
    bool is_good = b64_decode(&bytes, text) && bytes.len == len;
    if (is_good && len > 0) {
        memcpy(out, buf_str(&bytes).data, len);
    }
    buf_deinit(&bytes);
    return is_good;
}

void hex_encode(char *out, struct str bytes)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.len; i++) {
        *out++ = hex[(unsigned char)bytes.data[i] >> 4];
        *out++ = hex[(unsigned char)bytes.data[i] & 15];
    }
    *out = '\0';
}

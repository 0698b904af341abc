// Lines that can be recognised, counted and checked.
#include "load_line.h"

#include <string.h>

#define SEQ_AT    5
#define HASH_AT   14
#define FILLER_AT 23

static const char digits[] = "0123456789abcdef";

static void write_hex(char *out, unsigned count, uint32_t value)
{
    for (unsigned i = count; i > 0; i--) {
        out[i - 1] = digits[value & 15u];
        value >>= 4;
    }
}

static bool read_hex(uint32_t *out, const char *text, unsigned count)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < count; i++) {
        unsigned char c = (unsigned char)text[i];
        unsigned digit = c >= 'a' ? c - 'a' + 10u : c - (unsigned)'0';
        if (digit > 15u || (c > '9' && c < 'a')) {
            return false;
        }
        value = value << 4 | digit;
    }
    *out = value;
    return true;
}

// Eight bytes a step: the checksum must cost less than what the server does for the line.
static uint64_t mix(uint64_t hash, const char *data, size_t len)
{
    while (len > 0) {
        uint64_t word = 0;
        size_t part = len < sizeof(word) ? len : sizeof(word);
        memcpy(&word, data, part);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
        data += part;
        len -= part;
    }
    return hash;
}

static uint32_t checksum(const char *text, size_t len)
{
    uint64_t hash = mix(len, text, HASH_AT);
    hash = mix(hash, text + FILLER_AT - 1, len - FILLER_AT + 1);
    return (uint32_t)(hash ^ hash >> 32);
}

void load_line_write(char *out, size_t len, struct load_line line)
{
    write_hex(out, 4, line.sender);
    out[SEQ_AT - 1] = ' ';
    write_hex(out + SEQ_AT, 8, line.seq);
    out[HASH_AT - 1] = ' ';
    out[FILLER_AT - 1] = ' ';
    // The filler differs from line to line, so that halves of two lines do not make a good one.
    for (size_t i = FILLER_AT; i < len; i++) {
        out[i] = (char)('a' + (line.seq + line.sender + i) % 26);
    }
    write_hex(out + HASH_AT, 8, checksum(out, len));
}

bool load_line_read(struct load_line *out, const char *text, size_t len)
{
    uint32_t sender = 0;
    uint32_t hash = 0;
    if (len < LOAD_TEXT_MIN || !read_hex(&sender, text, 4) ||
        !read_hex(&out->seq, text + SEQ_AT, 8) || !read_hex(&hash, text + HASH_AT, 8)) {
        return false;
    }
    out->sender = sender;
    return text[SEQ_AT - 1] == ' ' && text[HASH_AT - 1] == ' ' && hash == checksum(text, len);
}

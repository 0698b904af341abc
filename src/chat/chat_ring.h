// Lines as a buffer keeps them: a ring that drops the oldest. Private to chat.
#ifndef CHAT_RING_H
#define CHAT_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line { // as kept; texts stand in one allocation behind it
    uint64_t id;
    int64_t time_utc_ms;
    uint32_t nick_len;
    uint32_t text_len;
    uint16_t format_count;
    uint8_t kind;
    uint8_t state;
    bool is_own;
    bool is_mention;
    _Alignas(8) char bytes[]; // formats, nick, text
};

struct ring {            // of lines, oldest first
    struct line **items; // owned, with size places
    size_t size;
    size_t first;
    size_t count;
};

struct line *chat_line_at(const struct ring *ring, size_t idx);
bool chat_find_line(const struct ring *ring, uint64_t id, size_t *idx);
void chat_free_lines(struct ring *ring);

#endif

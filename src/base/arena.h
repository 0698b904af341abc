// Memory for things that die together: a frame, a parsed batch, one layout pass.
//
// arena_reset() keeps the blocks for reuse; pointers handed out before are dead after it.
// {0} is a valid empty arena.
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

#include "str.h"

struct arena_block;

struct arena {
    struct arena_block *first; // owned
    struct arena_block *current;
    size_t used; // in current
};

void *arena_alloc(struct arena *arena, size_t size);     // zeroed, aligned for any type
struct str arena_str(struct arena *arena, struct str s); // a copy, NUL behind it
struct str arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void arena_reset(struct arena *arena);
void arena_deinit(struct arena *arena);

#endif

// Block allocator for things that die together.
#include "arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "mem.h"

#define BLOCK_SIZE ((size_t)16 * 1024)

struct arena_block {
    struct arena_block *next;
    size_t size;
    max_align_t bytes[];
};

static struct arena_block *block_create(size_t size)
{
    size_t wanted = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    struct arena_block *block = mem_resize(NULL, 1, sizeof(*block) + wanted);
    block->next = NULL;
    block->size = wanted;
    return block;
}

static void next_block(struct arena *arena, size_t size)
{
    struct arena_block *after = arena->current ? arena->current->next : arena->first;
    if (!after || after->size < size) {
        struct arena_block *fresh = block_create(size);
        fresh->next = after;
        if (arena->current) {
            arena->current->next = fresh;
        } else {
            arena->first = fresh;
        }
        after = fresh;
    }
    arena->current = after;
    arena->used = 0;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t align = _Alignof(max_align_t);
    size_t rounded = (size + align - 1) / align * align;
    if (!arena->current || arena->current->size - arena->used < rounded) {
        next_block(arena, rounded);
    }
    void *at = (char *)arena->current->bytes + arena->used;
    arena->used += rounded;
    return memset(at, 0, rounded);
}

struct str arena_str(struct arena *arena, struct str s)
{
    char *copy = arena_alloc(arena, s.len + 1);
    if (s.len) {
        memcpy(copy, s.data, s.len);
    }
    return (struct str){copy, s.len};
}

struct str arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_list again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    size_t size = len < 0 ? 1 : (size_t)len + 1;
    char *at = arena_alloc(arena, size);
    (void)vsnprintf(at, size, format, again); // the length was measured above
    va_end(again);
    va_end(args);
    return (struct str){at, size - 1};
}

void arena_reset(struct arena *arena)
{
    arena->current = NULL;
    arena->used = 0;
}

void arena_deinit(struct arena *arena)
{
    struct arena_block *block = arena->first;
    while (block) {
        struct arena_block *next = block->next;
        mem_free(block);
        block = next;
    }
    *arena = (struct arena){0};
}

// Heap memory that aborts when there is none left.
#include "mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void out_of_memory(void)
{
    (void)fputs("ronron: out of memory\n", stderr);
    abort();
}

void *mem_alloc(size_t size)
{
    return mem_alloc_array(1, size);
}

void *mem_alloc_array(size_t count, size_t size)
{
    void *ptr = calloc(count ? count : 1, size ? size : 1); // calloc checks the product
    if (!ptr) {
        out_of_memory();
    }
    return ptr;
}

void *mem_resize(void *ptr, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) {
        out_of_memory();
    }
    size_t total = count * size;
    void *grown = realloc(ptr, total ? total : 1);
    if (!grown) {
        out_of_memory();
    }
    return grown;
}

void *mem_copy(const void *ptr, size_t len)
{
    void *copy = mem_alloc(len);
    if (len) {
        memcpy(copy, ptr, len);
    }
    return copy;
}

char *mem_copy_text(const char *text)
{
    return mem_copy(text, strlen(text) + 1);
}

void mem_free(void *ptr)
{
    free(ptr);
}

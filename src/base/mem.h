// Heap memory that never returns NULL: out of memory prints one line and aborts.
//
// Thread: any. Sizes in bytes. Multiplications are checked.
#ifndef MEM_H
#define MEM_H

#include <stddef.h>

void *mem_alloc(size_t size);                           // zeroed
void *mem_alloc_array(size_t count, size_t size);       // zeroed
void *mem_resize(void *ptr, size_t count, size_t size); // new bytes are not zeroed
void *mem_copy(const void *ptr, size_t len);            // len 0 gives a valid pointer
char *mem_copy_text(const char *text);                  // NUL-terminated
void mem_free(void *ptr);                               // NULL is fine

#define MEM_NEW(type) ((type *)mem_alloc(sizeof(type)))

#endif

// A folder of a test's own, in memory where the system has that: the rules are the same there, and
// flushes do not wait for a disk that others keep busy.
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline bool scratch_folder(char *folder, size_t size)
{
    const char *root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    int len = snprintf(folder, size, "%s/ronron-test-XXXXXX", root);
    return len > 0 && (size_t)len < size && mkdtemp(folder) != NULL;
}

#endif

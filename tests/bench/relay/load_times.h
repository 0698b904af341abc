// Many durations in little memory: counts by size, within 1.6 percent of the truth.
//
// Thread: the one that owns it.
#ifndef LOAD_TIMES_H
#define LOAD_TIMES_H

#include <stdint.h>

#define LOAD_TIMES_COUNT 2304 // 64 steps for each power of two nanoseconds

struct load_times {
    uint64_t counts[LOAD_TIMES_COUNT];
    uint64_t count;
    int64_t max_ns;
};

void load_times_add(struct load_times *times, int64_t ns, uint64_t count);
// The duration that share (0..1) of all stay below; 0 when there are none.
int64_t load_times_at(const struct load_times *times, double share);

#endif

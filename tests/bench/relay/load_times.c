// A histogram whose steps grow with the value.
#include "load_times.h"

#include <stddef.h>

#define STEP_BITS 6

static size_t bucket_of(int64_t ns)
{
    uint64_t value = ns > 0 ? (uint64_t)ns : 0;
    unsigned bits = 64u - (unsigned)__builtin_clzll(value | 1u);
    unsigned shift = bits > STEP_BITS + 1u ? bits - STEP_BITS - 1u : 0;
    size_t bucket = ((size_t)shift << STEP_BITS) + (size_t)(value >> shift);
    return bucket < LOAD_TIMES_COUNT ? bucket : LOAD_TIMES_COUNT - 1;
}

static int64_t value_of(size_t bucket)
{
    if (bucket < 2u << STEP_BITS) {
        return (int64_t)bucket;
    }
    size_t shift = (bucket >> STEP_BITS) - 1;
    return (int64_t)((bucket - (shift << STEP_BITS)) << shift);
}

void load_times_add(struct load_times *times, int64_t ns, uint64_t count)
{
    times->counts[bucket_of(ns)] += count;
    times->count += count;
    times->max_ns = ns > times->max_ns ? ns : times->max_ns;
}

int64_t load_times_at(const struct load_times *times, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)times->count);
    uint64_t seen = 0;
    for (size_t i = 0; i < LOAD_TIMES_COUNT; i++) {
        seen += times->counts[i];
        if (seen > wanted) {
            return value_of(i);
        }
    }
    return times->max_ns;
}

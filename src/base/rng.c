// SplitMix64: small, seeded, the same on every machine.
#include "rng.h"

void rng_init(struct rng *rng, uint64_t seed)
{
    rng->state = seed;
}

static uint64_t next64(struct rng *rng)
{
    uint64_t z = (rng->state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
    return z ^ z >> 31;
}

uint32_t rng_next(struct rng *rng)
{
    return (uint32_t)(next64(rng) >> 32);
}

uint32_t rng_below(struct rng *rng, uint32_t limit)
{
    return (uint32_t)((uint64_t)rng_next(rng) * limit >> 32);
}

float rng_unit(struct rng *rng)
{
    return (float)(rng_next(rng) >> 8) / 16777216.0f;
}

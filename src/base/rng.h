// Random numbers from a seed that the caller gives, so that runs repeat. Not for secrets.
#ifndef RNG_H
#define RNG_H

#include <stdint.h>

struct rng {
    uint64_t state;
};

void rng_init(struct rng *rng, uint64_t seed);
uint32_t rng_next(struct rng *rng);
uint32_t rng_below(struct rng *rng, uint32_t limit); // 0..limit-1, limit > 0
float rng_unit(struct rng *rng);                     // 0 <= x < 1

#endif

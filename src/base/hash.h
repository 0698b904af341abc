// A hash under a key (SipHash-1-3): who does not know the key cannot find bytes that collide.
#ifndef HASH_H
#define HASH_H

#include <stdint.h>

#include "str.h"

uint64_t hash_keyed(struct str bytes, const uint64_t key[2]);

#endif

// A hash table from bytes to a pointer; keys are copied, values are not owned.
//
// Folding (case) is the caller's: pass folded keys. Order of iteration is not defined, and the
// table must not change during it. {0} is a valid empty map. The seed is a secret where a peer picks
// the keys: who knows it can pile them up.
#ifndef MAP_H
#define MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct map_entry;

struct map {
    struct map_entry *entries; // owned
    size_t size;               // a power of two, or 0
    size_t count;
    uint64_t seed;
};

void map_init(struct map *map, uint64_t seed);
void map_deinit(struct map *map);
void *map_get(const struct map *map, struct str key);       // NULL when missing
void map_put(struct map *map, struct str key, void *value); // value not NULL; replaces
void *map_remove(struct map *map, struct str key);          // the value it had, or NULL
// Iteration: *cursor starts at 0. false at the end.
bool map_next(const struct map *map, size_t *cursor, struct str *key, void **value);

#endif

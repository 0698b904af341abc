// Open addressing with linear probing and backward-shift deletion.
#include "map.h"

#include <string.h>

#include "check.h"
#include "hash.h"
#include "mem.h"

struct map_entry {
    char *key; // owned; NULL marks a free slot
    size_t len;
    uint64_t hash;
    void *value;
};

void map_init(struct map *map, uint64_t seed)
{
    *map = (struct map){.seed = seed};
}

void map_deinit(struct map *map)
{
    for (size_t i = 0; i < map->size; i++) {
        mem_free(map->entries[i].key);
    }
    mem_free(map->entries);
    *map = (struct map){.seed = map->seed};
}

static uint64_t hash_key(const struct map *map, struct str key)
{
    const uint64_t seeds[2] = {map->seed, map->seed * 0x9E3779B97F4A7C15ULL};
    return hash_keyed(key, seeds);
}

// The slot that holds key, or the free slot where it would go. The table is never full.
static size_t find_slot(const struct map *map, struct str key, uint64_t hash)
{
    size_t mask = map->size - 1;
    size_t at = (size_t)hash & mask;
    while (map->entries[at].key) {
        const struct map_entry *entry = &map->entries[at];
        if (entry->hash == hash && str_eq((struct str){entry->key, entry->len}, key)) {
            break;
        }
        at = (at + 1) & mask;
    }
    return at;
}

static void grow(struct map *map)
{
    struct map bigger = {.seed = map->seed, .count = map->count, .size = map->size * 2};
    if (bigger.size == 0) {
        bigger.size = 16;
    }
    bigger.entries = mem_alloc_array(bigger.size, sizeof(*bigger.entries));
    for (size_t i = 0; i < map->size; i++) {
        const struct map_entry *entry = &map->entries[i];
        if (entry->key) {
            size_t at = find_slot(&bigger, (struct str){entry->key, entry->len}, entry->hash);
            bigger.entries[at] = *entry;
        }
    }
    mem_free(map->entries);
    *map = bigger;
}

void *map_get(const struct map *map, struct str key)
{
    if (map->count == 0) {
        return NULL;
    }
    size_t at = find_slot(map, key, hash_key(map, key));
    return map->entries[at].key ? map->entries[at].value : NULL;
}

void map_put(struct map *map, struct str key, void *value)
{
    check(value != NULL);
    if ((map->count + 1) * 4 > map->size * 3) {
        grow(map);
    }
    uint64_t hash = hash_key(map, key);
    struct map_entry *entry = &map->entries[find_slot(map, key, hash)];
    if (!entry->key) {
        *entry = (struct map_entry){.key = str_dup(key), .len = key.len, .hash = hash};
        map->count++;
    }
    entry->value = value;
}

// Moves later entries of the same run back, so that no probe ends early.
static void close_gap(struct map *map, size_t gap)
{
    size_t mask = map->size - 1;
    size_t at = gap;
    for (;;) {
        at = (at + 1) & mask;
        if (!map->entries[at].key) {
            break;
        }
        size_t home = (size_t)map->entries[at].hash & mask;
        if (((at - home) & mask) >= ((at - gap) & mask)) {
            map->entries[gap] = map->entries[at];
            gap = at;
        }
    }
    map->entries[gap] = (struct map_entry){0};
}

void *map_remove(struct map *map, struct str key)
{
    if (map->count == 0) {
        return NULL;
    }
    size_t at = find_slot(map, key, hash_key(map, key));
    if (!map->entries[at].key) {
        return NULL;
    }
    void *value = map->entries[at].value;
    mem_free(map->entries[at].key);
    close_gap(map, at);
    map->count--;
    return value;
}

bool map_next(const struct map *map, size_t *cursor, struct str *key, void **value)
{
    while (*cursor < map->size) {
        const struct map_entry *entry = &map->entries[(*cursor)++];
        if (entry->key) {
            *key = (struct str){entry->key, entry->len};
            *value = entry->value;
            return true;
        }
    }
    return false;
}

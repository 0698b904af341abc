#include "text_cache.h"

#include "buf.h"
#include "map.h"
#include "mem.h"
#include "text_unit.h"

struct entry {
    struct entry *newer;
    struct entry *older;
    struct text_layout *layout; // owned
    char *key;                  // owned
    size_t key_len;
    size_t bytes;
    uint64_t frame; // in which it was asked for last
};

struct text_cache {
    struct text_fonts *fonts; // borrowed
    struct map by_key;
    struct buf key; // scratch
    struct entry *newest;
    struct entry *oldest;
    size_t bytes;
    size_t max_bytes;
    uint64_t frame;
};

struct text_cache *text_cache_create(struct text_fonts *fonts, size_t max_bytes)
{
    struct text_cache *cache = MEM_NEW(struct text_cache);
    cache->fonts = fonts;
    cache->max_bytes = max_bytes;
    map_init(&cache->by_key, (uintptr_t)cache);
    buf_init(&cache->key, BUF_NO_LIMIT);
    return cache;
}

static void unlink_entry(struct text_cache *cache, struct entry *entry)
{
    *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
    entry->newer = entry->older = NULL;
}

static void link_entry(struct text_cache *cache, struct entry *entry)
{
    entry->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

static void drop(struct text_cache *cache, struct entry *entry)
{
    unlink_entry(cache, entry);
    cache->bytes -= entry->bytes;
    (void)map_remove(&cache->by_key, (struct str){entry->key, entry->key_len}); // it is there
    text_layout_destroy(entry->layout);
    mem_free(entry->key);
    mem_free(entry);
}

void text_cache_destroy(struct text_cache *cache)
{
    if (!cache) {
        return;
    }
    while (cache->oldest) {
        drop(cache, cache->oldest);
    }
    map_deinit(&cache->by_key);
    buf_deinit(&cache->key);
    mem_free(cache);
}

static struct str make_key(struct text_cache *cache, const struct text_spec *spec)
{
    // The buffer has no ceiling; nothing here can fail.
    buf_clear(&cache->key);
    (void)buf_printf(&cache->key, "%d %d %d %zu %d %zu ", (int)spec->style.face,
                     text_size_px(spec->style.size_px), spec->width_px, spec->max_lines,
                     (int)spec->is_centered, spec->attr_count);
    for (size_t i = 0; i < spec->attr_count; i++) {
        const struct text_attr *attr = &spec->attrs[i];
        (void)buf_printf(&cache->key, "%zu,%u,%x ", attr->len, attr->flags, (unsigned)attr->color);
    }
    (void)buf_append(&cache->key, spec->text);
    return buf_str(&cache->key);
}

struct text_layout *text_cache_get(struct text_cache *cache, const struct text_spec *spec)
{
    struct str key = make_key(cache, spec);
    struct entry *entry = map_get(&cache->by_key, key);
    if (entry) {
        unlink_entry(cache, entry);
    } else {
        entry = MEM_NEW(struct entry);
        entry->layout = text_layout_create(cache->fonts, spec);
        entry->key = str_dup(key);
        entry->key_len = key.len;
        entry->bytes = sizeof *entry + 2 * key.len + text_layout_bytes(entry->layout);
        cache->bytes += entry->bytes;
        map_put(&cache->by_key, key, entry);
    }
    link_entry(cache, entry);
    entry->frame = cache->frame;
    return entry->layout;
}

void text_cache_end_frame(struct text_cache *cache)
{
    while (cache->bytes > cache->max_bytes && cache->oldest &&
           cache->oldest->frame != cache->frame) {
        drop(cache, cache->oldest);
    }
    cache->frame++;
}

struct text_fonts *text_cache_fonts(struct text_cache *cache)
{
    return cache->fonts;
}

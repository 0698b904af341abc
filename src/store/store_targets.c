// Who was talked with: TARGETS, one seek for the last line of each conversation.
#include <stdlib.h>
#include <string.h>

#include "store_reader.h"

void store_targets_deinit(struct store_targets *targets)
{
    arena_deinit(&targets->arena);
    *targets = (struct store_targets){0};
}

struct gathering {
    struct store *store;
    struct store_bounds bounds;
    struct buf found; // struct store_target
    struct arena *arena;
};

// Adds it if its last line lies between the bounds.
static bool add_if_between(struct gathering *gathering, int64_t id, struct store_target item,
                           struct err *err)
{
    struct store_db *db = &gathering->store->reader;
    bool has_row = false;
    sqlite3_stmt *last = store_db_use(db, READ_LAST_SAID);
    store_bind_number(last, 1, id);
    if (!store_db_row(db, last, &has_row, err)) {
        return false;
    }
    int64_t at = sqlite3_column_int64(last, 0); // 0: nothing was said
    store_db_end(last);
    if (at >= gathering->bounds.low && at <= gathering->bounds.high) {
        item.last = (uint64_t)at;
        item.key = arena_str(gathering->arena, item.key);
        item.name = arena_str(gathering->arena, item.name);
        (void)buf_append(&gathering->found,
                         (struct str){(char *)&item, sizeof(item)}); // no ceiling
    }
    return true;
}

static bool gather_conversations(struct gathering *gathering, struct str account, struct err *err)
{
    struct store_db *db = &gathering->store->reader;
    sqlite3_stmt *rows = store_db_use(db, READ_TARGETS_OF);
    bool has_row = account.len > 0;
    store_bind_str(rows, 1, account);
    while (has_row) {
        if (!store_db_row(db, rows, &has_row, err)) {
            return false;
        }
        if (has_row) {
            struct store_target item = {.key = store_column_view(rows, 1),
                                        .name = store_column_view(rows, 2)};
            if (!add_if_between(gathering, sqlite3_column_int64(rows, 0), item, err)) {
                store_db_end(rows);
                return false;
            }
        }
    }
    store_db_end(rows);
    return true;
}

static bool gather_channels(struct gathering *gathering, const struct str *channels, size_t count,
                            struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        int64_t id = 0;
        struct store_target item = {.key = channels[i]};
        if (!store_reader_target(gathering->store, channels[i], &id, gathering->arena, &item.name,
                                 err) ||
            (id != 0 && !add_if_between(gathering, id, item, err))) {
            return false;
        }
    }
    return true;
}

static int by_last(const void *a, const void *b)
{
    const struct store_target *left = a, *right = b;
    return (left->last > right->last) - (left->last < right->last);
}

// NOLINTNEXTLINE(readability-function-size): the question has that many parts; one caller asks it
bool store_read_targets(struct store *store, struct str account, const struct str *channels,
                        size_t channel_count, const uint64_t bounds[2], size_t limit,
                        struct store_targets *out, struct err *err)
{
    *out = (struct store_targets){0};
    struct gathering gathering = {
        .store = store, .bounds = store_bounds(bounds[0], bounds[1]), .arena = &out->arena};
    buf_init(&gathering.found, BUF_NO_LIMIT);
    bool is_ok =
        store_reader_begin(store, err) &&
        store_reader_end(store, gather_conversations(&gathering, account, err) &&
                                    gather_channels(&gathering, channels, channel_count, err));
    size_t count = gathering.found.len / sizeof(struct store_target);
    if (is_ok && count > 0) {
        out->items = arena_alloc(&out->arena, gathering.found.len);
        memcpy(out->items, buf_str(&gathering.found).data, gathering.found.len);
        qsort(out->items, count, sizeof(struct store_target), by_last);
        limit = limit < STORE_LIMIT_MAX ? limit : STORE_LIMIT_MAX;
        out->count = count < limit ? count : limit;
    }
    buf_deinit(&gathering.found);
    if (!is_ok) {
        store_targets_deinit(out);
    }
    return is_ok;
}

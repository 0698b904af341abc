// Accounts, tokens, markers and registered rooms as they were committed.
#include <string.h>

#include "store_reader.h"

// One row of a statement whose texts are bound already.
static bool find_row(struct store *store, sqlite3_stmt *find, struct err *err)
{
    bool has_row = false;
    return store_db_row(&store->reader, find, &has_row, err) && has_row;
}

bool store_find_marker(struct store *store, struct str account, struct str target,
                       uint64_t *time_ms)
{
    sqlite3_stmt *find = store_db_use(&store->reader, READ_MARKER);
    store_bind_str(find, 1, account);
    store_bind_str(find, 2, target);
    bool has_one = find_row(store, find, NULL);
    if (has_one) {
        *time_ms = (uint64_t)sqlite3_column_int64(find, 0);
    }
    store_db_end(find);
    return has_one;
}

static bool take_bytes(sqlite3_stmt *row, int at, uint8_t *out, size_t size)
{
    struct str bytes = store_column_view(row, at);
    if (bytes.len != size) {
        return false; // the file was changed by other hands
    }
    memcpy(out, bytes.data, size);
    return true;
}

bool store_find_account(struct store *store, struct str folded, struct arena *arena,
                        struct store_account *out)
{
    sqlite3_stmt *find = store_db_use(&store->reader, READ_ACCOUNT);
    store_bind_str(find, 1, folded);
    bool has_one = find_row(store, find, NULL);
    if (has_one) {
        *out = (struct store_account){
            .name = store_column_str(find, 0, arena),
            .folded = store_column_str(find, 1, arena),
            .iterations = (unsigned)sqlite3_column_int64(find, 2),
            .created_utc_ms = sqlite3_column_int64(find, 3),
        };
        has_one = take_bytes(find, 4, out->salt, sizeof(out->salt)) &&
                  take_bytes(find, 5, out->stored_key, sizeof(out->stored_key)) &&
                  take_bytes(find, 6, out->server_key, sizeof(out->server_key));
    }
    store_db_end(find);
    return has_one;
}

bool store_find_token(struct store *store, struct str hash, struct arena *arena, struct str *who,
                      struct str *nick)
{
    sqlite3_stmt *find = store_db_use(&store->reader, READ_TOKEN);
    store_bind_str(find, 1, hash);
    store_bind_number(find, 2, store->now_ms - STORE_TOKEN_MS);
    bool has_one = find_row(store, find, NULL);
    if (has_one) {
        *who = store_column_str(find, 0, arena);
        *nick = store_column_str(find, 1, arena);
    }
    store_db_end(find);
    return has_one;
}

static struct store_channel take_channel(sqlite3_stmt *row, struct arena *arena)
{
    return (struct store_channel){
        .folded = store_column_str(row, 0, arena),
        .name = store_column_str(row, 1, arena),
        .founder = store_column_str(row, 2, arena),
        .topic = store_column_str(row, 3, arena),
        .topic_by = store_column_str(row, 4, arena),
        .modes = store_column_str(row, 5, arena),
        .lists = store_column_str(row, 6, arena),
        .topic_s = sqlite3_column_int64(row, 7),
        .created_s = sqlite3_column_int64(row, 8),
    };
}

bool store_read_channels(struct store *store, struct arena *arena, struct store_channel **out,
                         size_t *count, struct err *err)
{
    sqlite3_stmt *rows = store_db_use(&store->reader, READ_CHANNELS);
    struct buf all;
    bool has_row = true;
    buf_init(&all, BUF_NO_LIMIT);
    while (has_row) {
        if (!store_db_row(&store->reader, rows, &has_row, err)) {
            buf_deinit(&all);
            return false;
        }
        if (has_row) {
            struct store_channel channel = take_channel(rows, arena);
            (void)buf_append(&all, (struct str){(char *)&channel, sizeof(channel)}); // no ceiling
        }
    }
    store_db_end(rows);
    *count = all.len / sizeof(struct store_channel);
    *out = arena_alloc(arena, all.len);
    if (all.len > 0) {
        memcpy(*out, buf_str(&all).data, all.len);
    }
    buf_deinit(&all);
    return true;
}

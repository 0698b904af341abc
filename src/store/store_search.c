// Search: the index's matches and those of the lines that are not in it yet, from one end of the
// bounds.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "store_reader.h"
#include "store_words.h"

// Lines that wait for the index and are looked at by one search, for each target.
enum { UNINDEXED_MAX = 8000 };

struct searching {
    struct store *store;
    const struct store_search *search;
    struct store_bounds bounds;
    size_t limit;
    struct buf words; // of the query, empty when only the sender counts
    struct buf place; // targets and sender
    struct buf ids;   // int64_t
};

static void add_id(struct searching *searching, int64_t id)
{
    (void)buf_append(&searching->ids, (struct str){(char *)&id, sizeof(id)}); // no ceiling
}

// place:((c1z OR c2z) AND n616263): false when nothing is kept of any of the targets.
static bool name_places(struct searching *searching, bool *has_any, struct err *err)
{
    const struct store_search *search = searching->search;
    *has_any = false;
    (void)buf_append(&searching->place, STR("place:((")); // no ceiling here and below
    for (size_t i = 0; i < search->target_count; i++) {
        int64_t id = 0;
        if (!store_reader_target(searching->store, search->targets[i], &id, NULL, NULL, err)) {
            return false;
        }
        if (id != 0) {
            (void)buf_printf(&searching->place, "%sc%" PRId64 "z", *has_any ? " OR " : "", id);
            *has_any = true;
        }
    }
    (void)buf_append_char(&searching->place, ')');
    if (search->from.len > 0) {
        (void)buf_append(&searching->place, STR(" AND "));
        store_words_nick(&searching->place, search->from);
    }
    (void)buf_append_char(&searching->place, ')');
    return true;
}

static bool take_ids(struct searching *searching, sqlite3_stmt *rows, struct err *err)
{
    bool has_row = true;
    while (has_row) {
        if (!store_db_row(&searching->store->reader, rows, &has_row, err)) {
            return false;
        }
        if (has_row) {
            add_id(searching, sqlite3_column_int64(rows, 0));
        }
    }
    store_db_end(rows);
    return true;
}

static bool search_index(struct searching *searching, struct err *err)
{
    struct buf match;
    buf_init(&match, BUF_NO_LIMIT);
    (void)buf_append(&match, buf_str(&searching->place)); // no ceiling
    if (searching->words.len > 0) {
        (void)buf_printf(&match, " AND text:(%.*s)", STR_ARG(buf_str(&searching->words)));
    }
    sqlite3_stmt *rows = store_db_use(&searching->store->reader,
                                      searching->search->is_upward ? READ_FTS_UP : READ_FTS_DOWN);
    store_bind_str(rows, 1, buf_str(&match));
    store_bind_number(rows, 2, searching->bounds.low);
    store_bind_number(rows, 3, searching->bounds.high);
    store_bind_number(rows, 4, (int64_t)searching->limit);
    bool is_ok = take_ids(searching, rows, err);
    buf_deinit(&match);
    return is_ok;
}

static bool is_from(struct str source, struct str nick)
{
    size_t end = source.len;
    (void)str_find_char(source, '!', &end); // without one it is a nick alone
    return nick.len == 0 || str_eq_nocase(str_range(source, 0, end), nick);
}

static bool add_fresh(struct store *store, int64_t id, struct str text, struct err *err)
{
    struct buf split;
    sqlite3_stmt *add = store_db_use(&store->reader, READ_FRESH_ADD);
    buf_init(&split, BUF_NO_LIMIT);
    store_words_index(&split, text);
    store_bind_number(add, 1, id);
    store_bind_str(add, 2, buf_str(&split));
    bool is_ok = store_db_run(&store->reader, add, err);
    buf_deinit(&split);
    return is_ok;
}

// Copies what waits for the index into the one in memory; without words there is nothing to match
// and the lines are found right away.
static bool take_unindexed(struct searching *searching, int64_t target, int64_t low,
                           struct err *err)
{
    struct store *store = searching->store;
    sqlite3_stmt *rows = store_db_use(
        &store->reader, searching->search->is_upward ? READ_UNINDEXED_UP : READ_UNINDEXED_DOWN);
    bool has_row = true;
    store_bind_number(rows, 1, target);
    store_bind_number(rows, 2, low);
    store_bind_number(rows, 3, searching->bounds.high);
    store_bind_number(rows, 4, UNINDEXED_MAX);
    while (has_row) {
        if (!store_db_row(&store->reader, rows, &has_row, err)) {
            return false;
        }
        if (!has_row || !is_from(store_column_view(rows, 3), searching->search->from)) {
            continue;
        }
        int64_t id = sqlite3_column_int64(rows, 0);
        if (searching->words.len == 0) {
            add_id(searching, id);
        } else if (!add_fresh(store, id, store_column_view(rows, 6), err)) {
            store_db_end(rows);
            return false;
        }
    }
    store_db_end(rows);
    return true;
}

static bool search_unindexed(struct searching *searching, struct err *err)
{
    struct store *store = searching->store;
    const struct store_search *search = searching->search;
    bool has_row = false;
    sqlite3_stmt *upto = store_db_use(&store->reader, READ_FTS_UPTO);
    if (!store_db_row(&store->reader, upto, &has_row, err)) {
        return false;
    }
    int64_t low = sqlite3_column_int64(upto, 0) + 1;
    store_db_end(upto);
    low = low > searching->bounds.low ? low : searching->bounds.low;
    if (!store_db_run(&store->reader, store_db_use(&store->reader, READ_FRESH_CLEAR), err)) {
        return false;
    }
    for (size_t i = 0; i < search->target_count; i++) {
        int64_t target = 0;
        if (!store_reader_target(store, search->targets[i], &target, NULL, NULL, err) ||
            (target != 0 && !take_unindexed(searching, target, low, err))) {
            return false;
        }
    }
    if (searching->words.len == 0) {
        return true;
    }
    sqlite3_stmt *rows = store_db_use(&store->reader, READ_FRESH);
    store_bind_str(rows, 1, buf_str(&searching->words));
    return take_ids(searching, rows, err);
}

static int oldest_first(const void *a, const void *b)
{
    int64_t left, right;
    memcpy(&left, a, sizeof(left));
    memcpy(&right, b, sizeof(right));
    return (left > right) - (left < right);
}

// Those at the end asked for, oldest first, each once.
static bool fetch(struct searching *searching, struct store_page *out, struct err *err)
{
    struct store_db *db = &searching->store->reader;
    size_t total = searching->ids.len / sizeof(int64_t);
    size_t count = total < searching->limit ? total : searching->limit;
    int64_t *ids = arena_alloc(&out->arena, total * sizeof(int64_t) + 1);
    if (total > 0) {
        memcpy(ids, buf_str(&searching->ids).data, total * sizeof(int64_t));
        qsort(ids, total, sizeof(int64_t), oldest_first);
    }
    out->lines = arena_alloc(&out->arena, (count + 1) * sizeof(struct store_line));
    size_t first = searching->search->is_upward ? 0 : total - count;
    for (size_t i = first; i < first + count; i++) {
        bool has_row = false;
        sqlite3_stmt *row = store_db_use(db, READ_MSG);
        store_bind_number(row, 1, ids[i]);
        if (!store_db_row(db, row, &has_row, err)) {
            return false;
        }
        if (has_row) {
            struct store_line line = store_reader_line(row, &out->arena);
            line.target = store_column_str(row, 7, &out->arena);
            line.name = str_starts(line.target, STR(" ")) ? (struct str){"", 0}
                                                          : store_column_str(row, 8, &out->arena);
            out->lines[out->count++] = line;
        }
        store_db_end(row);
    }
    return true;
}

static bool search_all(struct searching *searching, struct store_page *out, struct err *err)
{
    bool has_any = false;
    if (!name_places(searching, &has_any, err)) {
        return false;
    }
    return !has_any || (search_index(searching, err) && search_unindexed(searching, err) &&
                        fetch(searching, out, err));
}

bool store_read_search(struct store *store, const struct store_search *search,
                       struct store_page *out, struct err *err)
{
    *out = (struct store_page){0};
    struct searching searching = {
        .store = store,
        .search = search,
        .bounds = store_bounds(search->after, search->before ? search->before : UINT64_MAX),
        .limit = search->limit < STORE_LIMIT_MAX ? search->limit : STORE_LIMIT_MAX,
    };
    buf_init(&searching.words, BUF_NO_LIMIT);
    buf_init(&searching.place, BUF_NO_LIMIT);
    buf_init(&searching.ids, BUF_NO_LIMIT);
    bool is_ok = true;
    // Text without a single letter or digit matches nothing.
    if (store_words_query(&searching.words, search->text) || search->text.len == 0) {
        is_ok = store_reader_begin(store, err) &&
                store_reader_end(store, search_all(&searching, out, err));
    }
    buf_deinit(&searching.words);
    buf_deinit(&searching.place);
    buf_deinit(&searching.ids);
    if (!is_ok) {
        store_page_deinit(out);
    }
    return is_ok;
}

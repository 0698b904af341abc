// History by place: CHATHISTORY's forms as one seek and a walk each.
#include <string.h>

#include "store_reader.h"

void store_page_deinit(struct store_page *page)
{
    arena_deinit(&page->arena);
    *page = (struct store_page){0};
}

// One walk: from which end of the bounds, and how far.
struct walk {
    struct store_bounds bounds;
    size_t limit;
    bool is_down; // newest first
};

struct reading {
    struct store *store;
    const struct store_query *query;
    int64_t target;
    struct str name;
    struct store_page *page;
};

static bool walk(struct reading *reading, const struct walk *walk, struct err *err)
{
    struct store_db *db = &reading->store->reader;
    struct store_page *page = reading->page;
    int which = reading->query->has_events ? (walk->is_down ? READ_ALL_DOWN : READ_ALL_UP)
                                           : (walk->is_down ? READ_SAID_DOWN : READ_SAID_UP);
    sqlite3_stmt *rows = store_db_use(db, which);
    size_t first = page->count;
    bool has_row = walk->limit > 0;
    store_bind_number(rows, 1, reading->target);
    store_bind_number(rows, 2, walk->bounds.low);
    store_bind_number(rows, 3, walk->bounds.high);
    store_bind_number(rows, 4, (int64_t)walk->limit);
    while (has_row) {
        if (!store_db_row(db, rows, &has_row, err)) {
            return false;
        }
        if (has_row) {
            struct store_line line = store_reader_line(rows, &page->arena);
            line.target = reading->query->target;
            line.name = reading->name;
            page->lines[page->count++] = line;
        }
    }
    store_db_end(rows);
    for (size_t i = first, j = page->count; walk->is_down && i + 1 < j; i++) { // oldest first
        struct store_line line = page->lines[i];
        page->lines[i] = page->lines[--j];
        page->lines[j] = line;
    }
    return true;
}

static bool walk_around(struct reading *reading, size_t limit, struct err *err)
{
    uint64_t from = reading->query->from;
    size_t older = (limit - 1) / 2;
    struct walk up_to = {store_bounds(0, from < UINT64_MAX ? from + 1 : from), older + 1, true};
    struct walk behind = {store_bounds(from, UINT64_MAX), limit - older - 1, false};
    return walk(reading, &up_to, err) && walk(reading, &behind, err);
}

// The walk that a query is. AROUND is two.
static struct walk walk_of(const struct store_query *query, size_t limit)
{
    switch (query->range) {
    case STORE_BEFORE:
        return (struct walk){store_bounds(0, query->from), limit, true};
    case STORE_AFTER:
        return (struct walk){store_bounds(query->from, UINT64_MAX), limit, false};
    case STORE_BETWEEN:
        return query->from <= query->to
                   ? (struct walk){store_bounds(query->from, query->to), limit, false}
                   : (struct walk){store_bounds(query->to, query->from), limit, true};
    case STORE_LATEST:
    case STORE_AROUND:
        break;
    }
    return (struct walk){store_bounds(query->from, UINT64_MAX), limit, true};
}

// The place behind which `is_start` looks for something older.
static uint64_t edge_of(const struct store_query *query, const struct store_page *page)
{
    if (page->count > 0) {
        return page->lines[0].id;
    }
    return query->range == STORE_BETWEEN && query->to < query->from ? query->to : query->from;
}

static bool find_start(struct reading *reading, struct err *err)
{
    struct store_db *db = &reading->store->reader;
    bool has_row = false;
    uint64_t edge = edge_of(reading->query, reading->page);
    sqlite3_stmt *before =
        store_db_use(db, reading->query->has_events ? READ_ALL_BEFORE : READ_SAID_BEFORE);
    store_bind_number(before, 1, reading->target);
    store_bind_number(before, 2, edge > INT64_MAX ? INT64_MAX : (int64_t)edge);
    if (!store_db_row(db, before, &has_row, err)) {
        return false;
    }
    reading->page->is_start = sqlite3_column_int(before, 0) == 0;
    store_db_end(before);
    return true;
}

static bool read_lines(struct reading *reading, struct err *err)
{
    const struct store_query *query = reading->query;
    struct store_page *page = reading->page;
    size_t limit = query->limit < STORE_LIMIT_MAX ? query->limit : STORE_LIMIT_MAX;
    if (!store_reader_target(reading->store, query->target, &reading->target, &page->arena,
                             &reading->name, err)) {
        return false;
    }
    if (reading->target == 0) {
        page->is_start = true;
        return true;
    }
    if (query->target.data && query->target.data[0] == ' ') {
        reading->name = (struct str){"", 0}; // a pair has none
    }
    page->lines = arena_alloc(&page->arena, (limit + 1) * sizeof(struct store_line));
    if (query->range == STORE_AROUND && limit > 0) {
        return walk_around(reading, limit, err) && find_start(reading, err);
    }
    struct walk way = walk_of(query, limit);
    return walk(reading, &way, err) && find_start(reading, err);
}

bool store_read(struct store *store, const struct store_query *query, struct store_page *out,
                struct err *err)
{
    *out = (struct store_page){0};
    struct store_query copy = *query;
    copy.target = arena_str(&out->arena, query->target);
    struct reading reading = {.store = store, .query = &copy, .page = out};
    if (store_reader_begin(store, err) && store_reader_end(store, read_lines(&reading, err))) {
        return true;
    }
    store_page_deinit(out);
    return false;
}

bool store_find_line(struct store *store, struct str target, uint64_t id, struct store_page *out)
{
    int64_t number = 0;
    bool has_row = false;
    struct str name = {"", 0};
    *out = (struct store_page){0};
    sqlite3_stmt *find = store_db_use(&store->reader, READ_LINE);
    if (id <= INT64_MAX && store_reader_target(store, target, &number, &out->arena, &name, NULL) &&
        number != 0) {
        store_bind_number(find, 1, number);
        store_bind_number(find, 2, (int64_t)id);
        if (store_db_row(&store->reader, find, &has_row, NULL) && has_row) {
            out->lines = arena_alloc(&out->arena, sizeof(struct store_line));
            out->lines[0] = store_reader_line(find, &out->arena);
            out->lines[0].target = arena_str(&out->arena, target);
            out->lines[0].name = target.data[0] == ' ' ? (struct str){"", 0} : name;
            out->count = 1;
        }
        store_db_end(find);
    }
    if (out->count == 0) {
        store_page_deinit(out);
    }
    return out->count > 0;
}

bool store_find_sent(struct store *store, struct str who, struct str label, uint64_t *id)
{
    bool has_row = false;
    sqlite3_stmt *find = store_db_use(&store->reader, READ_SENT);
    store_bind_str(find, 1, who);
    store_bind_str(find, 2, label);
    if (store_db_row(&store->reader, find, &has_row, NULL) && has_row) {
        *id = (uint64_t)sqlite3_column_int64(find, 0);
        // Forgotten rows are taken away later, an hour's worth at a time.
        has_row = (int64_t)(*id >> 20) >= store->now_ms - STORE_SENT_MS;
    }
    store_db_end(find);
    return has_row;
}

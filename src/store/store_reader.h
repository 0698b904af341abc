// The owner's connection: its statements by number, and what all queries of lines share.
#ifndef STORE_READER_H
#define STORE_READER_H

#include "store_internal.h"

enum store_read_statement {
    READ_BEGIN,
    READ_END,
    READ_TARGET,
    READ_SAID_UP,
    READ_SAID_DOWN,
    READ_ALL_UP,
    READ_ALL_DOWN,
    READ_SAID_BEFORE,
    READ_ALL_BEFORE,
    READ_LINE,
    READ_SENT,
    READ_LAST_SAID,
    READ_TARGETS_OF,
    READ_FTS_UPTO,
    READ_FTS_DOWN,
    READ_FTS_UP,
    READ_MSG,
    READ_FRESH_CLEAR,
    READ_FRESH_ADD,
    READ_FRESH,
    READ_UNINDEXED_DOWN,
    READ_UNINDEXED_UP,
    READ_MARKER,
    READ_ACCOUNT,
    READ_TOKEN,
    READ_CHANNELS,
    READ_COUNT,
};

const char *store_reader_sql(int which);

// One view of the database from begin to end, whatever the writer commits meanwhile.
bool store_reader_begin(struct store *store, struct err *err);
// Ends it. Returns is_ok.
bool store_reader_end(struct store *store, bool is_ok);
// id 0: nothing is kept under this name. name may be NULL.
bool store_reader_target(struct store *store, struct str folded, int64_t *id, struct arena *arena,
                         struct str *name, struct err *err);
// Takes a line out of a row whose columns are id, kind, flags, source, account, tags, text.
struct store_line store_reader_line(sqlite3_stmt *row, struct arena *arena);

// Bounds as SQLite counts them: both included, 0 and up; low > high: nothing lies between.
struct store_bounds {
    int64_t low;
    int64_t high;
};
struct store_bounds store_bounds(uint64_t after, uint64_t before); // both excluded

#define STORE_LIMIT_MAX ((size_t)1000)

#endif

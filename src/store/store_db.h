// A connection to the database: opening, prepared statements, sentences about what went wrong.
//
// Errors:  every call that fails leaves a sentence for people; details go to the log.
// Thread:  one connection belongs to one thread.
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "arena.h"
#include "err.h"
#include "str.h"

struct store_db {
    sqlite3 *handle;           // owned
    sqlite3_stmt **statements; // owned, by number
    size_t count;
};

bool store_db_open(struct store_db *db, const char *path, int flags, const char *vfs,
                   struct err *err);
bool store_db_prepare(struct store_db *db, const char *const *sql, size_t count, struct err *err);
void store_db_close(struct store_db *db); // {0} is fine

bool store_db_exec(struct store_db *db, const char *sql, struct err *err);
// The first column of the first row; fails when there is none.
bool store_db_number(struct store_db *db, const char *sql, int64_t *out, struct err *err);

// A statement by its number, ready to be bound.
sqlite3_stmt *store_db_use(struct store_db *db, int which);
// Runs it to its end without looking at rows, and resets it.
bool store_db_run(struct store_db *db, sqlite3_stmt *statement, struct err *err);
// One row: true and *has_row. The statement stays open on it until store_db_end().
bool store_db_row(struct store_db *db, sqlite3_stmt *statement, bool *has_row, struct err *err);
void store_db_end(sqlite3_stmt *statement);
// The sentence for what the connection failed with last. Returns false.
bool store_db_fail(struct store_db *db, struct err *err);
bool store_db_is_damage(int code); // of SQLite, extended or not

void store_bind_str(sqlite3_stmt *statement, int at, struct str text); // text outlives the run
void store_bind_bytes(sqlite3_stmt *statement, int at, struct str bytes);
void store_bind_number(sqlite3_stmt *statement, int at, int64_t number);
struct str store_column_view(sqlite3_stmt *statement, int at); // until the next step or end
struct str store_column_str(sqlite3_stmt *statement, int at, struct arena *arena);

#endif

// A connection to the database: opening, prepared statements, sentences about what went wrong.
#include "store_db.h"

#include <errno.h>

#define LOG_MODULE "store"
#include "i18n.h"
#include "log.h"
#include "mem.h"

bool store_db_is_damage(int code)
{
    return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

// What the system said, where that is plainer than what SQLite made of it.
static int plainer(int code, int system_error)
{
    if (code == SQLITE_IOERR_SHMSIZE) { // the index of the log could not grow
        return SQLITE_FULL;
    }
    bool is_vague = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
    if (is_vague && (system_error == ENOSPC || system_error == EDQUOT)) {
        return SQLITE_FULL;
    }
    return is_vague && system_error == EROFS ? SQLITE_READONLY : code & 0xff;
}

static const char *sentence(int code)
{
    switch (code) {
    case SQLITE_FULL:
        return _("The disk is full.");
    case SQLITE_READONLY:
        return _("The disk or the history file is read-only.");
    case SQLITE_IOERR:
        return _("The disk reports an error.");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return _("The history file is damaged.");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return _("Another program is holding the history file.");
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return _("The history file may not be opened.");
    case SQLITE_NOMEM:
        return _("There is not enough memory for the history.");
    case SQLITE_CONSTRAINT:
        return _("The history holds a line of that number already.");
    case SQLITE_TOOBIG:
        return _("That is too large for the history.");
    default:
        return NULL;
    }
}

bool store_db_fail(struct store_db *db, struct err *err)
{
    int system_error = errno; // of the call that failed; SQLite does not keep it for every failure
    int code = db->handle ? sqlite3_extended_errcode(db->handle) : SQLITE_NOMEM;
    const char *detail = db->handle ? sqlite3_errmsg(db->handle) : "";
    const char *plain = sentence(plainer(code, system_error));
    log_warn("sqlite code=%d detail=%s", code, detail);
    return err_set(err, "%s", plain ? plain : detail);
}

bool store_db_open(struct store_db *db, const char *path, int flags, const char *vfs,
                   struct err *err)
{
    *db = (struct store_db){0};
    int code = sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX, vfs);
    if (code != SQLITE_OK) {
        (void)store_db_fail(db, err);
        store_db_close(db);
        return false;
    }
    (void)sqlite3_extended_result_codes(db->handle, 1); // cannot fail on an open one
    return true;
}

bool store_db_prepare(struct store_db *db, const char *const *sql, size_t count, struct err *err)
{
    db->statements = mem_alloc_array(count, sizeof(sqlite3_stmt *));
    db->count = count;
    for (size_t i = 0; i < count; i++) {
        int code = sqlite3_prepare_v3(db->handle, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                                      &db->statements[i], NULL);
        if (code != SQLITE_OK) {
            return store_db_fail(db, err);
        }
    }
    return true;
}

void store_db_close(struct store_db *db)
{
    for (size_t i = 0; i < db->count; i++) {
        (void)sqlite3_finalize(db->statements[i]); // repeats the last run's failure
    }
    mem_free(db->statements);
    int code = sqlite3_close(db->handle);
    if (code != SQLITE_OK) {
        log_error("a connection is still in use, code=%d", code);
    }
    *db = (struct store_db){0};
}

bool store_db_exec(struct store_db *db, const char *sql, struct err *err)
{
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || store_db_fail(db, err);
}

bool store_db_number(struct store_db *db, const char *sql, int64_t *out, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    bool is_ok = sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL) == SQLITE_OK &&
                 sqlite3_step(statement) == SQLITE_ROW;
    if (is_ok) {
        *out = sqlite3_column_int64(statement, 0);
    } else {
        (void)store_db_fail(db, err);
    }
    (void)sqlite3_finalize(statement); // repeats what was seen above
    return is_ok;
}

sqlite3_stmt *store_db_use(struct store_db *db, int which)
{
    return db->statements[which];
}

bool store_db_run(struct store_db *db, sqlite3_stmt *statement, struct err *err)
{
    int code = sqlite3_step(statement);
    while (code == SQLITE_ROW) {
        code = sqlite3_step(statement);
    }
    bool is_ok = code == SQLITE_DONE || store_db_fail(db, err);
    store_db_end(statement);
    return is_ok;
}

bool store_db_row(struct store_db *db, sqlite3_stmt *statement, bool *has_row, struct err *err)
{
    int code = sqlite3_step(statement);
    *has_row = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        return true;
    }
    (void)store_db_fail(db, err);
    store_db_end(statement);
    return false;
}

void store_db_end(sqlite3_stmt *statement)
{
    (void)sqlite3_reset(statement); // repeats the last step's failure, which was seen there
}

// Binding fails only for an index out of range or memory; an unbound value is refused by NOT NULL.
void store_bind_str(sqlite3_stmt *statement, int at, struct str text)
{
    (void)sqlite3_bind_text64(statement, at, text.len ? text.data : "", text.len, SQLITE_STATIC,
                              SQLITE_UTF8);
}

void store_bind_bytes(sqlite3_stmt *statement, int at, struct str bytes)
{
    (void)sqlite3_bind_blob64(statement, at, bytes.len ? bytes.data : "", bytes.len, SQLITE_STATIC);
}

void store_bind_number(sqlite3_stmt *statement, int at, int64_t number)
{
    (void)sqlite3_bind_int64(statement, at, number);
}

struct str store_column_view(sqlite3_stmt *statement, int at)
{
    const char *data = sqlite3_column_blob(statement, at); // no conversion, TEXT or BLOB
    return (struct str){data, (size_t)sqlite3_column_bytes(statement, at)};
}

struct str store_column_str(sqlite3_stmt *statement, int at, struct arena *arena)
{
    return arena_str(arena, store_column_view(statement, at));
}

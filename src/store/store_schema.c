// The tables, and how a file of an older version becomes one of this.
#include "store_schema.h"

#include <inttypes.h>

#include "i18n.h"

// Lines live clustered by (target, id), so that every form of CHATHISTORY is one seek and a walk.
// What people said and what happened around it (joins, modes, ...) are two tables of one shape: a
// thousand joins between two messages cost nothing to those who ask for messages. msg_id gives the
// order over all targets to the search index and to retention.
static const char first_tables[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value INT NOT NULL) WITHOUT ROWID;"
    "INSERT INTO meta VALUES('schema', 0), ('last_id', 0), ('fts_upto', 0),"
    " ('probe', 0), ('scrub', 0);"
    // a, b: the accounts of a private conversation. is_gone: to be erased, no name leads here.
    "CREATE TABLE target(id INTEGER PRIMARY KEY, folded TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " a TEXT, b TEXT, is_gone INT NOT NULL DEFAULT 0);"
    "CREATE INDEX target_a ON target(a) WHERE a IS NOT NULL;"
    "CREATE INDEX target_b ON target(b) WHERE b IS NOT NULL;"
    "CREATE INDEX target_gone ON target(id) WHERE is_gone=1;"
    // id: unix ms << 20 | counter. flags: 1 bot, 2 redacted.
    "CREATE TABLE msg(target INT NOT NULL, id INT NOT NULL, kind INT NOT NULL, flags INT NOT NULL,"
    " source TEXT NOT NULL, account TEXT NOT NULL, tags TEXT NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY(target, id)) WITHOUT ROWID;"
    "CREATE UNIQUE INDEX msg_id ON msg(id);"
    "CREATE TABLE event(target INT NOT NULL, id INT NOT NULL, kind INT NOT NULL,"
    " flags INT NOT NULL, source TEXT NOT NULL, account TEXT NOT NULL, tags TEXT NOT NULL,"
    " text TEXT NOT NULL, PRIMARY KEY(target, id)) WITHOUT ROWID;"
    "CREATE INDEX event_id ON event(id);"
    "CREATE TABLE sent(who TEXT NOT NULL, label TEXT NOT NULL, id INT NOT NULL,"
    " PRIMARY KEY(who, label)) WITHOUT ROWID;"
    "CREATE TABLE marker(account TEXT NOT NULL, target INT NOT NULL, time INT NOT NULL,"
    " PRIMARY KEY(account, target)) WITHOUT ROWID;"
    "CREATE TABLE account(folded TEXT PRIMARY KEY, name TEXT NOT NULL, iterations INT NOT NULL,"
    " salt BLOB NOT NULL, stored_key BLOB NOT NULL, server_key BLOB NOT NULL,"
    " created INT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE channel(folded TEXT PRIMARY KEY, name TEXT NOT NULL, founder TEXT NOT NULL,"
    " topic TEXT NOT NULL, topic_by TEXT NOT NULL, topic_s INT NOT NULL, created_s INT NOT NULL,"
    " modes TEXT NOT NULL, lists TEXT NOT NULL) WITHOUT ROWID;"
    // rowid: msg.id. place: "c<target>z n<nick in hex>", so that one query narrows by them.
    "CREATE VIRTUAL TABLE fts USING fts5(text, place, content='', columnsize=0,"
    " tokenize='unicode61 remove_diacritics 2');"
    "INSERT INTO fts(fts, rank) VALUES('automerge', 0);"; // the writer merges, in small steps

static const char tokens[] =
    "CREATE TABLE token(hash TEXT PRIMARY KEY, who TEXT NOT NULL, nick TEXT NOT NULL,"
    " put INT NOT NULL) WITHOUT ROWID;";

// Step i brings a file from version i to i + 1; a new file has version 0. A step is never changed
// once it has been released: a new one is added.
static const char *const steps[] = {first_tables, tokens};

enum { STEP_COUNT = sizeof(steps) / sizeof(steps[0]) };

// Reading every page of a file of this size takes about as long as people wait for a start.
#define QUICK_CHECK_MAX ((int64_t)64 << 20)

int store_schema_version(void)
{
    return STEP_COUNT;
}

static bool version_of(struct store_db *db, int64_t *version, struct err *err)
{
    return store_db_number(db, "SELECT value FROM meta WHERE key='schema'", version, err);
}

static enum store_file unreadable(struct store_db *db)
{
    return store_db_is_damage(sqlite3_errcode(db->handle)) ? STORE_FILE_DAMAGED
                                                           : STORE_FILE_REFUSED;
}

// The small tables always; all of them when the file is small or under suspicion.
static bool is_sound(struct store_db *db, bool is_thorough)
{
    int64_t pages = 0, page_size = 0, is_fine = 0;
    struct err err;
    if (!store_db_number(db, "PRAGMA page_count", &pages, &err) ||
        !store_db_number(db, "PRAGMA page_size", &page_size, &err)) {
        return false;
    }
    if (is_thorough || pages * page_size <= QUICK_CHECK_MAX) {
        return store_db_number(db, "SELECT quick_check='ok' FROM pragma_quick_check(1)", &is_fine,
                               &err) &&
               is_fine;
    }
    return store_db_number(db,
                           "SELECT count(*)=0 FROM (VALUES('meta'), ('target'), ('account'),"
                           " ('channel')) AS small, pragma_quick_check(small.column1) AS found"
                           " WHERE found.quick_check<>'ok'",
                           &is_fine, &err) &&
           is_fine;
}

enum store_file store_schema_look(struct store_db *db, bool is_thorough, struct err *err)
{
    int64_t tables = 0, ours = 0, version = 0;
    if (!store_db_number(db, "SELECT count(*) FROM sqlite_schema", &tables, err)) {
        return unreadable(db);
    }
    if (tables == 0) {
        return STORE_FILE_NEW;
    }
    if (!store_db_number(db,
                         "SELECT count(*) FROM sqlite_schema WHERE type='table' AND name IN"
                         " ('meta', 'target', 'msg')",
                         &ours, err)) {
        return unreadable(db);
    }
    if (ours != 3) {
        (void)err_set(err, "%s", _("This file belongs to another program; it is left as it is."));
        return STORE_FILE_REFUSED;
    }
    if (!version_of(db, &version, err)) {
        return unreadable(db);
    }
    if (version < 0 || version > STEP_COUNT) {
        (void)err_set(err,
                      _("A newer Ronron wrote this history (version %" PRId64
                        ", this one knows up to %d); it is left as it is."),
                      version, (int)STEP_COUNT);
        return STORE_FILE_REFUSED;
    }
    return is_sound(db, is_thorough) ? STORE_FILE_OURS : STORE_FILE_DAMAGED;
}

static bool run_steps(struct store_db *db, struct err *err)
{
    int64_t tables = 0, version = 0;
    if (!store_db_number(db, "SELECT count(*) FROM sqlite_schema", &tables, err) ||
        (tables > 0 && !version_of(db, &version, err))) {
        return false;
    }
    for (int64_t i = version; i < STEP_COUNT; i++) {
        if (!store_db_exec(db, steps[i], err) ||
            !store_db_exec(db, "UPDATE meta SET value=value+1 WHERE key='schema'", err)) {
            return false;
        }
    }
    return true;
}

bool store_schema_upgrade(struct store_db *db, struct err *err)
{
    if (!store_db_exec(db, "BEGIN IMMEDIATE", err)) {
        return false;
    }
    if (run_steps(db, err) && store_db_exec(db, "COMMIT", err)) {
        return true;
    }
    if (!sqlite3_get_autocommit(db->handle)) {
        (void)store_db_exec(db, "ROLLBACK", NULL); // the sentence is about what came before
    }
    return false;
}

// The owner's connection: its statements, and what all queries of lines share.
#include "store_reader.h"

#include "store_words.h"

#define COLUMNS "id, kind, flags, source, account, tags, text"
#define RANGE   "WHERE target=?1 AND id BETWEEN ?2 AND ?3 AND flags & 2 = 0"
#define BEFORE  "WHERE target=?1 AND id<?2 AND flags & 2 = 0"
#define SAID    "SELECT " COLUMNS " FROM msg " RANGE
#define FTS     "SELECT rowid FROM fts WHERE fts MATCH ?1 AND rowid BETWEEN ?2 AND ?3"
#define ALL     SAID " UNION ALL SELECT " COLUMNS " FROM event " RANGE

static const char *const sql[READ_COUNT] = {
    [READ_BEGIN] = "BEGIN",
    [READ_END] = "COMMIT",
    [READ_TARGET] = "SELECT id, name FROM target WHERE folded=?1",
    [READ_SAID_UP] = SAID " ORDER BY id LIMIT ?4",
    [READ_SAID_DOWN] = SAID " ORDER BY id DESC LIMIT ?4",
    [READ_ALL_UP] = ALL " ORDER BY id LIMIT ?4",
    [READ_ALL_DOWN] = ALL " ORDER BY id DESC LIMIT ?4",
    [READ_SAID_BEFORE] = "SELECT EXISTS(SELECT 1 FROM msg " BEFORE ")",
    [READ_ALL_BEFORE] =
        "SELECT EXISTS(SELECT 1 FROM msg " BEFORE ") OR EXISTS(SELECT 1 FROM event " BEFORE ")",
    [READ_LINE] =
        "SELECT " COLUMNS " FROM msg WHERE target=?1 AND id=?2 AND flags & 2 = 0"
        " UNION ALL SELECT " COLUMNS " FROM event WHERE target=?1 AND id=?2 AND flags & 2 = 0",
    [READ_SENT] = "SELECT id FROM sent WHERE who=?1 AND label=?2",
    [READ_LAST_SAID] = "SELECT max(id) FROM msg WHERE target=?1 AND flags & 2 = 0",
    // The name of the other one: of the account if it is there, else as the key has it.
    [READ_TARGETS_OF] =
        "SELECT conversation.id, conversation.folded, coalesce((SELECT account.name FROM account"
        " WHERE account.folded=conversation.other), conversation.other) FROM"
        " (SELECT id, folded, b AS other FROM target WHERE a=?1"
        " UNION ALL SELECT id, folded, a AS other FROM target WHERE b=?1 AND a<>?1)"
        " AS conversation",
    [READ_FTS_UPTO] = "SELECT value FROM meta WHERE key='fts_upto'",
    [READ_FTS_DOWN] = FTS " ORDER BY rowid DESC LIMIT ?4",
    [READ_FTS_UP] = FTS " ORDER BY rowid LIMIT ?4",
    [READ_MSG] = "SELECT " COLUMNS ", (SELECT folded FROM target WHERE target.id=msg.target),"
                 " (SELECT name FROM target WHERE target.id=msg.target)"
                 " FROM msg INDEXED BY msg_id WHERE id=?1 AND flags & 2 = 0",
    [READ_FRESH_CLEAR] = "INSERT INTO temp.fresh(fresh) VALUES('delete-all')",
    [READ_FRESH_ADD] = "INSERT INTO temp.fresh(rowid, text) VALUES(?1, ?2)",
    [READ_FRESH] = "SELECT rowid FROM temp.fresh WHERE fresh MATCH ?1 ORDER BY rowid DESC",
    [READ_UNINDEXED_DOWN] = SAID " ORDER BY id DESC LIMIT ?4",
    [READ_UNINDEXED_UP] = SAID " ORDER BY id LIMIT ?4",
    [READ_MARKER] = "SELECT time FROM marker WHERE account=?1 AND"
                    " target=(SELECT id FROM target WHERE folded=?2)",
    [READ_ACCOUNT] = "SELECT name, folded, iterations, created, salt, stored_key, server_key"
                     " FROM account WHERE folded=?1",
    [READ_TOKEN] = "SELECT who, nick FROM token WHERE hash=?1 AND put>=?2",
    [READ_CHANNELS] = "SELECT folded, name, founder, topic, topic_by, modes, lists, topic_s,"
                      " created_s FROM channel ORDER BY folded",
};

const char *store_reader_sql(int which)
{
    return sql[which];
}

bool store_reader_open(struct store_db *db, const char *path, const char *vfs, struct err *err)
{
    // Lines that are not in the index yet are searched by the same rules: in an index of their own
    // that lives in memory for the length of one search.
    static const char fresh[] =
        "PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
        "PRAGMA cache_size=-8192; CREATE VIRTUAL TABLE temp.fresh USING fts5(text, content='',"
        " columnsize=0, tokenize='unicode61 remove_diacritics 2');";
    enum { READER_BUSY_MS = 50 }; // readers never wait for the writer, only for a recovery
    if (!store_db_open(db, path, SQLITE_OPEN_READONLY, vfs, err)) {
        return false;
    }
    (void)sqlite3_busy_timeout(db->handle, READER_BUSY_MS); // cannot fail
    return store_db_exec(db, fresh, err) && store_db_prepare(db, sql, READ_COUNT, err);
}

bool store_reader_begin(struct store *store, struct err *err)
{
    return store_db_run(&store->reader, store_db_use(&store->reader, READ_BEGIN), err);
}

bool store_reader_end(struct store *store, bool is_ok)
{
    if (!is_ok && store_db_is_damage(sqlite3_errcode(store->reader.handle))) {
        store_suspect(store);
    }
    if (!sqlite3_get_autocommit(store->reader.handle)) {
        // Nothing was written: ending a view of the database has no way to fail that matters.
        (void)store_db_run(&store->reader, store_db_use(&store->reader, READ_END), NULL);
    }
    return is_ok;
}

bool store_reader_target(struct store *store, struct str folded, int64_t *id, struct arena *arena,
                         struct str *name, struct err *err)
{
    bool has_row = false;
    sqlite3_stmt *find = store_db_use(&store->reader, READ_TARGET);
    store_bind_str(find, 1, folded);
    *id = 0;
    if (!store_db_row(&store->reader, find, &has_row, err)) {
        return false;
    }
    if (has_row) {
        *id = sqlite3_column_int64(find, 0);
        if (name) {
            *name = store_column_str(find, 1, arena);
        }
    }
    store_db_end(find);
    return true;
}

struct store_line store_reader_line(sqlite3_stmt *row, struct arena *arena)
{
    return (struct store_line){
        .id = (uint64_t)sqlite3_column_int64(row, 0),
        .kind = (enum store_kind)sqlite3_column_int(row, 1),
        .is_bot = sqlite3_column_int(row, 2) & STORE_IS_BOT,
        .source = store_column_str(row, 3, arena),
        .account = store_column_str(row, 4, arena),
        .tags = store_column_str(row, 5, arena),
        .text = store_column_str(row, 6, arena),
    };
}

struct store_bounds store_bounds(uint64_t after, uint64_t before)
{
    struct store_bounds bounds = {1, 0}; // nothing
    if (after >= INT64_MAX || before == 0) {
        return bounds;
    }
    bounds.low = (int64_t)(after + 1);
    bounds.high = before > INT64_MAX ? INT64_MAX : (int64_t)(before - 1);
    return bounds;
}

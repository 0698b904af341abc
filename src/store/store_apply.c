// One write inside the writer's transaction: from a record to rows.
#include "i18n.h"
#include "store_index.h"
#include "store_internal.h"
#include "store_schema.h"
#include "store_sql.h"

#define LINE_COLUMNS "id, target, flags, source, text"

// Of the targets behind ?1 up to ?2 those of which no line is left.
#define BARE_TARGETS                                                                               \
    "id>?1 AND id<=?2 AND is_gone=0"                                                               \
    " AND NOT EXISTS(SELECT 1 FROM msg WHERE msg.target=target.id)"                                \
    " AND NOT EXISTS(SELECT 1 FROM event WHERE event.target=target.id)"

static const char *const sql[WRITE_COUNT] = {
    [WRITE_BEGIN] = "BEGIN IMMEDIATE",
    [WRITE_COMMIT] = "COMMIT",
    [WRITE_TARGET_FIND] = "SELECT id FROM target WHERE folded=?1",
    [WRITE_TARGET_ADD] = "INSERT INTO target(folded, name, a, b) VALUES(?1, ?2, ?3, ?4)",
    [WRITE_TARGET_RENAME] = "UPDATE target SET folded=?2, name=?3 WHERE folded=?1",
    // No name on the wire holds a control character.
    [WRITE_TARGET_HIDE] = "UPDATE target SET folded=char(1)||id WHERE folded=?1",
    [WRITE_TARGETS_ERASE] = "UPDATE target SET folded=char(1)||id, name='', a=NULL, b=NULL,"
                            " is_gone=1"
                            " WHERE id IN (SELECT id FROM target WHERE a=?1"
                            " UNION SELECT id FROM target WHERE b=?1)",
    [WRITE_TARGET_GONE] = "SELECT id FROM target WHERE is_gone=1 LIMIT 1",
    [WRITE_TARGET_DROP] = "DELETE FROM target WHERE id=?1",
    [WRITE_TARGET_WALK] = "SELECT max(id), count(*) FROM"
                          " (SELECT id FROM target WHERE id>?1 ORDER BY id LIMIT ?2)",
    [WRITE_TARGET_PRUNE] =
        "DELETE FROM target WHERE " BARE_TARGETS " AND id NOT IN (SELECT target FROM marker)",
    // A label older than its time is as good as forgotten. changes() is 0 for a repeat.
    [WRITE_SENT] = "INSERT INTO sent(who, label, id) VALUES(?1, ?2, ?3)"
                   " ON CONFLICT(who, label) DO UPDATE SET id=excluded.id WHERE sent.id<?4",
    [WRITE_SENT_WALK] = "SELECT who, label, id FROM sent WHERE (who, label)>(?1, ?2)"
                        " ORDER BY who, label LIMIT ?3",
    [WRITE_SENT_DROP] = "DELETE FROM sent WHERE who=?1 AND label=?2",
    [WRITE_MSG] = "INSERT INTO msg(target, id, kind, flags, source, account, tags, text)"
                  " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [WRITE_EVENT] = "INSERT INTO event(target, id, kind, flags, source, account, tags, text)"
                    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [WRITE_MSG_FIND] = "SELECT " LINE_COLUMNS " FROM msg WHERE target=?1 AND id=?2",
    [WRITE_MSG_REDACT] = "UPDATE msg SET tags='', text='', flags=flags|2 WHERE target=?1 AND id=?2",
    [WRITE_EVENT_REDACT] =
        "UPDATE event SET tags='', text='', flags=flags|2 WHERE target=?1 AND id=?2",
    [WRITE_MSG_DROP] = "DELETE FROM msg WHERE target=?1 AND id=?2",
    [WRITE_EVENT_DROP_OLD] =
        "DELETE FROM event WHERE (target, id) IN"
        " (SELECT target, id FROM event INDEXED BY event_id WHERE id<?1 ORDER BY id LIMIT ?2)",
    [WRITE_EVENT_DROP_OF] = "DELETE FROM event WHERE target=?1 AND id IN"
                            " (SELECT id FROM event WHERE target=?1 ORDER BY id LIMIT ?2)",
    [WRITE_MARKER] = "INSERT INTO marker(account, target, time) VALUES(?1, ?2, ?3)"
                     " ON CONFLICT(account, target) DO UPDATE SET time=excluded.time"
                     " WHERE excluded.time>time",
    [WRITE_MARKER_DROP] = "DELETE FROM marker WHERE account=?1",
    [WRITE_MARKER_DROP_OF] = "DELETE FROM marker WHERE target=?1",
    [WRITE_MARKER_PRUNE] =
        "DELETE FROM marker WHERE time<?3 AND target IN (SELECT id FROM target WHERE " BARE_TARGETS
        ")",
    [WRITE_ACCOUNT] = "INSERT OR REPLACE INTO"
                      " account(folded, name, salt, stored_key, server_key, iterations, created)"
                      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [WRITE_ACCOUNT_DROP] = "DELETE FROM account WHERE folded=?1",
    [WRITE_CHANNEL] =
        "INSERT OR REPLACE INTO"
        " channel(folded, name, founder, topic, topic_by, modes, lists, topic_s, created_s)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [WRITE_CHANNEL_DROP] = "DELETE FROM channel WHERE folded=?1",
    [WRITE_CHANNEL_RENAME] = "UPDATE OR REPLACE channel SET folded=?2, name=?3 WHERE folded=?1",
    [WRITE_TOKEN] = "INSERT OR REPLACE INTO token(hash, who, nick, put) VALUES(?1, ?2, ?3, ?4)",
    [WRITE_TOKEN_PRUNE] = "DELETE FROM token WHERE put<?1",
    [WRITE_META] = "UPDATE meta SET value=?2 WHERE key=?1",
    [WRITE_META_MAX] = "UPDATE meta SET value=?2 WHERE key=?1 AND value<?2",
    [WRITE_PROBE] = "UPDATE meta SET value=value+1 WHERE key='probe'",
    [WRITE_FTS_ADD] = "INSERT INTO fts(rowid, text, place) VALUES(?1, ?2, ?3)",
    [WRITE_FTS_DROP] = "INSERT INTO fts(fts, rowid, text, place) VALUES('delete', ?1, ?2, ?3)",
    [WRITE_FTS_MERGE] = "INSERT INTO fts(fts, rank) VALUES('merge', ?1)",
    [WRITE_LINES_FROM] =
        "SELECT " LINE_COLUMNS " FROM msg INDEXED BY msg_id WHERE id>?1 ORDER BY id LIMIT ?2",
    [WRITE_LINES_OLD] =
        "SELECT " LINE_COLUMNS " FROM msg INDEXED BY msg_id WHERE id<?1 ORDER BY id LIMIT ?2",
    [WRITE_LINES_OF] = "SELECT " LINE_COLUMNS " FROM msg WHERE target=?1 ORDER BY id LIMIT ?2",
};

static bool set_up(struct store_db *db, struct err *err)
{
    (void)sqlite3_busy_timeout(db->handle, STORE_BUSY_MS); // cannot fail
    // The order matters: auto_vacuum before the first table, upgrade before statements.
    if (!store_db_exec(db,
                       "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA trusted_schema=OFF;"
                       "PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON;"
                       "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;"
                       "PRAGMA synchronous=FULL;"
                       "PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=67108864",
                       err)) {
        return false;
    }
    int64_t is_wal = 0;
    if (!store_db_exec(db, "PRAGMA journal_mode=WAL", err) ||
        !store_db_number(db, "SELECT journal_mode='wal' FROM pragma_journal_mode", &is_wal, err)) {
        return false;
    }
    return is_wal || err_set(err, "%s", _("This file system takes no write-ahead log."));
}

bool store_writer_relax(struct store_writer *writer, struct err *err)
{
    bool is_ok = writer->is_relaxed || store_db_exec(&writer->db, "PRAGMA synchronous=NORMAL", err);
    writer->is_relaxed = is_ok;
    return is_ok;
}

bool store_writer_tighten(struct store_writer *writer, struct err *err)
{
    bool is_ok = !writer->is_relaxed || store_db_exec(&writer->db, "PRAGMA synchronous=FULL", err);
    writer->is_relaxed = writer->is_relaxed && !is_ok;
    return is_ok;
}

static int count_frames(void *context, sqlite3 *handle, const char *name, int frames)
{
    (void)handle;
    (void)name;
    struct store_writer *writer = context;
    writer->checkpointed = frames < writer->frames ? 0 : writer->checkpointed; // a new log
    writer->frames = frames;
    return SQLITE_OK;
}

bool store_writer_open(struct store_writer *writer, const char *path, const char *vfs,
                       struct err *err)
{
    struct store_db *db = &writer->db;
    int64_t gone = 0, scrub = 0;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (!store_db_open(db, path, flags, vfs, err) || !set_up(db, err) ||
        !store_schema_upgrade(db, err) || !store_db_prepare(db, sql, WRITE_COUNT, err)) {
        return false;
    }
    (void)sqlite3_wal_hook(db->handle, count_frames, writer); // gives back the hook before, none
    buf_init(&writer->sent_who, BUF_NO_LIMIT);
    buf_init(&writer->sent_label, BUF_NO_LIMIT);
    if (!store_db_number(db, "SELECT value FROM meta WHERE key='fts_upto'", &writer->fts_upto,
                         err) ||
        !store_db_number(db,
                         "SELECT count(*) FROM (SELECT 1 FROM msg WHERE id>(SELECT value FROM meta"
                         " WHERE key='fts_upto') LIMIT 10000)",
                         &writer->unindexed, err) ||
        !store_db_number(db, "SELECT value FROM meta WHERE key='scrub'", &scrub, err) ||
        !store_db_number(db, "SELECT count(*) FROM target WHERE is_gone=1", &gone, err)) {
        return false;
    }
    writer->scrub_due = scrub > 0;
    writer->gone_due = gone > 0;
    return true;
}

static bool find_target(struct store_writer *writer, struct str folded, int64_t *id,
                        struct err *err)
{
    bool has_row = false;
    sqlite3_stmt *find = store_db_use(&writer->db, WRITE_TARGET_FIND);
    store_bind_str(find, 1, folded);
    *id = 0;
    if (!store_db_row(&writer->db, find, &has_row, err)) {
        return false;
    }
    if (has_row) {
        *id = sqlite3_column_int64(find, 0);
    }
    store_db_end(find);
    return true;
}

// " alice bob" is the key of a conversation: see store_pair_key().
static bool add_target(struct store_writer *writer, struct str folded, struct str name, int64_t *id,
                       struct err *err)
{
    sqlite3_stmt *add = store_db_use(&writer->db, WRITE_TARGET_ADD);
    store_bind_str(add, 1, folded);
    store_bind_str(add, 2, name.len ? name : folded);
    (void)sqlite3_bind_null(add, 3); // cannot fail for an index that is there
    (void)sqlite3_bind_null(add, 4);
    size_t space = 0;
    struct str pair = str_range(folded, 1, folded.len);
    if (str_starts(folded, STR(" ")) && str_find_char(pair, ' ', &space)) {
        store_bind_str(add, 3, str_range(pair, 0, space));
        store_bind_str(add, 4, str_range(pair, space + 1, pair.len));
    }
    if (!store_db_run(&writer->db, add, err)) {
        return false;
    }
    *id = sqlite3_last_insert_rowid(writer->db.handle);
    return true;
}

static bool need_target(struct store_writer *writer, struct str folded, struct str name,
                        int64_t *id, struct err *err)
{
    if (writer->target_id != 0 && str_eq(folded, str_from(writer->target))) {
        *id = writer->target_id; // talk comes in the same room line after line
        return true;
    }
    if (!find_target(writer, folded, id, err) ||
        (*id == 0 && !add_target(writer, folded, name, id, err))) {
        return false;
    }
    writer->target_id = str_copy(writer->target, sizeof(writer->target), folded) ? *id : 0;
    return true;
}

static void hear_time(struct store_writer *writer, int64_t now_ms)
{
    if (now_ms > writer->now_ms) {
        writer->now_ms = now_ms;
    }
}

// Remembers who sent what; *is_new is false for a repeat.
static bool apply_sent(struct store_writer *writer, const struct store_record *record, bool *is_new,
                       struct err *err)
{
    int64_t id = record->numbers[0];
    sqlite3_stmt *sent = store_db_use(&writer->db, WRITE_SENT);
    int64_t horizon_ms = (id >> 20) - STORE_SENT_MS;
    store_bind_str(sent, 1, record->texts[LINE_WHO]);
    store_bind_str(sent, 2, record->texts[LINE_LABEL]);
    store_bind_number(sent, 3, id);
    store_bind_number(sent, 4, horizon_ms > 0 ? horizon_ms << 20 : 0);
    bool is_ok = store_db_run(&writer->db, sent, err);
    *is_new = is_ok && sqlite3_changes(writer->db.handle) > 0;
    return is_ok;
}

static bool is_said(const struct store_record *record)
{
    return record->kind == STORE_PRIVMSG || record->kind == STORE_NOTICE;
}

static bool insert_line(struct store_writer *writer, const struct store_record *record,
                        int64_t target, struct err *err)
{
    sqlite3_stmt *line = store_db_use(&writer->db, is_said(record) ? WRITE_MSG : WRITE_EVENT);
    store_bind_number(line, 1, target);
    store_bind_number(line, 2, record->numbers[0]);
    store_bind_number(line, 3, record->kind);
    store_bind_number(line, 4, record->is_bot ? STORE_IS_BOT : 0);
    store_bind_str(line, 5, record->texts[LINE_SOURCE]);
    store_bind_str(line, 6, record->texts[LINE_ACCOUNT]);
    store_bind_str(line, 7, record->texts[LINE_TAGS]);
    store_bind_str(line, 8, record->texts[LINE_TEXT]);
    if (!store_db_run(&writer->db, line, err)) {
        return false;
    }
    writer->new_lines++;
    if (!is_said(record)) {
        return true;
    }
    if (record->numbers[0] > writer->fts_upto) {
        writer->new_unindexed++;
        return true;
    }
    // The index has passed this place already.
    struct store_indexed indexed = {record->numbers[0], target, record->texts[LINE_SOURCE],
                                    record->texts[LINE_TEXT]};
    return store_index_add(writer, &indexed, err);
}

static bool set_meta(struct store_writer *writer, int which, struct str key, int64_t value,
                     struct err *err)
{
    sqlite3_stmt *meta = store_db_use(&writer->db, which);
    store_bind_str(meta, 1, key);
    store_bind_number(meta, 2, value);
    return store_db_run(&writer->db, meta, err);
}

static bool apply_line(struct store_writer *writer, const struct store_record *record,
                       struct err *err)
{
    int64_t target = 0, id = record->numbers[0];
    bool is_new = true;
    hear_time(writer, id >> 20);
    if (id <= 0) {
        return err_set(err, "%s", _("The clock is beyond what the history can count."));
    }
    if (record->texts[LINE_WHO].len && record->texts[LINE_LABEL].len) {
        if (!apply_sent(writer, record, &is_new, err)) {
            return false;
        }
        if (!is_new) {
            return true;
        }
    }
    if (record->texts[LINE_TARGET].len == 0) { // its id is in no table that is looked at on start
        return set_meta(writer, WRITE_META_MAX, STR("last_id"), id, err);
    }
    return need_target(writer, record->texts[LINE_TARGET], record->texts[LINE_NAME], &target,
                       err) &&
           insert_line(writer, record, target, err);
}

// Kept until it is done: a crash in between must not leave erased words behind.
bool store_writer_erased(struct store_writer *writer, struct err *err)
{
    writer->scrub_due = true;
    return set_meta(writer, WRITE_META_MAX, STR("scrub"), 1, err);
}

static bool redact_msg(struct store_writer *writer, int64_t target, int64_t id, struct err *err)
{
    bool has_row = false;
    sqlite3_stmt *find = store_db_use(&writer->db, WRITE_MSG_FIND);
    store_bind_number(find, 1, target);
    store_bind_number(find, 2, id);
    if (!store_db_row(&writer->db, find, &has_row, err)) {
        return false;
    }
    bool is_ok = true;
    if (has_row && !(sqlite3_column_int(find, 2) & STORE_IS_REDACTED) && id <= writer->fts_upto) {
        struct store_indexed indexed = {id, target, store_column_view(find, 3),
                                        store_column_view(find, 4)};
        is_ok = store_index_drop(writer, &indexed, err);
    }
    store_db_end(find);
    return is_ok;
}

static bool apply_redaction(struct store_writer *writer, const struct store_record *record,
                            struct err *err)
{
    static const int redactions[] = {WRITE_MSG_REDACT, WRITE_EVENT_REDACT};
    int64_t target = 0, id = record->numbers[0];
    if (!find_target(writer, record->texts[0], &target, err) ||
        !redact_msg(writer, target, id, err)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(redactions) / sizeof(redactions[0]); i++) {
        sqlite3_stmt *redact = store_db_use(&writer->db, redactions[i]);
        store_bind_number(redact, 1, target);
        store_bind_number(redact, 2, id);
        if (!store_db_run(&writer->db, redact, err)) {
            return false;
        }
    }
    return store_writer_erased(writer, err);
}

static bool apply_marker(struct store_writer *writer, const struct store_record *record,
                         struct err *err)
{
    int64_t target = 0;
    if (!need_target(writer, record->texts[1], record->texts[1], &target, err)) {
        return false;
    }
    sqlite3_stmt *marker = store_db_use(&writer->db, WRITE_MARKER);
    store_bind_str(marker, 1, record->texts[0]);
    store_bind_number(marker, 2, target);
    store_bind_number(marker, 3, record->numbers[0]);
    return store_db_run(&writer->db, marker, err);
}

// Texts first, numbers behind them, in the order of the record.
static bool run_plain(struct store_writer *writer, int which, const struct store_record *record,
                      int text_count, struct err *err)
{
    sqlite3_stmt *statement = store_db_use(&writer->db, which);
    int count = sqlite3_bind_parameter_count(statement);
    for (int i = 0; i < count; i++) {
        if (i < text_count) {
            store_bind_str(statement, i + 1, record->texts[i]);
        } else {
            store_bind_number(statement, i + 1, record->numbers[i - text_count]);
        }
    }
    return store_db_run(&writer->db, statement, err);
}

static bool apply_account(struct store_writer *writer, const struct store_record *record,
                          struct err *err)
{
    sqlite3_stmt *account = store_db_use(&writer->db, WRITE_ACCOUNT);
    store_bind_str(account, 1, record->texts[0]);
    store_bind_str(account, 2, record->texts[1]);
    for (int i = 2; i < 5; i++) {
        store_bind_bytes(account, i + 1, record->texts[i]);
    }
    store_bind_number(account, 6, record->numbers[0]);
    store_bind_number(account, 7, record->numbers[1]);
    return store_db_run(&writer->db, account, err);
}

static bool apply_account_drop(struct store_writer *writer, const struct store_record *record,
                               struct err *err)
{
    writer->gone_due = true;
    return store_writer_erased(writer, err) &&
           run_plain(writer, WRITE_ACCOUNT_DROP, record, 1, err) &&
           run_plain(writer, WRITE_MARKER_DROP, record, 1, err) &&
           run_plain(writer, WRITE_TARGETS_ERASE, record, 1, err);
}

static bool apply_rename(struct store_writer *writer, const struct store_record *record,
                         struct err *err)
{
    if (!str_eq(record->texts[0], record->texts[1])) {
        sqlite3_stmt *hide = store_db_use(&writer->db, WRITE_TARGET_HIDE);
        store_bind_str(hide, 1, record->texts[1]);
        if (!store_db_run(&writer->db, hide, err)) {
            return false;
        }
    }
    return run_plain(writer, WRITE_TARGET_RENAME, record, 3, err) &&
           run_plain(writer, WRITE_CHANNEL_RENAME, record, 3, err);
}

static void apply_retention(struct store_writer *writer, const struct store_record *record)
{
    writer->max_age_ms = record->numbers[0];
    writer->max_bytes = (uint64_t)record->numbers[1];
    writer->age_hour = 0;
    writer->size_due = true;
}

bool store_apply(struct store_writer *writer, const struct store_record *record, struct err *err)
{
    if (record->op != STORE_OP_LINE) {
        writer->target_id = 0; // what it does may rename or erase it
    }
    switch (record->op) {
    case STORE_OP_LINE:
        return apply_line(writer, record, err);
    case STORE_OP_REDACTION:
        return apply_redaction(writer, record, err);
    case STORE_OP_MARKER:
        return apply_marker(writer, record, err);
    case STORE_OP_ACCOUNT:
        return apply_account(writer, record, err);
    case STORE_OP_ACCOUNT_DROP:
        return apply_account_drop(writer, record, err);
    case STORE_OP_CHANNEL:
        return run_plain(writer, WRITE_CHANNEL, record, 7, err);
    case STORE_OP_CHANNEL_DROP:
        return run_plain(writer, WRITE_CHANNEL_DROP, record, 1, err);
    case STORE_OP_CHANNEL_RENAME:
        return apply_rename(writer, record, err);
    case STORE_OP_HIDE:
        return run_plain(writer, WRITE_TARGET_HIDE, record, 1, err);
    case STORE_OP_TOKEN:
        hear_time(writer, record->numbers[0]);
        return run_plain(writer, WRITE_TOKEN, record, 3, err);
    case STORE_OP_RETENTION:
        apply_retention(writer, record);
        return true;
    case STORE_OP_PROBE: // a changed value, so that a page is written
        return store_db_run(&writer->db, store_db_use(&writer->db, WRITE_PROBE), err);
    case STORE_OP_CLOCK:
        hear_time(writer, record->numbers[0]);
        return true;
    }
    return true;
}

bool store_writer_meta(struct store_writer *writer, struct str key, int64_t value, struct err *err)
{
    return set_meta(writer, WRITE_META, key, value, err);
}

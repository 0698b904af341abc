// What the writer does when nobody waits: the log into the file, the search index, forgetting.
//
// Every chore is a row of the table below and does one bounded piece at a time, so that a batch
// that comes in between waits for a few milliseconds at most. Chores commit without a flush: the
// next batch's flush covers them, and what a power cut takes back is done again.
#include <stdio.h>
#include <sys/stat.h>

#define LOG_MODULE "store"
#include "log.h"
#include "store_index.h"
#include "store_internal.h"
#include "store_sql.h"

enum {
    FRAMES_QUIET = 1000, // the log is emptied at this when nobody waits,
    FRAMES_MAX = 8000,   // and at this in any case
    INDEX_QUIET = 64,    // lines: fewer are not worth a transaction, a search looks at them itself
    INDEX_MAX = 8000,
    INDEX_SLICE = 1000,
    ERASE_SLICE = 100, // taking a line out of the index costs more than putting it in
    SENT_SLICE = 500,
    TARGET_SLICE = 500,
    MERGE_PAGES = 16,
    MERGES_URGENT = 4, // steps for each piece that is indexed under load
    VACUUM_PAGES = 64,
};

// So long after what was read last a marker of an empty conversation may be forgotten.
#define MARKER_MS ((int64_t)24 * 3600 * 1000)

// A line takes about this with its places in the indexes, and its words about as much again.
static int64_t line_bytes(size_t text_len, size_t source_len)
{
    return 100 + (int64_t)source_len + 2 * (int64_t)text_len;
}

static int64_t hour_of(int64_t ms)
{
    return ms / 3600000;
}

static bool run(struct store_writer *writer, int which, struct err *err)
{
    return store_db_run(&writer->db, store_db_use(&writer->db, which), err);
}

// --- lines copied out of a query, so that the tables may change ---
struct lines {
    struct arena arena;
    struct store_indexed items[INDEX_SLICE];
    size_t count;
    bool is_redacted[INDEX_SLICE];
};

static bool take_lines(struct store_writer *writer, sqlite3_stmt *query, struct lines *out,
                       struct err *err)
{
    bool has_row = true;
    out->count = 0;
    while (has_row && out->count < INDEX_SLICE) {
        if (!store_db_row(&writer->db, query, &has_row, err)) {
            return false;
        }
        if (has_row) {
            out->is_redacted[out->count] = sqlite3_column_int(query, 2) & STORE_IS_REDACTED;
            out->items[out->count++] = (struct store_indexed){
                .id = sqlite3_column_int64(query, 0),
                .target = sqlite3_column_int64(query, 1),
                .source = store_column_str(query, 3, &out->arena),
                .text = store_column_str(query, 4, &out->arena),
            };
        }
    }
    store_db_end(query);
    return true;
}

static bool query_lines(struct store_writer *writer, int which, int64_t bound, int limit,
                        struct lines *out, struct err *err)
{
    sqlite3_stmt *query = store_db_use(&writer->db, which);
    store_bind_number(query, 1, bound);
    store_bind_number(query, 2, limit);
    return take_lines(writer, query, out, err);
}

// --- the search index ---
static bool index_slice(struct store_writer *writer, struct lines *lines, struct err *err)
{
    if (!query_lines(writer, WRITE_LINES_FROM, writer->fts_upto, INDEX_SLICE, lines, err)) {
        return false;
    }
    for (size_t i = 0; i < lines->count; i++) {
        if (!lines->is_redacted[i] && !store_index_add(writer, &lines->items[i], err)) {
            return false;
        }
    }
    return lines->count == 0 ||
           store_writer_meta(writer, STR("fts_upto"), lines->items[lines->count - 1].id, err);
}

static void index_done(struct store_writer *writer, const struct lines *lines)
{
    writer->unindexed -= (int64_t)lines->count;
    if (lines->count < INDEX_SLICE) { // that was all there is
        writer->unindexed = 0;
    }
    if (lines->count > 0) {
        writer->fts_upto = lines->items[lines->count - 1].id;
    }
    writer->merge_due = true;
}

// *is_done: there was nothing to merge.
static bool merge_step(struct store_writer *writer, int pages, bool *is_done, struct err *err)
{
    sqlite3_stmt *merge = store_db_use(&writer->db, WRITE_FTS_MERGE);
    int before = sqlite3_total_changes(writer->db.handle);
    store_bind_number(merge, 1, pages);
    if (!store_db_run(&writer->db, merge, err) || !run(writer, WRITE_COMMIT, err)) {
        return false;
    }
    *is_done = sqlite3_total_changes(writer->db.handle) - before < 2; // one is the command itself
    return true;
}

// FTS5 would merge by itself now and then while a line is put in, for as long as that takes; here
// it does so in steps.
static bool merge_chore(struct store_writer *writer, struct err *err)
{
    bool is_done = false;
    bool is_ok = merge_step(writer, MERGE_PAGES, &is_done, err);
    writer->merge_due = !is_ok || !is_done;
    return is_ok;
}

// --- erasing ---
static bool erase_lines(struct store_writer *writer, const struct lines *lines, struct err *err)
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct store_indexed *line = &lines->items[i];
        sqlite3_stmt *drop = store_db_use(&writer->db, WRITE_MSG_DROP);
        store_bind_number(drop, 1, line->target);
        store_bind_number(drop, 2, line->id);
        bool is_indexed = line->id <= writer->fts_upto && !lines->is_redacted[i];
        if ((is_indexed && !store_index_drop(writer, line, err)) ||
            !store_db_run(&writer->db, drop, err)) {
            return false;
        }
    }
    return true;
}

static bool erase_events(struct store_writer *writer, int which, int64_t bound, int *count,
                         struct err *err)
{
    sqlite3_stmt *drop = store_db_use(&writer->db, which);
    store_bind_number(drop, 1, bound);
    store_bind_number(drop, 2, ERASE_SLICE);
    bool is_ok = store_db_run(&writer->db, drop, err);
    *count = is_ok ? sqlite3_changes(writer->db.handle) : 0;
    return is_ok;
}

// What the highest id was must be known when its line is gone.
static bool remember_last(struct store_writer *writer, struct err *err)
{
    return store_db_exec(&writer->db,
                         "UPDATE meta SET value=max(value, coalesce((SELECT max(id) FROM msg), 0),"
                         " coalesce((SELECT max(id) FROM event), 0)) WHERE key='last_id'",
                         err);
}

static bool index_chore(struct store_writer *writer, struct err *err)
{
    struct lines lines = {.count = 0};
    bool is_ok = index_slice(writer, &lines, err) && run(writer, WRITE_COMMIT, err);
    if (is_ok) {
        index_done(writer, &lines);
    }
    arena_deinit(&lines.arena);
    return is_ok;
}

// Lines and events of one conversation, then itself.
static bool erase_of(struct store_writer *writer, int64_t target, struct lines *lines,
                     struct err *err)
{
    int events = 0;
    if (!query_lines(writer, WRITE_LINES_OF, target, ERASE_SLICE, lines, err) ||
        !erase_lines(writer, lines, err) ||
        !erase_events(writer, WRITE_EVENT_DROP_OF, target, &events, err)) {
        return false;
    }
    if (lines->count > 0 || events > 0) {
        return true;
    }
    static const int rest[] = {WRITE_MARKER_DROP_OF, WRITE_TARGET_DROP};
    for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
        sqlite3_stmt *drop = store_db_use(&writer->db, rest[i]);
        store_bind_number(drop, 1, target);
        if (!store_db_run(&writer->db, drop, err)) {
            return false;
        }
    }
    return true;
}

static bool gone_chore(struct store_writer *writer, struct err *err)
{
    bool has_row = false;
    int64_t target = 0;
    sqlite3_stmt *gone = store_db_use(&writer->db, WRITE_TARGET_GONE);
    if (!remember_last(writer, err) || !store_db_row(&writer->db, gone, &has_row, err)) {
        return false;
    }
    if (has_row) {
        target = sqlite3_column_int64(gone, 0);
    }
    store_db_end(gone);
    struct lines lines = {.count = 0};
    bool is_ok =
        (!has_row || erase_of(writer, target, &lines, err)) && run(writer, WRITE_COMMIT, err);
    arena_deinit(&lines.arena);
    if (is_ok) {
        writer->gone_due = has_row;
    }
    return is_ok;
}

static bool age_chore(struct store_writer *writer, struct err *err)
{
    int64_t horizon_ms = writer->now_ms - writer->max_age_ms;
    int64_t bound = horizon_ms > 0 ? horizon_ms << 20 : 0;
    int events = 0;
    struct lines lines = {.count = 0};
    bool is_ok = remember_last(writer, err) &&
                 query_lines(writer, WRITE_LINES_OLD, bound, ERASE_SLICE, &lines, err) &&
                 erase_lines(writer, &lines, err) &&
                 erase_events(writer, WRITE_EVENT_DROP_OLD, bound, &events, err) &&
                 (lines.count + (size_t)events == 0 || store_writer_erased(writer, err)) &&
                 run(writer, WRITE_COMMIT, err);
    arena_deinit(&lines.arena);
    if (is_ok && lines.count == 0 && events == 0) {
        writer->age_hour = hour_of(writer->now_ms);
    }
    return is_ok;
}

static bool measure(struct store_writer *writer, struct err *err)
{
    int64_t used = 0, max = (int64_t)writer->max_bytes;
    if (!store_db_number(&writer->db,
                         "SELECT (page_count-freelist_count)*page_size FROM pragma_page_count,"
                         " pragma_freelist_count, pragma_page_size",
                         &used, err)) {
        return false;
    }
    writer->excess_bytes = used > max ? used - (max - max / 10) : 0;
    writer->size_due = used > max;
    return true;
}

// Erases the oldest, what was said and what happened alike.
static bool erase_oldest(struct store_writer *writer, struct lines *lines, struct err *err)
{
    int events = 0;
    if (!query_lines(writer, WRITE_LINES_OLD, INT64_MAX, ERASE_SLICE, lines, err) ||
        !erase_lines(writer, lines, err)) {
        return false;
    }
    int64_t bound = lines->count ? lines->items[lines->count - 1].id : INT64_MAX;
    if (!erase_events(writer, WRITE_EVENT_DROP_OLD, bound, &events, err)) {
        return false;
    }
    for (size_t i = 0; i < lines->count; i++) {
        writer->excess_bytes -= line_bytes(lines->items[i].text.len, lines->items[i].source.len);
    }
    writer->excess_bytes -= events * line_bytes(0, 0);
    if (lines->count == 0 && events == 0) { // nothing left to give
        writer->excess_bytes = 0;
        writer->size_due = false;
    }
    return true;
}

static bool size_chore(struct store_writer *writer, struct err *err)
{
    if (writer->excess_bytes <= 0) {
        return measure(writer, err) && run(writer, WRITE_COMMIT, err);
    }
    struct lines lines = {.count = 0};
    bool is_ok = remember_last(writer, err) && erase_oldest(writer, &lines, err) &&
                 store_writer_erased(writer, err) && run(writer, WRITE_COMMIT, err);
    arena_deinit(&lines.arena);
    return is_ok;
}

// What is erased from the index stays in its older pieces until they are merged into one.
static bool scrub_chore(struct store_writer *writer, struct err *err)
{
    bool is_done = false;
    if (!merge_step(writer, -MERGE_PAGES, &is_done, err)) { // below 0: all into one
        return false;
    }
    if (is_done) {
        writer->scrub_due = false;
        writer->vacuum_due = true;
        writer->truncate_due = true;
    }
    return true;
}

static bool drop_sent(struct store_writer *writer, struct str who, struct str label,
                      struct err *err)
{
    sqlite3_stmt *drop = store_db_use(&writer->db, WRITE_SENT_DROP);
    store_bind_str(drop, 1, who);
    store_bind_str(drop, 2, label);
    return store_db_run(&writer->db, drop, err);
}

// One step of the walk over all that was sent; *count rows were seen.
static bool walk_sent(struct store_writer *writer, int *count, struct err *err)
{
    struct buf who = writer->sent_who, label = writer->sent_label; // taken over for this step
    sqlite3_stmt *walk = store_db_use(&writer->db, WRITE_SENT_WALK);
    int64_t horizon_ms = writer->now_ms - STORE_SENT_MS;
    bool has_row = true, is_ok = true;
    store_bind_str(walk, 1, buf_str(&who));
    store_bind_str(walk, 2, buf_str(&label));
    store_bind_number(walk, 3, SENT_SLICE);
    buf_init(&writer->sent_who, BUF_NO_LIMIT);
    buf_init(&writer->sent_label, BUF_NO_LIMIT);
    while (is_ok && has_row) {
        is_ok = store_db_row(&writer->db, walk, &has_row, err);
        if (is_ok && has_row) {
            buf_clear(&writer->sent_who);
            buf_clear(&writer->sent_label);
            (void)buf_append(&writer->sent_who, store_column_view(walk, 0)); // no ceiling
            (void)buf_append(&writer->sent_label, store_column_view(walk, 1));
            bool is_old = sqlite3_column_int64(walk, 2) >> 20 < horizon_ms;
            is_ok = !is_old || drop_sent(writer, buf_str(&writer->sent_who),
                                         buf_str(&writer->sent_label), err);
            (*count)++;
        }
    }
    store_db_end(walk);
    buf_deinit(&who);
    buf_deinit(&label);
    return is_ok;
}

static bool sent_chore(struct store_writer *writer, struct err *err)
{
    int count = 0;
    sqlite3_stmt *tokens = store_db_use(&writer->db, WRITE_TOKEN_PRUNE);
    store_bind_number(tokens, 1, writer->now_ms - STORE_TOKEN_MS);
    if (!remember_last(writer, err) || !walk_sent(writer, &count, err) ||
        !store_db_run(&writer->db, tokens, err) || !run(writer, WRITE_COMMIT, err)) {
        return false;
    }
    if (count < SENT_SLICE) { // the end of the walk
        writer->sent_hour = hour_of(writer->now_ms);
        buf_clear(&writer->sent_who);
        buf_clear(&writer->sent_label);
    }
    return true;
}

static bool prune(struct store_writer *writer, int which, int64_t upto, struct err *err)
{
    sqlite3_stmt *drop = store_db_use(&writer->db, which);
    store_bind_number(drop, 1, writer->targets_upto);
    store_bind_number(drop, 2, upto);
    if (which == WRITE_MARKER_PRUNE) {
        store_bind_number(drop, 3, writer->now_ms - MARKER_MS);
    }
    return store_db_run(&writer->db, drop, err);
}

// Names cost nothing to make up: those of which no line is left are not kept for ever, nor what was
// read there. A step of the walk over all.
static bool target_chore(struct store_writer *writer, struct err *err)
{
    bool has_row = false;
    sqlite3_stmt *walk = store_db_use(&writer->db, WRITE_TARGET_WALK);
    store_bind_number(walk, 1, writer->targets_upto);
    store_bind_number(walk, 2, TARGET_SLICE);
    if (!store_db_row(&writer->db, walk, &has_row, err)) {
        return false;
    }
    int64_t upto = sqlite3_column_int64(walk, 0), count = sqlite3_column_int64(walk, 1);
    store_db_end(walk);
    if (!prune(writer, WRITE_MARKER_PRUNE, upto, err) ||
        !prune(writer, WRITE_TARGET_PRUNE, upto, err) || !run(writer, WRITE_COMMIT, err)) {
        return false;
    }
    writer->targets_upto = upto;
    if (count < TARGET_SLICE) { // the end of the walk
        writer->targets_hour = hour_of(writer->now_ms);
        writer->targets_upto = 0;
    }
    return true;
}

// --- chores outside a transaction ---
static bool checkpoint_chore(struct store_writer *writer, struct err *err)
{
    int code =
        sqlite3_wal_checkpoint_v2(writer->db.handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (code != SQLITE_OK && code != SQLITE_BUSY) { // busy: some frames wait for a reader
        return store_db_fail(&writer->db, err);
    }
    writer->checkpointed = writer->frames;
    writer->size_due = writer->max_bytes > 0;
    return true;
}

static bool vacuum_chore(struct store_writer *writer, struct err *err)
{
    enum { WORTH_PAGES = 256 }; // fewer are used again soon
    int64_t before = 0, after = 0;
    if (!store_db_number(&writer->db, "PRAGMA freelist_count", &before, err)) {
        return false;
    }
    if (before > (writer->is_shrinking ? 0 : WORTH_PAGES)) {
        char text[64];
        (void)snprintf(text, sizeof(text), "PRAGMA incremental_vacuum(%d)", (int)VACUUM_PAGES);
        if (!store_db_exec(&writer->db, text, err) ||
            !store_db_number(&writer->db, "PRAGMA freelist_count", &after, err)) {
            return false;
        }
    }
    writer->is_shrinking = after > 0 && after < before;
    writer->vacuum_due = writer->is_shrinking;
    return true;
}

// Erased text may still stand in the log: it is written out and cut to nothing. A reader in the
// middle of a page prevents that; then it is tried again after the next commit.
static bool truncate_chore(struct store_writer *writer, struct err *err)
{
    (void)sqlite3_busy_timeout(writer->db.handle, 0); // batches may be coming
    int code =
        sqlite3_wal_checkpoint_v2(writer->db.handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    (void)sqlite3_busy_timeout(writer->db.handle, STORE_BUSY_MS);
    if (code == SQLITE_BUSY) {
        writer->chore_wait = 1;
        return true;
    }
    if (code != SQLITE_OK) {
        return store_db_fail(&writer->db, err);
    }
    writer->truncate_due = false;
    writer->frames = writer->checkpointed = 0;
    // If something was erased meanwhile this is due again, and the note with it.
    return writer->scrub_due || store_writer_meta(writer, STR("scrub"), 0, err);
}

// --- which of them, and when ---
static bool checkpoint_is_due(const struct store_writer *writer)
{
    return writer->frames - writer->checkpointed > FRAMES_QUIET;
}

static bool index_is_due(const struct store_writer *writer)
{
    return writer->unindexed >= INDEX_QUIET;
}

static bool merge_is_due(const struct store_writer *writer)
{
    return writer->merge_due;
}

static bool gone_is_due(const struct store_writer *writer)
{
    return writer->gone_due;
}

static bool age_is_due(const struct store_writer *writer)
{
    return writer->max_age_ms > 0 && hour_of(writer->now_ms) != writer->age_hour;
}

// The size is only true once what was erased has left the index too.
static bool size_is_due(const struct store_writer *writer)
{
    return writer->size_due && writer->max_bytes > 0 &&
           (writer->excess_bytes > 0 || !writer->scrub_due);
}

static bool scrub_is_due(const struct store_writer *writer)
{
    return writer->scrub_due;
}

static bool vacuum_is_due(const struct store_writer *writer)
{
    return writer->vacuum_due;
}

static bool sent_is_due(const struct store_writer *writer)
{
    return hour_of(writer->now_ms) != writer->sent_hour;
}

static bool target_is_due(const struct store_writer *writer)
{
    return hour_of(writer->now_ms) != writer->targets_hour;
}

static bool truncate_is_due(const struct store_writer *writer)
{
    return writer->truncate_due;
}

struct chore {
    bool (*is_due)(const struct store_writer *writer);
    bool (*run)(struct store_writer *writer, struct err *err);
    bool has_transaction; // begun before it runs; it commits itself
};

// The first three are called by their place. What erases comes before what makes the erased unreadable.
static const struct chore chores[] = {
    {checkpoint_is_due, checkpoint_chore, false},
    {index_is_due, index_chore, true},
    {merge_is_due, merge_chore, true},
    {gone_is_due, gone_chore, true},
    {age_is_due, age_chore, true},
    {size_is_due, size_chore, true},
    {scrub_is_due, scrub_chore, true},
    {vacuum_is_due, vacuum_chore, false},
    {sent_is_due, sent_chore, true},
    {target_is_due, target_chore, true},
    {truncate_is_due, truncate_chore, false},
};

static const struct chore *next_chore(const struct store_writer *writer)
{
    for (size_t i = 0; i < sizeof(chores) / sizeof(chores[0]); i++) {
        if (chores[i].is_due(writer)) {
            return &chores[i];
        }
    }
    return NULL;
}

bool store_chore_is_due(const struct store_writer *writer)
{
    return writer->chore_wait == 0 && next_chore(writer);
}

static void do_chore(struct store *store, const struct chore *chore)
{
    struct store_writer *writer = &store->writer;
    writer->target_id = 0; // it may be erased
    struct err why = {""};
    bool is_ok = store_writer_relax(writer, &why) &&
                 (!chore->has_transaction || run(writer, WRITE_BEGIN, &why)) &&
                 chore->run(writer, &why);
    if (is_ok) {
        writer->chore_pause = 0;
        return;
    }
    if (store_db_is_damage(sqlite3_errcode(writer->db.handle))) {
        store_suspect(store);
    }
    if (!sqlite3_get_autocommit(writer->db.handle)) {
        (void)store_db_exec(&writer->db, "ROLLBACK", NULL); // the failure before it is told
    }
    // Each failure in a row waits for twice as many commits.
    enum { LONGEST_PAUSE = 1024 };
    unsigned pause = writer->chore_pause ? 2 * writer->chore_pause : 1;
    writer->chore_pause = pause < LONGEST_PAUSE ? pause : LONGEST_PAUSE;
    writer->chore_wait = writer->chore_pause;
    log_warn("a chore of the history failed: %s", why.text);
}

void store_chore(struct store *store)
{
    const struct chore *chore = next_chore(&store->writer);
    if (chore && store->writer.chore_wait == 0) {
        do_chore(store, chore);
    }
}

void store_chore_urgent(struct store *store)
{
    struct store_writer *writer = &store->writer;
    if (writer->chore_wait == 0 && writer->frames - writer->checkpointed > FRAMES_MAX) {
        do_chore(store, &chores[0]);
    }
    if (writer->chore_wait == 0 && writer->unindexed > INDEX_MAX) {
        do_chore(store, &chores[1]);
        for (int i = 0; i < MERGES_URGENT && writer->merge_due && writer->chore_wait == 0; i++) {
            do_chore(store, &chores[2]);
        }
    }
}

struct store_stats store_stats(struct store *store)
{
    static const char *const parts[] = {"", "-wal"};
    store_lock(store);
    struct store_stats stats = store->stats;
    store_unlock(store);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        char path[4096];
        struct stat info;
        (void)snprintf(path, sizeof(path), "%s%s", store->path, parts[i]);
        stats.file_bytes += stat(path, &info) == 0 ? (uint64_t)info.st_size : 0;
    }
    return stats;
}

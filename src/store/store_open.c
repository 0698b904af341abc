// Opening and closing: one relay a file, a damaged file is put aside, an older one is upgraded.
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#define LOG_MODULE "store"
#include "check.h"
#include "i18n.h"
#include "log.h"
#include "mem.h"
#include "store_internal.h"
#include "store_schema.h"

static struct str path_with(struct arena *arena, const char *path, const char *end)
{
    return arena_printf(arena, "%s%s", path, end);
}

static bool exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

// An exclusive lock on an empty database beside the file. It goes with the process, however that
// ends, and holds between two stores of one process too.
static bool take_guard(struct store *store, struct arena *arena, struct err *err)
{
    struct str path = path_with(arena, store->path, "-lock");
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (!store_db_open(&store->guard, path.data, flags, NULL, err)) {
        return false;
    }
    if (store_db_exec(&store->guard, "BEGIN EXCLUSIVE", err)) {
        return true;
    }
    if ((sqlite3_errcode(store->guard.handle) & 0xff) == SQLITE_BUSY) {
        (void)err_set(err, "%s", _("Another relay keeps its history in this file."));
    }
    return false;
}

// A connection that can only read neither empties the log nor changes the file.
static enum store_file look(const struct store_config *config, struct arena *arena, struct err *err)
{
    if (!exists(config->path)) {
        return STORE_FILE_NEW;
    }
    struct store_db db;
    if (!store_db_open(&db, config->path, SQLITE_OPEN_READONLY, config->vfs, err)) {
        return STORE_FILE_REFUSED;
    }
    bool is_suspect = exists(path_with(arena, config->path, "-suspect").data);
    enum store_file found = store_schema_look(&db, is_suspect, err);
    store_db_close(&db);
    return found;
}

// Gives file, log and index of the log a name that nothing has, and remembers it.
static bool put_aside(struct store *store, int64_t now_utc_ms, struct arena *arena, struct err *err)
{
    static const char *const parts[] = {"", "-wal", "-shm"};
    struct str base;
    unsigned attempt = 0;
    do {
        base = attempt ? arena_printf(arena, "%s.damaged-%" PRId64 "-%u", store->path, now_utc_ms,
                                      attempt)
                       : arena_printf(arena, "%s.damaged-%" PRId64, store->path, now_utc_ms);
        attempt++;
    } while (exists(base.data) || exists(path_with(arena, base.data, "-wal").data) ||
             exists(path_with(arena, base.data, "-shm").data));
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct str from = path_with(arena, store->path, parts[i]);
        struct str to = path_with(arena, base.data, parts[i]);
        if (exists(from.data) && rename(from.data, to.data) != 0) {
            return err_set(err, _("The damaged history file cannot be put aside as %s."), to.data);
        }
    }
    (void)remove(path_with(arena, store->path, "-suspect").data); // it has done its work
    store->aside = str_dup(base);
    log_error("damaged file kept as %s", store->aside);
    return true;
}

static bool open_sound(struct store *store, const struct store_config *config, struct err *err)
{
    if (!store_writer_open(&store->writer, config->path, config->vfs, err) ||
        !store_reader_open(&store->reader, config->path, config->vfs, err)) {
        return false;
    }
    int64_t last = 0;
    if (!store_db_number(&store->reader,
                         "SELECT max(coalesce((SELECT max(id) FROM msg), 0),"
                         " coalesce((SELECT max(id) FROM event), 0),"
                         " (SELECT value FROM meta WHERE key='last_id'))",
                         &last, err)) {
        return false;
    }
    store->last_id = (uint64_t)last;
    return true;
}

static bool open_file(struct store *store, const struct store_config *config, struct arena *arena,
                      struct err *err)
{
    struct err why = {""};
    if (!take_guard(store, arena, err)) {
        return false;
    }
    enum store_file found = look(config, arena, err);
    if (found == STORE_FILE_REFUSED ||
        (found == STORE_FILE_DAMAGED && !put_aside(store, config->now_utc_ms, arena, err))) {
        return false;
    }
    if (open_sound(store, config, &why)) {
        (void)remove(path_with(arena, store->path, "-suspect").data); // it was looked at
        return true;
    }
    (void)err_set(err, "%s", why.text);
    return false;
}

bool store_open(struct store **out, const struct store_config *config, struct err *err)
{
    struct arena arena = {0};
    struct store *store = MEM_NEW(struct store);
    check(pthread_mutex_init(&store->lock, NULL) == 0);
    pthread_condattr_t rising;
    check(pthread_condattr_init(&rising) == 0);
    check(pthread_condattr_setclock(&rising, CLOCK_MONOTONIC) == 0);
    check(pthread_cond_init(&store->has_work, &rising) == 0);
    (void)pthread_condattr_destroy(&rising);          // nothing is in it
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); // no lock a malloc; refused once in use
    buf_init(&store->results, BUF_NO_LIMIT);
    store->path = mem_copy_text(config->path);
    store->wake = config->wake;
    store->wake_context = config->wake_context;
    store->now_us = config->now_us;
    store->now_ms = config->now_utc_ms;
    store->writer.now_ms = config->now_utc_ms;
    store->open = store_batch_create();
    store->open->number = 1;
    bool is_open = open_file(store, config, &arena, err);
    arena_deinit(&arena);
    if (!is_open) {
        store_close(store);
        return err_wrap(err, "%s", config->path);
    }
    *out = store;
    return true;
}

static void destroy_batches(struct store_batch *first)
{
    while (first) {
        struct store_batch *next = first->next;
        store_batch_destroy(first);
        first = next;
    }
}

void store_close(struct store *store)
{
    if (!store) {
        return;
    }
    store_db_close(&store->reader);
    store_db_close(&store->writer.db); // the last one out empties the log into the file
    store_db_close(&store->guard);
    buf_deinit(&store->writer.sent_who);
    buf_deinit(&store->writer.sent_label);
    destroy_batches(store->open);
    destroy_batches(store->flying);
    destroy_batches(store->spare);
    buf_deinit(&store->results);
    (void)pthread_cond_destroy(&store->has_work); // nobody waits any more
    (void)pthread_mutex_destroy(&store->lock);
    mem_free(store->aside);
    mem_free(store->path);
    mem_free(store);
}

const char *store_aside(const struct store *store)
{
    return store->aside ? store->aside : "";
}

uint64_t store_last_id(const struct store *store)
{
    return store->last_id;
}

void store_suspect(const struct store *store)
{
    struct arena arena = {0};
    FILE *note = fopen(path_with(&arena, store->path, "-suspect").data, "w");
    if (note) {
        (void)fclose(note); // its being there is all it says; without it the start is less careful
    }
    arena_deinit(&arena);
}

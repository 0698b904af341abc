// The writer: several batches in one transaction, each with its own true result.
#include <errno.h>
#include <string.h>
#include <time.h>

#define LOG_MODULE "store"
#include "i18n.h"
#include "log.h"
#include "store_internal.h"
#include "store_sql.h"

// As much as one transaction takes: more would make those wait who came first.
#define GROUP_BYTES ((size_t)256 * 1024)
#define QUIET_MS    500

struct group {
    const struct store_batch *first;
    size_t count;
};

static bool begin(struct store_writer *writer, struct err *err)
{
    writer->new_lines = 0;
    writer->new_unindexed = 0;
    return store_writer_tighten(writer, err) &&
           store_db_run(&writer->db, store_db_use(&writer->db, WRITE_BEGIN), err);
}

static bool apply_batch(struct store_writer *writer, const struct store_batch *batch,
                        struct err *err)
{
    size_t at = 0;
    struct store_record record;
    while (store_batch_next(batch, &at, &record)) {
        if (!store_apply(writer, &record, err)) {
            return false;
        }
    }
    return true;
}

// After some failures SQLite has rolled back already.
static void roll_back(struct store_writer *writer)
{
    writer->target_id = 0; // it may have been new
    if (!sqlite3_get_autocommit(writer->db.handle)) {
        (void)store_db_exec(&writer->db, "ROLLBACK", NULL); // what came before is the sentence
    }
}

static bool commit(struct store *store, struct err *err)
{
    struct store_writer *writer = &store->writer;
    int64_t start_us = store->now_us ? store->now_us() : 0;
    if (!store_db_run(&writer->db, store_db_use(&writer->db, WRITE_COMMIT), err)) {
        return false;
    }
    uint64_t took_us = store->now_us ? (uint64_t)(store->now_us() - start_us) : 0;
    writer->unindexed += writer->new_unindexed;
    writer->chore_wait -= writer->chore_wait > 0;
    store_lock(store);
    store->stats.lines += (uint64_t)writer->new_lines;
    store->stats.commits++;
    store->stats.commit_us_sum += took_us;
    store->stats.commit_us_max =
        took_us > store->stats.commit_us_max ? took_us : store->stats.commit_us_max;
    store_unlock(store);
    return true;
}

// All of the group or nothing of it. *has_begun tells whether a batch could be to blame.
static bool commit_group(struct store *store, struct group group, bool *has_begun, struct err *err)
{
    struct store_writer *writer = &store->writer;
    const struct store_batch *batch = group.first;
    *has_begun = begin(writer, err);
    if (!*has_begun) {
        return false;
    }
    bool is_ok = true;
    for (size_t i = 0; is_ok && i < group.count; i++) {
        is_ok = apply_batch(writer, batch, err);
        // The last one's successor may be being linked by the owner right now.
        batch = i + 1 < group.count ? batch->next : NULL;
    }
    is_ok = is_ok && commit(store, err);
    if (!is_ok) {
        if (store_db_is_damage(sqlite3_errcode(writer->db.handle))) {
            store_suspect(store);
        }
        roll_back(writer);
    }
    return is_ok;
}

// Successes one behind the other become one.
static void push_result(struct store *store, uint64_t number, const struct err *why)
{
    struct store_result result = {.batch = number, .is_ok = why == NULL};
    store_lock(store);
    struct buf *results = &store->results;
    if (why) {
        (void)str_copy(result.why, sizeof(result.why), str_from(why->text)); // may be cut
        store->stats.failures++;
    } else if (results->len > 0) {
        struct store_result last;
        memcpy(&last, buf_str(results).data + results->len - sizeof(last), sizeof(last));
        if (last.is_ok) {
            buf_truncate(results, results->len - sizeof(last));
        }
    }
    (void)buf_append(results, (struct str){(char *)&result, sizeof(result)}); // no ceiling
    store_unlock(store);
}

static void push_failures(struct store *store, struct group group, const struct err *why)
{
    const struct store_batch *batch = group.first;
    for (size_t i = 0; i < group.count; i++) {
        uint64_t number = batch->number;
        store->writer.has_lost_move = store->writer.has_lost_move || batch->has_move;
        batch = i + 1 < group.count ? batch->next : NULL;
        push_result(store, number, why); // from here on the owner may free it
    }
}

static bool commit_one(struct store *store, const struct store_batch *batch, bool *has_begun,
                       struct err *err)
{
    struct store_writer *writer = &store->writer;
    if (writer->has_lost_move && !batch->has_probe) {
        return err_set(err, "%s", _("Something before it could not be kept."));
    }
    bool is_ok = commit_group(store, (struct group){batch, 1}, has_begun, err);
    writer->has_lost_move = is_ok ? false : writer->has_lost_move || batch->has_move;
    return is_ok;
}

// Failed together: each for itself, so that one that cannot be kept takes no other with it. But
// where a name did not change hands what follows under that name would be another's.
static bool commit_each(struct store *store, struct group group)
{
    bool has_begun = false;
    const struct store_batch *batch = group.first;
    for (size_t i = 0; i < group.count; i++) {
        struct err why = {""};
        uint64_t number = batch->number;
        bool has_begun_this = false;
        bool is_ok = commit_one(store, batch, &has_begun_this, &why);
        batch = i + 1 < group.count ? batch->next : NULL;
        push_result(store, number, is_ok ? NULL : &why);
        has_begun = has_begun || has_begun_this;
    }
    return has_begun;
}

// A commit that failed while it was flushed may have left its frames in the log, whole. The next
// commit writes over them; a crash before that would bring them back to life, so a commit of
// nothing follows at once.
static void write_over(struct store *store)
{
    struct store_writer *writer = &store->writer;
    bool is_ok = begin(writer, NULL) &&
                 store_db_run(&writer->db, store_db_use(&writer->db, WRITE_PROBE), NULL) &&
                 store_db_run(&writer->db, store_db_use(&writer->db, WRITE_COMMIT), NULL);
    if (!is_ok) { // the disk is still in trouble; then so is the next commit
        roll_back(writer);
    }
}

static uint64_t last_number(struct group group)
{
    const struct store_batch *batch = group.first;
    for (size_t i = 1; i < group.count; i++) {
        batch = batch->next;
    }
    return batch->number;
}

static void decide(struct store *store, struct group group)
{
    struct err why = {""};
    bool has_begun = false;
    uint64_t failures = store->stats.failures; // only this thread changes it
    if (store->writer.has_lost_move) {
        has_begun = commit_each(store, group);
    } else if (commit_group(store, group, &has_begun, &why)) {
        push_result(store, last_number(group), NULL);
    } else if (group.count > 1 && has_begun) {
        (void)commit_each(store, group); // this has begun
    } else {
        push_failures(store, group, &why);
    }
    if (has_begun && store->stats.failures > failures) {
        write_over(store);
    }
    if (store->wake) {
        store->wake(store->wake_context);
    }
}

// Called with the lock held.
static struct group take_group(struct store *store)
{
    struct group group = {store->todo, 0};
    size_t bytes = 0;
    while (store->todo && bytes < GROUP_BYTES) {
        bytes += store->todo->rows.len;
        group.count++;
        store->todo = store->todo->next;
    }
    return group;
}

// A chore under way makes a batch wait and takes a core from those who talk: it begins when
// nothing has come for a while. What cannot wait that long is done between batches.
static bool wait_for_quiet(struct store *store)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until); // the clock that has_work goes by
    until.tv_nsec += QUIET_MS % 1000 * 1000000;
    until.tv_sec += QUIET_MS / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return pthread_cond_timedwait(&store->has_work, &store->lock, &until) == ETIMEDOUT;
}

bool store_work(struct store *store)
{
    store_lock(store);
    while (!store->todo && !store->is_stopping) {
        if (!store_chore_is_due(&store->writer)) {
            (void)pthread_cond_wait(&store->has_work, &store->lock); // woken too often is fine
        } else if (store->writer.is_quiet) {
            break;
        } else {
            store->writer.is_quiet = wait_for_quiet(store);
        }
    }
    struct group group = take_group(store);
    store->writer.is_quiet = store->writer.is_quiet && group.count == 0;
    bool is_over = group.count == 0 && store->is_stopping;
    store_unlock(store);
    if (group.count > 0) {
        decide(store, group);
        store_chore_urgent(store);
    } else if (!is_over) {
        store_chore(store);
    }
    return !is_over;
}

void store_work_now(struct store *store)
{
    bool has_more = true;
    while (has_more) {
        store_lock(store);
        struct group group = take_group(store);
        store_unlock(store);
        if (group.count > 0) {
            decide(store, group);
        } else {
            has_more = store_chore_is_due(&store->writer);
            if (has_more) {
                store_chore(store);
            }
        }
    }
}

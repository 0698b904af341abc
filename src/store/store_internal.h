// What the files of store share: the two sides and what lies between them.
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include <pthread.h>

#include "buf.h"
#include "store.h"
#include "store_batch.h"
#include "store_db.h"

enum { STORE_IS_BOT = 1, STORE_IS_REDACTED = 2 }; // flags of a line, on disk
#define STORE_SENT_MS ((int64_t)48 * 3600 * 1000)
enum { STORE_BUSY_MS = 2000 }; // how long the writer waits for another program
#define STORE_TOKEN_MS ((int64_t)30 * 24 * 3600 * 1000)

// The writer's side. Only its thread touches it once the store is open.
struct store_writer {
    struct store_db db;
    int64_t target_id; // of the target last looked for; 0: none
    char target[256];  // its name, folded
    int64_t now_ms;    // the latest time heard of
    int64_t fts_upto;  // ids up to this are in the search index
    int64_t unindexed; // lines that are not yet
    int64_t new_lines; // of the transaction under way
    int64_t new_unindexed;
    int frames;         // in the log
    int checkpointed;   // of these, looked after already
    int64_t max_age_ms; // retention; 0: none
    uint64_t max_bytes;
    int64_t age_hour; // hour of now_ms when age was last looked at
    int64_t sent_hour;
    int64_t targets_hour;
    int64_t targets_upto; // how far the walk over targets has come
    struct buf sent_who;  // how far the walk over `sent` has come
    struct buf sent_label;
    int64_t excess_bytes; // still to be erased to come below max_bytes
    bool size_due;        // the file may have grown over max_bytes
    bool gone_due;        // a conversation waits to be erased
    bool merge_due;       // the index lies in more pieces than it should
    bool scrub_due;       // erased words are still in the index
    bool vacuum_due;      // free pages are still in the file
    bool truncate_due;    // erased text may still be in the log
    bool is_shrinking;    // in the middle of giving free pages back
    bool is_quiet;        // nothing has come for a while: chores may be done
    bool has_lost_move;   // names did not change hands: nothing is kept until the owner knows
    bool is_relaxed;      // commits are not flushed: never while a batch is committed
    unsigned chore_wait;  // commits until a chore is tried again
    unsigned chore_pause; // what that was set to last
};

struct store {
    char *path; // owned
    void (*wake)(void *);
    void *wake_context;
    int64_t (*now_us)(void);
    struct store_db guard; // held as long as the store is open: one relay a file
    char *aside;           // owned

    // The owner's.
    struct store_db reader;
    struct store_batch *open;   // owned
    struct store_batch *flying; // owned, handed over and not decided, oldest first
    struct store_batch *flying_last;
    struct store_batch *spare; // owned, empty ones for reuse
    size_t spare_count;
    size_t pending_bytes;
    uint64_t last_id;
    int64_t now_ms;

    // Between the two, under the lock.
    pthread_mutex_t lock;
    pthread_cond_t has_work;
    struct store_batch *todo; // borrowed from `flying`, the first the writer has not taken
    struct buf results;       // struct store_result, one behind the other
    struct store_stats stats;
    bool is_stopping;

    struct store_writer writer;
};

void store_lock(struct store *store);
void store_unlock(struct store *store);
// Leaves a note beside the file: the next start reads every page of it.
void store_suspect(const struct store *store);

// store_apply.c: one write inside the writer's transaction.
bool store_writer_open(struct store_writer *writer, const char *path, const char *vfs,
                       struct err *err);
bool store_apply(struct store_writer *writer, const struct store_record *record, struct err *err);
bool store_writer_meta(struct store_writer *writer, struct str key, int64_t value, struct err *err);
// Something was erased in this transaction: no trace of it may stay.
bool store_writer_erased(struct store_writer *writer, struct err *err);
// How commits are flushed; a batch's always are.
bool store_writer_relax(struct store_writer *writer, struct err *err);
bool store_writer_tighten(struct store_writer *writer, struct err *err);
// store_chores.c: does one bounded piece of what is due.
void store_chore(struct store *store);
bool store_chore_is_due(const struct store_writer *writer);
void store_chore_urgent(struct store *store); // what must not wait for a quiet moment

// store_reader.c
bool store_reader_open(struct store_db *db, const char *path, const char *vfs, struct err *err);

#endif

// A batch of writes in one contiguous buffer, read again by the writer.
//
// Ownership: the owner's thread makes, fills and frees it; once handed over nobody changes it, so
//            both threads may read it.
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "str.h"

enum store_op {
    STORE_OP_LINE,
    STORE_OP_REDACTION,
    STORE_OP_MARKER,
    STORE_OP_ACCOUNT,
    STORE_OP_ACCOUNT_DROP,
    STORE_OP_CHANNEL,
    STORE_OP_CHANNEL_DROP,
    STORE_OP_CHANNEL_RENAME,
    STORE_OP_HIDE,
    STORE_OP_TOKEN,
    STORE_OP_RETENTION,
    STORE_OP_PROBE,
    STORE_OP_CLOCK,
};

enum { STORE_RECORD_NUMBERS = 2, STORE_RECORD_TEXTS = 8 };

// What the texts of a line are, in this order.
enum {
    LINE_TARGET,
    LINE_NAME,
    LINE_SOURCE,
    LINE_ACCOUNT,
    LINE_TAGS,
    LINE_TEXT,
    LINE_WHO,
    LINE_LABEL
};

// One write. Numbers and texts are as the operation's function in store_apply.c reads them.
struct store_record {
    enum store_op op;
    unsigned kind; // of a line
    bool is_bot;
    int64_t numbers[STORE_RECORD_NUMBERS];
    struct str texts[STORE_RECORD_TEXTS]; // views into the batch when read
};

struct store_batch {
    struct store_batch *next;
    uint64_t number;
    struct buf rows;
    struct buf labels; // hash and place of each line that has one
    bool has_move;     // names change hands: what follows means the new order
    bool has_probe;    // the owner knows what was lost before it
};

struct store_batch *store_batch_create(void);
void store_batch_destroy(struct store_batch *batch); // NULL is fine
void store_batch_clear(struct store_batch *batch);
void store_batch_add(struct store_batch *batch, const struct store_record *record);
// Takes the records in order; *at starts at 0.
bool store_batch_next(const struct store_batch *batch, size_t *at, struct store_record *out);
// The first line in it with this sender and label.
bool store_batch_find(const struct store_batch *batch, struct str who, struct str label,
                      uint64_t *id);

#endif

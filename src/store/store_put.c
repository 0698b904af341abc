// The owner's side of writing: puts into the open batch, hands it over, takes the results.
#include <string.h>

#include "check.h"
#include "store_internal.h"

static void put(struct store *store, const struct store_record *record)
{
    store_batch_add(store->open, record);
}

static void hear_time(struct store *store, int64_t now_ms)
{
    if (now_ms > store->now_ms) {
        store->now_ms = now_ms;
    }
}

uint64_t store_batch(const struct store *store)
{
    return store->open->number;
}

void store_put_line(struct store *store, const struct store_line *line, struct str who,
                    struct str label)
{
    hear_time(store, (int64_t)(line->id >> 20));
    put(store, &(struct store_record){
                   .op = STORE_OP_LINE,
                   .kind = line->kind,
                   .is_bot = line->is_bot,
                   .numbers = {(int64_t)line->id},
                   .texts = {[LINE_TARGET] = line->target,
                             [LINE_NAME] = line->name,
                             [LINE_SOURCE] = line->source,
                             [LINE_ACCOUNT] = line->account,
                             [LINE_TAGS] = line->tags,
                             [LINE_TEXT] = line->text,
                             [LINE_WHO] = who,
                             [LINE_LABEL] = label},
               });
}

void store_put_redaction(struct store *store, struct str target, uint64_t id)
{
    put(store, &(struct store_record){
                   .op = STORE_OP_REDACTION, .numbers = {(int64_t)id}, .texts = {target}});
}

void store_put_marker(struct store *store, struct str account, struct str target, uint64_t time_ms)
{
    put(store, &(struct store_record){.op = STORE_OP_MARKER,
                                      .numbers = {(int64_t)time_ms},
                                      .texts = {account, target}});
}

static struct str bytes(const void *data, size_t len)
{
    return (struct str){data, len};
}

void store_put_account(struct store *store, const struct store_account *account)
{
    put(store,
        &(struct store_record){
            .op = STORE_OP_ACCOUNT,
            .numbers = {account->iterations, account->created_utc_ms},
            .texts = {account->folded, account->name, bytes(account->salt, sizeof(account->salt)),
                      bytes(account->stored_key, sizeof(account->stored_key)),
                      bytes(account->server_key, sizeof(account->server_key))},
        });
}

void store_put_account_drop(struct store *store, struct str folded)
{
    put(store, &(struct store_record){.op = STORE_OP_ACCOUNT_DROP, .texts = {folded}});
}

void store_put_channel(struct store *store, const struct store_channel *channel)
{
    put(store, &(struct store_record){
                   .op = STORE_OP_CHANNEL,
                   .numbers = {channel->topic_s, channel->created_s},
                   .texts = {channel->folded, channel->name, channel->founder, channel->topic,
                             channel->topic_by, channel->modes, channel->lists},
               });
}

void store_put_hide(struct store *store, struct str target)
{
    put(store, &(struct store_record){.op = STORE_OP_HIDE, .texts = {target}});
    store->open->has_move = true;
}

void store_put_channel_drop(struct store *store, struct str folded)
{
    put(store, &(struct store_record){.op = STORE_OP_CHANNEL_DROP, .texts = {folded}});
}

void store_put_channel_rename(struct store *store, struct str folded, struct str new_folded,
                              struct str new_name)
{
    put(store, &(struct store_record){.op = STORE_OP_CHANNEL_RENAME,
                                      .texts = {folded, new_folded, new_name}});
    store->open->has_move = true;
}

void store_put_token(struct store *store, struct str hash, struct str who, struct str nick,
                     int64_t now_utc_ms)
{
    hear_time(store, now_utc_ms);
    put(store, &(struct store_record){
                   .op = STORE_OP_TOKEN, .numbers = {now_utc_ms}, .texts = {hash, who, nick}});
}

void store_put_retention(struct store *store, int64_t max_age_ms, uint64_t max_bytes)
{
    uint64_t max = max_bytes < INT64_MAX ? max_bytes : INT64_MAX;
    put(store,
        &(struct store_record){.op = STORE_OP_RETENTION, .numbers = {max_age_ms, (int64_t)max}});
}

void store_put_probe(struct store *store)
{
    put(store, &(struct store_record){.op = STORE_OP_PROBE});
    store->open->has_probe = true;
}

void store_put_clock(struct store *store, int64_t now_utc_ms)
{
    hear_time(store, now_utc_ms);
    put(store, &(struct store_record){.op = STORE_OP_CLOCK, .numbers = {now_utc_ms}});
}

static struct store_batch *take_spare(struct store *store)
{
    struct store_batch *batch = store->spare;
    if (!batch) {
        return store_batch_create();
    }
    store->spare = batch->next;
    store->spare_count--;
    batch->next = NULL;
    return batch;
}

static void give_back(struct store *store, struct store_batch *batch)
{
    enum { SPARES = 8, SPARE_BYTES = 64 * 1024 };
    if (store->spare_count >= SPARES || batch->rows.size > SPARE_BYTES) {
        store_batch_destroy(batch);
        return;
    }
    store_batch_clear(batch);
    batch->next = store->spare;
    store->spare = batch;
    store->spare_count++;
}

bool store_flush(struct store *store)
{
    struct store_batch *batch = store->open;
    if (batch->rows.len == 0) {
        return false;
    }
    store->open = take_spare(store);
    store->open->number = batch->number + 1;
    store->pending_bytes += batch->rows.len;
    store_lock(store);
    if (store->flying_last) {
        store->flying_last->next = batch;
    }
    if (!store->todo) {
        store->todo = batch;
    }
    store_unlock(store);
    (void)pthread_cond_signal(&store->has_work); // unlocked: who wakes need not wait for us again
    store->flying_last = batch;
    if (!store->flying) {
        store->flying = batch;
    }
    return true;
}

bool store_next_result(struct store *store, struct store_result *out)
{
    store_lock(store);
    bool has_one = store->results.len > 0;
    if (has_one) {
        memcpy(out, buf_str(&store->results).data, sizeof(*out));
        buf_consume(&store->results, sizeof(*out));
    }
    store_unlock(store);
    // The writer is done with these: it says so before it goes on to the next.
    while (has_one && store->flying && store->flying->number <= out->batch) {
        struct store_batch *batch = store->flying;
        store->flying = batch->next;
        store->flying_last = store->flying ? store->flying_last : NULL;
        store->pending_bytes -= batch->rows.len;
        give_back(store, batch);
    }
    return has_one;
}

size_t store_pending_bytes(const struct store *store)
{
    return store->pending_bytes;
}

bool store_find_pending(const struct store *store, struct str who, struct str label, uint64_t *id,
                        uint64_t *batch)
{
    if (who.len == 0 || label.len == 0) {
        return false;
    }
    for (const struct store_batch *at = store->flying; at; at = at->next) {
        if (store_batch_find(at, who, label, id)) {
            *batch = at->number;
            return true;
        }
    }
    if (!store_batch_find(store->open, who, label, id)) {
        return false; // *batch stays as it was
    }
    *batch = store->open->number;
    return true;
}

void store_stop(struct store *store)
{
    store_lock(store);
    store->is_stopping = true;
    (void)pthread_cond_broadcast(&store->has_work); // cannot fail on a valid one
    store_unlock(store);
}

void store_lock(struct store *store)
{
    check(pthread_mutex_lock(&store->lock) == 0);
}

void store_unlock(struct store *store)
{
    check(pthread_mutex_unlock(&store->lock) == 0);
}

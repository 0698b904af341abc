// A batch of writes in one contiguous buffer, read again by the writer.
#include "store_batch.h"

#include <string.h>

#include "check.h"
#include "mem.h"

// In front of the texts' bytes; copied in and out, so that alignment does not matter.
struct header {
    int64_t numbers[STORE_RECORD_NUMBERS];
    uint32_t lens[STORE_RECORD_TEXTS];
    uint8_t op;
    uint8_t kind;
    bool is_bot;
};

struct label {
    uint64_t hash;
    size_t at; // of the record in rows
};

struct store_batch *store_batch_create(void)
{
    struct store_batch *batch = MEM_NEW(struct store_batch);
    buf_init(&batch->rows, BUF_NO_LIMIT);
    buf_init(&batch->labels, BUF_NO_LIMIT);
    return batch;
}

void store_batch_destroy(struct store_batch *batch)
{
    if (batch) {
        buf_deinit(&batch->rows);
        buf_deinit(&batch->labels);
        mem_free(batch);
    }
}

void store_batch_clear(struct store_batch *batch)
{
    batch->next = NULL;
    buf_clear(&batch->rows);
    buf_clear(&batch->labels);
    batch->has_move = batch->has_probe = false;
}

static uint64_t label_hash(struct str who, struct str label)
{
    return str_hash(who) * 0x9E3779B97F4A7C15u ^ str_hash(label);
}

void store_batch_add(struct store_batch *batch, const struct store_record *record)
{
    struct header header = {
        .op = (uint8_t)record->op, .kind = (uint8_t)record->kind, .is_bot = record->is_bot};
    size_t size = sizeof(header);
    for (size_t i = 0; i < STORE_RECORD_NUMBERS; i++) {
        header.numbers[i] = record->numbers[i];
    }
    for (size_t i = 0; i < STORE_RECORD_TEXTS; i++) {
        check(record->texts[i].len <= UINT32_MAX);
        header.lens[i] = (uint32_t)record->texts[i].len;
        size += record->texts[i].len;
    }
    struct str who = record->texts[LINE_WHO], label = record->texts[LINE_LABEL];
    if (record->op == STORE_OP_LINE && who.len && label.len) {
        struct label place = {label_hash(who, label), batch->rows.len};
        (void)buf_append(&batch->labels, (struct str){(char *)&place, sizeof(place)}); // no ceiling
    }
    char *out = buf_reserve(&batch->rows, size);
    check(out != NULL);
    memcpy(out, &header, sizeof(header));
    out += sizeof(header);
    for (size_t i = 0; i < STORE_RECORD_TEXTS; i++) {
        if (record->texts[i].len) {
            memcpy(out, record->texts[i].data, record->texts[i].len);
            out += record->texts[i].len;
        }
    }
    buf_commit(&batch->rows, size);
}

bool store_batch_next(const struct store_batch *batch, size_t *at, struct store_record *out)
{
    struct str rows = buf_str(&batch->rows);
    struct header header;
    if (*at >= rows.len) {
        return false;
    }
    memcpy(&header, rows.data + *at, sizeof(header));
    *at += sizeof(header);
    *out = (struct store_record){
        .op = (enum store_op)header.op, .kind = header.kind, .is_bot = header.is_bot};
    for (size_t i = 0; i < STORE_RECORD_NUMBERS; i++) {
        out->numbers[i] = header.numbers[i];
    }
    for (size_t i = 0; i < STORE_RECORD_TEXTS; i++) {
        out->texts[i] = (struct str){rows.data + *at, header.lens[i]};
        *at += header.lens[i];
    }
    return true;
}

bool store_batch_find(const struct store_batch *batch, struct str who, struct str label,
                      uint64_t *id)
{
    struct str labels = buf_str(&batch->labels);
    uint64_t hash = label_hash(who, label);
    for (size_t i = 0; i < labels.len; i += sizeof(struct label)) {
        struct label place;
        memcpy(&place, labels.data + i, sizeof(place));
        struct store_record record;
        if (place.hash == hash && store_batch_next(batch, &place.at, &record) &&
            str_eq(record.texts[LINE_WHO], who) && str_eq(record.texts[LINE_LABEL], label)) {
            *id = (uint64_t)record.numbers[0];
            return true;
        }
    }
    return false;
}

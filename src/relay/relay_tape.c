// Shared chunks and queues of references to them.
#include "relay_tape.h"

#include <string.h>

#include "check.h"
#include "mem.h"

#define GATHER_BELOW ((size_t)4096) // longer stretches are sent in place

static struct relay_chunk *chunk_create(size_t least)
{
    size_t size = least > RELAY_CHUNK_BYTES ? least : RELAY_CHUNK_BYTES;
    // Not zeroed: bytes are written before they are referred to.
    struct relay_chunk *chunk = mem_resize(NULL, sizeof(*chunk) + size, 1);
    *chunk = (struct relay_chunk){.holders = 1, .size = (uint32_t)size};
    return chunk;
}

static void chunk_drop(struct relay_chunk *chunk)
{
    if (chunk && --chunk->holders == 0) {
        mem_free(chunk);
    }
}

struct relay_piece relay_tape_put(struct relay_tape *tape, struct str bytes)
{
    check(bytes.len < UINT32_MAX - RELAY_CHUNK_BYTES);
    if (!tape->chunk || tape->chunk->size - tape->chunk->len < bytes.len) {
        chunk_drop(tape->chunk);
        tape->chunk = chunk_create(bytes.len);
    }
    struct relay_chunk *chunk = tape->chunk;
    struct relay_piece piece = {chunk, chunk->len, (uint32_t)bytes.len};
    if (bytes.len) {
        memcpy(chunk->data + chunk->len, bytes.data, bytes.len);
    }
    chunk->len += (uint32_t)bytes.len;
    return piece;
}

void relay_tape_rewind(struct relay_tape *tape)
{
    if (tape->chunk && tape->chunk->holders == 1) {
        tape->chunk->len = 0;
    }
}

void relay_tape_deinit(struct relay_tape *tape)
{
    chunk_drop(tape->chunk);
    tape->chunk = NULL;
}

void relay_piece_hold(struct relay_piece piece)
{
    if (piece.chunk) {
        piece.chunk->holders++;
    }
}

void relay_piece_drop(struct relay_piece *piece)
{
    chunk_drop(piece->chunk);
    *piece = (struct relay_piece){0};
}

void relay_outq_init(struct relay_outq *queue, size_t max)
{
    *queue = (struct relay_outq){.max = max};
    buf_init(&queue->backlog, BUF_NO_LIMIT); // bounded by max
}

static void drop_refs(struct relay_outq *queue)
{
    for (size_t i = 0; i < queue->count; i++) {
        relay_piece_drop(&queue->refs[queue->first + i].piece);
    }
    mem_free(queue->refs);
    queue->refs = NULL;
    queue->first = 0;
    queue->count = 0;
    queue->size = 0;
}

void relay_outq_clear(struct relay_outq *queue)
{
    drop_refs(queue);
    buf_deinit(&queue->backlog);
    queue->bytes = 0;
}

void relay_outq_deinit(struct relay_outq *queue)
{
    relay_outq_clear(queue);
}

static void make_place(struct relay_outq *queue)
{
    if (queue->first + queue->count < queue->size) {
        return;
    }
    if (queue->first > 0 && queue->first >= queue->count) {
        memcpy(queue->refs, queue->refs + queue->first, queue->count * sizeof(*queue->refs));
        queue->first = 0;
        return;
    }
    queue->size = queue->size ? queue->size * 2 : 4;
    queue->refs = mem_resize(queue->refs, queue->size, sizeof(*queue->refs));
}

static void put_ref(struct relay_outq *queue, struct relay_piece piece, uint64_t batch)
{
    make_place(queue);
    relay_piece_hold(piece);
    queue->refs[queue->first + queue->count++] = (struct relay_ref){piece, batch};
}

bool relay_outq_push(struct relay_outq *queue, struct relay_piece piece, uint64_t batch)
{
    if (piece.len > queue->max - queue->bytes) {
        return false;
    }
    queue->bytes += piece.len;
    if (queue->count > 0) {
        struct relay_ref *last = &queue->refs[queue->first + queue->count - 1];
        bool is_next =
            last->piece.chunk == piece.chunk && last->piece.at + last->piece.len == piece.at;
        // What needs no batch waits behind one that does anyhow.
        if (is_next && (batch == 0 || batch == last->batch)) {
            last->piece.len += piece.len;
            return true;
        }
    }
    put_ref(queue, piece, batch);
    return true;
}

struct str relay_outq_peek(const struct relay_outq *queue, uint64_t durable, char *scratch,
                           size_t scratch_size)
{
    if (queue->backlog.len) {
        return buf_str(&queue->backlog);
    }
    size_t len = 0;
    for (size_t i = 0; i < queue->count; i++) {
        const struct relay_ref *ref = &queue->refs[queue->first + i];
        if (ref->batch > durable) {
            break;
        }
        bool is_last = i + 1 == queue->count || queue->refs[queue->first + i + 1].batch > durable;
        if (len == 0 && (ref->piece.len >= GATHER_BELOW || is_last)) {
            return relay_piece_str(ref->piece);
        }
        if (ref->piece.len >= GATHER_BELOW || len + ref->piece.len > scratch_size) {
            break;
        }
        memcpy(scratch + len, ref->piece.chunk->data + ref->piece.at, ref->piece.len);
        len += ref->piece.len;
    }
    return (struct str){scratch, len};
}

void relay_outq_consume(struct relay_outq *queue, size_t len)
{
    queue->bytes -= len;
    if (queue->backlog.len) {
        buf_consume(&queue->backlog, len);
        if (queue->backlog.len == 0) {
            buf_deinit(&queue->backlog); // a slow time's memory goes back
        }
        return;
    }
    while (len > 0) {
        struct relay_ref *ref = &queue->refs[queue->first];
        size_t part = ref->piece.len < len ? ref->piece.len : len;
        ref->piece.at += (uint32_t)part;
        ref->piece.len -= (uint32_t)part;
        len -= part;
        if (ref->piece.len == 0) {
            relay_piece_drop(&ref->piece);
            queue->first++;
            queue->count--;
        }
    }
    if (queue->count == 0) {
        drop_refs(queue);
    }
}

void relay_outq_settle(struct relay_outq *queue, uint64_t durable)
{
    while (queue->count > 0 && queue->refs[queue->first].batch <= durable) {
        struct relay_piece piece = queue->refs[queue->first].piece;
        (void)buf_append(&queue->backlog, relay_piece_str(piece)); // bounded by the queue's max
        relay_piece_drop(&piece);
        queue->first++;
        queue->count--;
    }
    if (queue->count == 0) {
        drop_refs(queue);
    }
}

bool relay_outq_waits(const struct relay_outq *queue, uint64_t durable)
{
    return queue->count > 0 && queue->refs[queue->first].batch > durable;
}

// What stands before and behind the hole.
static void put_around(struct relay_outq *queue, const struct relay_ref *ref, uint32_t from,
                       uint32_t to)
{
    struct relay_piece piece = ref->piece;
    if (from > piece.at) {
        put_ref(queue, (struct relay_piece){piece.chunk, piece.at, from - piece.at}, ref->batch);
    }
    if (to < piece.at + piece.len) {
        put_ref(queue, (struct relay_piece){piece.chunk, to, piece.at + piece.len - to},
                ref->batch);
    }
}

void relay_outq_cut(struct relay_outq *queue, struct relay_piece piece)
{
    struct relay_outq old = *queue;
    queue->refs = NULL;
    queue->first = 0;
    queue->count = 0;
    queue->size = 0;
    for (size_t i = 0; i < old.count; i++) {
        struct relay_ref *ref = &old.refs[old.first + i];
        uint32_t begin = ref->piece.at, end = ref->piece.at + ref->piece.len;
        uint32_t from = piece.at > begin ? piece.at : begin;
        uint32_t to = piece.at + piece.len < end ? piece.at + piece.len : end;
        if (ref->piece.chunk == piece.chunk && from < to) {
            put_around(queue, ref, from, to);
            queue->bytes -= to - from;
        } else {
            put_ref(queue, ref->piece, ref->batch);
        }
        relay_piece_drop(&ref->piece);
    }
    mem_free(old.refs);
}

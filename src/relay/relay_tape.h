// What goes out is written once: tapes of shared chunks, and each client's queue of references.
//
// A line is put on the tape of its format; everybody who gets it holds a reference. Lines that
// stand side by side on a tape become one reference, so that a room of clients with the same
// capabilities is sent one stretch of memory that nobody copied. What a client's system did not
// take is copied to its backlog at the end of the turn, so that a slow reader pins no chunks.
// A reference may wait for a batch of the store: nothing behind it leaves before.
// Private to relay; no I/O here.
#ifndef RELAY_TAPE_H
#define RELAY_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "str.h"

#define RELAY_CHUNK_BYTES ((size_t)64 * 1024)

struct relay_chunk {
    size_t holders; // the tape, pieces and references
    uint32_t len;
    uint32_t size;
    char data[];
};

struct relay_tape {
    struct relay_chunk *chunk; // being written; NULL at first
};

struct relay_piece {           // one stretch of a chunk
    struct relay_chunk *chunk; // NULL: none
    uint32_t at;
    uint32_t len;
};

// The piece is borrowed from the tape: hold it if it shall outlive the next put.
struct relay_piece relay_tape_put(struct relay_tape *tape, struct str bytes);
void relay_tape_rewind(struct relay_tape *tape); // starts over if nobody holds the chunk
void relay_tape_deinit(struct relay_tape *tape);
void relay_piece_hold(struct relay_piece piece);
void relay_piece_drop(struct relay_piece *piece); // {0} is fine
static inline struct str relay_piece_str(struct relay_piece piece)
{
    return (struct str){piece.chunk->data + piece.at, piece.len};
}

struct relay_ref {
    struct relay_piece piece; // held
    uint64_t batch;           // leaves when the store has committed it; 0: at once
};

struct relay_outq {
    struct relay_ref *refs; // owned, grows with need and goes when empty
    size_t first;           // of refs
    size_t count;           // of refs, behind first
    size_t size;
    size_t bytes;       // in all
    size_t max;         // ceiling of bytes
    struct buf backlog; // before the references; what was copied because it did not go
};

void relay_outq_init(struct relay_outq *queue, size_t max);
void relay_outq_deinit(struct relay_outq *queue);
void relay_outq_clear(struct relay_outq *queue);
// false: over the ceiling, nothing was added.
bool relay_outq_push(struct relay_outq *queue, struct relay_piece piece, uint64_t batch);
// The next stretch that may leave when batches up to `durable` are committed: in place where it is
// long or alone, else several gathered into scratch. Empty: nothing may. Valid until the next call.
struct str relay_outq_peek(const struct relay_outq *queue, uint64_t durable, char *scratch,
                           size_t scratch_size);
void relay_outq_consume(struct relay_outq *queue, size_t len); // from the front
// Moves what may leave to the backlog, so that no chunk is held for it.
void relay_outq_settle(struct relay_outq *queue, uint64_t durable);
bool relay_outq_waits(const struct relay_outq *queue, uint64_t durable); // next is not committed
// Takes a piece out wherever it is referred to.
void relay_outq_cut(struct relay_outq *queue, struct relay_piece piece);

#endif

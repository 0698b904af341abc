// What becomes of rooms' names, for as long as the store does not know it.
#include "relay_moves.h"

#include <string.h>

#include "mem.h"
#include "relay_parts.h"

void relay_moves_deinit(struct relay *relay)
{
    mem_free(relay->moves.items);
    relay->moves = (struct relay_moves){0};
}

static void put(struct relay *relay, struct relay_move *move)
{
    struct str from = str_from(move->from);
    move->batch = store_batch(relay->store);
    switch (move->kind) {
    case RELAY_MOVE_DIED:
        store_put_hide(relay->store, from);
        store_put_channel_drop(relay->store, from);
        break;
    case RELAY_MOVE_GIVEN_UP:
        store_put_channel_drop(relay->store, from);
        break;
    case RELAY_MOVE_RENAMED:
        store_put_channel_rename(relay->store, from, str_from(move->to), str_from(move->name));
        break;
    }
}

static struct relay_move *add_move(struct relay_moves *moves)
{
    if (moves->count == moves->size) {
        moves->size = moves->size ? moves->size * 2 : 16;
        moves->items = mem_resize(moves->items, moves->size, sizeof(*moves->items));
    }
    return &moves->items[moves->count++];
}

void relay_moved(struct relay *relay, enum relay_move_kind kind, struct str from,
                 const struct relay_channel *renamed)
{
    struct relay_move *move = add_move(&relay->moves);
    *move = (struct relay_move){.kind = kind};
    (void)str_copy(move->from, sizeof(move->from), from); // valid names fit, as below
    if (renamed) {
        (void)str_copy(move->to, sizeof(move->to), str_from(renamed->folded));
        (void)str_copy(move->name, sizeof(move->name), str_from(renamed->name));
    }
    if (relay_has_history(relay)) {
        put(relay, move);
    }
}

bool relay_moves_are_full(const struct relay *relay)
{
    return relay->moves.count >= RELAY_MOVES_MAX;
}

// Given up: what was said there stays. Spelled in another way: so it does too.
static bool takes_history(const struct relay_move *move)
{
    return move->kind == RELAY_MOVE_DIED ||
           (move->kind == RELAY_MOVE_RENAMED && strcmp(move->from, move->to) != 0);
}

bool relay_is_moving(const struct relay *relay, struct str folded)
{
    for (size_t i = 0; i < relay->moves.count; i++) {
        const struct relay_move *move = &relay->moves.items[i];
        if (takes_history(move) &&
            (str_eq(folded, str_from(move->from)) || str_eq(folded, str_from(move->to)))) {
            return true;
        }
    }
    return false;
}

void relay_moves_decided(struct relay *relay, const struct store_result *result)
{
    struct relay_moves *moves = &relay->moves;
    size_t kept = 0;
    for (size_t i = 0; i < moves->count; i++) {
        struct relay_move move = moves->items[i];
        if (move.batch == result->batch && !result->is_ok) {
            move.batch = 0;
        }
        if (move.batch == 0 || move.batch > result->batch) {
            moves->items[kept++] = move;
        }
    }
    moves->count = kept;
}

void relay_moves_again(struct relay *relay)
{
    for (size_t i = 0; i < relay->moves.count; i++) {
        if (relay->moves.items[i].batch == 0) {
            put(relay, &relay->moves.items[i]);
        }
    }
}

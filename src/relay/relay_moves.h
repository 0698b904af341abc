// What becomes of rooms' names, for as long as the store does not know it. Private to relay.
//
// A room that dies, is given up or gets another name takes along what is kept under its name. Until
// that is durable nobody reads there: it may be another room's. What a disk refused is done again
// when the disk is back, in the order in which it happened.
#ifndef RELAY_MOVES_H
#define RELAY_MOVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "irc_names.h"
#include "str.h"

#define RELAY_MOVES_MAX 1000 // of them new names are added; rooms that were kept may still die

struct relay;
struct relay_channel;
struct store_result;

enum relay_move_kind {
    RELAY_MOVE_DIED,     // nobody reads what was said there any more
    RELAY_MOVE_GIVEN_UP, // it is like any guest's
    RELAY_MOVE_RENAMED,
};

struct relay_move {
    enum relay_move_kind kind;
    uint64_t batch;                 // of the store; 0: the disk refused it
    char from[IRC_CHANNEL_MAX + 1]; // folded
    char to[IRC_CHANNEL_MAX + 1];   // RENAMED: folded; as people spell it in name
    char name[IRC_CHANNEL_MAX + 1];
};

struct relay_moves {
    struct relay_move *items; // owned, oldest first
    size_t count;
    size_t size;
};

void relay_moves_deinit(struct relay *relay);
// A room leaves the name `from` (folded). renamed: it has its new name already; else NULL.
void relay_moved(struct relay *relay, enum relay_move_kind kind, struct str from,
                 const struct relay_channel *renamed);
// So many wait for the disk that no room may get another name.
bool relay_moves_are_full(const struct relay *relay);
// What the store has under this name (folded) may not be what belongs there.
bool relay_is_moving(const struct relay *relay, struct str folded);
void relay_moves_decided(struct relay *relay, const struct store_result *result);
void relay_moves_again(struct relay *relay); // puts what the disk refused into the open batch

#endif

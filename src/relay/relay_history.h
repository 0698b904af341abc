// What is kept: messages on their way to the store, and what was sent before. Private to relay.
//
// A message is recorded, its lines go out at once into the queues of those who get it, and there
// they wait until the store has committed it: what anybody has seen is in the history, in the
// order in which all see it. If the store fails, the lines are taken out again and the sender is
// told; from then on the party talks without a history until the disk takes a probe.
#ifndef RELAY_HISTORY_H
#define RELAY_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "map.h"
#include "relay_tape.h"
#include "store.h"
#include "str.h"

#define RELAY_RECENT_MAX 8192 // ids of messages remembered beside the store
#define RELAY_WHO_MAX    80
#define RELAY_LABEL_MAX  200

struct relay;
struct relay_client;
struct relay_event;

struct relay_kept {         // what of a message is kept
    struct store_line line; // without target: no history of it
    struct str command;
    struct str as_written; // target
    struct str who;        // relay_sender_key(); with label: exactly once
    struct str known_as;   // who, or what tells the sender from others in this run alone
    struct str label;      // +ronron.chat/id and the target
};

struct relay_sent {
    uint64_t id;
    uint64_t batch; // of the store, 0: committed or never given to it
};

struct relay_record { // one message on its way to the store
    uint64_t batch;
    uint64_t sender; // client->id
    char command[12];
    char target[72]; // as the sender wrote it; cut
    char label[65];
    char who[RELAY_WHO_MAX];
    char id[RELAY_LABEL_MAX];
    struct relay_piece *ranges; // owned, held; what to cut if it fails
    size_t range_count;
};

struct relay_recent { // a message that its sender named
    char *key;        // who NUL label; owned
    size_t key_len;
    size_t place; // in recent_ring
    uint64_t id;
    uint64_t batch;
};

struct relay_history {
    uint64_t durable;             // batches up to this are committed
    uint64_t sent;                // what waits for batches up to this has left
    int64_t gather_ms;            // since when committed output waits for more
    int64_t sending_ms;           // what the last turn that sent committed output took
    bool is_sending;              // this turn does
    uint64_t hold;                // batch that output now written waits for; 0: none
    struct relay_record *records; // owned ring
    size_t first;
    size_t count;
    size_t size;
    uint64_t taken;   // records that are out of the ring; the first in it has the next number
    uint64_t record;  // number of the one that takes the ranges of what is written; 0: none
    bool is_failing;  // the disk took nothing: no history until a probe gets through
    int64_t probe_ms; // when to try again
    uint64_t probe_batch;
    int64_t clock_ms;  // when the store is told the time again
    struct map recent; // key -> struct relay_recent
    struct relay_recent *recent_ring[RELAY_RECENT_MAX];
    uint64_t recent_put;
};

void relay_history_init(struct relay *relay);
void relay_history_deinit(struct relay *relay);
// How long the turn took, as relay_measured() is told.
void relay_history_measured(struct relay *relay, uint64_t turn_us);
// A store is there and takes what it is given.
bool relay_has_history(const struct relay *relay);

// Puts the message into the open batch; from now on to relay_record_end() what is written waits
// for it and can be taken back. With neither target nor label, or without a store, nothing is held.
void relay_record_begin(struct relay *relay, struct relay_client *sender,
                        const struct relay_kept *kept);
// The same for a row that the caller has put into the open batch (there is a store).
void relay_record_row(struct relay *relay, struct relay_client *sender, const char *command,
                      const char *target);
void relay_record_end(struct relay *relay);
// An event (JOIN, TOPIC...) that goes out whatever becomes of its row, but not before.
void relay_record(struct relay *relay, struct relay_event *event, const struct store_line *line);
// A repeat, of a message that this batch holds: its echo shares the fate of the first, and whoever
// sent it last is told. To relay_record_end() too.
void relay_record_again(struct relay *relay, struct relay_client *sender, uint64_t batch,
                        struct str who, struct str label);
// What is written belongs to the record of this number; one that is out of the ring needs nothing.
void relay_record_range(struct relay *relay, uint64_t number, struct relay_piece piece);

// A repeat: true with what the first copy was kept as.
bool relay_find_sent(struct relay *relay, struct str who, struct str label, struct relay_sent *out);
void relay_remember_sent(struct relay *relay, struct str who, struct str label,
                         struct relay_sent sent);

// Once a turn: hands the batch over and takes results. True: what is committed shall leave now.
bool relay_history_turn(struct relay *relay);
// Puts what is not talk and met a disk that took nothing: rooms, secrets of guests, limits.
void relay_history_again(struct relay *relay);
int64_t relay_history_due_ms(const struct relay *relay); // when it wants a turn; INT64_MAX: never
// So much waits for the disk that nobody is read from until it is less.
bool relay_history_is_busy(const struct relay *relay);

void relay_msgid_of(uint64_t id, char out[20]);
bool relay_id_of(struct str msgid, uint64_t *id);
void relay_time_of(uint64_t id, char out[28]); // server-time
// Of what the relay says itself: a clock that was set back brings it not before what was said.
void relay_time_now(const struct relay *relay, char out[28]);

#endif

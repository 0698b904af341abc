// What the store kept, as one client may read it: places, bounds of time, lines in a batch.
// Private to relay.
//
// A replayed line is built like a live event, so that both carry the same tags and the same text.
#ifndef RELAY_REPLAY_H
#define RELAY_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "irc_names.h"
#include "store.h"
#include "str.h"

#define RELAY_HISTORY_MAX 100                  // messages of one answer
#define RELAY_REPLAY_MAX  ((size_t)256 * 1024) // bytes of one answer, about

struct relay;
struct relay_client;

enum relay_place_kind {
    RELAY_PLACE_NONE,  // no such place, or not for this client
    RELAY_PLACE_EMPTY, // nothing is kept of it: one of the two is a guest, the channel is new
    RELAY_PLACE_CHANNEL,
    RELAY_PLACE_PAIR,
};

struct relay_place { // a conversation
    enum relay_place_kind kind;
    char key[256];                 // of the store
    char name[IRC_NICK_BYTES + 1]; // of the channel, or the other one's nick
};

// Members read their channels; accounts what they said to each other.
void relay_find_place(const struct relay *relay, const struct relay_client *client,
                      struct str target, struct relay_place *out);
// The folded names of the channels whose history the client reads, RELAY_CHANNELS_MAX at most.
size_t relay_find_channels(const struct relay *relay, const struct relay_client *client,
                           struct str *out);
// The nick that somebody of this account has now, else the name itself.
struct str relay_nick_of(const struct relay *relay, struct str account, struct str name);

// "2023-11-14T22:13:20.123Z" -> unix ms; digits behind the milliseconds are dropped.
bool relay_parse_time(struct str text, int64_t *ms);
// First id of a millisecond, within what the store can hold.
uint64_t relay_id_at(int64_t ms);

// An answer is gathered and written at once.
struct relay_replay {
    struct relay *relay;
    struct relay_client *to;
    struct buf out;
    char batch[16]; // reference; "" when the client knows no batches
    struct arena names;
    struct str folded; // the account looked up last, and how it is spelled
    struct str spelled;
};

// params: type of the batch and what follows; is_start: nothing older is kept.
void relay_replay_begin(struct relay_replay *replay, struct relay *relay, struct relay_client *to,
                        const char *params, bool is_start);
void relay_replay_put(struct relay_replay *replay, const struct relay_place *place,
                      const struct store_line *line);
// A line of the relay's own within the batch.
void relay_replay_own(struct relay_replay *replay, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void relay_replay_end(struct relay_replay *replay);

// About as many bytes as the line takes when it is replayed.
size_t relay_replay_cost(const struct store_line *line);

// Redacted, though the store may not have committed that yet.
void relay_remember_redacted(struct relay *relay, uint64_t id, uint64_t batch);
void relay_redacted_lost(struct relay *relay, uint64_t batch); // the store could not keep it
bool relay_is_redacted(const struct relay *relay, uint64_t id);

#endif

// Rooms that belong to an account: topic, modes, lists and ranks outlive the relay. Private to relay.
//
// A room of nobody's that is or was closed (+i, +k, +s) is kept too, until its last member leaves:
// then its history is hidden for good. After a crash it comes back with its key and modes, but not
// if it was +i, since nobody could come in. Until the store has committed that a history is hidden,
// or has another name, nobody reads it under the old one.
//
// Who makes a channel while logged in owns it and is its founder whenever in it. Ranks given there
// to others who are logged in come back with them too. The founder gives a room up by taking the
// own rank away (MODE #room -q nick).
#ifndef RELAY_ROOM_H
#define RELAY_ROOM_H

#include <stdbool.h>

#include "relay_channel.h"
#include "str.h"

#define RELAY_ROOMS_MAX 20  // of one account; further channels are like those of guests
#define RELAY_RANKS_MAX 100 // kept of one room

struct relay;
struct relay_client;

void relay_rooms_init(struct relay *relay); // brings back what was kept
// Puts all that is kept into the open batch, for a disk that is back.
void relay_rooms_again(struct relay *relay);
// client has just made the channel.
void relay_room_created(struct relay *relay, struct relay_channel *channel,
                        const struct relay_client *client);
void relay_room_changed(struct relay *relay, struct relay_channel *channel);
void relay_room_renamed(struct relay *relay, struct relay_channel *channel, struct str before);
// The last has left one that nobody owns.
void relay_room_died(struct relay *relay, const struct relay_channel *channel);
// The host of the party owns the lobby; empty: nobody.
void relay_room_set_host(struct relay *relay, struct str account);
void relay_room_deinit(struct relay_channel *channel);

// Gives back the ranks that member's account has there, and says which: "qo", "" for none.
const char *relay_room_give(struct relay_member *member);
void relay_room_tell(struct relay *relay, const struct relay_member *member, const char *letters);
void relay_room_welcome(struct relay *relay, struct relay_member *member); // both
// What the account of the member owned it owns no longer, or is about to lose with the login.
void relay_room_farewell(struct relay *relay, struct relay_member *member);
// A rank ('q', 'o' or 'v') was given or taken by MODE.
void relay_room_rank(struct relay *relay, const struct relay_member *member, char letter,
                     bool is_adding);

#endif

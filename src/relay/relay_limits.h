// Who may come in, how much a client may do, and why somebody was closed. Private to relay.
//
// A connection over a limit is told so before it is closed: what it speaks shows with its first
// bytes, so a few are let in for that (RELAY_REFUSED_MAX); beyond them one raw line must do.
#ifndef RELAY_LIMITS_H
#define RELAY_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "map.h"
#include "str.h"

#define RELAY_REFUSED_MAX   64   // refused connections waiting to be told
#define RELAY_REFUSED_MS    3000 // and no longer than this
#define RELAY_ADDRESSES_MAX 4096 // whose newcomers are remembered

struct net_listener;
struct net_stream;
struct relay;
struct relay_client;

enum relay_drop { // order of the table in relay_limits.c
    RELAY_DROP_SENDQ,
    RELAY_DROP_MESSAGES,
    RELAY_DROP_BYTES,
    RELAY_DROP_FULL,
    RELAY_DROP_ADDRESS,
    RELAY_DROP_NEWCOMERS,
    RELAY_DROP_OUTSIDE,
    RELAY_DROP_PIN,
    RELAY_DROP_NONE, // let in; also the count of reasons
};

struct relay_purse { // what a client may still do
    int64_t messages_milli;
    int64_t bytes_milli;
    int64_t at_ms; // when it was last filled
};

struct relay_gate {
    struct map addresses; // address -> struct relay_address, owned
    size_t refused_count; // of clients that only wait to be told
    uint64_t drops[RELAY_DROP_NONE];
};

void relay_limits_init(struct relay *relay);
void relay_limits_deinit(struct relay *relay);
const char *relay_drop_name(enum relay_drop reason); // for numbers: "sendq"

// Of a stream just accepted. false: it was told why and is the caller's to destroy.
bool relay_limits_lets_in(struct relay *relay, struct net_stream *stream);
// There are no descriptors left: tells those who wait and sends them away. false: not even that.
bool relay_limits_full(struct relay *relay, struct net_listener *listener);
// Of a client just made, before it stands among the others; undone when it is freed.
void relay_limits_enter(struct relay *relay, struct relay_client *client);
void relay_limits_leave(struct relay *relay, struct relay_client *client);
// It spoke (or stayed silent) and so can be told. true: it was refused and is gone now.
bool relay_limits_refused(struct relay *relay, struct relay_client *client);
// The same with the timers, once it has waited long enough.
bool relay_limits_refused_late(struct relay *relay, struct relay_client *client);
// A newcomer is about to register; it counts once, however often it tries. false: too many of its
// address did; it is gone now.
bool relay_limits_admit(struct relay *relay, struct relay_client *client);
// false: the client was closed for talking too fast, or too much.
bool relay_limits_pay(struct relay *relay, struct relay_client *client, int cost);
bool relay_limits_bytes(struct relay *relay, struct relay_client *client, size_t len);
size_t relay_limits_sendq(const struct relay *relay); // bytes a client may leave unread
// Closes a client for this reason and counts it.
void relay_limits_drop(struct relay *relay, struct relay_client *client, enum relay_drop reason);

#endif

// The relay: an IRC server for a party, as a library without globals, signals, clock or threads.
//
// The owner makes a loop, a relay in it, and turns it:
//     while (!relay_is_done(relay)) {
//         net_loop_wait(loop, relay_wait_ms(relay, now_ms));
//         relay_turn(relay, now_ms, now_utc_ms);
//     }
// Tests attach pipes (relay_attach) instead of listening, with a clock of their own; two relays fit
// in one program.
//
// Ownership: the relay owns its listeners, streams, beacon; it borrows the loop, which outlives it.
// Errors:    what a client does never fails here; only create and listen can.
// Thread:    one; other threads may only call net_loop_wake() on its loop.
#ifndef RELAY_H
#define RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "net_addr.h"
#include "net_beacon.h"
#include "net_loop.h"
#include "net_stream.h"
#include "str.h"

struct net_tls;
struct relay;
struct store;
struct work;

struct relay_config {
    struct str name;            // of the party, UTF-8, shown to people; "Ronron" when empty
    struct str server_name;     // source of the relay's own lines, "ronron.party" when empty
    struct str motd;            // lines separated by \n; empty: a short one of our own
    struct str password;        // PIN; empty: open
    bool has_limits;            // --limits normal: flood, per-address and registration limits
    bool is_public;             // accept peers from outside private ranges
    int64_t history_max_age_ms; // 0: no limit
    uint64_t history_max_bytes; // 0: no limit
    struct store *store;        // borrowed; NULL: no history, no accounts
    struct work *work;          // borrowed, hashes passwords; NULL: in the loop
    struct net_tls *tls;        // borrowed; NULL: encrypted connections are refused
    uint64_t seed;              // for msgids, map seeds, guest nicks; different each run
};

struct relay *relay_create(const struct relay_config *config, struct net_loop *loop, int64_t now_ms,
                           int64_t now_utc_ms);
void relay_destroy(struct relay *relay); // closes what is left without a word
// May be called several times. Nothing half done on failure.
bool relay_listen(struct relay *relay, const struct net_addr *addr, struct err *err);
// "host:port" of the first listener, for people; "" before relay_listen().
const char *relay_address(const struct relay *relay);
uint16_t relay_port(const struct relay *relay);
// Announces the party on this UDP port (scope as in net_beacon.h).
bool relay_beacon(struct relay *relay, uint16_t udp_port, enum net_scope scope, struct err *err);
// Takes over a stream, as if it had been accepted.
void relay_attach(struct relay *relay, struct net_stream *stream);

// Handles all that is ready: accepts, reads, commands, timers, flushes.
void relay_turn(struct relay *relay, int64_t now_ms, int64_t now_utc_ms);
// Milliseconds until it wants the next turn even if nothing is ready; at least 0.
int relay_wait_ms(const struct relay *relay, int64_t now_ms);

// Says goodbye to everybody (ERROR), flushes what goes within 1 s, then is_done becomes true.
void relay_stop(struct relay *relay, struct str reason);
bool relay_is_done(const struct relay *relay);

struct relay_stats {
    size_t connections; // open streams
    size_t users;       // registered, plain clients included
    size_t channels;
    uint64_t messages; // relayed since start
    uint64_t deliveries;
    uint64_t dropped; // clients closed for not reading or flooding
};
struct relay_stats relay_stats(const struct relay *relay);

#endif

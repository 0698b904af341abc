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

// Numbers of what a client or an address may do; 0: no limit (of clients and unread bytes there is
// always one). What is over a limit is refused in words that say which.
struct relay_limits {
    unsigned connections;    // of one address at once, loopback aside
    unsigned registrations;  // of one address a minute, loopback aside
    unsigned messages_per_s; // of one client, once its burst is used up
    unsigned burst;          // commands of one client at once
    unsigned bytes_per_s;    // of one client; ten seconds' worth at once
    unsigned sendq_bytes;    // that one client has not read yet
    unsigned clients;        // at once; RELAY_CLIENTS_MAX is the most
};

#define RELAY_CLIENTS_MAX 900 // select() knows 1024 descriptors, files and refusals need some

struct relay_limits relay_limits_normal(void);

struct relay_config {
    struct str name;          // of the party, UTF-8, shown to people; "Ronron" when empty
    struct str server_name;   // source of the relay's own lines, "ronron.party" when empty
    struct str motd;          // lines separated by \n; empty: a short one of our own
    struct str password;      // PIN; empty: open
    struct str notice;        // told to every host who comes in ("no history: disk full"); or empty
    struct str host_account;  // owns the lobby; empty: the first in it is its host
    struct str oper_name;     // empty: there is no operator
    struct str oper_verifier; // "SCRAM-SHA-256$iterations:salt$stored:server", base64 parts
    struct relay_limits limits;
    bool has_utf8_nicks;        // nicks may have letters and digits of one script beyond ASCII
    bool is_public;             // accept peers from outside private ranges
    bool has_registration;      // accounts may be made (REGISTER)
    bool is_before_connect;     // even before a connection is registered
    unsigned iterations;        // of the hash of new passwords (PBKDF2); 0: 100 000
    int64_t history_max_age_ms; // 0: no limit
    uint64_t history_max_bytes; // 0: no limit
    struct store *store;        // borrowed; NULL: no history, no accounts
    struct work *work;          // borrowed, hashes passwords; NULL: in the loop
    struct net_tls *tls;        // borrowed; NULL: encrypted connections are refused
    uint64_t seed;              // of the tables: a secret, different each run
};

struct relay *relay_create(const struct relay_config *config, struct net_loop *loop, int64_t now_ms,
                           int64_t now_utc_ms);
void relay_destroy(struct relay *relay); // closes what is left without a word; the worker has ended
// May be called several times. Nothing half done on failure.
bool relay_listen(struct relay *relay, const struct net_addr *addr, struct err *err);
// Exactly these addresses from now on: what is new is opened first, then what is not named closes;
// who came in by it stays. false: all is as it was, unless err says that an address which had to
// make way for a new one on its port could not be opened again.
bool relay_listen_only(struct relay *relay, const struct net_addr *addrs, size_t count,
                       struct err *err);
// "host:port" of a listener, for people, in the order they were named; "" beyond the last.
const char *relay_address(const struct relay *relay, size_t at);
uint16_t relay_port(const struct relay *relay);
// Announces the party on this UDP port (scope as in net_beacon.h), wherever a listener can be reached.
bool relay_beacon(struct relay *relay, uint16_t udp_port, enum net_scope scope, struct err *err);
// Serves numbers about the relay as Prometheus text over HTTP, GET /metrics. Once.
bool relay_admin_listen(struct relay *relay, const struct net_addr *addr, struct err *err);
const char *relay_admin_address(const struct relay *relay); // "" when there is none
// How long the last turn took, for those numbers: the relay reads no clock.
void relay_measured(struct relay *relay, uint64_t turn_us);
// Takes over a stream, as if it had been accepted.
void relay_attach(struct relay *relay, struct net_stream *stream);

// Handles all that is ready: accepts, reads, commands, timers, flushes.
void relay_turn(struct relay *relay, int64_t now_ms, int64_t now_utc_ms);
// Milliseconds until it wants the next turn even if nothing is ready; at least 0.
int relay_wait_ms(const struct relay *relay, int64_t now_ms);

// Takes other settings without dropping anybody; store, work, tls, server_name and seed stay as
// they were created. false: a setting is bad and nothing has changed.
bool relay_reload(struct relay *relay, const struct relay_config *config, struct err *err);
// An operator asked for it (REHASH); true once for each time. The owner reads its settings again,
// calls relay_reload() and tells how it went, which the operator is told.
bool relay_wants_reload(struct relay *relay);
void relay_reload_done(struct relay *relay, struct str text);
// Tells the hosts of the lobby now.
void relay_tell_hosts(struct relay *relay, struct str text);

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

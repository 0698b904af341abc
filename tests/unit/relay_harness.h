// A relay in one thread over pipes in memory, with a clock of the test's own.
#ifndef RELAY_HARNESS_H
#define RELAY_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "net_loop.h"
#include "net_stream.h"
#include "relay.h"
#include "store.h"

#define HARNESS_CLIENTS 16
#define HARNESS_UTC_MS  1700000000000LL

struct harness {
    struct net_loop *loop;
    struct relay *relay;
    int64_t now_ms;
    int64_t utc_jump_ms;                        // how wrong the wall clock has become
    struct net_stream *client[HARNESS_CLIENTS]; // the test's ends; NULL: closed
    struct buf got[HARNESS_CLIENTS];            // all that arrived since the last harness_take
    size_t count;
    struct store *store; // borrowed; set to have it commit with every turn
};

void harness_open(struct harness *h, const struct relay_config *config); // NULL: defaults
void harness_close(struct harness *h);
// For cmocka: *state is a harness with the defaults.
int harness_setup(void **state);
int harness_teardown(void **state);
int harness_connect(struct harness *h, size_t capacity);  // of the pipe; returns the client's index
void harness_turn(struct harness *h, int64_t advance_ms); // until nothing moves
void harness_send(struct harness *h, int client, const char *text); // as is, then turns
// "NICK x", USER, JOIN #party; what it was sent so far is dropped.
int harness_guest(struct harness *h, const char *nick, const char *caps);
void harness_drop(struct harness *h); // forgets what everybody got
// What a client got since then; valid until its next bytes.
const char *harness_got(struct harness *h, int client);
bool harness_has(struct harness *h, int client, const char *text);
size_t harness_times(struct harness *h, int client, const char *text);
void harness_hang_up(struct harness *h, int client); // closes the test's end
// The same, and its place is free for the next to come; it was the last that came.
void harness_forget(struct harness *h, int client);

#endif

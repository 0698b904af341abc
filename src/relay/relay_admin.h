// Numbers for an operator: counters, and the address that serves them as Prometheus text over HTTP.
// Private to relay.
//
// A few askers at once, a small request each, five seconds at most; nothing here ever waits.
#ifndef RELAY_ADMIN_H
#define RELAY_ADMIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

#define RELAY_TURN_BUCKETS 10 // and one for what is longer

struct net_ready;
struct relay;
struct relay_admin; // listener and askers

struct relay_numbers {
    int64_t since_ms;
    uint64_t connections; // ever
    uint64_t bytes_in;
    uint64_t bytes_out;
    uint64_t turns[RELAY_TURN_BUCKETS + 1];
    uint64_t turns_us;
};

void relay_admin_destroy(struct relay *relay); // none is fine
void relay_admin_handle(struct relay *relay, const struct net_ready *ready);
// Closes askers whose time is over; when it wants to be called next, INT64_MAX: never.
void relay_admin_turn(struct relay *relay);
void relay_admin_rest(struct relay *relay, bool is_resting); // takes no more, or takes again
int64_t relay_admin_due_ms(const struct relay *relay);
// All numbers as Prometheus text 0.0.4.
void relay_admin_text(struct relay *relay, struct buf *out);

#endif

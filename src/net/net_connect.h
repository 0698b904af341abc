// Connects to an address: lookup, then a connection attempt with a time limit.
//
// Both block; call them on a receive thread, never on main. A lookup that hangs cannot be cancelled
// (gethostbyname), so it runs on a helper thread that the caller starts: net_resolve() is the only
// part that may hang, and it touches nothing but its arguments.
#ifndef NET_CONNECT_H
#define NET_CONNECT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "net_addr.h"
#include "net_stream.h"

struct net_endpoint {
    char number[64]; // numeric address
    uint16_t port;
};

// Blocking name lookup, thread-safe. Numbers do not touch the network.
bool net_resolve(struct net_endpoint *out, const struct net_addr *addr, struct err *err);
// Ends early when *cancel becomes true (looked at every 20 ms). NULL cancel: never.
struct net_stream *net_connect(const struct net_endpoint *endpoint, int timeout_ms,
                               const atomic_bool *cancel, struct err *err);

#endif

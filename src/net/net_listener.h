// Listens on exactly one address and port; accepted streams do not block.
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "net_addr.h"
#include "net_stream.h"

struct net_door;
struct net_listener;

enum net_accept { NET_ACCEPT_OK, NET_ACCEPT_NONE, NET_ACCEPT_NO_ROOM };

// Port 0 picks a free one. The sentence says what is safe and what to do ("port 6667 is in use").
struct net_listener *net_listener_create(const struct net_addr *addr, struct err *err);
void net_listener_destroy(struct net_listener *listener);
uint16_t net_listener_port(const struct net_listener *listener);
// The host asked for and the real port, as "host:port".
const char *net_listener_name(const struct net_listener *listener);
// Where guests over IPv4 find it; false: nowhere.
bool net_listener_door(const struct net_listener *listener, struct net_door *out);
// NO_ROOM: the system has no descriptor or no memory for one more. The listener stays ready: stop
// asking (net_loop_want_read) for a while.
enum net_accept net_listener_accept(struct net_listener *listener, struct net_stream **out);
// Then this still takes one stream, on a descriptor kept for it, so that a guest can be told why it
// must go; destroy it and rearm. NULL: there is no spare left, that was not what is missing, or nobody
// waits.
struct net_stream *net_listener_accept_spare(struct net_listener *listener);
bool net_listener_rearm(struct net_listener *listener); // false: there is no spare

#endif

// Waits on many streams and listeners with an SDL2_net socket set.
//
// Shapes:    at most NET_LOOP_MAX streams (select's limit); net_loop_add() says false beyond it.
// Ownership: the loop borrows streams and listeners; remove before destroying.
// Thread:    one thread, but net_loop_wake() may be called from any.
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "net_stream.h"

#define NET_LOOP_MAX 1000

struct net_loop;
struct net_listener;
struct net_beacon;

struct net_ready {
    void *owner; // what net_loop_add*() was given
    bool is_readable;
    bool is_writable; // only asked for by net_loop_want_write()
};

struct net_loop *net_loop_create(struct err *err);
void net_loop_destroy(struct net_loop *loop);
bool net_loop_add(struct net_loop *loop, struct net_stream *stream, void *owner);
bool net_loop_add_listener(struct net_loop *loop, struct net_listener *listener, void *owner);
bool net_loop_add_beacon(struct net_loop *loop, struct net_beacon *beacon, void *owner);
void net_loop_remove(struct net_loop *loop, void *owner); // unknown owners are fine
// The owner's stream now stands under this one (net_tls_accept, net_ws_accept).
void net_loop_replace(struct net_loop *loop, void *owner, struct net_stream *stream);
// Room for writing ends the wait, as bytes to read do.
void net_loop_want_write(struct net_loop *loop, void *owner, bool wants_write);
// Stops asking for readiness to read (backpressure, or a listener without descriptors).
void net_loop_want_read(struct net_loop *loop, void *owner, bool wants_read);
// Sleeps until something is ready, net_loop_wake() or the time is over. Bytes already in a pipe
// end the wait at once. timeout_ms 0 only looks.
void net_loop_wait(struct net_loop *loop, int timeout_ms);
// Takes one ready owner of the last wait; false when there is none left. Owners removed meanwhile
// are not returned.
bool net_loop_next(struct net_loop *loop, struct net_ready *out);
void net_loop_wake(struct net_loop *loop);

#endif

// The kinds of streams behind net_stream.h. Private to net.
#ifndef NET_STREAM_INTERNAL_H
#define NET_STREAM_INTERNAL_H

#include <SDL_net.h>

#include "buf.h"
#include "net_stream.h"

struct net_stream_kind {
    enum net_result (*read)(struct net_stream *stream, void *data, size_t size, size_t *got);
    enum net_result (*write)(struct net_stream *stream, const void *data, size_t len, size_t *done);
    bool (*has_bytes)(const struct net_stream *stream); // without asking the system; may be NULL
    bool (*has_room)(const struct net_stream *stream);
    void (*end)(struct net_stream *stream); // nothing more is written; NULL: it has no halves
    void (*close)(struct net_stream *stream);
};

struct net_loop;
struct net_pipe;
struct net_tls_link;
struct net_ws;

struct net_stream {
    const struct net_stream_kind *kind;
    char host[64];
    uint16_t port;
    char reason[64];
    TCPsocket socket;         // TCP: owned; filter: that of the lowest stream; or NULL
    struct net_pipe *pipe;    // pipe: shared by its two ends
    int end;                  // pipe: 0 or 1
    struct net_stream *under; // filter: owned, the stream it works over
    struct net_stream *over;  // the filter over this one, or NULL
    struct buf pending;       // filter: what waits for room under it
    bool is_broken;           // filter: nothing can be written any more
    bool leaves_under;        // filter: the stream under it stays when it is closed
    struct net_tls_link *tls; // filter TLS: owned
    struct net_ws *ws;        // filter WebSocket: owned
    struct net_loop *loop;    // that waits for it, or NULL
    void *entry;              // its place there
};

// Takes over the socket: non-blocking, options set, peer address noted.
struct net_stream *net_stream_of_socket(TCPsocket socket);
void net_stream_set_reason(struct net_stream *stream, const char *reason);

// --- net_filter.c: what kinds over another stream share ---
// Takes over `under`; pending_max: ceiling of what waits for room.
struct net_stream *net_filter_create(const struct net_stream_kind *kind, struct net_stream *under,
                                     size_t pending_max);
// Writes through what goes at once, keeps the rest. false: over the ceiling, or the link is closed.
bool net_filter_send(struct net_stream *stream, struct str bytes);
// Passes on what waits, the lowest stream first. NET_OK: nothing waits any more.
enum net_result net_filter_flush(struct net_stream *stream);
// NET_CLOSED with a reason, for a stream that is_broken.
enum net_result net_filter_broken(struct net_stream *stream);
bool net_filter_has_room(const struct net_stream *stream);
void net_filter_close(struct net_stream *stream); // destroys the stream under it, or leaves it

// --- net_loop.c ---
// The stream, or one under it, holds bytes that no socket set knows of or that wait for room: its
// loop asks it before sleeping until that is over. Fine without a loop.
void net_loop_hold(struct net_stream *stream);

#endif

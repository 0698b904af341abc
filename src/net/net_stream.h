// A byte stream to one peer: TCP over SDL2_net, or a pipe in memory. TLS (net_tls.h) and WebSocket
// (net_ws.h) are streams over another one, behind the same functions.
//
// Ownership: net_stream_destroy() closes and frees. A stream that is in a loop must be removed
//            from it first (net_loop_remove).
// Errors:    values, never signals; SIGPIPE is ignored from net_init() on.
// Thread:    one thread per stream.
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "net_addr.h"

enum net_result {
    NET_OK,     // some bytes moved
    NET_AGAIN,  // nothing to read, or no room to write: try later
    NET_CLOSED, // the peer ended it (empty read) or the link broke; net_stream_reason() says which
};

struct net_stream;

// Once per program (SDLNet_Init, SIGPIPE, descriptor limit 1024 for select). Counts its callers.
bool net_init(struct err *err);
void net_quit(void);

enum net_result net_stream_read(struct net_stream *stream, void *data, size_t size, size_t *got);
enum net_result net_stream_write(struct net_stream *stream, const void *data, size_t len,
                                 size_t *done);
// Bytes to read that no system call is needed for: in a pipe, or left over in a filter.
bool net_stream_holds_bytes(const struct net_stream *stream);
// True while bytes that were taken have not left the machine's own buffers yet, because a stream
// under it has no room. The loop passes them on; destroying the stream would lose them.
bool net_stream_has_pending(const struct net_stream *stream);
void net_stream_destroy(struct net_stream *stream); // NULL is fine
// Closing a socket with bytes unread resets the link, and what was sent last may be lost with it.
// So who closes first says that nothing more comes, and throws away what still arrives until the
// peer ends it too: a filter says goodbye, and what is returned is the stream under all filters,
// to be put into the loop and read from. Only where can_end says so: a pipe loses nothing, and a
// link that broke or ended has nobody to wait for.
bool net_stream_can_end(const struct net_stream *stream);
struct net_stream *net_stream_end(struct net_stream *stream);
// Numeric address of the peer; "pipe" for a pipe. Lives as long as the stream.
const char *net_stream_peer_host(const struct net_stream *stream);
uint16_t net_stream_peer_port(const struct net_stream *stream);
// Why the stream is closed, in a few words ("connection reset", "closed by peer"). "" while open.
const char *net_stream_reason(const struct net_stream *stream);

// Two ends of a pipe in memory; each direction holds at most `capacity` bytes. Destroying one end
// closes the other. Both ends belong to one thread.
void net_pipe_create(struct net_stream *ends[2], size_t capacity);

#endif

// The kinds of streams behind net_stream.h. Private to net.
#ifndef NET_STREAM_INTERNAL_H
#define NET_STREAM_INTERNAL_H

#include <SDL_net.h>

#include "net_stream.h"

struct net_stream_kind {
    enum net_result (*read)(struct net_stream *stream, void *data, size_t size, size_t *got);
    enum net_result (*write)(struct net_stream *stream, const void *data, size_t len, size_t *done);
    bool (*has_bytes)(const struct net_stream *stream); // without asking the system; may be NULL
    bool (*has_room)(const struct net_stream *stream);
    void (*close)(struct net_stream *stream);
};

struct net_pipe;

struct net_stream {
    const struct net_stream_kind *kind;
    char host[64];
    uint16_t port;
    char reason[64];
    TCPsocket socket;      // TCP: owned
    struct net_pipe *pipe; // pipe: shared by its two ends
    int end;               // pipe: 0 or 1
};

// Takes over the socket: non-blocking, options set, peer address noted.
struct net_stream *net_stream_of_socket(TCPsocket socket);
void net_stream_set_reason(struct net_stream *stream, const char *reason);

#endif

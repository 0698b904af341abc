// WebSocket (RFC 6455), server side, as a stream over any other stream: TCP, TLS, a pipe.
//
// Above it looks like a stream of IRC lines: each message that arrives reads as a line with CR LF,
// each line that is written goes as one frame without it (IRCv3 WebSocket). Text frames hold valid
// UTF-8 in both directions: what arrives broken ends the stream (1007), what we send is repaired.
//
// Errors: a peer that breaks the protocol gets a close frame that says why, then NET_CLOSED.
#ifndef NET_WS_H
#define NET_WS_H

#include <stdbool.h>

#include "net_http.h"
#include "net_stream.h"
#include "str.h"

#define NET_WS_MESSAGE_MAX ((size_t)16 * 1024) // of one frame and of one message

// Takes over `under` and answers the upgrade that `request` asks for (its verdict is
// NET_HTTP_UPGRADE). The client's first subprotocol that we know is taken; with none we send text
// and take either.
// first_bytes: what was read behind the request.
struct net_stream *net_ws_accept(struct net_stream *under, const struct net_http *request,
                                 struct str first_bytes);

#endif

// The head of an HTTP request: just enough to upgrade to WebSocket and to say no politely.
//
// Shapes: views point into the bytes that were parsed.
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>

#include "buf.h"
#include "str.h"

#define NET_HTTP_HEAD_MAX ((size_t)8 * 1024)

enum net_http_verdict {
    NET_HTTP_MORE,    // the head has no end yet
    NET_HTTP_UPGRADE, // a WebSocket handshake we can answer
    NET_HTTP_PAGE,    // a request like a browser's: 426 with a page that says what this is
    NET_HTTP_METHOD,  // neither GET nor HEAD: 405
    NET_HTTP_VERSION, // a WebSocket of another version: 426
    NET_HTTP_BAD,     // no HTTP, or a broken handshake: 400
    NET_HTTP_LARGE,   // over NET_HTTP_HEAD_MAX: 431
};

struct net_http {
    struct str method;
    struct str key;      // Sec-WebSocket-Key
    char protocols[256]; // Sec-WebSocket-Protocol, repeated headers joined by ','; cut if longer
    size_t len;          // of the head with its empty line
};

enum net_http_verdict net_http_parse(struct net_http *out, struct str bytes);
// A whole answer with `page` as its text for a verdict that is not UPGRADE; says to close.
void net_http_refuse(struct buf *out, enum net_http_verdict verdict, const struct net_http *request,
                     struct str page);
// "WORD /target HTTP/1.1" and its like, whatever the word.
bool net_http_is_request_line(struct str line);

#endif

// What the tests of TLS share: a server with a certificate of its own in a folder of its own, and a
// client, over a pipe.
#ifndef TLS_HARNESS_H
#define TLS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net_stream.h"
#include "net_tls.h"

struct link {
    char folder[64];
    struct net_tls *tls;
    struct net_stream *pipe; // the client's end under TLS, or NULL once it is taken over
    struct net_stream *server;
    struct net_stream *client;
};

void link_open_server(struct link *link, size_t capacity); // the other end is left bare
void link_open(struct link *link, size_t capacity, const char *fingerprint);
void link_close(struct link *link);
// Both sides read nothing until the handshake is over, or one side ends.
enum net_result link_shake(struct link *link);
// Many bytes from one to the other, each offered as it goes; all arrive once and in order.
void link_carry(struct net_stream *from, struct net_stream *to);
struct net_tls *link_tls(const char *folder, struct err *err);    // from what is kept there
const char *link_file(const struct link *link, const char *name); // its path, until the next call

#endif

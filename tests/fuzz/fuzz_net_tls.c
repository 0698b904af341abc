// A server's TLS under a man in the middle. The input is his program: he passes bytes on between a
// true client and the server, holds them back, spoils them, adds his own. An odd first byte leaves
// the client out, so that all the server hears is his.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "check.h"
#include "net_stream.h"
#include "net_tls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct middle {
    struct net_stream *server;    // TLS
    struct net_stream *client;    // TLS, or NULL
    struct net_stream *at_server; // his end of the server's pipe
    struct net_stream *at_client;
    struct buf heard; // by the server, in clear
    uint8_t flip;     // spoils the next byte that is passed on
};

// One certificate for all runs; making it anew would be most of the work.
static struct net_tls *certificate(void)
{
    static struct net_tls *tls;
    if (!tls) {
        char folder[] = "/tmp/ronron-fuzz-XXXXXX";
        char path[64];
        struct net_tls_config config = {.now_utc_ms = 1700000000000LL};
        config.folder = mkdtemp(folder);
        tls = net_tls_create(&config, NULL);
        check(tls != NULL);
        (void)snprintf(path, sizeof(path), "%s/tls-key.pem", folder);
        (void)unlink(path);
        (void)snprintf(path, sizeof(path), "%s/tls-cert.pem", folder);
        (void)unlink(path);
        (void)rmdir(folder);
    }
    return tls;
}

static void pass(struct middle *m, struct net_stream *from, struct net_stream *to, size_t max)
{
    char bytes[512];
    size_t got = 0;
    size_t done = 0;
    while (from && max > 0 &&
           net_stream_read(from, bytes, max < sizeof(bytes) ? max : sizeof(bytes), &got) ==
               NET_OK) {
        bytes[0] = (char)(bytes[0] ^ m->flip);
        m->flip = 0;
        (void)net_stream_write(to, bytes, got, &done); // a full pipe loses the rest
        max -= got;
    }
}

static void listen(struct middle *m)
{
    char bytes[600];
    size_t got = 0;
    while (net_stream_read(m->server, bytes, sizeof(bytes), &got) == NET_OK) {
        check(buf_append(&m->heard, (struct str){bytes, got}));
        (void)net_stream_write(m->server, bytes, got, &got); // an echo, if there is room
    }
    while (m->client && net_stream_read(m->client, bytes, sizeof(bytes), &got) == NET_OK) {
    }
}

// One order of the program; returns how many bytes of the input it used.
static size_t obey(struct middle *m, struct str rest)
{
    unsigned order = (unsigned char)rest.data[0];
    size_t len = (order >> 3) + 1;
    size_t done = 0;
    switch (order & 7) {
    case 0:
        pass(m, m->at_client, m->at_server, len * 16);
        break;
    case 1:
        pass(m, m->at_server, m->at_client, len * 16);
        break;
    case 2:
        pass(m, m->at_client, m->at_server, SIZE_MAX);
        pass(m, m->at_server, m->at_client, SIZE_MAX);
        break;
    case 3:
        m->flip = (uint8_t)len;
        break;
    case 4:
    case 5: {
        struct str own = str_range(rest, 1, 1 + (order & 1 ? len * 16 : len));
        (void)net_stream_write(m->at_server, own.data, own.len, &done); // as far as there is room
        return 1 + own.len;
    }
    case 6:
        if (m->client) {
            (void)net_stream_write(m->client, "meow meow meow meow meow meow meow ", len, &done);
        }
        break;
    default:
        if (order == 0xFF) {
            net_stream_destroy(m->client); // says goodbye
            m->client = NULL;
        }
        break;
    }
    return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct middle m = {0};
    struct net_stream *pipe[2];
    struct net_tls_expect expect = {.host = "party"};
    unsigned kind = size ? data[0] : 0;
    net_pipe_create(pipe, kind & 2 ? 100 : 65536);
    m.server = net_tls_accept(certificate(), pipe[0], (struct str){0});
    m.at_server = pipe[1];
    net_pipe_create(pipe, 65536);
    m.at_client = pipe[0];
    if (kind & 1) {
        net_stream_destroy(pipe[1]);
    } else {
        m.client = net_tls_connect(pipe[1], &expect, NULL);
    }
    buf_init(&m.heard, BUF_NO_LIMIT);
    for (size_t at = 1; at < size;) {
        at += obey(&m, (struct str){(const char *)data + at, size - at});
        listen(&m);
    }
    // Whatever he did, only the client's own words come through.
    static const char words[] = "meow ";
    for (size_t i = 0; i < m.heard.len; i++) {
        check(strchr(words, buf_str(&m.heard).data[i]) != NULL);
    }
    check(!(kind & 1) || !net_stream_is_encrypted(m.server));
    net_stream_destroy(m.client);
    net_stream_destroy(m.at_client);
    net_stream_destroy(m.server);
    net_stream_destroy(m.at_server);
    buf_deinit(&m.heard);
    return 0;
}

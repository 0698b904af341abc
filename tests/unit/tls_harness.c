// What the tests of TLS share.
#include "tls_harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NOW_MS 1700000000000LL
#define MANY   ((size_t)300 * 1000)

struct net_tls *link_tls(const char *folder, struct err *err)
{
    struct net_tls_config config = {.folder = folder, .name = "test.party", .now_utc_ms = NOW_MS};
    return net_tls_create(&config, err);
}

const char *link_file(const struct link *link, const char *name)
{
    static char path[128];
    (void)snprintf(path, sizeof(path), "%s/%s", link->folder, name);
    return path;
}

void link_open_server(struct link *link, size_t capacity)
{
    struct net_stream *ends[2];
    struct err err = {0};
    *link = (struct link){.folder = "/tmp/ronron-tls-XXXXXX"};
    assert_non_null(mkdtemp(link->folder));
    link->tls = link_tls(link->folder, &err);
    assert_string_equal(err.text, "");
    net_pipe_create(ends, capacity);
    link->server = net_tls_accept(link->tls, ends[0], (struct str){0});
    link->pipe = ends[1];
}

void link_open(struct link *link, size_t capacity, const char *fingerprint)
{
    struct net_tls_expect expect = {.host = "test.party", .fingerprint = fingerprint};
    link_open_server(link, capacity);
    link->client = net_tls_connect(link->pipe, &expect, NULL);
    link->pipe = NULL;
    assert_non_null(link->client);
}

void link_close(struct link *link)
{
    net_stream_destroy(link->server);
    net_stream_destroy(link->client);
    net_stream_destroy(link->pipe);
    net_tls_destroy(link->tls);
    (void)unlink(link_file(link, "tls-cert.pem"));
    (void)unlink(link_file(link, "tls-key.pem"));
    assert_int_equal(rmdir(link->folder), 0); // and nothing else was left there
}

enum net_result link_shake(struct link *link)
{
    for (int turn = 0; turn < 20000; turn++) {
        char byte = 0;
        size_t got = 0;
        enum net_result server = net_stream_read(link->server, &byte, 1, &got);
        enum net_result client = net_stream_read(link->client, &byte, 1, &got);
        if (server == NET_CLOSED || client == NET_CLOSED) {
            return NET_CLOSED;
        }
        if (net_stream_is_encrypted(link->server) && net_stream_is_encrypted(link->client)) {
            return NET_OK;
        }
    }
    return NET_AGAIN;
}

static unsigned char pattern(size_t at)
{
    return (unsigned char)(at * 7 + at / 251);
}

void link_carry(struct net_stream *from, struct net_stream *to)
{
    static unsigned char bytes[MANY];
    size_t sent = 0;
    size_t received = 0;
    for (size_t i = 0; i < MANY; i++) {
        bytes[i] = pattern(i);
    }
    for (int turn = 0; received < MANY && turn < 3000000; turn++) {
        unsigned char got[5000];
        size_t count = 0;
        assert_int_not_equal(net_stream_write(from, bytes + sent, MANY - sent, &count), NET_CLOSED);
        sent += count;
        (void)net_stream_read(from, got, 0, &count); // lets it pass on what it kept
        if (net_stream_read(to, got, sizeof(got), &count) == NET_OK) {
            for (size_t i = 0; i < count; i++) {
                assert_int_equal(got[i], pattern(received + i));
            }
            received += count;
        }
    }
    assert_int_equal(received, MANY);
}

// A relay over pipes.
#include "relay_harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

void harness_open(struct harness *h, const struct relay_config *config)
{
    struct relay_config defaults = {.name = STR("Test"), .seed = 1};
    *h = (struct harness){.now_ms = 1000};
    if (!net_init(NULL)) {
        abort();
    }
    h->loop = net_loop_create(NULL);
    h->relay = relay_create(config ? config : &defaults, h->loop, h->now_ms, HARNESS_UTC_MS);
}

void harness_close(struct harness *h)
{
    for (size_t i = 0; i < h->count; i++) {
        net_stream_destroy(h->client[i]);
        buf_deinit(&h->got[i]);
    }
    relay_destroy(h->relay);
    net_loop_destroy(h->loop);
    net_quit();
}

int harness_setup(void **state)
{
    static struct harness h;
    harness_open(&h, NULL);
    *state = &h;
    return 0;
}

int harness_teardown(void **state)
{
    harness_close(*state);
    return 0;
}

int harness_connect(struct harness *h, size_t capacity)
{
    struct net_stream *ends[2];
    net_pipe_create(ends, capacity);
    relay_attach(h->relay, ends[0]);
    h->client[h->count] = ends[1];
    buf_init(&h->got[h->count], BUF_NO_LIMIT);
    return (int)h->count++;
}

static bool drain(struct harness *h)
{
    bool has_any = false;
    for (size_t i = 0; i < h->count; i++) {
        char bytes[4096];
        size_t got = 0;
        while (h->client[i] &&
               net_stream_read(h->client[i], bytes, sizeof(bytes), &got) == NET_OK) {
            (void)buf_append(&h->got[i], (struct str){bytes, got});
            has_any = true;
        }
    }
    return has_any;
}

void harness_turn(struct harness *h, int64_t advance_ms)
{
    h->now_ms += advance_ms;
    for (int quiet = 0; quiet < 3;) {
        net_loop_wait(h->loop, 0);
        relay_turn(h->relay, h->now_ms, HARNESS_UTC_MS + h->now_ms + h->utc_jump_ms);
        if (h->store) {
            check(!store_flush(h->store)); // what a turn puts does not wait for the next
            store_work_now(h->store);
        }
        quiet = drain(h) ? 0 : quiet + 1;
    }
}

void harness_send(struct harness *h, int client, const char *text)
{
    struct str rest = str_from(text);
    while (rest.len > 0) {
        size_t done = 0;
        if (net_stream_write(h->client[client], rest.data, rest.len, &done) == NET_CLOSED) {
            break;
        }
        rest = str_range(rest, done, rest.len);
        harness_turn(h, 0);
    }
}

int harness_guest(struct harness *h, const char *nick, const char *caps)
{
    char text[512];
    int client = harness_connect(h, 65536);
    if (caps) {
        (void)snprintf(text, sizeof(text), "CAP REQ :%s\r\n", caps);
        harness_send(h, client, text);
    }
    (void)snprintf(text, sizeof(text), "NICK %s\r\nUSER %s 0 * :%s\r\n%sJOIN #party\r\n", nick,
                   nick, nick, caps ? "CAP END\r\n" : "");
    harness_send(h, client, text);
    harness_drop(h);
    return client;
}

void harness_drop(struct harness *h)
{
    for (size_t i = 0; i < h->count; i++) {
        buf_clear(&h->got[i]);
    }
}

const char *harness_got(struct harness *h, int client)
{
    return buf_cstr(&h->got[client]);
}

bool harness_has(struct harness *h, int client, const char *text)
{
    return strstr(harness_got(h, client), text) != NULL;
}

size_t harness_times(struct harness *h, int client, const char *text)
{
    size_t count = 0;
    for (const char *at = harness_got(h, client); (at = strstr(at, text)) != NULL; at++) {
        count++;
    }
    return count;
}

void harness_hang_up(struct harness *h, int client)
{
    net_stream_destroy(h->client[client]);
    h->client[client] = NULL;
    harness_turn(h, 0);
}

void harness_forget(struct harness *h, int client)
{
    harness_hang_up(h, client);
    buf_deinit(&h->got[client]);
    h->count--;
}

// Timers of clients: a heap, so that one client's time is no work for the others.
#include "relay_parts.h"

#define NEVER INT64_MAX

static void place(struct relay *relay, size_t at, struct relay_client *client)
{
    relay->timers[at] = client;
    client->timer_at = at;
}

static void rise(struct relay *relay, size_t at)
{
    struct relay_client *client = relay->timers[at];
    while (at > 0 && relay->timers[(at - 1) / 2]->due_ms > client->due_ms) {
        place(relay, at, relay->timers[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    place(relay, at, client);
}

static void sink(struct relay *relay, size_t at)
{
    struct relay_client *client = relay->timers[at];
    for (;;) {
        size_t child = at * 2 + 1;
        if (child + 1 < relay->client_count &&
            relay->timers[child + 1]->due_ms < relay->timers[child]->due_ms) {
            child++;
        }
        if (child >= relay->client_count || relay->timers[child]->due_ms >= client->due_ms) {
            break;
        }
        place(relay, at, relay->timers[child]);
        at = child;
    }
    place(relay, at, client);
}

void relay_timers_add(struct relay *relay, struct relay_client *client)
{
    client->due_ms = NEVER;
    place(relay, relay->client_count - 1, client);
}

void relay_timers_remove(struct relay *relay, struct relay_client *client)
{
    size_t at = client->timer_at;
    struct relay_client *last = relay->timers[relay->client_count]; // the count is down already
    if (last != client) {
        place(relay, at, last);
        rise(relay, at);
        sink(relay, last->timer_at);
    }
}

void relay_client_at(struct relay *relay, struct relay_client *client, int64_t at_ms)
{
    if (at_ms < client->due_ms) {
        client->due_ms = at_ms;
        rise(relay, client->timer_at);
    }
}

int64_t relay_timers_next(const struct relay *relay)
{
    return relay->client_count ? relay->timers[0]->due_ms : NEVER;
}

void relay_timers_run(struct relay *relay)
{
    // One that wants a time that is past again waits for the next turn.
    for (size_t i = relay->client_count; i > 0 && relay_timers_next(relay) <= relay->now_ms; i--) {
        struct relay_client *client = relay->timers[0];
        client->due_ms = NEVER;
        sink(relay, 0);
        relay_client_timers(relay, client);
    }
}

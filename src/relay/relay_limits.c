// Limits: who may come in, how much a client may do, and the words that say so.
#include "relay_limits.h"

#include <assert.h>
#include <stdio.h>

#include "i18n.h"
#include "mem.h"
#include "relay_parts.h"

#define LOG_MODULE "relay"
#include "log.h"

#define SENDQ_NO_LIMIT ((size_t)8 * 1024 * 1024)
#define BYTES_BURST_S  10
#define BYTES_LEAST    ((int64_t)64 * 1024) // two of the longest lines fit, whatever the rate
#define ELAPSED_MAX    3600000              // ms; longer fills every bucket
#define NEWCOMER       ((int64_t)60 * 1000) // a bucket gains its rate a minute, every millisecond

struct relay_address { // one that people come from
    size_t connections;
    int64_t newcomers; // bucket, NEWCOMER for each
    int64_t newcomers_ms;
};

// clang-format off
static const struct {
    const char *name;   // in numbers
    const char *reason; // to the client
} drops[] = {
    [RELAY_DROP_SENDQ]     = {"sendq",         N_("Does not read what it is sent")},
    [RELAY_DROP_MESSAGES]  = {"messages",      N_("Too many messages at once")},
    [RELAY_DROP_BYTES]     = {"bytes",         N_("Too many bytes at once")},
    [RELAY_DROP_FULL]      = {"full",          N_("The party is full")},
    [RELAY_DROP_ADDRESS]   = {"connections",   N_("Too many connections from your address")},
    [RELAY_DROP_NEWCOMERS] = {"registrations", N_("Too many newcomers from your address, come back in a minute")},
    [RELAY_DROP_OUTSIDE]   = {"outside",       N_("This party takes guests from private networks only")},
    [RELAY_DROP_PIN]       = {"pin",           N_("The PIN is wrong or missing")},
};
// clang-format on
static_assert(sizeof(drops) / sizeof(drops[0]) == RELAY_DROP_NONE, "a row for each reason");

const char *relay_drop_name(enum relay_drop reason)
{
    return drops[reason].name;
}

struct relay_limits relay_limits_normal(void)
{
    return (struct relay_limits){.connections = 40,
                                 .registrations = 60,
                                 .messages_per_s = 2,
                                 .burst = 40,
                                 .bytes_per_s = 16384,
                                 .sendq_bytes = 1024 * 1024,
                                 .clients = RELAY_CLIENTS_MAX};
}

void relay_limits_init(struct relay *relay)
{
    map_init(&relay->gate.addresses, relay->seed);
}

void relay_limits_deinit(struct relay *relay)
{
    size_t cursor = 0;
    struct str key;
    void *value;
    while (map_next(&relay->gate.addresses, &cursor, &key, &value)) {
        mem_free(value);
    }
    map_deinit(&relay->gate.addresses);
}

size_t relay_limits_sendq(const struct relay *relay)
{
    return relay->limits.sendq_bytes ? relay->limits.sendq_bytes : SENDQ_NO_LIMIT;
}

static size_t clients_max(const struct relay *relay)
{
    size_t wanted = relay->limits.clients;
    return wanted && wanted < RELAY_CLIENTS_MAX ? wanted : RELAY_CLIENTS_MAX;
}

// --- addresses ---

static int64_t most_newcomers(const struct relay *relay)
{
    return relay->limits.registrations * NEWCOMER;
}

static void refill(const struct relay *relay, struct relay_address *address)
{
    int64_t most = most_newcomers(relay);
    int64_t elapsed = relay->now_ms - address->newcomers_ms;
    elapsed = elapsed > ELAPSED_MAX ? ELAPSED_MAX : elapsed;
    address->newcomers += elapsed * relay->limits.registrations;
    address->newcomers_ms = relay->now_ms;
    if (address->newcomers > most) {
        address->newcomers = most;
    }
}

// Addresses that nobody is connected from go; first only those with nothing to remember.
static void forget(struct relay *relay, bool is_all)
{
    struct map kept;
    size_t cursor = 0;
    struct str key;
    void *value;
    map_init(&kept, relay->seed);
    while (map_next(&relay->gate.addresses, &cursor, &key, &value)) {
        struct relay_address *address = value;
        refill(relay, address);
        bool is_full = address->newcomers == most_newcomers(relay);
        if (address->connections > 0 || (!is_full && !is_all)) {
            map_put(&kept, key, address);
        } else {
            mem_free(address);
        }
    }
    map_deinit(&relay->gate.addresses);
    relay->gate.addresses = kept;
}

// NULL for an address without limits of its own: loopback, where all local programs are.
static struct relay_address *find_address(struct relay *relay, const char *host, bool makes)
{
    char network[64];
    if (net_addr_is_loopback(str_from(host))) {
        return NULL;
    }
    net_addr_network(str_from(host), network, sizeof(network));
    struct relay_address *address = map_get(&relay->gate.addresses, str_from(network));
    if (address || !makes) {
        return address;
    }
    if (relay->gate.addresses.count >= RELAY_ADDRESSES_MAX) {
        forget(relay, false);
    }
    if (relay->gate.addresses.count >= RELAY_ADDRESSES_MAX) {
        forget(relay, true); // a flood from everywhere: those who are here count on
    }
    address = MEM_NEW(struct relay_address);
    address->newcomers = most_newcomers(relay);
    address->newcomers_ms = relay->now_ms;
    map_put(&relay->gate.addresses, str_from(network), address);
    return address;
}

// --- coming in ---

static enum relay_drop refusal(struct relay *relay, const char *host)
{
    if (relay->client_count - relay->gate.refused_count >= clients_max(relay)) {
        return RELAY_DROP_FULL;
    }
    const struct relay_address *address = find_address(relay, host, false);
    size_t most = relay->limits.connections;
    return most && address && address->connections >= most ? RELAY_DROP_ADDRESS : RELAY_DROP_NONE;
}

static bool turn_away(struct relay *relay, struct net_stream *stream, enum relay_drop reason)
{
    const char *host = net_stream_peer_host(stream);
    char line[256];
    char unread[1024];
    size_t done = 0;
    // What it said already is taken: a link closed with bytes unread would take the answer along.
    (void)net_stream_read(stream, unread, sizeof(unread), &done);
    int len = snprintf(line, sizeof(line), "ERROR :Closing link: %s (%s)\r\n", host,
                       _(drops[reason].reason));
    // One attempt: who cannot take it is closed all the same.
    (void)net_stream_write(stream, line, (size_t)len < sizeof(line) ? (size_t)len : 0, &done);
    relay->gate.drops[reason]++;
    log_info("host=%s refused: %s", host, drops[reason].name);
    return false;
}

bool relay_limits_lets_in(struct relay *relay, struct net_stream *stream)
{
    const char *host = net_stream_peer_host(stream);
    if (!relay->is_public && !net_addr_is_private(str_from(host))) {
        return turn_away(relay, stream, RELAY_DROP_OUTSIDE);
    }
    enum relay_drop reason = refusal(relay, host);
    bool can_wait = relay->gate.refused_count < RELAY_REFUSED_MAX;
    return reason == RELAY_DROP_NONE || can_wait || turn_away(relay, stream, reason);
}

bool relay_limits_full(struct relay *relay, struct net_listener *listener)
{
    struct net_stream *stream = NULL;
    int told = 0;
    while (told < RELAY_REFUSED_MAX && (stream = net_listener_accept_spare(listener))) {
        (void)turn_away(relay, stream, RELAY_DROP_FULL);
        net_stream_destroy(stream);
        told++;
        if (!net_listener_rearm(listener)) {
            return false;
        }
    }
    return told > 0;
}

static int64_t most_messages(const struct relay *relay)
{
    const struct relay_limits *limits = &relay->limits;
    return (int64_t)(limits->burst ? limits->burst : limits->messages_per_s) * 1000;
}

void relay_limits_enter(struct relay *relay, struct relay_client *client)
{
    client->refusal = refusal(relay, client->host);
    relay->numbers.connections++;
    client->purse = (struct relay_purse){.at_ms = relay->now_ms,
                                         .messages_milli = most_messages(relay),
                                         .bytes_milli = BYTES_LEAST * 1000};
    if (client->refusal != RELAY_DROP_NONE) {
        relay->gate.refused_count++;
        return;
    }
    struct relay_address *address = find_address(relay, client->host, true);
    if (address) {
        address->connections++;
    }
}

void relay_limits_leave(struct relay *relay, struct relay_client *client)
{
    if (client->refusal != RELAY_DROP_NONE) {
        relay->gate.refused_count--;
        return;
    }
    struct relay_address *address = find_address(relay, client->host, false);
    if (address) {
        address->connections--;
    }
}

bool relay_limits_refused(struct relay *relay, struct relay_client *client)
{
    if (client->refusal == RELAY_DROP_NONE) {
        return false;
    }
    relay_limits_drop(relay, client, client->refusal);
    return true;
}

bool relay_limits_refused_late(struct relay *relay, struct relay_client *client)
{
    int64_t due = client->connected_ms + RELAY_REFUSED_MS;
    if (client->refusal == RELAY_DROP_NONE) {
        return false;
    }
    if (relay->now_ms >= due) {
        relay_limits_drop(relay, client, client->refusal);
        return true;
    }
    relay_client_at(relay, client, due);
    return false;
}

bool relay_limits_admit(struct relay *relay, struct relay_client *client)
{
    if (relay_limits_refused(relay, client)) {
        return false;
    }
    bool counts = relay->limits.registrations && !client->is_admitted;
    struct relay_address *address = counts ? find_address(relay, client->host, false) : NULL;
    client->is_admitted = true;
    if (!address) {
        return true;
    }
    refill(relay, address);
    if (address->newcomers < NEWCOMER) {
        relay_limits_drop(relay, client, RELAY_DROP_NEWCOMERS);
        return false;
    }
    address->newcomers -= NEWCOMER;
    return true;
}

// --- talking ---

static void refill_purse(const struct relay *relay, struct relay_client *client)
{
    const struct relay_limits *limits = &relay->limits;
    struct relay_purse *purse = &client->purse;
    int64_t most = most_messages(relay);
    int64_t bytes = (int64_t)limits->bytes_per_s * BYTES_BURST_S;
    int64_t most_bytes = (bytes > BYTES_LEAST ? bytes : BYTES_LEAST) * 1000;
    int64_t elapsed = relay->now_ms - purse->at_ms;
    elapsed = elapsed > ELAPSED_MAX ? ELAPSED_MAX : elapsed;
    purse->at_ms = relay->now_ms;
    purse->messages_milli += elapsed * limits->messages_per_s;
    purse->bytes_milli += elapsed * limits->bytes_per_s;
    purse->messages_milli = purse->messages_milli > most ? most : purse->messages_milli;
    purse->bytes_milli = purse->bytes_milli > most_bytes ? most_bytes : purse->bytes_milli;
}

bool relay_limits_pay(struct relay *relay, struct relay_client *client, int cost)
{
    if (relay->limits.messages_per_s == 0) {
        return true;
    }
    refill_purse(relay, client);
    client->purse.messages_milli -= (int64_t)cost * 1000;
    if (client->purse.messages_milli >= 0) {
        return true;
    }
    relay_limits_drop(relay, client, RELAY_DROP_MESSAGES);
    return false;
}

bool relay_limits_bytes(struct relay *relay, struct relay_client *client, size_t len)
{
    relay->numbers.bytes_in += len;
    if (relay->limits.bytes_per_s == 0) {
        return true;
    }
    refill_purse(relay, client);
    client->purse.bytes_milli -= (int64_t)len * 1000;
    if (client->purse.bytes_milli >= 0) {
        return true;
    }
    relay_limits_drop(relay, client, RELAY_DROP_BYTES);
    return false;
}

void relay_limits_drop(struct relay *relay, struct relay_client *client, enum relay_drop reason)
{
    relay->gate.drops[reason]++;
    relay->stats.dropped += reason <= RELAY_DROP_BYTES ? 1 : 0;
    if (client->kind != RELAY_KIND_IRC) { // to IRC goes an ERROR
        relay_write(relay, client, STR("* "));
        relay_write(relay, client, str_from(_(drops[reason].reason)));
        relay_write(relay, client, STR("\n"));
    }
    relay_client_quit(relay, client, _(drops[reason].reason));
}

// The relay's life: creation, turns, listeners, timers, the end.
#include "relay.h"

#include <stdio.h>

#include "hash.h"
#include "i18n.h"
#include "mem.h"
#include "relay_parts.h"
#include "relay_room.h"

#define LOG_MODULE "relay"
#include "log.h"

#define LINE_MAX_BYTES ((size_t)16 * 1024)
#define ACCEPT_TURNS   64
#define BEACON_MS      2000
#define STOP_MS        1000
#define REST_MS        500

struct relay *relay_create(const struct relay_config *config, struct net_loop *loop, int64_t now_ms,
                           int64_t now_utc_ms)
{
    struct relay *relay = MEM_NEW(struct relay);
    struct str server = config->server_name.len ? config->server_name : STR("ronron.party");
    relay->loop = loop;
    (void)str_copy(relay->server, sizeof(relay->server), server); // may be cut
    relay->tls = config->tls;
    relay->seed = config->seed;
    relay->now_ms = now_ms;
    relay->now_utc_ms = now_utc_ms;
    relay->numbers.since_ms = now_ms;
    relay_utc_text(now_utc_ms, relay->since);
    relay->next_beacon_ms = INT64_MAX;
    relay->beacon_owner = RELAY_OWNER_BEACON;
    struct relay_client ***lists[] = {&relay->clients, &relay->timers,  &relay->dirty,
                                      &relay->waiting, &relay->stalled, &relay->gone,
                                      &relay->gathered};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        *lists[i] = mem_alloc_array(NET_LOOP_MAX, sizeof(struct relay_client *));
    }
    relay->scratch = mem_alloc(RELAY_SCRATCH);
    relay->store = config->store;
    relay->work = config->work;
    relay_history_init(relay);
    relay_accounts_init(relay);
    map_init(&relay->nicks, config->seed);
    map_init(&relay->watches, config->seed);
    map_init(&relay->channels, config->seed);
    map_init(&relay->devices, config->seed);
    relay_limits_init(relay);
    relay_make_channel(relay, STR(RELAY_LOBBY))->is_lobby = true;
    relay_rooms_init(relay);
    relay_configure(relay, config);
    return relay;
}

void relay_destroy(struct relay *relay)
{
    if (!relay) {
        return;
    }
    relay->is_stopping = true;
    while (relay->client_count > 0) {
        struct relay_client *client = relay->clients[0];
        while (client->member_count > 0) {
            relay_remove_member(relay, client->members[client->member_count - 1]);
        }
        relay_client_free(relay, client);
    }
    (void)relay_listen_only(relay, NULL, 0, NULL); // closing cannot fail
    relay_admin_destroy(relay);
    if (relay->beacon) {
        net_loop_remove(relay->loop, &relay->beacon_owner);
        net_beacon_destroy(relay->beacon);
    }
    size_t cursor = 0;
    struct str key;
    void *value;
    while (map_next(&relay->channels, &cursor, &key, &value)) {
        relay_free_channel(value);
    }
    map_deinit(&relay->channels);
    map_deinit(&relay->nicks);
    map_deinit(&relay->devices);
    map_deinit(&relay->watches);
    relay_run_deinit(&relay->run);
    relay_history_deinit(relay);
    relay_moves_deinit(relay);
    relay_markers_destroy(relay->markers);
    mem_free(relay->redacted);
    relay_jobs_deinit(relay);
    relay_accounts_deinit(relay);
    for (size_t i = 0; i < RELAY_FORMATS; i++) {
        relay_tape_deinit(&relay->tapes[i]);
    }
    relay_tape_deinit(&relay->own);
    mem_free(relay->clients);
    mem_free(relay->timers);
    mem_free(relay->dirty);
    mem_free(relay->waiting);
    mem_free(relay->stalled);
    mem_free(relay->gone);
    mem_free(relay->gathered);
    mem_free(relay->scratch);
    mem_free(relay->past);
    relay_limits_deinit(relay);
    relay_unconfigure(relay);
    mem_free(relay);
}

bool relay_listen(struct relay *relay, const struct net_addr *addr, struct err *err)
{
    if (relay->listener_count == RELAY_LISTENERS) {
        return err_set(err, _("At most %d addresses can be listened on."), RELAY_LISTENERS);
    }
    struct relay_listener *slot = &relay->listeners[relay->listener_count];
    struct net_listener *listener = net_listener_create(addr, err);
    if (!listener) {
        return false;
    }
    *slot = (struct relay_listener){RELAY_OWNER_LISTENER, listener, *addr};
    if (!net_loop_add_listener(relay->loop, listener, slot)) {
        net_listener_destroy(listener);
        return err_set(err, "%s", _("Too many connections are open."));
    }
    relay->listener_count++;
    return true;
}

const char *relay_address(const struct relay *relay, size_t at)
{
    return at < relay->listener_count ? net_listener_name(relay->listeners[at].listener) : "";
}

uint16_t relay_port(const struct relay *relay)
{
    return relay->listener_count ? net_listener_port(relay->listeners[0].listener) : 0;
}

static void fill_party(struct relay *relay)
{
    struct net_party *party = &relay->party;
    // Everybody hears it, and the seed is a secret of the tables.
    const uint64_t key[2] = {relay->seed, relay->seed};
    (void)snprintf(party->instance, sizeof(party->instance), "%016llx",
                   (unsigned long long)hash_keyed(STR("instance"), key));
    (void)str_copy(party->name, sizeof(party->name), str_from(relay->name)); // same size
    party->people = (unsigned)relay->stats.users;
    party->is_locked = relay->password[0] != '\0';
}

// As they are now: settings read again may have changed them.
static void show_doors(struct relay *relay)
{
    struct net_door doors[RELAY_LISTENERS];
    size_t count = 0;
    for (size_t i = 0; i < relay->listener_count; i++) {
        if (net_listener_door(relay->listeners[i].listener, &doors[count])) {
            count++;
        }
    }
    net_beacon_set_doors(relay->beacon, doors, count);
}

static void announce(struct relay *relay)
{
    fill_party(relay);
    show_doors(relay);
    net_beacon_set_answer(relay->beacon, &relay->party);
    net_beacon_announce(relay->beacon, &relay->party);
    relay->next_beacon_ms = relay->now_ms + BEACON_MS;
}

bool relay_beacon(struct relay *relay, uint16_t udp_port, enum net_scope scope, struct err *err)
{
    struct net_beacon *beacon = net_beacon_create(udp_port, scope, err);
    if (!beacon) {
        return false;
    }
    if (!net_loop_add_beacon(relay->loop, beacon, &relay->beacon_owner)) {
        net_beacon_destroy(beacon);
        return err_set(err, "%s", _("Too many connections are open."));
    }
    relay->beacon = beacon;
    announce(relay);
    return true;
}

void relay_attach(struct relay *relay, struct net_stream *stream)
{
    struct relay_client *client = MEM_NEW(struct relay_client);
    client->owner = RELAY_OWNER_CLIENT;
    client->stream = stream;
    relay_client_texts(relay, client);
    client->connected_ms = relay->now_ms;
    client->heard_ms = relay->now_ms;
    client->spoke_ms = relay->now_ms;
    size_t sendq = relay_limits_sendq(relay);
    net_lines_init(&client->lines, LINE_MAX_BYTES);
    relay_outq_init(&client->out, sendq);
    buf_init(&client->labelled, sendq);
    const char *host = net_stream_peer_host(stream);
    // "::1" would be the last parameter of every line it stands in; "0::1" is the same address.
    (void)snprintf(client->host, sizeof(client->host), "%s%s", host[0] == ':' ? "0" : "", host);
    if (relay->client_count == NET_LOOP_MAX || !net_loop_add(relay->loop, stream, client)) {
        net_lines_deinit(&client->lines);
        net_stream_destroy(stream);
        relay_outq_deinit(&client->out);
        mem_free(client);
        log_warn("no place for another connection");
        return;
    }
    relay_limits_enter(relay, client);
    client->id = ++relay->last_client_id;
    client->at = relay->client_count;
    relay->clients[relay->client_count++] = client;
    relay_timers_add(relay, client);
    relay_client_at(relay, client, relay->now_ms); // its timers begin
}

static void set_refusing(struct relay *relay, bool is_refusing)
{
    relay->is_refusing = is_refusing;
    for (size_t i = 0; i < relay->listener_count; i++) {
        net_loop_want_read(relay->loop, &relay->listeners[i], !is_refusing);
    }
    relay_admin_rest(relay, is_refusing);
}

void relay_rest(struct relay *relay)
{
    if (!relay->has_told_rest) {
        log_warn("no descriptors or no memory left: new guests wait");
        relay->has_told_rest = true;
    }
    relay->rest_until_ms = relay->now_ms + REST_MS;
    set_refusing(relay, true);
}

// What was missing may be there again, whoever gave it back.
static void end_rest(struct relay *relay)
{
    if (relay->is_refusing && !relay->is_stopping && relay->now_ms >= relay->rest_until_ms) {
        set_refusing(relay, false);
    }
}

static void accept_all(struct relay *relay, struct relay_listener *listener)
{
    for (int turn = 0; turn < ACCEPT_TURNS; turn++) {
        struct net_stream *stream = NULL;
        enum net_accept result = net_listener_accept(listener->listener, &stream);
        if (result == NET_ACCEPT_NONE) {
            return;
        }
        if (result == NET_ACCEPT_NO_ROOM) {
            if (!relay_limits_full(relay, listener->listener)) {
                relay_rest(relay);
            }
            return;
        }
        relay->has_told_rest = false;
        if (relay_limits_lets_in(relay, stream)) {
            relay_attach(relay, stream);
        } else {
            net_stream_destroy(stream);
        }
    }
}

static void hear_beacon(struct relay *relay)
{
    struct net_party party;
    while (net_beacon_receive(relay->beacon, &party)) {
        // Other parties are not the relay's business; questions are answered inside.
    }
}

static void handle(struct relay *relay, const struct net_ready *ready)
{
    switch (*(const enum relay_owner *)ready->owner) {
    case RELAY_OWNER_LISTENER:
        accept_all(relay, ready->owner);
        break;
    case RELAY_OWNER_ADMIN_LISTENER:
    case RELAY_OWNER_ADMIN:
        relay_admin_handle(relay, ready);
        break;
    case RELAY_OWNER_BEACON:
        hear_beacon(relay);
        break;
    case RELAY_OWNER_CLIENT: {
        struct relay_client *client = ready->owner;
        if (ready->is_writable) {
            relay_client_flush(relay, client);
        }
        if (ready->is_readable) {
            relay_client_read(relay, client);
        }
        break;
    }
    }
}

static void flush_all(struct relay *relay)
{
    relay_run_close(relay);
    // A flush may find a broken link, whose goodbye makes others dirty: the list grows meanwhile.
    for (size_t i = 0; i < relay->dirty_count; i++) {
        struct relay_client *client = relay->dirty[i];
        client->is_dirty = false;
        relay->dirty[i] = NULL;
        relay_client_flush(relay, client);
    }
    relay->dirty_count = 0;
    for (size_t i = 0; i < RELAY_FORMATS; i++) {
        relay_tape_rewind(&relay->tapes[i]);
    }
    relay_tape_rewind(&relay->own);
}

static void free_gone(struct relay *relay)
{
    size_t kept = 0;
    for (size_t i = 0; i < relay->gone_count; i++) {
        struct relay_client *client = relay->gone[i];
        bool is_sent = client->out.bytes == 0 && !net_stream_has_pending(client->stream);
        bool waits = !is_sent || (!relay->is_stopping && relay_client_linger(relay, client));
        if (waits && relay->now_ms < client->doomed_ms) {
            relay->gone[kept++] = client;
        } else {
            relay_client_free(relay, client);
        }
    }
    if (kept < relay->gone_count) { // descriptors
        relay->rest_until_ms = relay->now_ms;
    }
    relay->gone_count = kept;
}

static void send_committed(struct relay *relay)
{
    size_t kept = 0;
    for (size_t i = 0; i < relay->waiting_count; i++) {
        struct relay_client *client = relay->waiting[i];
        if (relay_outq_waits(&client->out, relay->history.durable)) {
            relay->waiting[kept++] = client;
        } else {
            client->is_waiting = false;
            relay_client_dirty(relay, client);
        }
    }
    relay->waiting_count = kept;
}

// Those whose output the store has committed are sent it, those it was too busy for are read.
static void take_results(struct relay *relay)
{
    relay_run_close(relay);
    if (relay_history_turn(relay)) {
        send_committed(relay);
    }
    if (relay->stalled_count > 0 && !relay_history_is_busy(relay)) {
        size_t count = relay->stalled_count;
        relay->stalled_count = 0; // who stalls again stands before those still to come
        for (size_t i = 0; i < count; i++) {
            relay->stalled[i]->is_stalled = false;
            relay_client_resume(relay, relay->stalled[i]);
        }
        relay_run_close(relay);
    }
    // What failed batches and the ones read again have put must not wait for the next turn.
    if (relay->store) {
        (void)store_flush(relay->store); // an empty batch is none
    }
}

void relay_turn(struct relay *relay, int64_t now_ms, int64_t now_utc_ms)
{
    struct net_ready ready;
    relay->now_ms = now_ms;
    relay->now_utc_ms = now_utc_ms;
    relay->shaken = relay->tls ? net_tls_handshakes(relay->tls) : 0;
    while (net_loop_next(relay->loop, &ready)) {
        handle(relay, &ready);
    }
    relay_timers_run(relay);
    if (relay->beacon && now_ms >= relay->next_beacon_ms) {
        announce(relay);
    }
    relay_admin_turn(relay);
    relay_jobs_turn(relay);
    relay_mutes_turn(relay);
    take_results(relay); // after all that puts: who waits for the commit would wait for a next turn
    flush_all(relay);
    free_gone(relay);
    end_rest(relay);
}

int relay_wait_ms(const struct relay *relay, int64_t now_ms)
{
    int64_t times[] = {relay_timers_next(relay),
                       relay->next_beacon_ms,
                       relay_history_due_ms(relay),
                       relay_admin_due_ms(relay),
                       relay->mutes_due_ms,
                       relay->is_stopping ? relay->stop_ms : INT64_MAX,
                       relay->is_refusing && !relay->is_stopping ? relay->rest_until_ms
                                                                 : INT64_MAX};
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        next = times[i] < next ? times[i] : next;
    }
    if (next <= now_ms || relay->dirty_count > 0) { // what was said between turns waits for one
        return 0;
    }
    return next - now_ms > 60000 ? 60000 : (int)(next - now_ms);
}

void relay_stop(struct relay *relay, struct str reason)
{
    char why[128];
    if (relay->is_stopping) {
        return;
    }
    (void)str_copy(why, sizeof(why), reason); // may be cut
    relay->is_stopping = true;
    if (relay->history.is_failing) {
        relay_history_again(relay); // the disk may be back since it was last tried
    }
    relay->stop_ms = relay->now_ms + STOP_MS;
    set_refusing(relay, true);
    for (size_t i = 0; i < relay->client_count; i++) {
        struct relay_client *client = relay->clients[i];
        if (client->kind == RELAY_KIND_PLAIN && !client->is_gone) {
            relay_plain_write(relay, client, STR("* "));
            relay_plain_write(relay, client, str_from(why));
            relay_plain_write(relay, client, STR("\n"));
        }
    }
    // Nobody needs to hear of everybody else's leaving: all leave the channels first.
    for (size_t i = 0; i < relay->client_count; i++) {
        struct relay_client *client = relay->clients[i];
        while (client->member_count > 0) {
            relay_remove_member(relay, client->members[client->member_count - 1]);
        }
        relay_client_quit(relay, client, why);
    }
    flush_all(relay);
}

bool relay_is_done(const struct relay *relay)
{
    return relay->is_stopping && (relay->client_count == 0 || relay->now_ms >= relay->stop_ms);
}

struct relay_stats relay_stats(const struct relay *relay)
{
    struct relay_stats stats = relay->stats;
    stats.connections = relay->client_count;
    return stats;
}

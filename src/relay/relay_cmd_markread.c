// MARKREAD (IRCv3 draft read-marker): up to where somebody has read, the same on all devices.
//
// An account's markers are in the store; those lately used are also here, since what was put into
// the store's open batch cannot be read from it yet. A guest's die with the connection.
#include <stdio.h>

#include "mem.h"
#include "relay_parts.h"
#include "relay_replay.h"

#define GUEST_MAX    100   // markers of one connection
#define LATELY_MAX   16384 // markers remembered beside the store
#define LATELY_MS    60000 // by then the store has them, or never will
#define TARGET_MAX   IRC_NICK_BYTES
#define KEY_MAX_SIZE (2 * (TARGET_MAX + 1) + 2)

struct marker {
    int64_t ms; // of the last message read
    int64_t set_ms;
    uint64_t batch; // of the store, in which it is kept; 0: a guest's
};

struct relay_markers { // by account and target, or by target alone
    struct map map;
};

typedef bool is_kept_fn(const struct marker *marker, uint64_t bound);

static bool is_recent(const struct marker *marker, uint64_t since_ms)
{
    return marker->set_ms >= (int64_t)since_ms;
}

static bool is_elsewhere(const struct marker *marker, uint64_t lost_batch)
{
    return marker->batch != lost_batch;
}

static bool is_none(const struct marker *marker, uint64_t bound)
{
    (void)marker;
    (void)bound;
    return false;
}

static void sift(struct relay_markers *markers, is_kept_fn *is_kept, uint64_t bound)
{
    size_t cursor = 0;
    struct str key;
    void *value;
    struct map kept;
    map_init(&kept, markers->map.seed);
    while (map_next(&markers->map, &cursor, &key, &value)) {
        if (is_kept(value, bound)) {
            map_put(&kept, key, value);
        } else {
            mem_free(value);
        }
    }
    map_deinit(&markers->map);
    markers->map = kept;
}

void relay_markers_destroy(struct relay_markers *markers)
{
    if (markers) {
        sift(markers, is_none, 0);
        map_deinit(&markers->map);
        mem_free(markers);
    }
}

void relay_markers_lost(struct relay *relay, uint64_t batch)
{
    if (relay->markers) {
        sift(relay->markers, is_elsewhere, batch); // the store still has those before
    }
}

static struct str key_of(const struct relay_client *client, struct str target,
                         char out[KEY_MAX_SIZE])
{
    struct str account = relay_account_of(client);
    (void)snprintf(out, KEY_MAX_SIZE, "%.*s %.*s", STR_ARG(account), STR_ARG(target));
    return account.len ? str_from(out) : target;
}

static struct relay_markers **markers_of(struct relay *relay, struct relay_client *client)
{
    return relay_account_of(client).len ? &relay->markers : &client->markers;
}

// Of a folded target, wherever it is kept; 0: nothing was read there.
static int64_t find(struct relay *relay, struct relay_client *client, struct str target)
{
    char text[KEY_MAX_SIZE];
    uint64_t ms = 0;
    struct str account = relay_account_of(client), key = key_of(client, target, text);
    const struct relay_markers *markers = *markers_of(relay, client);
    const struct marker *marker = markers ? map_get(&markers->map, key) : NULL;
    if (marker) {
        return marker->ms;
    }
    return account.len && store_find_marker(relay->store, account, target, &ms) ? (int64_t)ms : 0;
}

// false: there is no room for one more.
static bool remember(struct relay *relay, struct relay_client *client, struct str target,
                     int64_t ms)
{
    char text[KEY_MAX_SIZE];
    struct str key = key_of(client, target, text);
    struct relay_markers **place = markers_of(relay, client);
    bool is_guest = place == &client->markers;
    if (!*place) {
        *place = MEM_NEW(struct relay_markers);
        map_init(&(*place)->map, relay->seed);
    }
    struct marker *marker = map_get(&(*place)->map, key);
    if (!marker && !is_guest && (*place)->map.count >= LATELY_MAX) {
        int64_t since_ms = relay->now_ms - LATELY_MS;
        sift(*place, is_recent, since_ms > 0 ? (uint64_t)since_ms : 0);
    }
    if (!marker && (*place)->map.count >= (is_guest ? GUEST_MAX : LATELY_MAX)) {
        return false;
    }
    if (!marker) {
        marker = MEM_NEW(struct marker);
        map_put(&(*place)->map, key, marker);
    }
    *marker = (struct marker){ms, relay->now_ms, is_guest ? 0 : store_batch(relay->store)};
    return true;
}

static void tell(struct relay *relay, struct relay_event *event, struct relay_client *client)
{
    struct relay_client *device = relay_devices_of(relay, relay_account_of(client));
    relay_event_send(relay, event, client);
    for (; device; device = device->next_device) {
        if (device != client && device->is_registered && (device->caps & IRC_CAP_READ_MARKER)) {
            relay_event_send(relay, event, device);
        }
    }
}

static void make_event(struct relay *relay, struct relay_event *event, struct str target,
                       int64_t ms)
{
    char time[28];
    relay_time_of(relay_id_at(ms), time);
    relay_event_init(relay, event, str_from(relay->server), "MARKREAD %.*s %s%s", STR_ARG(target),
                     ms ? "timestamp=" : "*", ms ? time : "");
}

static void show(struct relay *relay, struct relay_client *client, struct str target, int64_t ms)
{
    struct relay_event event;
    make_event(relay, &event, target, ms);
    relay_event_send(relay, &event, client);
    relay_event_deinit(&event);
}

void relay_markread_joined(struct relay *relay, struct relay_client *client,
                           const struct relay_channel *channel)
{
    if (relay->store && (client->caps & IRC_CAP_READ_MARKER)) {
        show(relay, client, str_from(channel->name),
             find(relay, client, str_from(channel->folded)));
    }
}

static void fail(struct relay *relay, struct relay_client *client, const char *code,
                 struct str context, const char *text)
{
    relay_line(relay, client, ":%s FAIL MARKREAD %s%s%.*s :%s", relay->server, code,
               context.len ? " " : "", STR_ARG(context), text);
}

// Nobody has read what is not written yet.
static int64_t clamp(const struct relay *relay, int64_t ms)
{
    int64_t last = (int64_t)(relay->last_id >> 20);
    int64_t most = last > relay->now_utc_ms ? last : relay->now_utc_ms;
    return ms > most ? most : ms;
}

static void set(struct relay *relay, struct relay_client *client, struct str target,
                struct str folded, int64_t ms)
{
    struct str account = relay_account_of(client);
    int64_t before = find(relay, client, folded);
    ms = clamp(relay, ms);
    if (ms <= before) {
        show(relay, client, target, before); // it never goes back
        return;
    }
    if ((account.len && !relay_has_history(relay)) || !remember(relay, client, folded, ms)) {
        fail(relay, client, "INTERNAL_ERROR", target, "The read timestamp could not be set");
        return;
    }
    struct relay_event event;
    make_event(relay, &event, target, ms);
    if (account.len) {
        char name[TARGET_MAX + 1];
        (void)str_copy(name, sizeof(name), target); // a target fits
        store_put_marker(relay->store, account, folded, (uint64_t)ms);
        relay_record_row(relay, client, "MARKREAD", name); // what is answered is kept
    }
    tell(relay, &event, client);
    relay_record_end(relay);
    relay_event_deinit(&event);
}

static bool is_target(const struct relay *relay, const struct relay_client *client,
                      struct str target, bool is_setting)
{
    char nick[IRC_NICK_BYTES + 1];
    if (!irc_is_channel(target)) {
        return relay_nick_read(relay, target, nick);
    }
    const struct relay_channel *channel = relay_find_channel(relay, target);
    return irc_channel_is_valid(target) &&
           (!is_setting || (channel && relay_find_member(client, channel)));
}

void relay_cmd_markread(struct relay *relay, struct relay_client *client,
                        const struct irc_message *message)
{
    char folded[TARGET_MAX + 1];
    int64_t ms = 0;
    struct str target = irc_message_param(message, 0), time = irc_message_param(message, 1);
    bool is_setting = message->param_count > 1;
    if (!relay->store) {
        relay_reply(relay, client, ERR_UNKNOWNCOMMAND, "MARKREAD :Unknown command");
    } else if (target.len == 0) {
        fail(relay, client, "NEED_MORE_PARAMS", (struct str){0}, "Missing parameters");
    } else if (!is_target(relay, client, target, is_setting) ||
               !irc_names_fold(IRC_CASEMAP_ASCII, target, folded, sizeof(folded))) {
        fail(relay, client, "INVALID_PARAMS", irc_word(target), "Invalid target");
    } else if (!is_setting) {
        show(relay, client, target, find(relay, client, str_from(folded)));
    } else if (!str_starts(time, STR("timestamp=")) ||
               !relay_parse_time(str_range(time, sizeof("timestamp=") - 1, time.len), &ms) ||
               ms <= 0) {
        fail(relay, client, "INVALID_PARAMS", irc_word(time), "Invalid timestamp");
    } else {
        set(relay, client, target, str_from(folded), ms);
    }
}

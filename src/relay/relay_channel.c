// Channels and their members.
#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "irc_format.h"
#include "mem.h"
#include "relay_multiline.h"
#include "relay_parts.h"
#include "relay_room.h"

struct relay_channel *relay_find_channel(const struct relay *relay, struct str name)
{
    char folded[IRC_CHANNEL_MAX + 1];
    return irc_names_fold(IRC_CASEMAP_ASCII, name, folded, sizeof(folded))
               ? map_get(&relay->channels, str_from(folded))
               : NULL;
}

struct relay_channel *relay_make_channel(struct relay *relay, struct str name)
{
    struct relay_channel *channel = MEM_NEW(struct relay_channel);
    (void)str_copy(channel->name, sizeof(channel->name), name); // valid names fit
    (void)irc_names_fold(IRC_CASEMAP_ASCII, name, channel->folded, sizeof(channel->folded));
    channel->created_s = relay->now_utc_ms / 1000;
    channel->flags = RELAY_MODE_MEMBERS | RELAY_MODE_TOPIC;
    channel->id = ++relay->channel_ids;
    channel->is_unwritten = relay->history.is_failing;
    map_put(&relay->channels, str_from(channel->folded), channel);
    relay->stats.channels++;
    return channel;
}

void relay_free_channel(struct relay_channel *channel)
{
    for (size_t i = 0; i < RELAY_LIST_COUNT; i++) {
        for (size_t k = 0; k < channel->lists[i].count; k++) {
            mem_free(channel->lists[i].items[k].mask);
        }
        mem_free(channel->lists[i].items);
    }
    relay_metadata_destroy(channel->metadata);
    relay_room_deinit(channel);
    mem_free(channel->members);
    mem_free(channel);
}

struct relay_member *relay_find_member(const struct relay_client *client,
                                       const struct relay_channel *channel)
{
    for (size_t i = 0; i < client->member_count; i++) {
        if (client->members[i]->channel == channel) {
            return client->members[i];
        }
    }
    return NULL;
}

static struct relay_member **grow(struct relay_member **array, size_t count)
{
    // Doubles at powers of two, so that joins in a row stay cheap.
    bool is_full = (count & (count - 1)) == 0;
    return is_full ? mem_resize(array, count ? count * 2 : 1, sizeof(struct relay_member *))
                   : array;
}

struct relay_member *relay_add_member(struct relay *relay, struct relay_channel *channel,
                                      struct relay_client *client)
{
    relay_run_close(relay);
    struct relay_member *member = MEM_NEW(struct relay_member);
    *member = (struct relay_member){.client = client,
                                    .channel = channel,
                                    .is_op = channel->member_count == 0 && !channel->founder[0],
                                    .at_client = client->member_count,
                                    .at_channel = channel->member_count};
    client->members = grow(client->members, client->member_count);
    channel->members = grow(channel->members, channel->member_count);
    client->members[client->member_count++] = member;
    channel->members[channel->member_count++] = member;
    return member;
}

void relay_remove_member(struct relay *relay, struct relay_member *member)
{
    relay_run_close(relay);
    struct relay_client *client = member->client;
    struct relay_channel *channel = member->channel;
    struct relay_member *last = client->members[--client->member_count];
    client->members[member->at_client] = last;
    last->at_client = member->at_client;
    last = channel->members[--channel->member_count];
    channel->members[member->at_channel] = last;
    last->at_channel = member->at_channel;
    mem_free(member);
    if (channel->member_count == 0 && !channel->is_lobby && !channel->founder[0]) {
        (void)map_remove(&relay->channels, str_from(channel->folded)); // the channel itself
        relay_room_died(relay, channel);
        relay_free_channel(channel);
        relay->stats.channels--;
    }
}

bool relay_sees_channel(const struct relay_client *client, const struct relay_channel *channel)
{
    return !(channel->flags & RELAY_MODE_SECRET) || relay_find_member(client, channel);
}

struct relay_channel *relay_find_seen(const struct relay *relay, const struct relay_client *client,
                                      struct str name)
{
    struct relay_channel *channel = relay_find_channel(relay, name);
    return channel && relay_sees_channel(client, channel) ? channel : NULL;
}

struct who { // somebody as masks see them
    struct str mask;
    struct str account; // empty: a guest
};

static struct who who_is(const struct relay_client *client)
{
    return (struct who){str_from(client->mask), str_from(client->account)};
}

// A mask is nick!user@host or "a:account"; "m:" before it is about speaking only.
static bool mask_matches(struct str mask, const struct who *who, bool is_mute)
{
    if (str_starts(mask, STR("m:")) != is_mute) {
        return false;
    }
    mask = str_range(mask, is_mute ? 2 : 0, mask.len);
    if (str_starts(mask, STR("a:"))) {
        return who->account.len && irc_mask_matches(str_range(mask, 2, mask.len), who->account);
    }
    return irc_mask_matches(mask, who->mask);
}

static bool list_matches(const struct relay_masks *list, const struct who *who, bool is_mute)
{
    for (size_t i = 0; i < list->count; i++) {
        if (mask_matches(str_from(list->items[i].mask), who, is_mute)) {
            return true;
        }
    }
    return false;
}

bool relay_mask_matches(struct str mask, const struct relay_client *client, bool is_mute)
{
    struct who who = who_is(client);
    return mask_matches(mask, &who, is_mute);
}

bool relay_masks_match(const struct relay_masks *list, const struct relay_client *client)
{
    struct who who = who_is(client);
    return list_matches(list, &who, false);
}

static bool is_banned(const struct relay_channel *channel, const struct who *who)
{
    return list_matches(&channel->lists[RELAY_LIST_BAN], who, false) &&
           !list_matches(&channel->lists[RELAY_LIST_EXCEPT], who, false);
}

bool relay_is_banned(const struct relay_channel *channel, const struct relay_client *client)
{
    struct who who = who_is(client);
    return is_banned(channel, &who);
}

// An exception of either kind lifts a mute.
static bool is_muted(const struct relay_channel *channel, const struct who *who)
{
    const struct relay_masks *exceptions = &channel->lists[RELAY_LIST_EXCEPT];
    return list_matches(&channel->lists[RELAY_LIST_BAN], who, true) &&
           !list_matches(exceptions, who, true) && !list_matches(exceptions, who, false);
}

bool relay_is_silenced(const struct relay_channel *channel, const struct relay_client *client,
                       struct str mask)
{
    struct who who = {mask, str_from(client->account)};
    return is_banned(channel, &who) || is_muted(channel, &who);
}

struct relay_mask *relay_mask_find(const struct relay_masks *list, struct str mask)
{
    for (size_t i = 0; i < list->count; i++) {
        if (str_eq_nocase(str_from(list->items[i].mask), mask)) {
            return &list->items[i];
        }
    }
    return NULL;
}

struct relay_mask *relay_mask_add(struct relay_masks *list, struct str mask, struct str by,
                                  int64_t at_s)
{
    list->items = mem_resize(list->items, list->count + 1, sizeof(*list->items));
    struct relay_mask *item = &list->items[list->count++];
    *item = (struct relay_mask){.mask = str_dup(mask), .at_s = at_s};
    (void)str_copy(item->by, sizeof(item->by), by); // nicks fit
    return item;
}

void relay_mask_remove(struct relay_masks *list, size_t at)
{
    mem_free(list->items[at].mask);
    list->items[at] = list->items[--list->count];
}

// Seconds that a member without rank still has to wait.
static int64_t slow_wait_s(const struct relay *relay, const struct relay_member *member)
{
    if (!member || !member->channel->slow_s || !member->spoke_ms) {
        return 0;
    }
    int64_t left_ms = member->spoke_ms + member->channel->slow_s * (int64_t)1000 - relay->now_ms;
    return left_ms > 0 ? (left_ms + 999) / 1000 : 0;
}

void relay_spoke(const struct relay *relay, const struct relay_channel *channel,
                 const struct relay_client *client)
{
    struct relay_member *member = channel->slow_s ? relay_find_member(client, channel) : NULL;
    if (member) {
        member->spoke_ms = relay->now_ms;
    }
}

// In any of its lines: many get a message of several lines one by one.
static bool has_ctcp(struct str text)
{
    struct relay_lines lines = {.rest = text};
    struct str line, command, rest;
    while (relay_lines_next(&lines, &line)) {
        if (irc_ctcp_parse(line, &command, &rest) && !str_eq(command, STR("ACTION"))) {
            return true;
        }
    }
    return false;
}

const char *relay_why_mute(struct relay *relay, const struct relay_channel *channel,
                           const struct relay_client *client, struct str text)
{
    const struct relay_member *member = relay_find_member(client, channel);
    int64_t wait_s = text.len ? slow_wait_s(relay, member) : 0; // signs of typing cost nothing
    struct who who = who_is(client);
    // In slow mode strangers could come and go between two words.
    if (!member && (channel->flags & RELAY_MODE_MEMBERS || channel->slow_s)) {
        return "Cannot send to channel (join it first)";
    }
    if ((channel->flags & RELAY_MODE_NO_CTCP) && has_ctcp(text)) {
        return "Cannot send to channel (no CTCP here)";
    }
    if (member && (member->is_op || member->has_voice)) {
        return NULL;
    }
    if (channel->flags & RELAY_MODE_MODERATED) {
        return "Cannot send to channel (only those with a voice may speak)";
    }
    if (is_muted(channel, &who)) {
        return "Cannot send to channel (you are muted)";
    }
    if (is_banned(channel, &who)) {
        return "Cannot send to channel (you are banned)";
    }
    (void)snprintf(relay->why, sizeof(relay->why),
                   "Cannot send to channel (slow mode: wait %lld more seconds)", (long long)wait_s);
    return wait_s > 0 ? relay->why : NULL;
}

struct str relay_may_add(struct relay *relay, const struct relay_channel *channel,
                         const struct relay_client *client, struct str text)
{
    bool is_mute = text.len && relay_why_mute(relay, channel, client, text);
    return is_mute ? (struct str){0} : text;
}

void relay_rank(const struct relay_client *to, const struct relay_member *member, char out[4])
{
    bool shows_all = (to->caps & IRC_CAP_MULTI_PREFIX) != 0;
    size_t len = 0;
    if (member->is_founder) {
        out[len++] = '~';
    }
    if (member->is_op && (shows_all || len == 0)) {
        out[len++] = '@';
    }
    if (member->has_voice && (shows_all || len == 0)) {
        out[len++] = '+';
    }
    out[len] = '\0';
}

static bool is_visible(const struct relay_client *to, const struct relay_channel *channel,
                       const struct relay_client *client)
{
    return !client->is_invisible || relay_find_member(to, channel) != NULL;
}

void relay_list_names(struct relay *relay, struct relay_client *to,
                      const struct relay_channel *channel)
{
    char symbol = channel->flags & RELAY_MODE_SECRET ? '@' : '=';
    size_t room = relay_room(relay, to, strlen(channel->name) + 3);
    struct buf names;
    buf_init(&names, BUF_NO_LIMIT);
    for (size_t i = 0; i < channel->member_count; i++) {
        const struct relay_member *member = channel->members[i];
        if (!is_visible(to, channel, member->client)) {
            continue;
        }
        char rank[4];
        bool is_full = (to->caps & IRC_CAP_USERHOST_IN_NAMES) != 0;
        const char *name = is_full ? member->client->mask : member->client->nick;
        relay_rank(to, member, rank);
        if (names.len + strlen(rank) + strlen(name) + 1 > room) {
            relay_reply(relay, to, RPL_NAMREPLY, "%c %s :%s", symbol, channel->name,
                        buf_cstr(&names));
            buf_clear(&names);
        }
        // Not printf: a full room has as many lists as people.
        (void)buf_append(&names, names.len ? STR(" ") : (struct str){0}); // no ceiling, nor below
        (void)buf_append(&names, str_from(rank));
        (void)buf_append(&names, str_from(name));
    }
    if (names.len) {
        relay_reply(relay, to, RPL_NAMREPLY, "%c %s :%s", symbol, channel->name, buf_cstr(&names));
    }
    buf_deinit(&names);
}

void relay_send_names(struct relay *relay, struct relay_client *to,
                      const struct relay_channel *channel)
{
    relay_list_names(relay, to, channel);
    relay_reply(relay, to, RPL_ENDOFNAMES, "%s :End of /NAMES list", channel->name);
}

static void send_topic(struct relay *relay, struct relay_client *to,
                       const struct relay_channel *channel)
{
    if (channel->topic[0]) {
        relay_reply(relay, to, RPL_TOPIC, "%s :%s", channel->name, channel->topic);
        relay_reply(relay, to, RPL_TOPICWHOTIME, "%s %s %lld", channel->name, channel->topic_by,
                    (long long)channel->topic_s);
    }
}

void relay_greet(struct relay *relay, struct relay_client *client,
                 const struct relay_channel *channel)
{
    send_topic(relay, client, channel);
    relay_markread_joined(relay, client, channel);
    if (!(client->caps & IRC_CAP_NO_IMPLICIT_NAMES)) {
        relay_send_names(relay, client, channel);
    }
}

static void announce_away(struct relay *relay, struct relay_client *client,
                          const struct relay_channel *channel)
{
    if (client->away[0]) {
        struct relay_event event;
        relay_event_from(relay, &event, client, "AWAY :%s", client->away);
        relay_event_channel(relay, &event, channel, client, IRC_CAP_AWAY_NOTIFY);
        relay_event_deinit(&event);
    }
}

void relay_join(struct relay *relay, struct relay_client *client, struct relay_channel *channel)
{
    struct relay_member *member = relay_add_member(relay, channel, client);
    const char *ranks = relay_room_give(member);
    relay_uninvite(client, channel); // an invitation serves once
    struct relay_event event;
    struct relay_event extended;
    relay_event_from(relay, &event, client, "JOIN %s", channel->name);
    relay_event_from(relay, &extended, client, "JOIN %s %s :%s", channel->name,
                     client->account[0] ? client->account : "*", client->real);
    if (channel->is_lobby) {
        relay_event_plain(&event, _("* %s joined\n"), client->nick);
    }
    relay_record_join(relay, &event, &extended, client, channel);
    for (size_t i = 0; i < channel->member_count; i++) {
        struct relay_client *to = channel->members[i]->client;
        bool is_extended = (to->caps & IRC_CAP_EXTENDED_JOIN) != 0;
        if (to != client || client->kind == RELAY_KIND_IRC) {
            relay_event_send(relay, is_extended ? &extended : &event, to);
        }
    }
    relay_event_deinit(&event);
    relay_event_deinit(&extended);
    announce_away(relay, client, channel);
    if (client->kind == RELAY_KIND_IRC) {
        relay_greet(relay, client, channel);
    }
    relay_room_tell(relay, member, ranks);
    relay_notice_host(relay, client, channel);
    relay_metadata_joined(relay, client, channel);
}

// MUTE, UNMUTE, BAN and UNBAN, Ronron's own: what hosts do about somebody for a while, by name
// instead of by mask. They end as MODE lines, so every client sees what happened.
#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "mem.h"
#include "relay_parts.h"
#include "relay_room.h"

#define DEFAULT_S 600
#define MOST_S    604800 // a week

struct deed { // one kind of entry in the list of bans
    const char *command;
    const char *undo;
    const char *prefix; // of the mask
    const char *verb;
};

static const struct deed mute = {"MUTE", "UNMUTE", "m:", "muted"};
static const struct deed ban = {"BAN", "UNBAN", "", "banned"};

// By account, or by address where nobody else is on it, or by nick.
static void mask_of(const struct relay *relay, const struct relay_client *target,
                    const char *prefix, char out[256])
{
    size_t others = 0;
    for (size_t i = 0; i < relay->client_count && others < 2; i++) {
        others += strcmp(relay->clients[i]->host, target->host) == 0 ? 1 : 0;
    }
    if (target->account[0]) {
        (void)snprintf(out, 256, "%sa:%s", prefix, target->account);
    } else if (others < 2) {
        (void)snprintf(out, 256, "%s*!*@%s", prefix, target->host);
    } else {
        (void)snprintf(out, 256, "%s%s!*@*", prefix, target->nick);
    }
}

static void tell_mode(struct relay *relay, struct relay_channel *channel, const char *source,
                      char sign, const char *mask)
{
    struct relay_event event;
    relay_event_init(relay, &event, str_from(source), "MODE %s %cb %s", channel->name, sign, mask);
    relay_record_event(relay, &event, STORE_MODE, NULL, channel);
    relay_event_channel(relay, &event, channel, NULL, 0);
    relay_event_deinit(&event);
    relay_room_changed(relay, channel);
}

static void fail(struct relay *relay, struct relay_client *client, const char *command,
                 const char *code, const char *text)
{
    relay_line(relay, client, ":%s FAIL %s %s :%s", relay->server, command, code, text);
}

// Host and target are both in the channel, and the host may act on the target.
static struct relay_member *find_target(struct relay *relay, struct relay_client *client,
                                        const struct irc_message *message)
{
    const struct relay_member *me = relay_my_member(relay, client, message->params[0], true);
    struct relay_client *target = me ? relay_find_client(relay, message->params[1]) : NULL;
    if (me && !target) {
        relay_reply(relay, client, ERR_NOSUCHNICK, "%.*s :No such nick",
                    STR_ARG(irc_word(message->params[1])));
    }
    struct relay_member *member = target ? relay_find_member(target, me->channel) : NULL;
    if (target && !member) {
        relay_reply(relay, client, ERR_USERNOTINCHANNEL, "%s %s :They are not on that channel",
                    target->nick, me->channel->name);
    }
    if (member && member->is_founder && !me->is_founder) {
        relay_reply(relay, client, ERR_CHANOPRIVSNEEDED, "%s :%s owns this channel",
                    me->channel->name, target->nick);
        return NULL;
    }
    return member;
}

static void set(struct relay *relay, struct relay_client *client, struct relay_member *member,
                const struct deed *deed, int64_t seconds)
{
    struct relay_channel *channel = member->channel;
    struct relay_masks *bans = &channel->lists[RELAY_LIST_BAN];
    char mask[256];
    mask_of(relay, member->client, deed->prefix, mask);
    struct relay_mask *item = relay_mask_find(bans, str_from(mask));
    bool is_new = item == NULL;
    if (!item && bans->count == RELAY_MASKS_MAX) {
        relay_reply(relay, client, ERR_BANLISTFULL, "%s b :The list is full", channel->name);
        return;
    }
    if (!item) {
        item =
            relay_mask_add(bans, str_from(mask), str_from(client->nick), relay->now_utc_ms / 1000);
    }
    item->until_ms = seconds ? relay->now_ms + seconds * 1000 : 0;
    if (seconds) {
        relay_mutes_at(relay, item->until_ms);
    }
    if (is_new) {
        tell_mode(relay, channel, client->mask, '+', mask);
    } else {
        relay_room_changed(relay, channel);
    }
    char duration[40] = "until a host lifts it";
    if (seconds) {
        (void)snprintf(duration, sizeof(duration), "for %lld seconds", (long long)seconds);
    }
    if (member->client->kind != RELAY_KIND_PLAIN) {
        relay_line(relay, member->client, ":%s NOTICE %s :You are %s in %s %s", relay->server,
                   member->client->nick, deed->verb, channel->name, duration);
    }
}

static void begin(struct relay *relay, struct relay_client *client,
                  const struct irc_message *message, const struct deed *deed)
{
    int64_t seconds = DEFAULT_S;
    if (message->param_count > 2 && !str_to_int_in(message->params[2], 0, MOST_S, &seconds)) {
        fail(relay, client, deed->command, "INVALID_PARAMS",
             "The time is a number of seconds, a week at most; 0 is without end");
        return;
    }
    struct relay_member *member = find_target(relay, client, message);
    if (member) {
        set(relay, client, member, deed, seconds);
    }
}

static void lift(struct relay *relay, struct relay_client *client,
                 const struct irc_message *message, const struct deed *deed)
{
    const struct relay_member *me = relay_my_member(relay, client, message->params[0], true);
    const struct relay_client *target = me ? relay_find_client(relay, message->params[1]) : NULL;
    if (!me) {
        return;
    }
    if (!target) {
        relay_reply(relay, client, ERR_NOSUCHNICK, "%.*s :No such nick",
                    STR_ARG(irc_word(message->params[1])));
        return;
    }
    struct relay_masks *bans = &me->channel->lists[RELAY_LIST_BAN];
    bool is_mute = deed->prefix[0] != '\0', has_any = false;
    for (size_t i = bans->count; i > 0; i--) {
        char mask[256];
        (void)str_copy(mask, sizeof(mask), str_from(bans->items[i - 1].mask)); // masks are shorter
        if (relay_mask_matches(str_from(mask), target, is_mute)) {
            relay_mask_remove(bans, i - 1);
            tell_mode(relay, me->channel, client->mask, '-', mask);
            has_any = true;
        }
    }
    if (!has_any) {
        fail(relay, client, deed->undo, "NOTHING_TO_LIFT", "Nothing keeps them from it");
    }
}

void relay_cmd_mute(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    begin(relay, client, message, &mute);
}

void relay_cmd_unmute(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    lift(relay, client, message, &mute);
}

void relay_cmd_ban(struct relay *relay, struct relay_client *client,
                   const struct irc_message *message)
{
    begin(relay, client, message, &ban);
}

void relay_cmd_unban(struct relay *relay, struct relay_client *client,
                     const struct irc_message *message)
{
    lift(relay, client, message, &ban);
}

// --- what ends by itself ---

void relay_mutes_at(struct relay *relay, int64_t at_ms)
{
    if (at_ms < relay->mutes_due_ms) {
        relay->mutes_due_ms = at_ms;
    }
}

static void end_due(struct relay *relay, struct relay_channel *channel)
{
    struct relay_masks *bans = &channel->lists[RELAY_LIST_BAN];
    for (size_t i = bans->count; i > 0; i--) {
        const struct relay_mask *item = &bans->items[i - 1];
        if (item->until_ms && item->until_ms <= relay->now_ms) {
            char mask[256];
            (void)str_copy(mask, sizeof(mask), str_from(item->mask)); // masks are shorter
            relay_mask_remove(bans, i - 1);
            tell_mode(relay, channel, relay->server, '-', mask);
        } else if (item->until_ms) {
            relay_mutes_at(relay, item->until_ms);
        }
    }
}

void relay_mutes_turn(struct relay *relay)
{
    size_t cursor = 0;
    struct str key;
    void *value;
    if (relay->now_ms < relay->mutes_due_ms) {
        return;
    }
    relay->mutes_due_ms = INT64_MAX;
    while (map_next(&relay->channels, &cursor, &key, &value)) {
        end_due(relay, value);
    }
}

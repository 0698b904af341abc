// INVITE: who may come in whatever keeps others out, once. An invitation belongs to the one who got
// it, whatever it is called later, and to that channel, not to another of its name.
#include <string.h>

#include "mem.h"
#include "relay_parts.h"

static size_t find(const struct relay_client *client, const struct relay_channel *channel)
{
    size_t at = 0;
    while (at < client->invited_count && client->invited[at] != channel->id) {
        at++;
    }
    return at;
}

bool relay_is_invited(const struct relay_client *client, const struct relay_channel *channel)
{
    return find(client, channel) < client->invited_count;
}

static void forget(struct relay_client *client, size_t at)
{
    client->invited_count--;
    memmove(client->invited + at, client->invited + at + 1,
            (client->invited_count - at) * sizeof(*client->invited));
}

void relay_uninvite(struct relay_client *client, const struct relay_channel *channel)
{
    size_t at = find(client, channel);
    if (at < client->invited_count) {
        forget(client, at);
    }
}

static void remember(struct relay_client *client, const struct relay_channel *channel)
{
    relay_uninvite(client, channel);
    if (client->invited_count == RELAY_INVITED_MAX) {
        forget(client, 0);
    }
    client->invited =
        mem_resize(client->invited, client->invited_count + 1, sizeof(*client->invited));
    client->invited[client->invited_count++] = channel->id;
}

static void list_invitations(struct relay *relay, struct relay_client *client)
{
    size_t cursor = 0;
    struct str key;
    void *value;
    while (client->invited_count > 0 && map_next(&relay->channels, &cursor, &key, &value)) {
        const struct relay_channel *channel = value;
        if (relay_is_invited(client, channel)) {
            relay_reply(relay, client, RPL_INVITELIST, "%s", channel->name);
        }
    }
    relay_reply(relay, client, RPL_ENDOFINVITELIST, ":End of invite list");
}

static void invite(struct relay *relay, struct relay_client *client, struct relay_client *target,
                   struct relay_channel *channel)
{
    struct relay_event event;
    remember(target, channel);
    relay_event_from(relay, &event, client, "INVITE %s %s", target->nick, channel->name);
    relay_reply(relay, client, RPL_INVITING, "%s %s", target->nick, channel->name);
    relay_event_send(relay, &event, target);
    for (size_t i = 0; i < channel->member_count; i++) {
        const struct relay_member *member = channel->members[i];
        if (member->is_op && member->client != client &&
            (member->client->caps & IRC_CAP_INVITE_NOTIFY)) {
            relay_event_send(relay, &event, member->client);
        }
    }
    relay_event_deinit(&event);
    if (target->away[0]) {
        relay_reply(relay, client, RPL_AWAY, "%s :%s", target->nick, target->away);
    }
}

void relay_cmd_invite(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    if (message->param_count == 0) {
        list_invitations(relay, client);
        return;
    }
    if (message->param_count < 2) {
        relay_reply(relay, client, ERR_NEEDMOREPARAMS, "INVITE :Not enough parameters");
        return;
    }
    struct relay_client *target = relay_find_client(relay, message->params[0]);
    const struct relay_member *me = NULL;
    if (!target) {
        relay_reply(relay, client, ERR_NOSUCHNICK, "%.*s :No such nick",
                    STR_ARG(irc_word(message->params[0])));
        return;
    }
    struct relay_channel *channel = relay_find_channel(relay, message->params[1]);
    // It opens what hosts have closed to this person.
    bool needs_op =
        channel && (channel->flags & RELAY_MODE_INVITE || relay_is_banned(channel, target));
    me = relay_my_member(relay, client, message->params[1], needs_op);
    if (!me) {
        return;
    }
    if (relay_find_member(target, me->channel)) {
        relay_reply(relay, client, ERR_USERONCHANNEL, "%s %s :is already on channel", target->nick,
                    me->channel->name);
        return;
    }
    invite(relay, client, target, me->channel);
}

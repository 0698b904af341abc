// KICK and TOPIC: what a channel's hosts do.
#include "i18n.h"
#include "relay_parts.h"
#include "relay_room.h"
#include "utf8.h"

#define KICK_TARGETS 4

struct relay_member *relay_my_member(struct relay *relay, struct relay_client *client,
                                     struct str name, bool needs_op)
{
    const struct relay_channel *channel = relay_find_seen(relay, client, name);
    if (!channel) {
        relay_reply(relay, client, ERR_NOSUCHCHANNEL, "%.*s :No such channel",
                    STR_ARG(irc_word(name)));
        return NULL;
    }
    struct relay_member *member = relay_find_member(client, channel);
    if (!member) {
        relay_reply(relay, client, ERR_NOTONCHANNEL, "%s :You are not on that channel",
                    channel->name);
        return NULL;
    }
    if (needs_op && !member->is_op) {
        relay_reply(relay, client, ERR_CHANOPRIVSNEEDED, "%s :Only hosts may do that",
                    channel->name);
        return NULL;
    }
    return member;
}

static void kick_one(struct relay *relay, struct relay_client *client,
                     struct relay_channel *channel, struct str nick, struct str reason)
{
    struct relay_client *target = relay_find_client(relay, nick);
    if (!target) {
        relay_reply(relay, client, ERR_NOSUCHNICK, "%.*s :No such nick", STR_ARG(irc_word(nick)));
        return;
    }
    struct relay_member *member = relay_find_member(target, channel);
    if (!member) {
        relay_reply(relay, client, ERR_USERNOTINCHANNEL, "%s %s :They are not on that channel",
                    target->nick, channel->name);
        return;
    }
    if (member->is_founder && !relay_find_member(client, channel)->is_founder) {
        relay_reply(relay, client, ERR_CHANOPRIVSNEEDED, "%s :%s owns this channel", channel->name,
                    target->nick);
        return;
    }
    struct relay_event event;
    relay_event_from(relay, &event, client, "KICK %s %s :%.*s", channel->name, target->nick,
                     STR_ARG(reason));
    if (channel->is_lobby) {
        relay_event_plain(&event, _("* %s was sent out by %s (%.*s)\n"), target->nick, client->nick,
                          STR_ARG(reason));
    }
    relay_record_event(relay, &event, STORE_KICK, client, channel);
    relay_event_channel(relay, &event, channel, NULL, 0);
    relay_event_deinit(&event);
    bool is_plain = target->kind == RELAY_KIND_PLAIN;
    relay_remove_member(relay, member);
    if (is_plain) {
        relay_client_quit(relay, target, _("Sent out by the host")); // it has no other room
    }
}

void relay_cmd_kick(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    struct str nicks = message->params[1];
    struct str nick;
    struct str reason = irc_message_param(message, 2);
    if (nicks.len == 0) {
        relay_reply(relay, client, ERR_NEEDMOREPARAMS, "KICK :Not enough parameters");
        return;
    }
    const struct relay_member *me = relay_my_member(relay, client, message->params[0], true);
    if (!me) {
        return;
    }
    reason = reason.len ? str_range(reason, 0, utf8_cut(reason, RELAY_KICK_MAX))
                        : str_from(client->nick);
    char name[IRC_CHANNEL_MAX + 1]; // the channel may die with its last member
    (void)str_copy(name, sizeof(name), str_from(me->channel->name));
    for (int i = 0; str_next(&nicks, ',', &nick); i++) {
        struct relay_channel *channel = relay_find_channel(relay, str_from(name));
        if (!channel || client->is_gone) {
            break;
        }
        if (i > 0 && !relay_my_member(relay, client, str_from(name), true)) {
            break; // it sent itself out
        }
        if (i == KICK_TARGETS) {
            relay_reply(relay, client, ERR_TOOMANYTARGETS, "%.*s :Too many targets",
                        STR_ARG(irc_word(nick)));
            break;
        }
        kick_one(relay, client, channel, nick, reason);
    }
}

static void show_topic(struct relay *relay, struct relay_client *client,
                       const struct relay_channel *channel)
{
    if (channel->topic[0]) {
        relay_reply(relay, client, RPL_TOPIC, "%s :%s", channel->name, channel->topic);
        relay_reply(relay, client, RPL_TOPICWHOTIME, "%s %s %lld", channel->name, channel->topic_by,
                    (long long)channel->topic_s);
    } else {
        relay_reply(relay, client, RPL_NOTOPIC, "%s :No topic is set", channel->name);
    }
}

void relay_cmd_topic(struct relay *relay, struct relay_client *client,
                     const struct irc_message *message)
{
    const struct relay_channel *named = relay_find_channel(relay, message->params[0]);
    bool is_locked = named && (named->flags & RELAY_MODE_TOPIC);
    bool is_change = message->param_count > 1;
    const struct relay_member *me =
        relay_my_member(relay, client, message->params[0], is_change && is_locked);
    if (!me) {
        return;
    }
    struct relay_channel *channel = me->channel;
    if (!is_change) {
        show_topic(relay, client, channel);
        return;
    }
    struct str topic = message->params[1];
    const char *why = relay_why_mute(relay, channel, client, topic);
    if (why) {
        relay_reply(relay, client, ERR_CANNOTSENDTOCHAN, "%s :%s", channel->name, why);
        return;
    }
    (void)str_copy(channel->topic, sizeof(channel->topic), topic); // TOPICLEN is announced
    (void)str_copy(channel->topic_by, sizeof(channel->topic_by), str_from(client->nick));
    channel->topic_s = relay->now_utc_ms / 1000;
    relay_room_changed(relay, channel);
    struct relay_event event;
    relay_event_from(relay, &event, client, "TOPIC %s :%s", channel->name, channel->topic);
    if (channel->is_lobby) {
        relay_event_plain(&event, _("* %s wrote on the banner: %s\n"), client->nick,
                          channel->topic);
    }
    relay_record_event(relay, &event, STORE_TOPIC, client, channel);
    relay_event_channel(relay, &event, channel, NULL, 0);
    relay_event_deinit(&event);
}

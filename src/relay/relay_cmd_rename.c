// RENAME (IRCv3 draft channel-rename) and KNOCK.
#include "relay_parts.h"

static void fail(struct relay *relay, struct relay_client *client, const char *code,
                 const struct irc_message *message, const char *text)
{
    size_t at = 0;
    struct str name = message->params[1];
    bool is_word = name.len && name.data[0] != ':' && !str_find_char(name, ' ', &at);
    relay_line(relay, client, ":%s FAIL RENAME %s %.*s %.*s :%s", relay->server, code,
               STR_ARG(message->params[0]), STR_ARG(is_word ? name : STR("*")), text);
}

// To those who do not know RENAME it looks like leaving one channel and joining another.
static void tell_member(struct relay *relay, struct relay_event *event, struct relay_client *to,
                        const char *old, const struct relay_channel *channel)
{
    if (to->caps & IRC_CAP_CHANNEL_RENAME) {
        relay_event_send(relay, event, to);
    } else if (to->kind == RELAY_KIND_IRC) {
        bool is_extended = (to->caps & IRC_CAP_EXTENDED_JOIN) != 0;
        relay_line(relay, to, ":%s PART %s :Renamed to %s", to->mask, old, channel->name);
        relay_line(relay, to, ":%s JOIN %s%s%s", to->mask, channel->name, is_extended ? " * :" : "",
                   is_extended ? to->real : "");
        relay_greet(relay, to, channel);
    }
}

static void rename_channel(struct relay *relay, struct relay_client *client,
                           struct relay_channel *channel, struct str name, struct str reason)
{
    char old[sizeof(channel->name)], folded[sizeof(channel->folded)];
    (void)str_copy(folded, sizeof(folded), str_from(channel->folded)); // same size
    (void)str_copy(old, sizeof(old), str_from(channel->name));     // same size
    (void)map_remove(&relay->channels, str_from(channel->folded)); // the channel itself
    (void)str_copy(channel->name, sizeof(channel->name), name);    // valid names fit
    (void)irc_names_fold(IRC_CASEMAP_ASCII, name, channel->folded, sizeof(channel->folded));
    map_put(&relay->channels, str_from(channel->folded), channel);
    relay_record_rename(relay, folded, channel);
    struct relay_event event;
    relay_event_init(relay, &event, str_from(client->mask), "RENAME %s %s :%.*s", old,
                     channel->name, STR_ARG(reason));
    for (size_t i = 0; i < channel->member_count; i++) {
        tell_member(relay, &event, channel->members[i]->client, old, channel);
    }
    relay_event_deinit(&event);
}

void relay_cmd_rename(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    struct str name = message->params[1];
    struct relay_channel *channel = relay_find_channel(relay, message->params[0]);
    if (!channel) {
        relay_reply(relay, client, ERR_NOSUCHCHANNEL, "%.*s :No such channel",
                    STR_ARG(message->params[0]));
        return;
    }
    const struct relay_member *me = relay_find_member(client, channel);
    const struct relay_channel *other = relay_find_channel(relay, name);
    if (!me) {
        relay_reply(relay, client, ERR_NOTONCHANNEL, "%s :You are not on that channel",
                    channel->name);
    } else if (!me->is_op) {
        relay_reply(relay, client, ERR_CHANOPRIVSNEEDED, "%s :Only hosts may do that",
                    channel->name);
    } else if (channel->is_lobby) {
        fail(relay, client, "CANNOT_RENAME", message, "The lobby keeps its name");
    } else if (!irc_channel_is_valid(name)) {
        fail(relay, client, "CANNOT_RENAME", message, "This is no name of a channel");
    } else if (other && other != channel) {
        fail(relay, client, "CHANNEL_NAME_IN_USE", message, "Another channel has this name");
    } else {
        rename_channel(relay, client, channel, name, irc_message_param(message, 2));
    }
}

void relay_cmd_knock(struct relay *relay, struct relay_client *client,
                     const struct irc_message *message)
{
    const struct relay_channel *channel = relay_find_channel(relay, message->params[0]);
    if (!channel || (channel->flags & RELAY_MODE_SECRET && !relay_find_member(client, channel))) {
        relay_reply(relay, client, ERR_NOSUCHCHANNEL, "%.*s :No such channel",
                    STR_ARG(message->params[0]));
    } else if (relay_find_member(client, channel)) {
        relay_reply(relay, client, ERR_KNOCKONCHAN, "%s :You are already on that channel",
                    channel->name);
    } else if (!(channel->flags & RELAY_MODE_INVITE) && !channel->key[0]) {
        relay_reply(relay, client, ERR_CHANOPEN, "%s :Channel is open", channel->name);
    } else if (relay_is_banned(channel, client)) {
        relay_reply(relay, client, ERR_CANNOTSENDTOCHAN, "%s :You are banned", channel->name);
    } else {
        for (size_t i = 0; i < channel->member_count; i++) {
            if (channel->members[i]->is_op) {
                relay_reply(relay, channel->members[i]->client, RPL_KNOCK,
                            "%s %s :has asked for an invite", channel->name, client->mask);
            }
        }
        relay_reply(relay, client, RPL_KNOCKDLVR, "%s :Your knock has been delivered",
                    channel->name);
    }
}

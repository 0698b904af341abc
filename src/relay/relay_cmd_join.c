// JOIN and PART.
#include <string.h>

#include "i18n.h"
#include "relay_parts.h"
#include "relay_room.h"

int relay_join_error(const struct relay_channel *channel, const struct relay_client *client,
                     struct str key)
{
    if (channel->founder[0] && strcmp(channel->founder, client->account_folded) == 0) {
        return 0; // it is the owner's own
    }
    if (relay_is_invited(client, channel)) {
        return 0; // passes all that keeps people out, once
    }
    if (channel->key[0] && !str_eq(key, str_from(channel->key))) {
        return ERR_BADCHANNELKEY;
    }
    if ((channel->flags & RELAY_MODE_INVITE) &&
        !relay_masks_match(&channel->lists[RELAY_LIST_INVEX], client)) {
        return ERR_INVITEONLYCHAN;
    }
    if (relay_is_banned(channel, client)) {
        return ERR_BANNEDFROMCHAN;
    }
    return channel->limit && channel->member_count >= channel->limit ? ERR_CHANNELISFULL : 0;
}

static void refuse(struct relay *relay, struct relay_client *client, int error, struct str name)
{
    static const struct {
        int error;
        const char *text;
    } texts[] = {
        {ERR_BADCHANNELKEY, "Cannot join channel (wrong key)"},
        {ERR_INVITEONLYCHAN, "Cannot join channel (by invitation only)"},
        {ERR_BANNEDFROMCHAN, "Cannot join channel (you are banned)"},
        {ERR_CHANNELISFULL, "Cannot join channel (it is full)"},
        {ERR_NOSUCHCHANNEL, "No such channel"},
        {ERR_TOOMANYCHANNELS, "You have joined too many channels"},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i].error == error) {
            relay_reply(relay, client, (enum irc_numeric)error, "%.*s :%s", STR_ARG(irc_word(name)),
                        texts[i].text);
        }
    }
}

static void join_one(struct relay *relay, struct relay_client *client, struct str name,
                     struct str key)
{
    struct relay_channel *channel = relay_find_channel(relay, name);
    if (channel && relay_find_member(client, channel)) {
        return;
    }
    if (!irc_channel_is_valid(name)) {
        refuse(relay, client, ERR_NOSUCHCHANNEL, name);
    } else if (client->member_count >= RELAY_CHANNELS_MAX) {
        refuse(relay, client, ERR_TOOMANYCHANNELS, name);
    } else {
        int error = channel ? relay_join_error(channel, client, key) : 0;
        if (error) {
            refuse(relay, client, error, name);
            return;
        }
        if (!channel) {
            channel = relay_make_channel(relay, name);
            relay_room_created(relay, channel, client);
        }
        relay_join(relay, client, channel);
    }
}

static void part_one(struct relay *relay, struct relay_client *client, struct str name,
                     struct str reason)
{
    const struct relay_channel *channel = relay_find_seen(relay, client, name);
    struct relay_member *member = channel ? relay_find_member(client, channel) : NULL;
    if (!channel) {
        refuse(relay, client, ERR_NOSUCHCHANNEL, name);
        return;
    }
    if (!member) {
        relay_reply(relay, client, ERR_NOTONCHANNEL, "%s :You are not on that channel",
                    channel->name);
        return;
    }
    reason = relay_may_add(relay, channel, client, reason);
    struct relay_event event;
    relay_event_from(relay, &event, client, "PART %s%s%.*s", channel->name, reason.len ? " :" : "",
                     STR_ARG(reason));
    if (channel->is_lobby) {
        relay_event_plain(&event, _("* %s left (%.*s)\n"), client->nick, STR_ARG(reason));
    }
    relay_record_event(relay, &event, STORE_PART, client, channel);
    relay_event_channel(relay, &event, channel, NULL, 0);
    relay_event_deinit(&event);
    relay_remove_member(relay, member);
}

void relay_cmd_join(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    struct str names = message->params[0];
    struct str keys = irc_message_param(message, 1);
    struct str name;
    if (str_eq(names, STR("0"))) {
        while (client->member_count > 0) {
            part_one(relay, client, str_from(client->members[0]->channel->name), (struct str){0});
        }
        return;
    }
    if (names.len == 0) {
        relay_reply(relay, client, ERR_NEEDMOREPARAMS, "JOIN :Not enough parameters");
    }
    while (str_next(&names, ',', &name)) {
        struct str key = {0};
        (void)str_next(&keys, ',', &key); // missing keys at the end are fine
        join_one(relay, client, name, key);
    }
}

void relay_cmd_part(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    struct str names = message->params[0];
    struct str name;
    if (names.len == 0) {
        relay_reply(relay, client, ERR_NEEDMOREPARAMS, "PART :Not enough parameters");
    }
    while (str_next(&names, ',', &name)) {
        part_one(relay, client, name, irc_message_param(message, 1));
    }
}

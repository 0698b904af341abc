// RENAME (IRCv3 draft channel-rename) and KNOCK.
#include "relay_parts.h"
#include "relay_room.h"

static void fail(struct relay *relay, struct relay_client *client, const char *code,
                 const struct irc_message *message, const char *text)
{
    relay_line(relay, client, ":%s FAIL RENAME %s %.*s %.*s :%s", relay->server, code,
               STR_ARG(irc_word(message->params[0])), STR_ARG(irc_word(message->params[1])), text);
}

struct renaming {
    struct relay_event event;
    const struct relay_channel *channel;
    char old[IRC_CHANNEL_MAX + 1];
    struct str reason;
    bool is_of_case; // the same name to everybody
};

// To those who do not know RENAME it looks like leaving one channel and joining another.
static void tell_member(struct relay *relay, struct renaming *renaming, struct relay_client *to)
{
    const struct relay_channel *channel = renaming->channel;
    if (to->caps & IRC_CAP_CHANNEL_RENAME) {
        relay_event_send(relay, &renaming->event, to);
    } else if (to->kind == RELAY_KIND_IRC && !renaming->is_of_case) {
        bool is_extended = (to->caps & IRC_CAP_EXTENDED_JOIN) != 0;
        const char *account = to->account[0] ? to->account : "*";
        relay_line(relay, to, ":%s PART %s :%.*s", to->mask, renaming->old,
                   STR_ARG(renaming->reason));
        relay_line(relay, to, ":%s JOIN %s%s%s%s%s", to->mask, channel->name,
                   is_extended ? " " : "", is_extended ? account : "", is_extended ? " :" : "",
                   is_extended ? to->real : "");
        relay_greet(relay, to, channel);
    }
}

static void rename_channel(struct relay *relay, struct relay_client *client,
                           struct relay_channel *channel, struct str name, struct str reason)
{
    struct renaming renaming = {.channel = channel, .reason = reason};
    (void)str_copy(renaming.old, sizeof(renaming.old), str_from(channel->name)); // same size
    renaming.is_of_case = irc_names_equal(IRC_CASEMAP_ASCII, name, str_from(channel->name));
    (void)map_remove(&relay->channels, str_from(channel->folded)); // the channel itself
    (void)str_copy(channel->name, sizeof(channel->name), name);    // valid names fit
    (void)irc_names_fold(IRC_CASEMAP_ASCII, name, channel->folded, sizeof(channel->folded));
    map_put(&relay->channels, str_from(channel->folded), channel);
    relay_event_from(relay, &renaming.event, client, "RENAME %s %s :%.*s", renaming.old,
                     channel->name, STR_ARG(reason));
    for (size_t i = 0; i < channel->member_count; i++) {
        tell_member(relay, &renaming, channel->members[i]->client);
    }
    relay_event_deinit(&renaming.event);
    relay_room_renamed(relay, channel, str_from(renaming.old));
}

void relay_cmd_rename(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    struct str name = message->params[1];
    const struct relay_member *me = relay_my_member(relay, client, message->params[0], true);
    if (!me) {
        return;
    }
    struct relay_channel *channel = me->channel;
    const struct relay_channel *other = relay_find_channel(relay, name);
    if (channel->is_lobby) {
        fail(relay, client, "CANNOT_RENAME", message, "The lobby keeps its name");
    } else if (channel->founder[0] && !me->is_founder) {
        // The name would be free, for the host to own.
        fail(relay, client, "CANNOT_RENAME", message, "Only who owns the channel may do that");
    } else if (!irc_channel_is_valid(name)) {
        fail(relay, client, "CANNOT_RENAME", message, "This is no name of a channel");
    } else if (str_eq(name, str_from(channel->name))) {
        fail(relay, client, "CANNOT_RENAME", message, "The channel has this name already");
    } else if (other && other != channel) {
        fail(relay, client, "CHANNEL_NAME_IN_USE", message, "Another channel has this name");
    } else if (relay_moves_are_full(relay)) {
        fail(relay, client, "CANNOT_RENAME", message,
             "The history cannot be written at the moment; try again later");
    } else {
        rename_channel(relay, client, channel, name, irc_message_param(message, 2));
    }
}

void relay_cmd_knock(struct relay *relay, struct relay_client *client,
                     const struct irc_message *message)
{
    const struct relay_channel *channel = relay_find_seen(relay, client, message->params[0]);
    if (!channel) {
        relay_reply(relay, client, ERR_NOSUCHCHANNEL, "%.*s :No such channel",
                    STR_ARG(irc_word(message->params[0])));
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

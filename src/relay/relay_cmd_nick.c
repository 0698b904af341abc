// NICK (RFC 2812 3.1.2, Modern IRC).
#include <stdio.h>

#include "irc_nick.h"
#include "relay_parts.h"

bool relay_nick_read(const struct relay *relay, struct str text, char out[IRC_NICK_BYTES + 1])
{
    if (relay->has_utf8_nicks) {
        return irc_nick_normalise(text, out);
    }
    bool is_nick = irc_nick_is_valid(text);
    (void)str_copy(out, IRC_NICK_BYTES + 1, is_nick ? text : (struct str){0}); // it fits
    return is_nick;
}

// Who is banned or muted in a channel it is in must not slip out of that by another name, nor take
// one that is banned there; hosts and voices may. The same name in another case is no other name.
const struct relay_channel *relay_nick_refused_by(const struct relay_client *client,
                                                  struct str wanted)
{
    if (irc_names_equal(IRC_CASEMAP_ASCII, wanted, str_from(client->nick))) {
        return NULL;
    }
    char mask[RELAY_MASK_MAX + 1];
    (void)snprintf(mask, sizeof(mask), "%.*s!%s@%s", STR_ARG(wanted), client->user, client->host);
    for (size_t i = 0; i < client->member_count; i++) {
        const struct relay_member *member = client->members[i];
        bool is_free = member->is_op || member->has_voice;
        if (!is_free && (relay_is_silenced(member->channel, client, str_from(client->mask)) ||
                         relay_is_silenced(member->channel, client, str_from(mask)))) {
            return member->channel;
        }
    }
    return NULL;
}

static void refuse(struct relay *relay, struct relay_client *client, struct str wanted)
{
    relay_reply(relay, client, ERR_NICKNAMEINUSE, "%.*s :%s", STR_ARG(wanted),
                relay_nick_is_reserved(relay, client, wanted)
                    ? "This nickname belongs to an account; log in to use it"
                    : "Nickname is already in use");
}

// Before the welcome. An account's nick may be asked for before the login; who comes back with a
// token gets the old nick, and this one only if that is gone.
static void choose(struct relay *relay, struct relay_client *client, struct str wanted)
{
    bool is_early = !client->is_negotiating && relay_nick_is_reserved(relay, client, wanted);
    relay_text_set(relay, &client->wanted, wanted);
    if (client->resumed[0] && !client->nick[0]) {
        return;
    }
    if (is_early || !relay_take_nick(relay, client, wanted)) {
        refuse(relay, client, wanted);
    } else {
        client->wanted[0] = '\0';
    }
}

void relay_cmd_nick(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    struct str wanted = irc_message_param(message, 0);
    if (wanted.len == 0) {
        relay_reply(relay, client, ERR_NONICKNAMEGIVEN, ":No nickname given");
        return;
    }
    char nick[IRC_NICK_BYTES + 1];
    if (!relay_nick_read(relay, wanted, nick)) {
        relay_reply(relay, client, ERR_ERRONEUSNICKNAME, "%.*s :Erroneous nickname",
                    STR_ARG(irc_word(wanted)));
        return;
    }
    wanted = str_from(nick);
    if (client->is_registered && str_eq(wanted, str_from(client->nick))) {
        return;
    }
    const struct relay_channel *refusing = relay_nick_refused_by(client, wanted);
    if (refusing) {
        relay_reply(relay, client, ERR_BANNICKCHANGE,
                    "%.*s %s :Cannot change nickname while banned on channel", STR_ARG(wanted),
                    refusing->name);
        return;
    }
    if (client->is_registered) {
        if (!relay_rename(relay, client, wanted)) {
            refuse(relay, client, wanted);
        }
        return;
    }
    choose(relay, client, wanted);
    relay_try_register(relay, client);
}

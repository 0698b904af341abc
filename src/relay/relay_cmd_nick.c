// NICK (RFC 2812 3.1.2, Modern IRC).
#include <string.h>

#include "relay_parts.h"
#include "utf8.h"

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
    (void)str_copy(client->wanted, sizeof(client->wanted), wanted); // valid nicks fit
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
    if (!irc_nick_is_valid(wanted)) {
        bool is_word = utf8_is_valid(wanted) && !memchr(wanted.data, ' ', wanted.len);
        relay_reply(relay, client, ERR_ERRONEUSNICKNAME, "%.*s :Erroneous nickname",
                    STR_ARG(is_word ? wanted : STR("*")));
        return;
    }
    if (client->is_registered && str_eq(wanted, str_from(client->nick))) {
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

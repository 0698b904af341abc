// NICK (RFC 2812 3.1.2, Modern IRC).
#include <string.h>

#include "relay_parts.h"
#include "utf8.h"

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
    bool is_taken = client->is_registered ? !relay_rename(relay, client, wanted)
                                          : !relay_take_nick(relay, client, wanted);
    if (is_taken) {
        relay_reply(relay, client, ERR_NICKNAMEINUSE, "%.*s :Nickname is already in use",
                    STR_ARG(wanted));
    } else if (!client->is_registered) {
        relay_try_register(relay, client);
    }
}

// NICK (RFC 2812 3.1.2, Modern IRC).
#include <string.h>

#include "i18n.h"
#include "relay_parts.h"
#include "utf8.h"

static void announce(struct relay *relay, struct relay_client *client, const char *old_mask,
                     const char *old_nick)
{
    struct relay_event event;
    relay_event_init(relay, &event, str_from(old_mask), "NICK :%s", client->nick);
    relay_event_plain(&event, _("* %s is now %s\n"), old_nick, client->nick);
    relay_event_send(relay, &event, client);
    relay_event_peers(relay, &event, client, 0);
    relay_event_deinit(&event);
}

void relay_cmd_nick(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    struct str wanted = irc_message_param(message, 0);
    char old_mask[sizeof(client->mask)];
    char old_nick[sizeof(client->nick)];
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
    memcpy(old_mask, client->mask, sizeof(old_mask));
    memcpy(old_nick, client->nick, sizeof(old_nick));
    if (!relay_take_nick(relay, client, wanted)) {
        relay_reply(relay, client, ERR_NICKNAMEINUSE, "%.*s :Nickname is already in use",
                    STR_ARG(wanted));
        return;
    }
    if (client->is_registered) {
        relay_client_mask(client);
        announce(relay, client, old_mask, old_nick);
    } else {
        relay_try_register(relay, client);
    }
}

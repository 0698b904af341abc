// About oneself: AWAY, SETNAME, PING, PONG, QUIT.
#include <stdio.h>
#include <string.h>

#include "relay_parts.h"
#include "utf8.h"

void relay_cmd_away(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    struct str text = irc_message_param(message, 0);
    struct relay_event event;
    if (!client->is_registered && !(client->caps & IRC_CAP_PRE_AWAY)) {
        relay_reply(relay, client, ERR_NOTREGISTERED, ":You have not registered");
        return;
    }
    if (str_eq(text, STR("*")) && client->caps & IRC_CAP_PRE_AWAY) {
        text = STR("Away"); // a program runs, nobody sits there
    }
    text = str_range(text, 0, utf8_cut(text, RELAY_AWAY_MAX)); // AWAYLEN is announced
    if (!str_eq(text, str_from(client->away))) {
        relay_text_set(relay, &client->away, text);
        relay_event_from(relay, &event, client, "AWAY%s%s", client->away[0] ? " :" : "",
                         client->away);
        relay_event_friends(relay, &event, client, IRC_CAP_AWAY_NOTIFY);
        relay_event_deinit(&event);
    }
    if (client->away[0]) {
        relay_reply(relay, client, RPL_NOWAWAY, ":You have been marked as being away");
    } else {
        relay_reply(relay, client, RPL_UNAWAY, ":You are no longer marked as being away");
    }
}

void relay_cmd_setname(struct relay *relay, struct relay_client *client,
                       const struct irc_message *message)
{
    struct str real = message->params[0];
    if (real.len == 0 || real.len > RELAY_REAL_MAX) {
        relay_fail(relay, client, STR("SETNAME"), "INVALID_REALNAME", "Realname is not valid");
        return;
    }
    struct relay_event event;
    relay_text_set(relay, &client->real, real);
    relay_event_from(relay, &event, client, "SETNAME :%s", client->real);
    if (client->caps & IRC_CAP_SETNAME) {
        relay_event_send(relay, &event, client);
    }
    relay_event_friends(relay, &event, client, IRC_CAP_SETNAME);
    relay_event_deinit(&event);
}

void relay_cmd_ping(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    struct str token = irc_message_param(message, 0);
    if (token.len == 0) {
        relay_reply(relay, client, ERR_NOORIGIN, ":No origin specified");
    } else {
        relay_line(relay, client, ":%s PONG %s :%.*s", relay->server, relay->server,
                   STR_ARG(token));
    }
}

void relay_cmd_pong(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    // Any line counts as a sign of life; nothing is left to do.
    (void)relay;
    (void)client;
    (void)message;
}

void relay_cmd_quit(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    struct str reason = irc_message_param(message, 0);
    for (size_t i = 0; i < client->member_count; i++) {
        reason = relay_may_add(relay, client->members[i]->channel, client, reason);
    }
    char text[RELAY_QUIT_MAX + 1];
    // So that nobody can pretend to have been closed by the relay.
    (void)snprintf(text, sizeof(text), "Quit: %.*s",
                   (int)utf8_cut(reason, RELAY_QUIT_MAX - sizeof("Quit: ")), reason.data);
    relay_client_quit(relay, client, text);
}

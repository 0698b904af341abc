// What operators do: OPER, KILL, WALLOPS, REHASH.
#include <stdio.h>

#include "i18n.h"
#include "relay_account.h"
#include "relay_parts.h"
#include "utf8.h"

#define LOG_MODULE "oper"
#include "log.h"

#define KILL_MAX 60 // bytes of a reason

bool relay_may_oper(struct relay *relay, struct relay_client *client)
{
    if (!client->is_oper) {
        relay_reply(relay, client, ERR_NOPRIVILEGES,
                    ":Permission denied, only operators may do that");
    }
    return client->is_oper;
}

void relay_cmd_oper(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    struct relay_account nobody;
    struct irc_scram_verifier verifier;
    const char *why = NULL;
    if (!irc_scram_verifier_parse(str_from(relay->oper_verifier), &verifier)) {
        relay_reply(relay, client, ERR_NOOPERHOST, ":This relay has no operators");
        return;
    }
    if (client->tries >= RELAY_TRIES_MAX) {
        relay_reply(relay, client, ERR_PASSWDMISMATCH, ":Too many wrong passwords, connect again");
        return;
    }
    if (!str_eq(message->params[0], str_from(relay->oper_name))) {
        (void)relay_account_find(relay, STR(" oper"), &nobody); // an unknown name costs the same
        nobody.verifier.iterations = verifier.iterations;
        verifier = nobody.verifier;
    }
    struct relay_ask ask = {.kind = RELAY_JOB_OPER,
                            .name = message->params[0],
                            .password = message->params[1],
                            .verifier = &verifier};
    if (!relay_job_submit(relay, client, &ask, &why)) {
        relay_reply(relay, client, ERR_PASSWDMISMATCH, ":%s", why);
    }
}

void relay_job_done_oper(struct relay *relay, struct relay_client *client,
                         const struct relay_job *job)
{
    if (!job->is_good) {
        client->tries++;
        relay_slow_pay(relay, client, RELAY_SLOW_ACCOUNTS, RELAY_SLOW_FAILURE);
        log_warn("nick=%s host=%s wrong operator password", client->nick, client->host);
        relay_reply(relay, client, ERR_PASSWDMISMATCH, ":Password incorrect");
        return;
    }
    bool was_oper = client->is_oper;
    relay_count(relay, client, false);
    client->is_oper = true;
    relay_count(relay, client, true);
    log_info("nick=%s host=%s is an operator", client->nick, client->host);
    relay_reply(relay, client, RPL_YOUREOPER, ":You are now an operator");
    if (!was_oper) {
        relay_line(relay, client, ":%s MODE %s :+o", client->mask, client->nick);
    }
}

void relay_cmd_kill(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    char goodbye[RELAY_QUIT_MAX + 1];
    struct relay_event event;
    struct str reason = irc_message_param(message, 1);
    if (!relay_may_oper(relay, client)) {
        return;
    }
    struct relay_client *target = relay_find_client(relay, message->params[0]);
    if (!target) {
        relay_reply(relay, client, ERR_NOSUCHNICK, "%.*s :No such nick",
                    STR_ARG(irc_word(message->params[0])));
        return;
    }
    reason = reason.len ? str_range(reason, 0, utf8_cut(reason, KILL_MAX)) : STR("No reason given");
    (void)snprintf(goodbye, sizeof(goodbye), "Killed (%s (%.*s))", client->nick, STR_ARG(reason));
    log_info("nick=%s host=%s killed by %s", target->nick, target->host, client->nick);
    if (target->kind == RELAY_KIND_PLAIN) {
        relay_plain_refuse(relay, target, goodbye);
    } else {
        relay_event_from(relay, &event, client, "KILL %s :%.*s", target->nick, STR_ARG(reason));
        relay_event_send(relay, &event, target);
        relay_event_deinit(&event);
    }
    relay_client_quit(relay, target, goodbye);
}

void relay_cmd_wallops(struct relay *relay, struct relay_client *client,
                       const struct irc_message *message)
{
    struct relay_event event;
    if (!relay_may_oper(relay, client)) {
        return;
    }
    if (message->params[0].len == 0) {
        relay_reply(relay, client, ERR_NEEDMOREPARAMS, "WALLOPS :Not enough parameters");
        return;
    }
    relay_event_from(relay, &event, client, "WALLOPS :%.*s", STR_ARG(message->params[0]));
    for (size_t i = 0; i < relay->client_count; i++) {
        if (relay->clients[i]->is_registered && relay->clients[i]->hears_wallops) {
            relay_event_send(relay, &event, relay->clients[i]);
        }
    }
    relay_event_deinit(&event);
}

void relay_cmd_rehash(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    (void)message;
    if (relay_may_oper(relay, client)) {
        relay_ask_reload(relay, client);
    }
}

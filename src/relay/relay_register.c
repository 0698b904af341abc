// Registration: nick, user, password, the welcome.
#include <stdio.h>

#include "net_crypto.h"
#include "relay_parts.h"
#include "utf8.h"

bool relay_take_nick(struct relay *relay, struct relay_client *client, struct str nick)
{
    char folded[IRC_NICK_BYTES + 1];
    (void)irc_names_fold(IRC_CASEMAP_ASCII, nick, folded, sizeof(folded)); // valid: it fits
    const struct relay_client *holder = map_get(&relay->nicks, str_from(folded));
    if (holder && holder != client) {
        return false;
    }
    if (client->folded[0]) {
        (void)map_remove(&relay->nicks, str_from(client->folded)); // the client itself
    }
    client->named_id = relay->last_id;
    relay_text_set(relay, &client->nick, nick);
    relay_text_set(relay, &client->folded, str_from(folded));
    map_put(&relay->nicks, str_from(folded), client);
    return true;
}

void relay_drop_nick(struct relay *relay, struct relay_client *client)
{
    relay_text_set(relay, &client->wanted, str_from(client->nick));
    (void)map_remove(&relay->nicks, str_from(client->folded)); // the client itself
    client->nick[0] = '\0';
    client->folded[0] = '\0';
}

static void welcome(struct relay *relay, struct relay_client *client)
{
    relay_reply(relay, client, RPL_WELCOME, ":Welcome to %s, %s", relay->name, client->nick);
    relay_reply(relay, client, RPL_YOURHOST, ":Your host is %s, running version ronrond-0.1",
                relay->server);
    relay_reply(relay, client, RPL_CREATED, ":This party began %s", relay->since);
    relay_reply(relay, client, RPL_MYINFO, "%s ronrond-0.1 Biow CIbefiklmnoqstv Ibefkloqv",
                relay->server);
    relay_send_isupport(relay, client);
    relay_send_lusers(relay, client);
    relay_metadata_welcome(relay, client);
    relay_send_motd(relay, client);
}

// What it asked for may be an account's, which it has not logged in to, or what its token gives
// back somebody else's by now.
static bool has_nick(struct relay *relay, struct relay_client *client)
{
    if (!client->nick[0] && client->wanted[0] &&
        !relay_take_nick(relay, client, str_from(client->wanted))) {
        relay_reply(relay, client, ERR_NICKNAMEINUSE, "%s :Nickname is already in use",
                    client->wanted);
    } else if (!client->nick[0]) {
        relay_reply(relay, client, ERR_NICKNAMEINUSE, "%s :Nickname is already in use",
                    client->resumed);
    } else if (relay_nick_is_reserved(relay, client, str_from(client->nick))) {
        relay_reply(relay, client, ERR_NICKNAMEINUSE,
                    "%s :This nickname belongs to an account; log in to use it", client->nick);
        relay_drop_nick(relay, client);
    } else {
        return true;
    }
    client->resumed[0] = '\0';
    return false;
}

// NULL: the party is open, or the PIN is right. Too many wrong ones keep a right one out as well,
// or the answer would tell which it is.
static const char *why_locked_out(struct relay *relay, const struct relay_client *client)
{
    uint8_t wanted[IRC_SCRAM_HASH_BYTES];
    if (!relay->password[0]) {
        return NULL;
    }
    if (client->has_pass && !relay_slow_may(relay, client, RELAY_SLOW_PIN)) {
        return "Too many wrong PINs from your address, wait a minute";
    }
    net_sha256(str_from(relay->password), wanted);
    if (client->has_pass && net_equal(client->pass, wanted, sizeof(wanted))) {
        return NULL;
    }
    if (client->has_pass) {
        relay_slow_pay(relay, client, RELAY_SLOW_PIN, RELAY_SLOW_FAILURE);
    }
    return "This party is locked; the PIN is wrong or missing";
}

void relay_try_register(struct relay *relay, struct relay_client *client)
{
    if (client->is_registered || client->is_negotiating || !client->has_user ||
        (!client->nick[0] && !client->resumed[0])) {
        return;
    }
    const char *why = why_locked_out(relay, client);
    if (why) {
        relay_reply(relay, client, ERR_PASSWDMISMATCH, ":%s", why);
        relay->gate.drops[RELAY_DROP_PIN]++;
        relay_client_quit(relay, client, "Bad password");
        return;
    }
    if (!relay_limits_admit(relay, client)) {
        return;
    }
    bool has_taken = relay_resume_take(relay, client);
    if (!has_taken && !has_nick(relay, client)) {
        return;
    }
    relay_client_mask(relay, client);
    relay_came(relay, client, !has_taken);
    client->wanted[0] = '\0';
    client->resumed[0] = '\0';
    relay_resume_issue(relay, client);
    welcome(relay, client);
    if (has_taken) {
        relay_resume_tell(relay, client);
    }
}

void relay_cmd_pass(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    (void)relay; // the settings may be others when it is looked at
    net_sha256(message->params[0], client->pass);
    client->has_pass = true;
}

void relay_cmd_user(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    struct str user = message->params[0];
    struct str real = message->params[3];
    if (real.len == 0 || user.len == 0) {
        relay_reply(relay, client, ERR_NEEDMOREPARAMS, "USER :Not enough parameters");
        return;
    }
    char clean[IRC_USER_MAX + 1];
    size_t len = 0;
    clean[len++] = '~'; // nobody checked it
    for (size_t i = 0; i < user.len && len < IRC_USER_MAX; i++) {
        char c = user.data[i];
        bool is_good = (c >= '0' && c <= '9') || (char_lower(c) >= 'a' && char_lower(c) <= 'z') ||
                       c == '_' || c == '-' || c == '.';
        clean[len] = is_good ? c : '_';
        len++;
    }
    (void)str_copy(client->user, sizeof(client->user), (struct str){clean, len});
    relay_text_set(relay, &client->real, str_range(real, 0, utf8_cut(real, RELAY_REAL_MAX)));
    client->has_user = true;
    relay_try_register(relay, client);
}

void relay_cmd_reregister(struct relay *relay, struct relay_client *client,
                          const struct irc_message *message)
{
    (void)message;
    relay_reply(relay, client, ERR_ALREADYREGISTERED, ":You may not reregister");
}

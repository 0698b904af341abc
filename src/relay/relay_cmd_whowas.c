// WHOWAS: who had a nick before, newest first.
#include <time.h>

#include "mem.h"
#include "relay_parts.h"

struct relay_past {
    char nick[IRC_NICK_BYTES + 1];
    char user[IRC_USER_MAX + 1];
    char host[64];
    char real[RELAY_REAL_MAX + 1];
    int64_t left_s;
};

void relay_remember_past(struct relay *relay, const struct relay_client *client, const char *nick)
{
    if (!relay->past) {
        relay->past = mem_alloc_array(RELAY_PAST_MAX, sizeof(*relay->past));
    }
    struct relay_past *past = &relay->past[relay->past_count++ % RELAY_PAST_MAX];
    (void)str_copy(past->nick, sizeof(past->nick), str_from(nick));         // same sizes
    (void)str_copy(past->user, sizeof(past->user), str_from(client->user)); // as there
    (void)str_copy(past->host, sizeof(past->host), str_from(client->host));
    (void)str_copy(past->real, sizeof(past->real), str_from(client->real));
    past->left_s = relay->now_utc_ms / 1000;
}

static void tell(struct relay *relay, struct relay_client *to, const struct relay_past *past)
{
    char when[64];
    struct tm utc;
    time_t left = (time_t)past->left_s;
    (void)gmtime_r(&left, &utc); // any time of our clock fits
    (void)strftime(when, sizeof(when), "%a %b %d %H:%M:%S %Y", &utc);
    relay_reply(relay, to, RPL_WHOWASUSER, "%s %s %s * :%s", past->nick, past->user, past->host,
                past->real);
    relay_reply(relay, to, RPL_WHOISSERVER, "%s %s :%s", past->nick, relay->server, when);
}

void relay_cmd_whowas(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    struct str nick = irc_message_param(message, 0);
    int64_t most = 0;
    if (nick.len == 0) {
        relay_reply(relay, client, ERR_NONICKNAMEGIVEN, ":No nickname given");
        return;
    }
    if (!str_to_int(irc_message_param(message, 1), &most) || most < 1) {
        most = RELAY_PAST_MAX;
    }
    int64_t found = 0;
    size_t kept = relay->past_count < RELAY_PAST_MAX ? relay->past_count : RELAY_PAST_MAX;
    for (size_t i = 1; i <= kept && found < most; i++) {
        const struct relay_past *past = &relay->past[(relay->past_count - i) % RELAY_PAST_MAX];
        if (irc_names_equal(IRC_CASEMAP_ASCII, nick, str_from(past->nick))) {
            tell(relay, client, past);
            found++;
        }
    }
    if (found == 0) {
        relay_reply(relay, client, ERR_WASNOSUCHNICK, "%.*s :There was no such nickname",
                    STR_ARG(irc_word(nick)));
    }
    relay_reply(relay, client, RPL_ENDOFWHOWAS, "%.*s :End of WHOWAS", STR_ARG(irc_word(nick)));
}

// WHO with WHOX, and WHOIS.
#include <stdio.h>
#include <string.h>

#include "relay_parts.h"

struct who { // one WHO being answered
    struct relay *relay;
    struct relay_client *to;
    struct str fields; // of WHOX; empty: the plain form
    struct str token;
    bool is_of_opers; // nobody else is shown
};

// H or G, then * for an operator, B for a bot, then ranks.
static void who_flags(const struct who *who, const struct relay_client *of,
                      const struct relay_channel *channel, char out[8])
{
    char rank[4] = "";
    const struct relay_member *member = channel ? relay_find_member(of, channel) : NULL;
    if (member) {
        relay_rank(who->to, member, rank);
    }
    (void)snprintf(out, 8, "%c%s%s%s", of->away[0] ? 'G' : 'H', of->is_oper ? "*" : "",
                   of->is_bot ? "B" : "", rank);
}

static void who_extended(const struct who *who, const struct relay_client *of,
                         const char *channel_name, const char *flags)
{
    struct buf out;
    char idle[24];
    buf_init(&out, BUF_NO_LIMIT);
    (void)snprintf(idle, sizeof(idle), "%lld",
                   (long long)((who->relay->now_ms - of->spoke_ms) / 1000));
    // The order is fixed whatever the order in which they were asked for.
    const struct {
        char letter;
        const char *text;
    } fields[] = {{'c', channel_name},
                  {'u', of->user},
                  {'i', of->host},
                  {'h', of->host},
                  {'s', who->relay->server},
                  {'n', of->nick},
                  {'f', flags},
                  {'d', "0"},
                  {'l', idle},
                  {'a', of->account[0] ? of->account : "0"},
                  {'o', "n/a"}};
    size_t at;
    if (str_find_char(who->fields, 't', &at)) {
        (void)buf_printf(&out, "%.*s ", STR_ARG(who->token.len ? who->token : STR("0")));
    }
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (str_find_char(who->fields, fields[i].letter, &at)) {
            (void)buf_printf(&out, "%s ", fields[i].text);
        }
    }
    if (str_find_char(who->fields, 'r', &at)) {
        (void)buf_printf(&out, ":%s", of->real);
    } else {
        buf_truncate(&out, out.len ? out.len - 1 : 0);
    }
    relay_reply(who->relay, who->to, RPL_WHOSPCRPL, "%s", buf_cstr(&out));
    buf_deinit(&out);
}

static void who_one(const struct who *who, const struct relay_client *of,
                    const struct relay_channel *channel)
{
    if (who->is_of_opers && !of->is_oper) {
        return;
    }
    char flags[8];
    const char *name = channel ? channel->name : "*";
    who_flags(who, of, channel, flags);
    if (who->fields.len) {
        who_extended(who, of, name, flags);
    } else {
        relay_reply(who->relay, who->to, RPL_WHOREPLY, "%s %s %s %s %s %s :0 %s", name, of->user,
                    of->host, who->relay->server, of->nick, flags, of->real);
    }
}

static bool share_channel(const struct relay_client *a, const struct relay_client *b)
{
    for (size_t i = 0; i < a->member_count; i++) {
        if (relay_find_member(b, a->members[i]->channel)) {
            return true;
        }
    }
    return false;
}

static bool who_matches(const struct relay_client *of, struct str mask)
{
    return irc_mask_matches(mask, str_from(of->nick)) ||
           irc_mask_matches(mask, str_from(of->host)) ||
           irc_mask_matches(mask, str_from(of->user)) ||
           irc_mask_matches(mask, str_from(of->real)) || irc_mask_matches(mask, str_from(of->mask));
}

static void who_mask(const struct who *who, struct str mask)
{
    const struct relay_client *exact = relay_find_client(who->relay, mask);
    if (exact) {
        who_one(who, exact, NULL);
        return;
    }
    for (size_t i = 0; i < who->relay->client_count; i++) {
        const struct relay_client *of = who->relay->clients[i];
        if (of->is_registered && !of->is_gone && who_matches(of, mask) &&
            (!of->is_invisible || of == who->to || share_channel(of, who->to))) {
            who_one(who, of, NULL);
        }
    }
}

// "%fields,token", alone or behind an "o".
static void read_fields(struct who *who, struct str text)
{
    size_t at = 0, comma = 0, known = 0;
    if (str_find_char(text, '%', &at)) {
        who->fields = str_range(text, at + 1, text.len);
        if (str_find_char(who->fields, ',', &comma)) {
            struct str token = str_range(who->fields, comma + 1, who->fields.len);
            bool is_word = token.len && token.len <= 3 && token.data[0] != ':';
            who->token = is_word ? token : STR("0");
            who->fields = str_range(who->fields, 0, comma);
        }
        for (at = 0; at < who->fields.len; at++) {
            size_t ignored = 0;
            known += str_find_char(STR("tcuihsnfdlaor"), who->fields.data[at], &ignored) ? 1 : 0;
        }
        // Fields that nobody knows ask for nothing: the plain form then.
        who->fields.len = known ? who->fields.len : 0;
    }
}

void relay_cmd_who(struct relay *relay, struct relay_client *client,
                   const struct irc_message *message)
{
    struct who who = {.relay = relay, .to = client};
    struct str mask = irc_message_param(message, 0);
    struct str options = irc_message_param(message, 1);
    const struct relay_channel *channel = relay_find_seen(relay, client, mask);
    bool is_all = mask.len == 0 || str_eq(mask, STR("0")); // RFC 2812 3.6.1
    who.is_of_opers = options.len && options.data[0] == 'o';
    read_fields(&who, options);
    if (channel) {
        bool is_inside = relay_find_member(client, channel) != NULL;
        for (size_t i = 0; i < channel->member_count; i++) {
            const struct relay_client *of = channel->members[i]->client;
            if (is_inside || !of->is_invisible) {
                who_one(&who, of, channel);
            }
        }
    } else if (!irc_is_channel(mask)) {
        who_mask(&who, is_all ? STR("*") : mask);
    }
    relay_reply(relay, client, RPL_ENDOFWHO, "%.*s :End of WHO list", STR_ARG(irc_word(mask)));
}

static void whois_channels(struct relay *relay, struct relay_client *client,
                           const struct relay_client *who)
{
    struct buf names;
    buf_init(&names, BUF_NO_LIMIT);
    for (size_t i = 0; i < who->member_count; i++) {
        const struct relay_channel *channel = who->members[i]->channel;
        bool is_hidden = who != client && (channel->flags & RELAY_MODE_SECRET || who->is_invisible);
        if (is_hidden && !relay_find_member(client, channel)) {
            continue;
        }
        char rank[4];
        relay_rank(client, who->members[i], rank);
        if (names.len + strlen(channel->name) + 3 > relay_room(relay, client, strlen(who->nick))) {
            relay_reply(relay, client, RPL_WHOISCHANNELS, "%s :%s", who->nick, buf_cstr(&names));
            buf_clear(&names);
        }
        (void)buf_printf(&names, "%s%s%s", names.len ? " " : "", rank, channel->name);
    }
    if (names.len) {
        relay_reply(relay, client, RPL_WHOISCHANNELS, "%s :%s", who->nick, buf_cstr(&names));
    }
    buf_deinit(&names);
}

static void whois_one(struct relay *relay, struct relay_client *client, struct relay_client *who)
{
    relay_reply(relay, client, RPL_WHOISUSER, "%s %s %s * :%s", who->nick, who->user, who->host,
                who->real);
    whois_channels(relay, client, who);
    relay_reply(relay, client, RPL_WHOISSERVER, "%s %s :%s", who->nick, relay->server, relay->name);
    if (who->is_oper) {
        relay_reply(relay, client, RPL_WHOISOPERATOR, "%s :is an operator", who->nick);
    }
    if (who->account[0]) {
        relay_reply(relay, client, RPL_WHOISACCOUNT, "%s %s :is logged in as", who->nick,
                    who->account);
    }
    if (who->away[0]) {
        relay_reply(relay, client, RPL_AWAY, "%s :%s", who->nick, who->away);
    }
    if (who->is_bot) {
        relay_reply(relay, client, RPL_WHOISBOT, "%s :is a bot", who->nick);
    }
    if (net_stream_is_encrypted(who->stream)) {
        relay_reply(relay, client, RPL_WHOISSECURE, "%s :is using a secure connection", who->nick);
    }
    relay_reply(relay, client, RPL_WHOISIDLE, "%s %lld %lld :seconds idle, signon time", who->nick,
                (long long)((relay->now_ms - who->spoke_ms) / 1000),
                (long long)((relay->now_utc_ms - (relay->now_ms - who->connected_ms)) / 1000));
    if (who == client) { // where it comes from is its own business
        relay_reply(relay, client, RPL_WHOISACTUALLY, "%s %s :is actually using host", who->nick,
                    who->host);
    }
    relay_metadata_whois(relay, client, who);
}

void relay_cmd_whois(struct relay *relay, struct relay_client *client,
                     const struct irc_message *message)
{
    // A server or a nick may stand first: the last param is who is asked for.
    struct str server = irc_message_param(message, 0);
    struct str nick = irc_message_param(message, message->param_count > 1 ? 1 : 0);
    struct relay_client *who = relay_find_client(relay, nick);
    if (message->param_count > 1 && !irc_mask_matches(server, str_from(relay->server)) &&
        !relay_find_client(relay, server)) {
        relay_reply(relay, client, ERR_NOSUCHSERVER, "%.*s :No such server",
                    STR_ARG(irc_word(server)));
        return;
    }
    if (nick.len == 0) {
        relay_reply(relay, client, ERR_NONICKNAMEGIVEN, ":No nickname given");
        return;
    }
    if (!who) {
        relay_reply(relay, client, ERR_NOSUCHNICK, "%.*s :No such nick", STR_ARG(irc_word(nick)));
    } else {
        whois_one(relay, client, who);
    }
    relay_reply(relay, client, RPL_ENDOFWHOIS, "%.*s :End of /WHOIS list", STR_ARG(irc_word(nick)));
}

// Questions: NAMES, LIST, WHO, WHOIS, LUSERS, MOTD, VERSION, TIME, USERHOST, ISON.
#include <time.h>

#include "relay_parts.h"

#define USERHOST_MAX 5

static bool sees_channel(const struct relay_client *client, const struct relay_channel *channel)
{
    return !(channel->flags & RELAY_MODE_SECRET) || relay_find_member(client, channel);
}

void relay_cmd_names(struct relay *relay, struct relay_client *client,
                     const struct irc_message *message)
{
    struct str names = irc_message_param(message, 0);
    struct str name;
    if (!str_next(&names, ',', &name)) {
        relay_reply(relay, client, RPL_ENDOFNAMES, "* :End of /NAMES list");
        return;
    }
    do {
        const struct relay_channel *channel = relay_find_channel(relay, name);
        if (channel && sees_channel(client, channel)) {
            relay_send_names(relay, client, channel);
        } else {
            relay_reply(relay, client, RPL_ENDOFNAMES, "%.*s :End of /NAMES list", STR_ARG(name));
        }
    } while (str_next(&names, ',', &name));
}

// One ELIST condition (C M N T U); true when the channel passes.
static bool passes(const struct relay *relay, const struct relay_channel *channel, struct str term)
{
    int64_t value = 0;
    char kind = term.len ? term.data[0] : '\0';
    if (kind == 'C' || kind == 'T' || kind == 'c' || kind == 't') {
        int64_t at = char_lower(kind) == 'c' ? channel->created_s : channel->topic_s;
        int64_t minutes = (relay->now_utc_ms / 1000 - at) / 60;
        if (term.len < 3 || at == 0 || !str_to_int(str_range(term, 2, term.len), &value)) {
            return false;
        }
        return term.data[1] == '<' ? minutes < value : minutes > value;
    }
    if (kind == '<' || kind == '>') {
        int64_t count = (int64_t)channel->member_count;
        return str_to_int(str_range(term, 1, term.len), &value) &&
               (kind == '<' ? count < value : count > value);
    }
    if (kind == '!') {
        return !irc_mask_matches(str_range(term, 1, term.len), str_from(channel->name));
    }
    return irc_mask_matches(term, str_from(channel->name));
}

void relay_cmd_list(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    size_t cursor = 0;
    struct str key;
    void *value;
    relay_reply(relay, client, RPL_LISTSTART, "Channel :Users Name");
    while (map_next(&relay->channels, &cursor, &key, &value)) {
        const struct relay_channel *channel = value;
        struct str terms = irc_message_param(message, 0);
        struct str term;
        bool is_wanted = terms.len == 0;
        while (str_next(&terms, ',', &term)) {
            is_wanted = is_wanted || passes(relay, channel, term);
        }
        if (is_wanted && sees_channel(client, channel)) {
            relay_reply(relay, client, RPL_LIST, "%s %zu :%s", channel->name, channel->member_count,
                        channel->topic);
        }
    }
    relay_reply(relay, client, RPL_LISTEND, ":End of /LIST");
}

static void who_one(struct relay *relay, struct relay_client *client,
                    const struct relay_client *who, const struct relay_channel *channel)
{
    char rank[3] = "";
    const struct relay_member *member = channel ? relay_find_member(who, channel) : NULL;
    if (member) {
        relay_rank(client, member, rank);
    }
    relay_reply(relay, client, RPL_WHOREPLY, "%s %s %s %s %s %c%s :0 %s",
                channel ? channel->name : "*", who->user, who->host, relay->server, who->nick,
                who->away[0] ? 'G' : 'H', rank, who->real);
}

static void who_mask(struct relay *relay, struct relay_client *client, struct str mask)
{
    struct relay_client *exact = relay_find_client(relay, mask);
    if (exact) {
        who_one(relay, client, exact, NULL);
        return;
    }
    for (size_t i = 0; i < relay->client_count; i++) {
        const struct relay_client *who = relay->clients[i];
        if (who->is_registered && !who->is_gone && (!who->is_invisible || who == client) &&
            irc_mask_matches(mask, str_from(who->nick))) {
            who_one(relay, client, who, NULL);
        }
    }
}

void relay_cmd_who(struct relay *relay, struct relay_client *client,
                   const struct irc_message *message)
{
    struct str mask = irc_message_param(message, 0);
    const struct relay_channel *channel = relay_find_channel(relay, mask);
    if (mask.len == 0) {
        mask = STR("*");
    }
    if (channel && sees_channel(client, channel)) {
        bool is_inside = relay_find_member(client, channel) != NULL;
        for (size_t i = 0; i < channel->member_count; i++) {
            const struct relay_client *who = channel->members[i]->client;
            if (is_inside || !who->is_invisible) {
                who_one(relay, client, who, channel);
            }
        }
    } else if (!irc_is_channel(mask)) {
        who_mask(relay, client, mask);
    }
    relay_reply(relay, client, RPL_ENDOFWHO, "%.*s :End of WHO list", STR_ARG(mask));
}

static void whois_channels(struct relay *relay, struct relay_client *client,
                           const struct relay_client *who)
{
    struct buf names;
    buf_init(&names, BUF_NO_LIMIT);
    for (size_t i = 0; i < who->member_count; i++) {
        const struct relay_channel *channel = who->members[i]->channel;
        if (sees_channel(client, channel)) {
            char rank[3];
            relay_rank(client, who->members[i], rank);
            (void)buf_printf(&names, "%s%s%s", names.len ? " " : "", rank, channel->name);
        }
    }
    if (names.len) {
        relay_reply(relay, client, RPL_WHOISCHANNELS, "%s :%s", who->nick, buf_cstr(&names));
    }
    buf_deinit(&names);
}

void relay_cmd_whois(struct relay *relay, struct relay_client *client,
                     const struct irc_message *message)
{
    // A server or a nick may stand first: the last param is who is asked for.
    struct str nick = irc_message_param(message, message->param_count > 1 ? 1 : 0);
    const struct relay_client *who = relay_find_client(relay, nick);
    if (nick.len == 0) {
        relay_reply(relay, client, ERR_NONICKNAMEGIVEN, ":No nickname given");
        return;
    }
    if (!who) {
        relay_reply(relay, client, ERR_NOSUCHNICK, "%.*s :No such nick", STR_ARG(nick));
    } else {
        relay_reply(relay, client, RPL_WHOISUSER, "%s %s %s * :%s", who->nick, who->user, who->host,
                    who->real);
        whois_channels(relay, client, who);
        relay_reply(relay, client, RPL_WHOISSERVER, "%s %s :%s", who->nick, relay->server,
                    relay->name);
        if (who->away[0]) {
            relay_reply(relay, client, RPL_AWAY, "%s :%s", who->nick, who->away);
        }
        relay_reply(relay, client, RPL_WHOISIDLE, "%s %lld %lld :seconds idle, signon time",
                    who->nick, (long long)((relay->now_ms - who->spoke_ms) / 1000),
                    (long long)((relay->now_utc_ms - (relay->now_ms - who->connected_ms)) / 1000));
    }
    relay_reply(relay, client, RPL_ENDOFWHOIS, "%.*s :End of /WHOIS list", STR_ARG(nick));
}

void relay_cmd_lusers(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    (void)message;
    size_t invisible = 0;
    size_t unknown = 0;
    for (size_t i = 0; i < relay->client_count; i++) {
        const struct relay_client *other = relay->clients[i];
        invisible += other->is_registered && other->is_invisible ? 1 : 0;
        unknown += !other->is_registered && !other->is_gone ? 1 : 0;
    }
    size_t users = relay->stats.users;
    relay_reply(relay, client, RPL_LUSERCLIENT,
                ":There are %zu users and %zu invisible on 1 servers", users - invisible,
                invisible);
    relay_reply(relay, client, RPL_LUSEROP, "0 :operator(s) online");
    relay_reply(relay, client, RPL_LUSERUNKNOWN, "%zu :unknown connection(s)", unknown);
    relay_reply(relay, client, RPL_LUSERCHANNELS, "%zu :channels formed", relay->stats.channels);
    relay_reply(relay, client, RPL_LUSERME, ":I have %zu clients and 0 servers", users);
    relay_reply(relay, client, RPL_LOCALUSERS, "%zu %zu :Current local users %zu, max %zu", users,
                users, users, users);
    relay_reply(relay, client, RPL_GLOBALUSERS, "%zu %zu :Current global users %zu, max %zu", users,
                users, users, users);
}

void relay_cmd_motd(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    (void)message;
    struct str rest = str_from(relay->motd);
    struct str line;
    relay_reply(relay, client, RPL_MOTDSTART, ":- %s Message of the day -", relay->server);
    while (str_next(&rest, '\n', &line)) {
        relay_reply(relay, client, RPL_MOTD, ":- %.*s", STR_ARG(line));
    }
    relay_reply(relay, client, RPL_ENDOFMOTD, ":End of /MOTD command.");
}

void relay_cmd_version(struct relay *relay, struct relay_client *client,
                       const struct irc_message *message)
{
    (void)message;
    relay_reply(relay, client, RPL_VERSION, "ronrond-0.1 %s :a relay for parties", relay->server);
}

void relay_cmd_time(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    (void)message;
    time_t now = (time_t)(relay->now_utc_ms / 1000);
    struct tm utc;
    char text[64];
    (void)gmtime_r(&now, &utc); // any time of our clock fits
    (void)strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &utc);
    relay_reply(relay, client, RPL_TIME, "%s :%s", relay->server, text);
}

void relay_cmd_userhost(struct relay *relay, struct relay_client *client,
                        const struct irc_message *message)
{
    struct buf answer;
    buf_init(&answer, BUF_NO_LIMIT);
    for (size_t i = 0; i < message->param_count && i < USERHOST_MAX; i++) {
        const struct relay_client *who = relay_find_client(relay, message->params[i]);
        if (who) {
            (void)buf_printf(&answer, "%s%s=%c%s@%s", answer.len ? " " : "", who->nick,
                             who->away[0] ? '-' : '+', who->user, who->host);
        }
    }
    relay_reply(relay, client, RPL_USERHOST, ":%s", buf_cstr(&answer));
    buf_deinit(&answer);
}

void relay_cmd_ison(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    struct buf answer;
    buf_init(&answer, BUF_NO_LIMIT);
    for (size_t i = 0; i < message->param_count; i++) {
        struct str names = message->params[i];
        struct str name;
        while (str_next(&names, ' ', &name)) {
            const struct relay_client *who = relay_find_client(relay, name);
            if (who) {
                (void)buf_printf(&answer, "%s%s", answer.len ? " " : "", who->nick);
            }
        }
    }
    relay_reply(relay, client, RPL_ISON, ":%s", buf_cstr(&answer));
    buf_deinit(&answer);
}

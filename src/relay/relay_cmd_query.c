// Questions about channels and people: NAMES, LIST, USERHOST, ISON.
#include <string.h>

#include "relay_parts.h"

#define USERHOST_MAX 5
#define MINUTES_MAX  100000000 // about two centuries

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
        const struct relay_channel *channel = relay_find_seen(relay, client, name);
        if (channel) {
            relay_list_names(relay, client, channel);
        }
    } while (str_next(&names, ',', &name));
    // One end for all that were asked for.
    relay_reply(relay, client, RPL_ENDOFNAMES, "%.*s :End of /NAMES list",
                STR_ARG(irc_word(irc_message_param(message, 0))));
}

// "C<3", "T>3": not the name of a channel, whatever follows.
static bool is_age(struct str term)
{
    char kind = term.len > 1 ? char_lower(term.data[0]) : '\0';
    return (kind == 'c' || kind == 't') && (term.data[1] == '<' || term.data[1] == '>');
}

static bool is_name(struct str term)
{
    size_t at = 0;
    return term.len > 0 && !is_age(term) && !str_find(STR("<>!"), str_range(term, 0, 1), &at);
}

// One ELIST condition (C N T U); true when the channel passes.
static bool passes(const struct relay *relay, const struct relay_channel *channel, struct str term)
{
    int64_t value = 0;
    char kind = term.len ? term.data[0] : '\0';
    if (is_age(term)) {
        bool is_of_topic = char_lower(kind) == 't';
        int64_t age_s =
            relay->now_utc_ms / 1000 - (is_of_topic ? channel->topic_s : channel->created_s);
        if ((is_of_topic && !channel->topic[0]) ||
            !str_to_int_in(str_range(term, 2, term.len), 0, MINUTES_MAX, &value)) {
            return false;
        }
        return term.data[1] == '<' ? age_s < value * 60 : age_s > value * 60;
    }
    if (kind == '<' || kind == '>') {
        int64_t count = (int64_t)channel->member_count;
        return str_to_int(str_range(term, 1, term.len), &value) &&
               (kind == '<' ? count < value : count > value);
    }
    return kind != '!' || !irc_mask_matches(str_range(term, 1, term.len), str_from(channel->name));
}

// Of names and masks one must fit, of the other conditions all.
static bool is_listed(const struct relay *relay, const struct relay_channel *channel,
                      const struct irc_message *message)
{
    bool has_names = false;
    bool is_named = false;
    for (size_t i = 0; i < message->param_count; i++) {
        struct str terms = message->params[i];
        struct str term;
        while (str_next(&terms, ',', &term)) {
            if (is_name(term)) {
                has_names = true;
                is_named = is_named || irc_mask_matches(term, str_from(channel->name));
            } else if (!passes(relay, channel, term)) {
                return false;
            }
        }
    }
    return is_named || !has_names;
}

// So much waits for the client already that a few lines more would close it.
static bool is_half_full(const struct relay *relay, const struct relay_client *client)
{
    return client->out.bytes + client->labelled.len > relay_limits_sendq(relay) / 2;
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
        if (is_half_full(relay, client)) {
            relay_line(relay, client,
                       ":%s NOTICE %s :The list is too long to be sent at once; ask for a part of "
                       "it, like LIST #a*",
                       relay->server, client->nick);
            break;
        }
        if (is_listed(relay, channel, message) && relay_sees_channel(client, channel)) {
            relay_reply(relay, client, RPL_LIST, "%s %zu :%s", channel->name, channel->member_count,
                        channel->topic);
        }
    }
    relay_reply(relay, client, RPL_LISTEND, ":End of /LIST");
}

void relay_cmd_userhost(struct relay *relay, struct relay_client *client,
                        const struct irc_message *message)
{
    struct buf answer;
    buf_init(&answer, BUF_NO_LIMIT);
    for (size_t i = 0; i < message->param_count && i < USERHOST_MAX; i++) {
        const struct relay_client *who = relay_find_client(relay, message->params[i]);
        if (who && answer.len + strlen(who->mask) + 5 <= relay_room(relay, client, 0)) {
            (void)buf_printf(&answer, "%s%s%s=%c%s@%s", answer.len ? " " : "", who->nick,
                             who->is_oper ? "*" : "", who->away[0] ? '-' : '+', who->user,
                             who->host);
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
            if (who && answer.len + strlen(who->nick) + 1 <= relay_room(relay, client, 0)) {
                (void)buf_printf(&answer, "%s%s", answer.len ? " " : "", who->nick);
            }
        }
    }
    relay_reply(relay, client, RPL_ISON, ":%s", buf_cstr(&answer));
    buf_deinit(&answer);
}

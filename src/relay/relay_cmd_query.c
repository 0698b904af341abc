// Questions about channels and people: NAMES, LIST, USERHOST, ISON.
#include "relay_parts.h"

#define USERHOST_MAX 5

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
        if (channel && relay_sees_channel(client, channel)) {
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
        if (is_wanted && relay_sees_channel(client, channel)) {
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

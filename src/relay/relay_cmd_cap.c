// CAP (IRCv3 capability negotiation 3.2).
#include <stdio.h>

#include "relay_parts.h"

#define SERVED                                                                                     \
    (IRC_CAP_AWAY_NOTIFY | IRC_CAP_BATCH | IRC_CAP_CAP_NOTIFY | IRC_CAP_ECHO_MESSAGE |             \
     IRC_CAP_EXTENDED_JOIN | IRC_CAP_INVITE_NOTIFY | IRC_CAP_LABELED_RESPONSE |                    \
     IRC_CAP_MESSAGE_TAGS | IRC_CAP_MULTI_PREFIX | IRC_CAP_SERVER_TIME | IRC_CAP_SETNAME |         \
     IRC_CAP_STANDARD_REPLIES | IRC_CAP_USERHOST_IN_NAMES)

static void list_caps(struct relay *relay, struct relay_client *client, const char *subcommand,
                      unsigned caps)
{
    struct buf names;
    buf_init(&names, BUF_NO_LIMIT);
    for (size_t i = 0; i < irc_cap_count(); i++) {
        if (irc_cap_at(i)->cap & caps) {
            (void)buf_printf(&names, "%s%.*s", names.len ? " " : "", STR_ARG(irc_cap_at(i)->name));
        }
    }
    relay_line(relay, client, ":%s CAP %s %s :%.*s", relay->server,
               client->nick[0] ? client->nick : "*", subcommand, STR_ARG(buf_str(&names)));
    buf_deinit(&names);
}

// All of the list or nothing of it.
static bool apply(unsigned *caps, struct str list)
{
    unsigned wanted = *caps;
    struct str name;
    while (str_next(&list, ' ', &name)) {
        enum irc_cap cap = 0;
        bool is_off = name.len && name.data[0] == '-';
        if (name.len == 0) {
            continue;
        }
        if (!irc_cap_find(str_range(name, is_off ? 1 : 0, name.len), &cap) || !(cap & SERVED)) {
            return false;
        }
        wanted = is_off ? wanted & ~(unsigned)cap : wanted | (unsigned)cap;
    }
    *caps = wanted;
    return true;
}

static void request(struct relay *relay, struct relay_client *client, struct str list)
{
    const char *answer = apply(&client->caps, list) ? "ACK" : "NAK";
    relay_line(relay, client, ":%s CAP %s %s :%.*s", relay->server,
               client->nick[0] ? client->nick : "*", answer, STR_ARG(list));
}

void relay_cmd_cap(struct relay *relay, struct relay_client *client,
                   const struct irc_message *message)
{
    struct str subcommand = message->params[0];
    if (str_eq_nocase(subcommand, STR("LS"))) {
        int64_t version = 0;
        client->is_negotiating = !client->is_registered;
        if (str_to_int(irc_message_param(message, 1), &version) && version >= 302) {
            client->caps |= IRC_CAP_CAP_NOTIFY;
        }
        list_caps(relay, client, "LS", SERVED);
    } else if (str_eq_nocase(subcommand, STR("LIST"))) {
        list_caps(relay, client, "LIST", client->caps);
    } else if (str_eq_nocase(subcommand, STR("REQ"))) {
        client->is_negotiating = !client->is_registered;
        request(relay, client, irc_message_param(message, 1));
    } else if (str_eq_nocase(subcommand, STR("END"))) {
        client->is_negotiating = false;
        relay_try_register(relay, client);
    } else {
        relay_reply(relay, client, ERR_INVALIDCAPCMD, "%.*s :Invalid CAP command",
                    STR_ARG(subcommand));
    }
}

// CAP (IRCv3 capability negotiation 3.2).
#include "relay_multiline.h"
#include "relay_parts.h"
#include "utf8.h"

#define OF_ACCOUNTS                                                                                \
    (IRC_CAP_ACCOUNT_NOTIFY | IRC_CAP_ACCOUNT_TAG | IRC_CAP_SASL | IRC_CAP_ACCOUNT_REGISTRATION)

#define SERVED                                                                                     \
    (IRC_CAP_CHGHOST | OF_ACCOUNTS | IRC_CAP_AWAY_NOTIFY | IRC_CAP_BATCH | IRC_CAP_CAP_NOTIFY |    \
     IRC_CAP_CHANNEL_RENAME | IRC_CAP_ECHO_MESSAGE | IRC_CAP_EXTENDED_ISUPPORT |                   \
     IRC_CAP_EXTENDED_JOIN | IRC_CAP_EXTENDED_MONITOR | IRC_CAP_INVITE_NOTIFY |                    \
     IRC_CAP_LABELED_RESPONSE | IRC_CAP_MESSAGE_TAGS | IRC_CAP_METADATA_2 | IRC_CAP_METADATA_3 |   \
     IRC_CAP_MULTI_PREFIX | IRC_CAP_MULTILINE | IRC_CAP_NO_IMPLICIT_NAMES | IRC_CAP_PRE_AWAY |     \
     IRC_CAP_SERVER_TIME | IRC_CAP_SETNAME | IRC_CAP_STANDARD_REPLIES | IRC_CAP_USERHOST_IN_NAMES)

#define OF_HISTORY                                                                                 \
    (IRC_CAP_CHATHISTORY | IRC_CAP_EVENT_PLAYBACK | IRC_CAP_READ_MARKER | IRC_CAP_REDACTION |      \
     IRC_CAP_SEARCH)

#define OLD_LIST_MAX ((size_t)450) // bytes of names in a line of those who do not know 302

// Without a store there are no accounts.
static unsigned served(const struct relay *relay)
{
    unsigned missing = relay_has_accounts(relay)
                           ? (relay->has_registration ? 0 : IRC_CAP_ACCOUNT_REGISTRATION)
                           : OF_ACCOUNTS;
    return (SERVED | (relay->store ? (unsigned)OF_HISTORY : 0)) & ~missing;
}

// What LS 302 says behind the name, "" for nothing.
static const char *value_of(const struct relay *relay, const struct relay_client *client,
                            enum irc_cap cap)
{
    if (cap == IRC_CAP_MULTILINE) {
        return RELAY_MULTILINE_VALUE;
    }
    if (cap == IRC_CAP_SASL) {
        return relay_sasl_mechanisms(client);
    }
    if (cap == IRC_CAP_ACCOUNT_REGISTRATION) {
        return relay_registers_early(relay) ? "before-connect" : "";
    }
    return cap & (IRC_CAP_METADATA_2 | IRC_CAP_METADATA_3) ? RELAY_METADATA_LIMITS : "";
}

// Bytes that fit a line behind the longest head; at most so many.
static size_t room_of(const struct relay *relay, const struct relay_client *client, size_t most)
{
    size_t room = relay_room(relay, client, sizeof("CAP LIST *") - 1);
    return room < most ? room : most;
}

static void send_list(struct relay *relay, struct relay_client *client, const char *what,
                      struct str list)
{
    relay_line(relay, client, ":%s CAP %s %s :%.*s", relay->server,
               client->nick[0] ? client->nick : "*", what, STR_ARG(list));
}

static void send_names(struct relay *relay, struct relay_client *client, const char *subcommand,
                       bool has_more, struct buf *names)
{
    relay_line(relay, client, ":%s CAP %s %s%s :%.*s", relay->server,
               client->nick[0] ? client->nick : "*", subcommand, has_more ? " *" : "",
               STR_ARG(buf_str(names)));
    buf_clear(names);
}

// Those who know version 302 get values and as many lines as it takes; the others get one line,
// where drafts have no place. What is enabled is listed for these as far as a line goes, the older
// names of drafts last.
static bool is_for_old(const struct irc_cap_name *cap, bool is_ls, size_t left)
{
    bool is_draft = str_starts(cap->name, STR("draft/")) || str_starts(cap->name, STR("soju.im/"));
    return !(is_ls && is_draft) && cap->name.len + 1 <= left;
}

static bool is_older_name(const struct irc_cap_name *cap)
{
    enum irc_cap other = 0;
    struct str draft = STR("draft/");
    return str_starts(cap->name, draft) &&
           irc_cap_find(str_range(cap->name, draft.len, cap->name.len), &other);
}

static void list_caps(struct relay *relay, struct relay_client *client, const char *subcommand,
                      unsigned caps, bool is_302)
{
    bool is_ls = subcommand[1] == 'S';
    bool has_values = is_302 && (is_ls || subcommand[0] == 'N'); // LS and NEW
    size_t room = room_of(relay, client, is_302 ? RELAY_LIST_MAX : OLD_LIST_MAX);
    struct buf names;
    buf_init(&names, BUF_NO_LIMIT);
    for (size_t i = 0; i < irc_cap_count(); i++) {
        const struct irc_cap_name *cap = irc_cap_at(i);
        const char *value = has_values ? value_of(relay, client, cap->cap) : "";
        if (!(cap->cap & caps) ||
            (!is_302 && (is_older_name(cap) || !is_for_old(cap, is_ls, room - names.len)))) {
            continue;
        }
        if (is_302 && names.len + cap->name.len + str_from(value).len + 2 > room) {
            send_names(relay, client, subcommand, true, &names);
        }
        (void)buf_printf(&names, "%s%.*s%s%s", names.len ? " " : "", STR_ARG(cap->name),
                         value[0] ? "=" : "", value); // no ceiling
    }
    send_names(relay, client, subcommand, false, &names);
    buf_deinit(&names);
}

struct relay_offer relay_offer_now(const struct relay *relay)
{
    return (struct relay_offer){served(relay), relay_registers_early(relay)};
}

void relay_offer_changed(struct relay *relay, struct relay_offer before)
{
    struct relay_offer now = relay_offer_now(relay);
    unsigned lost = before.caps & ~now.caps, added = now.caps & ~before.caps;
    bool has_other_value = before.registers_early != now.registers_early;
    unsigned changed = has_other_value ? now.caps & before.caps & IRC_CAP_ACCOUNT_REGISTRATION : 0;
    for (size_t i = 0; i < relay->client_count; i++) {
        struct relay_client *client = relay->clients[i];
        bool is_told = client->kind == RELAY_KIND_IRC && client->caps & IRC_CAP_CAP_NOTIFY;
        unsigned news = added | (client->is_cap_302 ? changed : 0); // others know no values
        client->caps &= ~lost;
        if (is_told && lost) {
            list_caps(relay, client, "DEL", lost, client->is_cap_302);
        }
        if (is_told && news) {
            list_caps(relay, client, "NEW", news, client->is_cap_302);
        }
    }
}

// All of the list or nothing of it.
static bool apply(unsigned *caps, struct str list, unsigned served_caps)
{
    unsigned wanted = *caps;
    struct str name;
    while (str_next(&list, ' ', &name)) {
        enum irc_cap cap = 0;
        bool is_off = name.len && name.data[0] == '-';
        if (name.len == 0) {
            continue;
        }
        if (!irc_cap_find(str_range(name, is_off ? 1 : 0, name.len), &cap) ||
            !(cap & served_caps)) {
            return false;
        }
        wanted = is_off ? wanted & ~(unsigned)cap : wanted | (unsigned)cap;
    }
    *caps = wanted;
    return true;
}

static void request(struct relay *relay, struct relay_client *client, struct str list)
{
    unsigned wanted = client->caps;
    bool is_good = apply(&wanted, list, served(relay));
    if (is_good && client->is_cap_302 && !(wanted & IRC_CAP_CAP_NOTIFY)) {
        is_good = false; // implied by 302, it cannot be turned off
    }
    // The list comes back as it was; one too long for a line with our head in several.
    size_t room = room_of(relay, client, OLD_LIST_MAX);
    while (list.len > room) {
        size_t cut = room;
        while (cut > 0 && list.data[cut] != ' ') {
            cut--;
        }
        cut = cut ? cut : utf8_cut(list, room); // one long word: no name, it is refused anyway
        send_list(relay, client, is_good ? "ACK" : "NAK", str_range(list, 0, cut));
        list = str_range(list, cut + (list.data[cut] == ' ' ? 1 : 0), list.len);
    }
    send_list(relay, client, is_good ? "ACK" : "NAK", list);
    if (is_good) { // from now on, not before the client knows
        unsigned before = client->caps;
        client->caps = wanted;
        relay_metadata_caps_changed(client, before);
    }
}

void relay_cmd_cap(struct relay *relay, struct relay_client *client,
                   const struct irc_message *message)
{
    struct str subcommand = message->params[0];
    if (str_eq_nocase(subcommand, STR("LS"))) {
        int64_t version = 0;
        bool is_302 = str_to_int(irc_message_param(message, 1), &version) && version >= 302;
        client->is_negotiating = !client->is_registered;
        if (is_302) {
            client->is_cap_302 = true;
            client->caps |= IRC_CAP_CAP_NOTIFY;
        }
        list_caps(relay, client, "LS", served(relay), is_302); // as this question wants it
    } else if (str_eq_nocase(subcommand, STR("LIST"))) {
        list_caps(relay, client, "LIST", client->caps, client->is_cap_302);
    } else if (str_eq_nocase(subcommand, STR("REQ"))) {
        client->is_negotiating = !client->is_registered;
        request(relay, client, irc_message_param(message, 1));
    } else if (str_eq_nocase(subcommand, STR("END"))) {
        client->is_negotiating = false;
        relay_sasl_abort(relay, client);
        relay_try_register(relay, client);
    } else {
        relay_reply(relay, client, ERR_INVALIDCAPCMD, "%.*s :Invalid CAP command",
                    STR_ARG(irc_word(subcommand)));
    }
}

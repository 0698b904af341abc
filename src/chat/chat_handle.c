// What the server says: one handler a command, in a table.
#include <string.h>

#include "chat_internal.h"
#include "i18n.h"
#include "irc_format.h"
#include "irc_modes.h"
#include "irc_names.h"
#include "irc_numeric.h"
#include "mem.h"

#define WANTED                                                                                     \
    (IRC_CAP_AWAY_NOTIFY | IRC_CAP_BATCH | IRC_CAP_ECHO_MESSAGE | IRC_CAP_LABELED_RESPONSE |       \
     IRC_CAP_MESSAGE_TAGS | IRC_CAP_MULTI_PREFIX | IRC_CAP_SERVER_TIME | IRC_CAP_SETNAME)

typedef void handler(struct chat *chat, struct network *network, const struct irc_message *m);

static void members_changed(struct chat *chat, const struct buffer *buffer)
{
    chat_emit(chat, (struct chat_event){.type = CHAT_EVENT_MEMBERS,
                                        .network = buffer->network->id,
                                        .buffer = buffer->id});
}

// "2026-11-24T21:05:00.123Z" in Unix ms; 0 when it is no such time.
static int64_t parse_time(struct str text)
{
    int64_t part[7] = {0};
    static const size_t at[] = {0, 5, 8, 11, 14, 17, 20};
    static const size_t len[] = {4, 2, 2, 2, 2, 2, 3};
    if (text.len < 24) {
        return 0;
    }
    for (size_t i = 0; i < 7; i++) {
        if (!str_to_int_in(str_range(text, at[i], at[i] + len[i]), 0, 9999, &part[i])) {
            return 0;
        }
    }
    // Days from the civil calendar, March as the first month (Howard Hinnant's formula).
    int64_t y = part[0] - (part[1] <= 2 ? 1 : 0);
    int64_t m = (part[1] + 9) % 12;
    int64_t days = 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + part[2] - 1 - 719468;
    return (((days * 24 + part[3]) * 60 + part[4]) * 60 + part[5]) * 1000 + part[6];
}

static int64_t time_of(const struct irc_message *m)
{
    const struct irc_tag *tag = irc_message_tag(m, "time");
    return tag ? parse_time(tag->value) : 0;
}

static void add(struct chat *chat, struct buffer *buffer, const struct irc_message *m,
                enum chat_line_kind kind, struct str nick, struct str text)
{
    if (buffer) {
        struct chat_draft draft = {
            .kind = kind, .nick = nick, .text = text, .time_utc_ms = time_of(m)};
        (void)chat_add(chat, buffer, &draft); // its id is of no use here
    }
}

// Where a person looks: the room joined first, or what the server says of itself.
static struct buffer *lobby_of(struct chat *chat, struct network *network)
{
    for (size_t i = 0; i < chat->buffer_count; i++) {
        struct buffer *buffer = chat->buffers[i];
        if (buffer->network == network && buffer->kind == CHAT_BUFFER_CHANNEL &&
            buffer->is_joined) {
            return buffer;
        }
    }
    return chat_server(chat, network);
}

// The conversation that an error is about: its context stands between the first and the last param.
static struct buffer *buffer_of_error(const struct chat *chat, const struct network *network,
                                      const struct irc_message *m)
{
    struct buffer *buffer = NULL;
    for (size_t i = 1; i + 1 < m->param_count && !buffer; i++) {
        buffer = chat_find(chat, network, m->params[i]);
    }
    return buffer;
}

static bool is_one_of(int numeric, const int *numerics)
{
    while (*numerics && *numerics != numeric) {
        numerics++;
    }
    return *numerics != 0;
}

// Not let into a room. Into the first one: then this is no party to be at.
static void keep_out(struct chat *chat, struct network *network, struct buffer *buffer,
                     struct str name, struct str why)
{
    if (buffer) {
        buffer->wants_join = false;
        return;
    }
    struct str first = str_from(network->channel);
    if (lobby_of(chat, network)->kind == CHAT_BUFFER_SERVER &&
        irc_names_equal(network->isupport.casemap, name, first)) {
        char text[256];
        (void)str_copy(text, sizeof(text), why); // may be cut
        chat_fail(chat, network, CHAT_PROBLEM_BANNED, text);
        chat_ask(chat, network, ACTION_CLOSE);
    }
}

static void on_refusal(struct chat *chat, struct network *network, const struct irc_message *m)
{
    static const int of_talk[] = {ERR_NOSUCHNICK, ERR_NOSUCHCHANNEL, ERR_CANNOTSENDTOCHAN, 0};
    static const int of_joining[] = {ERR_TOOMANYCHANNELS, ERR_CHANNELISFULL, ERR_INVITEONLYCHAN,
                                     ERR_BANNEDFROMCHAN,  ERR_BADCHANNELKEY, 0};
    int numeric = irc_message_numeric(m);
    struct str said = irc_message_param(m, m->param_count ? m->param_count - 1 : 0);
    struct buffer *buffer = buffer_of_error(chat, network, m);
    bool is_lost = !numeric && str_eq(irc_message_param(m, 1), STR("NOT_SAVED"));
    bool is_talk = is_one_of(numeric, of_talk) ||
                   (!numeric && str_eq(irc_message_param(m, 0), STR("PRIVMSG")));
    struct buf text;
    buf_init(&text, BUF_NO_LIMIT);
    (void)buf_printf(&text, "%s", is_lost ? _("It could not be kept, so nobody got it: ") : "");
    chat_words(&text, said);
    if (buffer && is_talk) {
        chat_refuse(chat, buffer);
    }
    chat_info(chat, buffer ? buffer : lobby_of(chat, network), CHAT_LINE_ERROR, "%.*s",
              STR_ARG(buf_str(&text)));
    if (is_one_of(numeric, of_joining)) {
        keep_out(chat, network, buffer, irc_message_param(m, 1), buf_str(&text));
    }
    buf_deinit(&text);
}

// Anything else: told where it belongs, or quietly in the server's buffer.
static void on_other(struct chat *chat, struct network *network, const struct irc_message *m)
{
    int numeric = irc_message_numeric(m);
    if ((numeric >= 400 && numeric < 600) || irc_message_is(m, "FAIL")) {
        on_refusal(chat, network, m);
    } else if (numeric) {
        struct buffer *buffer = chat_find(chat, network, irc_message_param(m, 1));
        struct str said = irc_message_param(m, m->param_count ? m->param_count - 1 : 0);
        struct buf text;
        buf_init(&text, BUF_NO_LIMIT);
        bool has_dash = numeric == RPL_MOTD && str_starts(said, STR("- ")); // as RFC 2812 writes it
        chat_words(&text, str_range(said, has_dash ? 2 : 0, said.len));
        chat_info(chat, buffer ? buffer : chat_server(chat, network), CHAT_LINE_INFO, "%.*s",
                  STR_ARG(buf_str(&text)));
        buf_deinit(&text);
    }
}

static void on_ping(struct chat *chat, struct network *network, const struct irc_message *m)
{
    (void)chat;
    chat_write(network, "PONG :%.*s", STR_ARG(irc_message_param(m, 0)));
}

static void request_caps(struct network *network, struct str offered)
{
    struct buf wanted;
    struct str name;
    buf_init(&wanted, BUF_NO_LIMIT);
    while (str_next(&offered, ' ', &name)) {
        enum irc_cap cap = 0;
        size_t value = name.len;
        (void)str_find_char(name, '=', &value); // without a value the name is all
        name = str_range(name, 0, value);
        if (irc_cap_find(name, &cap) && (cap & WANTED)) {
            (void)buf_printf(&wanted, "%s%.*s", wanted.len ? " " : "", STR_ARG(name));
        }
    }
    if (wanted.len) {
        chat_write(network, "CAP REQ :%.*s", STR_ARG(buf_str(&wanted)));
    }
    buf_deinit(&wanted);
}

static void on_cap(struct chat *chat, struct network *network, const struct irc_message *m)
{
    (void)chat;
    struct str subcommand = irc_message_param(m, 1);
    struct str list = irc_message_param(m, m->param_count - 1);
    bool has_more = m->param_count > 3 && str_eq(m->params[2], STR("*"));
    struct str name;
    if (str_eq(subcommand, STR("LS"))) {
        request_caps(network, list);
        if (!has_more) {
            chat_write(network, "CAP END");
        }
    } else if (str_eq(subcommand, STR("ACK"))) {
        while (str_next(&list, ' ', &name)) {
            enum irc_cap cap = 0;
            network->caps |= irc_cap_find(name, &cap) ? (unsigned)cap : 0;
        }
    }
}

static void on_welcome(struct chat *chat, struct network *network, const struct irc_message *m)
{
    (void)str_copy(network->nick, sizeof(network->nick), irc_message_param(m, 0)); // ours
    chat_emit(chat, (struct chat_event){.type = CHAT_EVENT_NICK, .network = network->id});
    chat_online(chat, network);
}

static void on_isupport(struct chat *chat, struct network *network, const struct irc_message *m)
{
    for (size_t i = 1; i + 1 < m->param_count; i++) {
        irc_isupport_token(&network->isupport, m->params[i]);
    }
    (void)str_copy(network->name, sizeof(network->name), str_from(network->isupport.network));
    (void)chat;
}

static void on_nick_taken(struct chat *chat, struct network *network, const struct irc_message *m)
{
    if (network->state == CHAT_LINK_CONNECTING) {
        chat_nick_taken(chat, network);
    } else {
        chat_info(chat, lobby_of(chat, network), CHAT_LINE_ERROR,
                  _("The name %.*s is taken; you keep yours."), STR_ARG(irc_message_param(m, 1)));
    }
}

static void on_nick_refused(struct chat *chat, struct network *network, const struct irc_message *m)
{
    if (network->state == CHAT_LINK_CONNECTING) {
        chat_fail(chat, network, CHAT_PROBLEM_NICK,
                  _("This name is not accepted here. Choose another one."));
        chat_ask(chat, network, ACTION_CLOSE);
    } else {
        chat_info(chat, lobby_of(chat, network), CHAT_LINE_ERROR,
                  _("The name %.*s is not accepted; you keep yours."),
                  STR_ARG(irc_message_param(m, 1)));
    }
}

static void on_password(struct chat *chat, struct network *network, const struct irc_message *m)
{
    if (network->state != CHAT_LINK_CONNECTING) {
        on_other(chat, network, m); // a password of something else
        return;
    }
    chat_fail(chat, network, CHAT_PROBLEM_PASSWORD,
              network->password[0] ? _("This PIN is not the right one. Ask the host for it.")
                                   : _("This party is locked. Ask its host for the PIN."));
}

static void on_banned(struct chat *chat, struct network *network, const struct irc_message *m)
{
    (void)m;
    chat_fail(chat, network, CHAT_PROBLEM_BANNED, _("The host does not let you in."));
}

static void on_join(struct chat *chat, struct network *network, const struct irc_message *m)
{
    struct str name = irc_message_param(m, 0);
    struct buffer *buffer = chat_find(chat, network, name);
    if (chat_is_self(network, m->source.nick)) {
        buffer = buffer ? buffer : chat_open(chat, network, CHAT_BUFFER_CHANNEL, name);
        if (!buffer) {
            return;
        }
        chat_members_clear(buffer);
        buffer->is_joined = true;
        buffer->wants_join = true;
        chat_member_add(buffer, m->source.nick, 0);
        chat_joined(chat, buffer);
    } else if (buffer) {
        chat_member_add(buffer, m->source.nick, 0);
        add(chat, buffer, m, CHAT_LINE_JOIN, m->source.nick, (struct str){0});
    }
    if (buffer) {
        members_changed(chat, buffer);
    }
}

static void leave(struct chat *chat, const struct network *network, struct buffer *buffer,
                  struct str who)
{
    (void)chat_member_remove(buffer, who); // may be unknown
    if (chat_is_self(network, who)) {
        buffer->is_joined = false;
        buffer->wants_join = false;
        chat_members_clear(buffer);
    }
    members_changed(chat, buffer);
}

static void on_part(struct chat *chat, struct network *network, const struct irc_message *m)
{
    struct buffer *buffer = chat_find(chat, network, irc_message_param(m, 0));
    if (buffer) {
        add(chat, buffer, m, CHAT_LINE_LEAVE, m->source.nick, irc_message_param(m, 1));
        leave(chat, network, buffer, m->source.nick);
    }
}

static void on_kick(struct chat *chat, struct network *network, const struct irc_message *m)
{
    struct buffer *buffer = chat_find(chat, network, irc_message_param(m, 0));
    struct str who = irc_message_param(m, 1);
    struct str why = irc_message_param(m, 2);
    if (!buffer) {
        return;
    }
    struct buf text;
    bool is_me = chat_is_self(network, who);
    buf_init(&text, BUF_NO_LIMIT);
    if (is_me) {
        (void)buf_printf(&text, _("%.*s sent you out of this room"), STR_ARG(m->source.nick));
    } else {
        (void)buf_printf(&text, _("%.*s was sent out by %.*s"), STR_ARG(who),
                         STR_ARG(m->source.nick));
    }
    // Without a reason most servers repeat a name.
    if (why.len && !str_eq(why, m->source.nick) && !str_eq(why, who)) {
        (void)buf_printf(&text, _(": %.*s"), STR_ARG(why));
    }
    add(chat, buffer, m, is_me ? CHAT_LINE_ERROR : CHAT_LINE_INFO, (struct str){0}, buf_str(&text));
    buf_deinit(&text);
    leave(chat, network, buffer, who);
}

static void on_quit(struct chat *chat, struct network *network, const struct irc_message *m)
{
    for (size_t i = 0; i < chat->buffer_count; i++) {
        struct buffer *buffer = chat->buffers[i];
        if (buffer->network == network && chat_member_remove(buffer, m->source.nick)) {
            add(chat, buffer, m, CHAT_LINE_LEAVE, m->source.nick, irc_message_param(m, 0));
            members_changed(chat, buffer);
        }
    }
}

static void on_nick(struct chat *chat, struct network *network, const struct irc_message *m)
{
    struct str to = irc_message_param(m, 0);
    for (size_t i = 0; i < chat->buffer_count; i++) {
        struct buffer *buffer = chat->buffers[i];
        if (buffer->network == network && chat_member_find(buffer, m->source.nick)) {
            chat_member_rename(buffer, m->source.nick, to);
            add(chat, buffer, m, CHAT_LINE_NICK, m->source.nick, to);
            members_changed(chat, buffer);
        }
    }
    if (chat_is_self(network, m->source.nick)) {
        (void)str_copy(network->nick, sizeof(network->nick), to); // may be cut
        chat_emit(chat, (struct chat_event){.type = CHAT_EVENT_NICK, .network = network->id});
    }
}

static bool is_of_server(const struct network *network, const struct irc_message *m)
{
    return m->source.user.len == 0 && !chat_is_self(network, m->source.nick);
}

static struct buffer *buffer_of_talk(struct chat *chat, struct network *network,
                                     const struct irc_message *m)
{
    struct str target = irc_message_param(m, 0);
    size_t at = 0;
    while (target.len &&
           str_find_char(str_from(network->isupport.prefix_chars), target.data[0], &at)) {
        target = str_range(target, 1, target.len); // to hosts only
    }
    bool is_channel = irc_isupport_is_channel(&network->isupport, target);
    if (!is_channel) {
        target = chat_is_self(network, target) ? m->source.nick : target;
    }
    struct buffer *buffer = chat_find(chat, network, target);
    if (buffer || is_channel) {
        return buffer;
    }
    return is_of_server(network, m) ? lobby_of(chat, network)
                                    : chat_open(chat, network, CHAT_BUFFER_QUERY, target);
}

static void on_talk(struct chat *chat, struct network *network, const struct irc_message *m)
{
    struct buffer *buffer = buffer_of_talk(chat, network, m);
    struct str text = irc_message_param(m, 1);
    struct str command;
    struct str rest;
    bool is_own = chat_is_self(network, m->source.nick);
    enum chat_line_kind kind = irc_message_is(m, "NOTICE") ? CHAT_LINE_NOTICE : CHAT_LINE_MESSAGE;
    if (!buffer || (is_own && chat_confirm(chat, buffer, m))) {
        return;
    }
    if (kind == CHAT_LINE_NOTICE && is_of_server(network, m)) {
        struct buf told;
        buf_init(&told, BUF_NO_LIMIT);
        chat_words(&told, text);
        add(chat, buffer, m, CHAT_LINE_INFO, (struct str){0}, buf_str(&told));
        buf_deinit(&told);
        return;
    }
    if (irc_ctcp_parse(text, &command, &rest)) {
        if (!str_eq_nocase(command, STR("ACTION"))) {
            return; // other CTCP is not answered
        }
        kind = CHAT_LINE_ACTION;
        text = rest;
    }
    struct chat_draft draft = {.kind = kind,
                               .nick = m->source.nick,
                               .text = text,
                               .is_own = is_own,
                               .time_utc_ms = time_of(m),
                               .state = is_own ? CHAT_SEND_SENT : CHAT_SEND_NONE};
    (void)chat_add(chat, buffer, &draft); // its id is of no use here
}

static void set_topic(struct chat *chat, struct buffer *buffer, struct str topic)
{
    mem_free(buffer->topic);
    buffer->topic = str_dup(topic);
    chat_emit(chat, (struct chat_event){.type = CHAT_EVENT_BUFFER,
                                        .network = buffer->network->id,
                                        .buffer = buffer->id});
}

static void on_topic(struct chat *chat, struct network *network, const struct irc_message *m)
{
    struct buffer *buffer = chat_find(chat, network, irc_message_param(m, 0));
    if (buffer) {
        set_topic(chat, buffer, irc_message_param(m, 1));
        add(chat, buffer, m, CHAT_LINE_TOPIC, m->source.nick, irc_message_param(m, 1));
    }
}

static void on_topic_is(struct chat *chat, struct network *network, const struct irc_message *m)
{
    struct buffer *buffer = chat_find(chat, network, irc_message_param(m, 1));
    if (buffer) {
        set_topic(chat, buffer, irc_message_param(m, 2));
    }
}

static void on_names(struct chat *chat, struct network *network, const struct irc_message *m)
{
    struct buffer *buffer = chat_find(chat, network, irc_message_param(m, 2));
    struct str names = irc_message_param(m, 3);
    struct str name;
    while (buffer && str_next(&names, ' ', &name)) {
        size_t count = 0;
        size_t at = 0;
        unsigned ranks = 0;
        while (count < name.len &&
               str_find_char(str_from(network->isupport.prefix_chars), name.data[count], &at)) {
            ranks |= 1u << at;
            count++;
        }
        struct irc_source source = irc_source_parse(str_range(name, count, name.len));
        chat_member_add(buffer, source.nick, ranks);
    }
}

static void on_names_end(struct chat *chat, struct network *network, const struct irc_message *m)
{
    const struct buffer *buffer = chat_find(chat, network, irc_message_param(m, 1));
    if (buffer) {
        members_changed(chat, buffer);
    }
}

static int mode_arity(void *context, char letter)
{
    const struct network *network = context;
    const struct irc_isupport *isupport = &network->isupport;
    if (letter &&
        (strchr(isupport->prefix_modes, letter) || strchr(isupport->chanmodes[0], letter) ||
         strchr(isupport->chanmodes[1], letter))) {
        return 1;
    }
    return letter && strchr(isupport->chanmodes[2], letter) ? 2 : 0;
}

static void on_mode(struct chat *chat, struct network *network, const struct irc_message *m)
{
    struct buffer *buffer = chat_find(chat, network, irc_message_param(m, 0));
    struct irc_mode_walk walk;
    struct irc_mode_change change;
    if (!buffer || m->param_count < 2) {
        return;
    }
    irc_mode_walk_init(&walk, m->params[1], m->params + 2, m->param_count - 2);
    while (irc_mode_walk_next(&walk, mode_arity, network, &change)) {
        const char *modes = network->isupport.prefix_modes;
        const char *hit = change.letter ? strchr(modes, change.letter) : NULL;
        const struct member *member =
            change.has_param ? chat_member_find(buffer, change.param) : NULL;
        if (hit && member) {
            unsigned rank = 1u << (hit - modes);
            chat_member_add(buffer, change.param,
                            change.is_adding ? member->ranks | rank : member->ranks & ~rank);
        }
    }
    members_changed(chat, buffer);
}

static void on_away(struct chat *chat, struct network *network, const struct irc_message *m)
{
    for (size_t i = 0; i < chat->buffer_count; i++) {
        struct member *member = chat->buffers[i]->network == network
                                    ? chat_member_find(chat->buffers[i], m->source.nick)
                                    : NULL;
        if (member) {
            member->is_away = irc_message_param(m, 0).len > 0;
            members_changed(chat, chat->buffers[i]);
        }
    }
}

// "Closing link: host (why)", as most servers word it, is about the reason only.
static void on_error(struct chat *chat, struct network *network, const struct irc_message *m)
{
    struct str said = irc_message_param(m, 0);
    size_t at = 0;
    if (str_ends(said, STR(")")) && str_find_char(said, '(', &at)) {
        said = str_range(said, at + 1, said.len - 1);
    }
    struct buf text;
    buf_init(&text, BUF_NO_LIMIT);
    chat_words(&text, said);
    if (network->state == CHAT_LINK_ONLINE) {
        chat_info(chat, lobby_of(chat, network), CHAT_LINE_ERROR,
                  _("The party closed the link: %.*s"), STR_ARG(buf_str(&text)));
    }
    (void)str_copy(network->goodbye, sizeof(network->goodbye), buf_str(&text)); // may be cut
    buf_deinit(&text);
}

static const struct {
    const char *command;
    handler *handle;
} handlers[] = {
    // clang-format off
    {"001", on_welcome},      {"005", on_isupport},     {"332", on_topic_is},
    {"333", NULL},            {"353", on_names},        {"366", on_names_end},
    {"432", on_nick_refused}, {"433", on_nick_taken},   {"464", on_password},
    {"465", on_banned},       {"ACK", NULL},            {"AWAY", on_away},
    {"BATCH", NULL},          {"CAP", on_cap},          {"ERROR", on_error},
    {"JOIN", on_join},        {"KICK", on_kick},        {"MODE", on_mode},
    {"NICK", on_nick},        {"NOTICE", on_talk},      {"PART", on_part},
    {"PING", on_ping},        {"PONG", NULL},           {"PRIVMSG", on_talk},
    {"QUIT", on_quit},        {"TAGMSG", NULL},         {"TOPIC", on_topic},
    // clang-format on
};

void chat_handle(struct chat *chat, struct network *network, const struct irc_message *m)
{
    for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
        if (irc_message_is(m, handlers[i].command)) {
            if (handlers[i].handle) {
                handlers[i].handle(chat, network, m);
            }
            return;
        }
    }
    on_other(chat, network, m);
}

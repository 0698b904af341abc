// What a person types: text split into legal lines, commands, echoes.
#include <stdio.h>

#include "chat_internal.h"
#include "hash.h"
#include "i18n.h"
#include "utf8.h"

#define LINE_HEAD 120  // room for the source that others see before our line
#define RECENT    1000 // lines: what is under way is among them

// All who are there see it. It tells neither the seed nor the next one: who knew that could use it
// first, and the relay would take our line for a repeat.
static void id_of(const struct chat *chat, const struct line *line, char out[48])
{
    const uint64_t key[2] = {chat->seed, chat->seed};
    char text[48];
    unsigned long long halves[2];
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(text, sizeof(text), "line %llu %zu", (unsigned long long)line->id, i);
        halves[i] = hash_keyed(str_from(text), key);
    }
    (void)snprintf(out, 48, "%016llx%016llx", halves[0], halves[1]);
}

void chat_send_line(struct chat *chat, struct buffer *buffer, struct line *line)
{
    struct network *network = buffer->network;
    size_t from = line->format_count * sizeof(struct chat_format) + line->nick_len;
    struct str text = {line->bytes + from, line->text_len};
    bool is_action = line->kind == CHAT_LINE_ACTION;
    char id[48];
    char tags[80] = "";
    id_of(chat, line, id);
    if (network->caps & IRC_CAP_MESSAGE_TAGS) {
        (void)snprintf(tags, sizeof(tags), "@+ronron.chat/id=%s ", id);
    }
    chat_write(network, "%sPRIVMSG %s :%s%.*s%s", tags, buffer->name,
               is_action ? "\001ACTION " : "", STR_ARG(text), is_action ? "\001" : "");
    bool has_echo = (network->caps & IRC_CAP_ECHO_MESSAGE) != 0;
    chat_set_line(chat, buffer, line, has_echo ? CHAT_SEND_SENDING : CHAT_SEND_SENT);
}

static bool is_echo_of(const struct chat *chat, const struct line *line,
                       const struct irc_message *message)
{
    const struct irc_tag *tag = irc_message_tag(message, "+ronron.chat/id");
    char id[48];
    id_of(chat, line, id);
    if (tag) {
        return str_eq(tag->value, str_from(id));
    }
    // Without the tag the text decides: echoes come in the order of sending.
    size_t from = line->format_count * sizeof(struct chat_format) + line->nick_len;
    struct str text = {line->bytes + from, line->text_len};
    size_t at = 0;
    return str_find(irc_message_param(message, 1), text, &at);
}

bool chat_confirm(struct chat *chat, struct buffer *buffer, const struct irc_message *message)
{
    size_t count = buffer->lines.count;
    for (size_t i = count > RECENT ? count - RECENT : 0; i < count; i++) {
        struct line *line = chat_line_at(&buffer->lines, i);
        if ((line->state == CHAT_SEND_SENDING || line->state == CHAT_SEND_UNSURE) &&
            is_echo_of(chat, line, message)) {
            chat_set_line(chat, buffer, line, CHAT_SEND_SENT);
            return true;
        }
    }
    return false;
}

// Refusals come in the order of sending, as echoes do.
void chat_refuse(struct chat *chat, struct buffer *buffer)
{
    size_t count = buffer->lines.count;
    for (size_t i = count > RECENT ? count - RECENT : 0; i < count; i++) {
        struct line *line = chat_line_at(&buffer->lines, i);
        if (line->state == CHAT_SEND_SENDING) {
            chat_set_line(chat, buffer, line, CHAT_SEND_FAILED);
            return;
        }
    }
}

static void say_one(struct chat *chat, struct buffer *buffer, struct str text,
                    enum chat_line_kind kind)
{
    struct network *network = buffer->network;
    bool is_ready = network->state == CHAT_LINK_ONLINE &&
                    (buffer->kind != CHAT_BUFFER_CHANNEL || buffer->is_joined);
    struct chat_draft draft = {.kind = kind,
                               .nick = str_from(network->nick),
                               .text = text,
                               .is_own = true,
                               .state = CHAT_SEND_WAITING};
    uint64_t id = chat_add(chat, buffer, &draft);
    size_t idx = 0;
    if (is_ready && chat_find_line(&buffer->lines, id, &idx)) {
        chat_send_line(chat, buffer, chat_line_at(&buffer->lines, idx));
    }
}

// Lines of the text, each split at characters so that the wire holds it.
static void say(struct chat *chat, struct buffer *buffer, struct str text, enum chat_line_kind kind)
{
    size_t max = buffer->network->isupport.line_len - LINE_HEAD - str_from(buffer->name).len;
    struct str line;
    while (str_next(&text, '\n', &line)) {
        while (str_trim(line).len > 0) {
            size_t len = utf8_cut(line, max);
            say_one(chat, buffer, str_range(line, 0, len), kind);
            line = str_range(line, len, line.len);
        }
    }
}

static bool refuse(struct chat *chat, struct buffer *buffer, const char *sentence)
{
    chat_info(chat, buffer, CHAT_LINE_ERROR, "%s", sentence);
    return false;
}

typedef bool command_fn(struct chat *chat, struct buffer *buffer, struct str rest);

static bool cmd_me(struct chat *chat, struct buffer *buffer, struct str rest)
{
    if (rest.len == 0) {
        return refuse(chat, buffer, _("Write what you do: /me waves"));
    }
    say(chat, buffer, rest, CHAT_LINE_ACTION);
    return true;
}

static bool cmd_nick(struct chat *chat, struct buffer *buffer, struct str rest)
{
    if (rest.len == 0) {
        return refuse(chat, buffer, _("Write the new name: /nick NAME"));
    }
    chat_set_nick(chat, buffer->network->id, rest);
    return true;
}

static bool cmd_join(struct chat *chat, struct buffer *buffer, struct str rest)
{
    if (!irc_isupport_is_channel(&buffer->network->isupport, rest)) {
        return refuse(chat, buffer, _("Write the room's name: /join #room"));
    }
    chat_write(buffer->network, "JOIN %.*s", STR_ARG(rest));
    return true;
}

static bool cmd_part(struct chat *chat, struct buffer *buffer, struct str rest)
{
    if (buffer->kind != CHAT_BUFFER_CHANNEL) {
        return refuse(chat, buffer, _("Only rooms can be left."));
    }
    chat_write(buffer->network, "PART %s :%.*s", buffer->name, STR_ARG(rest));
    return true;
}

static bool cmd_msg(struct chat *chat, struct buffer *buffer, struct str rest)
{
    struct str nick;
    if (!str_next(&rest, ' ', &nick) || str_trim(rest).len == 0) {
        return refuse(chat, buffer, _("Write a name and a text: /msg NAME text"));
    }
    chat_buffer_id id = chat_open_query(chat, buffer->network->id, nick);
    struct buffer *query = chat_buffer(chat, id);
    if (query) {
        say(chat, query, rest, CHAT_LINE_MESSAGE);
    }
    return query != NULL;
}

static bool cmd_topic(struct chat *chat, struct buffer *buffer, struct str rest)
{
    (void)chat;
    chat_write(buffer->network, "TOPIC %s :%.*s", buffer->name, STR_ARG(rest));
    return true;
}

static bool cmd_kick(struct chat *chat, struct buffer *buffer, struct str rest)
{
    struct str nick;
    if (!str_next(&rest, ' ', &nick)) {
        return refuse(chat, buffer, _("Write who has to go: /kick NAME"));
    }
    chat_write(buffer->network, "KICK %s %.*s :%.*s", buffer->name, STR_ARG(nick), STR_ARG(rest));
    return true;
}

static bool cmd_away(struct chat *chat, struct buffer *buffer, struct str rest)
{
    (void)chat;
    chat_write(buffer->network, rest.len ? "AWAY :%.*s" : "AWAY%.*s", STR_ARG(rest));
    return true;
}

static bool cmd_quit(struct chat *chat, struct buffer *buffer, struct str rest)
{
    chat_leave(chat, buffer->network->id, rest);
    return true;
}

static bool cmd_help(struct chat *chat, struct buffer *buffer, struct str rest)
{
    (void)rest;
    chat_info(chat, buffer, CHAT_LINE_INFO, "%s",
              _("/me /nick /join /part /msg /topic /kick /away /quit; // begins a text with /"));
    return true;
}

// clang-format off
static const struct { struct str name; command_fn *run; } commands[] = {
    {STR_INIT("me"),    cmd_me},    {STR_INIT("moi"),     cmd_me},
    {STR_INIT("nick"),  cmd_nick},  {STR_INIT("nom"),     cmd_nick},
    {STR_INIT("join"),  cmd_join},  {STR_INIT("rejoindre"), cmd_join},
    {STR_INIT("part"),  cmd_part},  {STR_INIT("partir"),  cmd_part},
    {STR_INIT("msg"),   cmd_msg},   {STR_INIT("mp"),      cmd_msg},
    {STR_INIT("topic"), cmd_topic}, {STR_INIT("sujet"),   cmd_topic},
    {STR_INIT("kick"),  cmd_kick},  {STR_INIT("sortir"),  cmd_kick},
    {STR_INIT("away"),  cmd_away},  {STR_INIT("absent"),  cmd_away},
    {STR_INIT("quit"),  cmd_quit},  {STR_INIT("quitter"), cmd_quit},
    {STR_INIT("help"),  cmd_help},  {STR_INIT("aide"),    cmd_help},
};
// clang-format on

static bool run_command(struct chat *chat, struct buffer *buffer, struct str text)
{
    struct str rest = str_range(text, 1, text.len);
    size_t at = rest.len;
    (void)str_find_char(rest, ' ', &at); // without a space the name is all
    struct str name = str_range(rest, 0, at);
    rest = str_trim(str_range(rest, at, rest.len));
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (str_eq_nocase(name, commands[i].name)) {
            return commands[i].run(chat, buffer, rest);
        }
    }
    chat_info(chat, buffer, CHAT_LINE_ERROR,
              _("There is no command /%.*s. /help lists them; // begins a text with /."),
              STR_ARG(name));
    return false;
}

static bool is_blank(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] != ' ' && text.data[i] != '\t' && text.data[i] != '\n') {
            return false;
        }
    }
    return true;
}

// Left, sent out or not let in: nothing typed here could ever go out.
static bool is_outside(const struct buffer *buffer)
{
    return buffer->kind == CHAT_BUFFER_CHANNEL && !buffer->is_joined && !buffer->wants_join;
}

enum chat_send_result chat_send(struct chat *chat, chat_buffer_id id, struct str text)
{
    struct buffer *buffer = chat_buffer(chat, id);
    struct buf clean;
    enum chat_send_result result = CHAT_SENT;
    if (!buffer || is_blank(text)) {
        return CHAT_SENT_NOTHING;
    }
    buf_init(&clean, BUF_NO_LIMIT);
    (void)utf8_clean(&clean, text, UTF8_KEEP_FORMAT | UTF8_KEEP_NEWLINE); // no ceiling
    struct str said = buf_str(&clean);
    if (str_starts(said, STR("/")) && !str_starts(said, STR("//"))) {
        result = run_command(chat, buffer, said) ? CHAT_SENT : CHAT_SEND_REFUSED;
    } else if (buffer->kind == CHAT_BUFFER_SERVER) {
        (void)refuse(chat, buffer, _("Nobody listens here. Choose a room first."));
        result = CHAT_SEND_REFUSED;
    } else if (is_outside(buffer)) {
        chat_info(chat, buffer, CHAT_LINE_ERROR,
                  _("You are not in this room. /join %s takes you there if its host lets you."),
                  buffer->name);
        result = CHAT_SEND_REFUSED;
    } else {
        say(chat, buffer, str_range(said, str_starts(said, STR("//")) ? 1 : 0, said.len),
            CHAT_LINE_MESSAGE);
    }
    buf_deinit(&clean);
    return result;
}

void chat_resend(struct chat *chat, chat_buffer_id id, uint64_t line_id)
{
    struct buffer *buffer = chat_buffer(chat, id);
    size_t idx = 0;
    if (!buffer || !chat_find_line(&buffer->lines, line_id, &idx)) {
        return;
    }
    struct line *line = chat_line_at(&buffer->lines, idx);
    if (line->state == CHAT_SEND_UNSURE || line->state == CHAT_SEND_FAILED) {
        bool is_online = buffer->network->state == CHAT_LINK_ONLINE;
        if (is_online) {
            chat_send_line(chat, buffer, line);
        } else {
            chat_set_line(chat, buffer, line, CHAT_SEND_WAITING);
        }
    }
}

void chat_set_nick(struct chat *chat, chat_network_id id, struct str nick)
{
    struct network *network = chat_network(chat, id);
    char valid[IRC_NICK_MAX + 1];
    if (!network) {
        return;
    }
    irc_nick_from_text(nick, valid);
    if (network->is_open) {
        chat_write(network, "NICK %s", valid);
    } else {
        (void)str_copy(network->nick, sizeof(network->nick), str_from(valid)); // fits
        chat_retry(chat, id);
    }
}

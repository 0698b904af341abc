// What people say: PRIVMSG, NOTICE, TAGMSG, and the text of plain clients.
#include <stdio.h>

#include "irc_format.h"
#include "relay_multiline.h"
#include "relay_parts.h"

#define TARGETS_MAX 4
#define ID_MAX      64

struct name { // of a message, given by its sender
    char who_text[RELAY_WHO_MAX];
    char label_text[RELAY_LABEL_MAX]; // id and target: one command may go to several
    struct str who;
    struct str kept_who; // for the store; empty: only this run knows the sender
    struct str label;
};

static bool is_notice(const struct relay_speech *speech)
{
    return speech->command[0] == 'N'; // never causes an error reply
}

static bool has_tag(struct str tags, struct str key)
{
    struct str tag;
    while (str_next(&tags, ';', &tag)) {
        size_t end = tag.len;
        (void)str_find_char(tag, '=', &end); // a tag may have no value
        if (str_eq(str_range(tag, 0, end), key)) {
            return true;
        }
    }
    return false;
}

static bool is_tags_only(const struct relay_speech *speech)
{
    return speech->command[0] == 'T';
}

static bool has_lines(const struct relay_speech *speech)
{
    size_t at = 0;
    return str_find_char(speech->text, '\n', &at);
}

static void make_event(struct relay *relay, struct relay_event *event,
                       const struct relay_client *client, const struct relay_speech *speech)
{
    if (is_tags_only(speech)) {
        relay_event_from(relay, event, client, "TAGMSG %.*s", STR_ARG(speech->target));
        event->is_tags_only = true;
    } else if (has_lines(speech)) {
        relay_event_from(relay, event, client, "%s %.*s", speech->command, STR_ARG(speech->target));
        event->lines = speech->text;
        event->reference = ++relay->batch_count;
    } else {
        relay_event_from(relay, event, client, "%s %.*s :%.*s", speech->command,
                         STR_ARG(speech->target), STR_ARG(speech->text));
    }
    event->has_id = true;
    event->client_tags = speech->tags;
}

static void add_plain_line(struct relay_event *event, const struct relay_client *client,
                           struct str text)
{
    struct str command;
    struct str rest;
    if (!irc_ctcp_parse(text, &command, &rest)) {
        relay_event_plain(event, "%s: %.*s\n", client->nick, STR_ARG(text));
    } else if (str_eq(command, STR("ACTION"))) {
        relay_event_plain(event, "* %s %.*s\n", client->nick, STR_ARG(rest));
    }
}

static void add_plain(struct relay_event *event, const struct relay_client *client,
                      const struct relay_speech *speech)
{
    struct relay_lines lines = {.rest = speech->text};
    struct str line;
    while (!is_tags_only(speech) && relay_lines_next(&lines, &line)) {
        if (line.len) {
            add_plain_line(event, client, line);
        }
    }
}

// Up to 64 of A-Za-z0-9_-: what else a tag may hold names no message.
static bool is_id(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = char_lower(text.data[i]);
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-') {
            return false;
        }
    }
    return text.len > 0 && text.len <= ID_MAX;
}

// What makes the message this one and no other; false: its sender did not name it. A guest whom
// nothing but the connection tells from others is known for as long as it lasts, in memory only.
static bool name_of(const struct relay_client *client, const struct relay_speech *speech,
                    struct name *out)
{
    if (!is_id(speech->id)) {
        return false;
    }
    struct str who = relay_sender_key(client, out->who_text);
    out->kept_who = who;
    if (who.len == 0) {
        (void)snprintf(out->who_text, sizeof(out->who_text), "c:%llu",
                       (unsigned long long)client->id);
        who = str_from(out->who_text);
    }
    out->who = who;
    int len = snprintf(out->label_text, sizeof(out->label_text), "%.*s %.*s", STR_ARG(speech->id),
                       STR_ARG(speech->target));
    out->label = (struct str){out->label_text, (size_t)len};
    return len > 0 && (size_t)len < sizeof(out->label_text);
}

static void echo(struct relay *relay, struct relay_client *client, struct relay_event *event)
{
    if (client->caps & IRC_CAP_ECHO_MESSAGE) {
        relay_event_send(relay, event, client);
    }
}

static enum store_kind kind_of(const struct relay_speech *speech)
{
    return is_tags_only(speech) ? STORE_TAGMSG : is_notice(speech) ? STORE_NOTICE : STORE_PRIVMSG;
}

// The text as it goes out, which may have been cut to a legal line.
static struct str text_of(const struct relay_event *event, const struct relay_speech *speech)
{
    if (event->lines.len) {
        return event->lines;
    }
    struct str body = buf_str(&event->body);
    size_t head = str_from(speech->command).len + 1 + speech->target.len + 2;
    return is_tags_only(speech) ? (struct str){0} : str_range(body, head, body.len);
}

// From here to relay_record_end() what is written waits for the store. `target` is where the
// history belongs, empty for what has none.
static void begin_record(struct relay *relay, struct relay_client *client,
                         const struct relay_speech *speech, const struct relay_event *event,
                         struct str target)
{
    struct name name = {0};
    bool is_named = name_of(client, speech, &name);
    bool is_kept = !is_tags_only(speech) || has_tag(speech->tags, STR("+draft/persist"));
    struct relay_kept kept = {
        .line = {.id = event->id,
                 .kind = kind_of(speech),
                 .target = is_kept ? target : (struct str){0},
                 .name = irc_is_channel(target) ? speech->target : (struct str){0},
                 .source = event->source,
                 .account = relay_account_of(client),
                 .tags = speech->tags,
                 .text = text_of(event, speech),
                 .is_bot = event->is_of_bot},
        .command = str_from(speech->command),
        .as_written = speech->target,
        .who = name.kept_who,
        .known_as = name.who,
        .label = name.label,
    };
    relay_record_begin(relay, client, &kept);
    if (is_named) {
        relay_remember_sent(relay, name.who, name.label,
                            (struct relay_sent){event->id, relay->history.hold});
    }
}

// By the sign before the channel: '@' hosts, '+' voices and hosts, none everybody.
static bool is_meant(const struct relay_member *to, char status)
{
    return status == '\0' || to->is_op || (status == '+' && to->has_voice);
}

static void send_to_ranks(struct relay *relay, struct relay_event *event,
                          const struct relay_channel *channel, const struct relay_client *from,
                          char status)
{
    for (size_t i = 0; i < channel->member_count; i++) {
        const struct relay_member *to = channel->members[i];
        if (to->client != from && is_meant(to, status)) {
            relay_event_send(relay, event, to->client);
            relay->stats.deliveries++;
        }
    }
}

static void send_to_all(struct relay *relay, struct relay_event *event,
                        const struct relay_channel *channel, struct relay_client *from)
{
    bool is_member = relay_find_member(from, channel) != NULL;
    bool has_echo = (from->caps & IRC_CAP_ECHO_MESSAGE) != 0;
    // An echo with a label is another line than what the others get.
    bool gets_same = is_member && has_echo && from->label.len == 0;
    if (event->lines.len) {
        relay_event_channel(relay, event, channel, is_member && !gets_same ? from : NULL, 0);
    } else {
        relay_run_add(relay, event, channel, is_member && !gets_same ? from : NULL);
    }
    relay->stats.deliveries += channel->member_count - (is_member ? 1 : 0);
    if (has_echo && !gets_same) {
        relay_event_send(relay, event, from);
    }
}

static void speak_in_channel(struct relay *relay, struct relay_client *client,
                             const struct relay_speech *speech, struct str name, char status)
{
    const struct relay_channel *channel = relay_find_channel(relay, name);
    const char *why = channel ? relay_why_mute(relay, channel, client, speech->text) : NULL;
    if (!channel || why) {
        if (is_notice(speech)) {
            return;
        }
        if (!channel) {
            relay_reply(relay, client, ERR_NOSUCHCHANNEL, "%.*s :No such channel",
                        STR_ARG(irc_word(name)));
        } else if (client->kind == RELAY_KIND_PLAIN) {
            relay_plain_refuse(relay, client, why);
        } else {
            relay_reply(relay, client, ERR_CANNOTSENDTOCHAN, "%s :%s", channel->name, why);
        }
        return;
    }
    struct relay_event event;
    make_event(relay, &event, client, speech);
    if (channel->is_lobby && !status) {
        add_plain(&event, client, speech);
    }
    if (!is_tags_only(speech)) {
        relay_spoke(relay, channel, client);
    }
    // What only ranks may read has no place in a history that all members may read.
    begin_record(relay, client, speech, &event,
                 status ? (struct str){0} : str_from(channel->folded));
    relay->stats.messages++;
    if (status) {
        send_to_ranks(relay, &event, channel, client, status);
        echo(relay, client, &event);
    } else {
        send_to_all(relay, &event, channel, client);
    }
    relay_record_end(relay);
    relay_event_deinit(&event);
}

static void speak_to_person(struct relay *relay, struct relay_client *client,
                            const struct relay_speech *speech)
{
    struct relay_client *to = relay_find_client(relay, speech->target);
    if (!to) {
        if (!is_notice(speech)) {
            relay_reply(relay, client, ERR_NOSUCHNICK, "%.*s :No such nick",
                        STR_ARG(irc_word(speech->target)));
        }
        return;
    }
    struct relay_event event;
    make_event(relay, &event, client, speech);
    add_plain(&event, client, speech);
    // A history belongs to two accounts: a later owner of a guest's nick shall see nothing.
    char pair[256];
    struct str from = relay_account_of(client), with = relay_account_of(to);
    begin_record(relay, client, speech, &event,
                 from.len && with.len ? store_pair_key(from, with, pair) : (struct str){0});
    relay->stats.messages++;
    relay->stats.deliveries++;
    struct str label = client->label;
    if (to == client) {
        client->label = (struct str){0}; // of the two copies only the echo carries the label
    }
    relay_event_send(relay, &event, to);
    client->label = label;
    echo(relay, client, &event);
    if (to->away[0] && !is_notice(speech) && !is_tags_only(speech)) {
        relay_reply(relay, client, RPL_AWAY, "%s :%s", to->nick, to->away);
    }
    relay_record_end(relay);
    relay_event_deinit(&event);
}

// The sender gets the first copy's echo again, nobody else anything.
static bool is_repeat(struct relay *relay, struct relay_client *client,
                      const struct relay_speech *speech)
{
    struct name name;
    struct relay_sent sent;
    struct relay_event event;
    if (!name_of(client, speech, &name) || !relay_find_sent(relay, name.who, name.label, &sent)) {
        return false;
    }
    make_event(relay, &event, client, speech);
    relay_event_set_id(&event, sent.id);
    event.batch = sent.batch;
    relay_record_again(relay, client, sent.batch, name.who, name.label);
    echo(relay, client, &event);
    relay_record_end(relay);
    relay_event_deinit(&event);
    return true;
}

void relay_speak(struct relay *relay, struct relay_client *client,
                 const struct relay_speech *speech)
{
    client->spoke_ms = relay->now_ms;
    if (is_repeat(relay, client, speech)) {
        return;
    }
    bool has_status = speech->target.len > 1 && speech->target.data[1] == '#' &&
                      (speech->target.data[0] == '@' || speech->target.data[0] == '+');
    struct str name = str_range(speech->target, has_status ? 1 : 0, speech->target.len);
    if (irc_is_channel(name)) {
        speak_in_channel(relay, client, speech, name, has_status ? speech->target.data[0] : '\0');
    } else {
        speak_to_person(relay, client, speech);
    }
}

static bool is_tag_key(struct str key)
{
    for (size_t i = 1; i < key.len; i++) {
        char c = char_lower(key.data[i]);
        bool is_good =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '/';
        if (!is_good) {
            return false;
        }
    }
    return key.len > 1 && key.data[0] == '+';
}

// Only "+" tags pass, byte for byte; of a repeated key the last one.
void relay_collect_tags(struct buf *out, const struct irc_message *message)
{
    for (size_t i = 0; i < message->tag_count; i++) {
        const struct irc_tag *tag = &message->tags[i];
        bool is_last = true;
        for (size_t k = i + 1; k < message->tag_count && is_last; k++) {
            is_last = !str_eq(message->tags[k].key, tag->key);
        }
        if (is_last && is_tag_key(tag->key)) {
            (void)buf_printf(out, "%s%.*s%s%.*s", out->len ? ";" : "", STR_ARG(tag->key),
                             tag->value.len ? "=" : "", STR_ARG(tag->value));
        }
    }
}

static void talk(struct relay *relay, struct relay_client *client, const char *command,
                 const struct irc_message *message)
{
    bool has_tags = (client->caps & IRC_CAP_MESSAGE_TAGS) != 0;
    struct relay_speech speech = {.command = command, .text = irc_message_param(message, 1)};
    struct buf tags;
    buf_init(&tags, IRC_TAGS_MAX);
    if (has_tags) {
        const struct irc_tag *id = irc_message_tag(message, "+ronron.chat/id");
        speech.id = id ? id->value : (struct str){0};
        relay_collect_tags(&tags, message);
    }
    speech.tags = buf_str(&tags);
    struct str targets = message->params[0];
    for (int i = 0; str_next(&targets, ',', &speech.target); i++) {
        if (i >= TARGETS_MAX) {
            if (!is_notice(&speech)) {
                relay_reply(relay, client, ERR_TOOMANYTARGETS, "%.*s :Too many targets",
                            STR_ARG(irc_word(speech.target)));
            }
            break;
        }
        if (i > 0 && !relay_limits_pay(relay, client, 1)) {
            break; // each is a message; the first was paid for with the command
        }
        relay_speak(relay, client, &speech);
    }
    buf_deinit(&tags);
}

void relay_cmd_privmsg(struct relay *relay, struct relay_client *client,
                       const struct irc_message *message)
{
    if (irc_message_param(message, 0).len == 0) {
        relay_reply(relay, client, ERR_NORECIPIENT, ":No recipient given (PRIVMSG)");
    } else if (irc_message_param(message, 1).len == 0) {
        relay_reply(relay, client, ERR_NOTEXTTOSEND, ":No text to send");
    } else {
        talk(relay, client, "PRIVMSG", message);
    }
}

void relay_cmd_notice(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    if (irc_message_param(message, 0).len && irc_message_param(message, 1).len) {
        talk(relay, client, "NOTICE", message);
    }
}

void relay_cmd_tagmsg(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    if (!(client->caps & IRC_CAP_MESSAGE_TAGS)) {
        relay_reply(relay, client, ERR_UNKNOWNCOMMAND, "TAGMSG :Unknown command");
    } else if (message->params[0].len == 0) {
        relay_reply(relay, client, ERR_NEEDMOREPARAMS, "TAGMSG :Not enough parameters");
    } else {
        talk(relay, client, "TAGMSG", message);
    }
}

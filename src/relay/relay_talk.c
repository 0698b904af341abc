// What people say: PRIVMSG, NOTICE, TAGMSG, and the text of plain clients.
#include "irc_format.h"
#include "mem.h"
#include "relay_parts.h"

#define TARGETS_MAX 4
#define ID_MAX      64

static bool is_notice(const struct relay_speech *speech)
{
    return speech->command[0] == 'N'; // never causes an error reply
}

static bool is_tags_only(const struct relay_speech *speech)
{
    return speech->command[0] == 'T';
}

static void make_event(struct relay *relay, struct relay_event *event,
                       const struct relay_client *client, const struct relay_speech *speech)
{
    if (is_tags_only(speech)) {
        relay_event_init(relay, event, str_from(client->mask), "TAGMSG %.*s",
                         STR_ARG(speech->target));
        event->is_tags_only = true;
    } else {
        relay_event_init(relay, event, str_from(client->mask), "%s %.*s :%.*s", speech->command,
                         STR_ARG(speech->target), STR_ARG(speech->text));
    }
    event->has_id = true;
    event->is_of_bot = client->is_bot;
    event->client_tags = speech->tags;
}

static void add_plain(struct relay_event *event, const struct relay_client *client,
                      const struct relay_speech *speech)
{
    struct str command;
    struct str rest;
    struct buf clean;
    if (is_tags_only(speech)) {
        return;
    }
    buf_init(&clean, BUF_NO_LIMIT);
    bool is_ctcp = irc_ctcp_parse(speech->text, &command, &rest);
    (void)irc_format_strip(&clean, is_ctcp ? rest : speech->text); // no ceiling
    if (!is_ctcp) {
        relay_event_plain(event, "%s: %.*s\n", client->nick, STR_ARG(buf_str(&clean)));
    } else if (str_eq(command, STR("ACTION"))) {
        relay_event_plain(event, "* %s %.*s\n", client->nick, STR_ARG(buf_str(&clean)));
    }
    buf_deinit(&clean);
}

// A repeat of what was relayed: the sender gets the first echo again, nobody else anything.
static const struct relay_sent *find_sent(const struct relay_client *client, struct str id,
                                          struct str target)
{
    uint64_t hash = str_hash(id) ^ str_hash(target) * 31;
    for (size_t i = 0; client->sent && id.len && i < RELAY_SENT_IDS; i++) {
        if (client->sent[i].hash == hash) {
            return &client->sent[i];
        }
    }
    return NULL;
}

static void remember_sent(struct relay_client *client, const struct relay_speech *speech,
                          const struct relay_event *event)
{
    if (speech->id.len == 0 || speech->id.len > ID_MAX) {
        return;
    }
    if (!client->sent) {
        client->sent = mem_alloc_array(RELAY_SENT_IDS, sizeof(*client->sent));
    }
    struct relay_sent *slot = &client->sent[client->sent_next++ % RELAY_SENT_IDS];
    slot->hash = str_hash(speech->id) ^ str_hash(speech->target) * 31;
    (void)str_copy(slot->msgid, sizeof(slot->msgid), str_from(event->msgid)); // same size
    (void)str_copy(slot->time, sizeof(slot->time), str_from(event->time));    // same size
}

static void echo(struct relay *relay, struct relay_client *client, struct relay_event *event)
{
    if (client->caps & IRC_CAP_ECHO_MESSAGE) {
        relay_event_send(relay, event, client);
    }
}

// By the sign before the channel: '@' hosts, '+' voices and hosts, none everybody.
static bool is_meant(const struct relay_member *to, char status)
{
    return status == '\0' || to->is_op || (status == '+' && to->has_voice);
}

static void speak_in_channel(struct relay *relay, struct relay_client *client,
                             const struct relay_speech *speech, struct str name, char status)
{
    const struct relay_channel *channel = relay_find_channel(relay, name);
    const char *why = channel ? relay_why_mute(channel, client, speech->text) : NULL;
    if (!channel || why) {
        if (is_notice(speech)) {
            return;
        }
        if (!channel) {
            relay_reply(relay, client, ERR_NOSUCHCHANNEL, "%.*s :No such channel",
                        STR_ARG(irc_word(name)));
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
    relay->stats.messages++;
    for (size_t i = 0; i < channel->member_count; i++) {
        const struct relay_member *to = channel->members[i];
        if (to->client != client && is_meant(to, status)) {
            relay_event_send(relay, &event, to->client);
            relay->stats.deliveries++;
        }
    }
    echo(relay, client, &event);
    remember_sent(client, speech, &event);
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
    remember_sent(client, speech, &event);
    relay_event_deinit(&event);
}

void relay_speak(struct relay *relay, struct relay_client *client,
                 const struct relay_speech *speech)
{
    const struct relay_sent *before = find_sent(client, speech->id, speech->target);
    client->spoke_ms = relay->now_ms;
    if (before) {
        struct relay_event event;
        make_event(relay, &event, client, speech);
        (void)str_copy(event.msgid, sizeof(event.msgid), str_from(before->msgid)); // same size
        (void)str_copy(event.time, sizeof(event.time), str_from(before->time));    // same size
        echo(relay, client, &event);
        relay_event_deinit(&event);
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
static void collect_tags(struct buf *out, const struct irc_message *message)
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
        collect_tags(&tags, message);
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
    if (client->caps & IRC_CAP_MESSAGE_TAGS) {
        talk(relay, client, "TAGMSG", message);
    } else {
        relay_reply(relay, client, ERR_UNKNOWNCOMMAND, "TAGMSG :Unknown command");
    }
}

// REDACT (IRCv3 draft message-redaction): a message is taken back by its author or a host.
#include "relay_parts.h"
#include "relay_replay.h"

static void fail(struct relay *relay, struct relay_client *client, const char *code,
                 const struct irc_message *message, const char *text)
{
    bool has_id = code[0] != 'I'; // INVALID_TARGET names no message
    relay_line(relay, client, ":%s FAIL REDACT %s %.*s%s%.*s :%s", relay->server, code,
               STR_ARG(irc_word(message->params[0])), has_id ? " " : "",
               STR_ARG(has_id ? irc_word(message->params[1]) : (struct str){0}), text);
}

// An account is its own proof. A guest is who spoke under this name since it has it: nobody else
// can have.
static bool is_author(const struct relay_client *client, const struct store_line *line)
{
    if (line->account.len) {
        return str_eq(line->account, relay_account_of(client));
    }
    return line->id > client->named_id && str_eq(line->source, str_from(client->mask));
}

static bool may_redact(const struct relay *relay, const struct relay_client *client,
                       const struct relay_place *place, const struct store_line *line)
{
    if (is_author(client, line)) {
        return true;
    }
    const struct relay_channel *channel = place->kind == RELAY_PLACE_CHANNEL
                                              ? relay_find_channel(relay, str_from(place->name))
                                              : NULL;
    const struct relay_member *me = channel ? relay_find_member(client, channel) : NULL;
    return me && me->is_op;
}

// Like a message: to the others, and back to whom echoes are sent.
static void tell(struct relay *relay, struct relay_event *event, struct relay_client *client,
                 const struct relay_place *place)
{
    if (place->kind == RELAY_PLACE_CHANNEL) {
        const struct relay_channel *channel = relay_find_channel(relay, str_from(place->name));
        relay_event_channel(relay, event, channel, client, IRC_CAP_REDACTION);
    } else {
        struct relay_client *to = relay_find_client(relay, str_from(place->name));
        if (to && to != client && (to->caps & IRC_CAP_REDACTION)) {
            relay_event_send(relay, event, to);
        }
    }
    if ((client->caps & IRC_CAP_ECHO_MESSAGE) && (client->caps & IRC_CAP_REDACTION)) {
        relay_event_send(relay, event, client);
    }
}

static void redact(struct relay *relay, struct relay_client *client,
                   const struct relay_place *place, const struct irc_message *message, uint64_t id)
{
    struct str reason = irc_message_param(message, 2);
    if (place->kind == RELAY_PLACE_CHANNEL) {
        const struct relay_channel *channel = relay_find_channel(relay, str_from(place->name));
        reason = relay_may_add(relay, channel, client, reason);
    }
    struct relay_event event;
    relay_event_from(relay, &event, client, "REDACT %.*s %.*s%s%.*s", STR_ARG(message->params[0]),
                     STR_ARG(message->params[1]), reason.len ? " :" : "", STR_ARG(reason));
    event.has_id = true;
    store_put_redaction(relay->store, str_from(place->key), id);
    relay_remember_redacted(relay, id, store_batch(relay->store));
    relay_record_row(relay, client, "REDACT", place->name); // nobody hears of it before it is so
    tell(relay, &event, client, place);
    relay_record_end(relay);
    relay_event_deinit(&event);
}

void relay_cmd_redact(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    struct relay_place place;
    struct store_page page = {.count = 0};
    uint64_t id = 0;
    if (!relay->store) {
        relay_reply(relay, client, ERR_UNKNOWNCOMMAND, "REDACT :Unknown command");
        return;
    }
    relay_find_place(relay, client, message->params[0], &place);
    bool is_place = place.kind == RELAY_PLACE_CHANNEL || place.kind == RELAY_PLACE_PAIR;
    if (!is_place) {
        fail(relay, client, "INVALID_TARGET", message, "You cannot delete messages from there");
        return;
    }
    bool is_found = relay_id_of(message->params[1], &id) && !relay_is_redacted(relay, id) &&
                    store_find_line(relay->store, str_from(place.key), id, &page) &&
                    page.count > 0 && page.lines[0].kind <= STORE_TAGMSG;
    if (!is_found) {
        fail(relay, client, "UNKNOWN_MSGID", message, "This message does not exist or is too old");
    } else if (!may_redact(relay, client, &place, &page.lines[0])) {
        fail(relay, client, "REDACT_FORBIDDEN", message,
             "You are not authorised to delete this message");
    } else if (!relay_has_history(relay)) {
        fail(relay, client, "REDACT_FORBIDDEN", message,
             "The history cannot be changed at the moment");
    } else {
        redact(relay, client, &place, message, id);
    }
    store_page_deinit(&page);
}

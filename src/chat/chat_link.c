// The life of a link: registration, pings, losses, reconnection.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "chat_internal.h"
#include "i18n.h"
#include "mem.h"

#define PING_AFTER_MS  60000
#define PING_LIMIT_MS  15000
#define RETRY_FIRST_MS 500
#define RETRY_LAST_MS  30000
#define NICK_TRIES     8

void chat_write(struct network *network, const char *format, ...)
{
    va_list args;
    if (!network->is_open) {
        return;
    }
    va_start(args, format);
    (void)buf_vprintf(&network->out, format, args); // no ceiling; the link's queue has one
    va_end(args);
    (void)buf_append(&network->out, STR("\r\n"));
}

chat_network_id chat_join(struct chat *chat, const struct chat_join *join)
{
    if (chat->network_count == CHAT_NETWORKS_MAX) {
        return 0;
    }
    struct network *network = MEM_NEW(struct network);
    char nick[IRC_NICK_MAX + 1];
    irc_nick_from_text(join->nick, nick);
    network->id = ++chat->last_id;
    network->host = str_dup(join->host);
    network->port = join->port;
    network->password = str_dup(join->password);
    network->channel = str_dup(join->channel.len ? join->channel : STR("#party"));
    (void)snprintf(network->address, sizeof(network->address), "%s:%u", network->host,
                   network->port);
    (void)str_copy(network->nick, sizeof(network->nick), str_from(nick)); // fits
    irc_isupport_init(&network->isupport);
    buf_init(&network->out, BUF_NO_LIMIT);
    chat->networks[chat->network_count++] = network;
    chat_set_state(chat, network, CHAT_LINK_CONNECTING);
    chat_ask(chat, network, ACTION_CONNECT);
    return network->id;
}

void chat_retry(struct chat *chat, chat_network_id id)
{
    struct network *network = chat_network(chat, id);
    if (network && !network->is_open && network->state != CHAT_LINK_CONNECTING) {
        network->is_leaving = false;
        network->problem = CHAT_PROBLEM_NONE;
        network->problem_text[0] = '\0';
        chat_set_state(chat, network, CHAT_LINK_CONNECTING);
        chat_ask(chat, network, ACTION_CONNECT);
    }
}

void chat_leave(struct chat *chat, chat_network_id id, struct str goodbye)
{
    struct network *network = chat_network(chat, id);
    if (network) {
        chat_write(network, "QUIT :%.*s", STR_ARG(goodbye));
        network->is_leaving = true;
        chat_set_state(chat, network, CHAT_LINK_OFF);
        chat_ask(chat, network, ACTION_CLOSE);
    }
}

void chat_link_connected(struct chat *chat, chat_network_id id)
{
    struct network *network = chat_network(chat, id);
    if (!network || network->is_leaving) {
        return;
    }
    network->is_open = true;
    network->caps = 0;
    network->goodbye[0] = '\0';
    network->nick_tries = 0;
    network->has_ping = false;
    network->heard_ms = chat->now_ms;
    irc_isupport_init(&network->isupport);
    chat_write(network, "CAP LS 302");
    if (network->password[0]) {
        chat_write(network, "PASS :%s", network->password);
    }
    chat_write(network, "NICK %s", network->nick);
    chat_write(network, "USER %s 0 * :%s", network->nick, network->nick);
}

void chat_nick_taken(struct chat *chat, struct network *network)
{
    char base[IRC_NICK_MAX + 1];
    if (network->nick_tries++ >= NICK_TRIES) {
        chat_fail(chat, network, CHAT_PROBLEM_NICK,
                  _("Your name and names like it are taken here. Choose another one."));
        chat_ask(chat, network, ACTION_CLOSE);
        return;
    }
    struct str nick = str_from(network->nick);
    size_t len = nick.len;
    while (len > 1 && nick.data[len - 1] >= '0' && nick.data[len - 1] <= '9') {
        len--;
    }
    len = len < IRC_NICK_MAX - 2 ? len : IRC_NICK_MAX - 2;
    (void)str_copy(base, sizeof(base), str_range(nick, 0, len)); // measured above
    (void)snprintf(network->nick, sizeof(network->nick), "%s%d", base, network->nick_tries + 1);
    chat_write(network, "NICK %s", network->nick);
}

void chat_online(struct chat *chat, struct network *network)
{
    network->was_online = true;
    network->retries = 0;
    network->problem = CHAT_PROBLEM_NONE;
    chat_set_state(chat, network, CHAT_LINK_ONLINE);
    bool has_any = false;
    for (size_t i = 0; i < chat->buffer_count; i++) {
        const struct buffer *buffer = chat->buffers[i];
        if (buffer->network == network && buffer->wants_join) {
            chat_write(network, "JOIN %s", buffer->name);
            has_any = true;
        }
    }
    if (!has_any) {
        chat_write(network, "JOIN %s", network->channel);
    }
    for (size_t i = 0; i < chat->buffer_count; i++) {
        if (chat->buffers[i]->network == network && chat->buffers[i]->kind == CHAT_BUFFER_QUERY) {
            chat_joined(chat, chat->buffers[i]);
        }
    }
}

// Lines typed while the link was down go out in their order.
void chat_joined(struct chat *chat, struct buffer *buffer)
{
    for (size_t i = 0; i < buffer->lines.count; i++) {
        struct line *line = chat_line_at(&buffer->lines, i);
        if (line->state == CHAT_SEND_WAITING) {
            chat_send_line(chat, buffer, line);
        }
    }
}

void chat_link_line(struct chat *chat, chat_network_id id, struct str text)
{
    struct network *network = chat_network(chat, id);
    struct irc_message message;
    if (network && network->is_open && irc_message_parse(&message, text)) {
        network->heard_ms = chat->now_ms;
        network->has_ping = false;
        chat_handle(chat, network, &message);
    }
}

static void lose_buffers(struct chat *chat, struct network *network)
{
    for (size_t i = 0; i < chat->buffer_count; i++) {
        struct buffer *buffer = chat->buffers[i];
        if (buffer->network != network) {
            continue;
        }
        buffer->is_joined = false;
        chat_members_clear(buffer);
        for (size_t k = 0; k < buffer->lines.count; k++) {
            struct line *line = chat_line_at(&buffer->lines, k);
            if (line->state == CHAT_SEND_SENDING) {
                chat_set_line(chat, buffer, line, CHAT_SEND_UNSURE);
            }
        }
        chat_emit(chat, (struct chat_event){.type = CHAT_EVENT_MEMBERS,
                                            .network = network->id,
                                            .buffer = buffer->id});
    }
}

static void plan_retry(struct chat *chat, struct network *network)
{
    int64_t delay = RETRY_FIRST_MS;
    for (int i = 0; i < network->retries && delay < RETRY_LAST_MS; i++) {
        delay *= 2;
    }
    delay = delay < RETRY_LAST_MS ? delay : RETRY_LAST_MS;
    delay += rng_below(&chat->rng, (uint32_t)(delay / 4)); // so that not all come back at once
    network->retries++;
    network->retry_at_ms = chat->now_ms + delay;
    chat_set_state(chat, network, CHAT_LINK_WAITING);
}

void chat_link_closed(struct chat *chat, chat_network_id id, struct str reason)
{
    struct network *network = chat_network(chat, id);
    if (!network) {
        return;
    }
    bool was_open = network->is_open;
    network->is_open = false;
    buf_clear(&network->out);
    lose_buffers(chat, network);
    if (network->is_leaving || network->state == CHAT_LINK_FAILED) {
        return;
    }
    if (network->was_online) {
        plan_retry(chat, network);
        return;
    }
    if (was_open && network->goodbye[0]) {
        chat_fail(chat, network, CHAT_PROBLEM_TURNED_AWAY, network->goodbye);
        return;
    }
    char text[256];
    (void)str_copy(text, sizeof(text), reason); // may be cut
    chat_fail(chat, network, was_open ? CHAT_PROBLEM_NOT_IRC : CHAT_PROBLEM_ADDRESS, text);
}

static void tick_network(struct chat *chat, struct network *network)
{
    if (network->state == CHAT_LINK_WAITING && chat->now_ms >= network->retry_at_ms) {
        chat_retry(chat, network->id);
    }
    if (network->state != CHAT_LINK_ONLINE) {
        return;
    }
    int64_t silent = chat->now_ms - network->heard_ms;
    if (network->has_ping && silent >= PING_AFTER_MS + PING_LIMIT_MS) {
        network->has_ping = false;
        chat_ask(chat, network, ACTION_CLOSE);
    } else if (!network->has_ping && silent >= PING_AFTER_MS) {
        network->has_ping = true;
        chat_write(network, "PING ronron");
    }
}

void chat_tick(struct chat *chat)
{
    for (size_t i = 0; i < chat->network_count; i++) {
        tick_network(chat, chat->networks[i]);
    }
}

int chat_wake_ms(const struct chat *chat)
{
    int64_t next = -1;
    for (size_t i = 0; i < chat->network_count; i++) {
        const struct network *network = chat->networks[i];
        int64_t due = -1;
        if (network->state == CHAT_LINK_WAITING) {
            due = network->retry_at_ms;
        } else if (network->state == CHAT_LINK_ONLINE) {
            due = network->heard_ms + PING_AFTER_MS + (network->has_ping ? PING_LIMIT_MS : 0);
        }
        if (due >= 0 && (next < 0 || due < next)) {
            next = due;
        }
    }
    if (next < 0) {
        return -1;
    }
    return next > chat->now_ms ? (int)(next - chat->now_ms) : 0;
}

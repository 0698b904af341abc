// Networks, buffers, requests and events.
#include "chat.h"
#include "chat_lines.h"

#include <string.h>

#include "chat_internal.h"
#include "check.h"
#include "mem.h"

struct chat *chat_create(uint64_t seed)
{
    struct chat *chat = MEM_NEW(struct chat);
    rng_init(&chat->rng, seed);
    chat->seed = seed;
    buf_init(&chat->sending, BUF_NO_LIMIT);
    return chat;
}

static void free_buffer(struct buffer *buffer)
{
    chat_members_clear(buffer);
    map_deinit(&buffer->by_nick);
    mem_free(buffer->members);
    chat_free_lines(&buffer->lines);
    mem_free(buffer->name);
    mem_free(buffer->folded);
    mem_free(buffer->topic);
    mem_free(buffer);
}

static void free_network(struct network *network)
{
    buf_deinit(&network->out);
    mem_free(network->host);
    mem_free(network->password);
    mem_free(network->channel);
    mem_free(network);
}

void chat_destroy(struct chat *chat)
{
    if (!chat) {
        return;
    }
    for (size_t i = 0; i < chat->buffer_count; i++) {
        free_buffer(chat->buffers[i]);
    }
    for (size_t i = 0; i < chat->network_count; i++) {
        free_network(chat->networks[i]);
    }
    buf_deinit(&chat->sending);
    mem_free(chat->events);
    mem_free(chat);
}

void chat_set_time(struct chat *chat, int64_t now_ms, int64_t now_utc_ms)
{
    chat->now_ms = now_ms;
    chat->now_utc_ms = now_utc_ms;
}

void chat_emit(struct chat *chat, struct chat_event event)
{
    if (chat->event_count == chat->event_size) {
        size_t size = chat->event_size ? chat->event_size * 2 : 64;
        struct chat_event *events = mem_alloc_array(size, sizeof(*events));
        for (size_t i = 0; i < chat->event_count; i++) {
            events[i] = chat->events[(chat->event_first + i) % chat->event_size];
        }
        mem_free(chat->events);
        chat->events = events;
        chat->event_first = 0;
        chat->event_size = size;
    }
    size_t at = (chat->event_first + chat->event_count++) % chat->event_size;
    chat->events[at] = event;
}

bool chat_next_event(struct chat *chat, struct chat_event *out)
{
    if (chat->event_count == 0) {
        return false;
    }
    *out = chat->events[chat->event_first];
    chat->event_first = (chat->event_first + 1) % chat->event_size;
    chat->event_count--;
    return true;
}

void chat_ask(struct chat *chat, struct network *network, enum action action)
{
    check(chat->request_count < sizeof(chat->requests) / sizeof(chat->requests[0]));
    for (size_t i = 0; i < chat->request_count; i++) {
        if (chat->requests[i].network == network->id && chat->requests[i].action == action) {
            return; // asked already
        }
    }
    chat->requests[chat->request_count++] = (struct request){action, network->id};
}

// What is written goes out before a close, so that a goodbye arrives.
static bool next_bytes(struct chat *chat, struct chat_request *out)
{
    for (size_t i = 0; i < chat->network_count; i++) {
        struct network *network = chat->networks[i];
        if (network->out.len == 0) {
            continue;
        }
        buf_clear(&chat->sending);
        (void)buf_append(&chat->sending, buf_str(&network->out)); // no ceiling
        buf_clear(&network->out);
        *out = (struct chat_request){
            .type = CHAT_REQUEST_SEND, .network = network->id, .bytes = buf_str(&chat->sending)};
        return true;
    }
    return false;
}

bool chat_next_request(struct chat *chat, struct chat_request *out)
{
    if (next_bytes(chat, out)) {
        return true;
    }
    while (chat->request_count > 0) {
        struct request request = chat->requests[0];
        chat->request_count--;
        memmove(chat->requests, chat->requests + 1, chat->request_count * sizeof(request));
        const struct network *network = chat_network(chat, request.network);
        if (!network) {
            continue;
        }
        *out = (struct chat_request){
            .type = request.action == ACTION_CONNECT ? CHAT_REQUEST_CONNECT : CHAT_REQUEST_CLOSE,
            .network = network->id,
            .host = str_from(network->host),
            .port = network->port,
        };
        return true;
    }
    return false;
}

struct network *chat_network(const struct chat *chat, chat_network_id id)
{
    for (size_t i = 0; i < chat->network_count; i++) {
        if (chat->networks[i]->id == id) {
            return chat->networks[i];
        }
    }
    return NULL;
}

struct buffer *chat_buffer(const struct chat *chat, chat_buffer_id id)
{
    for (size_t i = 0; i < chat->buffer_count; i++) {
        if (chat->buffers[i]->id == id) {
            return chat->buffers[i];
        }
    }
    return NULL;
}

void chat_fold(const struct network *network, struct str name, char *out, size_t size)
{
    struct str cut = str_range(name, 0, size - 1);
    (void)irc_names_fold(network->isupport.casemap, cut, out, size); // cut to fit
}

bool chat_is_self(const struct network *network, struct str nick)
{
    return irc_names_equal(network->isupport.casemap, nick, str_from(network->nick));
}

struct buffer *chat_find(const struct chat *chat, const struct network *network, struct str name)
{
    for (size_t i = 0; i < chat->buffer_count; i++) {
        struct buffer *buffer = chat->buffers[i];
        if (buffer->network == network && buffer->kind != CHAT_BUFFER_SERVER &&
            irc_names_equal(network->isupport.casemap, str_from(buffer->name), name)) {
            return buffer;
        }
    }
    return NULL;
}

// NULL when there are too many already.
struct buffer *chat_open(struct chat *chat, struct network *network, enum chat_buffer_kind kind,
                         struct str name)
{
    if (chat->buffer_count == CHAT_BUFFERS_MAX) {
        return NULL;
    }
    struct buffer *buffer = MEM_NEW(struct buffer);
    char folded[512];
    chat_fold(network, name, folded, sizeof(folded));
    buffer->id = ++chat->last_id;
    buffer->network = network;
    buffer->kind = kind;
    buffer->name = str_dup(name);
    buffer->folded = mem_copy_text(folded);
    buffer->topic = mem_copy_text("");
    map_init(&buffer->by_nick, chat->seed);
    size_t at = chat->buffer_count;
    while (at > 0 && chat->buffers[at - 1]->kind > kind) {
        chat->buffers[at] = chat->buffers[at - 1];
        at--;
    }
    chat->buffers[at] = buffer;
    chat->buffer_count++;
    chat_emit(chat, (struct chat_event){
                        .type = CHAT_EVENT_BUFFER, .network = network->id, .buffer = buffer->id});
    return buffer;
}

struct buffer *chat_server(struct chat *chat, struct network *network)
{
    for (size_t i = 0; i < chat->buffer_count; i++) {
        if (chat->buffers[i]->network == network && chat->buffers[i]->kind == CHAT_BUFFER_SERVER) {
            return chat->buffers[i];
        }
    }
    return chat_open(chat, network, CHAT_BUFFER_SERVER, str_from(network->host));
}

static void drop_buffer(struct chat *chat, size_t at)
{
    struct buffer *buffer = chat->buffers[at];
    chat->buffer_count--;
    memmove(&chat->buffers[at], &chat->buffers[at + 1],
            (chat->buffer_count - at) * sizeof(struct buffer *));
    chat_emit(chat, (struct chat_event){.type = CHAT_EVENT_BUFFER,
                                        .network = buffer->network->id,
                                        .buffer = buffer->id});
    free_buffer(buffer);
}

void chat_close(struct chat *chat, chat_buffer_id id)
{
    for (size_t i = 0; i < chat->buffer_count; i++) {
        struct buffer *buffer = chat->buffers[i];
        if (buffer->id == id) {
            if (buffer->kind == CHAT_BUFFER_CHANNEL && buffer->is_joined) {
                chat_write(buffer->network, "PART %s", buffer->name);
            }
            drop_buffer(chat, i);
            return;
        }
    }
}

void chat_set_state(struct chat *chat, struct network *network, enum chat_link_state state)
{
    if (network->state != state) {
        network->state = state;
        chat_emit(chat, (struct chat_event){.type = CHAT_EVENT_LINK, .network = network->id});
    }
}

void chat_fail(struct chat *chat, struct network *network, enum chat_problem problem,
               const char *sentence)
{
    network->problem = problem;
    (void)str_copy(network->problem_text, sizeof(network->problem_text), str_from(sentence));
    network->retry_at_ms = 0;
    chat_set_state(chat, network, CHAT_LINK_FAILED);
    chat_emit(chat, (struct chat_event){.type = CHAT_EVENT_LINK, .network = network->id});
}

enum chat_link_state chat_link_state(const struct chat *chat, chat_network_id id)
{
    const struct network *network = chat_network(chat, id);
    return network ? network->state : CHAT_LINK_OFF;
}

enum chat_problem chat_problem(const struct chat *chat, chat_network_id id)
{
    const struct network *network = chat_network(chat, id);
    return network ? network->problem : CHAT_PROBLEM_NONE;
}

struct str chat_problem_text(const struct chat *chat, chat_network_id id)
{
    const struct network *network = chat_network(chat, id);
    return str_from(network ? network->problem_text : NULL);
}

int chat_retry_in_ms(const struct chat *chat, chat_network_id id)
{
    const struct network *network = chat_network(chat, id);
    bool is_waiting = network && network->state == CHAT_LINK_WAITING;
    return is_waiting && network->retry_at_ms > chat->now_ms
               ? (int)(network->retry_at_ms - chat->now_ms)
               : 0;
}

struct str chat_nick(const struct chat *chat, chat_network_id id)
{
    const struct network *network = chat_network(chat, id);
    return str_from(network ? network->nick : NULL);
}

struct str chat_network_name(const struct chat *chat, chat_network_id id)
{
    const struct network *network = chat_network(chat, id);
    return str_from(network ? (network->name[0] ? network->name : network->host) : NULL);
}

struct str chat_address(const struct chat *chat, chat_network_id id)
{
    const struct network *network = chat_network(chat, id);
    return str_from(network ? network->address : NULL);
}

chat_network_id chat_network_at(const struct chat *chat, size_t idx)
{
    return idx < chat->network_count ? chat->networks[idx]->id : 0;
}

size_t chat_buffer_count(const struct chat *chat)
{
    return chat->buffer_count;
}

chat_buffer_id chat_buffer_at(const struct chat *chat, size_t idx)
{
    return idx < chat->buffer_count ? chat->buffers[idx]->id : 0;
}

chat_buffer_id chat_buffer_find(const struct chat *chat, chat_network_id id, struct str name)
{
    const struct network *network = chat_network(chat, id);
    const struct buffer *buffer = network ? chat_find(chat, network, name) : NULL;
    return buffer ? buffer->id : 0;
}

enum chat_buffer_kind chat_buffer_kind(const struct chat *chat, chat_buffer_id id)
{
    const struct buffer *buffer = chat_buffer(chat, id);
    return buffer ? buffer->kind : CHAT_BUFFER_SERVER;
}

chat_network_id chat_buffer_network(const struct chat *chat, chat_buffer_id id)
{
    const struct buffer *buffer = chat_buffer(chat, id);
    return buffer ? buffer->network->id : 0;
}

struct str chat_buffer_name(const struct chat *chat, chat_buffer_id id)
{
    const struct buffer *buffer = chat_buffer(chat, id);
    return str_from(buffer ? buffer->name : NULL);
}

struct str chat_buffer_topic(const struct chat *chat, chat_buffer_id id)
{
    const struct buffer *buffer = chat_buffer(chat, id);
    return str_from(buffer ? buffer->topic : NULL);
}

size_t chat_unread(const struct chat *chat, chat_buffer_id id)
{
    const struct buffer *buffer = chat_buffer(chat, id);
    return buffer ? buffer->unread : 0;
}

size_t chat_mentions(const struct chat *chat, chat_buffer_id id)
{
    const struct buffer *buffer = chat_buffer(chat, id);
    return buffer ? buffer->mentions : 0;
}

void chat_mark_read(struct chat *chat, chat_buffer_id id)
{
    struct buffer *buffer = chat_buffer(chat, id);
    if (buffer && (buffer->unread || buffer->mentions)) {
        buffer->unread = 0;
        buffer->mentions = 0;
        chat_emit(chat, (struct chat_event){.type = CHAT_EVENT_BUFFER,
                                            .network = buffer->network->id,
                                            .buffer = id});
    }
}

chat_buffer_id chat_open_query(struct chat *chat, chat_network_id id, struct str nick)
{
    struct network *network = chat_network(chat, id);
    if (!network || nick.len == 0) {
        return 0;
    }
    struct buffer *buffer = chat_find(chat, network, nick);
    buffer = buffer ? buffer : chat_open(chat, network, CHAT_BUFFER_QUERY, nick);
    return buffer ? buffer->id : 0;
}

// What a person is in: networks, buffers, lines, members; without pixels, sockets or clock.
//
// The owner connects chat to the world with values in both directions:
//     chat_next_request(chat, &request)  what to do: connect, send these bytes, close
//     chat_link_*(chat, network, ...)    what happened on the link, as the receive thread told
//     chat_next_event(chat, &event)      what changed, for whoever draws
// Own lines appear at once; their state becomes SENT when the echo comes back. Lines typed while
// the link is down wait and are sent after reconnection; a line whose echo never came before the
// link broke becomes UNSURE and says so.
//
// Ids:       never given twice; an id of something gone is refused (NULL, 0, false).
// Ownership: views live until the next call that changes chat.
// Thread:    main.
#ifndef CHAT_H
#define CHAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct chat;
typedef uint32_t chat_network_id;
typedef uint32_t chat_buffer_id;

#define CHAT_LINES_MAX 100000 // kept per buffer; the oldest go

struct chat *chat_create(uint64_t seed); // seed, a secret: message ids, tables, jitter of reconnection
void chat_destroy(struct chat *chat);
void chat_set_time(struct chat *chat, int64_t now_ms, int64_t now_utc_ms); // before anything else
int chat_wake_ms(const struct chat *chat); // until it wants chat_tick(); -1: never
void chat_tick(struct chat *chat);         // reconnection, pings, time-outs

// --- link: what the owner must do ---
enum chat_request_type { CHAT_REQUEST_CONNECT, CHAT_REQUEST_SEND, CHAT_REQUEST_CLOSE };
struct chat_request {
    enum chat_request_type type;
    chat_network_id network;
    struct str host;  // CONNECT
    uint16_t port;    // CONNECT
    struct str bytes; // SEND; whole lines. Valid until the next call
};
bool chat_next_request(struct chat *chat, struct chat_request *out);

// --- link: what happened (from the receive thread's batches, applied on main) ---
void chat_link_connected(struct chat *chat, chat_network_id id);
void chat_link_line(struct chat *chat, chat_network_id id, struct str text);
// reason: a sentence for people. is_refused: the address is wrong or nobody listens there.
void chat_link_closed(struct chat *chat, chat_network_id id, struct str reason);

// --- networks ---
enum chat_link_state {
    CHAT_LINK_OFF,        // not wanted
    CHAT_LINK_CONNECTING, // lookup, connect, registration
    CHAT_LINK_ONLINE,
    CHAT_LINK_WAITING, // lost; tries again by itself in chat_retry_in_ms()
    CHAT_LINK_FAILED,  // needs a person: chat_problem() says why
};
enum chat_problem {
    CHAT_PROBLEM_NONE,
    CHAT_PROBLEM_ADDRESS,  // wrong address, nobody listens there
    CHAT_PROBLEM_NICK,     // nick refused
    CHAT_PROBLEM_PASSWORD, // locked party: PIN missing or wrong
    CHAT_PROBLEM_BANNED, // from the party, or from the room to be joined first
    CHAT_PROBLEM_NOT_IRC,
    CHAT_PROBLEM_TURNED_AWAY, // the server closed the link and said why: full, too many
};
struct chat_join {
    struct str host;
    uint16_t port;
    struct str nick;     // any text; made valid by itself
    struct str password; // empty: none
    struct str channel;  // empty: the party's lobby, #party
};
// The first connection attempt fails at once (FAILED); later losses are retried for ever.
chat_network_id chat_join(struct chat *chat, const struct chat_join *join);
void chat_retry(struct chat *chat, chat_network_id id);                     // now
void chat_leave(struct chat *chat, chat_network_id id, struct str goodbye); // QUIT, close
enum chat_link_state chat_link_state(const struct chat *chat, chat_network_id id);
enum chat_problem chat_problem(const struct chat *chat, chat_network_id id);
struct str chat_problem_text(const struct chat *chat,
                             chat_network_id id); // translated sentence
int chat_retry_in_ms(const struct chat *chat, chat_network_id id);
struct str chat_nick(const struct chat *chat, chat_network_id id);
struct str chat_network_name(const struct chat *chat, chat_network_id id);
struct str chat_address(const struct chat *chat, chat_network_id id); // "host:port"
chat_network_id chat_network_at(const struct chat *chat, size_t idx); // 0 at the end

// --- buffers ---
enum chat_buffer_kind { CHAT_BUFFER_CHANNEL, CHAT_BUFFER_QUERY, CHAT_BUFFER_SERVER };
size_t chat_buffer_count(const struct chat *chat);
chat_buffer_id chat_buffer_at(const struct chat *chat, size_t idx); // channels, queries, servers
chat_buffer_id chat_buffer_find(const struct chat *chat, chat_network_id id, struct str name);
enum chat_buffer_kind chat_buffer_kind(const struct chat *chat, chat_buffer_id id);
chat_network_id chat_buffer_network(const struct chat *chat, chat_buffer_id id);
struct str chat_buffer_name(const struct chat *chat, chat_buffer_id id);
struct str chat_buffer_topic(const struct chat *chat, chat_buffer_id id);
size_t chat_unread(const struct chat *chat, chat_buffer_id id);
size_t chat_mentions(const struct chat *chat, chat_buffer_id id);
void chat_mark_read(struct chat *chat, chat_buffer_id id);
chat_buffer_id chat_open_query(struct chat *chat, chat_network_id id, struct str nick);
void chat_close(struct chat *chat, chat_buffer_id id); // PART for a channel

// --- doing ---
enum chat_send_result { CHAT_SENT, CHAT_SENT_NOTHING, CHAT_SEND_REFUSED };
// Text or /command (me, nick, join, part, msg, topic, kick, away, quit, help, raw names in French
// too). REFUSED: an ERROR line says why; the caller keeps the text in the field. Long text is split
// at characters.
enum chat_send_result chat_send(struct chat *chat, chat_buffer_id id, struct str text);
void chat_resend(struct chat *chat, chat_buffer_id id, uint64_t line_id);
void chat_set_nick(struct chat *chat, chat_network_id id, struct str nick);

// --- what changed ---
enum chat_event_type {
    CHAT_EVENT_LINK,    // state of a network
    CHAT_EVENT_BUFFER,  // opened, closed, topic, name
    CHAT_EVENT_LINE,    // one new line at the end
    CHAT_EVENT_CHANGED, // a line's state or text
    CHAT_EVENT_MEMBERS,
    CHAT_EVENT_NICK, // ours
};
struct chat_event {
    enum chat_event_type type;
    chat_network_id network;
    chat_buffer_id buffer;
    uint64_t line;
    bool is_mention; // LINE: a mention or private message
};
bool chat_next_event(struct chat *chat, struct chat_event *out);

#endif

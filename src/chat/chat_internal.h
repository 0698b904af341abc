// What the chat room's own files share. Private to chat.
#ifndef CHAT_INTERNAL_H
#define CHAT_INTERNAL_H

#include "buf.h"
#include "chat.h"
#include "chat_lines.h"
#include "chat_ring.h"
#include "irc_caps.h"
#include "irc_isupport.h"
#include "irc_message.h"
#include "map.h"
#include "rng.h"

#define CHAT_TEXT_MAX     8192 // bytes of one line shown
#define CHAT_NETWORKS_MAX 8
#define CHAT_BUFFERS_MAX  256
#define CHAT_MEMBERS_MAX  5000 // of one channel
#define CHAT_EVENTS_MAX   ((size_t)64 * 1024)

struct member {
    char *nick;     // owned
    char *folded;   // owned
    unsigned ranks; // a bit for each place in PREFIX: bit 0 is the highest rank
    int order;      // of the last sorting: hosts, other ranks, everybody else
    bool is_away;
};

struct buffer {
    chat_buffer_id id;
    struct network *network; // borrowed
    enum chat_buffer_kind kind;
    char *name;   // owned
    char *folded; // owned
    char *topic;  // owned
    struct ring lines;
    struct member **members; // owned, sorted
    size_t member_count;
    struct map by_nick; // folded -> member
    bool is_joined;
    bool wants_join; // again after a lost link
    bool is_sorted;
    size_t unread;
    size_t mentions;
};

struct network {
    chat_network_id id;
    char *host; // owned
    uint16_t port;
    char *password; // owned
    char *channel;  // owned: joined first
    char address[300];
    char nick[128]; // wanted, then in force
    char name[64];
    enum chat_link_state state;
    enum chat_problem problem;
    char problem_text[256];
    struct irc_isupport isupport;
    unsigned caps;
    bool was_online; // since chat_join(): losses are retried
    bool is_open;    // the link is up
    bool is_leaving;
    char goodbye[256]; // why the server closes the link, as it said itself
    int nick_tries;
    int retries;
    int64_t retry_at_ms;
    int64_t heard_ms;
    bool has_ping;
    struct buf out; // bytes for the link
};

enum action { ACTION_CONNECT = 1, ACTION_CLOSE = 2 };

struct request {
    enum action action;
    chat_network_id network;
};

struct chat {
    struct rng rng;
    int64_t now_ms;
    int64_t now_utc_ms;
    uint64_t last_line_id;
    uint32_t last_id; // of networks and buffers
    uint64_t last_message;
    uint64_t seed;
    struct network *networks[CHAT_NETWORKS_MAX]; // owned
    size_t network_count;
    struct buffer *buffers[CHAT_BUFFERS_MAX]; // owned, in the order shown
    size_t buffer_count;
    struct chat_event *events; // owned queue
    size_t event_first;
    size_t event_count;
    size_t event_size;
    struct request requests[CHAT_NETWORKS_MAX * 4];
    size_t request_count;
    struct buf sending; // bytes handed out by the last request
};

// --- chat.c ---
void chat_emit(struct chat *chat, struct chat_event event);
void chat_ask(struct chat *chat, struct network *network, enum action action);
struct network *chat_network(const struct chat *chat, chat_network_id id);
struct buffer *chat_buffer(const struct chat *chat, chat_buffer_id id);
struct buffer *chat_find(const struct chat *chat, const struct network *network, struct str name);
struct buffer *chat_open(struct chat *chat, struct network *network, enum chat_buffer_kind kind,
                         struct str name);
struct buffer *chat_server(struct chat *chat, struct network *network);
void chat_set_state(struct chat *chat, struct network *network, enum chat_link_state state);
void chat_fail(struct chat *chat, struct network *network, enum chat_problem problem,
               const char *sentence);
bool chat_is_self(const struct network *network, struct str nick);
void chat_fold(const struct network *network, struct str name, char *out, size_t size);

// --- chat_lines.c ---
struct chat_draft {
    enum chat_line_kind kind;
    enum chat_send_state state;
    int64_t time_utc_ms; // 0: now
    bool is_own;
    struct str nick;
    struct str text; // with formatting codes, any bytes
};
uint64_t chat_add(struct chat *chat, struct buffer *buffer, const struct chat_draft *draft);
void chat_info(struct chat *chat, struct buffer *buffer, enum chat_line_kind kind,
               const char *format, ...) __attribute__((format(printf, 4, 5)));
void chat_set_line(struct chat *chat, struct buffer *buffer, struct line *line,
                   enum chat_send_state state);

// --- chat_members.c ---
struct member *chat_member_find(const struct buffer *buffer, struct str nick);
void chat_member_add(struct buffer *buffer, struct str nick, unsigned ranks);
bool chat_member_remove(struct buffer *buffer, struct str nick);
void chat_member_rename(struct buffer *buffer, struct str from, struct str to);
void chat_members_clear(struct buffer *buffer);
void chat_members_sort(struct buffer *buffer);

// --- chat_link.c ---
void chat_write(struct network *network, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void chat_online(struct chat *chat, struct network *network);
void chat_joined(struct chat *chat, struct buffer *buffer); // sends what waited
void chat_nick_taken(struct chat *chat, struct network *network);

// --- chat_handle.c ---
void chat_handle(struct chat *chat, struct network *network, const struct irc_message *message);

// --- chat_send.c ---
void chat_send_line(struct chat *chat, struct buffer *buffer, struct line *line);
// The own line that an echo belongs to becomes SENT; false when it is none of ours.
bool chat_confirm(struct chat *chat, struct buffer *buffer, const struct irc_message *message);
// The server took none of the oldest own line under way: it becomes FAILED.
void chat_refuse(struct chat *chat, struct buffer *buffer);

// --- chat_words.c ---
void chat_words(struct buf *out, struct str text);

#endif

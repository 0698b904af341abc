// What stands in a buffer: its lines and its members, read one by one.
//
// Ownership: views live until the next call that changes chat.
// Thread:    main.
#ifndef CHAT_LINES_H
#define CHAT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chat.h"
#include "str.h"

// --- lines ---
enum chat_line_kind {
    CHAT_LINE_MESSAGE,
    CHAT_LINE_ACTION, // /me
    CHAT_LINE_NOTICE,
    CHAT_LINE_JOIN,
    CHAT_LINE_LEAVE, // PART, QUIT, KICK; text: why
    CHAT_LINE_NICK,  // text: the new nick
    CHAT_LINE_TOPIC,
    CHAT_LINE_INFO,  // quiet system line, already a sentence
    CHAT_LINE_ERROR, // a sentence: what happened, what is safe, what to do
};
enum chat_send_state {
    CHAT_SEND_NONE,    // not ours
    CHAT_SEND_WAITING, // no link: goes out later
    CHAT_SEND_SENDING,
    CHAT_SEND_SENT,
    CHAT_SEND_UNSURE, // the link broke before the echo
    CHAT_SEND_FAILED, // refused; the reason stands in the next line
};
#define CHAT_FORMAT_RUNS_MAX 64
struct chat_format {     // IRC formatting of the text, in order; the rest is plain
    size_t len;          // bytes
    unsigned flags;      // 1 bold 2 italic 4 underline 8 strike 16 monospace 32 reverse
    uint32_t foreground; // 0x00RRGGBB, UINT32_MAX none
    uint32_t background;
};
struct chat_line {
    uint64_t id; // rising within chat
    int64_t time_utc_ms;
    enum chat_line_kind kind;
    enum chat_send_state state;
    bool is_own;
    bool is_mention;
    struct str nick; // who; "" for INFO and ERROR
    struct str text; // without formatting codes, clean UTF-8, at most one paragraph per \n
    const struct chat_format *formats;
    size_t format_count;
};
size_t chat_line_count(const struct chat *chat, chat_buffer_id id);
// idx 0 is the oldest kept. false beyond the end.
bool chat_line(const struct chat *chat, chat_buffer_id id, size_t idx, struct chat_line *out);
// idx may be NULL.
bool chat_line_by_id(const struct chat *chat, chat_buffer_id id, uint64_t line_id,
                     struct chat_line *out, size_t *idx);

// --- members ---
struct chat_member {
    struct str nick;
    char rank;    // the highest held, as the server's PREFIX writes it: '~', '@', '+'; 0 none
    bool is_host; // that rank is an operator's or above it
    bool is_away;
    bool is_self;
};
size_t chat_member_count(const struct chat *chat, chat_buffer_id id);
bool chat_member(const struct chat *chat, chat_buffer_id id, size_t idx,
                 struct chat_member *out); // hosts first, then by name

#endif

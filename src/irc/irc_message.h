// One line of IRC with IRCv3 tags: parse into views, write from parts.
//
// Shapes:    a line has no CR LF. Tag part at most 4096 bytes with '@' and the space (IRCv3 message
//            tags), the rest at most 512 with CR LF (RFC 1459 2.3).
// Ownership: parse allocates nothing; every view points into the line given.
// Errors:    parse says false for a line without a command; nothing else is refused here.
// Thread:    any, no state.
#ifndef IRC_MESSAGE_H
#define IRC_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "str.h"

#define IRC_LINE_MAX       512  // bytes with CR LF, without tags
#define IRC_TAGS_MAX       4096 // bytes of a client's tag part, with '@' and the space
#define IRC_TAGS_TOTAL_MAX 8191 // bytes of any tag part (server and client tags together)
#define IRC_PARAMS_MAX     15
#define IRC_TAG_COUNT_MAX  64 // of more has_more_tags tells; those are not read

struct irc_tag {
    struct str key;
    struct str value; // still escaped; empty and missing are the same thing (IRCv3)
};

struct irc_source {
    struct str nick; // or the server's name
    struct str user;
    struct str host;
};

struct irc_message {
    struct str tags_raw; // without '@' and space; empty when there are none
    struct irc_tag tags[IRC_TAG_COUNT_MAX];
    size_t tag_count;
    bool has_more_tags;
    struct str source_raw; // without ':'
    struct irc_source source;
    struct str command; // as written; compare with str_eq_nocase
    struct str params[IRC_PARAMS_MAX];
    size_t param_count;
};

bool irc_message_parse(struct irc_message *out, struct str line);
// The param, or an empty view when there are fewer.
struct str irc_message_param(const struct irc_message *message, size_t idx);
// NULL when the tag is missing. Of a repeated key the last one counts (IRCv3).
const struct irc_tag *irc_message_tag(const struct irc_message *message, const char *key);
bool irc_message_is(const struct irc_message *message, const char *command);
// 0 when the command is not a three-digit numeric.
int irc_message_numeric(const struct irc_message *message);
struct irc_source irc_source_parse(struct str raw);

// Tag values: \: \s \\ \r \n (IRCv3 message tags). Both append.
bool irc_tag_unescape(struct buf *out, struct str value);
bool irc_tag_escape(struct buf *out, struct str value);

// Writing: begin, tags, source, command, params, end (which adds CR LF). The last param may be
// anything without CR, LF and NUL, which are dropped; a middle param with a space, empty or
// beginning with ':' is a bug of the caller's.
struct irc_writer {
    struct buf *out; // borrowed
    size_t from;     // where this line began in out
    bool has_tags;
    bool overflow; // the buffer's ceiling was met; end() then takes the line back
};

void irc_write_begin(struct irc_writer *writer, struct buf *out);
void irc_write_tag(struct irc_writer *writer, struct str key, struct str value); // unescaped value
void irc_write_tag_raw(struct irc_writer *writer, struct str key, struct str escaped);
void irc_write_source(struct irc_writer *writer, struct str source); // empty: none
void irc_write_command(struct irc_writer *writer, const char *command);
void irc_write_param(struct irc_writer *writer, struct str param);
void irc_write_trailing(struct irc_writer *writer, struct str param); // always with ':'
bool irc_write_end(struct irc_writer *writer);                        // false: nothing was written

#endif

// Messages of several lines (IRCv3 draft multiline): gathered from a client's BATCH, said as one,
// and shown to each as it can show them. Private to relay.
//
// Text:      lines joined by \n, or by \r\n where the next line continues the one before without
//            a break (draft/multiline-concat); no line holds a CR or LF of its own.
#ifndef RELAY_MULTILINE_H
#define RELAY_MULTILINE_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "irc_message.h"
#include "str.h"

#define RELAY_MULTILINE_BYTES 4096
#define RELAY_MULTILINE_LINES 100
#define RELAY_MULTILINE_VALUE "max-bytes=4096,max-lines=100" // of the capability

struct relay;
struct relay_client;
struct relay_event;
struct relay_multiline;

// Takes lines off a text: {text, ...} at first.
struct relay_lines {
    struct str rest;
    bool is_concat; // the line given last continues the one before
    bool is_next_concat;
    bool is_over;
};
bool relay_lines_next(struct relay_lines *lines, struct str *line);

bool relay_multiline_is_known(unsigned caps); // else such messages come line by line
// Appends the event's lines as a client with these caps gets them, within the batch `outer` if
// that is not empty.
void relay_multiline_format(const struct relay_event *event, struct buf *out, unsigned caps,
                            struct str outer);

// A line that names a batch (tag batch) and so is no command of its own; true: it was taken.
bool relay_multiline_take(struct relay *relay, struct relay_client *client,
                          const struct irc_message *message);
// The message belongs to the client's open batch, which is paid for at its end.
bool relay_multiline_has(const struct relay_client *client, const struct irc_message *message);
void relay_multiline_timer(struct relay *relay, struct relay_client *client);
void relay_multiline_destroy(struct relay_multiline *multiline); // NULL is fine

#endif

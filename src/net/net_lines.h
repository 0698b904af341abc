// Cuts a byte stream into lines that end in LF or CR LF, with a ceiling per line.
#ifndef NET_LINES_H
#define NET_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "str.h"

struct net_lines {
    struct buf pending; // the unfinished line
    size_t scanned;     // bytes of pending known to hold no LF
    size_t given;       // bytes of the line handed out, dropped by the next call
    size_t line_max;
};

// line_max: bytes of one line without its end.
void net_lines_init(struct net_lines *lines, size_t line_max);
void net_lines_deinit(struct net_lines *lines);
// false: a line is over the ceiling; the stream is beyond repair, close it.
bool net_lines_feed(struct net_lines *lines, struct str bytes);
// Next complete line without CR LF, empty ones included; valid until the next call on lines.
bool net_lines_next(struct net_lines *lines, struct str *out);
// What stands there without an end yet; valid until the next call.
struct str net_lines_rest(const struct net_lines *lines);
void net_lines_drop_rest(struct net_lines *lines);

#endif

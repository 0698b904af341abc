// IRC formatting codes (modern.ircdocs.horse/formatting) and CTCP.
#ifndef IRC_FORMAT_H
#define IRC_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "str.h"

enum irc_format_flags {
    IRC_FORMAT_BOLD = 1,
    IRC_FORMAT_ITALIC = 2,
    IRC_FORMAT_UNDERLINE = 4,
    IRC_FORMAT_STRIKE = 8,
    IRC_FORMAT_MONOSPACE = 16,
    IRC_FORMAT_REVERSE = 32,
};

#define IRC_COLOR_NONE UINT32_MAX // otherwise 0x00RRGGBB

struct irc_format_run {
    size_t len; // bytes of plain text
    unsigned flags;
    uint32_t foreground;
    uint32_t background;
};

// Appends the text without codes to plain and its runs to runs (up to max); returns how many.
// When there are more runs than max, the last one takes the rest.
size_t irc_format_parse(struct str text, struct buf *plain, struct irc_format_run *runs,
                        size_t max);
bool irc_format_strip(struct buf *plain, struct str text);
// "\x01ACTION waves\x01": command and text. false when text is no CTCP.
bool irc_ctcp_parse(struct str text, struct str *command, struct str *rest);

#endif

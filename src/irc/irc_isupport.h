// What a server says of itself in RPL_ISUPPORT (005), as far as a client needs it.
//
// Thread: any. A struct with only data; irc_isupport_init() gives the defaults of RFC 1459.
#ifndef IRC_ISUPPORT_H
#define IRC_ISUPPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "irc_names.h"
#include "str.h"

struct irc_isupport {
    char network[64];
    char chantypes[8];
    char prefix_modes[8]; // "ov", high to low
    char prefix_chars[8]; // "@+"
    char chanmodes[4][32];
    enum irc_casemap casemap;
    size_t nick_len;
    size_t channel_len;
    size_t topic_len;
    size_t line_len; // bytes of a line with CR LF
    bool utf8_only;
};

void irc_isupport_init(struct irc_isupport *isupport);
// One token of a 005 line ("NICKLEN=30", "-EXCEPTS"). Unknown ones are ignored.
void irc_isupport_token(struct irc_isupport *isupport, struct str token);
bool irc_isupport_is_channel(const struct irc_isupport *isupport, struct str target);

#endif

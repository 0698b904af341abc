// IRCv3 capabilities by bit, one table of names (a capability may have two: drafts are renamed).
#ifndef IRC_CAPS_H
#define IRC_CAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

enum irc_cap {
    IRC_CAP_BATCH = 1 << 0,
    IRC_CAP_CAP_NOTIFY = 1 << 1,
    IRC_CAP_ECHO_MESSAGE = 1 << 2,
    IRC_CAP_LABELED_RESPONSE = 1 << 3,
    IRC_CAP_MESSAGE_TAGS = 1 << 4,
    IRC_CAP_MULTI_PREFIX = 1 << 5,
    IRC_CAP_SERVER_TIME = 1 << 6,
    IRC_CAP_USERHOST_IN_NAMES = 1 << 7,
    IRC_CAP_AWAY_NOTIFY = 1 << 8,
    IRC_CAP_EXTENDED_JOIN = 1 << 9,
    IRC_CAP_SETNAME = 1 << 10,
    IRC_CAP_CHGHOST = 1 << 11,
    IRC_CAP_INVITE_NOTIFY = 1 << 12,
    IRC_CAP_STANDARD_REPLIES = 1 << 13,
    IRC_CAP_ACCOUNT_TAG = 1 << 14,
    IRC_CAP_ACCOUNT_NOTIFY = 1 << 15,
    IRC_CAP_SASL = 1 << 16,
    IRC_CAP_EXTENDED_MONITOR = 1 << 17,
    IRC_CAP_NO_IMPLICIT_NAMES = 1 << 18, // also under its draft's name
    IRC_CAP_PRE_AWAY = 1 << 19,
    IRC_CAP_EXTENDED_ISUPPORT = 1 << 20,
    IRC_CAP_CHANNEL_RENAME = 1 << 21,
    IRC_CAP_METADATA_2 = 1 << 22,
    IRC_CAP_METADATA_3 = 1 << 23,
    IRC_CAP_CHATHISTORY = 1 << 24,
    IRC_CAP_EVENT_PLAYBACK = 1 << 25,
    IRC_CAP_READ_MARKER = 1 << 26,
    IRC_CAP_MULTILINE = 1 << 27,
    IRC_CAP_REDACTION = 1 << 28,
    IRC_CAP_ACCOUNT_REGISTRATION = 1 << 29,
    IRC_CAP_SEARCH = 1 << 30,
};

struct irc_cap_name {
    struct str name;
    enum irc_cap cap;
};

size_t irc_cap_count(void);
const struct irc_cap_name *irc_cap_at(size_t idx);     // idx < irc_cap_count(), sorted by name
bool irc_cap_find(struct str name, enum irc_cap *out); // exact, case counts

#endif

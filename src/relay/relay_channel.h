// Channels as the relay keeps them: members, modes, lists. Private to relay.
#ifndef RELAY_CHANNEL_H
#define RELAY_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "irc_names.h"

#define RELAY_TOPIC_MAX 300
#define RELAY_KEY_MAX   32
#define RELAY_MASKS_MAX 100

struct relay_channel;
struct relay_client;
struct relay_kept_rank;
struct relay_metadata;

struct relay_member {
    struct relay_client *client;
    struct relay_channel *channel;
    bool is_founder; // and then always op
    bool is_op;
    bool has_voice;
    size_t at_client;  // place in the client's array
    size_t at_channel; // place in the channel's array
    int64_t spoke_ms;  // last message there; 0: none
};

#define RELAY_MODE_LETTERS "Cimnst" // of the flags, from the lowest bit
#define RELAY_SLOW_MAX_S   3600

enum relay_channel_flag {
    RELAY_MODE_NO_CTCP = 1,   // C
    RELAY_MODE_INVITE = 2,    // i
    RELAY_MODE_MODERATED = 4, // m
    RELAY_MODE_MEMBERS = 8,   // n
    RELAY_MODE_SECRET = 16,   // s
    RELAY_MODE_TOPIC = 32,    // t
};

struct relay_mask {
    char *mask; // owned
    char by[IRC_NICK_BYTES + 1];
    int64_t at_s;
    int64_t until_ms; // by the relay's clock; 0: for good
};

struct relay_masks {          // one list: bans, exceptions or invite exceptions
    struct relay_mask *items; // owned
    size_t count;
};

enum relay_list { RELAY_LIST_BAN, RELAY_LIST_EXCEPT, RELAY_LIST_INVEX, RELAY_LIST_COUNT };

struct relay_channel {
    char name[IRC_CHANNEL_MAX + 1];
    char folded[IRC_CHANNEL_MAX + 1];
    char topic[RELAY_TOPIC_MAX + 1];
    char topic_by[IRC_NICK_BYTES + 1];
    int64_t topic_s;
    int64_t created_s;
    uint64_t id;    // never given twice
    unsigned flags; // enum relay_channel_flag
    char key[RELAY_KEY_MAX + 1];
    size_t limit;                   // 0: none
    int slow_s;                     // f: who has no rank speaks once in so many seconds; 0: off
    char founder[IRC_NICK_MAX + 1]; // folded account that owns it; "": nobody
    struct relay_kept_rank *ranks;  // owned, of accounts
    size_t rank_count;
    bool is_lobby;
    bool is_unwritten;    // made while the disk takes nothing: the store knows nothing of it
    bool has_been_closed; // was not for everybody at some time: by i, k or s
    struct relay_masks lists[RELAY_LIST_COUNT];
    struct relay_member **members; // owned
    size_t member_count;
    struct relay_metadata *metadata; // owned, NULL: none
};

#endif

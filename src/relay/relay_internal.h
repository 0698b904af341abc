// What the relay's own files share: clients, channels, events. Private to relay.
#ifndef RELAY_INTERNAL_H
#define RELAY_INTERNAL_H

#include "buf.h"
#include "irc_caps.h"
#include "irc_message.h"
#include "irc_names.h"
#include "irc_numeric.h"
#include "map.h"
#include "net_lines.h"
#include "net_listener.h"
#include "net_tls.h"
#include "relay.h"
#include "relay_account.h"
#include "relay_admin.h"
#include "relay_channel.h"
#include "relay_history.h"
#include "relay_limits.h"
#include "relay_moves.h"
#include "relay_run.h"
#include "relay_tape.h"

#define RELAY_LOBBY        "#party"
#define RELAY_LISTENERS    8
#define RELAY_CHANNELS_MAX 50                                       // a client may be in
#define RELAY_MASK_MAX     (IRC_NICK_BYTES + IRC_USER_MAX + 64 + 2) // nick!user@host
#define RELAY_AWAY_MAX     200
#define RELAY_KICK_MAX     300
#define RELAY_REAL_MAX     100
#define RELAY_QUIT_MAX     300 // bytes of what is said when somebody leaves
#define RELAY_LIST_MAX     400 // bytes of names on a line: leaves room for the head
#define RELAY_MONITOR_MAX  100
#define RELAY_INVITED_MAX  32  // invitations a client has; the oldest gives way
#define RELAY_PAST_MAX     256 // of people who left are remembered
#define RELAY_SCRATCH      ((size_t)16 * 1024)
#define RELAY_METADATA_LIMITS                                                                      \
    "before-connect,max-subs=50,max-keys=25,max-key-bytes=64,max-value-bytes=300" // of relay_cmd_metadata.c

enum relay_owner {
    RELAY_OWNER_CLIENT,
    RELAY_OWNER_LISTENER,
    RELAY_OWNER_BEACON,
    RELAY_OWNER_ADMIN_LISTENER,
    RELAY_OWNER_ADMIN, // one that asks for numbers
};

enum relay_kind { RELAY_KIND_UNKNOWN, RELAY_KIND_IRC, RELAY_KIND_PLAIN, RELAY_KIND_HTTP };

struct relay_client {
    enum relay_owner owner; // first: tells what the loop returned
    // What every line sent to it looks at stands together.
    enum relay_kind kind;
    unsigned caps;   // enum irc_cap
    unsigned batch;  // number of the open one, 0: none
    bool is_dirty;   // stands in relay->dirty
    bool is_waiting; // stands in relay->waiting, for the store
    bool is_stalled; // stands in relay->stalled: not read from until the store is less busy
    bool is_registered;
    bool has_spoken;     // plain: sent something, so it can no longer become IRC
    bool is_gone;        // said goodbye; freed at the end of the turn once flushed
    bool is_lingering;   // gone, and only the peer's end is waited for
    bool is_overflowing; // more output than its ceiling
    bool is_broken;      // a write found the link closed
    bool is_blocked;     // the system took no more; the loop tells when it does
    bool is_cap_302;
    bool is_shaking;     // TLS began and is not over
    bool is_negotiating; // CAP LS or REQ came, CAP END did not
    bool has_user;
    bool is_admitted; // counted as a newcomer of its address
    bool has_pass;
    bool is_invisible;
    bool is_bot;
    bool has_ping;
    bool is_held;       // a password of its is being hashed: not read from meanwhile
    bool wants_token;   // asked for one with RESUME
    bool is_oper;       // o
    bool hears_wallops; // w
    struct str label;   // of the command being handled; empty: none
    struct relay_outq out;
    struct net_stream *stream; // owned
    struct net_lines lines;
    uint64_t id; // never used again for another
    // Texts set by relay_text_set(): owned, or the relay's empty one; never NULL.
    char *nick;
    char *folded;
    char *mask; // nick!user@host
    char *real;
    char *away;    // "" when here
    char *wanted;  // before the welcome: nick asked for but not to be had
    char *resumed; // before the welcome: nick that the token gives back
    char user[IRC_USER_MAX + 1];
    char host[64];
    char account[IRC_NICK_MAX + 1]; // as spelled; "" for a guest
    char account_folded[IRC_NICK_MAX + 1];
    struct relay_client *next_device;   // of the same account, in relay->devices; NULL: the last
    char token[RELAY_TOKEN_TEXT];       // hash of its secret of RESUME; ""
    unsigned tries;                     // failed logins
    uint8_t pass[IRC_SCRAM_HASH_BYTES]; // of what PASS said, the hash
    struct relay_sasl *sasl;            // owned, a login under way; or NULL
    int64_t connected_ms;
    int64_t heard_ms;   // last byte from it
    int64_t spoke_ms;   // last message by a person
    int64_t doomed_ms;  // when a goodbye that does not flush, or is not answered, is cut
    size_t linger_left; // bytes that are still thrown away
    struct relay_purse purse;
    enum relay_drop refusal;       // why it will be told to go; NONE: it may stay
    int64_t due_ms;                // of its next timer
    size_t timer_at;               // in relay->timers
    struct relay_member **members; // of channels; owned
    size_t member_count;
    uint64_t stamp;               // of the last event sent to it, so that each gets it once
    struct buf labelled;          // answers to a labelled command, or unused
    uint64_t labelled_batch;      // of the store, that they wait for; 0: none
    uint64_t labelled_record;     // of the history, that they are taken back with; 0: none
    struct relay_watch **watches; // of MONITOR; owned, made when first needed
    size_t watch_count;
    struct relay_metadata *metadata; // owned, NULL: none
    uint64_t *invited;               // ids of channels that wait for it; owned or NULL
    size_t invited_count;
    struct relay_multiline *multiline; // owned, the open batch of lines; NULL: none
    struct relay_markers *markers;     // owned, of a guest; NULL: none
    uint64_t named_id;                 // last id before it took its nick
    size_t at;                         // in relay->clients
};

struct relay_listener {
    enum relay_owner owner;
    struct net_listener *listener; // owned
    struct net_addr addr;          // as asked for
};

struct relay_redacted {
    uint64_t id;
    uint64_t batch; // of the store
};

struct relay {
    struct net_loop *loop; // borrowed
    char name[64];
    char server[64];
    char *motd;          // owned
    char *password;      // owned; "" when open
    char *notice;        // owned; told to hosts who come in; ""
    char *oper_name;     // owned; "" when there is none
    char *oper_verifier; // owned
    struct relay_limits limits;
    struct relay_gate gate;
    struct relay_numbers numbers;
    struct relay_admin *admin; // owned, or NULL
    bool wants_reload;
    char reload_by[IRC_NICK_BYTES + 1]; // folded nick of the operator who asked
    bool has_utf8_nicks;
    char nothing[1]; // the empty text of clients; always ""
    bool has_registration;
    unsigned iterations; // of the hash of new passwords
    bool is_before_connect;
    bool is_public;
    struct net_tls *tls; // borrowed, or NULL
    uint64_t shaken;     // steps of handshakes when the turn began
    int64_t now_ms;
    int64_t now_utc_ms;
    char since[40]; // when it began, for people
    uint64_t last_client_id;
    uint64_t last_id; // of messages: unix ms << 20 | counter
    uint64_t stamp;
    uint64_t seed;
    unsigned guest_count;
    unsigned batch_count;
    uint64_t channel_ids;          // given so far
    struct relay_client **clients; // owned
    size_t client_count;
    struct relay_client **timers; // a heap by due_ms, of all clients
    struct relay_client **dirty;  // with output to flush
    size_t dirty_count;
    struct relay_client **waiting; // with output that the store has not committed
    size_t waiting_count;
    struct relay_client **stalled; // not read from while the store is busy
    size_t stalled_count;
    struct relay_client **gone; // said goodbye
    size_t gone_count;
    struct relay_tape tapes[RELAY_FORMATS]; // of events
    struct relay_tape own;                  // of what only one client gets
    char *scratch;                          // RELAY_SCRATCH bytes to gather in
    struct store *store;                    // borrowed, or NULL
    struct relay_history history;
    struct relay_moves moves;
    int64_t history_max_age_ms;      // 0: no limit
    uint64_t history_max_bytes;      // 0: no limit
    struct relay_markers *markers;   // owned, of accounts, lately used; NULL: none
    struct relay_redacted *redacted; // owned, lately
    size_t redacted_count;
    struct work *work;       // borrowed, or NULL
    struct relay_job *jobs;  // owned, under way
    struct map new_accounts; // folded -> struct relay_account, owned: perhaps not committed yet
    uint64_t accounts_batch; // of the store, that holds the last of them
    uint8_t account_secret[IRC_SCRAM_HASH_BYTES];
    struct relay_slow slow[RELAY_SLOW_PLACES];
    int64_t mutes_due_ms;
    char why[96]; // room for a refusal with numbers in it
    struct relay_run run;
    struct relay_client **gathered; // room for those an event goes to
    size_t most_users;
    struct map devices;     // folded account -> client, the first of its devices
    size_t invisible_count; // of those who have come
    size_t oper_count;
    struct relay_past *past; // owned ring, made when first needed
    size_t past_count;       // ever
    struct map watches;      // folded nick -> watch
    struct map nicks;        // folded -> client
    struct map channels;     // folded -> channel
    struct relay_listener listeners[RELAY_LISTENERS];
    size_t listener_count;
    bool is_refusing;   // the listeners rest: there is no room for one more, or it is over
    bool has_told_rest; // since somebody was last let in
    int64_t rest_until_ms;
    enum relay_owner beacon_owner;
    struct net_beacon *beacon; // owned, or NULL
    struct net_party party;
    int64_t next_beacon_ms;
    bool is_stopping;
    int64_t stop_ms;
    struct relay_stats stats;
};

// One thing that happened, as each receiver is told of it.
struct relay_event {
    struct str source;      // mask or server
    struct buf body;        // command and params, at most 510 bytes with the source
    struct str client_tags; // "+a=b;+c", already filtered
    struct str lines;       // of a message of several: the text, body ends with the target
    unsigned reference;     // of the batch that holds them
    struct buf plain;       // text for plain clients; empty: they are not told
    struct str account;     // as spelled, for account-tag; empty: a guest
    uint64_t id;
    uint64_t batch; // of the store, that its lines wait for; 0: none
    char msgid[20];
    char time[28];
    bool is_tags_only; // TAGMSG
    bool is_of_bot;
    bool has_id;
    struct relay_piece pieces[RELAY_PIECES]; // held; made when the first needs them
};

#endif

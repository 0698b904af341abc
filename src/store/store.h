// What a party keeps on disk: history, what was sent once, accounts, markers, rooms. SQLite lives
// here and nowhere else.
//
// Two sides meet here. The OWNER (the relay's thread) reads through a connection of its own and
// puts writes into the open batch; the WRITER (a thread that app starts and that only calls
// store_work()) commits batches in order, several in one transaction when they pile up. What is
// put into a batch is durable once store_next_result() says so, never before: WAL, synchronous
// FULL.
//
// Shapes:    an id is unix ms << 20 | counter: order, server-time and msgid in one, strictly
//            rising. Names of targets and accounts are given folded (the caller's casemapping);
//            `name` is the spelling for people. Text is UTF-8 and never cut.
// Reading:   sees what is committed, not what was only put; store_find_pending() is the exception.
// Ownership: every view handed in is copied before the call returns. Pages own what they hold.
// Errors:    reading says false with a sentence. Writing fails later, by batch: nothing of it was
//            kept then. A full or read-only disk or a damaged file never aborts.
// Thread:    store_work() is the writer's; store_stop() is anybody's; all else is the owner's.
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "err.h"
#include "str.h"

struct store;

struct store_config {
    const char *path;     // of the database file; its folder exists
    const char *vfs;      // name of an SQLite VFS; NULL: the system's own
    void (*wake)(void *); // called by the writer when results wait; NULL: nobody is woken
    void *wake_context;   // borrowed
    int64_t now_utc_ms;   // names a damaged file that is put aside; from then on store_put_clock()
    int64_t (*now_us)(void); // any rising clock, to measure commits; NULL: they are not measured
};

// Opens or makes the file and upgrades its schema in one transaction. A damaged file is kept under
// another name (store_aside() tells) and a new one begins. false: nothing can be kept there; a file
// of a newer program, of another program or in use by another relay is refused and not touched.
bool store_open(struct store **out, const struct store_config *config, struct err *err);
void store_close(
    struct store *store); // the writer has ended; what is not committed is lost. NULL is fine
const char *
store_aside(const struct store *store); // path of the damaged file, "" when there was none
uint64_t store_last_id(const struct store *store); // highest id ever kept, at open

// --- writing: the owner ---
enum store_kind { // numbers are on disk
    STORE_PRIVMSG = 0,
    STORE_NOTICE = 1,
    STORE_TAGMSG = 2,
    STORE_JOIN = 3,
    STORE_PART = 4,
    STORE_QUIT = 5,
    STORE_KICK = 6,
    STORE_NICK = 7,
    STORE_TOPIC = 8,
    STORE_MODE = 9,
};

struct store_line {
    uint64_t id;
    enum store_kind kind;
    struct str target;  // folded channel, or store_pair_key(); at most 255 bytes
    struct str name;    // target as people spell it; empty for a pair
    struct str source;  // nick!user@host
    struct str account; // folded; empty: a guest
    struct str tags;    // "+a=b;+c", escaped as on the wire
    struct str text;    // PRIVMSG and NOTICE: the text, lines of a multiline message joined by \n
        // (\r\n where the next line continues without a break: draft/multiline-concat);
        // events: the params behind the target, as on the wire
    bool is_bot;
};

// Key of the conversation of two accounts (folded), the same from both sides; a == b is fine.
struct str store_pair_key(struct str a, struct str b, char out[256]);

// Number of the open batch, 1 and up: what is put now is durable when a result reaches it.
uint64_t store_batch(const struct store *store);
// who and label: exactly once, kept 48 h with the line; both may be empty. line.target may be empty
// (nothing is kept of it but who and label: messages that have no history).
void store_put_line(struct store *store, const struct store_line *line, struct str who,
                    struct str label);
// Takes text and tags of a line away for good (also from search); the place stays empty.
void store_put_redaction(struct store *store, struct str target, uint64_t id);
void store_put_marker(struct store *store, struct str account, struct str target, uint64_t time_ms);

struct store_account {
    struct str name; // as spelled
    struct str folded;
    unsigned iterations;
    uint8_t salt[16];
    uint8_t stored_key[32]; // SCRAM-SHA-256 (RFC 5802 3, RFC 7677)
    uint8_t server_key[32];
    int64_t created_utc_ms;
};
void store_put_account(struct store *store, const struct store_account *account); // new or replaces
// Its markers and private conversations go too: the next owner of the name sees nothing.
void store_put_account_drop(struct store *store, struct str folded);

struct store_channel { // a registered room
    struct str folded;
    struct str name;
    struct str founder; // account, folded
    struct str topic;
    struct str topic_by;
    int64_t topic_s;
    int64_t created_s;
    struct str modes; // "ntk key" as in MODE
    struct str lists; // one "b mask by at_s" a line; also "o account" ranks kept by account
};
void store_put_channel(struct store *store, const struct store_channel *channel);
// What was kept of the target belongs to no name any more; retention takes it in its time.
void store_put_hide(struct store *store, struct str target);
void store_put_channel_drop(struct store *store, struct str folded);
// History goes along. What an earlier room of the new name had kept can no longer be reached.
void store_put_channel_rename(struct store *store, struct str folded, struct str new_folded,
                              struct str new_name);

// RESUME of guests: a hash of the secret, who it stands for, the nick it gives back. Forgotten
// 30 days after it was last put.
void store_put_token(struct store *store, struct str hash, struct str who, struct str nick,
                     int64_t now_utc_ms);

// History older than this goes, and when the file holds more than max_bytes the oldest down to nine
// tenths of it; both when the writer has nothing else to do. 0: no limit.
void store_put_retention(struct store *store, int64_t max_age_ms, uint64_t max_bytes);
// A write of nothing, to see whether the disk takes anything (again). When a batch with a hide or a
// rename is lost nothing is kept until a batch has this: what follows would stand under a wrong name.
void store_put_probe(struct store *store);
// What time it is, for all that goes by age. Ids tell it too; a quiet party says it once an hour.
void store_put_clock(struct store *store, int64_t now_utc_ms);

// Closes the batch and hands it to the writer; false when it was empty. Does not block.
bool store_flush(struct store *store);

struct store_result {
    uint64_t batch; // this one and, if ok, all before it are decided
    bool is_ok;
    char why[256]; // not ok: a sentence
};
// Takes one result, in order of batches. Results of many batches may come as the last one of them
// when all went well.
bool store_next_result(struct store *store, struct store_result *out);
size_t store_pending_bytes(const struct store *store); // handed over, not decided: for backpressure

// --- the writer ---
// Waits for batches, commits them, does chores (checkpoint, search index, retention) when idle.
// false: store_stop() was called and nothing is left to commit.
bool store_work(struct store *store);
// Commits all that was handed over and does the chores due, without waiting: for tests.
void store_work_now(struct store *store);
void store_stop(struct store *store);

struct store_stats {
    uint64_t lines; // kept since open
    uint64_t commits;
    uint64_t failures;
    uint64_t commit_us_sum; // time in COMMIT
    uint64_t commit_us_max;
    uint64_t file_bytes; // database and WAL
};
struct store_stats store_stats(struct store *store); // thread-safe

// --- reading: the owner ---
struct store_page {
    struct arena arena;       // owns the views
    struct store_line *lines; // oldest first
    size_t count;
    bool is_start; // nothing older than these (none: than the bound) is kept for this target
};
void store_page_deinit(struct store_page *page); // {0} is fine

enum store_range { STORE_LATEST, STORE_BEFORE, STORE_AFTER, STORE_BETWEEN, STORE_AROUND };

struct store_query {
    struct str target; // folded or pair key
    enum store_range range;
    uint64_t from; // bounds, excluded; LATEST: 0 or only newer than this; BETWEEN counts from here
    uint64_t to;   // BETWEEN only; may lie before from
    size_t limit;  // lines, at most; over 1000 counts as 1000
    bool has_events; // else PRIVMSG and NOTICE only
};
// AROUND holds the line `from` itself in the middle (an even limit: one more of the newer).
bool store_read(struct store *store, const struct store_query *query, struct store_page *out,
                struct err *err);
// One line by id; false without a sentence: there is none (or it was redacted).
bool store_find_line(struct store *store, struct str target, uint64_t id, struct store_page *out);
// What (who, label) was kept as; false: never, or longer ago than 48 h.
bool store_find_sent(struct store *store, struct str who, struct str label, uint64_t *id);
// The same among what was put and is not decided yet: a resend may come before the commit. Ask
// both before putting; what is put twice all the same is kept once, under the first id.
bool store_find_pending(const struct store *store, struct str who, struct str label, uint64_t *id,
                        uint64_t *batch);

struct store_target {
    struct str key;  // folded channel or pair key
    struct str name; // of a channel, or the other account's name
    uint64_t last;   // id of its last line
};
struct store_targets {
    struct arena arena;
    struct store_target *items; // by last line, oldest first
    size_t count;
};
// Conversations of the account (may be empty) and those of `channels` whose last message
// (PRIVMSG, NOTICE) lies between the bounds, excluded; limit keeps the earliest.
bool store_read_targets(struct store *store, struct str account, const struct str *channels,
                        size_t channel_count, const uint64_t bounds[2], size_t limit,
                        struct store_targets *out, struct err *err);
void store_targets_deinit(struct store_targets *targets);

struct store_search {
    const struct str *targets; // any of these; never empty
    size_t target_count;
    struct str from; // nick, folded ASCII; empty: anybody
    struct str text; // words; accents and case do not count, CJK is found without blanks
    uint64_t after;  // ids, excluded; 0: no bound
    uint64_t before;
    size_t limit;
    bool is_upward; // the oldest matches, not the newest
};
// The matches at one end of the bounds, oldest first. Lines the writer has not indexed yet are found too.
bool store_read_search(struct store *store, const struct store_search *search,
                       struct store_page *out, struct err *err);

bool store_find_marker(struct store *store, struct str account, struct str target,
                       uint64_t *time_ms);
bool store_find_account(struct store *store, struct str folded, struct arena *arena,
                        struct store_account *out);
bool store_find_token(struct store *store, struct str hash, struct arena *arena, struct str *who,
                      struct str *nick);
// All registered rooms, at start.
bool store_read_channels(struct store *store, struct arena *arena, struct store_channel **out,
                         size_t *count, struct err *err);

#endif

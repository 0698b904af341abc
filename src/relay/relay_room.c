// Rooms that belong to an account.
#include "relay_room.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "mem.h"
#include "relay_account.h"
#include "relay_parts.h"
#include "store.h"

#define LOG_MODULE "relay"
#include "log.h"

struct relay_kept_rank {
    char account[IRC_NICK_MAX + 1]; // folded
    char letter;
};

static bool is_kept(const struct relay *relay, const struct relay_channel *channel)
{
    return relay->store &&
           (channel->founder[0] || (channel->has_been_closed && !channel->is_lobby));
}

// --- to text ---

static void put_modes(struct buf *out, const struct relay_channel *channel)
{
    for (size_t i = 0; i < sizeof(RELAY_MODE_LETTERS) - 1; i++) {
        if (channel->flags & 1u << i) {
            (void)buf_append_char(out, RELAY_MODE_LETTERS[i]); // no ceiling, as below
        }
    }
    (void)buf_printf(out, "%s%s%s", channel->slow_s ? "f" : "", channel->key[0] ? "k" : "",
                     channel->limit ? "l" : "");
    if (channel->slow_s) {
        (void)buf_printf(out, " %d", channel->slow_s);
    }
    if (channel->key[0]) {
        (void)buf_printf(out, " %s", channel->key);
    }
    if (channel->limit) {
        (void)buf_printf(out, " %zu", channel->limit);
    }
}

#define CLOSED "x closed" // a line of the lists: it was not for everybody at some time

static const char list_letters[RELAY_LIST_COUNT] = {'b', 'e', 'I'};

static void put_lists(struct buf *out, const struct relay *relay,
                      const struct relay_channel *channel)
{
    for (size_t i = 0; i < RELAY_LIST_COUNT; i++) {
        for (size_t k = 0; k < channel->lists[i].count; k++) {
            const struct relay_mask *item = &channel->lists[i].items[k];
            int64_t until_ms =
                item->until_ms ? relay->now_utc_ms + item->until_ms - relay->now_ms : 0;
            (void)buf_printf(out, "%c %s %s %lld %lld\n", list_letters[i], item->mask, item->by,
                             (long long)item->at_s, (long long)until_ms);
        }
    }
    for (size_t i = 0; i < channel->rank_count; i++) {
        (void)buf_printf(out, "%c %s\n", channel->ranks[i].letter, channel->ranks[i].account);
    }
    if (channel->has_been_closed) {
        (void)buf_append(out, STR(CLOSED "\n"));
    }
}

static void put(struct relay *relay, const struct relay_channel *channel)
{
    struct buf modes, lists;
    buf_init(&modes, BUF_NO_LIMIT);
    buf_init(&lists, BUF_NO_LIMIT);
    put_modes(&modes, channel);
    put_lists(&lists, relay, channel);
    struct store_channel kept = {.folded = str_from(channel->folded),
                                 .name = str_from(channel->name),
                                 .founder = str_from(channel->founder),
                                 .topic = str_from(channel->topic),
                                 .topic_by = str_from(channel->topic_by),
                                 .topic_s = channel->topic_s,
                                 .created_s = channel->created_s,
                                 .modes = buf_str(&modes),
                                 .lists = buf_str(&lists)};
    store_put_channel(relay->store, &kept);
    buf_deinit(&modes);
    buf_deinit(&lists);
}

void relay_room_changed(struct relay *relay, struct relay_channel *channel)
{
    if (channel->flags & (RELAY_MODE_INVITE | RELAY_MODE_SECRET) || channel->key[0]) {
        channel->has_been_closed = true;
    }
    if (is_kept(relay, channel) && relay_has_history(relay)) {
        put(relay, channel);
    }
}

void relay_rooms_again(struct relay *relay)
{
    size_t cursor = 0;
    struct str key;
    void *value;
    relay_moves_again(relay); // first: a name left behind may be another room's now
    while (map_next(&relay->channels, &cursor, &key, &value)) {
        struct relay_channel *channel = value;
        channel->is_unwritten = false;
        if (is_kept(relay, channel)) {
            put(relay, channel);
        }
    }
}

// Of a room that is unwritten the store has nothing that could follow.
static void moved(struct relay *relay, enum relay_move_kind kind, struct str from,
                  const struct relay_channel *channel)
{
    if (!channel->is_unwritten) {
        relay_moved(relay, kind, from, kind == RELAY_MOVE_RENAMED ? channel : NULL);
    }
}

// Whoever makes a room of this name next is somebody else, and shall not read what was said behind
// a closed door. What was said in the open stays.
void relay_room_died(struct relay *relay, const struct relay_channel *channel)
{
    if (is_kept(relay, channel) && !relay->is_stopping) { // the party goes on tomorrow
        moved(relay, RELAY_MOVE_DIED, str_from(channel->folded), channel);
    }
}

void relay_room_renamed(struct relay *relay, struct relay_channel *channel, struct str before)
{
    char folded[IRC_CHANNEL_MAX + 1];
    if (relay->store && irc_names_fold(IRC_CASEMAP_ASCII, before, folded, sizeof(folded))) {
        moved(relay, RELAY_MOVE_RENAMED, str_from(folded), channel);
        relay_room_changed(relay, channel);
    }
}

// --- from text ---

static void read_modes(struct relay_channel *channel, struct str text)
{
    struct str letters, param;
    int64_t number = 0;
    channel->flags = 0;
    (void)str_next(&text, ' ', &letters); // an empty text has no modes
    for (size_t i = 0; i < letters.len; i++) {
        const char *at = strchr(RELAY_MODE_LETTERS, letters.data[i]);
        if (at) {
            channel->flags |= 1u << (at - RELAY_MODE_LETTERS);
        } else if (!str_next(&text, ' ', &param)) {
            return; // it was written by another version
        } else if (letters.data[i] == 'k') {
            (void)str_copy(channel->key, sizeof(channel->key), param); // may be cut
        } else if (letters.data[i] == 'l' && str_to_int_in(param, 1, 1000000, &number)) {
            channel->limit = (size_t)number;
        } else if (letters.data[i] == 'f' && str_to_int_in(param, 1, RELAY_SLOW_MAX_S, &number)) {
            channel->slow_s = (int)number;
        }
    }
}

static void read_mask(struct relay *relay, struct relay_masks *list, struct str line)
{
    struct str mask, by, at, until;
    int64_t at_s = 0, until_ms = 0;
    if (list->count == RELAY_MASKS_MAX || !str_next(&line, ' ', &mask) ||
        !str_next(&line, ' ', &by) || !str_next(&line, ' ', &at) || !str_to_int(at, &at_s) ||
        !str_next(&line, ' ', &until) || !str_to_int(until, &until_ms)) {
        return;
    }
    struct relay_mask *item = relay_mask_add(list, mask, by, at_s);
    if (until_ms) {
        item->until_ms = relay->now_ms + (until_ms - relay->now_utc_ms);
        relay_mutes_at(relay, item->until_ms);
    }
}

static void keep_rank(struct relay_channel *channel, struct str account, char letter)
{
    if (channel->rank_count < RELAY_RANKS_MAX && account.len <= IRC_NICK_MAX) {
        channel->ranks =
            mem_resize(channel->ranks, channel->rank_count + 1, sizeof(*channel->ranks));
        struct relay_kept_rank *rank = &channel->ranks[channel->rank_count++];
        rank->letter = letter;
        (void)str_copy(rank->account, sizeof(rank->account), account); // measured above
    }
}

static void read_lists(struct relay *relay, struct relay_channel *channel, struct str text)
{
    struct str line;
    while (str_next(&text, '\n', &line)) {
        char letter = line.len > 2 ? line.data[0] : '\0';
        struct str rest = str_range(line, 2, line.len);
        for (size_t i = 0; i < RELAY_LIST_COUNT; i++) {
            if (letter == list_letters[i]) {
                read_mask(relay, &channel->lists[i], rest);
            }
        }
        channel->has_been_closed = channel->has_been_closed || str_eq(line, STR(CLOSED));
        if (letter == 'q' || letter == 'o' || letter == 'v') {
            keep_rank(channel, rest, letter);
        }
    }
}

static void bring_back(struct relay *relay, const struct store_channel *kept)
{
    struct relay_channel *channel = relay_find_channel(relay, kept->name);
    if (!irc_channel_is_valid(kept->name)) {
        return;
    }
    size_t at = 0;
    struct str letters, modes = kept->modes;
    (void)str_next(&modes, ' ', &letters); // an empty text has no modes
    if (kept->founder.len == 0 && str_find_char(letters, 'i', &at)) {
        // Nobody owns it and nobody is left in it who could let anybody in.
        relay_moved(relay, RELAY_MOVE_DIED, kept->folded, NULL);
        return;
    }
    channel = channel ? channel : relay_make_channel(relay, kept->name);
    // Texts that do not fit were written by another version, with other limits.
    (void)str_copy(channel->founder, sizeof(channel->founder), kept->founder);
    (void)str_copy(channel->topic, sizeof(channel->topic), kept->topic);
    (void)str_copy(channel->topic_by, sizeof(channel->topic_by), kept->topic_by);
    channel->topic_s = kept->topic_s;
    channel->created_s = kept->created_s;
    channel->has_been_closed = kept->founder.len == 0;
    read_modes(channel, kept->modes);
    read_lists(relay, channel, kept->lists);
}

void relay_rooms_init(struct relay *relay)
{
    struct arena arena = {0};
    struct store_channel *kept = NULL;
    size_t count = 0;
    struct err err;
    relay->mutes_due_ms = INT64_MAX;
    if (!relay->store) {
        return;
    }
    if (!store_read_channels(relay->store, &arena, &kept, &count, &err)) {
        log_error("the rooms that are kept cannot be read: %s", err.text);
    }
    for (size_t i = 0; i < count; i++) {
        bring_back(relay, &kept[i]);
    }
    arena_deinit(&arena);
}

void relay_room_deinit(struct relay_channel *channel)
{
    mem_free(channel->ranks);
    channel->ranks = NULL;
    channel->rank_count = 0;
}

// --- owners and ranks ---

static size_t count_rooms(const struct relay *relay, const char *founder)
{
    size_t cursor = 0, count = 0;
    struct str key;
    void *value;
    while (map_next(&relay->channels, &cursor, &key, &value)) {
        const struct relay_channel *channel = value;
        count += strcmp(channel->founder, founder) == 0 ? 1 : 0;
    }
    return count;
}

void relay_room_created(struct relay *relay, struct relay_channel *channel,
                        const struct relay_client *client)
{
    if (relay->store && client->account[0] &&
        count_rooms(relay, client->account_folded) < RELAY_ROOMS_MAX) {
        (void)str_copy(channel->founder, sizeof(channel->founder),
                       str_from(client->account_folded)); // same size
        relay_room_changed(relay, channel);
    }
}

const char *relay_room_give(struct relay_member *member)
{
    const struct relay_channel *channel = member->channel;
    const char *account = member->client->account_folded;
    bool is_founder = false, is_op = false, has_voice = false;
    if (!account[0] || !channel->founder[0]) {
        return "";
    }
    is_founder = strcmp(channel->founder, account) == 0;
    for (size_t i = 0; i < channel->rank_count; i++) {
        if (strcmp(channel->ranks[i].account, account) == 0) {
            is_founder = is_founder || channel->ranks[i].letter == 'q';
            is_op = is_op || channel->ranks[i].letter == 'o';
            has_voice = has_voice || channel->ranks[i].letter == 'v';
        }
    }
    is_founder = is_founder && !member->is_founder;
    is_op = (is_op || is_founder) && !member->is_op;
    has_voice = has_voice && !member->has_voice;
    member->is_founder = member->is_founder || is_founder;
    member->is_op = member->is_op || is_op;
    member->has_voice = member->has_voice || has_voice;
    static const char *const letters[] = {"", "v", "o", "ov", "q", "qv", "qo", "qov"};
    return letters[(is_founder ? 4 : 0) + (is_op ? 2 : 0) + (has_voice ? 1 : 0)];
}

static void tell_mode(struct relay *relay, const struct relay_channel *channel, const char *modes)
{
    struct relay_event event;
    relay_event_init(relay, &event, str_from(relay->server), "MODE %s %s", channel->name, modes);
    relay_record_event(relay, &event, STORE_MODE, NULL, channel);
    relay_event_channel(relay, &event, channel, NULL, 0);
    relay_event_deinit(&event);
}

void relay_room_tell(struct relay *relay, const struct relay_member *member, const char *letters)
{
    const char *nick = member->client->nick;
    char modes[3 * (IRC_NICK_BYTES + 1) + 5];
    size_t count = strlen(letters);
    if (count > 0) {
        (void)snprintf(modes, sizeof(modes), "+%s %s%s%s%s%s", letters, nick, count > 1 ? " " : "",
                       count > 1 ? nick : "", count > 2 ? " " : "", count > 2 ? nick : "");
        tell_mode(relay, member->channel, modes);
    }
}

void relay_room_farewell(struct relay *relay, struct relay_member *member)
{
    char modes[IRC_NICK_BYTES + 4];
    if (member->is_founder) {
        member->is_founder = false; // and still op, as anybody may be
        (void)snprintf(modes, sizeof(modes), "-q %s", member->client->nick);
        tell_mode(relay, member->channel, modes);
    }
}

void relay_room_welcome(struct relay *relay, struct relay_member *member)
{
    relay_room_tell(relay, member, relay_room_give(member));
}

void relay_room_set_host(struct relay *relay, struct str account)
{
    struct relay_channel *lobby = relay_find_channel(relay, STR(RELAY_LOBBY));
    char folded[sizeof(lobby->founder)], before[sizeof(lobby->founder)];
    if (!irc_names_fold(IRC_CASEMAP_ASCII, account, folded, sizeof(folded)) ||
        strcmp(folded, lobby->founder) == 0) {
        return;
    }
    (void)str_copy(before, sizeof(before), str_from(lobby->founder)); // all of the same size
    (void)str_copy(lobby->founder, sizeof(lobby->founder), str_from(folded));
    relay_room_changed(relay, lobby);
    for (size_t i = 0; i < lobby->member_count; i++) { // the settings were read anew
        struct relay_member *member = lobby->members[i];
        if (before[0] && strcmp(member->client->account_folded, before) == 0) {
            relay_room_farewell(relay, member);
        }
        relay_room_welcome(relay, member);
    }
}

static void forget_rank(struct relay_channel *channel, const char *account, char letter)
{
    for (size_t i = channel->rank_count; i > 0; i--) {
        struct relay_kept_rank *rank = &channel->ranks[i - 1];
        if (rank->letter == letter && strcmp(rank->account, account) == 0) {
            *rank = channel->ranks[--channel->rank_count];
        }
    }
}

void relay_room_rank(struct relay *relay, const struct relay_member *member, char letter,
                     bool is_adding)
{
    struct relay_channel *channel = member->channel;
    const char *account = member->client->account_folded;
    if (!is_kept(relay, channel) || !account[0]) {
        return;
    }
    bool is_owner = strcmp(channel->founder, account) == 0;
    if (letter == 'q' && !is_adding && is_owner && !channel->is_lobby) {
        moved(relay, RELAY_MOVE_GIVEN_UP, str_from(channel->folded), channel);
        channel->founder[0] = '\0'; // now it is like any guest's
        relay_room_deinit(channel);
        return;
    }
    forget_rank(channel, account, letter);
    if (is_adding && !is_owner) {
        keep_rank(channel, str_from(account), letter);
    }
}

// Lines of the store as one client gets them.
#include "relay_replay.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "mem.h"
#include "relay_parts.h"
#include "utf8.h"

#define ID_MAX     ((uint64_t)INT64_MAX) // SQLite's integers have a sign
#define MS_MAX     ((int64_t)(ID_MAX >> 20))
#define DAY_MS     ((int64_t)24 * 60 * 60 * 1000)
#define LINE_COST  300 // tags, source and command of one line, about
#define YEAR_BEGIN 1970
#define SOURCE_MAX 300

static void copy(char *out, size_t size, struct str text)
{
    (void)str_copy(out, size, text); // may be cut: then it is no key of anything
}

struct str relay_nick_of(const struct relay *relay, struct str account, struct str name)
{
    const struct relay_client *named = relay_find_client(relay, name);
    if (named && str_eq(relay_account_of(named), account)) {
        return str_from(named->nick);
    }
    const struct relay_client *device = relay_devices_of(relay, account);
    for (; device; device = device->next_device) {
        if (device->is_registered) {
            return str_from(device->nick);
        }
    }
    return name;
}

static void find_pair(const struct relay *relay, const struct relay_client *client,
                      struct str target, struct relay_place *out)
{
    char folded[IRC_NICK_BYTES + 1], nick[IRC_NICK_BYTES + 1];
    const struct relay_client *other = relay_find_client(relay, target);
    struct str mine = relay_account_of(client);
    if (!relay_nick_read(relay, target, nick) ||
        !irc_names_fold(IRC_CASEMAP_ASCII, target, folded, sizeof(folded))) {
        return;
    }
    // Who is not here is looked for by the account of that name.
    struct str theirs = other ? relay_account_of(other) : str_from(folded);
    out->kind = mine.len && theirs.len ? RELAY_PLACE_PAIR : RELAY_PLACE_EMPTY;
    copy(out->name, sizeof(out->name), other ? str_from(other->nick) : target);
    if (out->kind == RELAY_PLACE_PAIR) {
        (void)store_pair_key(mine, theirs, out->key); // out->key itself
    }
}

void relay_find_place(const struct relay *relay, const struct relay_client *client,
                      struct str target, struct relay_place *out)
{
    *out = (struct relay_place){.kind = RELAY_PLACE_NONE};
    if (!irc_is_channel(target)) {
        find_pair(relay, client, target, out);
        return;
    }
    const struct relay_channel *channel = relay_find_channel(relay, target);
    if (channel && relay_find_member(client, channel)) {
        bool is_moving = relay_is_moving(relay, str_from(channel->folded));
        out->kind = is_moving ? RELAY_PLACE_EMPTY : RELAY_PLACE_CHANNEL;
        copy(out->key, sizeof(out->key), str_from(channel->folded));
        copy(out->name, sizeof(out->name), str_from(channel->name));
    }
}

size_t relay_find_channels(const struct relay *relay, const struct relay_client *client,
                           struct str *out)
{
    size_t count = 0;
    for (size_t i = 0; i < client->member_count && count < RELAY_CHANNELS_MAX; i++) {
        struct str folded = str_from(client->members[i]->channel->folded);
        if (!relay_is_moving(relay, folded)) {
            out[count++] = folded;
        }
    }
    return count;
}

// --- time ---

// Fixed digits, then this character.
static bool take_number(struct str *rest, size_t digits, char end, int64_t *out)
{
    if (rest->len <= digits || rest->data[digits] != end || rest->data[0] == '-' ||
        !str_to_int(str_range(*rest, 0, digits), out)) {
        return false;
    }
    *rest = str_range(*rest, digits + 1, rest->len);
    return true;
}

// ".123Z" or "Z".
static bool take_fraction(struct str rest, int64_t *ms)
{
    int64_t scale = 100;
    *ms = 0;
    if (rest.len == 0 || rest.data[rest.len - 1] != 'Z' || rest.len > 11) {
        return false;
    }
    for (size_t i = 0; i + 1 < rest.len; i++) {
        char c = rest.data[i];
        if (c < '0' || c > '9') {
            return false;
        }
        *ms += (c - '0') * scale;
        scale /= 10;
    }
    return true;
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

// Days since 1970-01-01 in the Gregorian calendar.
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int64_t past = year - 1;
    int64_t leaps = (past / 4 - past / 100 + past / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400);
    int64_t days = (year - YEAR_BEGIN) * 365 + leaps + before[month - 1] + day - 1;
    return days + (month > 2 && is_leap(year) ? 1 : 0);
}

static bool is_date(int64_t year, int64_t month, int64_t day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1) {
        return false;
    }
    return day <= lengths[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

bool relay_parse_time(struct str text, int64_t *ms)
{
    int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0;
    bool is_whole = take_number(&text, 4, '-', &year) && take_number(&text, 2, '-', &month) &&
                    take_number(&text, 2, 'T', &day) && take_number(&text, 2, ':', &hour) &&
                    take_number(&text, 2, ':', &minute);
    bool has_fraction = text.len > 2 && text.data[2] == '.';
    if (!is_whole || text.len < 3) {
        return false;
    }
    if (has_fraction) {
        is_whole = take_number(&text, 2, '.', &second) && text.len > 1;
    } else {
        is_whole = text.len == 3 && str_to_int(str_range(text, 0, 2), &second);
        text = STR("Z");
    }
    if (!is_whole || !take_fraction(text, &fraction) || !is_date(year, month, day) || hour > 23 ||
        minute > 59 || second < 0 || second > 60) {
        return false;
    }
    *ms =
        days_of(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
    return true;
}

uint64_t relay_id_at(int64_t ms)
{
    if (ms < 0) {
        return 0;
    }
    return ms > MS_MAX ? ID_MAX : (uint64_t)ms << 20;
}

// --- redacted ---

void relay_remember_redacted(struct relay *relay, uint64_t id, uint64_t batch)
{
    size_t kept = 0; // those that the store has taken in need no memory here
    for (size_t i = 0; i < relay->redacted_count; i++) {
        if (relay->redacted[i].batch > relay->history.durable) {
            relay->redacted[kept++] = relay->redacted[i];
        }
    }
    relay->redacted = mem_resize(relay->redacted, kept + 1, sizeof(*relay->redacted));
    relay->redacted[kept] = (struct relay_redacted){id, batch};
    relay->redacted_count = kept + 1;
}

void relay_redacted_lost(struct relay *relay, uint64_t batch)
{
    size_t kept = 0;
    for (size_t i = 0; i < relay->redacted_count; i++) {
        if (relay->redacted[i].batch != batch) {
            relay->redacted[kept++] = relay->redacted[i];
        }
    }
    relay->redacted_count = kept;
}

bool relay_is_redacted(const struct relay *relay, uint64_t id)
{
    for (size_t i = 0; i < relay->redacted_count; i++) {
        if (relay->redacted[i].id == id) {
            return true;
        }
    }
    return false;
}

// --- lines ---

static bool has_batches(const struct relay_client *to)
{
    return (to->caps & IRC_CAP_BATCH) != 0;
}

void relay_replay_begin(struct relay_replay *replay, struct relay *relay, struct relay_client *to,
                        const char *params, bool is_start)
{
    bool has_end = is_start && (to->caps & IRC_CAP_MESSAGE_TAGS);
    *replay = (struct relay_replay){.relay = relay, .to = to};
    buf_init(&replay->out, BUF_NO_LIMIT); // callers stop at RELAY_REPLAY_MAX
    if (has_batches(to)) {
        (void)snprintf(replay->batch, sizeof(replay->batch), "b%u", ++relay->batch_count);
        (void)buf_printf(&replay->out, "%s:%s BATCH +%s %s\r\n",
                         has_end ? "@draft/chathistory-end " : "", relay->server, replay->batch,
                         params);
    }
}

void relay_replay_own(struct relay_replay *replay, const char *format, ...)
{
    va_list args;
    struct irc_writer writer;
    char time[28];
    irc_write_begin(&writer, &replay->out);
    if (replay->batch[0]) {
        irc_write_tag_raw(&writer, STR("batch"), str_from(replay->batch));
    }
    if (replay->to->caps & IRC_CAP_SERVER_TIME) {
        relay_time_now(replay->relay, time);
        irc_write_tag_raw(&writer, STR("time"), str_from(time));
    }
    irc_write_source(&writer, str_from(replay->relay->server));
    va_start(args, format);
    (void)buf_vprintf(&replay->out, format, args); // callers give what fits a line
    va_end(args);
    (void)buf_append(&replay->out, STR("\r\n"));
}

void relay_replay_end(struct relay_replay *replay)
{
    if (replay->batch[0]) {
        (void)buf_printf(&replay->out, ":%s BATCH -%s\r\n", replay->relay->server, replay->batch);
    }
    if (replay->out.len) {
        relay_write(replay->relay, replay->to, buf_str(&replay->out));
    }
    buf_deinit(&replay->out);
    arena_deinit(&replay->names);
}

size_t relay_replay_cost(const struct store_line *line)
{
    size_t lines = 1;
    for (size_t i = 0; i < line->text.len; i++) {
        lines += line->text.data[i] == '\n' ? 1 : 0;
    }
    return lines * (LINE_COST + line->source.len) + line->tags.len + line->text.len;
}

// A file may have been changed by any hand: what would break a line does not go out.
static bool is_clean(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\r' || text.data[i] == '\n' || text.data[i] == '\0') {
            return false;
        }
    }
    return utf8_is_valid(text);
}

static bool is_message(const struct store_line *line)
{
    return line->kind == STORE_PRIVMSG || line->kind == STORE_NOTICE;
}

// Redacted lines have lost their text.
static bool is_readable(const struct relay_replay *replay, const struct store_line *line)
{
    size_t at = 0;
    bool is_gone = (is_message(line) && line->text.len == 0) ||
                   (line->kind == STORE_TAGMSG && line->tags.len == 0) ||
                   relay_is_redacted(replay->relay, line->id);
    bool is_text = is_message(line)
                       ? utf8_is_valid(line->text) && !str_find_char(line->text, '\0', &at)
                       : is_clean(line->text);
    return !is_gone && is_text && line->source.len && line->source.len <= SOURCE_MAX &&
           is_clean(line->source) && is_clean(line->tags) && is_clean(line->account) &&
           is_clean(line->name);
}

// Of a conversation only who spoke is kept: what the one said went to the other.
static struct str target_of(const struct relay_replay *replay, const struct relay_place *place,
                            const struct store_line *line)
{
    if (place->kind == RELAY_PLACE_CHANNEL) {
        return str_from(place->name);
    }
    return str_from(str_eq(line->account, relay_account_of(replay->to)) ? place->name
                                                                        : replay->to->nick);
}

// Kept folded, shown as it is spelled.
static struct str account_of(struct relay_replay *replay, const struct store_line *line)
{
    struct store_account account;
    if (line->account.len == 0 || !(replay->to->caps & IRC_CAP_ACCOUNT_TAG)) {
        return (struct str){0};
    }
    if (!str_eq(line->account, replay->folded)) {
        bool is_known =
            store_find_account(replay->relay->store, line->account, &replay->names, &account);
        replay->folded = arena_str(&replay->names, line->account);
        replay->spelled = is_known ? account.name : replay->folded;
    }
    return replay->spelled;
}

static const struct {
    const char *command;
    bool has_target;
} kinds[] = {
    [STORE_PRIVMSG] = {"PRIVMSG", true}, [STORE_NOTICE] = {"NOTICE", true},
    [STORE_TAGMSG] = {"TAGMSG", true},   [STORE_JOIN] = {"JOIN", true},
    [STORE_PART] = {"PART", true},       [STORE_QUIT] = {"QUIT", false},
    [STORE_KICK] = {"KICK", true},       [STORE_NICK] = {"NICK", false},
    [STORE_TOPIC] = {"TOPIC", true},     [STORE_MODE] = {"MODE", true},
};

// Command and params; of several lines only what stands before the text.
static void make_body(const struct relay_replay *replay, const struct store_line *line,
                      struct str target, bool has_lines, struct buf *body)
{
    bool is_short = line->kind == STORE_JOIN && !(replay->to->caps & IRC_CAP_EXTENDED_JOIN);
    (void)buf_printf(body, "%s", kinds[line->kind].command); // no ceiling, nor below
    if (kinds[line->kind].has_target) {
        (void)buf_printf(body, " %.*s", STR_ARG(target));
    }
    if (!has_lines && !is_short && line->text.len) {
        (void)buf_printf(body, " %s%.*s", is_message(line) ? ":" : "", STR_ARG(line->text));
    }
}

static bool is_for(const struct relay_replay *replay, const struct store_line *line)
{
    return line->kind != STORE_TAGMSG || (replay->to->caps & IRC_CAP_MESSAGE_TAGS);
}

void relay_replay_put(struct relay_replay *replay, const struct relay_place *place,
                      const struct store_line *line)
{
    if (line->kind > STORE_MODE || !is_for(replay, line) || !is_readable(replay, line)) {
        return;
    }
    struct relay_event event;
    struct buf body;
    size_t at = 0;
    bool has_lines = is_message(line) && str_find_char(line->text, '\n', &at);
    buf_init(&body, BUF_NO_LIMIT);
    make_body(replay, line, target_of(replay, place, line), has_lines, &body);
    relay_event_init_kept(&event, line->source, line->id, buf_str(&body));
    event.has_id = true;
    event.is_of_bot = line->is_bot;
    event.client_tags = line->tags;
    event.account = account_of(replay, line);
    if (has_lines) {
        event.lines = line->text;
        event.reference = ++replay->relay->batch_count;
    }
    relay_event_format(&event, &replay->out, replay->to->caps, str_from(replay->batch));
    relay_event_deinit(&event);
    buf_deinit(&body);
}

// SEARCH (soju.im/search): what was said, found by its words, place, speaker and time.
#include <stdio.h>

#include "relay_parts.h"
#include "relay_replay.h"

#define LOG_MODULE "history"
#include "log.h"

#define PLACES_MAX 300 // channels and conversations looked into at once

struct search { // one SEARCH command
    struct relay *relay;
    struct relay_client *client;
    struct store_search query;
    struct buf in, from, text; // as asked, unescaped; owned
    struct str targets[PLACES_MAX];
    struct relay_place place;        // when `in` was given
    struct store_targets pairs;      // when it was not
    char folded[IRC_NICK_BYTES + 1]; // from
    bool has_after;                  // even if it is the beginning of time
};

static void fail(const struct search *search, const char *code, struct str context,
                 const char *text)
{
    relay_line(search->relay, search->client, ":%s FAIL SEARCH %s%s%.*s :%s", search->relay->server,
               code, context.len ? " " : "", STR_ARG(context), text);
}

// Both ends belong to what is asked for.
static bool take_time(struct str value, bool is_after, uint64_t *out)
{
    int64_t ms = 0;
    if (!relay_parse_time(value, &ms)) {
        return false;
    }
    uint64_t id = relay_id_at(is_after ? ms : ms + 1);
    *out = is_after && id ? id - 1 : id;
    return true;
}

static bool take_limit(struct str value, size_t *out)
{
    int64_t limit = 0;
    if (!str_to_int_in(value, 1, INT64_MAX, &limit)) {
        return false;
    }
    *out = limit < RELAY_HISTORY_MAX ? (size_t)limit : RELAY_HISTORY_MAX;
    return true;
}

static bool take_text(struct buf *out, struct str value)
{
    buf_clear(out);
    (void)irc_tag_unescape(out, value); // no ceiling: at most a line
    return true;
}

static bool take_attribute(struct search *search, struct str key, struct str value)
{
    struct store_search *query = &search->query;
    if (str_eq(key, STR("in"))) {
        return take_text(&search->in, value);
    }
    if (str_eq(key, STR("from"))) {
        return take_text(&search->from, value);
    }
    if (str_eq(key, STR("text"))) {
        return take_text(&search->text, value);
    }
    if (str_eq(key, STR("after"))) {
        search->has_after = true;
        return take_time(value, true, &query->after);
    }
    if (str_eq(key, STR("before"))) {
        return take_time(value, false, &query->before);
    }
    if (str_eq(key, STR("limit"))) {
        return take_limit(value, &query->limit);
    }
    return true; // an attribute of tomorrow's
}

// "in=#party;text=lost\skeys".
static bool parse(struct search *search, struct str attributes)
{
    struct str attribute;
    while (str_next(&attributes, ';', &attribute)) {
        size_t at = attribute.len;
        (void)str_find_char(attribute, '=', &at); // an attribute may have no value
        struct str key = str_range(attribute, 0, at);
        if (!take_attribute(search, key, str_range(attribute, at + 1, attribute.len))) {
            fail(search, "INVALID_PARAMS", irc_word(key), "Invalid parameters");
            return false;
        }
    }
    if (search->from.len && !irc_names_fold(IRC_CASEMAP_ASCII, buf_str(&search->from),
                                            search->folded, sizeof(search->folded))) {
        fail(search, "INVALID_PARAMS", STR("from"), "Nobody has such a name");
        return false;
    }
    search->query.is_upward = search->has_after && !search->query.before; // from there on
    search->query.from = str_from(search->folded);
    search->query.text = buf_str(&search->text);
    return true;
}

static bool look_in_one(struct search *search)
{
    relay_find_place(search->relay, search->client, buf_str(&search->in), &search->place);
    if (search->place.kind == RELAY_PLACE_NONE) {
        fail(search, "INVALID_PARAMS", STR("in"), "You are not there");
        return false;
    }
    if (search->place.kind != RELAY_PLACE_EMPTY) {
        search->targets[search->query.target_count++] = str_from(search->place.key);
    }
    return true;
}

// The client's channels, and its conversations.
static bool look_everywhere(struct search *search)
{
    static const uint64_t always[2] = {0, INT64_MAX};
    struct err err;
    size_t *count = &search->query.target_count;
    struct str account = relay_account_of(search->client);
    for (size_t i = 0; i < search->client->member_count && *count < RELAY_CHANNELS_MAX; i++) {
        struct str folded = str_from(search->client->members[i]->channel->folded);
        if (!relay_is_moving(search->relay, folded)) {
            search->targets[(*count)++] = folded;
        }
    }
    if (account.len == 0) {
        return true;
    }
    if (!store_read_targets(search->relay->store, account, NULL, 0, always, PLACES_MAX,
                            &search->pairs, &err)) {
        log_warn("the conversations cannot be read: %s", err.text);
        fail(search, "INTERNAL_ERROR", (struct str){0}, "The search could not be run");
        return false;
    }
    for (size_t i = 0; i < search->pairs.count && *count < PLACES_MAX; i++) {
        search->targets[(*count)++] = search->pairs.items[i].key;
    }
    return true;
}

static void place_of(const struct search *search, struct str key, struct relay_place *out)
{
    char folded[IRC_NICK_BYTES + 1];
    *out = search->place;
    if (search->in.len) {
        return;
    }
    *out = (struct relay_place){.kind = RELAY_PLACE_CHANNEL};
    if (irc_is_channel(key)) {
        const struct relay_channel *channel = relay_find_channel(search->relay, key);
        (void)str_copy(out->name, sizeof(out->name), channel ? str_from(channel->name) : key);
        return;
    }
    out->kind = RELAY_PLACE_PAIR;
    for (size_t i = 0; i < search->pairs.count; i++) {
        struct str name = search->pairs.items[i].name;
        if (str_eq(search->pairs.items[i].key, key) &&
            irc_names_fold(IRC_CASEMAP_ASCII, name, folded, sizeof(folded))) {
            name = relay_nick_of(search->relay, str_from(folded), name);
            (void)str_copy(out->name, sizeof(out->name), name); // names of accounts fit
        }
    }
}

static void answer(const struct search *search, const struct store_page *page)
{
    struct relay_replay replay;
    size_t from = 0, to = page->count, bytes = 0;
    bool is_upward = search->query.is_upward; // what lies farthest from the start stays away
    for (size_t i = 0; i < page->count; i++) {
        size_t at = is_upward ? i : page->count - 1 - i;
        bytes += relay_replay_cost(&page->lines[at]);
        if (bytes >= RELAY_REPLAY_MAX) {
            from = is_upward ? 0 : at;
            to = is_upward ? at + 1 : page->count;
            break;
        }
    }
    relay_replay_begin(&replay, search->relay, search->client, "soju.im/search", false);
    for (size_t i = from; i < to; i++) {
        struct relay_place place;
        place_of(search, page->lines[i].target, &place);
        relay_replay_put(&replay, &place, &page->lines[i]);
    }
    relay_replay_end(&replay);
}

static void run(struct search *search, struct str attributes)
{
    struct store_page page = {.count = 0};
    struct err err;
    if (!parse(search, attributes) ||
        !(search->in.len ? look_in_one(search) : look_everywhere(search))) {
        return;
    }
    search->query.targets = search->targets;
    if (search->query.target_count == 0 ||
        store_read_search(search->relay->store, &search->query, &page, &err)) {
        answer(search, &page);
    } else {
        log_warn("the search failed: %s", err.text);
        fail(search, "INTERNAL_ERROR", (struct str){0}, "The search could not be run");
    }
    store_page_deinit(&page);
}

void relay_cmd_search(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    struct search search = {
        .relay = relay, .client = client, .query = {.limit = RELAY_HISTORY_MAX}};
    if (!relay->store) {
        relay_reply(relay, client, ERR_UNKNOWNCOMMAND, "SEARCH :Unknown command");
        return;
    }
    buf_init(&search.in, BUF_NO_LIMIT);
    buf_init(&search.from, BUF_NO_LIMIT);
    buf_init(&search.text, BUF_NO_LIMIT);
    run(&search, irc_message_param(message, 0));
    buf_deinit(&search.in);
    buf_deinit(&search.from);
    buf_deinit(&search.text);
    store_targets_deinit(&search.pairs);
}

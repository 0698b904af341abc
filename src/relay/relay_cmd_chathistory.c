// CHATHISTORY (IRCv3 draft chathistory): what was said, from the store.
#include <stdio.h>

#include "relay_multiline.h"
#include "relay_parts.h"
#include "relay_replay.h"

#define LOG_MODULE "history"
#include "log.h"

#define TARGETS_READ 1000 // when the latest are asked for and the store gives the earliest

struct ask { // one CHATHISTORY command
    struct relay *relay;
    struct relay_client *client;
    const struct irc_message *message;
    struct str name; // of the subcommand, as written
};

struct subcommand {
    const char *name;
    enum store_range range;
    size_t bounds;
};

struct bound {
    bool is_any;   // *
    bool is_exact; // a msgid, not a time
    uint64_t id;   // exact, or the first of its millisecond
};

static void fail(const struct ask *ask, const char *code, struct str context, const char *text)
{
    relay_line(ask->relay, ask->client, ":%s FAIL CHATHISTORY %s %.*s%s%.*s :%s",
               ask->relay->server, code, STR_ARG(irc_word(ask->name)), context.len ? " " : "",
               STR_ARG(context), text);
}

static bool parse_limit(const struct ask *ask, size_t *limit)
{
    struct str text = ask->message->params[ask->message->param_count - 1];
    int64_t value = 0;
    if (!str_to_int_in(text, 1, INT64_MAX, &value)) {
        fail(ask, "INVALID_PARAMS", irc_word(text), "The limit is a number from 1 on");
        return false;
    }
    *limit = value < RELAY_HISTORY_MAX ? (size_t)value : RELAY_HISTORY_MAX;
    return true;
}

static bool parse_bound(const struct ask *ask, struct str text, struct bound *out)
{
    int64_t ms = 0;
    *out = (struct bound){.is_any = str_eq(text, STR("*"))};
    if (out->is_any) {
        return true;
    }
    if (str_starts(text, STR("timestamp="))) {
        if (relay_parse_time(str_range(text, sizeof("timestamp=") - 1, text.len), &ms)) {
            out->id = relay_id_at(ms);
            return true;
        }
        fail(ask, "INVALID_PARAMS", irc_word(text), "Invalid timestamp");
    } else if (str_starts(text, STR("msgid="))) {
        out->is_exact = true;
        if (relay_id_of(str_range(text, sizeof("msgid=") - 1, text.len), &out->id) &&
            out->id <= INT64_MAX) {
            return true;
        }
        fail(ask, "INVALID_PARAMS", irc_word(text), "Invalid msgid");
    } else {
        fail(ask, "INVALID_PARAMS", irc_word(text), "A bound is timestamp= or msgid=");
    }
    return false;
}

// As excluded bounds: what is newer than the one, older than the other.
static uint64_t newer_than(const struct bound *bound)
{
    return bound->is_exact || bound->is_any ? bound->id
                                            : relay_id_at((int64_t)(bound->id >> 20) + 1) - 1;
}

static uint64_t older_than(const struct bound *bound)
{
    return bound->id;
}

// false: nothing can lie there.
static bool set_bounds(struct store_query *query, const struct bound bounds[2])
{
    bool is_backward = query->range == STORE_BETWEEN && bounds[1].id < bounds[0].id;
    switch (query->range) {
    case STORE_LATEST:
    case STORE_AFTER:
        query->from = newer_than(&bounds[0]);
        return true;
    case STORE_BEFORE:
    case STORE_AROUND:
        query->from = older_than(&bounds[0]);
        return true;
    case STORE_BETWEEN:
        break;
    }
    query->from = is_backward ? older_than(&bounds[0]) : newer_than(&bounds[0]);
    query->to = is_backward ? newer_than(&bounds[1]) : older_than(&bounds[1]);
    return is_backward ? query->to < query->from : query->from < query->to;
}

struct window { // of a page: what the answer has room for
    size_t from;
    size_t to;
};

// Long lines may be too many for one answer: those farthest from where the client reads on stay
// away, so that it gets them with its next question.
static struct window fit(const struct store_query *query, const struct store_page *page)
{
    struct window window = {0, page->count};
    bool is_upward =
        query->range == STORE_AFTER || (query->range == STORE_BETWEEN && query->from < query->to);
    size_t bytes = 0;
    for (size_t i = 0; i < page->count; i++) {
        size_t at = is_upward ? i : page->count - 1 - i;
        bytes += relay_replay_cost(&page->lines[at]);
        if (bytes > RELAY_REPLAY_MAX && i > 0) {
            window.from = is_upward ? 0 : at + 1;
            window.to = is_upward ? at : page->count;
            break;
        }
    }
    return window;
}

static void answer(const struct ask *ask, const struct store_query *query,
                   const struct relay_place *place, const struct store_page *page)
{
    struct window window = fit(query, page);
    struct relay_replay replay;
    char params[IRC_LINE_MAX];
    (void)snprintf(params, sizeof(params), "chathistory %.*s", STR_ARG(ask->message->params[1]));
    relay_replay_begin(&replay, ask->relay, ask->client, params,
                       page->is_start && window.from == 0);
    for (size_t i = window.from; i < window.to; i++) {
        relay_replay_put(&replay, place, &page->lines[i]);
    }
    relay_replay_end(&replay);
}

static void read_place(const struct ask *ask, struct store_query *query,
                       const struct bound bounds[2])
{
    struct store_page page = {.count = 0};
    struct relay_place place;
    struct err err;
    relay_find_place(ask->relay, ask->client, ask->message->params[1], &place);
    if (place.kind == RELAY_PLACE_NONE) {
        fail(ask, "INVALID_TARGET", irc_word(ask->message->params[1]),
             "Messages could not be retrieved");
        return;
    }
    query->target = str_from(place.key);
    query->has_events = (ask->client->caps & IRC_CAP_EVENT_PLAYBACK) != 0;
    bool is_readable = place.kind != RELAY_PLACE_EMPTY && set_bounds(query, bounds);
    page.is_start = place.kind == RELAY_PLACE_EMPTY; // of bounds that hold nothing nobody knows
    if (is_readable && !store_read(ask->relay->store, query, &page, &err)) {
        log_warn("the history cannot be read: %s", err.text);
        fail(ask, "MESSAGE_ERROR", irc_word(ask->message->params[1]),
             "Messages could not be retrieved");
    } else {
        answer(ask, query, &place, &page);
    }
    store_page_deinit(&page);
}

static void read_history(const struct ask *ask, const struct subcommand *subcommand)
{
    const struct irc_message *message = ask->message;
    struct store_query query = {.range = subcommand->range};
    struct bound bounds[2] = {{0}};
    size_t wanted = 3 + subcommand->bounds;
    if (message->param_count != wanted) {
        fail(ask, "INVALID_PARAMS", (struct str){0},
             message->param_count < wanted ? "Insufficient parameters" : "Too many parameters");
        return;
    }
    for (size_t i = 0; i < subcommand->bounds; i++) {
        if (!parse_bound(ask, message->params[2 + i], &bounds[i])) {
            return;
        }
        if (bounds[i].is_any && subcommand->range != STORE_LATEST) {
            fail(ask, "INVALID_PARAMS", STR("*"), "Only LATEST goes without a bound");
            return;
        }
    }
    if (parse_limit(ask, &query.limit)) {
        read_place(ask, &query, bounds);
    }
}

// --- TARGETS ---

static void tell_targets(const struct ask *ask, const struct store_targets *targets, size_t from,
                         size_t to)
{
    struct relay_replay replay;
    relay_replay_begin(&replay, ask->relay, ask->client, "draft/chathistory-targets", false);
    for (size_t i = from; i < to; i++) {
        const struct store_target *target = &targets->items[i];
        char folded[IRC_NICK_BYTES + 1], time[28];
        struct str name = target->name;
        relay_time_of(target->last, time);
        if (!irc_is_channel(target->key) &&
            irc_names_fold(IRC_CASEMAP_ASCII, name, folded, sizeof(folded))) {
            name = relay_nick_of(ask->relay, str_from(folded), name);
        }
        relay_replay_own(&replay, "CHATHISTORY TARGETS %.*s %s", STR_ARG(name), time);
    }
    relay_replay_end(&replay);
}

static void read_targets(const struct ask *ask, const struct bound bounds[2], size_t limit)
{
    struct str channels[RELAY_CHANNELS_MAX];
    struct store_targets targets = {0};
    struct err err;
    size_t count = 0;
    bool is_backward = bounds[1].id < bounds[0].id;
    const struct bound *low = &bounds[is_backward ? 1 : 0], *high = &bounds[is_backward ? 0 : 1];
    uint64_t window[2] = {newer_than(low), older_than(high)};
    for (size_t i = 0; i < ask->client->member_count && count < RELAY_CHANNELS_MAX; i++) {
        struct str folded = str_from(ask->client->members[i]->channel->folded);
        if (!relay_is_moving(ask->relay, folded)) {
            channels[count++] = folded;
        }
    }
    if (window[0] < window[1] &&
        !store_read_targets(ask->relay->store, relay_account_of(ask->client), channels, count,
                            window, is_backward ? TARGETS_READ : limit, &targets, &err)) {
        log_warn("the conversations cannot be read: %s", err.text);
        fail(ask, "MESSAGE_ERROR", STR("*"), "Targets could not be retrieved");
    } else {
        tell_targets(ask, &targets, targets.count > limit ? targets.count - limit : 0,
                     targets.count);
    }
    store_targets_deinit(&targets);
}

static void find_targets(const struct ask *ask)
{
    struct bound bounds[2];
    size_t limit = 0;
    if (ask->message->param_count != 4) {
        fail(ask, "INVALID_PARAMS", (struct str){0},
             ask->message->param_count < 4 ? "Insufficient parameters" : "Too many parameters");
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        struct str text = ask->message->params[1 + i];
        if (!parse_bound(ask, text, &bounds[i])) {
            return;
        }
        if (bounds[i].is_any || bounds[i].is_exact) {
            fail(ask, "INVALID_PARAMS", irc_word(text), "TARGETS takes timestamps only");
            return;
        }
    }
    if (parse_limit(ask, &limit)) {
        read_targets(ask, bounds, limit);
    }
}

void relay_cmd_chathistory(struct relay *relay, struct relay_client *client,
                           const struct irc_message *message)
{
    static const struct subcommand subcommands[] = {
        {"AFTER", STORE_AFTER, 1},     {"AROUND", STORE_AROUND, 1}, {"BEFORE", STORE_BEFORE, 1},
        {"BETWEEN", STORE_BETWEEN, 2}, {"LATEST", STORE_LATEST, 1},
    };
    struct ask ask = {relay, client, message, irc_message_param(message, 0)};
    if (!relay->store) {
        relay_reply(relay, client, ERR_UNKNOWNCOMMAND, "CHATHISTORY :Unknown command");
        return;
    }
    if (str_eq_nocase(ask.name, STR("TARGETS"))) {
        find_targets(&ask);
        return;
    }
    for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++) {
        if (str_eq_nocase(ask.name, str_from(subcommands[i].name))) {
            read_history(&ask, &subcommands[i]);
            return;
        }
    }
    fail(&ask, "INVALID_PARAMS", (struct str){0},
         ask.name.len ? "Unknown command" : "Insufficient parameters");
}

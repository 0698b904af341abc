// MONITOR (IRCv3): who is told when a nick comes and goes.
#include "mem.h"
#include "relay_parts.h"

struct relay_watch {                // one nick that somebody watches
    char *nick;                     // owned, as first asked for
    char *folded;                   // owned
    struct relay_client **watchers; // owned
    size_t count;
};

static void tell_one(struct relay *relay, struct relay_client *to, enum irc_numeric numeric,
                     struct str name)
{
    relay_reply(relay, to, numeric, ":%.*s", STR_ARG(name));
}

void relay_monitor_tell(struct relay *relay, const struct relay_client *who, bool is_online)
{
    const struct relay_watch *watch = map_get(&relay->watches, str_from(who->folded));
    for (size_t i = 0; watch && i < watch->count; i++) {
        tell_one(relay, watch->watchers[i], is_online ? RPL_MONONLINE : RPL_MONOFFLINE,
                 str_from(is_online ? who->mask : who->nick));
        if (is_online) {
            relay_metadata_watched(relay, watch->watchers[i], who);
        }
    }
}

struct relay_client *const *relay_monitor_watchers(const struct relay *relay,
                                                   const struct relay_client *of, size_t *count)
{
    const struct relay_watch *watch = map_get(&relay->watches, str_from(of->folded));
    *count = watch ? watch->count : 0;
    return watch ? watch->watchers : NULL;
}

struct str relay_monitor_nick(const struct relay_client *client, size_t at)
{
    return str_from(client->watches[at]->nick);
}

static struct relay_watch *find_mine(const struct relay_client *client, struct str folded,
                                     size_t *at)
{
    for (*at = 0; *at < client->watch_count; ++*at) {
        if (str_eq(str_from(client->watches[*at]->folded), folded)) {
            return client->watches[*at];
        }
    }
    return NULL;
}

static void drop(struct relay *relay, struct relay_client *client, size_t at)
{
    struct relay_watch *watch = client->watches[at];
    client->watches[at] = client->watches[--client->watch_count];
    for (size_t i = 0; i < watch->count; i++) {
        if (watch->watchers[i] == client) {
            watch->watchers[i] = watch->watchers[--watch->count];
            break;
        }
    }
    if (watch->count == 0) {
        (void)map_remove(&relay->watches, str_from(watch->folded)); // the watch itself
        mem_free(watch->nick);
        mem_free(watch->folded);
        mem_free(watch->watchers);
        mem_free(watch);
    }
}

void relay_monitor_clear(struct relay *relay, struct relay_client *client)
{
    while (client->watch_count > 0) {
        drop(relay, client, client->watch_count - 1);
    }
    mem_free(client->watches);
    client->watches = NULL;
}

// false: the list is full.
static bool add(struct relay *relay, struct relay_client *client, struct str nick,
                const char *folded)
{
    size_t at = 0;
    if (find_mine(client, str_from(folded), &at)) {
        return true;
    }
    if (client->watch_count == RELAY_MONITOR_MAX) {
        return false;
    }
    struct relay_watch *watch = map_get(&relay->watches, str_from(folded));
    if (!watch) {
        watch = MEM_NEW(struct relay_watch);
        watch->nick = str_dup(nick);
        watch->folded = str_dup(str_from(folded));
        map_put(&relay->watches, str_from(folded), watch);
    }
    watch->watchers = mem_resize(watch->watchers, watch->count + 1, sizeof(struct relay_client *));
    watch->watchers[watch->count++] = client;
    if (!client->watches) {
        client->watches = mem_alloc_array(RELAY_MONITOR_MAX, sizeof(struct relay_watch *));
    }
    client->watches[client->watch_count++] = watch;
    return true;
}

struct answer { // names gathered for one kind of numeric
    struct relay *relay;
    struct relay_client *to;
    enum irc_numeric numeric;
    struct buf names;
};

static void answer_init(struct answer *answer, struct relay *relay, struct relay_client *to,
                        enum irc_numeric numeric)
{
    *answer = (struct answer){.relay = relay, .to = to, .numeric = numeric};
    buf_init(&answer->names, BUF_NO_LIMIT);
}

static void answer_send(struct answer *answer)
{
    if (answer->names.len) {
        tell_one(answer->relay, answer->to, answer->numeric, buf_str(&answer->names));
        buf_clear(&answer->names);
    }
}

static void answer_add(struct answer *answer, struct str name)
{
    if (answer->names.len + name.len + 1 > relay_room(answer->relay, answer->to, 0)) {
        answer_send(answer);
    }
    (void)buf_printf(&answer->names, "%s%.*s", answer->names.len ? "," : "", STR_ARG(name));
}

static void answer_end(struct answer *answer)
{
    answer_send(answer);
    buf_deinit(&answer->names);
}

static void add_state(struct answer *online, struct answer *offline, struct str nick)
{
    const struct relay_client *who = relay_find_client(online->relay, nick);
    if (who) {
        answer_add(online, str_from(who->mask));
    } else {
        answer_add(offline, nick);
    }
}

static void watch_all(struct relay *relay, struct relay_client *client, struct str targets)
{
    struct answer online, offline;
    struct str nick, all = targets;
    answer_init(&online, relay, client, RPL_MONONLINE);
    answer_init(&offline, relay, client, RPL_MONOFFLINE);
    while (str_next(&targets, ',', &nick)) {
        char folded[IRC_NICK_BYTES + 1];
        if (nick.len == 0) {
            continue;
        }
        // A mask is no nick: nobody will ever be called so.
        bool fits = irc_names_fold(IRC_CASEMAP_ASCII, nick, folded, sizeof(folded));
        if (fits && !add(relay, client, nick, folded)) {
            size_t done = (size_t)(nick.data - all.data);
            answer_send(&online);
            answer_send(&offline);
            relay_reply(relay, client, ERR_MONLISTFULL, "%d %.*s :Monitor list is full.",
                        RELAY_MONITOR_MAX, STR_ARG(str_range(all, done, all.len)));
            break;
        }
        add_state(&online, &offline, nick);
    }
    answer_end(&online);
    answer_end(&offline);
    while (str_next(&all, ',', &nick)) {
        const struct relay_client *who = relay_find_client(relay, nick);
        if (who) {
            relay_metadata_watched(relay, client, who);
        }
    }
}

static void unwatch(struct relay *relay, struct relay_client *client, struct str targets)
{
    struct str nick;
    while (str_next(&targets, ',', &nick)) {
        char folded[IRC_NICK_BYTES + 1];
        size_t at = 0;
        if (irc_names_fold(IRC_CASEMAP_ASCII, nick, folded, sizeof(folded)) &&
            find_mine(client, str_from(folded), &at)) {
            drop(relay, client, at);
        }
    }
}

static void show_list(struct relay *relay, struct relay_client *client)
{
    struct answer list;
    answer_init(&list, relay, client, RPL_MONLIST);
    for (size_t i = 0; i < client->watch_count; i++) {
        answer_add(&list, str_from(client->watches[i]->nick));
    }
    answer_end(&list);
    relay_reply(relay, client, RPL_ENDOFMONLIST, ":End of MONITOR list");
}

static void show_states(struct relay *relay, struct relay_client *client)
{
    struct answer online, offline;
    answer_init(&online, relay, client, RPL_MONONLINE);
    answer_init(&offline, relay, client, RPL_MONOFFLINE);
    for (size_t i = 0; i < client->watch_count; i++) {
        add_state(&online, &offline, str_from(client->watches[i]->nick));
    }
    answer_end(&online);
    answer_end(&offline);
    for (size_t i = 0; i < client->watch_count; i++) {
        const struct relay_client *who = relay_find_client(relay, relay_monitor_nick(client, i));
        if (who) {
            relay_metadata_watched(relay, client, who);
        }
    }
}

void relay_cmd_monitor(struct relay *relay, struct relay_client *client,
                       const struct irc_message *message)
{
    struct str what = message->params[0];
    bool has_targets = irc_message_param(message, 1).len > 0;
    char letter = what.len == 1 ? char_lower(what.data[0]) : '\0';
    if ((letter == '+' || letter == '-') && !has_targets) {
        relay_reply(relay, client, ERR_NEEDMOREPARAMS, "MONITOR :Not enough parameters");
    } else if (letter == '+') {
        watch_all(relay, client, message->params[1]);
    } else if (letter == '-') {
        unwatch(relay, client, message->params[1]);
    } else if (letter == 'c') {
        relay_monitor_clear(relay, client);
    } else if (letter == 'l') {
        show_list(relay, client);
    } else if (letter == 's') {
        show_states(relay, client);
    } else {
        relay_reply(relay, client, ERR_UNKNOWNERROR, "MONITOR :Use + - C L or S");
    }
}

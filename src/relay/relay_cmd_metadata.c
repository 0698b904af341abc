// METADATA (IRCv3 draft metadata-3, and -2 with words of its own): what people and channels say about
// themselves, and who wants to hear of it.
#include "mem.h"
#include "relay_parts.h"

#define KEYS_MAX     25
#define SUBS_MAX     50
#define KEY_MAX      64
#define VALUE_MAX    300
#define SYNC_MAX     100 // members of a channel whose words are sent unasked
#define SYNC_COST    4   // besides the command's own: the answer is long
#define SYNC_LATER_S 4
#define ALL          "*ALL" // target of SYNC: whom and what one sees

struct pair {
    char *key;   // owned
    char *value; // owned
};

struct relay_metadata {
    struct pair *pairs; // owned
    size_t count;
    char **subs; // owned keys the client wants to hear of
    size_t sub_count;
};

struct target {
    struct relay_metadata **data;
    struct relay_client *client; // one of the two
    struct relay_channel *channel;
    struct str given; // as the client wrote it
    struct str name;  // of who or what it is
};

struct ask { // one METADATA command
    struct relay *relay;
    struct relay_client *client;
    const struct irc_message *message;
    struct target target;
};

static size_t find_pair(const struct relay_metadata *data, struct str key)
{
    size_t at = 0;
    while (data && at < data->count && !str_eq(str_from(data->pairs[at].key), key)) {
        at++;
    }
    return at;
}

static const char *value_of(const struct relay_metadata *data, struct str key)
{
    size_t at = find_pair(data, key);
    return data && at < data->count ? data->pairs[at].value : NULL;
}

static size_t find_sub(const struct relay_metadata *data, struct str key)
{
    size_t at = 0;
    while (data && at < data->sub_count && !str_eq(str_from(data->subs[at]), key)) {
        at++;
    }
    return at;
}

static bool has_cap(const struct relay_client *client)
{
    return client->caps & (IRC_CAP_METADATA_2 | IRC_CAP_METADATA_3);
}

// -3: it is also sent, unasked, what those say whom it comes to see.
static bool is_aware(const struct relay_client *client)
{
    return (client->caps & IRC_CAP_METADATA_3) && (client->caps & IRC_CAP_BATCH);
}

static bool speaks_second(const struct relay_client *client)
{
    return has_cap(client) && !(client->caps & IRC_CAP_METADATA_3);
}

static bool wants(const struct relay_client *client, struct str key)
{
    return has_cap(client) && client->metadata &&
           find_sub(client->metadata, key) < client->metadata->sub_count;
}

static struct relay_metadata *make(struct relay_metadata **data)
{
    if (!*data) {
        *data = MEM_NEW(struct relay_metadata);
    }
    return *data;
}

static void remove_pair(struct relay_metadata *data, size_t at)
{
    mem_free(data->pairs[at].key);
    mem_free(data->pairs[at].value);
    data->pairs[at] = data->pairs[--data->count];
}

static void end_subs(struct relay_metadata *data)
{
    for (size_t i = 0; i < data->sub_count; i++) {
        mem_free(data->subs[i]);
    }
    data->sub_count = 0;
}

void relay_metadata_destroy(struct relay_metadata *data)
{
    if (!data) {
        return;
    }
    while (data->count > 0) {
        remove_pair(data, data->count - 1);
    }
    end_subs(data);
    mem_free(data->pairs);
    mem_free(data->subs);
    mem_free(data);
}

void relay_metadata_forget(struct relay_client *client)
{
    relay_metadata_destroy(client->metadata);
    client->metadata = NULL;
}

void relay_metadata_caps_changed(struct relay_client *client, unsigned before)
{
    bool has_lost_batch = (before & IRC_CAP_BATCH) && !(client->caps & IRC_CAP_BATCH);
    if (client->metadata && (!has_cap(client) || has_lost_batch)) {
        end_subs(client->metadata);
    }
}

// --- telling ---

static void tell_value(struct relay *relay, struct relay_client *to, struct str target,
                       struct str key, const char *value)
{
    if (value) {
        relay_reply(relay, to, RPL_KEYVALUE, "%.*s %.*s * :%s", STR_ARG(target), STR_ARG(key),
                    value);
    } else {
        relay_reply(relay, to, RPL_KEYNOTSET, "%.*s %.*s :key not set", STR_ARG(target),
                    STR_ARG(key));
    }
}

static void tell_change(struct relay *relay, const struct relay_client *by, struct relay_client *to,
                        const char *target, struct str key, const char *value)
{
    if (!wants(to, key)) {
        return;
    }
    if (to->caps & IRC_CAP_METADATA_3) {
        tell_value(relay, to, str_from(target), key, value);
    } else {
        relay_line(relay, to, ":%s METADATA %s %.*s *%s%s", by->mask, target, STR_ARG(key),
                   value ? " :" : "", value ? value : "");
    }
}

static void tell_of_person(struct relay *relay, struct relay_client *of, struct str key,
                           const char *value)
{
    size_t peers;
    size_t count = relay_gather_friends(relay, of, &peers);
    for (size_t i = 0; i < count; i++) {
        if (i < peers ||
            relay->gathered[i]->caps & (IRC_CAP_EXTENDED_MONITOR | IRC_CAP_METADATA_3)) {
            tell_change(relay, of, relay->gathered[i], of->nick, key, value);
        }
    }
}

static void tell_others(const struct ask *ask, struct str key, const char *value)
{
    if (ask->target.client) {
        tell_of_person(ask->relay, ask->target.client, key, value);
        return;
    }
    const struct relay_channel *channel = ask->target.channel;
    for (size_t i = 0; i < channel->member_count; i++) {
        struct relay_client *to = channel->members[i]->client;
        if (to != ask->client) {
            tell_change(ask->relay, ask->client, to, channel->name, key, value);
        }
    }
}

// Of all that `of` says, what `to` wants to hear.
static void tell_wanted(struct relay *relay, struct relay_client *to, struct str target,
                        const struct relay_metadata *of)
{
    for (size_t i = 0; of && i < of->count; i++) {
        if (wants(to, str_from(of->pairs[i].key))) {
            tell_value(relay, to, target, str_from(of->pairs[i].key), of->pairs[i].value);
        }
    }
}

static void sync_channel(struct relay *relay, struct relay_client *to,
                         const struct relay_channel *channel)
{
    relay_batch_begin(relay, to, "metadata %s", channel->name);
    tell_wanted(relay, to, str_from(channel->name), channel->metadata);
    for (size_t i = 0; i < channel->member_count; i++) {
        const struct relay_client *of = channel->members[i]->client;
        tell_wanted(relay, to, str_from(of->nick), of->metadata);
    }
    relay_batch_end(relay, to);
}

static void sync_person(struct relay *relay, struct relay_client *to, const struct relay_client *of)
{
    relay_batch_begin(relay, to, "metadata %s", of->nick);
    tell_wanted(relay, to, str_from(of->nick), of->metadata);
    relay_batch_end(relay, to);
}

static void tell_later(struct relay *relay, struct relay_client *to, const char *target,
                       int seconds)
{
    relay_reply(relay, to, RPL_METADATASYNCLATER, "%s %d :Ask for it with SYNC", target, seconds);
}

void relay_metadata_joined(struct relay *relay, struct relay_client *client,
                           const struct relay_channel *channel)
{
    bool has_subs = has_cap(client) && client->metadata && client->metadata->sub_count > 0;
    if (has_subs && channel->member_count > SYNC_MAX) {
        tell_later(relay, client, channel->name, SYNC_LATER_S);
    } else if (has_subs || is_aware(client)) {
        sync_channel(relay, client, channel);
    }
    for (size_t k = 0; client->metadata && k < client->metadata->count; k++) {
        const struct pair *pair = &client->metadata->pairs[k];
        for (size_t i = 0; i < channel->member_count; i++) {
            struct relay_client *to = channel->members[i]->client;
            if (to != client) {
                tell_change(relay, client, to, client->nick, str_from(pair->key), pair->value);
            }
        }
    }
}

void relay_metadata_welcome(struct relay *relay, struct relay_client *client)
{
    const struct relay_metadata *data = client->metadata;
    size_t count = data ? data->count : 0;
    if (is_aware(client) || (has_cap(client) && count > 0)) {
        relay_batch_begin(relay, client, "metadata %s", client->nick);
        for (size_t i = 0; i < count; i++) {
            tell_value(relay, client, str_from(client->nick), str_from(data->pairs[i].key),
                       data->pairs[i].value);
        }
        relay_batch_end(relay, client);
    }
    // Who has resumed may have said something else meanwhile; of others watchers have just heard.
    for (size_t i = 0; client->member_count > 0 && i < count; i++) {
        tell_of_person(relay, client, str_from(data->pairs[i].key), data->pairs[i].value);
    }
}

void relay_metadata_watched(struct relay *relay, struct relay_client *client,
                            const struct relay_client *who)
{
    if (is_aware(client)) {
        sync_person(relay, client, who);
    } else if (client->caps & IRC_CAP_EXTENDED_MONITOR) {
        tell_wanted(relay, client, str_from(who->nick), who->metadata);
    }
}

void relay_metadata_whois(struct relay *relay, struct relay_client *to,
                          const struct relay_client *who)
{
    for (size_t i = 0; who->metadata && i < who->metadata->count; i++) {
        relay_reply(relay, to, RPL_WHOISKEYVALUE, "%s %s * :%s", who->nick,
                    who->metadata->pairs[i].key, who->metadata->pairs[i].value);
    }
}

// --- subcommands ---

static void fail(const struct ask *ask, const char *code, struct str context, const char *text)
{
    relay_line(ask->relay, ask->client, ":%s FAIL METADATA %s %.*s :%s", ask->relay->server, code,
               STR_ARG(irc_word(context)), text);
}

static void fail_limit(const struct ask *ask, const char *command, struct str item, int limit)
{
    relay_line(ask->relay, ask->client, ":%s FAIL METADATA LIMIT_REACHED %s %.*s %d :Too many keys",
               ask->relay->server, command, STR_ARG(irc_word(item)), limit);
}

static bool is_asked(const struct ask *ask, const char *subcommand)
{
    return str_eq_nocase(ask->message->params[1], str_from(subcommand));
}

static void fail_permission(const struct ask *ask, struct str key)
{
    relay_line(ask->relay, ask->client,
               ":%s FAIL METADATA KEY_NO_PERMISSION %.*s %.*s :You may not do that",
               ask->relay->server, STR_ARG(irc_word(ask->target.given)), STR_ARG(irc_word(key)));
}

static bool is_key(struct str key)
{
    for (size_t i = 0; i < key.len; i++) {
        char c = key.data[i];
        bool is_good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
                       c == '/' || c == '-';
        if (!is_good) {
            return false;
        }
    }
    return key.len > 0 && key.len <= KEY_MAX;
}

static bool check_key(const struct ask *ask, struct str key)
{
    if (!is_key(key)) {
        bool is_second = speaks_second(ask->client);
        struct str word = irc_word(key.len <= KEY_MAX ? key : STR("*"));
        // Of several keys the others are looked at all the same.
        relay_line(ask->relay, ask->client,
                   ":%s %s METADATA %s %.*s :A key has a-z, 0-9 and _ . / - only, 64 at most",
                   ask->relay->server, is_second || is_asked(ask, "SET") ? "FAIL" : "WARN",
                   is_second ? "KEY_INVALID" : "INVALID_KEY", STR_ARG(word));
        return false;
    }
    return true;
}

static bool may_change(const struct ask *ask)
{
    if (ask->target.client) {
        return ask->target.client == ask->client;
    }
    const struct relay_member *me = relay_find_member(ask->client, ask->target.channel);
    return me && me->is_op;
}

static bool may_see(const struct ask *ask)
{
    const struct relay_channel *channel = ask->target.channel;
    bool is_closed = channel && channel->flags & RELAY_MODE_INVITE;
    return !is_closed || relay_find_member(ask->client, channel);
}

static void get(const struct ask *ask)
{
    relay_batch_begin(ask->relay, ask->client, "metadata %.*s", STR_ARG(ask->target.name));
    for (size_t i = 2; i < ask->message->param_count; i++) {
        struct str key = ask->message->params[i];
        if (!check_key(ask, key)) {
            continue;
        }
        if (!may_see(ask)) {
            fail_permission(ask, key);
            continue;
        }
        tell_value(ask->relay, ask->client, ask->target.name, key,
                   value_of(*ask->target.data, key));
    }
    relay_batch_end(ask->relay, ask->client);
}

static void list(const struct ask *ask)
{
    if (!may_see(ask)) {
        fail_permission(ask, STR("*"));
        return;
    }
    const struct relay_metadata *data = *ask->target.data;
    relay_batch_begin(ask->relay, ask->client, "metadata %.*s", STR_ARG(ask->target.name));
    for (size_t i = 0; data && i < data->count; i++) {
        tell_value(ask->relay, ask->client, ask->target.name, str_from(data->pairs[i].key),
                   data->pairs[i].value);
    }
    relay_batch_end(ask->relay, ask->client);
}

static void clear(const struct ask *ask)
{
    if (!may_change(ask)) {
        fail_permission(ask, STR("*"));
        return;
    }
    struct relay_metadata *data = *ask->target.data;
    relay_batch_begin(ask->relay, ask->client, "metadata %.*s", STR_ARG(ask->target.name));
    while (data && data->count > 0) {
        struct str key = str_from(data->pairs[data->count - 1].key);
        tell_value(ask->relay, ask->client, ask->target.name, key, NULL);
        tell_others(ask, key, NULL);
        remove_pair(data, data->count - 1);
    }
    relay_batch_end(ask->relay, ask->client);
}

static void store(struct relay_metadata *data, struct str key, struct str value)
{
    size_t at = find_pair(data, key);
    if (at == data->count) {
        data->pairs = mem_resize(data->pairs, data->count + 1, sizeof(*data->pairs));
        data->pairs[data->count++] = (struct pair){.key = str_dup(key)};
    }
    mem_free(data->pairs[at].value);
    data->pairs[at].value = str_dup(value);
}

static void set(const struct ask *ask)
{
    struct str key = irc_message_param(ask->message, 2);
    struct str value = irc_message_param(ask->message, 3);
    if (!check_key(ask, key)) {
        return;
    }
    if (!may_change(ask)) {
        fail_permission(ask, key);
        return;
    }
    if (value.len > VALUE_MAX) {
        fail(ask, "INVALID_VALUE", key, "A value has 300 bytes at most");
        return;
    }
    struct relay_metadata *data = make(ask->target.data);
    size_t at = find_pair(data, key);
    bool is_new = at == data->count;
    if (value.len == 0) {
        if (!is_new) {
            remove_pair(data, at);
            tell_others(ask, key, NULL);
        }
        tell_value(ask->relay, ask->client, ask->target.name, key, NULL);
        return;
    }
    if (is_new && data->count == KEYS_MAX && speaks_second(ask->client)) {
        fail(ask, "LIMIT_REACHED", ask->target.given, "Too many keys are set");
        return;
    }
    if (is_new && data->count == KEYS_MAX) {
        fail_limit(ask, "SET", ask->target.given, KEYS_MAX);
        return;
    }
    store(data, key, value);
    tell_value(ask->relay, ask->client, ask->target.name, key, value_of(data, key));
    tell_others(ask, key, value_of(data, key));
}

static bool subscribe_one(const struct ask *ask, struct relay_metadata *mine, struct str key)
{
    if (find_sub(mine, key) < mine->sub_count) {
        return true;
    }
    if (mine->sub_count == SUBS_MAX && speaks_second(ask->client)) {
        fail(ask, "TOO_MANY_SUBS", key, "Too many subscriptions");
        return false;
    }
    if (mine->sub_count == SUBS_MAX) {
        fail_limit(ask, "SUB", key, SUBS_MAX);
        return false;
    }
    mine->subs = mem_resize(mine->subs, mine->sub_count + 1, sizeof(*mine->subs));
    mine->subs[mine->sub_count++] = str_dup(key);
    return true;
}

// What stands under new keys is for the client to fetch (SYNC): looking at everybody in every channel
// for one command would cost too much.
static void say_what_to_fetch(const struct ask *ask)
{
    struct relay_client *client = ask->client;
    if (!client->is_registered || !has_cap(client)) {
        return; // it sees nobody yet
    }
    if (!speaks_second(client)) {
        tell_later(ask->relay, client, ALL, 0);
        return;
    }
    for (size_t i = 0; i < client->member_count; i++) {
        tell_later(ask->relay, client, client->members[i]->channel->name, 0);
    }
}

// SUB and UNSUB: what became of each key, in one numeric.
static void subscribe(const struct ask *ask, bool is_on)
{
    struct relay_metadata *mine = make(&ask->client->metadata);
    size_t before = mine->sub_count;
    enum irc_numeric numeric = is_on ? RPL_METADATASUBOK : RPL_METADATAUNSUBOK;
    struct buf done;
    buf_init(&done, BUF_NO_LIMIT);
    for (size_t i = 2; i < ask->message->param_count; i++) {
        struct str key = ask->message->params[i];
        if (!check_key(ask, key)) {
            continue;
        }
        if (is_on && !subscribe_one(ask, mine, key)) {
            break;
        }
        size_t at = find_sub(mine, key);
        if (!is_on && at < mine->sub_count) {
            mem_free(mine->subs[at]);
            mine->subs[at] = mine->subs[--mine->sub_count];
        }
        if (done.len + key.len + 1 > RELAY_LIST_MAX) {
            relay_reply(ask->relay, ask->client, numeric, "%s", buf_cstr(&done));
            buf_clear(&done);
        }
        (void)buf_printf(&done, "%s%.*s", done.len ? " " : "", STR_ARG(key));
    }
    if (done.len) {
        relay_reply(ask->relay, ask->client, numeric, "%s", buf_cstr(&done));
    }
    if (is_on && mine->sub_count > before) {
        say_what_to_fetch(ask);
    }
    buf_deinit(&done);
}

static void show_subs(const struct ask *ask)
{
    const struct relay_metadata *mine = ask->client->metadata;
    relay_batch_begin(ask->relay, ask->client, "metadata-subs");
    for (size_t i = 0; mine && i < mine->sub_count; i++) {
        relay_reply(ask->relay, ask->client, RPL_METADATASUBS, "%s", mine->subs[i]);
    }
    relay_batch_end(ask->relay, ask->client);
}

static void sync(const struct ask *ask)
{
    if (ask->target.channel && !relay_find_member(ask->client, ask->target.channel)) {
        fail_permission(ask, STR("*"));
    } else if (ask->target.channel) {
        if (relay_limits_pay(ask->relay, ask->client, SYNC_COST)) {
            sync_channel(ask->relay, ask->client, ask->target.channel);
        }
    } else {
        relay_batch_begin(ask->relay, ask->client, "metadata %.*s", STR_ARG(ask->target.name));
        tell_wanted(ask->relay, ask->client, ask->target.name, *ask->target.data);
        relay_batch_end(ask->relay, ask->client);
    }
}

// Everybody once, though they may meet in many channels and be monitored besides.
static void sync_all(struct relay *relay, struct relay_client *client)
{
    if (!relay_limits_pay(relay, client, SYNC_COST)) {
        return;
    }
    relay_batch_begin(relay, client, "metadata " ALL);
    for (size_t i = 0; i < client->member_count; i++) {
        const struct relay_channel *channel = client->members[i]->channel;
        tell_wanted(relay, client, str_from(channel->name), channel->metadata);
    }
    tell_wanted(relay, client, str_from(client->nick), client->metadata);
    size_t count = relay_gather_peers(relay, client);
    for (size_t i = 0; i < count; i++) {
        const struct relay_client *of = relay->gathered[i];
        tell_wanted(relay, client, str_from(of->nick), of->metadata);
    }
    for (size_t i = 0; i < client->watch_count; i++) {
        const struct relay_client *of = relay_find_client(relay, relay_monitor_nick(client, i));
        if (of && of->stamp != relay->stamp) { // else it is a peer, or the client itself
            tell_wanted(relay, client, str_from(of->nick), of->metadata);
        }
    }
    relay_batch_end(relay, client);
}

static bool find_target(struct ask *ask)
{
    struct target *target = &ask->target;
    target->given = ask->message->params[0];
    if (str_eq(target->given, STR("*"))) {
        target->client = ask->client;
    } else if (!ask->client->is_registered) {
        return false; // who is not let in yet learns of nobody
    } else if (irc_is_channel(target->given)) {
        target->channel = relay_find_seen(ask->relay, ask->client, target->given);
    } else {
        target->client = relay_find_client(ask->relay, target->given);
    }
    if (target->client) {
        const char *nick = target->client->nick;
        target->name = nick[0] ? str_from(nick) : STR("*"); // before registration
        target->data = &target->client->metadata;
    } else if (target->channel) {
        target->name = str_from(target->channel->name);
        target->data = &target->channel->metadata;
    }
    // One subscribes for oneself.
    bool is_of_subs = is_asked(ask, "SUB") || is_asked(ask, "UNSUB") || is_asked(ask, "SUBS");
    return target->data != NULL && (!is_of_subs || target->client == ask->client);
}

void relay_cmd_metadata(struct relay *relay, struct relay_client *client,
                        const struct irc_message *message)
{
    struct ask ask = {.relay = relay, .client = client, .message = message};
    bool needs_key = is_asked(&ask, "GET") || is_asked(&ask, "SET") || is_asked(&ask, "SUB") ||
                     is_asked(&ask, "UNSUB");
    if (needs_key && message->param_count < 3) {
        relay_reply(relay, client, ERR_NEEDMOREPARAMS, "METADATA :Not enough parameters");
    } else if (is_asked(&ask, "SYNC") && str_eq(message->params[0], STR(ALL))) {
        sync_all(relay, client);
    } else if (!find_target(&ask)) {
        fail(&ask, "INVALID_TARGET", message->params[0],
             "There is nobody and no channel of this name");
    } else if (is_asked(&ask, "GET")) {
        get(&ask);
    } else if (is_asked(&ask, "LIST")) {
        list(&ask);
    } else if (is_asked(&ask, "SET")) {
        set(&ask);
    } else if (is_asked(&ask, "CLEAR")) {
        clear(&ask);
    } else if (is_asked(&ask, "SUB") || is_asked(&ask, "UNSUB")) {
        subscribe(&ask, is_asked(&ask, "SUB"));
    } else if (is_asked(&ask, "SUBS")) {
        show_subs(&ask);
    } else if (is_asked(&ask, "SYNC")) {
        sync(&ask);
    } else {
        fail(&ask, speaks_second(client) ? "SUBCOMMAND_INVALID" : "INVALID_PARAMS",
             message->params[1], "GET LIST SET CLEAR SUB UNSUB SUBS or SYNC");
    }
}

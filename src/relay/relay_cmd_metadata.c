// METADATA (IRCv3 draft metadata-2, and -3 which tells of changes by numerics): what people and
// channels say about themselves, and who wants to hear of it.
#include "mem.h"
#include "relay_parts.h"

#define KEYS_MAX  25
#define SUBS_MAX  50
#define KEY_MAX   64
#define VALUE_MAX 300
#define SYNC_MAX  100 // members of a channel whose words are sent unasked

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

void relay_metadata_destroy(struct relay_metadata *data)
{
    if (!data) {
        return;
    }
    while (data->count > 0) {
        remove_pair(data, data->count - 1);
    }
    for (size_t i = 0; i < data->sub_count; i++) {
        mem_free(data->subs[i]);
    }
    mem_free(data->pairs);
    mem_free(data->subs);
    mem_free(data);
}

void relay_metadata_forget(struct relay_client *client)
{
    relay_metadata_destroy(client->metadata);
    client->metadata = NULL;
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
        if (i < peers || relay->gathered[i]->caps & IRC_CAP_EXTENDED_MONITOR) {
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

void relay_metadata_joined(struct relay *relay, struct relay_client *client,
                           const struct relay_channel *channel)
{
    bool hears = has_cap(client) && client->metadata && client->metadata->sub_count > 0;
    if (hears && channel->member_count > SYNC_MAX) {
        relay_reply(relay, client, RPL_METADATASYNCLATER, "%s 4", channel->name);
    } else if (hears) {
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
    if (!data || data->count == 0) {
        return;
    }
    if (has_cap(client)) {
        relay_batch_begin(relay, client, "metadata %s", client->nick);
        for (size_t i = 0; i < data->count; i++) {
            tell_value(relay, client, str_from(client->nick), str_from(data->pairs[i].key),
                       data->pairs[i].value);
        }
        relay_batch_end(relay, client);
    }
    for (size_t i = 0; i < data->count; i++) {
        tell_of_person(relay, client, str_from(data->pairs[i].key), data->pairs[i].value);
    }
}

void relay_metadata_watched(struct relay *relay, struct relay_client *client,
                            const struct relay_client *who)
{
    if (client->caps & IRC_CAP_EXTENDED_MONITOR) {
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
        fail(ask, "KEY_INVALID", key.len <= KEY_MAX ? key : STR("*"),
             "A key has a-z, 0-9 and _ . / - only, 64 at most");
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
    if (is_new && data->count == KEYS_MAX) {
        fail(ask, "LIMIT_REACHED", ask->target.given, "Too many keys are set");
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
    if (mine->sub_count == SUBS_MAX) {
        fail(ask, "TOO_MANY_SUBS", key, "Too many subscriptions");
        return false;
    }
    mine->subs = mem_resize(mine->subs, mine->sub_count + 1, sizeof(*mine->subs));
    mine->subs[mine->sub_count++] = str_dup(key);
    return true;
}

// SUB and UNSUB: what became of each key, in one numeric.
static void subscribe(const struct ask *ask, bool is_on)
{
    struct relay_metadata *mine = make(&ask->client->metadata);
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
    // What stands under these keys is for the client to fetch (SYNC): looking at everybody in every
    // channel for one command would cost too much.
    for (size_t i = 0; is_on && done.len && has_cap(ask->client) && i < ask->client->member_count;
         i++) {
        relay_reply(ask->relay, ask->client, RPL_METADATASYNCLATER, "%s",
                    ask->client->members[i]->channel->name);
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
        sync_channel(ask->relay, ask->client, ask->target.channel);
    } else {
        relay_batch_begin(ask->relay, ask->client, "metadata %.*s", STR_ARG(ask->target.name));
        tell_wanted(ask->relay, ask->client, ask->target.name, *ask->target.data);
        relay_batch_end(ask->relay, ask->client);
    }
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
    return target->data != NULL;
}

void relay_cmd_metadata(struct relay *relay, struct relay_client *client,
                        const struct irc_message *message)
{
    struct ask ask = {.relay = relay, .client = client, .message = message};
    struct str what = message->params[1];
    bool needs_key = str_eq_nocase(what, STR("GET")) || str_eq_nocase(what, STR("SET")) ||
                     str_eq_nocase(what, STR("SUB")) || str_eq_nocase(what, STR("UNSUB"));
    if (needs_key && message->param_count < 3) {
        relay_reply(relay, client, ERR_NEEDMOREPARAMS, "METADATA :Not enough parameters");
    } else if (!find_target(&ask)) {
        fail(&ask, "INVALID_TARGET", message->params[0],
             "There is nobody and no channel of this name");
    } else if (str_eq_nocase(what, STR("GET"))) {
        get(&ask);
    } else if (str_eq_nocase(what, STR("LIST"))) {
        list(&ask);
    } else if (str_eq_nocase(what, STR("SET"))) {
        set(&ask);
    } else if (str_eq_nocase(what, STR("CLEAR"))) {
        clear(&ask);
    } else if (str_eq_nocase(what, STR("SUB")) || str_eq_nocase(what, STR("UNSUB"))) {
        subscribe(&ask, str_eq_nocase(what, STR("SUB")));
    } else if (str_eq_nocase(what, STR("SUBS"))) {
        show_subs(&ask);
    } else if (str_eq_nocase(what, STR("SYNC"))) {
        sync(&ask);
    } else {
        fail(&ask, "SUBCOMMAND_INVALID", what, "GET LIST SET CLEAR SUB UNSUB SUBS or SYNC");
    }
}

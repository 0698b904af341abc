// MODE: of channels and of oneself. Every accepted change is told once, with what took effect.
#include <stdio.h>
#include <string.h>

#include "irc_modes.h"
#include "mem.h"
#include "relay_parts.h"
#include "relay_room.h"

struct change_run { // one MODE command being applied
    struct relay *relay;
    struct relay_client *client;
    struct relay_channel *channel;
    struct buf letters;
    struct buf kept; // params as the history has them
    struct buf params;
    char sign;
    unsigned shown; // lists, by their bits: each once, however often it is asked for
};

static const struct {
    char letter;
    unsigned flag;
} flags[] = {
    {'C', RELAY_MODE_NO_CTCP}, {'i', RELAY_MODE_INVITE}, {'m', RELAY_MODE_MODERATED},
    {'n', RELAY_MODE_MEMBERS}, {'s', RELAY_MODE_SECRET}, {'t', RELAY_MODE_TOPIC},
};

static const struct {
    char letter;
    enum relay_list list;
    enum irc_numeric item;
    enum irc_numeric end;
} lists[] = {
    {'b', RELAY_LIST_BAN, RPL_BANLIST, RPL_ENDOFBANLIST},
    {'e', RELAY_LIST_EXCEPT, RPL_EXCEPTLIST, RPL_ENDOFEXCEPTLIST},
    {'I', RELAY_LIST_INVEX, RPL_INVEXLIST, RPL_ENDOFINVEXLIST},
};

#define LIMIT_MAX    1000000
#define MASK_MAX     200 // bytes
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int needs_param(void *context, char letter)
{
    (void)context;
    return letter == 'l' || letter == 'f' ? 2 : letter && strchr("beIkoqv", letter) ? 1 : 0;
}

// Tells what was gathered so far.
static void tell(struct change_run *run)
{
    if (run->letters.len) {
        struct relay_event event;
        relay_event_from(run->relay, &event, run->client, "MODE %s %s%s", run->channel->name,
                         buf_cstr(&run->letters), buf_cstr(&run->params));
        struct buf modes;
        buf_init(&modes, BUF_NO_LIMIT);
        (void)buf_printf(&modes, "%s%s", buf_cstr(&run->letters), buf_cstr(&run->kept));
        relay_record_modes(run->relay, &event, buf_str(&modes), run->client, run->channel);
        buf_deinit(&modes);
        relay_event_channel(run->relay, &event, run->channel, NULL, 0);
        relay_event_deinit(&event);
        relay_room_changed(run->relay, run->channel);
        buf_clear(&run->letters);
        buf_clear(&run->params);
        buf_clear(&run->kept);
        run->sign = '\0';
    }
}

static void note(struct change_run *run, const struct irc_mode_change *change, struct str param)
{
    char sign = change->is_adding ? '+' : '-';
    // A short mask becomes a long one: what does not fit a line with the sender goes into the next.
    size_t head = strlen(run->client->mask) + strlen(run->channel->name) + sizeof(": MODE  +x ");
    if (head + run->letters.len + run->params.len + param.len > IRC_LINE_MAX - 2) {
        tell(run);
    }
    if (run->sign != sign) {
        run->sign = sign;
        (void)buf_append_char(&run->letters, sign); // no ceiling, as below
    }
    (void)buf_append_char(&run->letters, change->letter);
    if (param.len) {
        (void)buf_printf(&run->params, " %.*s", STR_ARG(param));
        (void)buf_printf(&run->kept, " %.*s", STR_ARG(change->letter == 'k' ? STR("*") : param));
    }
}

static void refuse_param(struct change_run *run, const struct irc_mode_change *change,
                         struct str param, const char *why)
{
    relay_reply(run->relay, run->client, ERR_INVALIDMODEPARAM, "%s %c %.*s :%s", run->channel->name,
                change->letter, STR_ARG(irc_word(param)), why);
}

static void refuse_owner(struct change_run *run, const struct relay_member *owner)
{
    relay_reply(run->relay, run->client, ERR_CHANOPRIVSNEEDED, "%s :%s owns this channel",
                run->channel->name, owner->client->nick);
}

// Owners make owners; an owner is always a host too.
static void change_founder(struct change_run *run, const struct irc_mode_change *change,
                           struct relay_member *member)
{
    const struct relay_member *me = relay_find_member(run->client, run->channel);
    struct str nick = str_from(member->client->nick);
    if (!me || !me->is_founder) {
        relay_reply(run->relay, run->client, ERR_CHANOPRIVSNEEDED,
                    "%s :Only who owns the channel may do that", run->channel->name);
        return;
    }
    if (member->is_founder == change->is_adding) {
        return;
    }
    // Whose room it is gives it up, and nobody else does.
    const char *owner = run->channel->founder;
    if (!change->is_adding && owner[0] && strcmp(owner, member->client->account_folded) == 0 &&
        strcmp(owner, run->client->account_folded) != 0) {
        refuse_owner(run, member);
        return;
    }
    member->is_founder = change->is_adding;
    note(run, change, nick);
    relay_room_rank(run->relay, member, 'q', change->is_adding);
    if (change->is_adding && !member->is_op) {
        struct irc_mode_change op = {.is_adding = true, .letter = 'o'};
        member->is_op = true;
        note(run, &op, nick);
    }
}

static void change_rank(struct change_run *run, const struct irc_mode_change *change)
{
    struct relay_client *target = relay_find_client(run->relay, change->param);
    if (!change->has_param) {
        refuse_param(run, change, STR("*"), "A nick is missing");
        return;
    }
    if (!target) {
        relay_reply(run->relay, run->client, ERR_NOSUCHNICK, "%.*s :No such nick",
                    STR_ARG(irc_word(change->param)));
        return;
    }
    struct relay_member *member = relay_find_member(target, run->channel);
    if (!member) {
        relay_reply(run->relay, run->client, ERR_USERNOTINCHANNEL,
                    "%s %s :They are not on that channel", target->nick, run->channel->name);
        return;
    }
    if (change->letter == 'q') {
        change_founder(run, change, member);
        return;
    }
    if (change->letter == 'o' && !change->is_adding && member->is_founder) {
        refuse_owner(run, member);
        return;
    }
    bool *rank = change->letter == 'o' ? &member->is_op : &member->has_voice;
    if (*rank != change->is_adding) {
        *rank = change->is_adding;
        note(run, change, str_from(target->nick));
        relay_room_rank(run->relay, member, change->letter, change->is_adding);
    }
}

static void change_key(struct change_run *run, const struct irc_mode_change *change)
{
    struct relay_channel *channel = run->channel;
    if (!change->is_adding) {
        if (channel->key[0]) {
            channel->key[0] = '\0';
            note(run, change, STR("*"));
        }
        return;
    }
    struct str key = change->param;
    size_t at = 0;
    bool is_bad = key.len == 0 || key.len > RELAY_KEY_MAX || str_find_char(key, ' ', &at) ||
                  str_find_char(key, ',', &at) || key.data[0] == ':';
    if (is_bad) {
        refuse_param(run, change, STR("*"), "A key has 1 to 32 bytes, no space and no comma");
    } else if (!str_eq(key, str_from(channel->key))) {
        (void)str_copy(channel->key, sizeof(channel->key), key); // measured above
        note(run, change, key);
    }
}

static void change_limit(struct change_run *run, const struct irc_mode_change *change)
{
    int64_t limit = 0;
    if (!change->is_adding) {
        if (run->channel->limit) {
            run->channel->limit = 0;
            note(run, change, (struct str){0});
        }
    } else if (!str_to_int_in(change->param, 1, LIMIT_MAX, &limit)) {
        refuse_param(run, change, change->param, "A limit is a number from 1 to 1000000");
    } else if (run->channel->limit != (size_t)limit) {
        char text[24];
        run->channel->limit = (size_t)limit;
        (void)snprintf(text, sizeof(text), "%lld", (long long)limit);
        note(run, change, str_from(text));
    }
}

static void change_slow(struct change_run *run, const struct irc_mode_change *change)
{
    int64_t seconds = 0;
    if (!change->is_adding) {
        if (run->channel->slow_s) {
            run->channel->slow_s = 0;
            note(run, change, (struct str){0});
        }
    } else if (!str_to_int_in(change->param, 1, RELAY_SLOW_MAX_S, &seconds)) {
        refuse_param(run, change, change->param, "Slow mode takes seconds from 1 to 3600");
    } else if (run->channel->slow_s != (int)seconds) {
        char text[24];
        run->channel->slow_s = (int)seconds;
        (void)snprintf(text, sizeof(text), "%d", run->channel->slow_s);
        note(run, change, str_from(text));
    }
}

// "ana" -> "ana!*@*", "*@host" -> "*!*@host"; "m:ana" -> "m:ana!*@*"; "a:ana" stays.
static void full_mask(struct str text, char *out, size_t size)
{
    size_t at = 0;
    if (str_starts(text, STR("m:"))) {
        (void)str_copy(out, size, STR("m:")); // fits
        out += 2;
        size -= 2;
        text = str_range(text, 2, text.len);
    }
    if (str_starts(text, STR("a:"))) {
        (void)snprintf(out, size, "%.*s", STR_ARG(text));
        return;
    }
    bool has_user = str_find_char(text, '!', &at);
    bool has_host = str_find_char(text, '@', &at);
    if (has_user) {
        (void)snprintf(out, size, "%.*s%s", STR_ARG(text), has_host ? "" : "@*");
    } else {
        (void)snprintf(out, size, has_host ? "*!%.*s" : "%.*s!*@*", STR_ARG(text));
    }
}

static void change_mask(struct change_run *run, const struct irc_mode_change *change,
                        struct relay_masks *list)
{
    char mask[256];
    size_t space = 0;
    if (change->param.len == 0 || change->param.len > MASK_MAX || change->param.data[0] == ':' ||
        str_find_char(change->param, ' ', &space)) {
        refuse_param(run, change, STR("*"), "A mask has 1 to 200 bytes and no space");
        return;
    }
    full_mask(change->param, mask, sizeof(mask));
    size_t at = 0;
    while (at < list->count && !str_eq_nocase(str_from(list->items[at].mask), str_from(mask))) {
        at++;
    }
    if (!change->is_adding && at < list->count) {
        note(run, change, str_from(list->items[at].mask)); // as it stood there
        relay_mask_remove(list, at);
    } else if (change->is_adding && at == list->count && list->count < RELAY_MASKS_MAX) {
        (void)relay_mask_add(list, str_from(mask), str_from(run->client->nick),
                             run->relay->now_utc_ms / 1000);
        note(run, change, str_from(mask));
    } else if (change->is_adding && at < list->count) {
        list->items[at].until_ms = 0; // for good, should MUTE or BAN have set it for a while
        relay_room_changed(run->relay, run->channel);
    } else if (change->is_adding) {
        relay_reply(run->relay, run->client, ERR_BANLISTFULL, "%s %c :The list is full",
                    run->channel->name, change->letter);
    }
}

static void change_one(struct change_run *run, const struct irc_mode_change *change)
{
    for (size_t i = 0; i < COUNT(flags); i++) {
        if (flags[i].letter == change->letter) {
            bool is_set = (run->channel->flags & flags[i].flag) != 0;
            if (is_set != change->is_adding) {
                run->channel->flags ^= flags[i].flag;
                note(run, change, (struct str){0});
            }
            return;
        }
    }
    for (size_t i = 0; i < COUNT(lists); i++) {
        if (lists[i].letter == change->letter) {
            change_mask(run, change, &run->channel->lists[lists[i].list]);
            return;
        }
    }
    switch (change->letter) {
    case 'o':
    case 'q':
    case 'v':
        change_rank(run, change);
        break;
    case 'k':
        change_key(run, change);
        break;
    case 'l':
        change_limit(run, change);
        break;
    case 'f':
        change_slow(run, change);
        break;
    default: {
        // One byte of a longer character must not go out alone.
        bool is_ascii = change->letter > ' ' && change->letter < 0x7F;
        relay_reply(run->relay, run->client, ERR_UNKNOWNMODE, "%c :is unknown mode char to me",
                    is_ascii ? change->letter : '?');
    }
    }
}

// A list letter without its mask asks for the list; everybody in the channel may.
static bool show_list(struct change_run *run, char letter)
{
    size_t i = 0;
    while (i < COUNT(lists) && lists[i].letter != letter) {
        i++;
    }
    if (i == COUNT(lists)) {
        return false;
    }
    const struct relay_masks *list = &run->channel->lists[lists[i].list];
    if (run->shown & 1u << i) {
        return true;
    }
    run->shown |= 1u << i;
    for (size_t k = 0; k < list->count; k++) {
        relay_reply(run->relay, run->client, lists[i].item, "%s %s %s %lld", run->channel->name,
                    list->items[k].mask, list->items[k].by, (long long)list->items[k].at_s);
    }
    relay_reply(run->relay, run->client, lists[i].end, "%s :End of list", run->channel->name);
    return true;
}

static void refuse_stranger(struct relay *relay, struct relay_client *client,
                            const struct relay_channel *channel, bool is_member)
{
    if (is_member) {
        relay_reply(relay, client, ERR_CHANOPRIVSNEEDED, "%s :Only hosts may do that",
                    channel->name);
    } else {
        relay_reply(relay, client, ERR_NOTONCHANNEL, "%s :You are not on that channel",
                    channel->name);
    }
}

static void apply(struct relay *relay, struct relay_client *client, struct relay_channel *channel,
                  const struct irc_message *message)
{
    const struct relay_member *me = relay_find_member(client, channel);
    struct change_run run = {.relay = relay, .client = client, .channel = channel};
    struct irc_mode_walk walk;
    struct irc_mode_change change;
    buf_init(&run.letters, BUF_NO_LIMIT);
    buf_init(&run.kept, BUF_NO_LIMIT);
    buf_init(&run.params, BUF_NO_LIMIT);
    irc_mode_walk_init(&walk, message->params[1], message->params + 2, message->param_count - 2);
    bool is_refused = false;
    while (irc_mode_walk_next(&walk, needs_param, NULL, &change)) {
        if (me && !change.has_param && show_list(&run, change.letter)) {
            continue;
        }
        if (me && me->is_op) {
            change_one(&run, &change);
        } else if (!is_refused) {
            is_refused = true;
            refuse_stranger(relay, client, channel, me != NULL);
        }
    }
    tell(&run);
    buf_deinit(&run.letters);
    buf_deinit(&run.kept);
    buf_deinit(&run.params);
}

static void show_modes(struct relay *relay, struct relay_client *client,
                       const struct relay_channel *channel)
{
    bool is_member = relay_find_member(client, channel) != NULL;
    char letters[16] = "+";
    size_t len = 1;
    char params[RELAY_KEY_MAX + 32] = "";
    for (size_t i = 0; i < COUNT(flags); i++) {
        if (channel->flags & flags[i].flag) {
            letters[len++] = flags[i].letter;
        }
    }
    if (channel->key[0]) {
        letters[len++] = 'k';
        (void)snprintf(params, sizeof(params), " %s", is_member ? channel->key : "*");
    }
    if (channel->slow_s) {
        size_t used = strlen(params);
        letters[len++] = 'f';
        (void)snprintf(params + used, sizeof(params) - used, " %d", channel->slow_s);
    }
    if (channel->limit) {
        size_t used = strlen(params);
        letters[len++] = 'l';
        (void)snprintf(params + used, sizeof(params) - used, " %zu", channel->limit);
    }
    letters[len] = '\0';
    relay_reply(relay, client, RPL_CHANNELMODEIS, "%s %s%s", channel->name, letters, params);
    relay_reply(relay, client, RPL_CREATIONTIME, "%s %lld", channel->name,
                (long long)channel->created_s);
}

static int no_params(void *context, char letter)
{
    (void)context;
    (void)letter;
    return 0;
}

static bool *own_mode(struct relay_client *client, char letter)
{
    switch (letter) {
    case 'B':
        return &client->is_bot;
    case 'i':
        return &client->is_invisible;
    case 'o':
        return &client->is_oper;
    case 'w':
        return &client->hears_wallops;
    default:
        return NULL;
    }
}

static void change_user_modes(struct relay *relay, struct relay_client *client, struct str letters)
{
    struct irc_mode_walk walk;
    struct irc_mode_change change;
    char told[16] = ""; // what took effect
    size_t len = 0;
    char sign = '\0';
    bool is_unknown = false;
    irc_mode_walk_init(&walk, letters, NULL, 0);
    while (irc_mode_walk_next(&walk, no_params, NULL, &change)) {
        bool *mode = own_mode(client, change.letter);
        if (mode == &client->is_oper && change.is_adding) {
            continue; // that takes OPER; ignored (RFC 2812 3.1.5)
        }
        is_unknown = is_unknown || !mode;
        if (mode && *mode != change.is_adding && len + 3 < sizeof(told)) {
            char wanted = change.is_adding ? '+' : '-';
            relay_count(relay, client, false);
            *mode = change.is_adding;
            relay_count(relay, client, true);
            if (sign != wanted) {
                sign = told[len++] = wanted;
            }
            told[len++] = change.letter;
        }
    }
    if (len > 0) {
        relay_line(relay, client, ":%s MODE %s :%.*s", client->mask, client->nick, (int)len, told);
    }
    if (is_unknown) {
        relay_reply(relay, client, ERR_UMODEUNKNOWNFLAG, ":Unknown MODE flag");
    }
}

static void user_mode(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    struct str nick = message->params[0];
    if (!relay_find_client(relay, nick)) {
        relay_reply(relay, client, ERR_NOSUCHNICK, "%.*s :No such nick", STR_ARG(irc_word(nick)));
    } else if (!str_eq_nocase(nick, str_from(client->nick))) {
        relay_reply(relay, client, ERR_USERSDONTMATCH, ":Cannot change mode for other users");
    } else if (message->param_count < 2) {
        relay_reply(relay, client, RPL_UMODEIS, "+%s%s%s%s", client->is_bot ? "B" : "",
                    client->is_invisible ? "i" : "", client->is_oper ? "o" : "",
                    client->hears_wallops ? "w" : "");
    } else {
        change_user_modes(relay, client, message->params[1]);
    }
}

void relay_cmd_mode(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    if (!irc_is_channel(message->params[0])) {
        user_mode(relay, client, message);
        return;
    }
    struct relay_channel *channel = relay_find_seen(relay, client, message->params[0]);
    if (!channel) {
        relay_reply(relay, client, ERR_NOSUCHCHANNEL, "%.*s :No such channel",
                    STR_ARG(irc_word(message->params[0])));
    } else if (message->param_count < 2) {
        show_modes(relay, client, channel);
    } else {
        apply(relay, client, channel, message);
    }
}

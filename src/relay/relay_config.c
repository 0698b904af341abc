// Settings: taken at creation and again while people talk.
#include <stdio.h>

#include "i18n.h"
#include "mem.h"
#include "relay_parts.h"
#include "relay_room.h"
#include "store.h"
#include "utf8.h"

#define LOG_MODULE "relay"
#include "log.h"

static void replace(char **text, struct str with)
{
    mem_free(*text);
    *text = str_dup(with);
}

static char *default_motd(const struct relay *relay)
{
    struct buf motd;
    buf_init(&motd, BUF_NO_LIMIT);
    (void)buf_printf(&motd, _("Welcome to %s. The party is in %s."), relay->name, RELAY_LOBBY);
    char *text = str_dup(buf_str(&motd));
    buf_deinit(&motd);
    return text;
}

void relay_configure(struct relay *relay, const struct relay_config *config)
{
    struct str name = config->name.len ? config->name : STR("Ronron");
    (void)str_copy(relay->name, sizeof(relay->name), name); // may be cut
    replace(&relay->password, config->password);
    replace(&relay->notice, config->notice);
    replace(&relay->oper_name, config->oper_name);
    replace(&relay->oper_verifier, config->oper_verifier);
    replace(&relay->motd, config->motd);
    if (config->motd.len == 0) {
        mem_free(relay->motd);
        relay->motd = default_motd(relay);
    }
    relay->limits = config->limits;
    relay->is_public = config->is_public;
    relay->has_utf8_nicks = config->has_utf8_nicks;
    relay->iterations = config->iterations ? config->iterations : IRC_SCRAM_ITERATIONS;
    relay->has_registration = config->has_registration;
    relay->is_before_connect = config->is_before_connect;
    relay->history_max_age_ms = config->history_max_age_ms;
    relay->history_max_bytes = config->history_max_bytes;
    relay_room_set_host(relay, config->host_account);
    if (relay->store) {
        store_put_retention(relay->store, config->history_max_age_ms, config->history_max_bytes);
    }
}

void relay_unconfigure(struct relay *relay)
{
    mem_free(relay->password);
    mem_free(relay->notice);
    mem_free(relay->oper_name);
    mem_free(relay->oper_verifier);
    mem_free(relay->motd);
}

static bool is_sayable(struct str text, bool may_have_lines)
{
    size_t at = 0;
    return utf8_is_valid(text) && !str_find_char(text, '\r', &at) &&
           !str_find_char(text, '\0', &at) && (may_have_lines || !str_find_char(text, '\n', &at));
}

bool relay_reload(struct relay *relay, const struct relay_config *config, struct err *err)
{
    if (!is_sayable(config->name, false) || !is_sayable(config->notice, false) ||
        !is_sayable(config->motd, true)) {
        return err_set(err, "%s", _("A text is no UTF-8 or has control characters."));
    }
    struct relay_offer before = relay_offer_now(relay);
    relay_configure(relay, config);
    relay_run_close(relay); // capabilities may go
    relay_offer_changed(relay, before);
    for (size_t i = 0; i < relay->client_count; i++) {
        relay->clients[i]->out.max = relay_limits_sendq(relay);
    }
    if (relay->beacon) {
        relay->next_beacon_ms = relay->now_ms; // the name or the lock may be others
    }
    log_info("settings read again");
    return true;
}

// --- REHASH ---

void relay_ask_reload(struct relay *relay, struct relay_client *oper)
{
    relay->wants_reload = true;
    (void)str_copy(relay->reload_by, sizeof(relay->reload_by), str_from(oper->folded)); // same size
    relay_reply(relay, oper, RPL_REHASHING, "ronrond.conf :Rehashing");
}

bool relay_wants_reload(struct relay *relay)
{
    bool wants = relay->wants_reload;
    relay->wants_reload = false;
    return wants;
}

static void tell(struct relay *relay, struct relay_client *client, struct str text)
{
    if (client->kind == RELAY_KIND_PLAIN) {
        relay_plain_write(relay, client, STR("* "));
        relay_plain_write(relay, client, text);
        relay_plain_write(relay, client, STR("\n"));
    } else {
        relay_line(relay, client, ":%s NOTICE %s :%.*s", relay->server, client->nick,
                   STR_ARG(text));
    }
}

void relay_reload_done(struct relay *relay, struct str text)
{
    struct relay_client *oper = relay_find_client(relay, str_from(relay->reload_by));
    relay->reload_by[0] = '\0';
    if (oper) {
        tell(relay, oper, text);
    }
}

// --- what hosts should know ---

void relay_tell_hosts(struct relay *relay, struct str text)
{
    const struct relay_channel *lobby = relay_find_channel(relay, STR(RELAY_LOBBY));
    for (size_t i = 0; i < lobby->member_count; i++) {
        if (lobby->members[i]->is_op) {
            tell(relay, lobby->members[i]->client, text);
        }
    }
}

void relay_notice_host(struct relay *relay, struct relay_client *client,
                       const struct relay_channel *channel)
{
    const struct relay_member *member = relay_find_member(client, channel);
    if (channel->is_lobby && relay->notice[0] && member && member->is_op) {
        tell(relay, client, str_from(relay->notice));
    }
}

// --- listeners ---

static bool is_same(const struct net_addr *a, const struct net_addr *b)
{
    return a->port == b->port && str_eq(str_from(a->host), str_from(b->host));
}

static bool is_named(const struct net_addr *addr, const struct net_addr *addrs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_same(addr, &addrs[i])) {
            return true;
        }
    }
    return false;
}

static bool is_open(const struct relay *relay, const struct net_addr *addr)
{
    for (size_t i = 0; i < relay->listener_count; i++) {
        if (is_same(addr, &relay->listeners[i].addr)) {
            return true;
        }
    }
    return false;
}

// The loop knows each by its place, so they leave it while places change.
static void unhook(struct relay *relay)
{
    for (size_t i = 0; i < relay->listener_count; i++) {
        net_loop_remove(relay->loop, &relay->listeners[i]);
    }
}

static void hook(struct relay *relay)
{
    for (size_t i = 0; i < relay->listener_count; i++) {
        struct relay_listener *slot = &relay->listeners[i];
        (void)net_loop_add_listener(relay->loop, slot->listener, slot); // it has been in there
        net_loop_want_read(relay->loop, slot, !relay->is_refusing);
    }
}

static void close_listener(struct relay *relay, size_t at)
{
    unhook(relay);
    net_listener_destroy(relay->listeners[at].listener);
    relay->listener_count--;
    for (size_t i = at; i < relay->listener_count; i++) {
        relay->listeners[i] = relay->listeners[i + 1];
    }
    hook(relay);
}

struct change { // of the addresses listened on
    const struct net_addr *addrs;
    size_t count;
    struct net_addr before[RELAY_LISTENERS];
    size_t before_count;
};

// One on the same port of another address may keep the new one from opening. Behind all: none does.
static size_t find_in_the_way(const struct relay *relay, const struct change *change,
                              const struct net_addr *addr)
{
    size_t i = 0;
    while (i < relay->listener_count &&
           (addr->port == 0 || relay->listeners[i].addr.port != addr->port ||
            is_named(&relay->listeners[i].addr, change->addrs, change->count))) {
        i++;
    }
    return i;
}

// Opens it though others are in the way; they are closed.
static bool take_over(struct relay *relay, const struct change *change, const struct net_addr *addr,
                      struct err *err)
{
    size_t at = find_in_the_way(relay, change, addr);
    while (at < relay->listener_count) {
        close_listener(relay, at);
        at = find_in_the_way(relay, change, addr);
    }
    return relay_listen(relay, addr, err);
}

static void put_in_order(struct relay *relay, const struct change *change)
{
    unhook(relay);
    for (size_t i = 0; i < change->before_count; i++) {
        for (size_t k = i + 1; k < relay->listener_count; k++) {
            if (is_same(&relay->listeners[k].addr, &change->before[i])) {
                struct relay_listener moved = relay->listeners[k];
                relay->listeners[k] = relay->listeners[i];
                relay->listeners[i] = moved;
            }
        }
    }
    hook(relay);
}

// As it was, in its order: the first one's address is the party's. Another program may have taken a
// port meanwhile; then err says so.
static void undo(struct relay *relay, const struct change *change, struct err *err)
{
    for (size_t i = relay->listener_count; i > 0; i--) {
        if (!is_named(&relay->listeners[i - 1].addr, change->before, change->before_count)) {
            close_listener(relay, i - 1);
        }
    }
    for (size_t i = 0; i < change->before_count; i++) {
        char name[NET_HOST_MAX + 16];
        net_addr_format(&change->before[i], name, sizeof(name));
        if (!is_open(relay, &change->before[i]) && !relay_listen(relay, &change->before[i], NULL)) {
            (void)err_wrap(err, _("%s is lost, it cannot be opened again"), name);
        }
    }
    put_in_order(relay, change);
}

bool relay_listen_only(struct relay *relay, const struct net_addr *addrs, size_t count,
                       struct err *err)
{
    struct change change = {addrs, count, .before_count = relay->listener_count};
    for (size_t i = 0; i < relay->listener_count; i++) {
        change.before[i] = relay->listeners[i].addr;
    }
    // Those that open beside the old ones go first: nothing is closed yet if one cannot.
    for (size_t i = 0; i < count; i++) {
        if (!is_open(relay, &addrs[i]) && !relay_listen(relay, &addrs[i], err) &&
            find_in_the_way(relay, &change, &addrs[i]) == relay->listener_count) {
            undo(relay, &change, err);
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_open(relay, &addrs[i]) && !take_over(relay, &change, &addrs[i], err)) {
            undo(relay, &change, err);
            return false;
        }
    }
    for (size_t i = relay->listener_count; i > 0; i--) {
        if (!is_named(&relay->listeners[i - 1].addr, addrs, count)) {
            close_listener(relay, i - 1);
        }
    }
    return true;
}

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
    relay_configure(relay, config);
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

// Those behind move up: the loop knows each by its place.
static void close_listener(struct relay *relay, size_t at)
{
    net_loop_remove(relay->loop, &relay->listeners[at]);
    net_listener_destroy(relay->listeners[at].listener);
    relay->listener_count--;
    for (size_t i = at; i < relay->listener_count; i++) {
        net_loop_remove(relay->loop, &relay->listeners[i + 1]);
        relay->listeners[i] = relay->listeners[i + 1];
        (void)net_loop_add_listener(relay->loop, relay->listeners[i].listener,
                                    &relay->listeners[i]); // its place has just become free
        net_loop_want_read(relay->loop, &relay->listeners[i], !relay->is_refusing);
    }
}

// A listener on the same port of another address keeps the new one from opening: it goes first,
// and comes back if that was not the reason.
static bool swap(struct relay *relay, const struct net_addr *addr, const struct net_addr *addrs,
                 size_t count)
{
    for (size_t i = 0; i < relay->listener_count; i++) {
        struct net_addr old = relay->listeners[i].addr;
        if (addr->port == 0 || old.port != addr->port || is_named(&old, addrs, count)) {
            continue;
        }
        close_listener(relay, i);
        if (relay_listen(relay, addr, NULL)) {
            return true;
        }
        (void)relay_listen(relay, &old, NULL); // it was open a moment ago
        return false;
    }
    return false;
}

bool relay_listen_only(struct relay *relay, const struct net_addr *addrs, size_t count,
                       struct err *err)
{
    size_t before = relay->listener_count;
    for (size_t i = 0; i < count; i++) {
        if (is_open(relay, &addrs[i]) || relay_listen(relay, &addrs[i], err) ||
            swap(relay, &addrs[i], addrs, count)) {
            continue;
        }
        while (relay->listener_count > before) {
            close_listener(relay, relay->listener_count - 1);
        }
        return false;
    }
    for (size_t i = relay->listener_count; i > 0; i--) {
        if (!is_named(&relay->listeners[i - 1].addr, addrs, count)) {
            close_listener(relay, i - 1);
        }
    }
    return true;
}

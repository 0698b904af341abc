// Accounts: found, made, logged in to; the nicks they own.
#include "relay_account.h"

#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "mem.h"
#include "net_crypto.h"
#include "relay_parts.h"
#include "relay_room.h"
#include "store.h"

#define LOG_MODULE "account"
#include "log.h"

#define SECRET_NAME " secret" // no account has a space in its name

const struct irc_crypto relay_crypto = {net_sha256, net_hmac_sha256, net_pbkdf2_sha256, net_equal};

// What is made up for unknown names comes from a secret that outlives the relay: another salt
// after each start would tell which names are unknown.
static void read_secret(struct relay *relay)
{
    struct arena arena = {0};
    struct store_account kept;
    if (store_find_account(relay->store, STR(SECRET_NAME), &arena, &kept)) {
        memcpy(relay->account_secret, kept.stored_key, sizeof(relay->account_secret));
    } else {
        net_random(relay->account_secret, sizeof(relay->account_secret));
        kept = (struct store_account){.name = STR(SECRET_NAME),
                                      .folded = STR(SECRET_NAME),
                                      .created_utc_ms = relay->now_utc_ms};
        memcpy(kept.stored_key, relay->account_secret, sizeof(relay->account_secret));
        store_put_account(relay->store, &kept);
    }
    arena_deinit(&arena);
}

void relay_accounts_init(struct relay *relay)
{
    map_init(&relay->new_accounts, relay->seed);
    if (relay->store) {
        read_secret(relay);
    }
}

static void forget_new(struct relay *relay)
{
    size_t cursor = 0;
    struct str key;
    void *value;
    while (map_next(&relay->new_accounts, &cursor, &key, &value)) {
        mem_free(value);
    }
    map_deinit(&relay->new_accounts);
    map_init(&relay->new_accounts, relay->seed);
}

void relay_accounts_deinit(struct relay *relay)
{
    forget_new(relay);
    map_deinit(&relay->new_accounts);
    net_wipe(relay->account_secret, sizeof(relay->account_secret));
}

bool relay_has_accounts(const struct relay *relay)
{
    return relay->store != NULL;
}

bool relay_registers_early(const struct relay *relay)
{
    return relay->is_before_connect && !relay->password[0];
}

static void make_up(const struct relay *relay, struct str folded, struct relay_account *out)
{
    struct str secret = {(const char *)relay->account_secret, sizeof(relay->account_secret)};
    uint8_t salt[NET_SHA256_BYTES];
    net_hmac_sha256(secret, folded, salt);
    *out = (struct relay_account){.verifier = {.iterations = relay->iterations}};
    memcpy(out->verifier.salt, salt, sizeof(out->verifier.salt));
    // No password is known to give these keys.
    net_hmac_sha256(secret, (struct str){(const char *)salt, sizeof(salt)},
                    out->verifier.stored_key);
}

static bool find_kept(struct relay *relay, struct str folded, struct relay_account *out)
{
    struct arena arena = {0};
    struct store_account kept;
    const struct relay_account *fresh = map_get(&relay->new_accounts, folded);
    if (fresh) { // perhaps not committed yet
        *out = *fresh;
        return true;
    }
    bool is_known = store_find_account(relay->store, folded, &arena, &kept) &&
                    kept.name.len < sizeof(out->name);
    if (is_known) {
        *out = (struct relay_account){.verifier = {.iterations = kept.iterations}};
        (void)str_copy(out->name, sizeof(out->name), kept.name);  // measured above
        (void)str_copy(out->folded, sizeof(out->folded), folded); // as long
        memcpy(out->verifier.salt, kept.salt, sizeof(kept.salt));
        memcpy(out->verifier.stored_key, kept.stored_key, sizeof(kept.stored_key));
        memcpy(out->verifier.server_key, kept.server_key, sizeof(kept.server_key));
    }
    arena_deinit(&arena);
    return is_known;
}

bool relay_account_find(struct relay *relay, struct str name, struct relay_account *out)
{
    char folded[sizeof(out->folded)];
    bool is_name =
        irc_nick_is_valid(name) && irc_names_fold(IRC_CASEMAP_ASCII, name, folded, sizeof(folded));
    if (is_name && find_kept(relay, str_from(folded), out)) {
        return true;
    }
    make_up(relay, is_name ? str_from(folded) : name, out);
    return false;
}

void relay_account_add(struct relay *relay, const struct relay_account *account)
{
    struct store_account kept = {.name = str_from(account->name),
                                 .folded = str_from(account->folded),
                                 .iterations = account->verifier.iterations,
                                 .created_utc_ms = relay->now_utc_ms};
    memcpy(kept.salt, account->verifier.salt, sizeof(kept.salt));
    memcpy(kept.stored_key, account->verifier.stored_key, sizeof(kept.stored_key));
    memcpy(kept.server_key, account->verifier.server_key, sizeof(kept.server_key));
    store_put_account(relay->store, &kept);
    relay->accounts_batch = store_batch(relay->store);
    mem_free(map_remove(&relay->new_accounts, kept.folded));
    map_put(&relay->new_accounts, kept.folded, mem_copy(account, sizeof(*account)));
}

bool relay_nick_is_reserved(struct relay *relay, const struct relay_client *client, struct str nick)
{
    struct relay_account account;
    char folded[sizeof(account.folded)];
    return relay_has_accounts(relay) && irc_nick_is_valid(nick) &&
           irc_names_fold(IRC_CASEMAP_ASCII, nick, folded, sizeof(folded)) &&
           strcmp(folded, client->account_folded) != 0 &&
           find_kept(relay, str_from(folded), &account);
}

struct str relay_account_of(const struct relay_client *client)
{
    return str_from(client->account_folded);
}

struct str relay_sender_key(const struct relay_client *client, char out[RELAY_WHO_MAX])
{
    out[0] = '\0';
    if (client->account[0]) {
        (void)snprintf(out, RELAY_WHO_MAX, "a:%s", client->account_folded);
    } else if (client->token[0]) {
        (void)snprintf(out, RELAY_WHO_MAX, "g:%s", client->token);
    }
    return str_from(out);
}

void relay_guest_nick(struct relay *relay, char out[IRC_NICK_MAX + 1])
{
    struct relay_client nobody = {.account = ""};
    char folded[IRC_NICK_MAX + 1];
    do {
        (void)snprintf(out, IRC_NICK_MAX + 1, "Guest%u", ++relay->guest_count);
        (void)irc_names_fold(IRC_CASEMAP_ASCII, str_from(out), folded, sizeof(folded)); // as long
    } while (map_get(&relay->nicks, str_from(folded)) ||
             relay_nick_is_reserved(relay, &nobody, str_from(out)));
}

// Somebody else holds the nick of the account: a guest who had it before it was one, or who has
// not come in yet.
static void free_nick(struct relay *relay, const struct relay_client *owner)
{
    struct relay_client *holder = map_get(&relay->nicks, str_from(owner->account_folded));
    char guest[IRC_NICK_MAX + 1];
    if (!holder || holder == owner || strcmp(holder->account_folded, owner->account_folded) == 0) {
        return;
    }
    if (!holder->is_registered) {
        relay_reply(relay, holder, ERR_NICKNAMEINUSE, "%s :This nickname belongs to an account",
                    holder->nick);
        relay_drop_nick(relay, holder);
        return;
    }
    relay_guest_nick(relay, guest);
    if (holder->kind == RELAY_KIND_PLAIN) {
        relay_plain_write(relay, holder,
                          STR("* Your name belongs to an account whose owner has come.\n"));
    } else {
        relay_line(relay, holder,
                   ":%s NOTICE %s :The nickname %s belongs to an account whose owner has logged "
                   "in; you are %s now",
                   relay->server, holder->nick, holder->nick, guest);
    }
    (void)relay_rename(relay, holder, str_from(guest)); // nobody has it
}

// The nick it asked for before it could show that it is the owner.
static void take_own_nick(struct relay *relay, struct relay_client *client)
{
    free_nick(relay, client);
    bool wants_it =
        irc_names_equal(IRC_CASEMAP_ASCII, str_from(client->wanted), str_from(client->account));
    if (!client->is_registered && !client->nick[0] && wants_it &&
        relay_take_nick(relay, client, str_from(client->wanted))) {
        client->wanted[0] = '\0';
    }
}

static void tell_account(struct relay *relay, struct relay_client *client)
{
    struct relay_event event;
    relay_event_from(relay, &event, client, "ACCOUNT %s",
                     client->account[0] ? client->account : "*");
    relay_event_friends(relay, &event, client, IRC_CAP_ACCOUNT_NOTIFY);
    relay_event_deinit(&event);
}

struct relay_client *relay_devices_of(const struct relay *relay, struct str account)
{
    return account.len ? map_get(&relay->devices, account) : NULL;
}

void relay_device_leave(struct relay *relay, struct relay_client *client)
{
    struct str account = str_from(client->account_folded);
    struct relay_client *first = relay_devices_of(relay, account);
    if (!first) {
        return;
    }
    if (first == client) {
        (void)map_remove(&relay->devices, account); // the client itself
        if (client->next_device) {
            map_put(&relay->devices, account, client->next_device);
        }
    }
    for (struct relay_client *at = first; at; at = at->next_device) {
        if (at->next_device == client) {
            at->next_device = client->next_device;
            break;
        }
    }
    client->next_device = NULL;
}

static void device_enter(struct relay *relay, struct relay_client *client)
{
    struct str account = str_from(client->account_folded);
    client->next_device = relay_devices_of(relay, account);
    map_put(&relay->devices, account, client);
}

static void log_out(struct relay *relay, struct relay_client *client)
{
    relay_device_leave(relay, client);
    client->account[0] = '\0';
    client->account_folded[0] = '\0';
    relay_reply(relay, client, RPL_LOGGEDOUT, "%s!%s@%s :You are logged out, the account is lost",
                client->nick[0] ? client->nick : "*", client->user[0] ? client->user : "*",
                client->host);
    if (client->is_registered) {
        tell_account(relay, client);
    }
}

void relay_accounts_kept(struct relay *relay, uint64_t batch)
{
    if (batch >= relay->accounts_batch && relay->new_accounts.count > 0) {
        forget_new(relay);
    }
}

void relay_accounts_lost(struct relay *relay)
{
    struct relay_account account;
    if (relay->new_accounts.count == 0) {
        return;
    }
    forget_new(relay); // what was committed is found in the store
    for (size_t i = 0; i < relay->client_count; i++) {
        struct relay_client *client = relay->clients[i];
        if (client->account[0] && !client->is_gone &&
            !find_kept(relay, str_from(client->account_folded), &account)) {
            log_out(relay, client);
        }
    }
}

static void leave_rooms(struct relay *relay, struct relay_client *client)
{
    for (size_t i = 0; i < client->member_count; i++) {
        relay_room_farewell(relay, client->members[i]);
    }
}

void relay_login(struct relay *relay, struct relay_client *client, struct str account)
{
    bool is_other = !str_eq(account, str_from(client->account));
    if (is_other && client->account[0]) { // what a guest was given is not the account's
        leave_rooms(relay, client);
    }
    relay_device_leave(relay, client);
    (void)str_copy(client->account, sizeof(client->account), account); // same sizes
    (void)irc_names_fold(IRC_CASEMAP_ASCII, account, client->account_folded,
                         sizeof(client->account_folded));
    device_enter(relay, client);
    take_own_nick(relay, client);
    relay_reply(relay, client, RPL_LOGGEDIN, "%s!%s@%s %s :You are now logged in as %s",
                client->nick[0] ? client->nick : "*", client->user[0] ? client->user : "*",
                client->host, client->account, client->account);
    log_info("nick=%s host=%s account=%s", client->nick, client->host, client->account);
    if (!client->is_registered || !is_other) {
        return;
    }
    tell_account(relay, client);
    for (size_t i = 0; i < client->member_count; i++) {
        relay_room_welcome(relay, client->members[i]);
    }
}

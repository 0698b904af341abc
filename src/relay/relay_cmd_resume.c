// RESUME, Ronron's own: a secret that gives a guest the same nick again at once after a cut, and
// tells the relay that it is the same person who repeats a message.
#include <string.h>

#include "arena.h"
#include "b64.h"
#include "mem.h"
#include "net_crypto.h"
#include "relay_account.h"
#include "relay_parts.h"
#include "store.h"

static void hash_token(struct str token, char out[RELAY_TOKEN_TEXT])
{
    uint8_t hash[NET_SHA256_BYTES];
    net_sha256(token, hash);
    hex_encode(out, (struct str){(const char *)hash, sizeof(hash)});
}

static struct relay_client *find_by_token(const struct relay *relay, const char *token,
                                          const struct relay_client *except)
{
    for (size_t i = 0; i < relay->client_count; i++) {
        struct relay_client *client = relay->clients[i];
        if (client != except && client->is_registered && strcmp(client->token, token) == 0) {
            return client;
        }
    }
    return NULL;
}

// The nick that the token gives back; false when nobody was given this token.
static bool find_nick(struct relay *relay, const struct relay_client *client, const char *token,
                      char nick[IRC_NICK_BYTES + 1])
{
    const struct relay_client *old = find_by_token(relay, token, client);
    struct arena arena = {0};
    struct str who, kept;
    bool is_known = old != NULL;
    if (old) {
        (void)str_copy(nick, IRC_NICK_BYTES + 1, str_from(old->nick)); // as long as it may be
    } else if (relay->store &&
               store_find_token(relay->store, str_from(token), &arena, &who, &kept)) {
        is_known = relay_nick_read(relay, kept, nick);
    }
    arena_deinit(&arena);
    return is_known;
}

void relay_cmd_resume(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    struct str token = message->params[0];
    char hash[RELAY_TOKEN_TEXT], nick[IRC_NICK_BYTES + 1];
    if (client->is_registered) {
        relay_line(relay, client, ":%s FAIL RESUME REGISTRATION_IS_COMPLETED :It is too late now",
                   relay->server);
        return;
    }
    client->wants_token = true;
    if (str_eq(token, STR("*"))) {
        return;
    }
    hash_token(token, hash);
    if (!find_nick(relay, client, hash, nick)) {
        relay_line(relay, client, ":%s FAIL RESUME INVALID_TOKEN :Nobody is known by this token",
                   relay->server);
        return;
    }
    (void)str_copy(client->token, sizeof(client->token), str_from(hash)); // same sizes
    relay_text_set(relay, &client->resumed, str_from(nick));
    relay_line(relay, client, ":%s RESUME SUCCESS %s :You are %s again", relay->server, nick, nick);
    relay_try_register(relay, client);
}

// Everything by which others know the old connection now belongs to the new one.
static void take_place(struct relay *relay, struct relay_client *client, struct relay_client *old)
{
    char before[RELAY_MASK_MAX + 1];
    (void)str_copy(before, sizeof(before), str_from(old->mask)); // it fits
    if (client->folded[0] && map_get(&relay->nicks, str_from(client->folded)) == client) {
        (void)map_remove(&relay->nicks, str_from(client->folded)); // the client itself
    }
    relay_text_set(relay, &client->nick, str_from(old->nick));
    relay_text_set(relay, &client->folded, str_from(old->folded));
    bool is_away_anew = client->away[0] && strcmp(client->away, old->away) != 0;
    if (!client->away[0]) { // else it has already said how it is now
        relay_text_set(relay, &client->away, str_from(old->away));
    }
    client->is_invisible = old->is_invisible;
    client->is_bot = old->is_bot;
    map_put(&relay->nicks, str_from(client->folded), client);
    mem_free(client->members); // of a time as a plain client; empty
    client->members = old->members;
    client->member_count = old->member_count;
    for (size_t i = 0; i < client->member_count; i++) {
        client->members[i]->client = client;
    }
    old->members = NULL;
    old->member_count = 0;
    if (!client->metadata) { // else it has already said anew what it wants
        client->metadata = old->metadata;
        old->metadata = NULL;
    }
    client->named_id = old->named_id;
    relay_markers_destroy(client->markers);
    client->markers = old->markers;
    old->markers = NULL;
    relay_client_mask(relay, client);
    relay_count(relay, old, false);
    old->is_registered = false; // it goes without a word to anybody
    relay_client_quit(relay, old, "Resumed elsewhere");
    client->is_registered = true; // to the others it has been there all the time
    struct relay_event event;
    if (strcmp(before, client->mask) != 0) {
        relay_event_init(relay, &event, str_from(before), "CHGHOST %s %s", client->user,
                         client->host);
        event.account = str_from(client->account);
        event.is_of_bot = client->is_bot;
        relay_event_friends(relay, &event, client, IRC_CAP_CHGHOST);
        relay_event_deinit(&event);
    }
    if (is_away_anew) {
        relay_event_from(relay, &event, client, "AWAY :%s", client->away);
        relay_event_peers(relay, &event, client, IRC_CAP_AWAY_NOTIFY);
        relay_event_deinit(&event);
    }
    if (client->account[0] && !old->account[0]) {
        relay_event_from(relay, &event, client, "ACCOUNT %s", client->account);
        relay_event_friends(relay, &event, client, IRC_CAP_ACCOUNT_NOTIFY);
        relay_event_deinit(&event);
    }
}

bool relay_resume_take(struct relay *relay, struct relay_client *client)
{
    if (!client->resumed[0]) {
        return false;
    }
    struct relay_client *old = find_by_token(relay, client->token, client);
    struct str nick = str_from(client->resumed);
    // A connection that is logged in is nobody's but the account's.
    if (old && (!old->account[0] || strcmp(old->account, client->account) == 0)) {
        take_place(relay, client, old);
        return true;
    }
    if (!old && !relay_nick_is_reserved(relay, client, nick)) {
        (void)relay_take_nick(relay, client, nick); // somebody may have it now
    }
    return false;
}

void relay_resume_renamed(struct relay *relay, const struct relay_client *client)
{
    char who[RELAY_WHO_MAX];
    if (relay->store && client->token[0]) {
        struct relay_client guest = {.account = ""};
        memcpy(guest.token, client->token, sizeof(guest.token));
        store_put_token(relay->store, str_from(client->token), relay_sender_key(&guest, who),
                        str_from(client->nick), relay->now_utc_ms);
    }
}

void relay_resume_again(struct relay *relay)
{
    for (size_t i = 0; i < relay->client_count; i++) {
        relay_resume_renamed(relay, relay->clients[i]);
    }
}

static void issue(struct relay *relay, struct relay_client *client)
{
    uint8_t bytes[RELAY_TOKEN_BYTES];
    char text[2 * RELAY_TOKEN_BYTES + 1];
    net_random(bytes, sizeof(bytes));
    hex_encode(text, (struct str){(const char *)bytes, sizeof(bytes)});
    hash_token(str_from(text), client->token);
    relay_line(relay, client, ":%s RESUME TOKEN %s", relay->server, text);
    net_wipe(text, sizeof(text));
}

void relay_resume_issue(struct relay *relay, struct relay_client *client)
{
    if (client->wants_token && !client->token[0]) {
        issue(relay, client);
    }
    relay_resume_renamed(relay, client);
}

void relay_resume_tell(struct relay *relay, struct relay_client *client)
{
    for (size_t i = 0; i < client->member_count; i++) {
        const struct relay_channel *channel = client->members[i]->channel;
        bool is_extended = (client->caps & IRC_CAP_EXTENDED_JOIN) != 0;
        relay_line(relay, client, ":%s JOIN %s%s%s%s%s", client->mask, channel->name,
                   is_extended ? " " : "",
                   !is_extended         ? ""
                   : client->account[0] ? client->account
                                        : "*",
                   is_extended ? " :" : "", is_extended ? client->real : "");
        relay_greet(relay, client, channel);
    }
}

// Somebody comes, takes another name, goes: who is told of it.
#include <string.h>

#include "i18n.h"
#include "relay_parts.h"

// Each once, though they may meet in many channels.
static void gather(struct relay *relay, size_t *count, struct relay_client *to)
{
    if (to->stamp != relay->stamp) {
        to->stamp = relay->stamp;
        relay->gathered[(*count)++] = to;
    }
}

size_t relay_gather_peers(struct relay *relay, struct relay_client *of)
{
    size_t count = 0;
    relay_run_close(relay);     // its stamps are about to be written over
    of->stamp = ++relay->stamp; // not oneself
    for (size_t c = 0; c < of->member_count; c++) {
        const struct relay_channel *channel = of->members[c]->channel;
        for (size_t i = 0; i < channel->member_count; i++) {
            gather(relay, &count, channel->members[i]->client);
        }
    }
    return count;
}

size_t relay_gather_friends(struct relay *relay, struct relay_client *of, size_t *peers)
{
    size_t count = *peers = relay_gather_peers(relay, of), watchers = 0;
    struct relay_client *const *watching = relay_monitor_watchers(relay, of, &watchers);
    // Who has not come yet may hold a nick that is watched, but nobody shall hear of it.
    for (size_t i = 0; of->is_registered && i < watchers; i++) {
        gather(relay, &count, watching[i]);
    }
    return count;
}

void relay_event_peers(struct relay *relay, struct relay_event *event, struct relay_client *of,
                       unsigned caps)
{
    size_t count = relay_gather_peers(relay, of);
    for (size_t i = 0; i < count; i++) {
        if ((relay->gathered[i]->caps & caps) == caps) {
            relay_event_send(relay, event, relay->gathered[i]);
        }
    }
}

void relay_event_friends(struct relay *relay, struct relay_event *event, struct relay_client *of,
                         unsigned caps)
{
    size_t peers;
    size_t count = relay_gather_friends(relay, of, &peers);
    for (size_t i = 0; i < count; i++) {
        unsigned needed = i < peers ? caps : caps | IRC_CAP_EXTENDED_MONITOR;
        if ((relay->gathered[i]->caps & needed) == needed) {
            relay_event_send(relay, event, relay->gathered[i]);
        }
    }
}

void relay_count(struct relay *relay, const struct relay_client *client, bool is_there)
{
    size_t one = is_there ? 1 : (size_t)-1;
    if (client->is_registered) {
        relay->stats.users += one;
        relay->invisible_count += client->is_invisible ? one : 0;
        relay->oper_count += client->is_oper ? one : 0;
    }
}

void relay_came(struct relay *relay, struct relay_client *client, bool is_new)
{
    client->is_registered = true;
    relay_count(relay, client, true);
    if (relay->stats.users > relay->most_users) {
        relay->most_users = relay->stats.users;
    }
    if (is_new) {
        relay_monitor_tell(relay, client, true);
    }
}

static void tell_rename(struct relay *relay, struct relay_client *client,
                        const struct relay_client *before)
{
    bool is_other = strcmp(before->folded, client->folded) != 0;
    if (is_other) {
        relay_remember_past(relay, client, before->nick);
    }
    relay_client_mask(relay, client);
    struct relay_event event;
    relay_event_from(relay, &event, before, "NICK :%s", client->nick);
    relay_event_plain(&event, _("* %s is now %s\n"), before->nick, client->nick);
    relay_record_everywhere(relay, &event, STORE_NICK, client);
    relay_event_send(relay, &event, client);
    relay_event_peers(relay, &event, client, 0);
    relay_event_deinit(&event);
    if (is_other) { // another case of the same name is the same person
        relay_resume_renamed(relay, client);
        relay_monitor_tell(relay, before, false);
        relay_monitor_tell(relay, client, true);
    }
}

bool relay_rename(struct relay *relay, struct relay_client *client, struct str nick)
{
    struct relay_client before = {.kind = client->kind, .is_bot = client->is_bot}; // and its names
    relay_client_texts(relay, &before);
    relay_text_set(relay, &before.nick, str_from(client->nick));
    relay_text_set(relay, &before.folded, str_from(client->folded));
    relay_text_set(relay, &before.mask, str_from(client->mask));
    memcpy(before.account, client->account, sizeof(before.account));
    bool is_good =
        !relay_nick_is_reserved(relay, client, nick) && relay_take_nick(relay, client, nick);
    if (is_good) {
        tell_rename(relay, client, &before);
    }
    relay_client_drop_texts(relay, &before);
    return is_good;
}

void relay_went(struct relay *relay, struct relay_client *client, const char *reason)
{
    if (client->is_registered) {
        struct relay_event event;
        relay_event_from(relay, &event, client, "QUIT :%s", reason);
        relay_event_plain(&event, _("* %s left (%s)\n"), client->nick, reason);
        relay_record_everywhere(relay, &event, STORE_QUIT, client);
        relay_event_peers(relay, &event, client, 0);
        relay_event_deinit(&event);
        while (client->member_count > 0) {
            relay_remove_member(relay, client->members[client->member_count - 1]);
        }
        relay_count(relay, client, false);
        relay_remember_past(relay, client, client->nick);
    }
    if (client->folded[0] && map_get(&relay->nicks, str_from(client->folded)) == client) {
        (void)map_remove(&relay->nicks, str_from(client->folded)); // the client itself
    }
    if (client->is_registered) {
        client->is_registered = false;
        relay_monitor_tell(relay, client, false);
    }
    relay_monitor_clear(relay, client);
    relay_metadata_forget(client);
    client->invited_count = 0;
}

// Connections: reading, flushing, time-outs, goodbye.
#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "mem.h"
#include "relay_multiline.h"
#include "relay_parts.h"

#define LOG_MODULE "relay"
#include "log.h"

#define READ_TURNS    4 // reads of one client a turn, so that nobody hogs it
#define PLAIN_SILENCE 1500
#define PLAIN_QUIET   50
#define REGISTER_MS   30000
#define IDLE_MS       60000
#define GOODBYE_MS    1000
#define LINGER_BYTES  ((size_t)16 * 1024 * 1024) // of one that is gone, read and thrown away

struct relay_client *relay_find_client(const struct relay *relay, struct str nick)
{
    char folded[IRC_NICK_BYTES + 1];
    if (!irc_names_fold(IRC_CASEMAP_ASCII, nick, folded, sizeof(folded))) {
        return NULL;
    }
    struct relay_client *client = map_get(&relay->nicks, str_from(folded));
    return client && client->is_registered ? client : NULL;
}

void relay_text_set(struct relay *relay, char **text, struct str to)
{
    char *before = *text;
    *text = to.len ? str_dup(to) : relay->nothing;
    if (before != relay->nothing) {
        mem_free(before);
    }
}

#define TEXTS(client)                                                                              \
    {                                                                                              \
        &(client)->nick, &(client)->folded, &(client)->mask, &(client)->real, &(client)->away,     \
            &(client)->wanted, &(client)->resumed                                                  \
    }

void relay_client_texts(struct relay *relay, struct relay_client *client)
{
    char **const texts[] = TEXTS(client);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        *texts[i] = relay->nothing;
    }
}

void relay_client_drop_texts(struct relay *relay, struct relay_client *client)
{
    char **const texts[] = TEXTS(client);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        relay_text_set(relay, texts[i], (struct str){0});
    }
}

void relay_client_mask(struct relay *relay, struct relay_client *client)
{
    char mask[RELAY_MASK_MAX + 1];
    (void)snprintf(mask, sizeof(mask), "%s!%s@%s", client->nick, client->user, client->host);
    relay_text_set(relay, &client->mask, str_from(mask));
}

// What it says next waits until the store has caught up; so do the bytes it has not sent yet.
static void stall(struct relay *relay, struct relay_client *client)
{
    if (!client->is_stalled) {
        client->is_stalled = true;
        relay->stalled[relay->stalled_count++] = client;
        net_loop_want_read(relay->loop, client, false);
    }
}

static void handle_lines(struct relay *relay, struct relay_client *client)
{
    struct str line;
    if (client->kind != RELAY_KIND_IRC && !client->has_spoken) {
        relay_decide_kind(relay, client);
    }
    bool is_known = client->kind == RELAY_KIND_IRC || client->has_spoken;
    while (is_known && !client->is_gone && !client->is_held) {
        if (relay_history_is_busy(relay)) {
            stall(relay, client);
            break;
        }
        if (!net_lines_next(&client->lines, &line)) {
            break;
        }
        if (client->kind == RELAY_KIND_PLAIN) {
            relay_plain_text(relay, client, line);
        } else if (line.len) {
            relay_dispatch(relay, client, line);
        }
    }
    if (client->kind != RELAY_KIND_IRC) {
        relay_client_at(relay, client, relay->now_ms + PLAIN_QUIET);
    }
}

void relay_client_resume(struct relay *relay, struct relay_client *client)
{
    if (client->is_gone) {
        return;
    }
    handle_lines(relay, client);
    if (!client->is_stalled && !client->is_held && !client->is_gone) {
        net_loop_want_read(relay->loop, client, true);
    }
}

// What a plain client has said without an end of a line.
static void plain_say(struct relay *relay, struct relay_client *client, struct str rest)
{
    client->has_spoken = true;
    if (!client->is_registered) {
        relay_plain_start(relay, client);
    }
    if (!client->is_gone) {
        relay_plain_text(relay, client, rest);
        net_lines_drop_rest(&client->lines);
    }
}

// It ended the link, and waits for no more than that its last words are heard.
static void hang_up(struct relay *relay, struct relay_client *client)
{
    struct str rest = net_lines_rest(&client->lines);
    bool is_plain = client->kind != RELAY_KIND_IRC && !relay_is_shaking(client);
    if (is_plain && rest.len > 0) {
        plain_say(relay, client, rest);
    }
    relay_client_quit(relay, client, net_stream_reason(client->stream));
}

static void throw_away(struct relay_client *client)
{
    char bytes[8192];
    size_t got = 0;
    for (int turn = 0; turn < READ_TURNS && client->linger_left > 0; turn++) {
        enum net_result result = net_stream_read(client->stream, bytes, sizeof(bytes), &got);
        if (result == NET_AGAIN) {
            return;
        }
        bool is_over = result == NET_CLOSED || got >= client->linger_left;
        client->linger_left = is_over ? 0 : client->linger_left - got;
    }
}

void relay_client_read(struct relay *relay, struct relay_client *client)
{
    char bytes[8192];
    if (client->is_lingering) {
        throw_away(client);
        return;
    }
    for (int turn = 0; turn < READ_TURNS; turn++) {
        if (client->is_gone || client->is_stalled || client->is_held ||
            !relay_may_shake(relay, client)) {
            return;
        }
        size_t got = 0;
        enum net_result result = net_stream_read(client->stream, bytes, sizeof(bytes), &got);
        relay_shaken(relay, client);
        if (result == NET_AGAIN) {
            return;
        }
        if (result == NET_CLOSED) {
            hang_up(relay, client);
            return;
        }
        client->heard_ms = relay->now_ms;
        client->has_ping = false;
        if (!relay_limits_bytes(relay, client, got)) {
            return;
        }
        if (!net_lines_feed(&client->lines, (struct str){bytes, got})) {
            relay_client_quit(relay, client, _("Line too long"));
            return;
        }
        handle_lines(relay, client);
        if (got < sizeof(bytes) && !net_stream_holds_bytes(client->stream)) {
            return; // that was all there is; asking again would cost a system call
        }
    }
}

void relay_client_dirty(struct relay *relay, struct relay_client *client)
{
    if (!client->is_dirty) {
        client->is_dirty = true;
        relay->dirty[relay->dirty_count++] = client;
    }
}

void relay_client_waits(struct relay *relay, struct relay_client *client)
{
    if (!client->is_waiting) {
        client->is_waiting = true;
        relay->waiting[relay->waiting_count++] = client;
    }
}

// False: the system takes no more now.
static bool write_out(struct relay *relay, struct relay_client *client)
{
    for (;;) {
        struct str bytes =
            relay_outq_peek(&client->out, relay->history.durable, relay->scratch, RELAY_SCRATCH);
        size_t done = 0;
        if (bytes.len == 0) {
            return true;
        }
        enum net_result result = net_stream_write(client->stream, bytes.data, bytes.len, &done);
        if (result == NET_CLOSED) {
            relay_outq_clear(&client->out);
            client->is_broken = true; // its goodbye is said with the timers, not while flushing
            relay_client_at(relay, client, relay->now_ms);
            return true;
        }
        relay_outq_consume(&client->out, done);
        relay->numbers.bytes_out += done;
        if (result == NET_AGAIN) {
            return false;
        }
    }
}

void relay_client_flush(struct relay *relay, struct relay_client *client)
{
    bool is_blocked = client->is_broken ? false : !write_out(relay, client);
    if (is_blocked) {
        relay_outq_settle(&client->out, relay->history.durable);
    }
    if (is_blocked != client->is_blocked) {
        client->is_blocked = is_blocked;
        net_loop_want_write(relay->loop, client, is_blocked);
    }
    if (relay_outq_waits(&client->out, relay->history.durable)) {
        relay_client_waits(relay, client);
    }
}

void relay_client_quit(struct relay *relay, struct relay_client *client, const char *reason)
{
    if (client->is_gone) {
        return;
    }
    char why[RELAY_QUIT_MAX + 1]; // reason may live in the stream or in the client
    (void)str_copy(why, sizeof(why), str_from(reason));
    log_info("nick=%s host=%s left=%s", client->nick, client->host, why);
    relay_went(relay, client, why);
    if (client->label.len) {
        relay_label_end(relay, client);
    }
    if (client->kind == RELAY_KIND_IRC) {
        relay_line(relay, client, "ERROR :Closing link: %s (%s)", client->host, why);
    }
    client->is_gone = true;
    net_loop_want_read(relay->loop, client, false);
    client->doomed_ms = relay->now_ms + GOODBYE_MS;
    relay->gone[relay->gone_count++] = client;
    relay_client_at(relay, client, client->doomed_ms);
}

bool relay_client_linger(struct relay *relay, struct relay_client *client)
{
    if (client->is_lingering) {
        return client->linger_left > 0;
    }
    if (client->is_broken || !net_stream_can_end(client->stream)) {
        return false;
    }
    client->is_lingering = true;
    client->linger_left = LINGER_BYTES;
    net_loop_remove(relay->loop, client);
    client->stream = net_stream_end(client->stream);
    return net_loop_add(relay->loop, client->stream, client); // its place was given back
}

static void take_out(struct relay_client **list, size_t *count, const struct relay_client *client)
{
    for (size_t i = 0; i < *count; i++) {
        if (list[i] == client) {
            list[i] = list[--*count];
            return;
        }
    }
}

void relay_client_free(struct relay *relay, struct relay_client *client)
{
    relay_limits_leave(relay, client);
    relay_device_leave(relay, client);
    net_loop_remove(relay->loop, client);
    net_stream_destroy(client->stream);
    net_lines_deinit(&client->lines);
    relay_outq_deinit(&client->out);
    buf_deinit(&client->labelled);
    relay_sasl_destroy(client);
    relay_monitor_clear(relay, client);
    relay_metadata_forget(client);
    relay_multiline_destroy(client->multiline);
    relay_markers_destroy(client->markers);
    mem_free(client->members);
    relay_client_drop_texts(relay, client);
    mem_free(client->invited);
    struct relay_client *last = relay->clients[--relay->client_count];
    relay->clients[client->at] = last;
    last->at = client->at;
    relay_timers_remove(relay, client);
    if (client->is_waiting) {
        take_out(relay->waiting, &relay->waiting_count, client);
    }
    if (client->is_stalled) {
        take_out(relay->stalled, &relay->stalled_count, client);
    }
    mem_free(client);
}

static void plain_timers(struct relay *relay, struct relay_client *client)
{
    struct str rest = net_lines_rest(&client->lines);
    int64_t due = client->heard_ms + PLAIN_QUIET;
    if (rest.len == 0 || client->is_stalled) {
        return; // stalled: whole lines stand before the rest
    }
    if (relay->now_ms < due) {
        relay_client_at(relay, client, due);
        return;
    }
    plain_say(relay, client, rest);
}

// Silent since it came: it may only want to listen. It may still speak IRC later; where a party is
// locked it has as long for that as others have to register.
static void silence_timer(struct relay *relay, struct relay_client *client)
{
    int64_t due = client->connected_ms + (relay->password[0] ? REGISTER_MS : PLAIN_SILENCE);
    if (relay->now_ms < due) {
        relay_client_at(relay, client, due);
    } else {
        relay_plain_start(relay, client);
    }
}

static void ping_timer(struct relay *relay, struct relay_client *client)
{
    int64_t due = client->heard_ms + (client->has_ping ? 2 : 1) * (int64_t)IDLE_MS;
    if (relay->now_ms < due) {
        relay_client_at(relay, client, due);
    } else if (client->has_ping) {
        relay_client_quit(relay, client, _("Ping timeout"));
    } else {
        client->has_ping = true;
        relay_line(relay, client, "PING :%s", relay->server);
        relay_client_at(relay, client, due + IDLE_MS);
    }
}

static bool is_silent(const struct relay_client *client)
{
    return client->kind == RELAY_KIND_UNKNOWN && !client->is_registered &&
           net_lines_rest(&client->lines).len == 0;
}

static void register_timer(struct relay *relay, struct relay_client *client)
{
    // While its password is being hashed it is the client who waits.
    int64_t due = (client->is_held ? relay->now_ms : client->connected_ms) + REGISTER_MS;
    if (relay->now_ms < due) {
        relay_client_at(relay, client, due);
        return;
    }
    if (client->kind == RELAY_KIND_HTTP) {
        relay_http_late(relay, client);
    }
    relay_client_quit(relay, client, _("Registration timed out"));
}

void relay_client_timers(struct relay *relay, struct relay_client *client)
{
    if (client->is_overflowing && !client->is_gone) {
        client->is_overflowing = false;
        relay_outq_clear(&client->out); // it does not read; what it missed is lost with it
        relay_limits_drop(relay, client, RELAY_DROP_SENDQ);
    }
    if (client->is_broken) {
        relay_client_quit(relay, client, net_stream_reason(client->stream));
    }
    if (client->is_gone) {
        relay_client_at(relay, client, client->doomed_ms);
        return;
    }
    if (relay_limits_refused_late(relay, client)) {
        return;
    }
    relay_multiline_timer(relay, client);
    if (relay_is_shaking(client)) {
        register_timer(relay, client);
    } else if (is_silent(client)) {
        silence_timer(relay, client);
    } else if (client->kind != RELAY_KIND_IRC) {
        plain_timers(relay, client);
    }
    if (client->kind == RELAY_KIND_IRC && client->is_registered) {
        ping_timer(relay, client);
    } else if (client->kind == RELAY_KIND_IRC) {
        register_timer(relay, client);
    }
}

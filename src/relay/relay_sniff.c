// What a connection speaks, told from its first bytes; once more inside TLS.
#include "i18n.h"
#include "net_http.h"
#include "relay_parts.h"

// A handshake costs a signature, 0.2 ms: when all come back at once the others wait a turn, not the
// room.
#define SHAKES_A_TURN 20
#define TLS_HANDSHAKE 0x16

static bool is_upper_word(struct str word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (word.data[i] < 'A' || word.data[i] > 'Z') {
            return false;
        }
    }
    return word.len > 0;
}

static bool is_http(struct str first)
{
    static const struct str methods[] = {
        STR_INIT("GET "),    STR_INIT("HEAD "),    STR_INIT("POST "),
        STR_INIT("PUT "),    STR_INIT("OPTIONS "), STR_INIT("PATCH "),
        STR_INIT("DELETE "), STR_INIT("CONNECT "), STR_INIT("TRACE "),
    };
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (str_starts(first, methods[i])) {
            return true;
        }
    }
    return false;
}

// UNKNOWN while it could still become something else: a line without its end.
static enum relay_kind sniff(struct str first)
{
    if (first.len == 0) {
        return RELAY_KIND_UNKNOWN;
    }
    if (is_http(first)) {
        return RELAY_KIND_HTTP;
    }
    size_t end = first.len;
    bool is_whole = str_find_char(first, '\n', &end);
    struct str line = str_range(first, 0, end);
    if (line.len && line.data[line.len - 1] == '\r') {
        line.len--;
    }
    if (is_whole && net_http_is_request_line(line)) {
        return RELAY_KIND_HTTP; // a method that we do not know
    }
    size_t at = line.len;
    bool has_word = str_find_char(line, ' ', &at) || is_whole;
    struct str word = str_range(line, 0, at);
    if (has_word && (relay_is_command(word) || (is_upper_word(word) && at == line.len))) {
        return RELAY_KIND_IRC;
    }
    if (line.len && line.data[0] == '@' && !is_whole) {
        return RELAY_KIND_UNKNOWN; // tags before a command
    }
    return is_whole ? RELAY_KIND_PLAIN : RELAY_KIND_UNKNOWN;
}

static void start_tls(struct relay *relay, struct relay_client *client)
{
    bool is_inside = client->kind == RELAY_KIND_PLAIN || net_stream_is_encrypted(client->stream);
    if (!relay->tls || is_inside) {
        relay_client_quit(relay, client, _("Encrypted connections are not served here"));
        return;
    }
    struct str first = net_lines_rest(&client->lines);
    client->stream = net_tls_accept(relay->tls, client->stream, first);
    client->is_shaking = true;
    net_lines_drop_rest(&client->lines);
    net_loop_replace(relay->loop, client, client->stream);
}

void relay_decide_kind(struct relay *relay, struct relay_client *client)
{
    struct str first = net_lines_rest(&client->lines);
    if (first.len >= 2 && first.data[0] == TLS_HANDSHAKE && first.data[1] == 0x03) {
        start_tls(relay, client);
        return;
    }
    enum relay_kind kind = client->kind == RELAY_KIND_HTTP ? client->kind : sniff(first);
    if (kind == RELAY_KIND_UNKNOWN) {
        return; // too little to tell
    }
    if (client->kind == RELAY_KIND_PLAIN && kind != RELAY_KIND_PLAIN) {
        relay_plain_stop(relay, client);
    }
    client->has_spoken = kind == RELAY_KIND_PLAIN;
    client->kind = kind;
    if (kind == RELAY_KIND_HTTP) {
        relay_http(relay, client);
    } else if (kind == RELAY_KIND_PLAIN && !client->is_registered) {
        relay_plain_start(relay, client);
    }
}

bool relay_is_shaking(const struct relay_client *client)
{
    struct str first = net_lines_rest(&client->lines);
    bool may_be_tls =
        client->kind == RELAY_KIND_UNKNOWN && first.len == 1 && first.data[0] == TLS_HANDSHAKE;
    return client->kind == RELAY_KIND_HTTP || client->is_shaking || may_be_tls;
}

bool relay_may_shake(const struct relay *relay, const struct relay_client *client)
{
    return !client->is_shaking || net_tls_handshakes(relay->tls) - relay->shaken < SHAKES_A_TURN;
}

void relay_shaken(struct relay *relay, struct relay_client *client)
{
    if (client->is_shaking && !net_stream_is_handshaking(client->stream)) {
        client->is_shaking = false;
        client->connected_ms = relay->now_ms; // a new limit for silence and registration
        relay_client_at(relay, client, relay->now_ms);
    }
}

// What a connection speaks, told from its first bytes. TLS and WebSocket have their place here.
#include "relay_parts.h"

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
enum relay_kind relay_sniff(struct str first, bool *is_tls)
{
    *is_tls = first.len >= 2 && first.data[0] == 0x16 && first.data[1] == 0x03;
    if (*is_tls || first.len == 0) {
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

void relay_http(struct relay *relay, struct relay_client *client)
{
    struct buf page;
    struct buf answer;
    buf_init(&page, BUF_NO_LIMIT);
    buf_init(&answer, BUF_NO_LIMIT);
    (void)buf_printf(
        &page, "This is a Ronron party, not a web page.\n"
               "Join with Ronron or any IRC program at this address, channel " RELAY_LOBBY ".\n");
    (void)buf_printf(&answer,
                     "HTTP/1.1 426 Upgrade Required\r\nContent-Type: text/plain; charset=utf-8\r\n"
                     "Content-Length: %zu\r\nConnection: close\r\n\r\n%.*s",
                     page.len, STR_ARG(buf_str(&page)));
    relay_write(relay, client, buf_str(&answer));
    relay_client_quit(relay, client, "HTTP");
    buf_deinit(&page);
    buf_deinit(&answer);
}

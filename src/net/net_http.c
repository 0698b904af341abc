// HTTP requests: is it a WebSocket handshake, and if not, which answer is right.
#include "net_http.h"

#include "i18n.h"

#define KEY_LEN 24 // sixteen bytes in base64

static bool next_line(struct str *rest, struct str *line)
{
    size_t end = 0;
    if (!str_find_char(*rest, '\n', &end)) {
        return false;
    }
    size_t len = end > 0 && rest->data[end - 1] == '\r' ? end - 1 : end;
    *line = str_range(*rest, 0, len);
    *rest = str_range(*rest, end + 1, rest->len);
    return true;
}

static bool split_request(struct str line, struct str *method, struct str *version)
{
    struct str rest = line;
    struct str target;
    return str_next(&rest, ' ', method) && str_next(&rest, ' ', &target) && method->len > 0 &&
           target.len > 0 && (*version = rest).len == 8 && str_starts(rest, STR("HTTP/")) &&
           (target.data[0] == '/' || target.data[0] == '*' || str_starts(target, STR("http")));
}

bool net_http_is_request_line(struct str line)
{
    struct str method;
    struct str version;
    return split_request(line, &method, &version);
}

// Lists of tokens: "keep-alive, Upgrade".
static bool has_token(struct str list, struct str token)
{
    struct str item;
    while (str_next(&list, ',', &item)) {
        if (str_eq_nocase(str_trim(item), token)) {
            return true;
        }
    }
    return false;
}

static bool is_key(struct str key)
{
    if (key.len != KEY_LEN || !str_ends(key, STR("=="))) {
        return false;
    }
    for (size_t i = 0; i < KEY_LEN - 2; i++) {
        char c = key.data[i];
        bool is_good = (char_lower(c) >= 'a' && char_lower(c) <= 'z') || (c >= '0' && c <= '9') ||
                       c == '+' || c == '/';
        if (!is_good) {
            return false;
        }
    }
    return true;
}

struct fields {
    bool has_upgrade;    // Upgrade: websocket
    bool has_connection; // Connection: Upgrade
    bool has_host;
    bool is_broken;
    struct str version; // Sec-WebSocket-Version
};

static void add_protocols(struct net_http *http, struct str value)
{
    struct buf joined;
    buf_init(&joined, BUF_NO_LIMIT);
    (void)buf_printf(&joined, "%s%s%.*s", http->protocols, http->protocols[0] ? "," : "",
                     STR_ARG(value));                                           // no ceiling
    (void)str_copy(http->protocols, sizeof(http->protocols), buf_str(&joined)); // may be cut
    buf_deinit(&joined);
}

static void take_field(struct net_http *http, struct fields *fields, struct str line)
{
    size_t colon = 0;
    bool has_name = str_find_char(line, ':', &colon) && colon > 0 && line.data[0] != ' ' &&
                    line.data[0] != '\t' && line.data[colon - 1] != ' ';
    struct str name = str_range(line, 0, has_name ? colon : 0);
    struct str value = str_trim(str_range(line, colon + 1, line.len));
    fields->is_broken = fields->is_broken || !has_name;
    if (str_eq_nocase(name, STR("Upgrade"))) {
        fields->has_upgrade = fields->has_upgrade || has_token(value, STR("websocket"));
    } else if (str_eq_nocase(name, STR("Connection"))) {
        fields->has_connection = fields->has_connection || has_token(value, STR("Upgrade"));
    } else if (str_eq_nocase(name, STR("Host"))) {
        fields->has_host = true;
    } else if (str_eq_nocase(name, STR("Sec-WebSocket-Version"))) {
        fields->version = value;
    } else if (str_eq_nocase(name, STR("Sec-WebSocket-Key"))) {
        fields->is_broken = fields->is_broken || http->key.len > 0; // at most once
        http->key = value;
    } else if (str_eq_nocase(name, STR("Sec-WebSocket-Protocol"))) {
        add_protocols(http, value);
    }
}

static enum net_http_verdict judge(const struct net_http *http, const struct fields *fields,
                                   struct str version)
{
    bool is_http_11 = str_eq(version, STR("HTTP/1.1"));
    bool is_get = str_eq(http->method, STR("GET"));
    if (fields->is_broken || !(is_http_11 || str_eq(version, STR("HTTP/1.0"))) ||
        (is_http_11 && !fields->has_host)) {
        return NET_HTTP_BAD;
    }
    if (!is_get && !str_eq(http->method, STR("HEAD"))) {
        return NET_HTTP_METHOD;
    }
    if (!is_get || !is_http_11 || !fields->has_upgrade) {
        return NET_HTTP_PAGE;
    }
    if (fields->version.len && !str_eq(fields->version, STR("13"))) {
        return NET_HTTP_VERSION;
    }
    bool is_whole = fields->has_connection && fields->version.len && is_key(http->key);
    return is_whole ? NET_HTTP_UPGRADE : NET_HTTP_BAD;
}

enum net_http_verdict net_http_parse(struct net_http *out, struct str bytes)
{
    struct str rest = str_range(bytes, 0, NET_HTTP_HEAD_MAX);
    struct str line = {0};
    struct str version = {0};
    struct fields fields = {0};
    *out = (struct net_http){0};
    bool is_first = true;
    bool is_whole = false;
    while (!is_whole && next_line(&rest, &line)) {
        if (is_first) {
            fields.is_broken = !split_request(line, &out->method, &version);
            is_first = false;
        } else if (line.len == 0) {
            is_whole = true;
        } else {
            take_field(out, &fields, line);
        }
    }
    if (!is_whole) {
        return bytes.len >= NET_HTTP_HEAD_MAX ? NET_HTTP_LARGE : NET_HTTP_MORE;
    }
    out->len = (size_t)(rest.data - bytes.data);
    return judge(out, &fields, version);
}

static const char *status_of(enum net_http_verdict verdict)
{
    switch (verdict) {
    case NET_HTTP_PAGE:
    case NET_HTTP_VERSION:
        return "426 Upgrade Required";
    case NET_HTTP_METHOD:
        return "405 Method Not Allowed";
    case NET_HTTP_LARGE:
        return "431 Request Header Fields Too Large";
    case NET_HTTP_MORE:
        return "408 Request Timeout";
    case NET_HTTP_UPGRADE:
    case NET_HTTP_BAD:
        break;
    }
    return "400 Bad Request";
}

void net_http_refuse(struct buf *out, enum net_http_verdict verdict, const struct net_http *request,
                     struct str page)
{
    bool has_upgrade = verdict == NET_HTTP_PAGE || verdict == NET_HTTP_VERSION;
    (void)buf_printf(out,
                     "HTTP/1.1 %s\r\n%s%sConnection: %sclose\r\nCache-Control: no-store\r\n"
                     "X-Content-Type-Options: nosniff\r\n"
                     "Content-Type: text/plain; charset=utf-8\r\nContent-Length: %zu\r\n\r\n",
                     status_of(verdict),
                     has_upgrade ? "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" : "",
                     verdict == NET_HTTP_METHOD ? "Allow: GET, HEAD\r\n" : "",
                     has_upgrade ? "Upgrade, " : "", page.len); // the owner's ceiling
    if (!str_eq(request->method, STR("HEAD"))) {
        (void)buf_append(out, page); // the owner's ceiling
    }
}

// Addresses as people write them.
#include "net_addr.h"

#include <stdio.h>

#include "i18n.h"

static bool take_scheme(struct str *text, struct err *err)
{
    size_t at = 0;
    if (!str_find(*text, STR("://"), &at)) {
        return true;
    }
    struct str scheme = str_range(*text, 0, at);
    if (!str_eq_nocase(scheme, STR("irc")) && !str_eq_nocase(scheme, STR("ronron"))) {
        return err_set(err, _("Links that begin with %.*s:// do not lead to a party."),
                       STR_ARG(scheme));
    }
    *text = str_range(*text, at + 3, text->len);
    if (str_find_char(*text, '/', &at)) {
        *text = str_range(*text, 0, at);
    }
    return true;
}

static bool is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':' || c == '%';
}

static bool take_port(struct net_addr *out, struct str text, struct err *err)
{
    int64_t port = 0;
    if (!str_to_int_in(text, 0, 65535, &port)) {
        return err_set(err, _("\"%.*s\" is not a port; ports are numbers up to 65535."),
                       STR_ARG(text));
    }
    out->port = (uint16_t)port;
    return true;
}

// Splits "host:port" and "[v6]:port"; a bare IPv6 address has more than one colon and no port.
static bool split(struct str text, struct str *host, struct str *port)
{
    size_t at = 0;
    *host = text;
    *port = (struct str){0};
    if (text.len && text.data[0] == '[') {
        if (!str_find_char(text, ']', &at)) {
            return false;
        }
        *host = str_range(text, 1, at);
        struct str after = str_range(text, at + 1, text.len);
        if (after.len && after.data[0] != ':') {
            return false;
        }
        *port = str_range(after, 1, after.len);
        return true;
    }
    if (str_find_char(text, ':', &at)) {
        struct str after = str_range(text, at + 1, text.len);
        size_t second = 0;
        if (!str_find_char(after, ':', &second)) {
            *host = str_range(text, 0, at);
            *port = after;
            return after.len > 0;
        }
    }
    return true;
}

bool net_addr_parse(struct net_addr *out, struct str text, struct err *err)
{
    struct net_addr addr = {0};
    struct str host;
    struct str port;
    text = str_trim(text);
    if (!take_scheme(&text, err)) {
        return false;
    }
    if (text.len == 0) {
        return err_set(err, "%s", _("The address is empty."));
    }
    if (!split(text, &host, &port) || !str_copy(addr.host, sizeof(addr.host), host)) {
        return err_set(err, _("\"%.*s\" is not an address; write HOST or HOST:PORT."),
                       STR_ARG(text));
    }
    for (size_t i = 0; i < host.len; i++) {
        if (!is_host_char(host.data[i])) {
            return err_set(err, _("\"%.*s\" is not an address; write HOST or HOST:PORT."),
                           STR_ARG(text));
        }
    }
    addr.has_port = port.len > 0;
    if (addr.has_port && !take_port(&addr, port, err)) {
        return false;
    }
    *out = addr;
    return true;
}

void net_addr_format(const struct net_addr *addr, char *out, size_t size)
{
    size_t at = 0;
    bool is_v6 = str_find_char(str_from(addr->host), ':', &at);
    (void)snprintf(out, size, is_v6 ? "[%s]:%u" : "%s:%u", addr->host, addr->port);
}

// Network addresses as people write them, and which of them are private.
#ifndef NET_ADDR_H
#define NET_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "str.h"

#define NET_PORT_DEFAULT 6667 // TCP, and UDP for the LAN beacon
#define NET_HOST_MAX     254

struct net_addr {
    char host[NET_HOST_MAX]; // name or number, without brackets
    uint16_t port;
    bool has_port; // one was given, be it 0; else port is 0
};

// "host", "host:port", "[v6]:port", ":port", "irc://host:port/...". The sentence in err says what
// is wrong in plain words.
bool net_addr_parse(struct net_addr *out, struct str text, struct err *err);
// "host:port", with brackets around IPv6.
void net_addr_format(const struct net_addr *addr, char *out, size_t size);
// Dotted IPv4 or IPv6 in a loopback, link-local or RFC 1918 / RFC 4193 range. A name is not.
bool net_addr_is_private(struct str host);
bool net_addr_is_loopback(struct str host);
// What limits by address count: an IPv4 address itself, of an IPv6 address the network of 64 bits,
// which is what one person has. Anything else stays as it is.
void net_addr_network(struct str host, char *out, size_t size);
// First IPv4 address of this machine that others on the LAN can use; "127.0.0.1" when none.
void net_addr_of_lan(char *out, size_t size);

#endif

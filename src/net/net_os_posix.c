// POSIX and Linux: descriptors, options, lookups.
#include "net_os.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <malloc.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "i18n.h"
#include "str.h"

#define BACKLOG          1024
#define UNACKED_LIMIT_MS 15000
#define DESCRIPTORS      1024 // FD_SETSIZE

int net_os_fd(const void *sdlnet_socket)
{
    int fd = -1;
    memcpy(&fd, (const char *)sdlnet_socket + sizeof(int), sizeof(fd));
    return fd;
}

static void set_flags(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    (void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

bool net_os_adopt(int own_fd, const void *sdlnet_socket, struct err *err)
{
    if (dup3(own_fd, net_os_fd(sdlnet_socket), O_CLOEXEC) < 0) {
        (void)err_set(err, "%s", strerror(errno));
        (void)close(own_fd);
        return false;
    }
    (void)close(own_fd); // the duplicate lives on
    set_flags(net_os_fd(sdlnet_socket));
    return true;
}

int net_os_dup(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

void net_os_close(int fd)
{
    (void)close(fd); // nothing is left to lose
}

static void set_option(int fd, int level, int option, int value)
{
    // A system that does not know the option works without it.
    (void)setsockopt(fd, level, option, &value, sizeof(value));
}

void net_os_prepare_stream(int fd)
{
    set_flags(fd);
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 10);
    set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
    set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, UNACKED_LIMIT_MS);
}

union any_addr {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_storage storage;
};

static uint16_t port_of(const union any_addr *addr)
{
    return ntohs(addr->any.sa_family == AF_INET6 ? addr->v6.sin6_port : addr->v4.sin_port);
}

static void host_of(const union any_addr *addr, char *out, size_t size)
{
    out[0] = '\0';
    if (addr->any.sa_family == AF_INET6) {
        if (IN6_IS_ADDR_V4MAPPED(&addr->v6.sin6_addr)) {
            (void)inet_ntop(AF_INET, &addr->v6.sin6_addr.s6_addr[12], out, (socklen_t)size);
        } else {
            (void)inet_ntop(AF_INET6, &addr->v6.sin6_addr, out, (socklen_t)size);
        }
    } else if (addr->any.sa_family == AF_INET) {
        (void)inet_ntop(AF_INET, &addr->v4.sin_addr, out, (socklen_t)size);
    }
}

void net_os_peer(int fd, char *host, size_t size, uint16_t *port)
{
    union any_addr addr = {0};
    socklen_t len = sizeof(addr);
    *port = 0;
    host[0] = '\0';
    if (getpeername(fd, &addr.any, &len) == 0) {
        host_of(&addr, host, size);
        *port = port_of(&addr);
    }
}

uint16_t net_os_own_port(int fd)
{
    union any_addr addr = {0};
    socklen_t len = sizeof(addr);
    return getsockname(fd, &addr.any, &len) == 0 ? port_of(&addr) : 0;
}

bool net_os_own_ipv4(int fd, uint32_t *out)
{
    union any_addr addr = {0};
    socklen_t len = sizeof(addr);
    int is_v6_only = 0;
    socklen_t only_len = sizeof(is_v6_only);
    if (getsockname(fd, &addr.any, &len) != 0) {
        return false;
    }
    if (addr.any.sa_family == AF_INET) {
        *out = ntohl(addr.v4.sin_addr.s_addr);
        return true;
    }
    *out = 0;
    return memcmp(&addr.v6.sin6_addr, &in6addr_any, sizeof(in6addr_any)) == 0 &&
           getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &is_v6_only, &only_len) == 0 && !is_v6_only;
}

bool net_os_is_writable(int fd)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
    return poll(&poll_fd, 1, 0) > 0;
}

void net_os_end_writing(int fd)
{
    (void)shutdown(fd, SHUT_WR); // a link that broke shows when it is read
}

int net_os_room_watch(void)
{
    return epoll_create1(EPOLL_CLOEXEC);
}

bool net_os_room_set(int watch, int fd, bool is_watched)
{
    struct epoll_event event = {.events = EPOLLOUT};
    return epoll_ctl(watch, is_watched ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, fd, &event) == 0;
}

static bool lookup(union any_addr *out, socklen_t *len, const char *host, uint16_t port,
                   struct err *err)
{
    char service[8];
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    (void)snprintf(service, sizeof(service), "%u", port);
    int rc = getaddrinfo(host, service, &hints, &found);
    if (rc != 0 || !found) {
        return err_set(err, _("No machine is called \"%s\". Look for a typing mistake."), host);
    }
    // IPv4 first: what a LAN party has for sure.
    const struct addrinfo *best = found;
    for (const struct addrinfo *at = found; at; at = at->ai_next) {
        if (at->ai_family == AF_INET) {
            best = at;
            break;
        }
    }
    memcpy(out, best->ai_addr, best->ai_addrlen);
    *len = best->ai_addrlen;
    freeaddrinfo(found);
    return true;
}

bool net_resolve(struct net_endpoint *out, const struct net_addr *addr, struct err *err)
{
    union any_addr found = {0};
    socklen_t len = 0;
    uint16_t port = addr->port ? addr->port : NET_PORT_DEFAULT;
    if (!lookup(&found, &len, addr->host, port, err)) {
        return false;
    }
    out->port = port;
    // With the interface of a link-local address, without which nothing reaches it.
    int rc =
        getnameinfo(&found.any, len, out->number, sizeof(out->number), NULL, 0, NI_NUMERICHOST);
    return rc == 0 || err_set(err, "%s", gai_strerror(rc));
}

int net_os_listen(const struct net_addr *addr, struct err *err)
{
    union any_addr own = {0};
    socklen_t len = 0;
    const char *host = addr->host[0] ? addr->host : "0.0.0.0";
    if (!lookup(&own, &len, host, addr->port, err)) {
        return -1;
    }
    int fd = socket(own.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        (void)err_set(err, "%s", strerror(errno));
        return -1;
    }
    // On Linux this only lets a port in TIME_WAIT be taken; a living listener still conflicts.
    set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (bind(fd, &own.any, len) != 0 || listen(fd, BACKLOG) != 0) {
        if (errno == EADDRINUSE) {
            (void)err_set(err, _("Port %u is in use by another program; choose another port."),
                          addr->port);
        } else {
            (void)err_set(err, _("Cannot listen on %s port %u: %s."), host, addr->port,
                          strerror(errno));
        }
        net_os_close(fd);
        return -1;
    }
    return fd;
}

static void explain_connect(int code, struct err *err)
{
    if (code == ECONNREFUSED) {
        (void)err_set(err, "%s", _("Nobody is hosting a party at this address."));
    } else if (code == ETIMEDOUT) {
        (void)err_set(err, "%s", _("The other machine does not answer."));
    } else if (code == ENETUNREACH || code == EHOSTUNREACH) {
        (void)err_set(err, "%s", _("The network does not reach that machine."));
    } else {
        (void)err_set(err, _("The connection failed: %s."), strerror(code));
    }
}

int net_os_connect(const struct net_endpoint *endpoint, struct err *err)
{
    union any_addr peer = {0};
    socklen_t len = 0;
    if (!lookup(&peer, &len, endpoint->number, endpoint->port, err)) {
        return -1;
    }
    int fd = socket(peer.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || (connect(fd, &peer.any, len) != 0 && errno != EINPROGRESS)) {
        explain_connect(errno, err);
        if (fd >= 0) {
            net_os_close(fd);
        }
        return -1;
    }
    return fd;
}

int net_os_connect_check(int fd, int wait_ms, struct err *err)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
    if (poll(&poll_fd, 1, wait_ms) <= 0) {
        return 0;
    }
    int code = 0;
    socklen_t len = sizeof(code);
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &len) != 0 || code != 0) {
        explain_connect(code, err);
        return -1;
    }
    return 1;
}

int net_os_udp_shared(uint16_t port, struct err *err)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        (void)err_set(err, "%s", strerror(errno));
        return -1;
    }
    set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    set_option(fd, SOL_SOCKET, SO_BROADCAST, 1);
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(port)};
    own.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&own, sizeof(own)) != 0) {
        (void)err_set(err, _("UDP port %u is taken: %s."), port, strerror(errno));
        net_os_close(fd);
        return -1;
    }
    return fd;
}

bool net_os_udp_self(int fd, struct err *err)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(net_os_own_port(fd))};
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    set_flags(fd);
    if (connect(fd, (struct sockaddr *)&own, sizeof(own)) != 0) {
        return err_set(err, "%s", strerror(errno));
    }
    return true;
}

void net_os_udp_poke(int fd)
{
    (void)send(fd, "w", 1, MSG_DONTWAIT | MSG_NOSIGNAL); // a full buffer wakes as well
}

void net_os_ignore_sigpipe(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
}

void net_os_limit_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static bool is_of_lan(const struct ifaddrs *at)
{
    return at->ifa_addr && at->ifa_addr->sa_family == AF_INET && (at->ifa_flags & IFF_UP) &&
           !(at->ifa_flags & IFF_LOOPBACK);
}

static uint32_t ipv4_of(const struct sockaddr *any)
{
    struct sockaddr_in addr;
    memcpy(&addr, any, sizeof(addr));
    return ntohl(addr.sin_addr.s_addr);
}

// What goes to one network comes from the first address in it.
static bool is_known(const struct net_way *ways, size_t count, uint32_t broadcast)
{
    for (size_t i = 0; i < count; i++) {
        if (ways[i].broadcast == broadcast) {
            return true;
        }
    }
    return false;
}

// By ioctl and not getifaddrs: that wants a netlink socket, which a sandbox refuses.
size_t net_os_ways(struct net_way *out, size_t max)
{
    struct ifreq all[32];
    struct ifconf list = {.ifc_len = sizeof(all), .ifc_req = all};
    size_t count = 0;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool is_listed = fd >= 0 && ioctl(fd, SIOCGIFCONF, &list) == 0;
    size_t found = is_listed ? (size_t)list.ifc_len / sizeof(all[0]) : 0;
    for (size_t i = 0; i < found && count < max; i++) {
        struct ifreq one = all[i]; // its name
        bool is_usable = ioctl(fd, SIOCGIFFLAGS, &one) == 0 && (one.ifr_flags & IFF_UP) &&
                         !(one.ifr_flags & IFF_LOOPBACK) && (one.ifr_flags & IFF_BROADCAST) &&
                         ioctl(fd, SIOCGIFBRDADDR, &one) == 0;
        struct net_way way = {ipv4_of(&all[i].ifr_addr), ipv4_of(&one.ifr_broadaddr)};
        if (is_usable && !is_known(out, count, way.broadcast)) {
            out[count++] = way;
        }
    }
    if (fd >= 0) {
        net_os_close(fd);
    }
    return count;
}

void net_addr_of_lan(char *out, size_t size)
{
    struct ifaddrs *all = NULL;
    (void)str_copy(out, size, STR("127.0.0.1"));
    if (getifaddrs(&all) != 0) {
        return;
    }
    for (const struct ifaddrs *at = all; at; at = at->ifa_next) {
        if (is_of_lan(at)) {
            struct sockaddr_in addr;
            memcpy(&addr, at->ifa_addr, sizeof(addr));
            (void)inet_ntop(AF_INET, &addr.sin_addr, out, (socklen_t)size);
            break;
        }
    }
    freeifaddrs(all);
}

static bool is_private_v4(uint32_t host)
{
    return host >> 24 == 127 || host >> 24 == 10 || host >> 20 == 0xAC1 || host >> 16 == 0xC0A8 ||
           host >> 16 == 0xA9FE;
}

bool net_addr_is_private(struct str host)
{
    char text[64]; // longer than any numeric address
    struct in_addr v4;
    struct in6_addr v6;
    size_t scope = host.len;
    (void)str_find_char(host, '%', &scope); // most have none
    if (!str_copy(text, sizeof(text), str_range(host, 0, scope))) {
        return false;
    }
    if (inet_pton(AF_INET, text, &v4) == 1) {
        return is_private_v4(ntohl(v4.s_addr));
    }
    if (inet_pton(AF_INET6, text, &v6) == 1) {
        return IN6_IS_ADDR_LOOPBACK(&v6) || IN6_IS_ADDR_LINKLOCAL(&v6) ||
               (v6.s6_addr[0] & 0xFE) == 0xFC;
    }
    return false;
}

bool net_addr_is_loopback(struct str host)
{
    char text[64]; // longer than any numeric address
    struct in_addr v4;
    struct in6_addr v6;
    if (!str_copy(text, sizeof(text), host)) {
        return false;
    }
    if (inet_pton(AF_INET, text, &v4) == 1) {
        return ntohl(v4.s_addr) >> 24 == 127;
    }
    if (inet_pton(AF_INET6, text, &v6) == 1) {
        return IN6_IS_ADDR_LOOPBACK(&v6);
    }
    return str_eq_nocase(host, STR("localhost"));
}

void net_addr_network(struct str host, char *out, size_t size)
{
    struct in6_addr v6;
    (void)str_copy(out, size, host); // longer than any numeric address: cut
    if (inet_pton(AF_INET6, out, &v6) == 1) {
        memset(&v6.s6_addr[8], 0, 8);
        (void)inet_ntop(AF_INET6, &v6, out, (socklen_t)size); // it came from there
    }
}

#ifdef __GLIBC__
void net_os_return_memory(void)
{
    (void)malloc_trim(0); // whether there was any does not matter
}
#else
void net_os_return_memory(void)
{
    // Other C libraries do it by themselves or not at all.
}
#endif

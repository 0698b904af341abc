// What differs by operating system: descriptors, options, lookups. Private to net.
#ifndef NET_OS_H
#define NET_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "net_addr.h"
#include "net_connect.h"

// The descriptor behind an SDL2_net socket. SDLNet_CheckSockets itself treats every socket as
// {int ready; int channel}, and `ready` is public (SDLNet_GenericSocket). Checked by net_init().
int net_os_fd(const void *sdlnet_socket);
// Puts own_fd behind the SDL2_net socket (dup3) and closes own_fd. Non-blocking, close on exec.
bool net_os_adopt(int own_fd, const void *sdlnet_socket, struct err *err);
void net_os_close(int fd);
int net_os_dup(int fd); // close on exec; -1: no descriptor left
// Non-blocking, close on exec, no delay, keepalive and a 15 s limit for unacknowledged bytes.
void net_os_prepare_stream(int fd);
// Peer or own address of a socket as text.
void net_os_peer(int fd, char *host, size_t size, uint16_t *port);
uint16_t net_os_own_port(int fd);
bool net_os_is_writable(int fd); // now
void net_os_end_writing(int fd); // the peer reads the end, and may go on writing
// A descriptor that is readable while one of the sockets watched by it can be written to: select()
// asks about reading only. -1: this system has none, or there is no descriptor left.
int net_os_room_watch(void);
bool net_os_room_set(int watch, int fd, bool is_watched);
// Bound and listening with a backlog of 1024; -1 and a sentence when not.
int net_os_listen(const struct net_addr *addr, struct err *err);
// Non-blocking connect; -1 and a sentence when it failed at once.
int net_os_connect(const struct net_endpoint *endpoint, struct err *err);
// 1 connected, 0 not yet, -1 failed with a sentence.
int net_os_connect_check(int fd, int wait_ms, struct err *err);
// UDP, port shared with other programs of this machine, may broadcast.
int net_os_udp_shared(uint16_t port, struct err *err);
// Connects a UDP socket to its own loopback port, so that strangers' datagrams are dropped.
bool net_os_udp_self(int fd, struct err *err);
void net_os_udp_poke(int fd);
void net_os_ignore_sigpipe(void);
// Gives free pages of the heap back to the system, where the C library can.
void net_os_return_memory(void);
// select() aborts beyond 1024 descriptors: the soft limit is brought down to that.
void net_os_limit_descriptors(void);
// The IPv4 address (host order) that a listening socket is bound to, 0: all. false: IPv6 only.
bool net_os_own_ipv4(int fd, uint32_t *out);
struct net_way { // in host order
    uint32_t own;
    uint32_t broadcast;
};
// Own and broadcast address of the interfaces that are up, loopback left out.
size_t net_os_ways(struct net_way *out, size_t max);

#endif

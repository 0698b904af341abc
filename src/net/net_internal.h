// What the rooms' own files share about SDL2_net sockets. Private to net.
#ifndef NET_INTERNAL_H
#define NET_INTERNAL_H

#include <SDL_net.h>

#include "err.h"

struct net_beacon;
struct net_listener;

TCPsocket net_listener_socket(const struct net_listener *listener);
UDPsocket net_beacon_socket(const struct net_beacon *beacon);
// Puts a bound, listening descriptor behind an SDL2_net listener; closes it on failure.
TCPsocket net_adopt_listener(int fd, struct err *err);

#endif

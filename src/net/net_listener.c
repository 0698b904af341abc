// Listeners on exactly one address.
#include "net_listener.h"

#include <SDL_net.h>
#include <errno.h>

#include "mem.h"
#include "net_beacon.h"
#include "net_internal.h"
#include "net_os.h"
#include "net_stream_internal.h"

struct net_listener {
    TCPsocket socket; // owned
    int spare;        // descriptor, -1: none
    uint16_t port;
    char name[NET_HOST_MAX + 16];
};

// SDLNet_TCP_Open only listens on all addresses: it opens a socket of listener kind on any port,
// and our own, bound as asked, takes its place.
TCPsocket net_adopt_listener(int fd, struct err *err)
{
    IPaddress any = {0};
    TCPsocket socket = SDLNet_ResolveHost(&any, NULL, 0) == 0 ? SDLNet_TCP_Open(&any) : NULL;
    if (!socket) {
        (void)err_set(err, "%s", SDLNet_GetError());
        net_os_close(fd);
        return NULL;
    }
    if (!net_os_adopt(fd, socket, err)) {
        SDLNet_TCP_Close(socket);
        return NULL;
    }
    return socket;
}

struct net_listener *net_listener_create(const struct net_addr *addr, struct err *err)
{
    int fd = net_os_listen(addr, err);
    TCPsocket socket = fd < 0 ? NULL : net_adopt_listener(fd, err);
    if (!socket) {
        return NULL;
    }
    struct net_listener *listener = MEM_NEW(struct net_listener);
    listener->socket = socket;
    listener->spare = net_os_dup(net_os_fd(socket));
    listener->port = net_os_own_port(net_os_fd(socket));
    struct net_addr real = *addr;
    real.port = listener->port;
    if (!real.host[0]) {
        (void)str_copy(real.host, sizeof(real.host), STR("0.0.0.0")); // fits
    }
    net_addr_format(&real, listener->name, sizeof(listener->name));
    return listener;
}

void net_listener_destroy(struct net_listener *listener)
{
    if (listener) {
        if (listener->spare >= 0) {
            net_os_close(listener->spare);
        }
        SDLNet_TCP_Close(listener->socket);
        mem_free(listener);
    }
}

uint16_t net_listener_port(const struct net_listener *listener)
{
    return listener->port;
}

const char *net_listener_name(const struct net_listener *listener)
{
    return listener->name;
}

bool net_listener_door(const struct net_listener *listener, struct net_door *out)
{
    out->port = listener->port;
    return net_os_own_ipv4(net_os_fd(listener->socket), &out->host);
}

TCPsocket net_listener_socket(const struct net_listener *listener)
{
    return listener->socket;
}

// Who waits goes on waiting then; any other failure is one guest's.
static bool is_out_of_room(int code)
{
    return code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM;
}

enum net_accept net_listener_accept(struct net_listener *listener, struct net_stream **out)
{
    (void)net_listener_rearm(listener); // lost when there was no room
    errno = 0;
    TCPsocket socket = SDLNet_TCP_Accept(listener->socket);
    if (!socket) {
        return is_out_of_room(errno) ? NET_ACCEPT_NO_ROOM : NET_ACCEPT_NONE;
    }
    *out = net_stream_of_socket(socket);
    return NET_ACCEPT_OK;
}

struct net_stream *net_listener_accept_spare(struct net_listener *listener)
{
    if (listener->spare < 0) {
        return NULL;
    }
    net_os_close(listener->spare);
    listener->spare = -1;
    TCPsocket socket = SDLNet_TCP_Accept(listener->socket);
    if (!socket) {
        (void)net_listener_rearm(listener); // nobody else took it meanwhile
        return NULL;
    }
    return net_stream_of_socket(socket);
}

bool net_listener_rearm(struct net_listener *listener)
{
    if (listener->spare < 0) {
        listener->spare = net_os_dup(net_os_fd(listener->socket));
    }
    return listener->spare >= 0;
}

// Connection attempts with a time limit that can be cancelled.
#include "net_connect.h"

#include <SDL_net.h>

#include "i18n.h"
#include "net_internal.h"
#include "net_os.h"
#include "net_stream_internal.h"

#define SLICE_MS 20

// A socket of connection kind, to carry our own descriptor: SDL2_net only makes one by connecting,
// so it dials a listener of ours on loopback.
static TCPsocket blank_connection(struct err *err)
{
    struct net_addr own = {.host = "127.0.0.1"};
    int fd = net_os_listen(&own, err);
    TCPsocket listener = fd < 0 ? NULL : net_adopt_listener(fd, err);
    if (!listener) {
        return NULL;
    }
    IPaddress addr;
    SDLNet_Write32(0x7F000001, &addr.host);
    SDLNet_Write16(net_os_own_port(net_os_fd(listener)), &addr.port);
    TCPsocket socket = SDLNet_TCP_Open(&addr);
    if (!socket) {
        (void)err_set(err, "%s", SDLNet_GetError());
    }
    SDLNet_TCP_Close(listener);
    return socket;
}

static bool wait_for(int fd, int timeout_ms, const atomic_bool *cancel, struct err *err)
{
    for (int waited = 0; waited < timeout_ms; waited += SLICE_MS) {
        if (cancel && atomic_load(cancel)) {
            return err_set(err, "%s", _("You left."));
        }
        int state = net_os_connect_check(fd, SLICE_MS, err);
        if (state != 0) {
            return state > 0;
        }
    }
    return err_set(err, "%s", _("The other machine does not answer."));
}

struct net_stream *net_connect(const struct net_endpoint *endpoint, int timeout_ms,
                               const atomic_bool *cancel, struct err *err)
{
    int fd = net_os_connect(endpoint, err);
    if (fd < 0) {
        return NULL;
    }
    TCPsocket socket = wait_for(fd, timeout_ms, cancel, err) ? blank_connection(err) : NULL;
    if (!socket) {
        net_os_close(fd);
        return NULL;
    }
    if (!net_os_adopt(fd, socket, err)) {
        SDLNet_TCP_Close(socket);
        return NULL;
    }
    return net_stream_of_socket(socket);
}

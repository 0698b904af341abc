// TCP streams over SDL2_net.
#include "net_stream.h"

#include <SDL_net.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "i18n.h"
#include "mem.h"
#include "net_os.h"
#include "net_stream_internal.h"
#include "str.h"

// The layout trick of net_os_fd() is tried on a socket whose port we know.
static bool check_layout(struct err *err)
{
    UDPsocket probe = SDLNet_UDP_Open(0);
    if (!probe) {
        return err_set(err, "%s", SDLNet_GetError());
    }
    const IPaddress *own = SDLNet_UDP_GetPeerAddress(probe, -1);
    bool is_right = own && net_os_own_port(net_os_fd(probe)) == SDLNet_Read16(&own->port);
    SDLNet_UDP_Close(probe);
    return is_right || err_set(err, "this SDL2_net keeps its sockets in another way; 2.2 is known");
}

bool net_init(struct err *err)
{
    if (SDLNet_Init() != 0) {
        return err_set(err, "%s", SDLNet_GetError());
    }
    net_os_ignore_sigpipe();
    net_os_limit_descriptors();
    if (!check_layout(err)) {
        SDLNet_Quit();
        return false;
    }
    return true;
}

void net_quit(void)
{
    SDLNet_Quit();
    net_os_ignore_sigpipe(); // SDLNet_Quit restores the default, streams may still be open
}

void net_stream_set_reason(struct net_stream *stream, const char *reason)
{
    if (!stream->reason[0]) {
        (void)str_copy(stream->reason, sizeof(stream->reason), str_from(reason)); // may be cut
    }
}

static enum net_result broken(struct net_stream *stream, int code)
{
    if (code == ECONNRESET || code == EPIPE) {
        net_stream_set_reason(stream, _("Connection reset"));
    } else if (code == ETIMEDOUT) {
        net_stream_set_reason(stream, _("Connection timed out"));
    } else {
        net_stream_set_reason(stream, code ? strerror(code) : _("Connection closed"));
    }
    return NET_CLOSED;
}

static enum net_result tcp_read(struct net_stream *stream, void *data, size_t size, size_t *got)
{
    errno = 0;
    int count = SDLNet_TCP_Recv(stream->socket, data, size > INT_MAX ? INT_MAX : (int)size);
    if (count > 0) {
        *got = (size_t)count;
        return NET_OK;
    }
    if (count == 0) {
        return broken(stream, 0);
    }
    return errno == EAGAIN ? NET_AGAIN : broken(stream, errno);
}

static enum net_result tcp_write(struct net_stream *stream, const void *data, size_t len,
                                 size_t *done)
{
    // SDLNet_TCP_Send loops until all is sent or send() fails; the count says how far it came.
    errno = 0;
    int wanted = len > INT_MAX ? INT_MAX : (int)len;
    int count = SDLNet_TCP_Send(stream->socket, data, wanted);
    if (count > 0) {
        *done = (size_t)count;
        return NET_OK;
    }
    return errno == EAGAIN ? NET_AGAIN : broken(stream, errno);
}

static bool tcp_has_room(const struct net_stream *stream)
{
    return net_os_is_writable(net_os_fd(stream->socket));
}

static void tcp_end(struct net_stream *stream)
{
    net_os_end_writing(net_os_fd(stream->socket));
}

static void tcp_close(struct net_stream *stream)
{
    SDLNet_TCP_Close(stream->socket);
}

static const struct net_stream_kind tcp_kind = {tcp_read,     tcp_write, NULL,
                                                tcp_has_room, tcp_end,   tcp_close};

struct net_stream *net_stream_of_socket(TCPsocket socket)
{
    struct net_stream *stream = MEM_NEW(struct net_stream);
    int fd = net_os_fd(socket);
    stream->kind = &tcp_kind;
    stream->socket = socket;
    net_os_prepare_stream(fd);
    net_os_peer(fd, stream->host, sizeof(stream->host), &stream->port);
    return stream;
}

enum net_result net_stream_read(struct net_stream *stream, void *data, size_t size, size_t *got)
{
    *got = 0;
    return stream->kind->read(stream, data, size, got);
}

enum net_result net_stream_write(struct net_stream *stream, const void *data, size_t len,
                                 size_t *done)
{
    *done = 0;
    return len ? stream->kind->write(stream, data, len, done) : NET_OK;
}

bool net_stream_holds_bytes(const struct net_stream *stream)
{
    return stream->kind->has_bytes && stream->kind->has_bytes(stream);
}

bool net_stream_has_pending(const struct net_stream *stream)
{
    for (; stream; stream = stream->under) {
        if (stream->pending.len) {
            return true;
        }
    }
    return false;
}

void net_stream_destroy(struct net_stream *stream)
{
    if (stream) {
        stream->kind->close(stream);
        mem_free(stream);
    }
}

static const struct net_stream *lowest(const struct net_stream *stream)
{
    while (stream->under) {
        stream = stream->under;
    }
    return stream;
}

bool net_stream_can_end(const struct net_stream *stream)
{
    return lowest(stream)->kind->end && !lowest(stream)->reason[0];
}

struct net_stream *net_stream_end(struct net_stream *stream)
{
    while (stream->under) {
        struct net_stream *under = stream->under;
        stream->leaves_under = true;
        net_stream_destroy(stream); // says its goodbye
        stream = under;
    }
    stream->kind->end(stream);
    return stream;
}

const char *net_stream_peer_host(const struct net_stream *stream)
{
    return stream->host;
}

uint16_t net_stream_peer_port(const struct net_stream *stream)
{
    return stream->port;
}

const char *net_stream_reason(const struct net_stream *stream)
{
    return stream->reason;
}

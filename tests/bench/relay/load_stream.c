// Sockets that never block, with or without TLS.
#include "load_stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

bool load_stream_open(struct load_stream *stream, uint16_t port, int rcvbuf_bytes,
                      struct ssl_ctx_st *tls)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    *stream = (struct load_stream){.fd = socket(AF_INET, SOCK_STREAM, 0)};
    if (stream->fd < 0) {
        return false;
    }
    (void)fcntl(stream->fd, F_SETFL, O_NONBLOCK); // cannot fail on a fresh socket
    (void)setsockopt(stream->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)); // measured, not needed
    if (rcvbuf_bytes > 0) {
        (void)setsockopt(stream->fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf_bytes, sizeof(rcvbuf_bytes));
    }
    if (connect(stream->fd, (const struct sockaddr *)&address, sizeof(address)) != 0 &&
        errno != EINPROGRESS) {
        load_stream_close(stream);
        return false;
    }
    if (tls) {
        stream->ssl = SSL_new(tls);
        if (!stream->ssl || SSL_set_fd(stream->ssl, stream->fd) != 1) {
            load_stream_close(stream);
            return false;
        }
        SSL_set_connect_state(stream->ssl);
    }
    return true;
}

void load_stream_close(struct load_stream *stream)
{
    SSL_free(stream->ssl);
    if (stream->fd >= 0) {
        (void)close(stream->fd); // nothing is kept in it
    }
    *stream = (struct load_stream){.fd = -1};
}

static enum load_io tls_result(struct load_stream *stream, int result)
{
    if (result > 0) {
        return LOAD_IO_DONE;
    }
    int error = SSL_get_error(stream->ssl, result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? LOAD_IO_AGAIN
                                                                         : LOAD_IO_CLOSED;
}

static enum load_io socket_result(ssize_t result, size_t *len)
{
    if (result > 0) {
        *len = (size_t)result;
        return LOAD_IO_DONE;
    }
    bool is_again = result < 0 && (errno == EAGAIN || errno == EINTR);
    return is_again ? LOAD_IO_AGAIN : LOAD_IO_CLOSED;
}

enum load_io load_stream_finish(struct load_stream *stream)
{
    int error = 0;
    socklen_t len = sizeof(error);
    if (getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0 || error != 0) {
        return LOAD_IO_CLOSED;
    }
    if (stream->ssl) {
        return tls_result(stream, SSL_do_handshake(stream->ssl));
    }
    struct sockaddr_in peer;
    socklen_t peer_len = sizeof(peer);
    bool is_there = getpeername(stream->fd, (struct sockaddr *)&peer, &peer_len) == 0;
    return is_there ? LOAD_IO_DONE : LOAD_IO_AGAIN;
}

enum load_io load_stream_read(struct load_stream *stream, char *data, size_t size, size_t *len)
{
    if (stream->ssl) {
        return tls_result(stream, SSL_read_ex(stream->ssl, data, size, len));
    }
    return socket_result(recv(stream->fd, data, size, 0), len);
}

enum load_io load_stream_write(struct load_stream *stream, const char *data, size_t size,
                               size_t *len)
{
    if (stream->ssl) {
        return tls_result(stream, SSL_write_ex(stream->ssl, data, size, len));
    }
    return socket_result(send(stream->fd, data, size, MSG_NOSIGNAL), len);
}

struct ssl_ctx_st *load_tls_create(void)
{
    struct ssl_ctx_st *tls = SSL_CTX_new(TLS_client_method());
    if (tls) {
        SSL_CTX_set_verify(tls, SSL_VERIFY_NONE, NULL); // the server is our own child
        (void)SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    }
    return tls;
}

void load_tls_destroy(struct ssl_ctx_st *tls)
{
    SSL_CTX_free(tls);
}

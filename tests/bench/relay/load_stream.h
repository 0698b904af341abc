// A connection of the load generator to the server under test: TCP, with TLS on top when asked.
//
// Ownership: the stream owns its descriptor and its TLS session; the context is borrowed.
// Errors:    enum load_io; what the server does never ends the program.
// Thread:    the one that owns it.
#ifndef LOAD_STREAM_H
#define LOAD_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ssl_ctx_st;
struct ssl_st;

enum load_io {
    LOAD_IO_DONE,
    LOAD_IO_AGAIN,
    LOAD_IO_CLOSED, // end or error
};

struct load_stream {
    int fd; // -1: none
    struct ssl_st *ssl;
};

// Begins to connect to 127.0.0.1; rcvbuf_bytes 0 leaves the system's. False: refused at once.
bool load_stream_open(struct load_stream *stream, uint16_t port, int rcvbuf_bytes,
                      struct ssl_ctx_st *tls);
void load_stream_close(struct load_stream *stream);

// DONE: connected and, with TLS, the handshake is over. Call again when the descriptor is ready.
enum load_io load_stream_finish(struct load_stream *stream);
enum load_io load_stream_read(struct load_stream *stream, char *data, size_t size, size_t *len);
enum load_io load_stream_write(struct load_stream *stream, const char *data, size_t size,
                               size_t *len);

struct ssl_ctx_st *load_tls_create(void); // NULL: OpenSSL refuses
void load_tls_destroy(struct ssl_ctx_st *tls);

#endif

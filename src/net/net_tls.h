// TLS 1.2 and 1.3 by OpenSSL as a stream over any other stream: TCP, or a pipe in memory.
//
// A context (struct net_tls) holds the server's certificate and key. Without files of the operator's
// the relay makes a certificate of its own (P-256, ten years) and keeps it, so that people who
// trusted its fingerprint once find the same one again.
//
// Ownership: a TLS stream owns the stream under it. The context may be reloaded under its streams,
//            and is destroyed after them.
// Errors:    one sentence; what a peer sends ends its stream with a reason in words, after an alert.
// Thread:    one thread per context and its streams.
#ifndef NET_TLS_H
#define NET_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "net_stream.h"
#include "str.h"

#define NET_TLS_FINGERPRINT 65 // SHA-256 in hex and a NUL
#define NET_TLS_BINDING     32 // bytes of a channel binding

struct net_tls;

struct net_tls_config {
    // PEM: the certificate, then its chain. NULL with key_path NULL: an own one.
    const char *cert_path;
    const char *key_path; // PEM, without a pass phrase; may be the same file
    // Where the own one is kept as tls-cert.pem and tls-key.pem (0600); made when they are missing.
    const char *folder;
    const char *name;   // of the server, in an own certificate; NULL: "ronron.party"
    int64_t now_utc_ms; // an own certificate begins a day before
};

struct net_tls *net_tls_create(const struct net_tls_config *config, struct err *err);
void net_tls_destroy(struct net_tls *tls); // NULL is fine
// Reads the files again. On failure what was there stays, and the sentence says why. Streams that
// are open keep the certificate they began with.
bool net_tls_reload(struct net_tls *tls, struct err *err);
// SHA-256 of the public key (SPKI, stays the same when a certificate is renewed) and of the whole
// certificate, lower-case hex.
const char *net_tls_fingerprint(const struct net_tls *tls);
const char *net_tls_cert_fingerprint(const struct net_tls *tls);
// How many steps of handshakes it has answered, ever: each costs a signature (0.2 ms), so that the
// owner can spread them over turns.
uint64_t net_tls_handshakes(const struct net_tls *tls);

// Server side; takes over `under`. first_bytes: what was already read from it.
struct net_stream *net_tls_accept(struct net_tls *tls, struct net_stream *under,
                                  struct str first_bytes);

struct net_tls_expect {
    const char *host; // name to ask for (SNI); NULL or a number: none is sent
    // Public key that the server must show, hex; NULL: any, ask net_tls_peer_fingerprint().
    const char *fingerprint;
};

// Client side; takes over `under`, also when it fails. Nothing is sent to a server that does not
// show the key that is expected, and the stream closes with a reason.
struct net_stream *net_tls_connect(struct net_stream *under, const struct net_tls_expect *expect,
                                   struct err *err);
// Of the server's public key; false before the handshake is over, and on streams without TLS.
bool net_tls_peer_fingerprint(const struct net_stream *stream, char out[NET_TLS_FINGERPRINT]);

// True while a handshake goes on: nothing of the peer's own words has come yet.
bool net_stream_is_handshaking(const struct net_stream *stream);
// There is TLS below, and its handshake is over.
bool net_stream_is_encrypted(const struct net_stream *stream);
// "TLSv1.3"; "" without TLS.
const char *net_stream_tls_version(const struct net_stream *stream);
// Channel binding tls-exporter (RFC 9266), the same on both sides; false when not TLS 1.3.
bool net_stream_tls_exporter(const struct net_stream *stream, unsigned char out[NET_TLS_BINDING]);

#endif

// What the files of TLS share. Private to net.
#ifndef NET_TLS_INTERNAL_H
#define NET_TLS_INTERNAL_H

#include <openssl/ssl.h>

#include "net_tls.h"

struct net_tls {
    SSL_CTX *context; // owned; streams hold references of their own
    char *cert_path;  // owned
    char *key_path;   // owned
    char fingerprint[NET_TLS_FINGERPRINT];
    char cert_fingerprint[NET_TLS_FINGERPRINT];
    uint64_t handshakes;
    size_t shaking;     // streams whose handshake is not over
    size_t most;        // of them at once, since memory was given back
    BIO_METHOD *method; // owned; how OpenSSL reads and writes our streams
};

// --- net_tls.c ---
// Options that server and client share; NULL and a sentence when OpenSSL refuses.
SSL_CTX *net_tls_context(const SSL_METHOD *method, struct err *err);
// Sentence of OpenSSL's last error; clears the others.
bool net_tls_err(struct err *err, const char *what);
bool net_tls_key_fingerprint(X509 *cert, char out[NET_TLS_FINGERPRINT]);

// --- net_tls_own.c ---
// Makes what is missing of an own key and certificate.
bool net_tls_make_own(const char *cert_path, const char *key_path, const char *name,
                      int64_t now_utc_ms, struct err *err);

// --- net_tls_stream.c ---
BIO_METHOD *net_tls_method(void);

#endif

// SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677, tls-exporter of RFC 9266), both sides.
//
// Shapes:    messages are the bytes inside SASL's base64. Names may hold anything but NUL.
// Ownership: a session holds copies of what it was given; deinit frees and forgets it.
// Errors:    false for whatever the peer does wrong. A session that failed is over.
// Thread:    any. Hashing comes in as functions: OpenSSL lives elsewhere.
#ifndef IRC_SCRAM_H
#define IRC_SCRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "str.h"

#define IRC_SCRAM_HASH_BYTES     32
#define IRC_SCRAM_SALT_BYTES     16
#define IRC_SCRAM_ITERATIONS     100000  // of the verifiers we make
#define IRC_SCRAM_ITERATIONS_MIN 4096    // RFC 7677 4
#define IRC_SCRAM_ITERATIONS_MAX 2000000 // a server that asks for more wants the client to hang
#define IRC_SCRAM_TEXT_MAX       192     // of a verifier as text, with its NUL
#define IRC_SCRAM_BINDING_MAX    64

struct irc_crypto {
    void (*sha256)(struct str bytes, uint8_t out[IRC_SCRAM_HASH_BYTES]);
    void (*hmac)(struct str key, struct str text, uint8_t out[IRC_SCRAM_HASH_BYTES]);
    void (*pbkdf2)(struct str password, struct str salt, unsigned iterations,
                   uint8_t out[IRC_SCRAM_HASH_BYTES]);
    bool (*is_equal)(const void *a, const void *b, size_t len); // in constant time
};

// --- what a server keeps of a password ---
struct irc_scram_verifier {
    unsigned iterations;
    uint8_t salt[IRC_SCRAM_SALT_BYTES];
    uint8_t stored_key[IRC_SCRAM_HASH_BYTES];
    uint8_t server_key[IRC_SCRAM_HASH_BYTES];
};

// Fills the keys from password, salt and iterations. The password is prepared (irc_saslprep).
// Slow: one PBKDF2.
void irc_scram_verifier_make(struct irc_scram_verifier *verifier, const struct irc_crypto *crypto,
                             struct str password);
// Whether the password is the one. Slow: one PBKDF2.
bool irc_scram_verifier_check(const struct irc_scram_verifier *verifier,
                              const struct irc_crypto *crypto, struct str password);
// "SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>", the last three in base64.
void irc_scram_verifier_text(const struct irc_scram_verifier *verifier,
                             char out[IRC_SCRAM_TEXT_MAX]);
bool irc_scram_verifier_parse(struct str text, struct irc_scram_verifier *out);

// --- the server's side ---
struct irc_scram_server {
    const struct irc_crypto *crypto; // borrowed
    bool is_plus;
    uint8_t binding[IRC_SCRAM_BINDING_MAX];
    size_t binding_len; // 0: -PLUS is not offered to this client
    struct irc_scram_verifier verifier;
    struct buf name;    // whose password it is
    struct buf authzid; // who the client wants to act as; empty: the same
    struct buf gs2;     // header, which the client repeats at the end
    struct buf nonce;   // the client's, then both
    struct buf auth;    // what both sides sign
};

// binding: bytes of the TLS exporter, empty without TLS 1.3.
void irc_scram_server_init(struct irc_scram_server *server, const struct irc_crypto *crypto,
                           bool is_plus, struct str binding);
void irc_scram_server_deinit(struct irc_scram_server *server);
// Takes the client's first message; then server->name says whose verifier is wanted.
bool irc_scram_server_begin(struct irc_scram_server *server, struct str client_first);
// Appends the server's first message. nonce: printable, without a comma, different every time.
void irc_scram_server_challenge(struct irc_scram_server *server,
                                const struct irc_scram_verifier *verifier, struct str nonce,
                                struct buf *out);
// Checks the client's last message and appends the server's last one.
bool irc_scram_server_finish(struct irc_scram_server *server, struct str client_final,
                             struct buf *out);

// --- the client's side ---
enum irc_scram_binding {
    IRC_SCRAM_UNBOUND,     // the client cannot bind: "n"
    IRC_SCRAM_NOT_OFFERED, // it can, but the server offers no -PLUS: "y", which shows a downgrade
    IRC_SCRAM_BOUND,       // -PLUS
};

struct irc_scram_client {
    const struct irc_crypto *crypto; // borrowed
    enum irc_scram_binding kind;
    uint8_t binding[IRC_SCRAM_BINDING_MAX];
    size_t binding_len;
    struct buf nonce; // ours
    struct buf auth;
    uint8_t server_signature[IRC_SCRAM_HASH_BYTES]; // what the server has to show
};

void irc_scram_client_init(struct irc_scram_client *client, const struct irc_crypto *crypto,
                           enum irc_scram_binding kind, struct str binding);
void irc_scram_client_deinit(struct irc_scram_client *client);
void irc_scram_client_begin(struct irc_scram_client *client, struct str name, struct str nonce,
                            struct buf *out);
// Answers the server's first message. Slow: one PBKDF2.
bool irc_scram_client_answer(struct irc_scram_client *client, struct str server_first,
                             struct str password, struct buf *out, struct err *err);
// Whether the server knows the password too; a login is good only after this.
bool irc_scram_client_check(const struct irc_scram_client *client, struct str server_final,
                            struct err *err);

#endif

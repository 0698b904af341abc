// Hashes, random bytes and comparison for passwords and secrets, by OpenSSL.
//
// Errors: none; that OpenSSL or the system's randomness fails aborts, nothing could be trusted then.
// Thread: any, no state.
#ifndef NET_CRYPTO_H
#define NET_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

#define NET_SHA256_BYTES 32

void net_sha256(struct str bytes, uint8_t out[NET_SHA256_BYTES]);
void net_hmac_sha256(struct str key, struct str text, uint8_t out[NET_SHA256_BYTES]);
// PBKDF2 with HMAC-SHA-256 (RFC 8018): about 22 ms for 100 000 iterations, so not in a loop.
void net_pbkdf2_sha256(struct str password, struct str salt, unsigned iterations,
                       uint8_t out[NET_SHA256_BYTES]);
void net_random(void *out, size_t len);
// Takes as long whatever differs.
bool net_equal(const void *a, const void *b, size_t len);
void net_wipe(void *bytes, size_t len); // is not optimised away

#endif

// Hashes and random bytes.
#include "net_crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "check.h"

// OpenSSL refuses a NULL pointer even where the length is 0.
static const char *data_of(struct str s)
{
    return s.len ? s.data : "";
}

void net_sha256(struct str bytes, uint8_t out[NET_SHA256_BYTES])
{
    check(EVP_Digest(data_of(bytes), bytes.len, out, NULL, EVP_sha256(), NULL) == 1);
}

void net_hmac_sha256(struct str key, struct str text, uint8_t out[NET_SHA256_BYTES])
{
    const unsigned char *bytes = (const unsigned char *)data_of(text);
    check(HMAC(EVP_sha256(), data_of(key), (int)key.len, bytes, text.len, out, NULL) != NULL);
}

void net_pbkdf2_sha256(struct str password, struct str salt, unsigned iterations,
                       uint8_t out[NET_SHA256_BYTES])
{
    check(PKCS5_PBKDF2_HMAC(data_of(password), (int)password.len,
                            (const unsigned char *)data_of(salt), (int)salt.len, (int)iterations,
                            EVP_sha256(), NET_SHA256_BYTES, out) == 1);
}

void net_random(void *out, size_t len)
{
    check(RAND_bytes(out, (int)len) == 1);
}

bool net_equal(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}

void net_wipe(void *bytes, size_t len)
{
    OPENSSL_cleanse(bytes, len);
}

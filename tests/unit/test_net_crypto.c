// Hashes against published vectors: FIPS 180, RFC 4231, RFC 7914.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "b64.h"
#include "net_crypto.h"

static void assert_hash(const uint8_t hash[NET_SHA256_BYTES], const char *hex)
{
    char text[2 * NET_SHA256_BYTES + 1];
    hex_encode(text, (struct str){(const char *)hash, NET_SHA256_BYTES});
    assert_string_equal(text, hex);
}

static void sha256_is_the_standards(void **state)
{
    (void)state;
    uint8_t hash[NET_SHA256_BYTES];
    net_sha256(STR("abc"), hash);
    assert_hash(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    net_sha256((struct str){0}, hash);
    assert_hash(hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void hmac_is_the_standards(void **state)
{
    (void)state;
    uint8_t hash[NET_SHA256_BYTES];
    net_hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"), hash);
    assert_hash(hash, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    net_hmac_sha256((struct str){0}, (struct str){0}, hash);
    assert_hash(hash, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void pbkdf2_is_the_standards(void **state)
{
    (void)state;
    uint8_t hash[NET_SHA256_BYTES];
    net_pbkdf2_sha256(STR("passwd"), STR("salt"), 1, hash);
    assert_hash(hash, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
}

static void random_bytes_differ(void **state)
{
    (void)state;
    uint8_t a[16] = {0}, b[16] = {0};
    net_random(a, sizeof(a));
    net_random(b, sizeof(b));
    assert_false(net_equal(a, b, sizeof(a)));
    memcpy(b, a, sizeof(a));
    assert_true(net_equal(a, b, sizeof(a)));
    net_wipe(a, sizeof(a));
    for (size_t i = 0; i < sizeof(a); i++) {
        assert_int_equal(a[i], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_is_the_standards),
        cmocka_unit_test(hmac_is_the_standards),
        cmocka_unit_test(pbkdf2_is_the_standards),
        cmocka_unit_test(random_bytes_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

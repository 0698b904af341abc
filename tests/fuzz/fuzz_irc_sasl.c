// Any bytes as SASL: chunks, base64, PLAIN, and each message of SCRAM from both sides, with a hash
// that costs nothing. Lines of the input are the peer's messages one after the other.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "b64.h"
#include "check.h"
#include "irc_sasl.h"
#include "irc_scram.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hash(struct str bytes, uint8_t out[IRC_SCRAM_HASH_BYTES])
{
    uint64_t value = str_hash(bytes);
    for (size_t i = 0; i < IRC_SCRAM_HASH_BYTES; i++) {
        out[i] = (uint8_t)(value >> (i % 8 * 8));
    }
}

static void keyed(struct str key, struct str text, uint8_t out[IRC_SCRAM_HASH_BYTES])
{
    hash(text, out);
    for (size_t i = 0; i < key.len; i++) {
        out[i % IRC_SCRAM_HASH_BYTES] ^= (uint8_t)key.data[i];
    }
}

static void slow(struct str password, struct str salt, unsigned iterations,
                 uint8_t out[IRC_SCRAM_HASH_BYTES])
{
    (void)iterations;
    keyed(salt, password, out);
}

static bool is_equal(const void *a, const void *b, size_t len)
{
    return memcmp(a, b, len) == 0;
}

static const struct irc_crypto crypto = {hash, keyed, slow, is_equal};

static void base64_has_one_spelling(struct str text)
{
    struct buf bytes, again;
    buf_init(&bytes, BUF_NO_LIMIT);
    buf_init(&again, BUF_NO_LIMIT);
    if (b64_decode(&bytes, text)) {
        check(b64_encode(&again, buf_str(&bytes)));
        check(str_eq(buf_str(&again), text));
    }
    buf_deinit(&bytes);
    buf_deinit(&again);
}

static void plain_comes_back(struct str message)
{
    struct irc_sasl_plain plain;
    struct buf out;
    buf_init(&out, BUF_NO_LIMIT);
    if (irc_sasl_plain_parse(message, &plain)) {
        check(irc_sasl_plain_make(&out, &plain));
        check(str_eq(buf_str(&out), message));
        buf_clear(&out);
        check(irc_saslprep(&out, plain.password));
    }
    buf_deinit(&out);
}

static void chunks_have_a_ceiling(struct str input)
{
    struct buf text;
    struct str chunk;
    buf_init(&text, 1000);
    while (str_next(&input, '\n', &chunk)) {
        if (irc_sasl_feed(&text, chunk) == IRC_SASL_WHOLE) {
            buf_clear(&text);
        }
        check(text.len <= 1000);
    }
    buf_deinit(&text);
}

static void serve(struct str input, bool is_plus)
{
    struct irc_scram_server server;
    struct irc_scram_verifier verifier = {.iterations = 4096};
    struct buf out;
    struct str first = {0};
    buf_init(&out, BUF_NO_LIMIT);
    irc_scram_verifier_make(&verifier, &crypto, STR("pencil"));
    irc_scram_server_init(&server, &crypto, is_plus, is_plus ? STR("binding") : (struct str){0});
    (void)str_next(&input, '\n', &first);
    if (irc_scram_server_begin(&server, first)) {
        check(server.name.len > 0);
        irc_scram_server_challenge(&server, &verifier, STR("server"), &out);
        check(out.len > 0);
        buf_clear(&out);
        bool is_good = irc_scram_server_finish(&server, input, &out);
        check(is_good == (out.len > 0));
    }
    irc_scram_server_deinit(&server);
    buf_deinit(&out);
}

static void ask(struct str input)
{
    struct irc_scram_client client;
    struct buf out;
    struct str first = {0};
    buf_init(&out, BUF_NO_LIMIT);
    irc_scram_client_init(&client, &crypto, IRC_SCRAM_UNBOUND, (struct str){0});
    irc_scram_client_begin(&client, STR("a,b"), STR("c"), &out);
    buf_clear(&out);
    (void)str_next(&input, '\n', &first);
    if (irc_scram_client_answer(&client, first, STR("pencil"), &out, NULL)) {
        check(out.len > 0);
        (void)irc_scram_client_check(&client, input, NULL); // either way is fine
    }
    irc_scram_client_deinit(&client);
    buf_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str input = {(const char *)data, size};
    struct irc_scram_verifier verifier;
    char text[IRC_SCRAM_TEXT_MAX];
    base64_has_one_spelling(input);
    plain_comes_back(input);
    chunks_have_a_ceiling(input);
    serve(input, false);
    serve(input, true);
    ask(input);
    if (irc_scram_verifier_parse(input, &verifier)) {
        irc_scram_verifier_text(&verifier, text);
        check(irc_scram_verifier_parse(str_from(text), &verifier));
    }
    return 0;
}

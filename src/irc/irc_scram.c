// SCRAM-SHA-256, both sides.
#include "irc_scram.h"

#include <stdio.h>
#include <string.h>

#include "b64.h"
#include "utf8.h"

#define MESSAGE_MAX    4096 // bytes of all that is kept of one login
#define NAME_MAX_BYTES 512
#define NONCE_MAX      512
#define PLUS_TYPE      "tls-exporter"

static struct str view(const void *bytes, size_t len)
{
    return (struct str){bytes, len};
}

// --- keys (RFC 5802 3) ---

static void make_keys(const struct irc_scram_verifier *verifier, const struct irc_crypto *crypto,
                      struct str password, uint8_t client_key[IRC_SCRAM_HASH_BYTES],
                      uint8_t server_key[IRC_SCRAM_HASH_BYTES])
{
    uint8_t salted[IRC_SCRAM_HASH_BYTES];
    crypto->pbkdf2(password, view(verifier->salt, sizeof(verifier->salt)), verifier->iterations,
                   salted);
    crypto->hmac(view(salted, sizeof(salted)), STR("Client Key"), client_key);
    crypto->hmac(view(salted, sizeof(salted)), STR("Server Key"), server_key);
}

void irc_scram_verifier_make(struct irc_scram_verifier *verifier, const struct irc_crypto *crypto,
                             struct str password)
{
    uint8_t client_key[IRC_SCRAM_HASH_BYTES];
    make_keys(verifier, crypto, password, client_key, verifier->server_key);
    crypto->sha256(view(client_key, sizeof(client_key)), verifier->stored_key);
}

bool irc_scram_verifier_check(const struct irc_scram_verifier *verifier,
                              const struct irc_crypto *crypto, struct str password)
{
    struct irc_scram_verifier other = *verifier;
    irc_scram_verifier_make(&other, crypto, password);
    return crypto->is_equal(other.stored_key, verifier->stored_key, sizeof(other.stored_key));
}

// --- a verifier as text ---

void irc_scram_verifier_text(const struct irc_scram_verifier *verifier,
                             char out[IRC_SCRAM_TEXT_MAX])
{
    struct buf text;
    buf_init(&text, IRC_SCRAM_TEXT_MAX - 1); // all of it fits: the sizes are fixed
    (void)buf_printf(&text, "SCRAM-SHA-256$%u:", verifier->iterations);
    (void)b64_encode(&text, view(verifier->salt, sizeof(verifier->salt)));
    (void)buf_append_char(&text, '$');
    (void)b64_encode(&text, view(verifier->stored_key, sizeof(verifier->stored_key)));
    (void)buf_append_char(&text, ':');
    (void)b64_encode(&text, view(verifier->server_key, sizeof(verifier->server_key)));
    (void)str_copy(out, IRC_SCRAM_TEXT_MAX, buf_str(&text));
    buf_deinit(&text);
}

bool irc_scram_verifier_parse(struct str text, struct irc_scram_verifier *out)
{
    struct str iterations, salt, stored_key, scheme;
    int64_t count = 0;
    return str_next(&text, '$', &scheme) && str_eq(scheme, STR("SCRAM-SHA-256")) &&
           str_next(&text, ':', &iterations) &&
           str_to_int_in(iterations, IRC_SCRAM_ITERATIONS_MIN, IRC_SCRAM_ITERATIONS_MAX, &count) &&
           str_next(&text, '$', &salt) && b64_decode_exact(salt, out->salt, sizeof(out->salt)) &&
           str_next(&text, ':', &stored_key) &&
           b64_decode_exact(stored_key, out->stored_key, sizeof(out->stored_key)) &&
           b64_decode_exact(text, out->server_key, sizeof(out->server_key)) &&
           (out->iterations = (unsigned)count) > 0;
}

// --- messages ---

// "x=value" off the front of a list with commas.
static bool take(struct str *rest, char letter, struct str *value)
{
    struct str part;
    if (!str_next(rest, ',', &part) || part.len < 2 || part.data[0] != letter ||
        part.data[1] != '=') {
        return false;
    }
    *value = str_range(part, 2, part.len);
    return true;
}

// saslname (RFC 5802 7): "=2C" is a comma, "=3D" an equals sign, no other "=" and no NUL.
static bool unescape_name(struct buf *out, struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (c == '=') {
            struct str code = str_range(name, i, i + 3);
            if (!str_eq(code, STR("=2C")) && !str_eq(code, STR("=3D"))) {
                return false;
            }
            c = code.data[1] == '2' ? ',' : '=';
            i += 2;
        }
        if (c == '\0' || !buf_append_char(out, c)) {
            return false;
        }
    }
    return name.len > 0 && utf8_is_valid(buf_str(out));
}

static void escape_name(struct buf *out, struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        struct str text = c == ',' ? STR("=2C") : c == '=' ? STR("=3D") : str_range(name, i, i + 1);
        (void)buf_append(out, text); // the caller's buffer holds it or cuts the login short
    }
}

static bool is_nonce(struct str nonce)
{
    for (size_t i = 0; i < nonce.len; i++) {
        if (nonce.data[i] < '!' || nonce.data[i] > '~' || nonce.data[i] == ',') {
            return false;
        }
    }
    return nonce.len > 0 && nonce.len <= NONCE_MAX / 2;
}

// Base64 of gs2 header and binding, as the client's last message begins.
static bool put_binding(struct buf *out, struct str gs2, struct str binding)
{
    struct buf both;
    buf_init(&both, MESSAGE_MAX);
    bool is_good = buf_append(&both, gs2) && buf_append(&both, binding) &&
                   buf_append(out, STR("c=")) && b64_encode(out, buf_str(&both));
    buf_deinit(&both);
    return is_good;
}

static void sign(const struct irc_crypto *crypto, const uint8_t key[IRC_SCRAM_HASH_BYTES],
                 const struct buf *auth, uint8_t out[IRC_SCRAM_HASH_BYTES])
{
    crypto->hmac(view(key, IRC_SCRAM_HASH_BYTES), buf_str(auth), out);
}

static void mix(uint8_t bytes[IRC_SCRAM_HASH_BYTES], const uint8_t with[IRC_SCRAM_HASH_BYTES])
{
    for (size_t i = 0; i < IRC_SCRAM_HASH_BYTES; i++) {
        bytes[i] ^= with[i];
    }
}

static size_t copy_binding(uint8_t out[IRC_SCRAM_BINDING_MAX], struct str binding)
{
    size_t len = binding.len < IRC_SCRAM_BINDING_MAX ? binding.len : IRC_SCRAM_BINDING_MAX;
    if (len > 0) {
        memcpy(out, binding.data, len);
    }
    return len;
}

// --- the server's side ---

void irc_scram_server_init(struct irc_scram_server *server, const struct irc_crypto *crypto,
                           bool is_plus, struct str binding)
{
    *server = (struct irc_scram_server){.crypto = crypto, .is_plus = is_plus};
    server->binding_len = copy_binding(server->binding, binding);
    buf_init(&server->name, NAME_MAX_BYTES);
    buf_init(&server->authzid, NAME_MAX_BYTES);
    buf_init(&server->gs2, MESSAGE_MAX);
    buf_init(&server->nonce, NONCE_MAX);
    buf_init(&server->auth, MESSAGE_MAX);
}

void irc_scram_server_deinit(struct irc_scram_server *server)
{
    buf_deinit(&server->name);
    buf_deinit(&server->authzid);
    buf_deinit(&server->gs2);
    buf_deinit(&server->nonce);
    buf_deinit(&server->auth);
    *server = (struct irc_scram_server){0};
}

// Who says "y" could bind but saw no -PLUS; if it was offered, somebody took it out on the way
// (RFC 5802 6).
static bool is_right_flag(const struct irc_scram_server *server, struct str flag)
{
    if (server->is_plus) {
        return server->binding_len > 0 && str_eq(flag, STR("p=" PLUS_TYPE));
    }
    return str_eq(flag, STR("n")) || (str_eq(flag, STR("y")) && server->binding_len == 0);
}

bool irc_scram_server_begin(struct irc_scram_server *server, struct str client_first)
{
    struct str rest = client_first;
    struct str flag, authzid, name, nonce;
    if (client_first.len > MESSAGE_MAX / 4 || !str_next(&rest, ',', &flag) ||
        !is_right_flag(server, flag) || rest.len == 0 || !str_next(&rest, ',', &authzid)) {
        return false;
    }
    struct str bare = rest;
    struct str gs2 = str_range(client_first, 0, client_first.len - bare.len);
    if (authzid.len > 0 && (!str_starts(authzid, STR("a=")) ||
                            !unescape_name(&server->authzid, str_range(authzid, 2, authzid.len)))) {
        return false;
    }
    // An extension that must be understood ("m=") stands first, so take() refuses it.
    return take(&rest, 'n', &name) && unescape_name(&server->name, name) &&
           take(&rest, 'r', &nonce) && is_nonce(nonce) && buf_append(&server->nonce, nonce) &&
           buf_append(&server->gs2, gs2) && buf_append(&server->auth, bare);
}

void irc_scram_server_challenge(struct irc_scram_server *server,
                                const struct irc_scram_verifier *verifier, struct str nonce,
                                struct buf *out)
{
    struct buf first;
    buf_init(&first, MESSAGE_MAX); // never full: begin() bounded the client's part
    server->verifier = *verifier;
    (void)buf_append(&server->nonce, nonce);
    (void)buf_printf(&first, "r=%.*s,s=", STR_ARG(buf_str(&server->nonce)));
    (void)b64_encode(&first, view(verifier->salt, sizeof(verifier->salt)));
    (void)buf_printf(&first, ",i=%u", verifier->iterations);
    (void)buf_printf(&server->auth, ",%.*s", STR_ARG(buf_str(&first)));
    (void)buf_append(out, buf_str(&first));
    buf_deinit(&first);
}

// Everything before ",p=", and the proof behind it.
static bool split_final(struct str message, struct str *without_proof,
                        uint8_t proof[IRC_SCRAM_HASH_BYTES])
{
    size_t at = message.len;
    while (at > 0 && message.data[at - 1] != ',') {
        at--;
    }
    struct str last = str_range(message, at, message.len);
    if (at == 0 || !str_starts(last, STR("p="))) {
        return false;
    }
    *without_proof = str_range(message, 0, at - 1);
    return b64_decode_exact(str_range(last, 2, last.len), proof, IRC_SCRAM_HASH_BYTES);
}

static bool is_bound(const struct irc_scram_server *server, struct str without_proof)
{
    struct buf expected;
    buf_init(&expected, (size_t)2 * MESSAGE_MAX);
    size_t len = server->is_plus ? server->binding_len : 0;
    bool is_good = put_binding(&expected, buf_str(&server->gs2), view(server->binding, len)) &&
                   buf_printf(&expected, ",r=%.*s", STR_ARG(buf_str(&server->nonce)));
    struct str wanted = buf_str(&expected);
    is_good = is_good && str_starts(without_proof, wanted) &&
              (without_proof.len == wanted.len || without_proof.data[wanted.len] == ',');
    buf_deinit(&expected);
    return is_good;
}

bool irc_scram_server_finish(struct irc_scram_server *server, struct str client_final,
                             struct buf *out)
{
    uint8_t key[IRC_SCRAM_HASH_BYTES], signature[IRC_SCRAM_HASH_BYTES];
    struct str without_proof;
    if (client_final.len > MESSAGE_MAX / 2 || !split_final(client_final, &without_proof, key) ||
        !is_bound(server, without_proof) ||
        !buf_printf(&server->auth, ",%.*s", STR_ARG(without_proof))) {
        return false;
    }
    sign(server->crypto, server->verifier.stored_key, &server->auth, signature);
    mix(key, signature); // the proof becomes the client's key
    server->crypto->sha256(view(key, sizeof(key)), key);
    if (!server->crypto->is_equal(key, server->verifier.stored_key, sizeof(key))) {
        return false;
    }
    sign(server->crypto, server->verifier.server_key, &server->auth, signature);
    return buf_append(out, STR("v=")) && b64_encode(out, view(signature, sizeof(signature)));
}

// --- the client's side ---

void irc_scram_client_init(struct irc_scram_client *client, const struct irc_crypto *crypto,
                           enum irc_scram_binding kind, struct str binding)
{
    *client = (struct irc_scram_client){.crypto = crypto, .kind = kind};
    client->binding_len = copy_binding(client->binding, binding);
    buf_init(&client->nonce, NONCE_MAX);
    buf_init(&client->auth, MESSAGE_MAX);
}

void irc_scram_client_deinit(struct irc_scram_client *client)
{
    buf_deinit(&client->nonce);
    buf_deinit(&client->auth);
    *client = (struct irc_scram_client){0};
}

static struct str gs2_of(const struct irc_scram_client *client)
{
    switch (client->kind) {
    case IRC_SCRAM_UNBOUND:
        return STR("n,,");
    case IRC_SCRAM_NOT_OFFERED:
        return STR("y,,");
    case IRC_SCRAM_BOUND:
        break;
    }
    return STR("p=" PLUS_TYPE ",,");
}

void irc_scram_client_begin(struct irc_scram_client *client, struct str name, struct str nonce,
                            struct buf *out)
{
    // Names and nonces are our own and short; a cut message would only fail at the server's.
    (void)buf_append(&client->nonce, nonce);
    (void)buf_append(&client->auth, STR("n="));
    escape_name(&client->auth, name);
    (void)buf_printf(&client->auth, ",r=%.*s", STR_ARG(nonce));
    (void)buf_append(out, gs2_of(client));
    (void)buf_append(out, buf_str(&client->auth));
}

struct challenge {
    struct str nonce;
    struct str salt; // base64
    int64_t iterations;
};

static bool read_challenge(const struct irc_scram_client *client, struct str message,
                           struct challenge *out, struct err *err)
{
    struct str iterations;
    if (message.len > MESSAGE_MAX / 4 || !take(&message, 'r', &out->nonce) ||
        !take(&message, 's', &out->salt) || !take(&message, 'i', &iterations) ||
        !str_to_int_in(iterations, 1, INT64_MAX, &out->iterations)) {
        return err_set(err, "the server's challenge cannot be read");
    }
    struct str ours = buf_str(&client->nonce);
    if (!str_starts(out->nonce, ours) || out->nonce.len == ours.len) {
        return err_set(err, "the server answers another login");
    }
    if (out->iterations < IRC_SCRAM_ITERATIONS_MIN || out->iterations > IRC_SCRAM_ITERATIONS_MAX) {
        return err_set(err, "the server asks for %lld rounds of hashing",
                       (long long)out->iterations);
    }
    return true;
}

// Salts of other servers have any length, so the verifier's own path does not serve here.
static void client_keys(const struct irc_scram_client *client, const struct challenge *challenge,
                        struct str salt, struct str password, uint8_t keys[3][IRC_SCRAM_HASH_BYTES])
{
    uint8_t salted[IRC_SCRAM_HASH_BYTES];
    client->crypto->pbkdf2(password, salt, (unsigned)challenge->iterations, salted);
    client->crypto->hmac(view(salted, sizeof(salted)), STR("Client Key"), keys[0]);
    client->crypto->hmac(view(salted, sizeof(salted)), STR("Server Key"), keys[1]);
    client->crypto->sha256(view(keys[0], IRC_SCRAM_HASH_BYTES), keys[2]); // StoredKey
}

bool irc_scram_client_answer(struct irc_scram_client *client, struct str server_first,
                             struct str password, struct buf *out, struct err *err)
{
    struct challenge challenge = {0};
    uint8_t keys[3][IRC_SCRAM_HASH_BYTES], signature[IRC_SCRAM_HASH_BYTES];
    struct buf salt, last;
    if (!read_challenge(client, server_first, &challenge, err)) {
        return false;
    }
    buf_init(&salt, MESSAGE_MAX);
    buf_init(&last, MESSAGE_MAX);
    size_t len = client->kind == IRC_SCRAM_BOUND ? client->binding_len : 0;
    bool is_good =
        b64_decode(&salt, challenge.salt) && salt.len > 0 &&
        put_binding(&last, gs2_of(client), view(client->binding, len)) &&
        buf_printf(&last, ",r=%.*s", STR_ARG(challenge.nonce)) &&
        buf_printf(&client->auth, ",%.*s,%.*s", STR_ARG(server_first), STR_ARG(buf_str(&last)));
    if (is_good) {
        client_keys(client, &challenge, buf_str(&salt), password, keys);
        sign(client->crypto, keys[2], &client->auth, signature);
        mix(signature, keys[0]); // the proof
        is_good = buf_append(out, buf_str(&last)) && buf_append(out, STR(",p=")) &&
                  b64_encode(out, view(signature, sizeof(signature)));
        sign(client->crypto, keys[1], &client->auth, client->server_signature);
    }
    buf_deinit(&salt);
    buf_deinit(&last);
    return is_good || err_set(err, "the server's challenge cannot be read");
}

bool irc_scram_client_check(const struct irc_scram_client *client, struct str server_final,
                            struct err *err)
{
    struct str text = {0};
    uint8_t signature[IRC_SCRAM_HASH_BYTES];
    struct str rest = server_final;
    if (take(&rest, 'e', &text)) {
        return err_set(err, "the server refuses: %.*s", STR_ARG(text));
    }
    if (!take(&server_final, 'v', &text) || !b64_decode_exact(text, signature, sizeof(signature)) ||
        !client->crypto->is_equal(signature, client->server_signature, sizeof(signature))) {
        return err_set(err, "the server does not know the password: it is not who it says");
    }
    return true;
}

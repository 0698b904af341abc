// SASL SCRAM-SHA-256 and -PLUS (RFC 5802, 7677, 9266) by AUTHENTICATE.
#include "accounts.h"

#include <stdlib.h>
#include <unistd.h>

#include "b64.h"
#include "irc_scram.h"
#include "net_crypto.h"
#include "net_tls.h"

static const struct irc_crypto crypto = {net_sha256, net_hmac_sha256, net_pbkdf2_sha256, net_equal};

struct dialogue {
    struct harness *h;
    int client;
    struct irc_scram_client scram;
    struct buf out;
};

static void begin(struct dialogue *d, struct harness *h, int client, enum irc_scram_binding kind)
{
    unsigned char binding[NET_TLS_BINDING];
    bool has_binding = net_stream_tls_exporter(h->client[client], binding);
    *d = (struct dialogue){.h = h, .client = client};
    irc_scram_client_init(&d->scram, &crypto, kind,
                          (struct str){(const char *)binding, has_binding ? sizeof(binding) : 0});
    buf_init(&d->out, BUF_NO_LIMIT);
}

static void end(struct dialogue *d)
{
    irc_scram_client_deinit(&d->scram);
    buf_deinit(&d->out);
}

// Sends what stands in d->out.
static void say(struct dialogue *d)
{
    struct buf text;
    buf_init(&text, BUF_NO_LIMIT);
    (void)b64_encode(&text, buf_str(&d->out));
    ask(d->h, d->client, "AUTHENTICATE %s", buf_cstr(&text));
    buf_deinit(&text);
    buf_clear(&d->out);
}

// The server's message, decoded into d->out; false when it sent something else.
static bool hear(struct dialogue *d, struct buf *message)
{
    struct str got = str_from(harness_got(d->h, d->client));
    struct str head = STR("AUTHENTICATE ");
    buf_clear(message);
    return str_starts(got, head) && str_ends(got, STR("\r\n")) &&
           b64_decode(message, str_range(got, head.len, got.len - 2));
}

// Up to the server's last message; false when it refused.
static bool prove(struct dialogue *d, const char *name, const char *password)
{
    struct buf message;
    struct err err;
    bool is_good = false;
    buf_init(&message, BUF_NO_LIMIT);
    irc_scram_client_begin(&d->scram, str_from(name), STR("abcdef"), &d->out);
    say(d);
    if (hear(d, &message)) {
        assert_true(irc_scram_client_answer(&d->scram, buf_str(&message), str_from(password),
                                            &d->out, &err));
        say(d);
        is_good = hear(d, &message) && irc_scram_client_check(&d->scram, buf_str(&message), &err);
    }
    buf_deinit(&message);
    return is_good;
}

static void the_servers_last_word_comes_before_the_clients_plus(void **state)
{
    struct harness *h = *state;
    struct dialogue d;
    accounts_make(h, "Ana");
    int x = harness_guest(h, "x", NULL);
    begin(&d, h, x, IRC_SCRAM_UNBOUND);
    ask(h, x, "AUTHENTICATE SCRAM-SHA-256");
    EXPECT(h, x, "AUTHENTICATE +");
    assert_true(prove(&d, "ana", PASSWORD));
    ask(h, x, "AUTHENTICATE +");
    EXPECT(h, x, S "900 x x!~x@pipe Ana :You are now logged in as Ana",
           S "903 x :SASL authentication successful");
    end(&d);
}

static void a_wrong_password_is_904_and_a_new_try_works(void **state)
{
    struct harness *h = *state;
    struct dialogue d;
    accounts_make(h, "ana");
    int x = harness_guest(h, "x", NULL);
    begin(&d, h, x, IRC_SCRAM_UNBOUND);
    did(h, x, "AUTHENTICATE SCRAM-SHA-256");
    assert_false(prove(&d, "ana", "wrong horse"));
    EXPECT(h, x, S "904 x :SASL authentication failed");
    end(&d);
    begin(&d, h, x, IRC_SCRAM_NOT_OFFERED);
    did(h, x, "AUTHENTICATE SCRAM-SHA-256");
    assert_true(prove(&d, "ana", PASSWORD));
    ask(h, x, "AUTHENTICATE +");
    HAS(h, x, " 903 ");
    end(&d);
}

// The salt of a name, as the server shows it; "" when it shows none.
static void salt_of(struct harness *h, const char *name, char out[64])
{
    struct dialogue d;
    struct buf message;
    size_t from = 0, to = 0;
    int x = harness_connect(h, 65536);
    buf_init(&message, BUF_NO_LIMIT);
    begin(&d, h, x, IRC_SCRAM_UNBOUND);
    did(h, x, "AUTHENTICATE SCRAM-SHA-256");
    irc_scram_client_begin(&d.scram, str_from(name), STR("abcdef"), &d.out);
    say(&d);
    assert_true(hear(&d, &message));
    struct str text = buf_str(&message);
    assert_true(str_find(text, STR(",s="), &from));
    assert_true(str_find(text, STR(",i=4096"), &to));
    (void)str_copy(out, 64, str_range(text, from, to));
    end(&d);
    buf_deinit(&message);
    did(h, x, "QUIT");
}

static void an_unknown_name_looks_like_a_known_one(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    char first[64], again[64], other[64], known[64], later[64];
    accounts_make(h, "ana");
    salt_of(h, "nobody", first);
    salt_of(h, "NOBODY", again);
    salt_of(h, "somebody", other);
    salt_of(h, "ana", known);
    assert_int_equal(strlen(first), strlen(known));
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    accounts_restart(a);
    salt_of(h, "nobody", later);
    assert_string_equal(first, later); // also after a restart
    int x = harness_guest(h, "x", NULL);
    struct dialogue d;
    begin(&d, h, x, IRC_SCRAM_UNBOUND);
    did(h, x, "AUTHENTICATE SCRAM-SHA-256");
    assert_false(prove(&d, "nobody", PASSWORD));
    EXPECT(h, x, S "904 x :SASL authentication failed");
    end(&d);
}

static void broken_messages_are_904(void **state)
{
    struct harness *h = *state;
    static const char *const bad[] = {"AUTHENTICATE +", "AUTHENTICATE AAAA",
                                      "AUTHENTICATE biwsbj11c2Vy"}; // n,,n=user
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int x = harness_connect(h, 65536);
        did(h, x, "AUTHENTICATE SCRAM-SHA-256");
        ask(h, x, "%s", bad[i]);
        EXPECT(h, x, S "904 * :SASL authentication failed");
    }
}

// --- over TLS ---

struct secure {
    struct accounts *a;
    struct net_tls *tls;
    int client;
};

static void open_secure(struct secure *s, struct accounts *a)
{
    char folder[] = "/tmp/ronron-scram-XXXXXX", path[64];
    struct net_tls_config config = {.now_utc_ms = HARNESS_UTC_MS};
    config.folder = mkdtemp(folder);
    s->a = a;
    s->tls = net_tls_create(&config, NULL);
    assert_non_null(s->tls);
    static const char *const files[] = {"tls-key.pem", "tls-cert.pem"};
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
    a->config.tls = s->tls;
    accounts_restart(a);
    struct net_tls_expect expect = {0};
    s->client = harness_connect(&a->h, 65536);
    a->h.client[s->client] = net_tls_connect(a->h.client[s->client], &expect, NULL);
    harness_turn(&a->h, 0);
}

static void close_secure(struct secure *s)
{
    s->a->config.tls = NULL;
    accounts_restart(s->a);
    net_tls_destroy(s->tls);
}

static void tls_offers_a_binding_and_checks_it(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    struct secure s;
    struct dialogue d;
    accounts_make(h, "ana");
    open_secure(&s, a);
    ask(h, s.client, "CAP LS 302");
    HAS(h, s.client, " sasl=PLAIN,SCRAM-SHA-256,SCRAM-SHA-256-PLUS ");
    begin(&d, h, s.client, IRC_SCRAM_BOUND);
    did(h, s.client, "AUTHENTICATE SCRAM-SHA-256-PLUS");
    assert_true(prove(&d, "ana", PASSWORD));
    ask(h, s.client, "AUTHENTICATE +");
    HAS(h, s.client, " 903 ");
    end(&d);
    close_secure(&s);
}

static void another_binding_is_refused(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    struct secure s;
    struct dialogue d;
    accounts_make(h, "ana");
    open_secure(&s, a);
    begin(&d, h, s.client, IRC_SCRAM_BOUND);
    d.scram.binding[0] ^= 1; // as if another TLS session stood between
    did(h, s.client, "AUTHENTICATE SCRAM-SHA-256-PLUS");
    assert_false(prove(&d, "ana", PASSWORD));
    HAS(h, s.client, " 904 ");
    end(&d);
    close_secure(&s);
}

static void who_could_bind_but_was_offered_nothing_is_warned(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    struct secure s;
    struct dialogue d;
    accounts_make(h, "ana");
    open_secure(&s, a);
    begin(&d, h, s.client, IRC_SCRAM_NOT_OFFERED); // somebody took -PLUS out of the list
    did(h, s.client, "AUTHENTICATE SCRAM-SHA-256");
    assert_false(prove(&d, "ana", PASSWORD));
    HAS(h, s.client, " 904 ");
    end(&d);
    close_secure(&s);
}

RELAY_TESTS(ACCOUNTS_ROW(the_servers_last_word_comes_before_the_clients_plus),
            ACCOUNTS_ROW(a_wrong_password_is_904_and_a_new_try_works),
            ACCOUNTS_ROW(an_unknown_name_looks_like_a_known_one),
            ACCOUNTS_ROW(broken_messages_are_904), ACCOUNTS_ROW(tls_offers_a_binding_and_checks_it),
            ACCOUNTS_ROW(another_binding_is_refused),
            ACCOUNTS_ROW(who_could_bind_but_was_offered_nothing_is_warned))

// SCRAM-SHA-256: the example of RFC 7677, both sides against each other, and what is refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "b64.h"
#include "irc_scram.h"
#include "net_crypto.h"

#define CLIENT_NONCE "rOprNGfwEbeRWgbNEkqO"
#define SERVER_NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define SERVER_FIRST "r=" CLIENT_NONCE SERVER_NONCE ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
#define CLIENT_LAST                                                                                \
    "c=biws,r=" CLIENT_NONCE SERVER_NONCE ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
#define SERVER_LAST "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

static const struct irc_crypto crypto = {net_sha256, net_hmac_sha256, net_pbkdf2_sha256, net_equal};

static void make_verifier(struct irc_scram_verifier *out)
{
    *out = (struct irc_scram_verifier){.iterations = 4096};
    assert_true(b64_decode_exact(STR("W22ZaJ0SNY7soEsUEjb6gQ=="), out->salt, sizeof(out->salt)));
    irc_scram_verifier_make(out, &crypto, STR("pencil"));
}

static void the_server_speaks_as_in_the_example(void **state)
{
    (void)state;
    struct irc_scram_verifier verifier;
    struct irc_scram_server server;
    struct buf out;
    buf_init(&out, 1024);
    make_verifier(&verifier);
    irc_scram_server_init(&server, &crypto, false, (struct str){0});
    assert_true(irc_scram_server_begin(&server, STR("n,,n=user,r=" CLIENT_NONCE)));
    assert_string_equal(buf_cstr(&server.name), "user");
    irc_scram_server_challenge(&server, &verifier, STR(SERVER_NONCE), &out);
    assert_string_equal(buf_cstr(&out), SERVER_FIRST);
    buf_clear(&out);
    assert_true(irc_scram_server_finish(&server, STR(CLIENT_LAST), &out));
    assert_string_equal(buf_cstr(&out), SERVER_LAST);
    irc_scram_server_deinit(&server);
    buf_deinit(&out);
}

static void the_client_speaks_as_in_the_example(void **state)
{
    (void)state;
    struct irc_scram_client client;
    struct buf out;
    buf_init(&out, 1024);
    irc_scram_client_init(&client, &crypto, IRC_SCRAM_UNBOUND, (struct str){0});
    irc_scram_client_begin(&client, STR("user"), STR(CLIENT_NONCE), &out);
    assert_string_equal(buf_cstr(&out), "n,,n=user,r=" CLIENT_NONCE);
    buf_clear(&out);
    assert_true(irc_scram_client_answer(&client, STR(SERVER_FIRST), STR("pencil"), &out, NULL));
    assert_string_equal(buf_cstr(&out), CLIENT_LAST);
    assert_true(irc_scram_client_check(&client, STR(SERVER_LAST), NULL));
    assert_false(irc_scram_client_check(
        &client, STR("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="), NULL));
    assert_false(irc_scram_client_check(&client, STR("e=invalid-proof"), NULL));
    irc_scram_client_deinit(&client);
    buf_deinit(&out);
}

struct login {
    enum irc_scram_binding kind;
    bool is_plus;
    const char *client_binding;
    const char *server_binding;
    const char *name;
    const char *password;
    bool is_good;
};

// The whole exchange; true when both sides are content.
static bool exchange(const struct login *login)
{
    struct irc_scram_verifier verifier;
    struct irc_scram_server server;
    struct irc_scram_client client;
    struct buf a, b;
    buf_init(&a, 2048);
    buf_init(&b, 2048);
    make_verifier(&verifier);
    irc_scram_server_init(&server, &crypto, login->is_plus, str_from(login->server_binding));
    irc_scram_client_init(&client, &crypto, login->kind, str_from(login->client_binding));
    irc_scram_client_begin(&client, str_from(login->name), STR("abc"), &a);
    bool is_good = irc_scram_server_begin(&server, buf_str(&a));
    if (is_good) {
        assert_string_equal(buf_cstr(&server.name), login->name);
        irc_scram_server_challenge(&server, &verifier, STR("def"), &b);
        buf_clear(&a);
        assert_true(
            irc_scram_client_answer(&client, buf_str(&b), str_from(login->password), &a, NULL));
        buf_clear(&b);
        is_good = irc_scram_server_finish(&server, buf_str(&a), &b) &&
                  irc_scram_client_check(&client, buf_str(&b), NULL);
    }
    irc_scram_server_deinit(&server);
    irc_scram_client_deinit(&client);
    buf_deinit(&a);
    buf_deinit(&b);
    return is_good;
}

static void bindings_and_passwords_must_agree(void **state)
{
    (void)state;
    static const struct login rows[] = {
        {IRC_SCRAM_UNBOUND, false, "", "", "user", "pencil", true},
        {IRC_SCRAM_UNBOUND, false, "", "", "a,b=c,=2C", "pencil", true},
        {IRC_SCRAM_UNBOUND, false, "", "", "\u00C9lodie", "pencil", true},
        {IRC_SCRAM_UNBOUND, false, "", "", "user", "Pencil", false},
        {IRC_SCRAM_UNBOUND, false, "", "exported", "user", "pencil", true},
        {IRC_SCRAM_NOT_OFFERED, false, "", "", "user", "pencil", true},
        // The client saw no -PLUS, but it was offered: somebody stands between.
        {IRC_SCRAM_NOT_OFFERED, false, "", "exported", "user", "pencil", false},
        {IRC_SCRAM_BOUND, true, "exported", "exported", "user", "pencil", true},
        {IRC_SCRAM_BOUND, true, "exported", "another's", "user", "pencil", false},
        {IRC_SCRAM_BOUND, true, "exported", "", "user", "pencil", false},
        {IRC_SCRAM_BOUND, false, "exported", "exported", "user", "pencil", false},
        {IRC_SCRAM_UNBOUND, true, "", "exported", "user", "pencil", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(exchange(&rows[i]), rows[i].is_good);
    }
}

static void a_broken_first_message_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "n",
        "n,",
        "n,,",
        "n,,n=user",
        "n,,n=,r=abc",
        "n,,r=abc,n=user",
        "n,,m=x,n=user,r=abc",
        "n,,n=us=er,r=abc",
        "n,,n=us=2cer,r=abc",
        "n,,n=user,r=",
        "n,,n=user,r=a b",
        "n,,n=user\xff,r=abc",
        "n,b=x,n=user,r=abc",
        "n,a=,n=user,r=abc",
        "p=tls-unique,,n=user,r=abc",
        "x,,n=user,r=abc",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct irc_scram_server server;
        irc_scram_server_init(&server, &crypto, false, (struct str){0});
        assert_false(irc_scram_server_begin(&server, str_from(bad[i])));
        irc_scram_server_deinit(&server);
    }
}

static void a_broken_last_message_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "c=biws",
        "c=biws,r=" CLIENT_NONCE SERVER_NONCE,
        "c=biws,r=" CLIENT_NONCE SERVER_NONCE ",p=",
        "c=biws,r=" CLIENT_NONCE SERVER_NONCE ",p=AAAA",
        "c=eSws,r=" CLIENT_NONCE SERVER_NONCE ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=biws,r=" CLIENT_NONCE ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=biws,r=" CLIENT_NONCE SERVER_NONCE "x,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "r=" CLIENT_NONCE SERVER_NONCE ",c=biws,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        CLIENT_LAST "=",
    };
    struct irc_scram_verifier verifier;
    make_verifier(&verifier);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct irc_scram_server server;
        struct buf out;
        buf_init(&out, 1024);
        irc_scram_server_init(&server, &crypto, false, (struct str){0});
        assert_true(irc_scram_server_begin(&server, STR("n,,n=user,r=" CLIENT_NONCE)));
        irc_scram_server_challenge(&server, &verifier, STR(SERVER_NONCE), &out);
        buf_clear(&out);
        assert_false(irc_scram_server_finish(&server, str_from(bad[i]), &out));
        assert_int_equal(out.len, 0);
        irc_scram_server_deinit(&server);
        buf_deinit(&out);
    }
}

static void a_client_does_not_trust_any_challenge(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "r=abc",
        "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1",
        "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000",
        "r=abcdef,s=,i=4096",
        "r=abcdef,s=***,i=4096",
        "r=abc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "r=xyzdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "m=ext,r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct irc_scram_client client;
        struct buf out;
        struct err err = {""};
        buf_init(&out, 1024);
        irc_scram_client_init(&client, &crypto, IRC_SCRAM_UNBOUND, (struct str){0});
        irc_scram_client_begin(&client, STR("user"), STR("abc"), &out);
        buf_clear(&out);
        assert_false(irc_scram_client_answer(&client, str_from(bad[i]), STR("pencil"), &out, &err));
        assert_int_equal(out.len, 0);
        assert_string_not_equal(err.text, "");
        irc_scram_client_deinit(&client);
        buf_deinit(&out);
    }
}

static void a_verifier_is_text_and_back(void **state)
{
    (void)state;
    struct irc_scram_verifier verifier, other;
    char text[IRC_SCRAM_TEXT_MAX];
    make_verifier(&verifier);
    irc_scram_verifier_text(&verifier, text);
    assert_string_equal(text, "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
                              "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
                              "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
    assert_true(irc_scram_verifier_parse(str_from(text), &other));
    assert_memory_equal(&verifier, &other, sizeof(verifier));
    assert_true(irc_scram_verifier_check(&other, &crypto, STR("pencil")));
    assert_false(irc_scram_verifier_check(&other, &crypto, STR("pencils")));
    assert_false(irc_scram_verifier_parse(STR("SCRAM-SHA-256$4096:"), &other));
    assert_false(irc_scram_verifier_parse(STR("plain"), &other));
    text[15] = '\0'; // "SCRAM-SHA-256$4"
    assert_false(irc_scram_verifier_parse(str_from(text), &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_server_speaks_as_in_the_example),
        cmocka_unit_test(the_client_speaks_as_in_the_example),
        cmocka_unit_test(bindings_and_passwords_must_agree),
        cmocka_unit_test(a_broken_first_message_is_refused),
        cmocka_unit_test(a_broken_last_message_is_refused),
        cmocka_unit_test(a_client_does_not_trust_any_challenge),
        cmocka_unit_test(a_verifier_is_text_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

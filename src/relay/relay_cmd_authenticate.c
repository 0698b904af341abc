// AUTHENTICATE (IRCv3 sasl 3.2): PLAIN, SCRAM-SHA-256, SCRAM-SHA-256-PLUS.
#include "b64.h"
#include "irc_sasl.h"
#include "mem.h"
#include "net_crypto.h"
#include "net_tls.h"
#include "relay_account.h"
#include "relay_parts.h"

#define LOG_MODULE "account"
#include "log.h"

#define TEXT_MAX    3200 // bytes of base64 in one message
#define NONCE_BYTES 18

enum step { STEP_FIRST, STEP_PROOF, STEP_END };

struct relay_sasl { // a login under way
    bool is_plain;
    enum step step;
    struct buf text; // base64, as far as it has come
    struct irc_scram_server scram;
    char name[IRC_NICK_MAX + 1]; // SCRAM: of the account, as spelled
};

// What -PLUS binds a login to; empty where there is nothing.
static struct str binding_of(const struct relay_client *client, unsigned char out[NET_TLS_BINDING])
{
    bool is_bound = net_stream_tls_exporter(client->stream, out);
    return (struct str){(const char *)out, is_bound ? NET_TLS_BINDING : 0};
}

const char *relay_sasl_mechanisms(const struct relay_client *client)
{
    unsigned char binding[NET_TLS_BINDING];
    return binding_of(client, binding).len ? "PLAIN,SCRAM-SHA-256,SCRAM-SHA-256-PLUS"
                                           : "PLAIN,SCRAM-SHA-256";
}

void relay_sasl_destroy(struct relay_client *client)
{
    if (client->sasl) {
        irc_scram_server_deinit(&client->sasl->scram);
        if (client->sasl->text.data) {
            net_wipe(client->sasl->text.data, client->sasl->text.size);
        }
        buf_deinit(&client->sasl->text);
        mem_free(client->sasl);
        client->sasl = NULL;
    }
}

static void end(struct relay *relay, struct relay_client *client, enum irc_numeric numeric,
                const char *text)
{
    relay_sasl_destroy(client);
    relay_reply(relay, client, numeric, ":%s", text);
}

void relay_sasl_abort(struct relay *relay, struct relay_client *client)
{
    if (client->sasl) {
        end(relay, client, ERR_SASLABORTED, "SASL authentication aborted");
    }
}

// A wrong password or a broken message; one of few tries is used up.
static void fail(struct relay *relay, struct relay_client *client)
{
    client->tries++;
    relay_slow_pay(relay, client, RELAY_SLOW_ACCOUNTS, RELAY_SLOW_FAILURE);
    log_info("nick=%s host=%s login failed", client->nick, client->host);
    end(relay, client, ERR_SASLFAIL, "SASL authentication failed");
}

static void succeed(struct relay *relay, struct relay_client *client, struct str account)
{
    relay_sasl_destroy(client);
    relay_login(relay, client, account);
    relay_reply(relay, client, RPL_SASLSUCCESS, ":SASL authentication successful");
}

void relay_job_done_login(struct relay *relay, struct relay_client *client,
                          const struct relay_job *job)
{
    if (job->is_good) {
        succeed(relay, client, str_from(job->name));
    } else {
        fail(relay, client);
    }
}

static void send_message(struct relay *relay, struct relay_client *client, struct str message)
{
    struct buf text;
    struct str chunk;
    buf_init(&text, BUF_NO_LIMIT);
    (void)b64_encode(&text, message); // no ceiling
    struct irc_sasl_chunks chunks = {.rest = buf_str(&text)};
    while (irc_sasl_chunks_next(&chunks, &chunk)) {
        relay_line(relay, client, "AUTHENTICATE %.*s", STR_ARG(chunk));
    }
    buf_deinit(&text);
}

// Nobody acts as somebody else: the identity asked for is empty or the same.
static bool is_same(struct str authzid, struct str authcid)
{
    return authzid.len == 0 || irc_names_equal(IRC_CASEMAP_ASCII, authzid, authcid);
}

static void plain(struct relay *relay, struct relay_client *client, struct str message)
{
    struct irc_sasl_plain parts;
    struct relay_account account;
    const char *why = NULL;
    if (!irc_sasl_plain_parse(message, &parts) || !is_same(parts.authzid, parts.authcid)) {
        fail(relay, client);
        return;
    }
    (void)relay_account_find(relay, parts.authcid, &account); // an unknown one costs the same
    struct relay_ask ask = {.kind = RELAY_JOB_LOGIN,
                            .name = str_from(account.name),
                            .password = parts.password,
                            .verifier = &account.verifier};
    if (!relay_job_submit(relay, client, &ask, &why)) {
        end(relay, client, ERR_SASLFAIL, why);
    }
}

static void scram_first(struct relay *relay, struct relay_client *client, struct str message)
{
    struct relay_sasl *sasl = client->sasl;
    struct relay_account account;
    uint8_t bytes[NONCE_BYTES];
    struct buf nonce, out;
    if (!irc_scram_server_begin(&sasl->scram, message) ||
        !is_same(buf_str(&sasl->scram.authzid), buf_str(&sasl->scram.name))) {
        fail(relay, client);
        return;
    }
    (void)relay_account_find(relay, buf_str(&sasl->scram.name), &account);  // as for PLAIN
    (void)str_copy(sasl->name, sizeof(sasl->name), str_from(account.name)); // same size
    buf_init(&nonce, BUF_NO_LIMIT);
    buf_init(&out, BUF_NO_LIMIT);
    net_random(bytes, sizeof(bytes));
    (void)b64_encode(&nonce, (struct str){(const char *)bytes, sizeof(bytes)}); // no ceiling
    irc_scram_server_challenge(&sasl->scram, &account.verifier, buf_str(&nonce), &out);
    send_message(relay, client, buf_str(&out));
    sasl->step = STEP_PROOF;
    buf_deinit(&nonce);
    buf_deinit(&out);
}

static void scram_proof(struct relay *relay, struct relay_client *client, struct str message)
{
    struct buf out;
    buf_init(&out, BUF_NO_LIMIT);
    if (irc_scram_server_finish(&client->sasl->scram, message, &out)) {
        send_message(relay, client, buf_str(&out));
        client->sasl->step = STEP_END;
    } else {
        fail(relay, client);
    }
    buf_deinit(&out);
}

static void handle(struct relay *relay, struct relay_client *client, struct str message)
{
    struct relay_sasl *sasl = client->sasl;
    if (sasl->is_plain) {
        plain(relay, client, message);
    } else if (sasl->step == STEP_FIRST) {
        scram_first(relay, client, message);
    } else if (sasl->step == STEP_PROOF) {
        scram_proof(relay, client, message);
    } else if (message.len == 0) {
        char name[sizeof(sasl->name)];
        (void)str_copy(name, sizeof(name), str_from(sasl->name)); // same size
        succeed(relay, client, str_from(name));
    } else {
        fail(relay, client);
    }
}

static void take_chunk(struct relay *relay, struct relay_client *client, struct str chunk)
{
    struct buf message;
    switch (irc_sasl_feed(&client->sasl->text, chunk)) {
    case IRC_SASL_MORE:
        return;
    case IRC_SASL_TOO_LONG:
        end(relay, client, ERR_SASLTOOLONG, "SASL message too long");
        return;
    case IRC_SASL_WHOLE:
        break;
    }
    buf_init(&message, TEXT_MAX);
    if (b64_decode(&message, buf_str(&client->sasl->text))) {
        buf_clear(&client->sasl->text);
        handle(relay, client, buf_str(&message));
    } else {
        fail(relay, client);
    }
    if (message.data) {
        net_wipe(message.data, message.size);
    }
    buf_deinit(&message);
}

static void begin(struct relay *relay, struct relay_client *client, struct str mechanism)
{
    unsigned char bytes[NET_TLS_BINDING];
    struct str binding = binding_of(client, bytes);
    bool is_plain = str_eq_nocase(mechanism, STR("PLAIN"));
    bool is_scram = str_eq_nocase(mechanism, STR("SCRAM-SHA-256"));
    bool is_plus = binding.len > 0 && str_eq_nocase(mechanism, STR("SCRAM-SHA-256-PLUS"));
    if (!is_plain && !is_scram && !is_plus) {
        relay_reply(relay, client, RPL_SASLMECHS, "%s :are available SASL mechanisms",
                    relay_sasl_mechanisms(client));
        end(relay, client, ERR_SASLFAIL, "SASL authentication failed: unknown mechanism");
    } else if (client->tries >= RELAY_TRIES_MAX) {
        end(relay, client, ERR_SASLFAIL, "Too many failed logins, connect again");
    } else if (!relay_slow_may(relay, client, RELAY_SLOW_ACCOUNTS)) {
        end(relay, client, ERR_SASLFAIL, "Too many tries from your address, wait a minute");
    } else {
        client->sasl = MEM_NEW(struct relay_sasl);
        client->sasl->is_plain = is_plain;
        buf_init(&client->sasl->text, TEXT_MAX);
        irc_scram_server_init(&client->sasl->scram, &relay_crypto, is_plus, binding);
        relay_line(relay, client, "AUTHENTICATE +");
    }
}

void relay_cmd_authenticate(struct relay *relay, struct relay_client *client,
                            const struct irc_message *message)
{
    struct str param = message->params[0];
    if (!relay_has_accounts(relay)) {
        end(relay, client, ERR_SASLFAIL, "There are no accounts here");
    } else if (str_eq(param, STR("*"))) {
        end(relay, client, ERR_SASLABORTED, "SASL authentication aborted");
    } else if (client->sasl) {
        take_chunk(relay, client, param);
    } else {
        begin(relay, client, param);
    }
}

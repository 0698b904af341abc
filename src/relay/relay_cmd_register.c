// REGISTER and VERIFY (IRCv3 draft account-registration). No mail is sent, so nothing is verified.
#include "net_crypto.h"
#include "relay_account.h"
#include "relay_parts.h"
#include "utf8.h"

#define PASSWORD_MIN 8 // code points

static void fail(struct relay *relay, struct relay_client *client, const char *code,
                 struct str account, const char *text)
{
    relay_line(relay, client, ":%s FAIL REGISTER %s %.*s :%s", relay->server, code,
               STR_ARG(account.len ? account : STR("*")), text);
}

// A word that can stand as a parameter of an answer.
static struct str as_word(struct str text)
{
    size_t at = 0;
    bool is_word = text.len > 0 && text.data[0] != ':' && !str_find_char(text, ' ', &at);
    return is_word ? text : STR("*");
}

// Why the account cannot be made, with the error sent.
static bool is_refused(struct relay *relay, struct relay_client *client, struct str account,
                       struct str password)
{
    struct str nick = str_from(client->nick);
    struct str wanted = str_from(client->wanted);
    struct relay_account other;
    if (!relay_has_accounts(relay) || !relay->has_registration) {
        fail(relay, client, "TEMPORARILY_UNAVAILABLE", account, "No accounts are made here");
    } else if (client->account[0]) {
        fail(relay, client, "ALREADY_AUTHENTICATED", str_from(client->account),
             "You are already logged in");
    } else if (!client->is_registered && !relay_registers_early(relay)) {
        fail(relay, client, "COMPLETE_CONNECTION_REQUIRED", account,
             "Finish connecting before you make an account");
    } else if (nick.len == 0 && wanted.len == 0) {
        fail(relay, client, "NEED_NICK", account, "Choose a nickname first: it names the account");
    } else if (!irc_names_equal(IRC_CASEMAP_ASCII, account, nick.len ? nick : wanted)) {
        fail(relay, client, "ACCOUNT_NAME_MUST_BE_NICK", account,
             "An account has the name of its owner's nickname");
    } else if (!irc_nick_is_valid(account)) { // casemapping and masks are ASCII's
        fail(relay, client, "BAD_ACCOUNT_NAME", account,
             "An account has a name of ASCII letters and digits; choose such a nickname for it");
    } else if (nick.len == 0 || relay_account_find(relay, account, &other)) {
        fail(relay, client, "ACCOUNT_EXISTS", account, "This name belongs to somebody else");
    } else if (password.len > RELAY_PASSWORD_MAX || !utf8_is_valid(password)) {
        fail(relay, client, "UNACCEPTABLE_PASSWORD", account,
             "A password has at most 300 bytes of UTF-8");
    } else if (utf8_count(password) < PASSWORD_MIN) {
        fail(relay, client, "WEAK_PASSWORD", account, "A password has at least 8 characters");
    } else if (!relay_slow_may(relay, client, RELAY_SLOW_ACCOUNTS)) {
        fail(relay, client, "TEMPORARILY_UNAVAILABLE", account,
             "Too many new accounts from your address, wait a minute");
    } else {
        return false;
    }
    return true;
}

void relay_cmd_register(struct relay *relay, struct relay_client *client,
                        const struct irc_message *message)
{
    struct str account = as_word(message->params[0]);
    struct irc_scram_verifier verifier = {.iterations = relay->iterations};
    const char *why = NULL;
    if (str_eq(account, STR("*"))) {
        account = str_from(client->nick[0] ? client->nick : client->wanted);
    }
    if (is_refused(relay, client, account, message->params[2])) {
        return;
    }
    net_random(verifier.salt, sizeof(verifier.salt));
    struct relay_ask ask = {.kind = RELAY_JOB_REGISTER,
                            .name = str_from(client->nick),
                            .password = message->params[2],
                            .verifier = &verifier};
    if (relay_job_submit(relay, client, &ask, &why)) {
        relay_slow_pay(relay, client, RELAY_SLOW_ACCOUNTS, RELAY_SLOW_ACCOUNT);
    } else {
        fail(relay, client, "TEMPORARILY_UNAVAILABLE", account, why);
    }
}

void relay_job_done_register(struct relay *relay, struct relay_client *client,
                             const struct relay_job *job)
{
    struct relay_account account;
    struct str name = str_from(job->name);
    // Somebody may have been quicker, and a nick may have been taken away meanwhile.
    if (relay_account_find(relay, name, &account) || !str_eq(name, str_from(client->nick))) {
        fail(relay, client, "ACCOUNT_EXISTS", name, "This name belongs to somebody else");
        return;
    }
    account = (struct relay_account){.verifier = job->verifier};
    (void)str_copy(account.name, sizeof(account.name), name); // same size
    (void)irc_names_fold(IRC_CASEMAP_ASCII, name, account.folded, sizeof(account.folded));
    relay_account_add(relay, &account);
    relay_record_row(relay, client, "REGISTER", account.name); // told once it is kept
    relay_line(relay, client,
               ":%s REGISTER SUCCESS %s :The account is yours, and so is the nickname",
               relay->server, account.name);
    relay_login(relay, client, name);
    relay_record_end(relay);
}

void relay_cmd_verify(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    struct str account = as_word(message->params[0]);
    if (client->account[0]) {
        relay_line(relay, client,
                   ":%s FAIL VERIFY ALREADY_AUTHENTICATED %s :You are already logged in",
                   relay->server, client->account);
    } else {
        relay_line(relay, client, ":%s FAIL VERIFY INVALID_CODE %.*s :Accounts need no code here",
                   relay->server, STR_ARG(account));
    }
}

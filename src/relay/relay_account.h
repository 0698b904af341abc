// Who somebody is, beyond the connection: accounts, logins, tokens of guests. Private to relay.
//
// An account is named like a nick and owns that nick. Its password is kept as one SCRAM verifier,
// which serves SCRAM as it is and PLAIN by one PBKDF2. That takes 22 ms, so the worker does it; the
// client is not read from meanwhile, so that its answers keep their order.
#ifndef RELAY_ACCOUNT_H
#define RELAY_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "irc_names.h"
#include "irc_scram.h"
#include "str.h"

#define RELAY_TRIES_MAX    3 // failed logins of one connection
#define RELAY_PASSWORD_MAX 300
#define RELAY_TOKEN_BYTES  16 // of a guest's secret
#define RELAY_TOKEN_TEXT   65 // its hash in hex, and a NUL
#define RELAY_SLOW_PLACES  256

struct relay;
struct relay_client;

extern const struct irc_crypto relay_crypto;

struct relay_account {
    char name[IRC_NICK_MAX + 1]; // as spelled
    char folded[IRC_NICK_MAX + 1];
    struct irc_scram_verifier verifier;
};

// --- relay_account.c ---
void relay_accounts_init(struct relay *relay); // once the store is there
void relay_accounts_deinit(struct relay *relay);
bool relay_has_accounts(const struct relay *relay);
// Accounts may be made before the welcome; in a locked party the PIN comes first.
bool relay_registers_early(const struct relay *relay);
// Of an unknown name a verifier that no password fits, the same each time; then false.
bool relay_account_find(struct relay *relay, struct str name, struct relay_account *out);
void relay_account_add(struct relay *relay, const struct relay_account *account);
void relay_accounts_kept(struct relay *relay, uint64_t batch); // of the store, committed
// A batch was not committed: accounts that it held are not there.
void relay_accounts_lost(struct relay *relay);
// The nick is the name of an account that client is not logged in to.
bool relay_nick_is_reserved(struct relay *relay, const struct relay_client *client,
                            struct str nick);
// Logs in: 900, ACCOUNT to those who want to know, its nick, its ranks.
void relay_login(struct relay *relay, struct relay_client *client, struct str account);
// A nick nobody has, "Guest12".
void relay_guest_nick(struct relay *relay, char out[IRC_NICK_MAX + 1]);

// --- relay_job.c: hashing off the loop ---
enum relay_job_kind { RELAY_JOB_LOGIN, RELAY_JOB_REGISTER, RELAY_JOB_OPER };

struct relay_job {
    enum relay_job_kind kind;
    uint64_t client; // its id; it may leave meanwhile
    char name[IRC_NICK_MAX + 1];
    char label[65];
    struct irc_scram_verifier verifier; // to check against; REGISTER: the worker fills in the keys
    bool is_good;                       // the worker's answer
    char *password;                     // owned, prepared; wiped by the worker
    size_t password_len;
    struct relay_job *next; // all that are under way
    struct relay_job **link;
};

struct relay_ask { // what a job is made of
    enum relay_job_kind kind;
    struct str name;
    struct str password; // as typed
    const struct irc_scram_verifier *verifier;
};
// Hands the password to the worker (or does it at once when there is none); the answer comes to
// relay_job_done_*(). false: the worker has too much to do, or client's address failed too often;
// *why says so.
bool relay_job_submit(struct relay *relay, struct relay_client *client, const struct relay_ask *ask,
                      const char **why);
void relay_jobs_turn(struct relay *relay); // takes what the worker finished
// The worker has ended.
void relay_jobs_deinit(struct relay *relay);
void relay_job_done_login(struct relay *relay, struct relay_client *client,
                          const struct relay_job *job);
void relay_job_done_register(struct relay *relay, struct relay_client *client,
                             const struct relay_job *job);
void relay_job_done_oper(struct relay *relay, struct relay_client *client,
                         const struct relay_job *job);

// --- relay_slow.c: what an address may try ---
struct relay_slow { // of the networks that share a place
    bool is_used;
    int64_t milli; // tries left, thousandths
    int64_t at_ms; // when that was true
};
enum relay_slow_cost {      // thousandths of a try
    RELAY_SLOW_LOGIN = 100, // a right password is hashed too; of programs on this machine free
    RELAY_SLOW_FAILURE = 1000,
    RELAY_SLOW_ACCOUNT = 3000, // a new one
};
enum relay_slow_what { // friends who make accounts do not use up each other's tries for the PIN
    RELAY_SLOW_ACCOUNTS,
    RELAY_SLOW_PIN,
};
bool relay_slow_may(const struct relay *relay, const struct relay_client *client,
                    enum relay_slow_what what);
void relay_slow_pay(struct relay *relay, const struct relay_client *client,
                    enum relay_slow_what what, enum relay_slow_cost cost);

// --- relay_cmd_authenticate.c ---
void relay_sasl_abort(struct relay *relay, struct relay_client *client); // 906 if one was under way
void relay_sasl_destroy(struct relay_client *client);
// "PLAIN,SCRAM-SHA-256": what this client may use.
const char *relay_sasl_mechanisms(const struct relay_client *client);

// --- relay_cmd_resume.c ---
// At registration: gives back the nick, if it is free. true: client took the place of its old
// connection, whose channels it is in; nobody needs to be told.
bool relay_resume_take(struct relay *relay, struct relay_client *client);
// Before the welcome: a token for who asked and has none.
void relay_resume_issue(struct relay *relay, struct relay_client *client);
// Behind it: the channels it is in.
void relay_resume_tell(struct relay *relay, struct relay_client *client);
void relay_resume_renamed(struct relay *relay, const struct relay_client *client);
void relay_resume_again(struct relay *relay); // puts the secrets of all who are here

// --- relay_cmd_oper.c ---
bool relay_may_oper(struct relay *relay, struct relay_client *client); // else 481 was sent

#endif

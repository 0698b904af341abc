// A relay with one operator, "admin", whose password is OPER_PASSWORD.
#ifndef OPERS_H
#define OPERS_H

#include "accounts.h"
#include "irc_scram.h"
#include "net_crypto.h"

#define OPER_PASSWORD   "open sesame"
#define OPERS_ROW(test) cmocka_unit_test_setup_teardown(test, opers_setup, accounts_teardown)

static inline int opers_setup(void **state)
{
    static char text[IRC_SCRAM_TEXT_MAX];
    static const struct irc_crypto crypto = {net_sha256, net_hmac_sha256, net_pbkdf2_sha256,
                                             net_equal};
    struct irc_scram_verifier verifier = {.iterations = IRC_SCRAM_ITERATIONS_MIN, .salt = "salt"};
    int result = accounts_setup(state);
    struct accounts *a = *state;
    irc_scram_verifier_make(&verifier, &crypto, STR(OPER_PASSWORD));
    irc_scram_verifier_text(&verifier, text);
    a->config.oper_name = STR("admin");
    a->config.oper_verifier = str_from(text);
    accounts_restart(a);
    return result;
}

#endif

// A relay with a store in a temporary folder, so that there are accounts.
#ifndef ACCOUNTS_H
#define ACCOUNTS_H

#include "expect.h"
#include "store.h"
#include "work.h"

#define PASSWORD "correct horse" // of every account that a test makes

struct accounts {
    struct harness h; // first: tests take it for the state
    char folder[64];
    char path[96];
    struct relay_config config; // to be changed before accounts_restart()
    struct store *store;
};

int accounts_setup(void **state);
int accounts_teardown(void **state);
// Ends the relay and begins it again on the same file, without its clients.
void accounts_restart(struct accounts *a);
void accounts_make(struct harness *h, const char *name); // REGISTERs, then leaves
// A guest in #party who is logged in to the account of that name.
int accounts_guest(struct harness *h, const char *name, const char *caps);
// One message of PLAIN in base64.
const char *accounts_plain(const char *authzid, const char *name, const char *password);

#define ACCOUNTS_ROW(test) cmocka_unit_test_setup_teardown(test, accounts_setup, accounts_teardown)

#endif

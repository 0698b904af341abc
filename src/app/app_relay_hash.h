// ronrond --hash-password: a password from stdin becomes what the settings of the operator want.
#ifndef APP_RELAY_HASH_H
#define APP_RELAY_HASH_H

#include <stdbool.h>

#include "err.h"

// Asks without echo where stdin is a terminal; prints the verifier as one line.
bool app_relay_hash(struct err *err);

#endif

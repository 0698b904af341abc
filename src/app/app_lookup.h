// A name lookup that cannot hang its caller: it runs on a thread that may be left behind.
#ifndef APP_LOOKUP_H
#define APP_LOOKUP_H

#include <stdatomic.h>
#include <stdbool.h>

#include "err.h"
#include "net_addr.h"
#include "net_connect.h"

// Waits for the answer, 15 s at most, or until *cancel. Called on a receive thread.
bool app_lookup(struct net_endpoint *out, const struct net_addr *addr, const atomic_bool *cancel,
                struct err *err);

#endif

// A relay with all that it needs: loop, TLS, store and its writer thread, a worker for passwords.
// The one way both programs run a relay.
//
// The owner turns it:
//     while (app_relay_run_turn(run)) {
//     }
// Ownership: views and pointers in the setup are only read by create.
// Thread:    create, turn and destroy may be on different threads, one at a time; stop and wake
//            may be called from any, also from a signal's handler.
#ifndef APP_RELAY_RUN_H
#define APP_RELAY_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "net_addr.h"
#include "net_beacon.h"
#include "relay.h"

struct app_relay_run;

struct app_relay_setup {
    struct relay_config relay; // notice, store, work, tls and seed are filled in
    const struct net_addr *listen;
    size_t listen_count;
    const struct net_addr *admin; // NULL: none
    const char *data;             // folder, made when it is missing; NULL: nothing is kept
    bool has_history;
    bool has_tls;
    bool must_have_tls;   // else a relay without encryption is better than none
    const char *tls_cert; // NULL: an own one, kept in data
    const char *tls_key;
    unsigned beacon_port; // UDP; 0: not announced
    enum net_scope scope;
};

// Listens already; a sentence when it cannot. A history that cannot be opened is no reason to
// fail: the hosts are told, and app_relay_run_notice() says why.
struct app_relay_run *app_relay_run_create(const struct app_relay_setup *setup, struct err *err);
// Starts its threads. Apart, so that rights can be given up in between; threads inherit that.
bool app_relay_run_start(struct app_relay_run *run, struct err *err);
// Commits what was said, ends the threads.
void app_relay_run_destroy(struct app_relay_run *run); // NULL is fine
// Waits for something to do, and does it. false: it has stopped.
bool app_relay_run_turn(struct app_relay_run *run);
void app_relay_run_stop(struct app_relay_run *run);
void app_relay_run_wake(struct app_relay_run *run);

// Other settings, without dropping anybody: of relay, listen, and the contents of the certificate's
// files. false: all stays.
bool app_relay_run_reload(struct app_relay_run *run, const struct app_relay_setup *setup,
                          struct err *err);
// What it runs without, in a sentence; "" when nothing is missing.
const char *app_relay_run_notice(const struct app_relay_run *run);
const char *app_relay_run_fingerprint(const struct app_relay_run *run); // "" without TLS
struct relay *app_relay_run_relay(struct app_relay_run *run);

#endif

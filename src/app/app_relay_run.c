// A relay, its loop, its disk and its threads.
#include "app_relay_run.h"

#include <SDL.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "app_paths.h"
#include "i18n.h"
#include "mem.h"
#include "net_crypto.h"
#include "net_loop.h"
#include "net_tls.h"
#include "store.h"
#include "work.h"

#define LOG_MODULE "run"
#include "log.h"

#define WORK_PLACES 64
#define PATH_SIZE   4096

struct app_relay_run {
    struct net_loop *loop; // owned, as all below
    struct net_tls *tls;   // NULL: none
    struct store *store;   // NULL: none
    struct work *work;
    struct relay *relay;
    SDL_Thread *writer;
    SDL_Thread *worker;
    atomic_bool is_stopping;
    char notice[512];
};

static int64_t clock_us(clockid_t id)
{
    struct timespec now;
    (void)clock_gettime(id, &now); // both clocks exist on every POSIX system
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t now_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

static int64_t now_ms(void)
{
    return now_us() / 1000;
}

static int64_t now_utc_ms(void)
{
    return clock_us(CLOCK_REALTIME) / 1000;
}

static void wake_loop(void *context)
{
    net_loop_wake(context);
}

static int writer_thread(void *context)
{
    while (store_work(context)) {
    }
    return 0;
}

static int worker_thread(void *context)
{
    while (work_run(context)) {
    }
    return 0;
}

// --- opening ---

static void open_store(struct app_relay_run *run, const struct app_relay_setup *setup)
{
    char path[PATH_SIZE];
    struct err err = {0};
    if (!setup->has_history) {
        return;
    }
    (void)snprintf(path, sizeof(path), "%s/party.db", setup->data ? setup->data : "");
    struct store_config config = {.path = path,
                                  .wake = wake_loop,
                                  .wake_context = run->loop,
                                  .now_utc_ms = now_utc_ms(),
                                  .now_us = now_us};
    if (!setup->data) {
        (void)err_set(&err, "%s", _("there is no folder for it"));
    }
    if (!setup->data || !app_paths_make_writable(setup->data, &err) ||
        !store_open(&run->store, &config, &err)) {
        (void)snprintf(run->notice, sizeof(run->notice), _("No history is kept: %s"), err.text);
        log_warn("%s", run->notice);
    } else if (store_aside(run->store)[0]) {
        (void)snprintf(run->notice, sizeof(run->notice),
                       _("The history was damaged: it lies in %s, and a new one began."),
                       store_aside(run->store));
        log_warn("%s", run->notice);
    }
}

static bool open_tls(struct app_relay_run *run, const struct app_relay_setup *setup,
                     struct err *err)
{
    char name[64];
    struct err why = {0};
    if (!setup->has_tls) {
        return true;
    }
    (void)str_copy(name, sizeof(name), setup->relay.server_name); // may be cut
    struct net_tls_config config = {.cert_path = setup->tls_cert,
                                    .key_path = setup->tls_key,
                                    .folder = setup->data,
                                    .name = name[0] ? name : NULL,
                                    .now_utc_ms = now_utc_ms()};
    if (!setup->tls_cert && !setup->data) {
        (void)err_set(&why, "%s", _("there is no folder for a certificate"));
    }
    bool can_keep = setup->tls_cert || (setup->data && app_paths_make(setup->data, &why));
    run->tls = can_keep ? net_tls_create(&config, &why) : NULL;
    if (run->tls || !setup->must_have_tls) {
        if (!run->tls) {
            log_warn("not encrypted: %s", why.text);
        }
        return true;
    }
    return err_set(err, "%s", why.text);
}

static bool open_relay(struct app_relay_run *run, const struct app_relay_setup *setup,
                       struct err *err)
{
    struct relay_config config = setup->relay;
    struct err beacon_err = {0};
    config.store = run->store;
    config.work = run->work;
    config.tls = run->tls;
    config.notice = str_from(run->notice);
    net_random(&config.seed, sizeof(config.seed));
    run->relay = relay_create(&config, run->loop, now_ms(), now_utc_ms());
    for (size_t i = 0; i < setup->listen_count; i++) {
        if (!relay_listen(run->relay, &setup->listen[i], err)) {
            return false;
        }
    }
    if (setup->admin && !relay_admin_listen(run->relay, setup->admin, err)) {
        return false;
    }
    if (setup->beacon_port &&
        !relay_beacon(run->relay, (uint16_t)setup->beacon_port, setup->scope, &beacon_err)) {
        log_warn("not announced: %s", beacon_err.text); // the address still works
    }
    return true;
}

struct app_relay_run *app_relay_run_create(const struct app_relay_setup *setup, struct err *err)
{
    struct app_relay_run *run = MEM_NEW(struct app_relay_run);
    mode_t before = umask(077); // what is kept is its owner's alone
    run->loop = net_loop_create(err);
    if (!run->loop) {
        goto fail;
    }
    run->work = work_create(WORK_PLACES, wake_loop, run->loop);
    open_store(run, setup);
    if (!open_tls(run, setup, err) || !open_relay(run, setup, err)) {
        goto fail;
    }
    (void)umask(before);
    return run;
fail:
    (void)umask(before);
    app_relay_run_destroy(run);
    return NULL;
}

// --- running ---

bool app_relay_run_start(struct app_relay_run *run, struct err *err)
{
    run->worker = SDL_CreateThread(worker_thread, "passwords", run->work);
    run->writer = run->store ? SDL_CreateThread(writer_thread, "history", run->store) : NULL;
    return (run->worker && (run->writer || !run->store)) ||
           err_set(err, _("A thread could not start: %s."), SDL_GetError());
}

bool app_relay_run_turn(struct app_relay_run *run)
{
    net_loop_wait(run->loop, relay_wait_ms(run->relay, now_ms()));
    if (atomic_load(&run->is_stopping)) {
        relay_stop(run->relay, str_from(_("The party is over")));
    }
    int64_t began_us = now_us();
    relay_turn(run->relay, began_us / 1000, now_utc_ms());
    relay_measured(run->relay, (uint64_t)(now_us() - began_us));
    return !relay_is_done(run->relay);
}

void app_relay_run_stop(struct app_relay_run *run)
{
    atomic_store(&run->is_stopping, true);
    net_loop_wake(run->loop);
}

void app_relay_run_wake(struct app_relay_run *run)
{
    net_loop_wake(run->loop);
}

bool app_relay_run_reload(struct app_relay_run *run, const struct app_relay_setup *setup,
                          struct err *err)
{
    struct relay_config config = setup->relay;
    config.notice = str_from(run->notice);
    // In this order: what can fail first, and what it changed is nothing to undo.
    if ((run->tls && !net_tls_reload(run->tls, err)) ||
        !relay_listen_only(run->relay, setup->listen, setup->listen_count, err)) {
        return false;
    }
    return relay_reload(run->relay, &config, err);
}

// --- the end ---

void app_relay_run_destroy(struct app_relay_run *run)
{
    if (!run) {
        return;
    }
    if (run->writer) {                 // what was said is committed before the program ends
        (void)store_flush(run->store); // false: nothing was open
        store_stop(run->store);
        SDL_WaitThread(run->writer, NULL);
    }
    if (run->worker) {
        work_stop(run->work);
        SDL_WaitThread(run->worker, NULL);
    }
    relay_destroy(run->relay);
    store_close(run->store);
    work_destroy(run->work);
    net_tls_destroy(run->tls);
    net_loop_destroy(run->loop);
    mem_free(run);
}

const char *app_relay_run_notice(const struct app_relay_run *run)
{
    return run->notice;
}

const char *app_relay_run_fingerprint(const struct app_relay_run *run)
{
    return run->tls ? net_tls_fingerprint(run->tls) : "";
}

struct relay *app_relay_run_relay(struct app_relay_run *run)
{
    return run->relay;
}

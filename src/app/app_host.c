// A relay on an SDL thread.
#include "app_host.h"

#include <SDL.h>
#include <stdatomic.h>
#include <time.h>

#include "i18n.h"
#include "mem.h"
#include "net_loop.h"

#define LOG_MODULE "host"
#include "log.h"

struct app_host {
    struct net_loop *loop; // owned; main only wakes it
    struct relay *relay;   // owned; the thread's from start on
    SDL_Thread *thread;
    atomic_bool is_stopping;
    char address[NET_HOST_MAX + 16]; // copied before the thread starts
    uint16_t port;
};

static int64_t clock_ms(clockid_t id)
{
    struct timespec now;
    (void)clock_gettime(id, &now); // both clocks exist on every POSIX system
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int host_thread(void *context)
{
    struct app_host *host = context;
    while (!relay_is_done(host->relay)) {
        net_loop_wait(host->loop, relay_wait_ms(host->relay, clock_ms(CLOCK_MONOTONIC)));
        if (atomic_load(&host->is_stopping)) {
            relay_stop(host->relay, str_from(_("The party is over")));
        }
        relay_turn(host->relay, clock_ms(CLOCK_MONOTONIC), clock_ms(CLOCK_REALTIME));
    }
    return 0;
}

static bool open_relay(struct app_host *host, const struct app_host_config *config, struct err *err)
{
    host->loop = net_loop_create(err);
    if (!host->loop) {
        return false;
    }
    host->relay = relay_create(&config->relay, host->loop, clock_ms(CLOCK_MONOTONIC),
                               clock_ms(CLOCK_REALTIME));
    if (!relay_listen(host->relay, &config->listen, err)) {
        return false;
    }
    (void)str_copy(host->address, sizeof(host->address), str_from(relay_address(host->relay)));
    host->port = relay_port(host->relay);
    struct err beacon_err = {0};
    if (config->beacon_port &&
        !relay_beacon(host->relay, config->beacon_port, config->scope, &beacon_err)) {
        log_warn("not announced: %s", beacon_err.text); // the address still works
    }
    host->thread = SDL_CreateThread(host_thread, "relay", host);
    return host->thread || err_set(err, "%s", _("The party's thread could not start."));
}

struct app_host *app_host_start(const struct app_host_config *config, struct err *err)
{
    struct app_host *host = MEM_NEW(struct app_host);
    if (!open_relay(host, config, err)) {
        app_host_stop(host);
        return NULL;
    }
    return host;
}

const char *app_host_address(const struct app_host *host)
{
    return host->address;
}

uint16_t app_host_port(const struct app_host *host)
{
    return host->port;
}

void app_host_stop(struct app_host *host)
{
    if (!host) {
        return;
    }
    if (host->thread) {
        atomic_store(&host->is_stopping, true);
        net_loop_wake(host->loop);
        SDL_WaitThread(host->thread, NULL); // relay_stop() bounds it
    }
    relay_destroy(host->relay);
    net_loop_destroy(host->loop);
    mem_free(host);
}

// A relay on an SDL thread.
#include "app_host.h"

#include <SDL.h>

#include "i18n.h"
#include "mem.h"

struct app_host {
    struct app_relay_run *run; // owned; the thread's from start on
    SDL_Thread *thread;
    char address[NET_HOST_MAX + 16]; // copied before the thread starts
    uint16_t port;
};

static int host_thread(void *context)
{
    while (app_relay_run_turn(context)) {
    }
    return 0;
}

struct app_host *app_host_start(const struct app_relay_setup *setup, struct err *err)
{
    struct app_host *host = MEM_NEW(struct app_host);
    const struct relay *relay = NULL;
    host->run = app_relay_run_create(setup, err);
    if (!host->run || !app_relay_run_start(host->run, err)) {
        goto fail;
    }
    relay = app_relay_run_relay(host->run);
    (void)str_copy(host->address, sizeof(host->address), str_from(relay_address(relay, 0)));
    host->port = relay_port(relay);
    host->thread = SDL_CreateThread(host_thread, "relay", host->run);
    if (!host->thread) {
        (void)err_set(err, "%s", _("The party's thread could not start."));
        goto fail;
    }
    return host;
fail:
    app_host_stop(host);
    return NULL;
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
        app_relay_run_stop(host->run);
        SDL_WaitThread(host->thread, NULL); // relay_stop() bounds it
    }
    app_relay_run_destroy(host->run);
    mem_free(host);
}

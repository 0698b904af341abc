// The thread that hears parties.
#include "app_lan.h"

#include <SDL.h>
#include <stdatomic.h>
#include <string.h>

#include "i18n.h"
#include "mem.h"
#include "net_loop.h"

#define ASK_EVERY_MS 3000
#define FORGET_MS    7500 // not heard for this long: gone

struct heard {
    struct net_party party;
    uint64_t at_ms;
};

struct app_lan {
    struct net_loop *loop;     // owned
    struct net_beacon *beacon; // owned, the thread's
    SDL_Thread *thread;
    app_wake wake;
    void *context;
    atomic_bool is_stopping;
    atomic_bool wants_ask;

    SDL_mutex *lock; // guards the rest
    struct heard heard[APP_LAN_MAX];
    size_t count;
    bool has_changed;
};

static bool is_same(const struct net_party *a, const struct net_party *b)
{
    return a->people == b->people && a->is_locked == b->is_locked && a->port == b->port &&
           strcmp(a->name, b->name) == 0;
}

// A party heard through several addresses stays under the one heard first.
static bool remember(struct app_lan *lan, const struct net_party *party)
{
    uint64_t now = SDL_GetTicks64();
    for (size_t i = 0; i < lan->count; i++) {
        struct heard *known = &lan->heard[i];
        if (strcmp(known->party.instance, party->instance) == 0) {
            bool changed = !is_same(&known->party, party);
            char host[sizeof(known->party.host)];
            memcpy(host, known->party.host, sizeof(host));
            known->party = *party;
            memcpy(known->party.host, host, sizeof(host));
            known->at_ms = now;
            return changed;
        }
    }
    if (lan->count == APP_LAN_MAX) {
        return false;
    }
    lan->heard[lan->count++] = (struct heard){*party, now};
    return true;
}

static bool forget_old(struct app_lan *lan)
{
    uint64_t now = SDL_GetTicks64();
    size_t kept = 0;
    for (size_t i = 0; i < lan->count; i++) {
        if (now - lan->heard[i].at_ms < FORGET_MS) {
            lan->heard[kept++] = lan->heard[i];
        }
    }
    bool changed = kept != lan->count;
    lan->count = kept;
    return changed;
}

static void hear(struct app_lan *lan)
{
    struct net_ready ready;
    struct net_party party;
    while (net_loop_next(lan->loop, &ready)) {
        // One owner only; the beacon is drained below whatever it was.
    }
    SDL_LockMutex(lan->lock);
    bool changed = forget_old(lan);
    while (net_beacon_receive(lan->beacon, &party)) {
        changed = remember(lan, &party) || changed;
    }
    lan->has_changed = lan->has_changed || changed;
    SDL_UnlockMutex(lan->lock);
    if (changed) {
        lan->wake(lan->context);
    }
}

static int lan_thread(void *context)
{
    struct app_lan *lan = context;
    uint64_t next_ask = 0;
    while (!atomic_load(&lan->is_stopping)) {
        uint64_t now = SDL_GetTicks64();
        if (atomic_exchange(&lan->wants_ask, false) || now >= next_ask) {
            net_beacon_ask(lan->beacon);
            next_ask = now + ASK_EVERY_MS;
        }
        net_loop_wait(lan->loop, (int)(next_ask - now));
        hear(lan);
    }
    return 0;
}

struct app_lan *app_lan_start(uint16_t udp_port, enum net_scope scope, app_wake wake, void *context,
                              struct err *err)
{
    struct app_lan *lan = MEM_NEW(struct app_lan);
    lan->wake = wake;
    lan->context = context;
    lan->lock = SDL_CreateMutex();
    lan->loop = net_loop_create(err);
    lan->beacon = lan->loop ? net_beacon_create(udp_port, scope, err) : NULL;
    if (lan->beacon && net_loop_add_beacon(lan->loop, lan->beacon, lan)) {
        lan->thread = SDL_CreateThread(lan_thread, "lan", lan);
    }
    if (!lan->thread) {
        app_lan_stop(lan);
        return NULL;
    }
    return lan;
}

void app_lan_stop(struct app_lan *lan)
{
    if (!lan) {
        return;
    }
    if (lan->thread) {
        atomic_store(&lan->is_stopping, true);
        net_loop_wake(lan->loop);
        SDL_WaitThread(lan->thread, NULL);
    }
    if (lan->beacon) {
        net_loop_remove(lan->loop, lan);
        net_beacon_destroy(lan->beacon);
    }
    net_loop_destroy(lan->loop);
    SDL_DestroyMutex(lan->lock);
    mem_free(lan);
}

void app_lan_ask(struct app_lan *lan)
{
    atomic_store(&lan->wants_ask, true);
    net_loop_wake(lan->loop);
}

bool app_lan_take(struct app_lan *lan, struct net_party out[APP_LAN_MAX], size_t *count)
{
    SDL_LockMutex(lan->lock);
    bool changed = lan->has_changed;
    if (changed) {
        for (size_t i = 0; i < lan->count; i++) {
            out[i] = lan->heard[i].party;
        }
        *count = lan->count;
        lan->has_changed = false;
    }
    SDL_UnlockMutex(lan->lock);
    return changed;
}

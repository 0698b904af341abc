// A name lookup on a thread of its own; whoever comes last frees the job.
#include "app_lookup.h"

#include <SDL.h>

#include "i18n.h"
#include "mem.h"
#include "str.h"

#define LOOKUP_MS 15000
#define SLICE_MS  20

struct job {
    struct net_addr addr;
    struct net_endpoint endpoint;
    struct err err;
    bool is_found;
    atomic_bool is_done;
    atomic_int users; // 2 at start: the asker and the thread
};

static void let_go(struct job *job)
{
    if (atomic_fetch_sub(&job->users, 1) == 1) {
        mem_free(job);
    }
}

static int lookup_thread(void *context)
{
    struct job *job = context;
    job->is_found = net_resolve(&job->endpoint, &job->addr, &job->err);
    atomic_store(&job->is_done, true);
    let_go(job);
    return 0;
}

static bool is_number(struct str host)
{
    for (size_t i = 0; i < host.len; i++) {
        char c = host.data[i];
        if (!(c >= '0' && c <= '9') && c != '.' && c != ':') {
            return false;
        }
    }
    return host.len > 0;
}

static bool wait_for(const struct job *job, const atomic_bool *cancel)
{
    for (int waited = 0; waited < LOOKUP_MS; waited += SLICE_MS) {
        if (atomic_load(&job->is_done)) {
            return true;
        }
        if (atomic_load(cancel)) {
            return false;
        }
        SDL_Delay(SLICE_MS);
    }
    return false;
}

bool app_lookup(struct net_endpoint *out, const struct net_addr *addr, const atomic_bool *cancel,
                struct err *err)
{
    if (is_number(str_from(addr->host))) {
        return net_resolve(out, addr, err);
    }
    struct job *job = MEM_NEW(struct job);
    job->addr = *addr;
    atomic_init(&job->users, 2);
    SDL_Thread *thread = SDL_CreateThread(lookup_thread, "lookup", job);
    if (!thread) {
        mem_free(job);
        return err_set(err, "%s", _("The name could not be looked up."));
    }
    SDL_DetachThread(thread);
    bool is_found = false;
    if (wait_for(job, cancel)) {
        is_found = job->is_found;
        *out = job->endpoint;
        (void)err_set(err, "%s", job->err.text);
    } else {
        (void)err_set(err, _("Nobody answers what the address of \"%s\" is."), addr->host);
    }
    let_go(job);
    return is_found;
}

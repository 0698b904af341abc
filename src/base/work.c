// Jobs for a worker thread: a ring guarded by a lock.
#include "work.h"

#include <pthread.h>
#include <stdint.h>

#include "check.h"
#include "mem.h"

struct job {
    work_fn run;
    void *context;
};

// Places are numbered without end; number % places is the slot. taken <= done <= begun <= put.
struct work {
    pthread_mutex_t lock;
    pthread_cond_t has_jobs;
    struct job *jobs; // owned ring
    size_t places;
    uint64_t put;
    uint64_t begun;
    uint64_t done;
    uint64_t taken;
    bool is_stopping;
    void (*wake)(void *);
    void *wake_context;
};

struct work *work_create(size_t places, void (*wake)(void *), void *wake_context)
{
    struct work *work = MEM_NEW(struct work);
    check(pthread_mutex_init(&work->lock, NULL) == 0);
    check(pthread_cond_init(&work->has_jobs, NULL) == 0);
    work->jobs = mem_alloc_array(places, sizeof(struct job));
    work->places = places;
    work->wake = wake;
    work->wake_context = wake_context;
    return work;
}

void work_destroy(struct work *work)
{
    if (work) {
        (void)pthread_cond_destroy(&work->has_jobs); // nobody waits any more
        (void)pthread_mutex_destroy(&work->lock);
        mem_free(work->jobs);
        mem_free(work);
    }
}

static void lock(struct work *work)
{
    check(pthread_mutex_lock(&work->lock) == 0);
}

static void unlock(struct work *work)
{
    check(pthread_mutex_unlock(&work->lock) == 0);
}

bool work_submit(struct work *work, work_fn run, void *context)
{
    lock(work);
    bool has_place = work->put - work->taken < work->places;
    if (has_place) {
        work->jobs[work->put++ % work->places] = (struct job){run, context};
        (void)pthread_cond_signal(&work->has_jobs); // cannot fail on a valid one
    }
    unlock(work);
    return has_place;
}

bool work_next_done(struct work *work, void **context)
{
    lock(work);
    bool has_one = work->taken < work->done;
    if (has_one) {
        *context = work->jobs[work->taken++ % work->places].context;
    }
    unlock(work);
    return has_one;
}

// Called and left with the lock held.
static void run_one(struct work *work)
{
    struct job job = work->jobs[work->begun++ % work->places];
    unlock(work);
    job.run(job.context);
    lock(work);
    work->done++;
    if (work->wake) {
        work->wake(work->wake_context);
    }
}

bool work_run(struct work *work)
{
    lock(work);
    while (!work->is_stopping && work->begun == work->put) {
        (void)pthread_cond_wait(&work->has_jobs, &work->lock); // woken too often is fine
    }
    bool goes_on = !work->is_stopping;
    if (goes_on) {
        run_one(work);
    }
    unlock(work);
    return goes_on;
}

bool work_run_now(struct work *work)
{
    lock(work);
    bool has_one = work->begun < work->put;
    if (has_one) {
        run_one(work);
    }
    unlock(work);
    return has_one;
}

void work_stop(struct work *work)
{
    lock(work);
    work->is_stopping = true;
    (void)pthread_cond_broadcast(&work->has_jobs); // cannot fail on a valid one
    unlock(work);
}

// A queue of jobs for a worker thread, for what would stall a loop (password hashing).
//
// The owner submits jobs and takes the finished ones; the worker, a thread that app starts, calls
// work_run() until it says false. At most `places` jobs are under way; over that submit refuses.
// Ownership: a job's context belongs to the worker while its function runs, else to the owner.
// Thread:    work_run() is the worker's, work_stop() anybody's, the rest the owner's.
#ifndef WORK_H
#define WORK_H

#include <stdbool.h>
#include <stddef.h>

struct work;

typedef void (*work_fn)(void *context);

// wake: called by the worker when a finished job waits; NULL: nobody is woken.
struct work *work_create(size_t places, void (*wake)(void *), void *wake_context);
void work_destroy(struct work *work); // the worker has ended; NULL is fine
bool work_submit(struct work *work, work_fn run, void *context); // false: full
// Takes one finished job's context, in the order they ended.
bool work_next_done(struct work *work, void **context);
// Waits for a job and runs it. false: work_stop() was called; jobs left are not run.
bool work_run(struct work *work);
bool work_run_now(struct work *work); // runs one without waiting; false: there was none. For tests
void work_stop(struct work *work);

#endif

// The queue of jobs: order, its places, a worker thread that ends.
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "work.h"

static void add_one(void *context)
{
    *(int *)context += 1;
}

static void jobs_come_back_in_order_and_places_are_bounded(void **state)
{
    (void)state;
    int numbers[3] = {10, 20, 30};
    void *done = NULL;
    struct work *work = work_create(2, NULL, NULL);
    assert_true(work_submit(work, add_one, &numbers[0]));
    assert_true(work_submit(work, add_one, &numbers[1]));
    assert_false(work_submit(work, add_one, &numbers[2]));
    assert_false(work_next_done(work, &done));
    assert_true(work_run_now(work));
    assert_true(work_run_now(work));
    assert_false(work_run_now(work));
    assert_true(work_next_done(work, &done));
    assert_ptr_equal(done, &numbers[0]);
    assert_int_equal(numbers[0], 11);
    assert_true(work_submit(work, add_one, &numbers[2])); // a place is free again
    assert_true(work_next_done(work, &done));
    assert_ptr_equal(done, &numbers[1]);
    assert_false(work_next_done(work, &done));
    work_destroy(work);
}

static void *worker(void *context)
{
    while (work_run(context)) {
    }
    return NULL;
}

static void a_worker_runs_them_and_ends_when_told(void **state)
{
    (void)state;
    enum { JOBS = 200 };
    int counts[JOBS] = {0};
    pthread_t thread;
    struct work *work = work_create(8, NULL, NULL);
    assert_int_equal(pthread_create(&thread, NULL, worker, work), 0);
    size_t put = 0, taken = 0;
    while (taken < JOBS) {
        void *done = NULL;
        if (put < JOBS && work_submit(work, add_one, &counts[put])) {
            put++;
        }
        if (work_next_done(work, &done)) {
            assert_ptr_equal(done, &counts[taken]);
            assert_int_equal(counts[taken], 1);
            taken++;
        }
    }
    work_stop(work);
    assert_int_equal(pthread_join(thread, NULL), 0);
    work_destroy(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_come_back_in_order_and_places_are_bounded),
        cmocka_unit_test(a_worker_runs_them_and_ends_when_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// What the store costs on this disk: commits, repeats looked up, pages, searches, with many lines.
//
// bench_store [FOLDER] [LINES]: a database in FOLDER (default /tmp) that is removed at the end.
// Noise: the disk's flush decides the small batches; compare within one run only.
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "rng.h"
#include "store.h"

enum { TARGETS = 200, PEOPLE = 300 };

struct bench {
    struct store *store;
    struct rng rng;
    uint64_t id;
    uint64_t labels;
    char path[256];
};

static int64_t now_us(void)
{
    struct timespec now;
    check(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int by_value(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

// What one flush of two pages costs on this disk right now: the bare minimum of a commit.
static void flush_alone(const struct bench *bench)
{
    enum { TIMES = 300, SIZE = 8192 };
    int64_t took[TIMES];
    char pages[SIZE] = {0}, path[300];
    (void)snprintf(path, sizeof(path), "%s-flush", bench->path);
    int file = open(path, O_RDWR | O_CREAT, 0600);
    check(file >= 0);
    for (int i = 0; i < 2 * TIMES; i++) { // first the file grows, then it is written over
        int64_t start = now_us();
        check(pwrite(file, pages, SIZE, (off_t)(i % TIMES) * SIZE) == SIZE && fdatasync(file) == 0);
        took[i % TIMES] = now_us() - start;
    }
    (void)close(file);
    (void)remove(path);
    qsort(took, TIMES, sizeof(took[0]), by_value);
    printf("flush alone: p50 %lld us, p99 %lld us\n", (long long)took[TIMES / 2],
           (long long)took[TIMES * 99 / 100]);
}

static void open_store(struct bench *bench)
{
    struct store_config config = {.path = bench->path, .now_us = now_us};
    struct err err = {""};
    if (!store_open(&bench->store, &config, &err)) {
        (void)fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
}

// A line of 36 bytes as people write, in one of the channels or, one in ten, between two accounts.
static void put(struct bench *bench)
{
    char target[32], label[24], text[64];
    uint32_t number = rng_next(&bench->rng);
    int len = rng_below(&bench->rng, 10) == 0
                  ? snprintf(target, sizeof(target), " a0 p%u", number % PEOPLE)
                  : snprintf(target, sizeof(target), "#c%u", number % TARGETS);
    int label_len = snprintf(label, sizeof(label), "l%llu", (unsigned long long)bench->labels++);
    int text_len = snprintf(text, sizeof(text), "word%u and some more of them word%u",
                            number % 5000, number % 777);
    struct store_line line = {.id = bench->id += 1 << 14,
                              .target = {target, (size_t)len},
                              .source = STR("alice!alice@10.0.0.7"),
                              .account = STR("alice"),
                              .tags = STR("+draft/reply=0123456789abcdef"),
                              .text = {text, (size_t)text_len}};
    store_put_line(bench->store, &line, STR("alice"), (struct str){label, (size_t)label_len});
}

static void settle(struct bench *bench)
{
    struct store_result result;
    (void)store_flush(bench->store); // empty ones have no result
    store_work_now(bench->store);
    while (store_next_result(bench->store, &result)) {
        check(result.is_ok);
    }
}

static void rate(struct bench *bench, int size)
{
    struct store_stats before = store_stats(bench->store);
    int64_t start = now_us(), lines = 0;
    while (now_us() - start < 2000000) {
        for (int i = 0; i < size; i++) {
            put(bench);
        }
        settle(bench);
        lines += size;
    }
    struct store_stats after = store_stats(bench->store);
    double seconds = (double)(now_us() - start) / 1e6;
    double commits = (double)(after.commits - before.commits);
    printf("batch of %3d: %7.0f commits/s %7.0f lines/s, COMMIT %.0f us\n", size, commits / seconds,
           (double)lines / seconds, (double)(after.commit_us_sum - before.commit_us_sum) / commits);
}

static void fill(struct bench *bench, uint64_t lines)
{
    int64_t start = now_us();
    while (bench->labels < lines) {
        for (int i = 0; i < 1000; i++) {
            put(bench);
        }
        settle(bench);
    }
    printf("%llu lines after %.1f s, %.0f MB\n", (unsigned long long)bench->labels,
           (double)(now_us() - start) / 1e6, (double)store_stats(bench->store).file_bytes / 1e6);
}

typedef void (*question_fn)(struct bench *bench);

static void ask(struct bench *bench, const char *name, question_fn question)
{
    enum { TIMES = 500 };
    int64_t took[TIMES];
    for (int i = 0; i < TIMES; i++) {
        int64_t start = now_us();
        for (int j = 0; j < 4; j++) { // the clock's grain is coarse
            question(bench);
        }
        took[i] = now_us() - start;
    }
    qsort(took, TIMES, sizeof(took[0]), by_value);
    printf("%-34s p50 %7.1f us  p99 %7.1f us\n", name, (double)took[TIMES / 2] / 4,
           (double)took[TIMES * 99 / 100] / 4);
}

static void find_sent(struct bench *bench)
{
    char label[24];
    uint64_t id = 0;
    int len =
        snprintf(label, sizeof(label), "l%u", rng_below(&bench->rng, (uint32_t)bench->labels));
    check(store_find_sent(bench->store, STR("alice"), (struct str){label, (size_t)len}, &id));
}

static void find_none(struct bench *bench)
{
    uint64_t id = 0;
    check(!store_find_sent(bench->store, STR("alice"), STR("never"), &id));
}

static void read_page(struct bench *bench, bool has_events)
{
    char target[32];
    struct store_page page;
    int len = snprintf(target, sizeof(target), "#c%u", rng_below(&bench->rng, TARGETS));
    struct store_query query = {.target = {target, (size_t)len},
                                .range = STORE_LATEST,
                                .limit = 100,
                                .has_events = has_events};
    check(store_read(bench->store, &query, &page, NULL) && page.count == 100);
    store_page_deinit(&page);
}

static void latest(struct bench *bench)
{
    read_page(bench, false);
}

static void latest_with_events(struct bench *bench)
{
    read_page(bench, true);
}

static void targets(struct bench *bench)
{
    struct store_targets targets;
    uint64_t all[2] = {0, UINT64_MAX};
    check(store_read_targets(bench->store, STR("a0"), NULL, 0, all, 1000, &targets, NULL));
    store_targets_deinit(&targets);
}

static void search(struct bench *bench)
{
    char word[16];
    struct store_page page;
    struct str target = STR("#c7");
    int len = snprintf(word, sizeof(word), "word%u", rng_below(&bench->rng, 5000));
    struct store_search search = {
        .targets = &target, .target_count = 1, .text = {word, (size_t)len}, .limit = 50};
    check(store_read_search(bench->store, &search, &page, NULL));
    store_page_deinit(&page);
}

int main(int argc, char **argv)
{
    struct bench bench = {.id = (uint64_t)1800000000000 << 20};
    const char *folder = argc > 1 ? argv[1] : "/tmp";
    uint64_t lines = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000000;
    rng_init(&bench.rng, 1);
    (void)snprintf(bench.path, sizeof(bench.path), "%s/bench-store.db", folder);
    flush_alone(&bench);
    open_store(&bench);
    rate(&bench, 1);
    rate(&bench, 10);
    rate(&bench, 100);
    fill(&bench, lines);
    flush_alone(&bench);
    rate(&bench, 1); // with a large file
    store_close(bench.store);
    open_store(&bench);
    ask(&bench, "LATEST 100, first", latest);
    ask(&bench, "LATEST 100", latest);
    ask(&bench, "LATEST 100 with events", latest_with_events);
    ask(&bench, "find_sent, there", find_sent);
    ask(&bench, "find_sent, not there", find_none);
    ask(&bench, "TARGETS, 300 conversations", targets);
    ask(&bench, "SEARCH 50 in one channel", search);
    store_close(bench.store);
    static const char *const ends[] = {"", "-lock"};
    for (size_t i = 0; i < 2; i++) {
        char path[300];
        (void)snprintf(path, sizeof(path), "%s%s", bench.path, ends[i]);
        (void)remove(path);
    }
    return 0;
}

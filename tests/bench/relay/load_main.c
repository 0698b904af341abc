// relay_load MODE --port N ...: puts one IRC server under load and prints what it saw as JSON.
//
// Modes: fanout (talk as fast as the window allows), steady (talk at a rate), storm (everybody
// enters at once), idle (everybody registers, then joins, and is silent). With --marks it says
// "mark NAME" before and after what is measured and waits for a line on stdin, so that the caller
// can read the server's clocks at that moment. Ends with 1 when a line was lost, doubled,
// reordered or damaged, or somebody was refused.
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "load_run.h"
#include "mem.h"

#define EXIT_USAGE       2
#define ENTER_MS         60000
#define STORM_MS         15000
#define WARM_MS          300
#define QUIET_MS         150
#define DESCRIPTORS_KEPT 64

struct mode {
    const char *name;
    void (*run)(struct load_run *run, const struct load_options *options);
};

static void mark(const struct load_options *options, const char *name)
{
    char answer[16];
    if (options->has_marks) {
        (void)printf("mark %s\n", name);
        (void)fflush(stdout);
        if (!fgets(answer, sizeof(answer), stdin)) {
            exit(EXIT_USAGE); // whoever measured is gone
        }
    }
}

static void run_fanout(struct load_run *run, const struct load_options *options)
{
    if (!load_run_enter(run, true, options->abreast, ENTER_MS)) {
        return;
    }
    load_run_settle(run, QUIET_MS);
    load_run_talk(run, WARM_MS);
    load_run_settle(run, QUIET_MS);
    load_run_forget(run);
    mark(options, "begin");
    load_run_talk(run, options->duration_ms);
    mark(options, "end");
}

static void run_steady(struct load_run *run, const struct load_options *options)
{
    if (!load_run_enter(run, true, options->abreast, ENTER_MS)) {
        return;
    }
    load_run_settle(run, QUIET_MS);
    load_run_steady(run, WARM_MS);
    load_run_forget(run);
    mark(options, "begin");
    load_run_steady(run, options->duration_ms);
    mark(options, "end");
}

static void run_storm(struct load_run *run, const struct load_options *options)
{
    mark(options, "begin");
    (void)load_run_enter(run, true, options->clients, STORM_MS); // who is refused is in the result
    mark(options, "end");
}

static void run_idle(struct load_run *run, const struct load_options *options)
{
    if (!load_run_enter(run, false, options->abreast, ENTER_MS)) {
        return;
    }
    load_run_settle(run, QUIET_MS);
    mark(options, "registered");
    load_run_join(run);
    load_run_settle(run, QUIET_MS);
    mark(options, "joined");
}

static const struct mode modes[] = {
    {"fanout", run_fanout},
    {"steady", run_steady},
    {"storm", run_storm},
    {"idle", run_idle},
};

// clang-format off
static const struct option long_options[] = {
    {"port",    required_argument, NULL, 'p'},
    {"clients", required_argument, NULL, 'c'},
    {"senders", required_argument, NULL, 's'},
    {"window",  required_argument, NULL, 'w'},
    {"bytes",   required_argument, NULL, 'b'},
    {"abreast", required_argument, NULL, 'a'},
    {"rate",    required_argument, NULL, 'r'},
    {"ms",      required_argument, NULL, 'm'},
    {"late-us", required_argument, NULL, 'l'},
    {"slow",    no_argument,       NULL, 'S'},
    {"tls",     no_argument,       NULL, 'T'},
    {"marks",   no_argument,       NULL, 'M'},
    {"times",   no_argument,       NULL, 't'},
    {0},
};
// clang-format on

static void usage(void)
{
    (void)fprintf(stderr,
                  "usage: relay_load fanout|steady|storm|idle --port N [--clients N] "
                  "[--senders N] [--window N] [--bytes N] [--abreast N] [--rate N] [--ms N] "
                  "[--late-us N] [--slow] [--tls] [--marks] [--times]\n");
    exit(EXIT_USAGE);
}

static unsigned number(const char *text, unsigned least, unsigned most)
{
    char *end = NULL;
    long value = strtol(text, &end, 10);
    if (*end || value < (long)least || value > (long)most) {
        usage();
    }
    return (unsigned)value;
}

static void take(struct load_options *options, int letter)
{
    switch (letter) {
    case 'p':
        options->port = (uint16_t)number(optarg, 1, 65535);
        break;
    case 'c':
        options->clients = number(optarg, 2, 60000);
        break;
    case 's':
        options->senders = number(optarg, 1, 1000);
        break;
    case 'w':
        options->window = number(optarg, 1, 2048);
        break;
    case 'b':
        options->line_bytes = number(optarg, 40, LOAD_TEXT_MAX);
        break;
    case 'a':
        options->abreast = number(optarg, 1, 60000);
        break;
    case 'r':
        options->rate = number(optarg, 1, 1000000);
        break;
    case 'm':
        options->duration_ms = number(optarg, 1, 36000000);
        break;
    case 'l':
        options->late_us = number(optarg, 1, 1000000000);
        break;
    case 'S':
        options->has_slow = true;
        break;
    case 'T':
        options->has_tls = true;
        break;
    case 'M':
        options->has_marks = true;
        break;
    case 't':
        options->has_times = true;
        break;
    default:
        usage();
    }
}

static struct load_options parse(int argc, char **argv)
{
    struct load_options options = {
        .clients = 100,
        .senders = 10,
        .window = 50,
        .line_bytes = 100,
        .abreast = 40,
        .rate = 200,
        .duration_ms = 2000,
    };
    for (;;) {
        int letter = getopt_long(argc, argv, "", long_options, NULL);
        if (letter == -1) {
            break;
        }
        take(&options, letter);
    }
    if (optind + 1 != argc || options.port == 0 ||
        options.senders + (options.has_slow ? 1 : 0) >= options.clients) {
        usage();
    }
    return options;
}

static void raise_descriptors(unsigned clients)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < clients + DESCRIPTORS_KEPT) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit); // too few shows as refused connections
    }
}

static double own_cpu_s(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage); // cannot fail for oneself
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// Trouble is told in the server's words: only what JSON cannot hold is replaced.
static void print_text(const char *text)
{
    (void)putchar('"');
    for (; *text; text++) {
        bool is_plain = *text >= ' ' && *text != '"' && *text != '\\' && *text != 127;
        (void)putchar(is_plain ? *text : '?');
    }
    (void)putchar('"');
}

static bool report(struct load_run *run, const struct load_options *options, const char *mode)
{
    struct load_result result = load_run_result(run);
    const struct load_times *times = load_run_times(run);
    (void)printf("{\"mode\": \"%s\", \"clients\": %u, \"sent\": %llu, \"delivered\": %llu, ", mode,
                 options->clients, (unsigned long long)result.sent,
                 (unsigned long long)result.delivered);
    (void)printf("\"lost\": %llu, \"doubled\": %llu, \"reordered\": %llu, \"damaged\": %llu, ",
                 (unsigned long long)result.lost, (unsigned long long)result.doubled,
                 (unsigned long long)result.reordered, (unsigned long long)result.damaged);
    (void)printf("\"in\": %u, \"refused\": %u, \"enter_s\": %.4f, \"elapsed_s\": %.4f, ", result.in,
                 result.refused, result.enter_s, result.elapsed_s);
    (void)printf(
        "\"slow_is_closed\": %s, \"load_cpu_s\": %.3f, \"p50_us\": %.1f, \"p99_us\": %.1f, "
        "\"max_us\": %.1f, \"trouble\": ",
        result.slow_is_closed ? "true" : "false", own_cpu_s(),
        (double)load_times_at(times, 0.5) / 1e3, (double)load_times_at(times, 0.99) / 1e3,
        (double)times->max_ns / 1e3);
    print_text(load_run_trouble(run));
    (void)printf("}\n");
    return !load_run_trouble(run)[0] && result.lost == 0 && result.doubled == 0 &&
           result.reordered == 0 && result.damaged == 0 && result.refused == 0 &&
           result.in == options->clients;
}

int main(int argc, char **argv)
{
    struct load_options options = parse(argc, argv);
    const struct mode *mode = NULL;
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        if (strcmp(argv[optind], modes[i].name) == 0) {
            mode = &modes[i];
        }
    }
    if (!mode) {
        usage();
        return EXIT_USAGE;
    }
    raise_descriptors(options.clients);
    struct load_run *run = load_run_create(&options);
    if (!run) {
        (void)fprintf(stderr, "relay_load: no epoll or no TLS here\n");
        return EXIT_USAGE;
    }
    mode->run(run, &options);
    bool is_fine = report(run, &options, mode->name);
    load_run_destroy(run);
    return is_fine ? EXIT_SUCCESS : EXIT_FAILURE;
}

// ronrond: the relay as a program. Flags, signals, a loop.
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app_locale.h"
#include "app_paths.h"
#include "app_relay_config.h"
#include "err.h"
#include "i18n.h"
#include "log.h"
#include "net_loop.h"
#include "relay.h"

#define EXIT_USAGE 2

// The handler may only wake: the loop reads the flag.
static volatile sig_atomic_t has_signal;
static struct net_loop *signal_loop;

static void on_signal(int number)
{
    (void)number;
    has_signal = 1;
    net_loop_wake(signal_loop);
}

static void log_to_stderr(enum log_level level, const char *module, const char *text)
{
    (void)fprintf(stderr, "%s %s: %s\n", log_level_name(level), module, text);
}

static int64_t clock_ms(clockid_t id)
{
    struct timespec now;
    (void)clock_gettime(id, &now); // both clocks exist on every POSIX system
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct option_row {
    struct option option;
    const char *argument;
    const char *help;
};

// clang-format off
static const struct option_row rows[] = {
    {{"listen",   required_argument, NULL, 'l'}, "HOST:PORT",   N_("where to listen (0.0.0.0:6667); port 0 picks a free one")},
    {{"name",     required_argument, NULL, 'n'}, "NAME",        N_("name of the party")},
    {{"data",     required_argument, NULL, 'd'}, "DIR",         N_("folder for what is kept")},
    {{"password", required_argument, NULL, 'p'}, "PIN",         N_("lock the party with this PIN")},
    {{"limits",   required_argument, NULL, 'L'}, "normal|none", N_("limits for guests")},
    {{"public",   no_argument,       NULL, 'P'}, NULL,          N_("let guests in from outside private networks")},
    {{"config",   required_argument, NULL, 'c'}, "FILE",        N_("read settings from this file first")},
    {{"log",      required_argument, NULL, 'g'}, "LEVEL",       N_("error, warn, info or debug")},
    {{"version",  no_argument,       NULL, 'v'}, NULL,          N_("say the version and end")},
    {{"help",     no_argument,       NULL, 'h'}, NULL,          N_("show this help and end")},
};
// clang-format on

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static void help(void)
{
    (void)printf("%s\n\n", _("Usage: ronrond [options]"));
    for (size_t i = 0; i < ROW_COUNT; i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), "--%s %s", rows[i].option.name,
                       rows[i].argument ? rows[i].argument : "");
        (void)printf("  %-24s %s\n", name, _(rows[i].help));
    }
}

static bool take(struct app_relay_config *config, int letter, char **argv, struct err *err)
{
    switch (letter) {
    case 'l':
        return app_relay_config_listen(config, str_from(optarg), err);
    case 'n':
        return app_relay_config_name(config, str_from(optarg), err);
    case 'p':
        return app_relay_config_password(config, str_from(optarg), err);
    case 'L':
        return app_relay_config_limits(config, str_from(optarg), err);
    case 'g':
        return app_relay_config_log(config, str_from(optarg), err);
    case 'P':
        config->is_public = true;
        return true;
    case 'd':
        return app_paths_make(optarg, err);
    case 'c':
        return true; // read in the first pass
    default:
        return err_set(err, _("Unknown or incomplete option %s; see --help."), argv[optind - 1]);
    }
}

// Two passes: --config, --help and --version first, so that flags win over the file.
static bool parse(struct app_relay_config *config, int argc, char **argv, bool is_first,
                  struct err *err)
{
    struct option options[ROW_COUNT + 1] = {0};
    for (size_t i = 0; i < ROW_COUNT; i++) {
        options[i] = rows[i].option;
    }
    opterr = 0;
    optind = 1;
    bool had_listen = false;
    for (;;) {
        int letter = getopt_long(argc, argv, "", options, NULL);
        if (letter == -1) {
            break;
        }
        if (is_first && letter == 'h') {
            help();
            exit(EXIT_SUCCESS);
        }
        if (is_first && letter == 'v') {
            (void)printf("ronrond %s\n", RONRON_VERSION);
            exit(EXIT_SUCCESS);
        }
        if (is_first && letter == 'c' && !app_relay_config_load(config, optarg, err)) {
            return false;
        }
        if (!is_first && letter == 'l' && !had_listen) {
            config->listen_count = 0; // the flag replaces the file's addresses
            had_listen = true;
        }
        if (!is_first && !take(config, letter, argv, err)) {
            return false;
        }
    }
    return optind >= argc || err_set(err, _("\"%s\" is not understood; see --help."), argv[optind]);
}

static bool open_all(struct relay *relay, const struct app_relay_config *config, struct err *err)
{
    for (size_t i = 0; i < config->listen_count; i++) {
        if (!relay_listen(relay, &config->listen[i], err)) {
            return false;
        }
    }
    bool is_local = net_addr_is_loopback(str_from(config->listen[0].host));
    struct err beacon_err = {0};
    if (config->has_beacon &&
        !relay_beacon(relay, config->beacon_port, is_local ? NET_SCOPE_LOOPBACK : NET_SCOPE_LAN,
                      &beacon_err)) {
        // Discovery is a convenience; the address still works.
        log_to_stderr(LOG_WARN, "beacon", beacon_err.text);
    }
    return true;
}

static void run(struct relay *relay, struct net_loop *loop)
{
    while (!relay_is_done(relay)) {
        net_loop_wait(loop, relay_wait_ms(relay, clock_ms(CLOCK_MONOTONIC)));
        if (has_signal) {
            relay_stop(relay, str_from(_("The party is over")));
        }
        relay_turn(relay, clock_ms(CLOCK_MONOTONIC), clock_ms(CLOCK_REALTIME));
    }
}

static bool serve(struct app_relay_config *config, struct err *err)
{
    struct net_loop *loop = net_loop_create(err);
    if (!loop) {
        return false;
    }
    struct relay_config relay_config;
    app_relay_config_fill(config, &relay_config);
    struct relay *relay =
        relay_create(&relay_config, loop, clock_ms(CLOCK_MONOTONIC), clock_ms(CLOCK_REALTIME));
    bool is_open = open_all(relay, config, err);
    if (is_open) {
        signal_loop = loop;
        struct sigaction action = {.sa_handler = on_signal};
        (void)sigaction(SIGTERM, &action, NULL); // both signals exist
        (void)sigaction(SIGINT, &action, NULL);
        (void)printf(_("Listening on %s"), relay_address(relay));
        (void)printf("\n");
        (void)fflush(stdout); // scripts wait for this line
        run(relay, loop);
    }
    relay_destroy(relay);
    net_loop_destroy(loop);
    return is_open;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct app_relay_config config;
    (void)app_locale_init(NULL); // the language in force does not matter here
    app_relay_config_init(&config);
    bool is_fine =
        parse(&config, argc, argv, true, &err) && parse(&config, argc, argv, false, &err);
    if (is_fine) {
        log_set(log_to_stderr, config.log);
        is_fine = net_init(&err) && serve(&config, &err);
    }
    if (!is_fine) {
        (void)fprintf(stderr, "ronrond: %s\n", err.text);
        return EXIT_USAGE;
    }
    net_quit();
    return EXIT_SUCCESS;
}

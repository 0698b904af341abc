// ronrond: the relay as a program. Flags, signals, a loop.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app_locale.h"
#include "app_paths.h"
#include "app_relay_flags.h"
#include "app_relay_hash.h"
#include "app_relay_run.h"
#include "app_sandbox.h"
#include "err.h"
#include "i18n.h"
#include "net_tls.h"

#define LOG_MODULE "ronrond"
#include "log.h"

#define EXIT_USAGE 2
#define PATH_SIZE  4096

// The handlers may only wake: the loop reads the flags.
static volatile sig_atomic_t has_signal;
static volatile sig_atomic_t has_hangup;
static struct app_relay_run *signal_run;

static void on_signal(int number)
{
    if (number == SIGHUP) {
        has_hangup = 1;
    } else {
        has_signal = 1;
    }
    app_relay_run_wake(signal_run);
}

static void log_to_stderr(enum log_level level, const char *module, const char *text)
{
    (void)fprintf(stderr, "%s %s: %s\n", log_level_name(level), module, text);
}

// Settings as the relay wants them; views point into config and folder.
static void fill_setup(const struct app_relay_config *config, const char *folder,
                       struct app_relay_setup *setup)
{
    *setup = (struct app_relay_setup){
        .listen = config->listen,
        .listen_count = config->listen_count,
        .admin = config->admin.host[0] ? &config->admin : NULL,
        .data = folder[0] ? folder : NULL,
        .has_history = app_relay_config_keeps_history(config),
        .has_tls = config->has_tls,
        .must_have_tls = config->tls_cert[0] || config->data[0],
        .tls_cert = config->tls_cert[0] ? config->tls_cert : NULL,
        .tls_key = config->tls_key[0] ? config->tls_key : NULL,
        .beacon_port = config->has_beacon ? config->beacon_port : 0,
        .scope = NET_SCOPE_LAN, // as far as what is listened on can be reached
    };
    app_relay_config_fill(config, &setup->relay);
}

// The folder named, or the person's own where something has to be kept; "": nothing has.
static bool find_folder(const struct app_relay_config *config, char *out, size_t size,
                        struct err *err)
{
    bool needs_one =
        app_relay_config_keeps_history(config) || (config->has_tls && !config->tls_cert[0]);
    out[0] = '\0';
    if (config->data[0]) {
        (void)str_copy(out, size, str_from(config->data)); // shorter
        return app_paths_make(out, err);
    }
    if (needs_one) {
        (void)app_paths_data(out, size); // without one nothing is kept, and that is told
    }
    return true;
}

static void warn_if_exposed(const char *path)
{
    if (app_paths_is_exposed(path)) {
        log_warn(
            _("Others on this machine may read or change %s, which holds secrets. Take that right "
              "away: chmod o= FILE"),
            path);
    }
}

static void warn_of_exposed(const struct app_relay_flags *flags,
                            const struct app_relay_config *config, const char *folder)
{
    static const char *const kept[] = {"tls-key.pem", "party.db"};
    char path[PATH_SIZE + 16];
    if (config->has_secrets) {
        warn_if_exposed(flags->config);
    }
    if (config->has_tls && config->tls_key[0]) {
        warn_if_exposed(config->tls_key);
    }
    for (size_t i = 0; folder[0] && i < sizeof(kept) / sizeof(kept[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", folder, kept[i]);
        warn_if_exposed(path);
    }
}

static void reload(struct app_relay_run *run, const struct app_relay_flags *flags)
{
    struct app_relay_config config;
    struct app_relay_setup setup;
    struct err err = {0};
    char text[600];
    bool is_done = app_relay_flags_read(flags, &config, &err);
    if (is_done) {
        fill_setup(&config, "", &setup);
        is_done = app_relay_run_reload(run, &setup, &err);
    }
    if (is_done) {
        log_set(log_to_stderr, config.log);
        log_info("%s", _("Settings read again."));
        warn_of_exposed(flags, &config, "");
        (void)snprintf(text, sizeof(text), "%s", _("Settings read again."));
    } else {
        (void)snprintf(text, sizeof(text), _("Settings stay as they are: %s"), err.text);
        log_error("%s", text);
    }
    relay_reload_done(app_relay_run_relay(run), str_from(text));
}

static void handle_signals(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    (void)sigaction(SIGTERM, &action, NULL); // all three exist
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGHUP, &action, NULL);
}

static void announce(struct app_relay_run *run)
{
    const struct relay *relay = app_relay_run_relay(run);
    for (size_t i = 0; relay_address(relay, i)[0]; i++) {
        (void)printf(_("Listening on %s"), relay_address(relay, i));
        (void)printf("\n");
    }
    if (app_relay_run_fingerprint(run)[0]) {
        (void)printf(_("Fingerprint of the key: SHA256 %s"), app_relay_run_fingerprint(run));
        (void)printf("\n");
    }
    if (relay_admin_address(relay)[0]) {
        (void)printf(_("Numbers at http://%s/metrics"), relay_admin_address(relay));
        (void)printf("\n");
    }
    (void)fflush(stdout); // scripts wait for these lines
}

static void run_loop(struct app_relay_run *run, const struct app_relay_flags *flags)
{
    while (app_relay_run_turn(run)) {
        if (has_signal) {
            has_signal = 0;
            app_relay_run_stop(run);
        }
        if (has_hangup || relay_wants_reload(app_relay_run_relay(run))) {
            has_hangup = 0;
            reload(run, flags);
        }
    }
}

static bool serve(const struct app_relay_flags *flags, const struct app_relay_config *config,
                  struct err *err)
{
    struct app_relay_setup setup;
    struct err sandbox_err = {0};
    char folder[PATH_SIZE];
    if (!find_folder(config, folder, sizeof(folder), err)) {
        return false;
    }
    warn_of_exposed(flags, config, folder);
    fill_setup(config, folder, &setup);
    struct app_relay_run *run = app_relay_run_create(&setup, err);
    if (!run) {
        return false;
    }
    signal_run = run;
    handle_signals(on_signal);
    if (flags->has_sandbox && !app_sandbox_enter(folder[0] ? folder : NULL, &sandbox_err)) {
        log_warn(_("The sandbox is not complete: %s"), sandbox_err.text);
    }
    bool is_started = app_relay_run_start(run, err);
    if (is_started) {
        announce(run);
        run_loop(run, flags);
    }
    handle_signals(SIG_IGN); // what is being put on the disk is not interrupted
    app_relay_run_destroy(run);
    return is_started;
}

// Settings may be good one by one and the certificate still not fit its key.
static bool check_settings(const struct app_relay_flags *flags, struct err *err)
{
    struct app_relay_config config;
    if (!app_relay_flags_read(flags, &config, err)) {
        return false;
    }
    if (!config.has_tls || !config.tls_cert[0]) {
        return true;
    }
    struct net_tls_config tls_config = {.cert_path = config.tls_cert, .key_path = config.tls_key};
    struct net_tls *tls = net_tls_create(&tls_config, err);
    net_tls_destroy(tls);
    return tls != NULL;
}

static bool run_task(const struct app_relay_flags *flags, struct err *err)
{
    struct app_relay_config config;
    switch (flags->task) {
    case APP_TASK_HELP:
        app_relay_flags_help();
        return true;
    case APP_TASK_VERSION:
        (void)printf("ronrond %s\n%s %s\n", RONRON_VERSION, _("Sandbox:"), app_sandbox_name());
        return true;
    case APP_TASK_PRINT:
        app_relay_flags_print_config();
        return true;
    case APP_TASK_HASH:
        return app_relay_hash(err);
    case APP_TASK_CHECK:
        return check_settings(flags, err);
    case APP_TASK_SERVE:
        break;
    }
    if (!app_relay_flags_read(flags, &config, err)) {
        return false;
    }
    log_set(log_to_stderr, config.log);
    if (!net_init(err)) {
        return false;
    }
    bool is_served = serve(flags, &config, err);
    net_quit();
    return is_served;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct app_relay_flags flags;
    (void)app_locale_init(NULL); // the language in force does not matter here
    (void)umask(077);            // what it keeps is its owner's alone
    bool is_fine = app_relay_flags_parse(&flags, argc, argv, &err) && run_task(&flags, &err);
    app_relay_flags_deinit(&flags);
    if (!is_fine) {
        (void)fprintf(stderr, "ronrond: %s\n", err.text);
    }
    return is_fine ? EXIT_SUCCESS : EXIT_USAGE;
}

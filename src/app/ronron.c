// ronron: the client as a program.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "app_client.h"
#include "app_locale.h"
#include "i18n.h"
#include "log.h"

#define EXIT_USAGE 2

static void log_to_stderr(enum log_level level, const char *module, const char *text)
{
    (void)fprintf(stderr, "%s %s: %s\n", log_level_name(level), module, text);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct app_options options;
    static struct app_client client; // too large for the stack
    (void)app_locale_init(NULL);     // --lang comes later
    log_set(log_to_stderr, LOG_WARN);
    (void)signal(SIGPIPE, SIG_IGN); // a link that broke is an event, not an end
    bool is_fine = app_options_parse(&options, argc, argv, &err);
    if (is_fine && options.wants_help) {
        app_options_help();
        return EXIT_SUCCESS;
    }
    if (is_fine && options.wants_version) {
        (void)printf("ronron %s\n", RONRON_VERSION);
        return EXIT_SUCCESS;
    }
    is_fine = is_fine && app_client_open(&client, &options, &err);
    if (!is_fine) {
        (void)fprintf(stderr, "ronron: %s\n", err.text);
        return EXIT_USAGE;
    }
    app_client_run(&client);
    app_client_close(&client);
    return EXIT_SUCCESS;
}

// ronrond's command line: a flag for each setting that has one, and what only a program knows.
//
// Ownership: flags hold copies; a PIN is wiped out of argv, so that the process list shows none.
#ifndef APP_RELAY_FLAGS_H
#define APP_RELAY_FLAGS_H

#include <stdbool.h>
#include <stddef.h>

#include "app_relay_config.h"
#include "err.h"

#define APP_FLAGS_MAX 32

enum app_relay_task {
    APP_TASK_SERVE,
    APP_TASK_CHECK,
    APP_TASK_PRINT,
    APP_TASK_HASH,
    APP_TASK_HELP,
    APP_TASK_VERSION,
};

struct app_relay_flag {
    size_t row;  // in the table of settings
    char *value; // owned
};

struct app_relay_flags {
    struct app_relay_flag given[APP_FLAGS_MAX];
    size_t count;
    const char *config; // path, of argv; NULL: none
    enum app_relay_task task;
    bool has_sandbox;
};

bool app_relay_flags_parse(struct app_relay_flags *flags, int argc, char **argv, struct err *err);
void app_relay_flags_deinit(struct app_relay_flags *flags);
// Defaults, then the file, then the flags, which win; then all of it is checked. Again on reload.
bool app_relay_flags_read(const struct app_relay_flags *flags, struct app_relay_config *config,
                          struct err *err);
// What is no setting but a flag of the program, by number; false: there are no more.
struct app_relay_option {
    const char *flag;
    const char *argument; // NULL: none
    const char *help;     // msgid
};
bool app_relay_flags_option(size_t at, struct app_relay_option *out);
void app_relay_flags_help(void);         // to stdout
void app_relay_flags_print_config(void); // to stdout: a file with every setting and its default

#endif

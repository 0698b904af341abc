// ronrond's command line.
#include "app_relay_flags.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "app_relay_rows.h"
#include "i18n.h"
#include "mem.h"

#define ROWS_MAX  64
#define ROW_BASE  0x100 // values of getopt, beyond its own characters
#define TASK_BASE 0x400

enum { PROGRAM_CONFIG, PROGRAM_NO_SANDBOX, PROGRAM_TASKS };

struct program_row {
    const char *flag;
    const char *argument;
    enum app_relay_task task;
    const char *help;
};

// clang-format off
static const struct program_row programs[] = {
    [PROGRAM_CONFIG]     = {"config",     "FILE", APP_TASK_SERVE,   N_("Read settings from this file first, and again on SIGHUP; flags win.")},
    [PROGRAM_NO_SANDBOX] = {"no-sandbox", NULL,   APP_TASK_SERVE,   N_("Keep the rights that a relay does not need (for debuggers).")},
    [PROGRAM_TASKS]      = {"check-config", NULL, APP_TASK_CHECK,   N_("Check file and flags and end: 0 good, 2 bad.")},
                           {"print-config", NULL, APP_TASK_PRINT,   N_("Print a file with every setting and its default and end.")},
                           {"hash-password", NULL, APP_TASK_HASH,   N_("Read an operator's password from stdin, print what [oper] wants and end.")},
                           {"version",    NULL,   APP_TASK_VERSION, N_("Say the version and end.")},
                           {"help",       NULL,   APP_TASK_HELP,    N_("Show this help and end.")},
};
// clang-format on

#define PROGRAM_COUNT (sizeof(programs) / sizeof(programs[0]))

static size_t fill_options(struct option *options, size_t max)
{
    size_t row_count = 0;
    size_t count = 0;
    const struct app_relay_row *rows = app_relay_rows(&row_count);
    for (size_t i = 0; i < row_count && count < max; i++) {
        if (rows[i].flag) {
            int has = rows[i].argument ? required_argument : no_argument;
            options[count++] = (struct option){rows[i].flag, has, NULL, ROW_BASE + (int)i};
        }
    }
    for (size_t i = 0; i < PROGRAM_COUNT && count < max; i++) {
        int has = programs[i].argument ? required_argument : no_argument;
        options[count++] = (struct option){programs[i].flag, has, NULL, TASK_BASE + (int)i};
    }
    return count;
}

static void take_program(struct app_relay_flags *flags, size_t program)
{
    if (program == PROGRAM_CONFIG) {
        flags->config = optarg;
    } else if (program == PROGRAM_NO_SANDBOX) {
        flags->has_sandbox = false;
    } else {
        flags->task = programs[program].task;
    }
}

static bool take_row(struct app_relay_flags *flags, size_t row, struct err *err)
{
    size_t count = 0;
    if (flags->count == APP_FLAGS_MAX) {
        return err_set(err, "%s", _("There are too many flags; use a file."));
    }
    flags->given[flags->count++] =
        (struct app_relay_flag){row, mem_copy_text(optarg ? optarg : "yes")};
    if (optarg && strcmp(app_relay_rows(&count)[row].key, "password") == 0) {
        memset(optarg, '\0', strlen(optarg)); // the process list shows argv
    }
    return true;
}

// Without its value: that may be a secret.
static bool refuse(const char *argument, struct err *err)
{
    char name[64];
    if (optopt > 0 && optopt < ROW_BASE) { // one of several letters behind a dash
        (void)snprintf(name, sizeof(name), "-%c", optopt);
    } else {
        (void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(argument, "="), argument);
    }
    return err_set(err, _("Unknown or incomplete option %s; see --help."), name);
}

bool app_relay_flags_parse(struct app_relay_flags *flags, int argc, char **argv, struct err *err)
{
    struct option options[ROWS_MAX + PROGRAM_COUNT + 1] = {0};
    *flags = (struct app_relay_flags){.has_sandbox = true};
    (void)fill_options(options, ROWS_MAX + PROGRAM_COUNT);
    opterr = 0;
    optind = 0; // begins anew, in the middle of a word too
    for (;;) {
        int value = getopt_long(argc, argv, "", options, NULL);
        if (value == -1) {
            break;
        }
        if (value >= TASK_BASE) {
            take_program(flags, (size_t)(value - TASK_BASE));
        } else if (value >= ROW_BASE) {
            if (!take_row(flags, (size_t)(value - ROW_BASE), err)) {
                return false;
            }
        } else {
            return refuse(argv[optind - 1], err);
        }
    }
    return optind >= argc || err_set(err, _("\"%s\" is not understood; see --help."), argv[optind]);
}

void app_relay_flags_deinit(struct app_relay_flags *flags)
{
    for (size_t i = 0; i < flags->count; i++) {
        mem_free(flags->given[i].value);
    }
    *flags = (struct app_relay_flags){0};
}

static bool apply(const struct app_relay_flags *flags, struct app_relay_config *config,
                  struct err *err)
{
    size_t count = 0;
    bool had_listen = false;
    const struct app_relay_row *rows = app_relay_rows(&count);
    for (size_t i = 0; i < flags->count; i++) {
        const struct app_relay_row *row = &rows[flags->given[i].row];
        if (strcmp(row->section, "listen") == 0 && !had_listen) {
            config->listen_count = 0; // the flag replaces the file's addresses
            had_listen = true;
        }
        if (!row->set(config, row, str_from(flags->given[i].value), err)) {
            return err_wrap(err, "--%s", row->flag);
        }
    }
    return true;
}

bool app_relay_flags_read(const struct app_relay_flags *flags, struct app_relay_config *config,
                          struct err *err)
{
    app_relay_config_init(config);
    return (!flags->config || app_relay_config_load(config, flags->config, err)) &&
           apply(flags, config, err) && app_relay_config_check(config, err);
}

// Only the first sentence: the rest stands in the manual.
static void print_flag(const char *flag, const char *argument, const char *help)
{
    char name[64];
    size_t end = strlen(help) - 1; // its full stop
    (void)str_find(str_from(help), STR(". "), &end);
    (void)snprintf(name, sizeof(name), "--%s %s", flag, argument ? argument : "");
    (void)printf("  %-24s %.*s\n", name, (int)end, help);
}

bool app_relay_flags_option(size_t at, struct app_relay_option *out)
{
    if (at >= PROGRAM_COUNT) {
        return false;
    }
    *out = (struct app_relay_option){programs[at].flag, programs[at].argument, programs[at].help};
    return true;
}

void app_relay_flags_help(void)
{
    size_t count = 0;
    const struct app_relay_row *rows = app_relay_rows(&count);
    (void)printf("%s\n\n", _("Usage: ronrond [options]"));
    for (size_t i = 0; i < count; i++) {
        if (rows[i].flag) {
            print_flag(rows[i].flag, rows[i].argument, _(rows[i].help));
        }
    }
    (void)printf("\n");
    for (size_t i = 0; i < PROGRAM_COUNT; i++) {
        print_flag(programs[i].flag, programs[i].argument, _(programs[i].help));
    }
}

void app_relay_flags_print_config(void)
{
    size_t count = 0;
    const char *section = "";
    const struct app_relay_row *rows = app_relay_rows(&count);
    for (size_t i = 0; i < count; i++) {
        char fallback[64];
        app_relay_row_default(&rows[i], fallback, sizeof(fallback));
        if (strcmp(section, rows[i].section) != 0) {
            (void)printf("%s[%s]\n", section[0] ? "\n" : "", rows[i].section);
            section = rows[i].section;
        }
        (void)printf("# %s\n# %s = %s\n", _(rows[i].help), rows[i].key, fallback);
    }
}

// Writes a manual page: a template whose lines "@FLAGS@" and "@SETTINGS@" become what the tables
// say. Runs when the programs are built: app_relay_manual TEMPLATE PAGE.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app_relay_flags.h"
#include "app_relay_rows.h"
#include "str.h"

#define LINE_WIDTH 76

// Each sentence on lines of its own, as roff wants it.
static void print_text(FILE *page, const char *text)
{
    struct str rest = str_from(text);
    struct str word;
    size_t width = 0;
    while (str_next(&rest, ' ', &word)) {
        bool breaks = width > 0 && width + word.len >= LINE_WIDTH;
        (void)fprintf(page, "%s%.*s", breaks ? "\n" : width > 0 ? " " : "", STR_ARG(word));
        width = (breaks ? 0 : width) + word.len + 1;
        if (str_ends(word, STR(".")) && rest.len > 0) {
            (void)fprintf(page, "\n");
            width = 0;
        }
    }
    (void)fprintf(page, "\n");
}

static void print_flag(FILE *page, const char *flag, const char *argument)
{
    (void)fprintf(page, ".It Fl Fl %s%s%s\n", flag, argument ? " Ar " : "",
                  argument ? argument : "");
}

static void print_flags(FILE *page)
{
    size_t count = 0;
    struct app_relay_option option;
    const struct app_relay_row *rows = app_relay_rows(&count);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].flag) {
            print_flag(page, rows[i].flag, rows[i].argument);
            (void)fprintf(page, "Setting\n.Cm %s\nof section\n.Sy %s .\n", rows[i].key,
                          rows[i].section);
            print_text(page, rows[i].help);
        }
    }
    for (size_t i = 0; app_relay_flags_option(i, &option); i++) {
        print_flag(page, option.flag, option.argument);
        print_text(page, option.help);
    }
}

static void print_settings(FILE *page)
{
    size_t count = 0;
    const char *section = "";
    const struct app_relay_row *rows = app_relay_rows(&count);
    for (size_t i = 0; i < count; i++) {
        char fallback[64];
        app_relay_row_default(&rows[i], fallback, sizeof(fallback));
        if (strcmp(section, rows[i].section) != 0) {
            (void)fprintf(page, "%s.Ss Section %s\n.Bl -tag -width Ds\n", section[0] ? ".El\n" : "",
                          rows[i].section);
            section = rows[i].section;
        }
        (void)fprintf(page, ".It Cm %s No = Ar %s\n", rows[i].key,
                      rows[i].argument ? rows[i].argument : "yes|no");
        print_text(page, rows[i].help);
        if (fallback[0]) {
            (void)fprintf(page, "Default:\n.Cm %s .\n", fallback);
        }
    }
    (void)fprintf(page, ".El\n");
}

int main(int argc, char **argv)
{
    char line[512];
    FILE *template = argc == 3 ? fopen(argv[1], "r") : NULL;
    FILE *page = template ? fopen(argv[2], "w") : NULL;
    if (!page) {
        (void)fprintf(stderr, "usage: app_relay_manual TEMPLATE PAGE\n");
        return EXIT_FAILURE;
    }
    while (fgets(line, sizeof(line), template)) {
        if (strcmp(line, "@FLAGS@\n") == 0) {
            print_flags(page);
        } else if (strcmp(line, "@SETTINGS@\n") == 0) {
            print_settings(page);
        } else {
            (void)fputs(line, page); // checked by ferror below
        }
    }
    bool is_written = !ferror(page) && !ferror(template);
    is_written = fclose(page) == 0 && is_written;
    (void)fclose(template); // was only read
    return is_written ? EXIT_SUCCESS : EXIT_FAILURE;
}

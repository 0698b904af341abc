// gettext needs a locale other than "C"; a system with none installed still has C.UTF-8, under which
// LANGUAGE decides. So the language is chosen here from the usual variables and put in LANGUAGE.
#include "app_locale.h"

#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app_paths.h"
#include "str.h"

#define DOMAIN "ronron"

static const char *language_of_system(void)
{
    static const char *const variables[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *value = getenv(variables[i]);
        if (value && value[0]) {
            return str_starts(str_from(value), STR("fr")) ? "fr" : "en";
        }
    }
    return "en";
}

const char *app_locale_set(const char *language)
{
    const char *chosen = language && strcmp(language, "fr") == 0 ? "fr" : "en";
    (void)setenv("LANGUAGE", chosen, 1); // fails only without memory
    (void)textdomain(DOMAIN);            // makes gettext look again
    return chosen;
}

const char *app_locale_init(const char *language)
{
    const char *chosen = language ? language : language_of_system();
    // Only the language of messages: text is UTF-8 whatever LC_CTYPE says, and under C.UTF-8 the X
    // library does not know how to write the window's old-style name, which then has none.
    const char *current = setlocale(LC_MESSAGES, "");
    if (!current || strcmp(current, "C") == 0 || strcmp(current, "POSIX") == 0) {
        (void)setlocale(LC_MESSAGES, "C.UTF-8"); // without it English stays, which is fine
    }
    char folder[4096];
    app_paths_near_program(folder, sizeof(folder), "locale");
    if (access(folder, R_OK) != 0) {
        app_paths_near_program(folder, sizeof(folder), "../share/locale");
    }
    (void)bindtextdomain(DOMAIN, folder);
    (void)bind_textdomain_codeset(DOMAIN, "UTF-8");
    return app_locale_set(chosen);
}

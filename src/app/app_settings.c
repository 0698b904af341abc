// settings.ini: read with inih, written by one table.
#include "app_settings.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "i18n.h"
#include "str.h"

#define LOG_MODULE "settings"
#include "log.h"

enum kind { KIND_TEXT, KIND_FLAG, KIND_PORT, KIND_SCOPE };

struct row {
    const char *section;
    const char *key;
    enum kind kind;
    size_t offset; // in struct app_settings
    size_t size;   // of a text
};

#define TEXT_ROW(section, key, field)                                                              \
    {                                                                                              \
        section, key, KIND_TEXT, offsetof(struct app_settings, field),                             \
            sizeof(((struct app_settings *)0)->field)                                              \
    }

// clang-format off
static const struct row rows[] = {
    TEXT_ROW("me",   "nick",       nick),
    TEXT_ROW("look", "theme",      theme),
    TEXT_ROW("look", "language",   language),
    {"look", "fullscreen", KIND_FLAG,  offsetof(struct app_settings, is_fullscreen), 0},
    TEXT_ROW("host", "listen",     listen),
    {"lan",  "port",       KIND_PORT,  offsetof(struct app_settings, lan_port), 0},
    {"lan",  "scope",      KIND_SCOPE, offsetof(struct app_settings, is_lan_loopback), 0},
    TEXT_ROW("save", "folder",     save_folder),
};
// clang-format on

void app_settings_init(struct app_settings *settings)
{
    *settings = (struct app_settings){.lan_port = NET_PORT_DEFAULT, .theme = "velours"};
}

static bool set_row(struct app_settings *settings, const struct row *row, struct str value)
{
    char *field = (char *)settings + row->offset;
    int64_t number = 0;
    switch (row->kind) {
    case KIND_TEXT:
        return str_copy(field, row->size, value);
    case KIND_FLAG:
        *(bool *)field = str_eq_nocase(value, STR("yes"));
        return *(bool *)field || str_eq_nocase(value, STR("no"));
    case KIND_PORT:
        if (!str_to_int_in(value, 1, 65535, &number)) {
            return false;
        }
        memcpy(field, &(int){(int)number}, sizeof(int));
        return true;
    case KIND_SCOPE:
        *(bool *)field = str_eq_nocase(value, STR("loopback"));
        return *(bool *)field || str_eq_nocase(value, STR("lan"));
    }
    return false;
}

// inih's callback: 0 marks the line as wrong.
static int take_pair(void *context, const char *section, const char *key, const char *value)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].section, section) == 0 && strcmp(rows[i].key, key) == 0) {
            return set_row(context, &rows[i], str_from(value)) ? 1 : 0;
        }
    }
    log_warn("settings.ini: unknown key %s in [%s]", key, section);
    return 1;
}

bool app_settings_load(struct app_settings *settings, const char *folder, struct err *err)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/settings.ini", folder);
    if (access(path, F_OK) != 0) {
        return true;
    }
    int line = ini_parse(path, take_pair, settings);
    if (line > 0) {
        return err_set(err, _("%s, line %d is wrong; the other lines count."), path, line);
    }
    return line == 0 || err_set(err, _("%s cannot be read."), path);
}

static void write_row(FILE *file, const struct app_settings *settings, const struct row *row)
{
    const char *field = (const char *)settings + row->offset;
    int number = 0;
    switch (row->kind) {
    case KIND_TEXT:
        (void)fprintf(file, "%s = %s\n", row->key, field);
        break;
    case KIND_FLAG:
        (void)fprintf(file, "%s = %s\n", row->key, *(const bool *)field ? "yes" : "no");
        break;
    case KIND_PORT:
        memcpy(&number, field, sizeof(number));
        (void)fprintf(file, "%s = %d\n", row->key, number);
        break;
    case KIND_SCOPE:
        (void)fprintf(file, "%s = %s\n", row->key, *(const bool *)field ? "loopback" : "lan");
        break;
    }
}

bool app_settings_save(const struct app_settings *settings, const char *folder, struct err *err)
{
    char path[4096];
    char fresh[4096];
    (void)snprintf(path, sizeof(path), "%s/settings.ini", folder);
    (void)snprintf(fresh, sizeof(fresh), "%s/settings.ini.new", folder);
    FILE *file = fopen(fresh, "w");
    if (!file) {
        return err_set(err, _("Settings are not saved: %s (%s)."), fresh, strerror(errno));
    }
    const char *section = "";
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(section, rows[i].section) != 0) {
            section = rows[i].section;
            (void)fprintf(file, "[%s]\n", section); // checked by ferror below
        }
        write_row(file, settings, &rows[i]);
    }
    bool is_written = !ferror(file);
    is_written = fclose(file) == 0 && is_written;
    if (!is_written || rename(fresh, path) != 0) {
        (void)unlink(fresh); // a rest of the failed attempt
        return err_set(err, _("Settings are not saved: %s (%s)."), path, strerror(errno));
    }
    return true;
}

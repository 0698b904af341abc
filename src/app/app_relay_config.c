// Settings of a relay.
#include "app_relay_config.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app_relay_rows.h"
#include "i18n.h"
#include "str.h"

#define ROWS_MAX  64
#define LINE_TEXT 197 // bytes that inih takes of a line

void app_relay_config_init(struct app_relay_config *config)
{
    size_t count = 0;
    const struct app_relay_row *rows = app_relay_rows(&count);
    *config = (struct app_relay_config){0};
    for (size_t i = 0; i < APP_LIMIT_COUNT; i++) {
        config->limits[i] = -1;
    }
    for (size_t i = 0; i < count; i++) {
        if (rows[i].fallback) {
            (void)rows[i].set(config, &rows[i], str_from(rows[i].fallback), NULL); // ours are good
        }
    }
}

struct loading {
    struct app_relay_config *config;
    FILE *file;
    int line;             // being read, from 1
    bool given[ROWS_MAX]; // by number of the row
    int bad_line;         // of the first error; 0: none
    struct err err;
};

static bool fail(struct loading *loading)
{
    if (!loading->bad_line) {
        loading->bad_line = loading->line;
    }
    return false;
}

// inih cuts a line it has no room for and reads its rest as another one: refused instead.
static char *read_line(char *line, int size, void *context)
{
    struct loading *loading = context;
    char *got = fgets(line, size, loading->file);
    if (!got) {
        return NULL;
    }
    loading->line++;
    size_t len = strlen(line);
    bool is_whole = len > 0 && (line[len - 1] == '\n' || feof(loading->file));
    if (!is_whole && !loading->bad_line) {
        (void)err_set(&loading->err, _("the line has a NUL or more than %d bytes"), LINE_TEXT);
        (void)fail(loading);
        return NULL;
    }
    return got;
}

static bool take_pair(struct loading *loading, struct str section, struct str key, struct str value)
{
    size_t count = 0;
    const struct app_relay_row *rows = app_relay_rows(&count);
    const struct app_relay_row *row = app_relay_row_find(section, key);
    if (!row && !app_relay_section_exists(section)) {
        return err_set(&loading->err, _("there is no section [%.*s]"), STR_ARG(section));
    }
    if (!row) {
        return err_set(&loading->err, _("there is no setting \"%.*s\" in [%.*s]"), STR_ARG(key),
                       STR_ARG(section));
    }
    bool *given = &loading->given[row - rows];
    if (*given && !row->is_list) {
        return err_set(&loading->err, _("%s is given twice"), row->key);
    }
    if (!*given && strcmp(row->section, "listen") == 0) {
        loading->config->listen_count = 0; // the file's addresses replace the default
    }
    *given = true;
    return row->set(loading->config, row, value, &loading->err) ||
           err_wrap(&loading->err, "%s", row->key);
}

static int on_pair(void *context, const char *section, const char *key, const char *value)
{
    struct loading *loading = context;
    // inih goes on after an error; only the first counts.
    if (loading->bad_line) {
        return 0;
    }
    return take_pair(loading, str_from(section), str_from(key), str_from(value)) || fail(loading);
}

bool app_relay_config_load(struct app_relay_config *config, const char *path, struct err *err)
{
    struct loading loading = {.config = config, .file = fopen(path, "r")};
    if (!loading.file) {
        return err_set(err, _("%s cannot be read: %s."), path, strerror(errno));
    }
    int line = ini_parse_stream(read_line, &loading, on_pair, &loading);
    bool is_read = !ferror(loading.file);
    (void)fclose(loading.file); // was only read
    if (!is_read) {
        return err_set(err, _("%s cannot be read."), path);
    }
    if (line > 0 && (!loading.bad_line || line < loading.bad_line)) {
        return err_set(err, _("%s, line %d: %s"), path, line, _("this is no \"key = value\""));
    }
    config->has_secrets = config->password[0] || config->oper_password[0];
    return !loading.bad_line ||
           err_set(err, _("%s, line %d: %s"), path, loading.bad_line, loading.err.text);
}

bool app_relay_config_check(const struct app_relay_config *config, struct err *err)
{
    const char *files[] = {config->tls_cert, config->tls_key};
    if (!config->tls_cert[0] != !config->tls_key[0]) {
        return err_set(err, "%s", _("[tls] cert and key go together; one of them is missing."));
    }
    for (size_t i = 0; config->has_tls && i < 2; i++) {
        if (files[i][0] && access(files[i], R_OK) != 0) {
            return err_set(err, _("%s cannot be read: %s."), files[i], strerror(errno));
        }
    }
    if (!config->oper_name[0] != !config->oper_password[0]) {
        return err_set(err, "%s",
                       _("[oper] name and password go together; one of them is missing."));
    }
    if (config->admin.host[0] && !config->is_admin_public &&
        !net_addr_is_loopback(str_from(config->admin.host))) {
        return err_set(err, _("[admin] other machines reach %s; say public = yes if they shall."),
                       config->admin.host);
    }
    return true;
}

bool app_relay_config_keeps_history(const struct app_relay_config *config)
{
    return config->history == APP_YES || (config->history == APP_AUTO && config->data[0]);
}

static struct relay_limits limits_of(const struct app_relay_config *config)
{
    struct relay_limits limits =
        config->has_limits ? relay_limits_normal() : (struct relay_limits){0};
    unsigned *fields[] = {
        [APP_LIMIT_CONNECTIONS] = &limits.connections,
        [APP_LIMIT_REGISTRATIONS] = &limits.registrations,
        [APP_LIMIT_MESSAGES] = &limits.messages_per_s,
        [APP_LIMIT_BURST] = &limits.burst,
        [APP_LIMIT_BYTES] = &limits.bytes_per_s,
        [APP_LIMIT_SENDQ] = &limits.sendq_bytes,
        [APP_LIMIT_CLIENTS] = &limits.clients,
    };
    for (size_t i = 0; i < APP_LIMIT_COUNT; i++) {
        if (config->limits[i] >= 0) {
            *fields[i] = (unsigned)config->limits[i];
        }
    }
    return limits;
}

void app_relay_config_fill(const struct app_relay_config *config, struct relay_config *out)
{
    *out = (struct relay_config){
        .name = str_from(config->name),
        .server_name = str_from(config->hostname),
        .motd = str_from(config->motd),
        .password = str_from(config->password),
        .host_account = str_from(config->host_account),
        .oper_name = str_from(config->oper_name),
        .oper_verifier = str_from(config->oper_password),
        .limits = limits_of(config),
        .is_public = config->is_public,
        .has_utf8_nicks = config->has_utf8_nicks,
        .has_registration = config->has_registration,
        .is_before_connect = config->is_before_connect,
        .history_max_age_ms = (int64_t)config->history_max_age * 86400000,
        .history_max_bytes = (uint64_t)config->history_max_size * 1000000,
    };
}

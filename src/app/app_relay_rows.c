// The settings, a row each, and what sets them.
#include "app_relay_rows.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "irc_scram.h"
#include "utf8.h"

static void *field(struct app_relay_config *config, const struct app_relay_row *row)
{
    return (char *)config + row->offset;
}

static bool has_control(struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        if ((unsigned char)value.data[i] < ' ' || value.data[i] == 0x7F) {
            return true;
        }
    }
    return false;
}

static bool take_text(char *out, size_t size, struct str value, struct err *err)
{
    if (value.len == 0 || value.len >= size || !utf8_is_valid(value) || has_control(value)) {
        return err_set(err, _("write 1 to %zu bytes of UTF-8 text"), size - 1);
    }
    return str_copy(out, size, value);
}

static bool set_text(struct app_relay_config *config, const struct app_relay_row *row,
                     struct str value, struct err *err)
{
    return take_text(field(config, row), row->size, value, err);
}

// It stands in every line as the source: no spaces, and a dot tells it from a nick.
static bool set_hostname(struct app_relay_config *config, const struct app_relay_row *row,
                         struct str value, struct err *err)
{
    size_t dot = 0;
    for (size_t i = 0; i < value.len; i++) {
        char c = char_lower(value.data[i]);
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '-') {
            return err_set(err, "%s", _("write a name of letters, digits, - and dots"));
        }
    }
    if (!str_find_char(value, '.', &dot)) {
        return err_set(err, "%s", _("write a name of letters, digits, - and dots"));
    }
    return set_text(config, row, value, err);
}

static bool set_flag(struct app_relay_config *config, const struct app_relay_row *row,
                     struct str value, struct err *err)
{
    bool *out = field(config, row);
    bool is_yes = str_eq_nocase(value, STR("yes"));
    if (!is_yes && !str_eq_nocase(value, STR("no"))) {
        return err_set(err, "%s", _("write yes or no"));
    }
    *out = is_yes;
    return true;
}

static bool set_choice(struct app_relay_config *config, const struct app_relay_row *row,
                       struct str value, struct err *err)
{
    enum app_choice *out = field(config, row);
    bool is_yes = str_eq_nocase(value, STR("yes"));
    if (!is_yes && !str_eq_nocase(value, STR("no"))) {
        return err_set(err, "%s", _("write yes or no"));
    }
    *out = is_yes ? APP_YES : APP_NO;
    return true;
}

static bool take_number(const struct app_relay_row *row, struct str value, int64_t *out,
                        struct err *err)
{
    if (!str_to_int_in(value, (int64_t)row->size, row->max, out)) {
        return err_set(err, _("write a number from %zu to %lld"), row->size, (long long)row->max);
    }
    return true;
}

static bool set_number(struct app_relay_config *config, const struct app_relay_row *row,
                       struct str value, struct err *err)
{
    int64_t number = 0;
    unsigned *out = field(config, row);
    if (!take_number(row, value, &number, err)) {
        return false;
    }
    *out = (unsigned)number;
    return true;
}

static bool set_limit(struct app_relay_config *config, const struct app_relay_row *row,
                      struct str value, struct err *err)
{
    return take_number(row, value, field(config, row), err);
}

static bool set_mode(struct app_relay_config *config, const struct app_relay_row *row,
                     struct str value, struct err *err)
{
    (void)row;
    config->has_limits = str_eq(value, STR("normal"));
    return config->has_limits || str_eq(value, STR("none")) ||
           err_set(err, "%s", _("write normal or none"));
}

static bool set_log(struct app_relay_config *config, const struct app_relay_row *row,
                    struct str value, struct err *err)
{
    (void)row;
    return log_level_parse(value, &config->log) ||
           err_set(err, "%s", _("write error, warn, info or debug"));
}

// Several lines of the file become several lines of the text.
static bool set_motd(struct app_relay_config *config, const struct app_relay_row *row,
                     struct str value, struct err *err)
{
    (void)row;
    size_t len = strlen(config->motd);
    size_t room = sizeof(config->motd) - len - 1;
    if (value.len + 1 > room || !utf8_is_valid(value)) {
        return err_set(err, _("write at most %zu bytes of UTF-8 text in all"),
                       sizeof(config->motd) - 1);
    }
    (void)snprintf(config->motd + len, room + 1, "%s%.*s", len ? "\n" : "", STR_ARG(value));
    return true;
}

// Port 0 asks for a free one; no port at all means the usual one.
static bool take_addr(struct net_addr *out, struct str value, uint16_t usual, struct err *err)
{
    if (!net_addr_parse(out, value, err)) {
        return false;
    }
    if (!out->has_port) {
        out->port = usual;
    }
    return true;
}

static bool set_listen(struct app_relay_config *config, const struct app_relay_row *row,
                       struct str value, struct err *err)
{
    (void)row;
    if (config->listen_count == APP_LISTEN_MAX) {
        return err_set(err, _("at most %d addresses can be listened on"), APP_LISTEN_MAX);
    }
    return take_addr(&config->listen[config->listen_count], value, NET_PORT_DEFAULT, err) &&
           ++config->listen_count > 0;
}

static bool set_admin(struct app_relay_config *config, const struct app_relay_row *row,
                      struct str value, struct err *err)
{
    (void)row;
    return take_addr(&config->admin, value, 9667, err);
}

static bool set_password_file(struct app_relay_config *config, const struct app_relay_row *row,
                              struct str value, struct err *err)
{
    char path[1024];
    char line[sizeof(config->password) + 2] = "";
    (void)row;
    if (!take_text(path, sizeof(path), value, err)) {
        return false;
    }
    FILE *file = fopen(path, "r");
    if (!file) {
        return err_set(err, _("%s cannot be read: %s"), path, strerror(errno));
    }
    bool has_line = fgets(line, sizeof(line), file) != NULL;
    (void)fclose(file); // was only read
    line[strcspn(line, "\r\n")] = '\0';
    if (!has_line || !take_text(config->password, sizeof(config->password), str_from(line), err)) {
        return err_set(err, _("the first line of %s is no PIN"), path); // and is not repeated here
    }
    return true;
}

// What is wrong with a secret is said without repeating it.
static bool set_verifier(struct app_relay_config *config, const struct app_relay_row *row,
                         struct str value, struct err *err)
{
    struct irc_scram_verifier verifier;
    (void)row;
    if (!irc_scram_verifier_parse(value, &verifier)) {
        return err_set(err, "%s", _("write what ronrond --hash-password prints, not the password"));
    }
    return take_text(config->oper_password, sizeof(config->oper_password), value, err);
}

#define FIELD(name)                   offsetof(struct app_relay_config, name)
#define TEXT(name)                    set_text, FIELD(name), sizeof(((struct app_relay_config *)0)->name), 0, false
#define FLAG(name)                    set_flag, FIELD(name), 0, 0, false
#define NUMBER(name, lowest, highest) set_number, FIELD(name), lowest, highest, false
#define LIMIT(which, lowest, highest)                                                              \
    set_limit, FIELD(limits) + (which) * sizeof(int64_t), lowest, highest, false
#define OTHER(setter) setter, 0, 0, 0, false
#define LIST(setter)  setter, 0, 0, 0, true

// clang-format off
static const struct app_relay_row rows[] = {
    {"server", "name", "name", "NAME", "Ronron",
     N_("Name of the party, as people see it."), TEXT(name)},
    {"server", "hostname", NULL, "NAME", "ronron.party",
     N_("Name the relay gives itself in its lines and in its own certificate. Takes effect at the next start."), set_hostname, FIELD(hostname), sizeof(((struct app_relay_config *)0)->hostname), 0, false},
    {"server", "motd", NULL, "TEXT", NULL,
     N_("Message of the day; several lines: the key several times, or more lines that begin with a space."), LIST(set_motd)},
    {"server", "password", "password", "PIN", NULL,
     N_("Lock the party with this PIN. On the command line it is overwritten at once, yet the shell may keep it: password-file is better."), TEXT(password)},
    {"server", "password-file", "password-file", "FILE", NULL,
     N_("The first line of this file is the PIN."), OTHER(set_password_file)},
    {"server", "public", "public", NULL, "no",
     N_("Let guests in from outside private networks."), FLAG(is_public)},
    {"server", "utf8-nicks", NULL, "yes|no", "no",
     N_("Let nicknames have letters of any script, one script a name; without it only ASCII. An account's name is ASCII all the same."), FLAG(has_utf8_nicks)},
    {"server", "data", "data", "DIR", NULL,
     N_("Folder for what is kept: history, accounts, own certificate. Made for its owner alone when it is missing. Takes effect at the next start."), TEXT(data)},

    {"listen", "address", "listen", "HOST:PORT", "0.0.0.0:6667",
     N_("Where to listen; may be given several times. Port 0 picks a free one."), LIST(set_listen)},

    {"tls", "enabled", "tls", "yes|no", "yes",
     N_("Take encrypted connections, on the same port. Takes effect at the next start."), FLAG(has_tls)},
    {"tls", "cert", NULL, "FILE", NULL,
     N_("Certificate and its chain (PEM); with key. Without both the relay makes its own and keeps it in its folder. A new path takes effect at the next start, new contents on reload."), TEXT(tls_cert)},
    {"tls", "key", NULL, "FILE", NULL,
     N_("Private key (PEM) of the certificate."), TEXT(tls_key)},

    {"oper", "name", NULL, "NAME", NULL,
     N_("Name of the operator, for OPER."), TEXT(oper_name)},
    {"oper", "password", NULL, "VERIFIER", NULL,
     N_("What ronrond --hash-password prints for the operator's password."), OTHER(set_verifier)},

    {"accounts", "host", NULL, "ACCOUNT", NULL,
     N_("Account that owns the lobby and is its host whenever there; without one it is whoever comes first."), TEXT(host_account)},
    {"accounts", "registration", NULL, "yes|no", "yes",
     N_("Let people make accounts (REGISTER)."), FLAG(has_registration)},
    {"accounts", "before-connect", NULL, "yes|no", "no",
     N_("Even before they have joined."), FLAG(is_before_connect)},

    {"history", "enabled", "history", "yes|no", NULL,
     N_("Keep what is said in party.db in the folder; yes when a folder is named. Takes effect at the next start."), set_choice, FIELD(history), 0, 0, false},
    {"history", "max-age", NULL, "DAYS", "365",
     N_("Forget what is older; 0: never."), NUMBER(history_max_age, 0, 36500)},
    {"history", "max-size", NULL, "MB", "1000",
     N_("Forget the oldest when the history is larger; 0: never."), NUMBER(history_max_size, 0, 1000000)},

    {"limits", "mode", "limits", "normal|none", "normal",
     N_("Limits for guests. The other keys of this section win over it, one by one."), OTHER(set_mode)},
    {"limits", "connections-per-address", NULL, "N", NULL,
     N_("Connections of one address (IPv6: of one network of 64 bits) at once; this machine's own are not counted. 0: no limit."), LIMIT(APP_LIMIT_CONNECTIONS, 0, 100000)},
    {"limits", "registrations-per-minute-and-address", NULL, "N", NULL,
     N_("Newcomers from one such address a minute; this machine's own are not counted. 0: no limit."), LIMIT(APP_LIMIT_REGISTRATIONS, 0, 100000)},
    {"limits", "messages-per-second", NULL, "N", NULL,
     N_("Of one client, once its burst is used up; 0: no limit."), LIMIT(APP_LIMIT_MESSAGES, 0, 100000)},
    {"limits", "burst", NULL, "N", NULL,
     N_("Messages of one client at once."), LIMIT(APP_LIMIT_BURST, 10, 100000)},
    {"limits", "bytes-per-second", NULL, "N", NULL,
     N_("Of one client, ten seconds' worth at once; 0: no limit."), LIMIT(APP_LIMIT_BYTES, 0, 1000000000)},
    {"limits", "sendq-bytes", NULL, "N", NULL,
     N_("What one client may leave unread before it is closed; 0: 8 MB."), LIMIT(APP_LIMIT_SENDQ, 0, 1000000000)},
    {"limits", "clients", NULL, "N", NULL,
     N_("Clients at once; who comes then is told that the party is full."), LIMIT(APP_LIMIT_CLIENTS, 1, RELAY_CLIENTS_MAX)},

    {"admin", "address", "admin", "HOST:PORT", NULL,
     N_("Serve numbers for Prometheus here, at /metrics. Takes effect at the next start."), OTHER(set_admin)},
    {"admin", "public", NULL, "yes|no", "no",
     N_("Allow an address that other machines reach."), FLAG(is_admin_public)},

    {"beacon", "enabled", NULL, "yes|no", "yes",
     N_("Announce the party on each local network from which an address listened on can be reached. Takes effect at the next start."), FLAG(has_beacon)},
    {"beacon", "port", NULL, "PORT", "6667",
     N_("UDP port of the announcement. Takes effect at the next start."), NUMBER(beacon_port, 1, 65535)},

    {"log", "level", "log", "LEVEL", "warn",
     N_("error, warn, info or debug, to stderr."), OTHER(set_log)},
};
// clang-format on

const struct app_relay_row *app_relay_rows(size_t *count)
{
    *count = sizeof(rows) / sizeof(rows[0]);
    return rows;
}

const struct app_relay_row *app_relay_row_find(struct str section, struct str key)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (str_eq(section, str_from(rows[i].section)) && str_eq(key, str_from(rows[i].key))) {
            return &rows[i];
        }
    }
    return NULL;
}

bool app_relay_section_exists(struct str section)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (str_eq(section, str_from(rows[i].section))) {
            return true;
        }
    }
    return false;
}

void app_relay_row_default(const struct app_relay_row *row, char *out, size_t size)
{
    struct relay_limits normal = relay_limits_normal();
    const unsigned limits[] = {
        [APP_LIMIT_CONNECTIONS] = normal.connections,
        [APP_LIMIT_REGISTRATIONS] = normal.registrations,
        [APP_LIMIT_MESSAGES] = normal.messages_per_s,
        [APP_LIMIT_BURST] = normal.burst,
        [APP_LIMIT_BYTES] = normal.bytes_per_s,
        [APP_LIMIT_SENDQ] = normal.sendq_bytes,
        [APP_LIMIT_CLIENTS] = normal.clients,
    };
    static_assert(sizeof(limits) / sizeof(limits[0]) == APP_LIMIT_COUNT, "one for each");
    (void)str_copy(out, size, str_from(row->fallback)); // short texts of ours
    if (row->set == set_limit) {
        (void)snprintf(out, size, "%u", limits[(row->offset - FIELD(limits)) / sizeof(int64_t)]);
    }
}

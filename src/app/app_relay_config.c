// Settings of a relay.
#include "app_relay_config.h"

#include <ini.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "i18n.h"
#include "str.h"
#include "utf8.h"

void app_relay_config_init(struct app_relay_config *config)
{
    *config = (struct app_relay_config){
        .listen = {{.host = "0.0.0.0", .port = NET_PORT_DEFAULT}},
        .listen_count = 1,
        .has_limits = true,
        .has_beacon = true,
        .beacon_port = NET_PORT_DEFAULT,
        .log = LOG_WARN,
    };
}

bool app_relay_config_listen(struct app_relay_config *config, struct str text, struct err *err)
{
    struct net_addr addr;
    size_t colon = 0;
    if (config->listen_count == APP_LISTEN_MAX) {
        return err_set(err, _("At most %d addresses can be listened on."), APP_LISTEN_MAX);
    }
    if (!net_addr_parse(&addr, text, err)) {
        return false;
    }
    // Port 0 asks for a free one; no port at all means the usual one.
    if (addr.port == 0 && !(str_find_char(text, ':', &colon) && str_ends(text, STR("0")))) {
        addr.port = NET_PORT_DEFAULT;
    }
    config->listen[config->listen_count++] = addr;
    return true;
}

static bool take_text(char *out, size_t size, struct str text, const char *what, struct err *err)
{
    if (text.len == 0 || text.len >= size || !utf8_is_valid(text) ||
        memchr(text.data, '\n', text.len)) {
        return err_set(err, _("The %s must have 1 to %zu bytes of UTF-8 text."), what, size - 1);
    }
    return str_copy(out, size, text);
}

bool app_relay_config_name(struct app_relay_config *config, struct str text, struct err *err)
{
    return take_text(config->name, sizeof(config->name), text, _("name"), err);
}

bool app_relay_config_password(struct app_relay_config *config, struct str text, struct err *err)
{
    return take_text(config->password, sizeof(config->password), text, _("PIN"), err);
}

bool app_relay_config_limits(struct app_relay_config *config, struct str text, struct err *err)
{
    config->has_limits = str_eq(text, STR("normal"));
    return config->has_limits || str_eq(text, STR("none")) ||
           err_set(err, "%s", _("Limits are \"normal\" or \"none\"."));
}

bool app_relay_config_log(struct app_relay_config *config, struct str text, struct err *err)
{
    return log_level_parse(text, &config->log) ||
           err_set(err, "%s", _("The log's level is error, warn, info or debug."));
}

static bool take_flag(bool *out, struct str text, struct err *err)
{
    *out = str_eq_nocase(text, STR("yes"));
    return *out || str_eq_nocase(text, STR("no")) || err_set(err, "%s", _("Write yes or no."));
}

static bool take_port(uint16_t *out, struct str text, struct err *err)
{
    int64_t port = 0;
    if (!str_to_int_in(text, 1, 65535, &port)) {
        return err_set(err, "%s", _("A port is a number from 1 to 65535."));
    }
    *out = (uint16_t)port;
    return true;
}

struct loading {
    struct app_relay_config *config;
    bool had_listen;
    struct err *err;
};

static bool take_pair(struct loading *loading, const char *section, const char *key,
                      struct str value)
{
    struct app_relay_config *config = loading->config;
    char name[128];
    (void)snprintf(name, sizeof(name), "%s.%s", section, key);
    struct str pair = str_from(name);
    if (str_eq(pair, STR("server.name"))) {
        return app_relay_config_name(config, value, loading->err);
    }
    if (str_eq(pair, STR("server.motd"))) {
        return take_text(config->motd, sizeof(config->motd), value, _("motd"), loading->err);
    }
    if (str_eq(pair, STR("server.password"))) {
        return app_relay_config_password(config, value, loading->err);
    }
    if (str_eq(pair, STR("server.public"))) {
        return take_flag(&config->is_public, value, loading->err);
    }
    if (str_eq(pair, STR("listen.address"))) {
        config->listen_count = loading->had_listen ? config->listen_count : 0;
        loading->had_listen = true;
        return app_relay_config_listen(config, value, loading->err);
    }
    if (str_eq(pair, STR("limits.mode"))) {
        return app_relay_config_limits(config, value, loading->err);
    }
    if (str_eq(pair, STR("beacon.enabled"))) {
        return take_flag(&config->has_beacon, value, loading->err);
    }
    if (str_eq(pair, STR("beacon.port"))) {
        return take_port(&config->beacon_port, value, loading->err);
    }
    if (str_eq(pair, STR("log.level"))) {
        return app_relay_config_log(config, value, loading->err);
    }
    return err_set(loading->err, _("there is no setting \"%s\" in [%s]"), key, section);
}

static int on_pair(void *context, const char *section, const char *key, const char *value)
{
    struct loading *loading = context;
    // inih goes on after an error; only the first counts.
    if (loading->err->text[0]) {
        return 0;
    }
    return take_pair(loading, section, key, str_from(value)) ? 1 : 0;
}

bool app_relay_config_load(struct app_relay_config *config, const char *path, struct err *err)
{
    struct err first = {0};
    struct loading loading = {.config = config, .err = &first};
    int line = ini_parse(path, on_pair, &loading);
    if (line < 0) {
        return err_set(err, _("%s cannot be read."), path);
    }
    if (line > 0) {
        return err_set(err, _("%s, line %d: %s"), path, line,
                       first.text[0] ? first.text : _("this is no \"key = value\""));
    }
    return true;
}

void app_relay_config_fill(const struct app_relay_config *config, struct relay_config *out)
{
    uint64_t seed = 0;
    if (getentropy(&seed, sizeof(seed)) != 0) {
        seed = (uint64_t)time(NULL) * 2654435761u + (uint64_t)getpid(); // no secret, only different
    }
    *out = (struct relay_config){
        .name = str_from(config->name),
        .motd = str_from(config->motd),
        .password = str_from(config->password),
        .limits = config->has_limits ? relay_limits_normal() : (struct relay_limits){0},
        .is_public = config->is_public,
        .seed = seed,
    };
}

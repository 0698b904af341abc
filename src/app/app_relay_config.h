// Settings of a relay: defaults, the INI file, and one setter per setting shared by file and flags.
#ifndef APP_RELAY_CONFIG_H
#define APP_RELAY_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "log.h"
#include "net_addr.h"
#include "relay.h"

#define APP_LISTEN_MAX 8

struct app_relay_config {
    struct net_addr listen[APP_LISTEN_MAX];
    size_t listen_count;
    char name[64];
    char password[64];
    char motd[1024];
    bool has_limits;
    bool is_public;
    bool has_beacon;
    uint16_t beacon_port;
    enum log_level log;
};

void app_relay_config_init(struct app_relay_config *config);
// Sections server, listen, limits, beacon, log. An unknown key is an error with file and line.
bool app_relay_config_load(struct app_relay_config *config, const char *path, struct err *err);
bool app_relay_config_listen(struct app_relay_config *config, struct str text, struct err *err);
bool app_relay_config_name(struct app_relay_config *config, struct str text, struct err *err);
bool app_relay_config_password(struct app_relay_config *config, struct str text, struct err *err);
bool app_relay_config_limits(struct app_relay_config *config, struct str text, struct err *err);
bool app_relay_config_log(struct app_relay_config *config, struct str text, struct err *err);
// Views of out point into config.
void app_relay_config_fill(const struct app_relay_config *config, struct relay_config *out);

#endif

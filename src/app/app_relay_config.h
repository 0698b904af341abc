// Settings of a relay: defaults, the INI file, flags. One constant table (app_relay_rows.h) says
// what there is; file, flags, --help, --print-config and the manual come from it.
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

enum app_choice { APP_AUTO, APP_NO, APP_YES };

// Single limits, in the order of the table; below 0: as the mode says.
enum app_limit {
    APP_LIMIT_CONNECTIONS,
    APP_LIMIT_REGISTRATIONS,
    APP_LIMIT_MESSAGES,
    APP_LIMIT_BURST,
    APP_LIMIT_BYTES,
    APP_LIMIT_SENDQ,
    APP_LIMIT_CLIENTS,
    APP_LIMIT_COUNT,
};

struct app_relay_config {
    char name[64];
    char hostname[64];
    char motd[4096];
    char password[64];
    char data[1024]; // "": none was named
    bool is_public;
    bool has_utf8_nicks;
    struct net_addr listen[APP_LISTEN_MAX];
    size_t listen_count;
    bool has_tls;
    char tls_cert[1024];
    char tls_key[1024];
    char host_account[64];
    char oper_name[32];
    char oper_password[256]; // a verifier
    bool has_registration;
    bool is_before_connect;
    enum app_choice history;
    unsigned history_max_age;  // days
    unsigned history_max_size; // MB
    bool has_limits;
    int64_t limits[APP_LIMIT_COUNT];
    struct net_addr admin; // host "": none
    bool is_admin_public;
    bool has_beacon;
    unsigned beacon_port;
    enum log_level log;
    bool has_secrets; // the file has: the PIN or the operator's password
};

// Everything as it is without a file and without flags.
void app_relay_config_init(struct app_relay_config *config);
// An unknown section or key, a bad value, a key given twice: an error with file and line.
bool app_relay_config_load(struct app_relay_config *config, const char *path, struct err *err);
// What no single setting can be blamed for. After file and flags.
bool app_relay_config_check(const struct app_relay_config *config, struct err *err);
bool app_relay_config_keeps_history(const struct app_relay_config *config);
// Views of out point into config.
void app_relay_config_fill(const struct app_relay_config *config, struct relay_config *out);

#endif

// What the client remembers between starts: DIR/settings.ini, read at start, written on change.
//
// A person may edit it. Sections: [me] nick, [look] theme language fullscreen, [host] listen,
// [lan] port scope, [save] folder. Unknown keys are kept out and logged.
//
// Thread: main.
#ifndef APP_SETTINGS_H
#define APP_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "net_addr.h"

struct app_settings {
    char nick[128];
    char theme[32];   // file name without ".theme"
    char language[8]; // "fr", "en" or "" for the system's
    bool is_fullscreen;
    char listen[NET_HOST_MAX + 8]; // where a hosted party listens; "" for the default
    int lan_port;                  // UDP
    bool is_lan_loopback;          // [lan] scope = loopback: never leave this machine
    char save_folder[1024];        // "" for the default
};

void app_settings_init(struct app_settings *settings);
// A missing file is fine. false: it is there but cannot be read, or a line is wrong (err names it).
bool app_settings_load(struct app_settings *settings, const char *folder, struct err *err);
// Writes a new file beside and renames it, so that a crash leaves the old one.
bool app_settings_save(const struct app_settings *settings, const char *folder, struct err *err);

#endif

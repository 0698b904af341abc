// Listens for parties on the LAN on a thread of its own, while the welcome screen is shown.
#ifndef APP_LAN_H
#define APP_LAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app_link.h"
#include "net_beacon.h"

#define APP_LAN_MAX 32

struct app_lan;

// NULL when the UDP port cannot be shared: the list then stays empty and err says why.
struct app_lan *app_lan_start(uint16_t udp_port, enum net_scope scope, app_wake wake, void *context,
                              struct err *err);
void app_lan_stop(struct app_lan *lan); // NULL is fine
void app_lan_ask(struct app_lan *lan);  // asks again now
// Copies the list when it changed since the last call; false when it did not.
bool app_lan_take(struct app_lan *lan, struct net_party out[APP_LAN_MAX], size_t *count);

#endif

// Hosting a party: a relay turned by a thread of its own inside the client.
//
// The loop, the relay and its listener are made on the calling thread, so that errors (a port in
// use) are known at once; from then on only the thread touches the relay.
// Thread: main, all functions.
#ifndef APP_HOST_H
#define APP_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "app_relay_run.h"
#include "err.h"

struct app_host;

struct app_host *app_host_start(const struct app_relay_setup *setup, struct err *err);
const char *app_host_address(const struct app_host *host); // "host:port" as listened on
uint16_t app_host_port(const struct app_host *host);
// Tells the guests, waits 1.5 s at most, frees. NULL is fine.
void app_host_stop(struct app_host *host);

#endif

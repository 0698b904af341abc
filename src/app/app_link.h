// The receive thread of one network: lookup, connection, socket set, lines in, bytes out.
//
// Main starts it, queues bytes, and takes batches of what happened; the thread calls `wake` (which
// must be callable from any thread) when a batch waits. Main never waits for the network: a name
// lookup that hangs runs on a thread of its own and is left behind.
//
// Ownership: app_link_close() ends it politely; app_link_is_over() then says when destroy will not
//            block.
// Thread:    main, all functions.
#ifndef APP_LINK_H
#define APP_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "net_addr.h"
#include "str.h"

struct app_link;

typedef void (*app_wake)(void *context);

enum app_link_event_type { APP_LINK_CONNECTED, APP_LINK_LINE, APP_LINK_CLOSED };

struct app_link_event {
    enum app_link_event_type type;
    struct str text; // LINE: the line; CLOSED: why, a sentence. Until the next call
};

struct app_link *app_link_start(const struct net_addr *addr, app_wake wake, void *context,
                                struct err *err);
void app_link_destroy(struct app_link *link); // NULL is fine; waits for the thread's end
void app_link_send(struct app_link *link, struct str bytes);
// Sends what is queued for at most half a second, then closes.
void app_link_close(struct app_link *link);
bool app_link_is_over(const struct app_link *link);
// Takes one event of the batches posted so far; false when there is none.
bool app_link_next(struct app_link *link, struct app_link_event *out);

#endif

// A relay over pipes with a store in a folder that goes with it.
#ifndef KEPT_H
#define KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "relay_harness.h"
#include "store.h"

struct kept {
    struct harness h; // first: the harness's functions take it
    struct store *store;
    char folder[64];
};

// For cmocka: *state is a struct kept.
int kept_setup(void **state);
int kept_teardown(void **state);
// The same folder, another relay: what a restart leaves.
void kept_restart(struct kept *kept);
// Sends, then lets the store commit and the relay tell, until nothing moves.
void kept_send(struct kept *kept, int client, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void kept_settle(struct kept *kept);
// From now on the disk takes nothing, or takes everything again.
void kept_break_disk(bool is_broken);
// A guest in #party; and one with an account of its nick's name. What they were sent is dropped.
int kept_guest(struct kept *kept, const char *nick, const char *caps);
int kept_account(struct kept *kept, const char *nick, const char *caps);
// The same account on one more device, under another nick.
int kept_device(struct kept *kept, const char *account, const char *nick, const char *caps);
// Says it in #party, a moment after what was before; its msgid and time as the echo has them
// (the client needs message-tags, server-time, echo-message). Everybody's lines are dropped.
struct said {
    char msgid[20];
    char time[28];
};
struct said kept_say(struct kept *kept, int client, const char *target, const char *text);
// The texts of all PRIVMSGs the client got since, with a blank between: "one two three".
const char *kept_texts(struct kept *kept, int client);

#define DATED "@time=2023-11-14T22:13:21.000Z " // what is said at the beginning, with server-time

#define KEPT_CAPS                                                                                  \
    "batch message-tags server-time echo-message labeled-response draft/chathistory "              \
    "draft/message-redaction draft/read-marker draft/search"
#define KEPT_ROW(test) cmocka_unit_test_setup_teardown(test, kept_setup, kept_teardown)

#endif

// What the tests of store share: a store in a folder of its own, lines in one call.
#ifndef STORE_HARNESS_H
#define STORE_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store.h"

// A moment to count from; ids of that millisecond and behind it.
#define TEST_MS     INT64_C(1800000000000)
#define TEST_ID(ms) ((uint64_t)(TEST_MS + (ms)) << 20)

struct place {
    char folder[64];
    char path[96];
    struct store_config config;
    struct store *store;
};

struct place *place_create(void);        // an empty folder, nothing open
void place_open(struct place *place);    // must go well
void place_reopen(struct place *place);  // closes and opens
void place_destroy(struct place *place); // closes and takes the folder away
// For cmocka: *state is an open one.
int place_setup(void **state);
int place_teardown(void **state);
// Whether any file in the folder whose name ends so holds these bytes.
bool place_holds(const struct place *place, const char *end, const char *bytes);

// Puts alice's message to #party.
void say(struct place *place, uint64_t id, const char *text);
void say_to(struct place *place, uint64_t id, const char *target, const char *nick,
            const char *text);
void happen(struct place *place, uint64_t id, enum store_kind kind, const char *params);
// Commits what was put; the result of the last batch must be as told.
void settle(struct place *place);
void settle_badly(struct place *place, const char *why);

// The texts of a page, joined by blanks.
const char *texts(const struct store_page *page);
// Reads from #party and compares with texts(); both bounds as in struct store_query.
void assert_reads(struct place *place, enum store_range range, uint64_t from, uint64_t to,
                  size_t limit, const char *expected);
#endif

// What a test of one command needs besides the harness: ask, and compare every line that came.
//
// Lines are written without CR LF. "{}" in an expected line stands for any text. EXPECT takes what
// it compared away; a line more or less than expected fails the test.
#ifndef EXPECT_H
#define EXPECT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "relay_harness.h"

#define S ":ronron.party " // source of the relay's own lines

// Forgets what everybody got, sends one line, turns.
void ask(struct harness *h, int client, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// The same and forgets the answers too.
void did(struct harness *h, int client, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void expect_lines(struct harness *h, int client, const char *const *lines, size_t count,
                  const char *file, int line);

#define EXPECT(h, client, ...)                                                                     \
    expect_lines(h, client, (const char *const[]){__VA_ARGS__},                                    \
                 sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *), __FILE__,      \
                 __LINE__)
#define EXPECT_NOTHING(h, client) expect_lines(h, client, NULL, 0, __FILE__, __LINE__)
#define HAS(h, client, text)      assert_true(harness_has(h, client, text))
#define HAS_NOT(h, client, text)  assert_false(harness_has(h, client, text))

#define ROW(test) cmocka_unit_test_setup_teardown(test, harness_setup, harness_teardown)
#define RELAY_TESTS(...)                                                                           \
    int main(void)                                                                                 \
    {                                                                                              \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                                           \
        return cmocka_run_group_tests(tests, NULL, NULL);                                          \
    }

#endif

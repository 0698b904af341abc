// The log: what reaches its sink.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define LOG_MODULE "test"
#include "log.h"

static char last[2048];

static void keep(enum log_level level, const char *module, const char *text)
{
    (void)snprintf(last, sizeof(last), "%s %s: %s", log_level_name(level), module, text);
}

static void only_what_the_level_lets_through(void **state)
{
    (void)state;
    log_set(keep, LOG_WARN);
    log_warn("nick=%s", "ana");
    assert_string_equal(last, "warn test: nick=ana");
    log_info("nick=%s", "leo");
    assert_string_equal(last, "warn test: nick=ana");
}

// Peers put words into it, and an operator reads it in a terminal.
static void no_control_character(void **state)
{
    (void)state;
    log_set(keep, LOG_INFO);
    log_info("left=%s", "\x1b[2Jbye\r\n\x07\x7f\xc2\x9b\u00e9\u0100");
    assert_string_equal(last, "info test: left=?[2Jbye????\?\?\u00e9\u0100");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_the_level_lets_through),
        cmocka_unit_test(no_control_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

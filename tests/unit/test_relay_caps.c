// Capabilities and what they change: CAP LS, labels on batches, pre-away, no-implicit-names.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "relay_harness.h"

static void ls_302_takes_as_many_lines_as_it_needs(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    harness_send(h, ana, "CAP LS 302\r\n");
    assert_int_equal(harness_times(h, ana, "\r\n"), 2);
    assert_int_equal(harness_times(h, ana, ":ronron.party CAP * LS * :"), 1);
    assert_int_equal(harness_times(h, ana, ":ronron.party CAP * LS :"), 1);
    assert_true(harness_has(h, ana, "draft/metadata-3=before-connect,"));
    assert_true(harness_has(h, ana, " userhost-in-names\r\n"));
}

static void plain_ls_is_one_line_without_values_and_drafts(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    harness_send(h, ana, "CAP LS\r\n");
    assert_int_equal(harness_times(h, ana, "\r\n"), 1);
    assert_false(harness_has(h, ana, "="));
    assert_false(harness_has(h, ana, "draft/"));
    assert_true(strlen(harness_got(h, ana)) <= 512);
}

static void an_answer_that_is_a_batch_is_labelled_at_its_start(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "batch labeled-response");
    harness_send(h, ana, "@label=x1 ISUPPORT\r\n");
    static const char head[] = "@label=x1 :ronron.party BATCH +b1 draft/isupport\r\n"
                               "@batch=b1 :ronron.party 005 ana ";
    static const char end[] = "\r\n:ronron.party BATCH -b1\r\n";
    const char *got = harness_got(h, ana);
    assert_int_equal(strncmp(got, head, sizeof(head) - 1), 0);
    assert_string_equal(got + strlen(got) - (sizeof(end) - 1), end);
    assert_int_equal(harness_times(h, ana, "BATCH +"), 1);
}

static void away_before_registration_is_for_those_who_asked(void **state)
{
    struct harness *h = *state;
    int eve = harness_guest(h, "eve", "away-notify extended-monitor");
    harness_send(h, eve, "MONITOR + leo\r\n");
    int ana = harness_connect(h, 65536);
    harness_send(h, ana, "AWAY :gone\r\n");
    assert_string_equal(harness_got(h, ana), ":ronron.party 451 * :You have not registered\r\n");
    harness_drop(h);
    int leo = harness_connect(h, 65536);
    harness_send(h, leo, "CAP REQ :draft/pre-away\r\nNICK leo\r\nAWAY *\r\n");
    assert_true(harness_has(h, leo, " 306 leo :"));
    assert_string_equal(harness_got(h, eve), ""); // nobody came yet
    harness_send(h, leo, "USER leo 0 * :leo\r\nCAP END\r\nJOIN #party\r\n");
    assert_true(harness_has(h, eve, ":leo!~leo@pipe AWAY :Away\r\n"));
}

static void a_watcher_hears_of_away_with_both_capabilities(void **state)
{
    struct harness *h = *state;
    int both = harness_guest(h, "both", "away-notify extended-monitor");
    int one = harness_guest(h, "one", "away-notify");
    int leo = harness_guest(h, "leo", NULL);
    harness_send(h, both, "MONITOR + leo\r\nPART #party\r\n");
    harness_send(h, one, "MONITOR + leo\r\nPART #party\r\n");
    harness_drop(h);
    harness_send(h, leo, "AWAY :tea\r\n");
    assert_string_equal(harness_got(h, both), ":leo!~leo@pipe AWAY :tea\r\n");
    assert_string_equal(harness_got(h, one), "");
}

static void names_come_unasked_unless_refused(void **state)
{
    struct harness *h = *state;
    int old = harness_guest(h, "old", NULL);
    int phone = harness_guest(h, "phone", "no-implicit-names");
    harness_send(h, old, "JOIN #a\r\n");
    harness_send(h, phone, "JOIN #a\r\n");
    assert_true(harness_has(h, old, " 366 old #a :"));
    assert_string_equal(harness_got(h, phone), ":phone!~phone@pipe JOIN #a\r\n");
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, harness_setup, harness_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(ls_302_takes_as_many_lines_as_it_needs),
        ROW(plain_ls_is_one_line_without_values_and_drafts),
        ROW(an_answer_that_is_a_batch_is_labelled_at_its_start),
        ROW(away_before_registration_is_for_those_who_asked),
        ROW(a_watcher_hears_of_away_with_both_capabilities),
        ROW(names_come_unasked_unless_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

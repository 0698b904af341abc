// MARKREAD: up to where somebody has read, on all devices.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kept.h"

#define CAPS "batch labeled-response draft/read-marker"

static void expect(struct kept *kept, int client, const char *lines)
{
    assert_string_equal(harness_got(&kept->h, client), lines);
    harness_drop(&kept->h);
}

static void an_unknown_target_has_a_star(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", CAPS);
    kept_send(kept, ana, "MARKREAD #nosuch\r\nMARKREAD Ben\r\n");
    expect(kept, ana, ":ronron.party MARKREAD #nosuch *\r\n:ronron.party MARKREAD Ben *\r\n");
}

static void what_was_set_is_answered_and_never_goes_back(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", CAPS);
    kept_send(kept, ana, "MARKREAD #party timestamp=2019-06-01T12:00:00.123Z\r\n");
    expect(kept, ana, ":ronron.party MARKREAD #party timestamp=2019-06-01T12:00:00.123Z\r\n");
    kept_send(kept, ana, "MARKREAD #PARTY timestamp=2019-01-01T00:00:00.000Z\r\n");
    expect(kept, ana, ":ronron.party MARKREAD #PARTY timestamp=2019-06-01T12:00:00.123Z\r\n");
    kept_send(kept, ana, "MARKREAD #party\r\n");
    expect(kept, ana, ":ronron.party MARKREAD #party timestamp=2019-06-01T12:00:00.123Z\r\n");
    kept_send(kept, ana, "MARKREAD #party timestamp=2019-06-01T12:00:00.124Z\r\n");
    expect(kept, ana, ":ronron.party MARKREAD #party timestamp=2019-06-01T12:00:00.124Z\r\n");
    kept_send(kept, ana, "MARKREAD ben timestamp=2023-07-04T00:00:00.000Z\r\nMARKREAD ben\r\n");
    assert_int_equal(
        harness_times(&kept->h, ana, " MARKREAD ben timestamp=2023-07-04T00:00:00.000Z\r\n"), 2);
}

static void nobody_has_read_what_is_not_written_yet(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", CAPS);
    kept_send(kept, ana, "MARKREAD #party timestamp=2200-01-01T00:00:00.000Z\r\n");
    expect(kept, ana, ":ronron.party MARKREAD #party timestamp=2023-11-14T22:13:21.000Z\r\n");
}

static void it_comes_between_join_and_the_end_of_names(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", CAPS), ben = kept_guest(kept, "ben", NULL);
    kept_send(kept, ana, "JOIN #a\r\n");
    const char *got = harness_got(&kept->h, ana);
    const char *join = strstr(got, " JOIN #a"), *end = strstr(got, " 366 ");
    const char *mark = strstr(got, ":ronron.party MARKREAD #a *\r\n");
    assert_non_null(join);
    assert_non_null(mark);
    assert_non_null(end);
    assert_true(join < mark && mark < end);
    kept_send(kept, ben, "JOIN #a\r\n");
    assert_false(harness_has(&kept->h, ben, "MARKREAD"));
    kept_send(kept, ana,
              "MARKREAD #a timestamp=2020-03-15T10:00:00.000Z\r\nPART #a\r\nJOIN #a\r\n");
    assert_int_equal(
        harness_times(&kept->h, ana, "MARKREAD #a timestamp=2020-03-15T10:00:00.000Z\r\n"), 2);
}

static void errors_are_those_of_the_specification(void **state)
{
    static const char *const rows[][2] = {
        {"MARKREAD", "NEED_MORE_PARAMS :Missing parameters"},
        {"MARKREAD #party *", "INVALID_PARAMS * :Invalid timestamp"},
        {"MARKREAD #party timestamp=not-a-time",
         "INVALID_PARAMS timestamp=not-a-time :Invalid timestamp"},
        {"MARKREAD #party 2020-03-15T10:00:00.000Z",
         "INVALID_PARAMS 2020-03-15T10:00:00.000Z :Invalid timestamp"},
        {"MARKREAD #party timestamp=1960-03-15T10:00:00.000Z",
         "INVALID_PARAMS timestamp=1960-03-15T10:00:00.000Z :Invalid timestamp"},
        {"MARKREAD 7up", "INVALID_PARAMS 7up :Invalid target"},
        {"MARKREAD #a timestamp=2020-03-15T10:00:00.000Z", "INVALID_PARAMS #a :Invalid target"},
    };
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", CAPS);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char line[256];
        kept_send(kept, ana, "%s\r\n", rows[i][0]);
        (void)snprintf(line, sizeof(line), ":ronron.party FAIL MARKREAD %s\r\n", rows[i][1]);
        expect(kept, ana, line);
    }
}

static void a_guest_is_one_connection(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", CAPS), ben = kept_guest(kept, "ben", CAPS);
    kept_send(kept, ana, "MARKREAD #party timestamp=2020-03-15T10:00:00.000Z\r\n");
    expect(kept, ben, "");
    kept_send(kept, ben, "MARKREAD #party\r\n");
    expect(kept, ben, ":ronron.party MARKREAD #party *\r\n");
    for (int i = 0; i < 120; i++) {
        kept_send(kept, ana, "MARKREAD n%d timestamp=2020-03-15T10:00:00.000Z\r\n", i);
    }
    assert_true(harness_has(&kept->h, ana, " MARKREAD n98 timestamp="));
    assert_true(harness_has(&kept->h, ana, "FAIL MARKREAD INTERNAL_ERROR n119 :"));
}

static void an_account_has_it_on_all_devices_and_after_a_restart(void **state)
{
    struct kept *kept = *state;
    static const char line[] =
        ":ronron.party MARKREAD #party timestamp=2022-11-11T11:11:11.111Z\r\n";
    int ana = kept_account(kept, "ana", CAPS), ben = kept_account(kept, "ben", CAPS);
    int pad = kept_device(kept, "ana", "ana_", CAPS),
        old = kept_device(kept, "ana", "ana2", "batch");
    harness_drop(&kept->h);
    harness_send(&kept->h, ana, "MARKREAD #party timestamp=2022-11-11T11:11:11.111Z\r\n");
    assert_string_equal(harness_got(&kept->h, ana), ""); // not before it is kept
    kept_settle(kept);
    assert_string_equal(harness_got(&kept->h, ana), line);
    assert_string_equal(harness_got(&kept->h, pad), line);
    assert_string_equal(harness_got(&kept->h, old), "");
    expect(kept, ben, "");
    kept_restart(kept);
    pad = kept_device(kept, "ana", "pad", CAPS);
    kept_send(kept, pad, "MARKREAD #party\r\n");
    expect(kept, pad, line);
}

static void a_marker_that_is_not_kept_is_refused(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS);
    int other = kept_device(kept, "ana", "ana2", KEPT_CAPS);
    kept_send(kept, ana, "MARKREAD #party timestamp=2023-11-14T22:13:20.001Z\r\n");
    harness_drop(&kept->h);
    kept_break_disk(true);
    kept_send(kept, ana, "MARKREAD #party timestamp=2023-11-14T22:13:20.500Z\r\n");
    kept_break_disk(false);
    assert_false(harness_has(&kept->h, ana, " MARKREAD #party timestamp"));
    assert_false(harness_has(&kept->h, other, "MARKREAD"));
    assert_true(harness_has(&kept->h, ana, " FAIL MARKREAD NOT_SAVED #party :"));
    harness_drop(&kept->h);
    kept_send(kept, other, "MARKREAD #party\r\n");
    assert_true(
        harness_has(&kept->h, other, " MARKREAD #party timestamp=2023-11-14T22:13:20.001Z"));
}

static void it_comes_without_the_names_too(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", CAPS " no-implicit-names");
    kept_send(kept, ana, "JOIN #a\r\n");
    expect(kept, ana, ":ana!~ana@pipe JOIN #a\r\n:ronron.party MARKREAD #a *\r\n");
}

static void a_renamed_channel_is_marked_like_one_that_was_joined(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", CAPS);
    kept_send(kept, ana, "JOIN #a\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana, "RENAME #a #b\r\n");
    const char *got = harness_got(&kept->h, ana);
    const char *join = strstr(got, " JOIN #b\r\n"), *mark = strstr(got, " MARKREAD #b *\r\n");
    assert_true(join && mark && join < mark && mark < strstr(got, " 366 "));
}

static void the_answer_has_the_label_and_other_devices_have_not(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", CAPS), pad = kept_device(kept, "ana", "pad", CAPS);
    harness_drop(&kept->h);
    kept_send(kept, ana, "@label=m1 MARKREAD #party timestamp=2022-11-11T11:11:11.111Z\r\n");
    expect(kept, pad, ":ronron.party MARKREAD #party timestamp=2022-11-11T11:11:11.111Z\r\n");
    kept_send(kept, ana, "@label=m1 MARKREAD #party timestamp=2022-11-11T11:11:11.112Z\r\n");
    expect(kept, ana,
           "@label=m1 :ronron.party MARKREAD #party timestamp=2022-11-11T11:11:11.112Z\r\n");
    kept_send(kept, ana, "@label=m2 MARKREAD #party\r\n");
    expect(kept, ana,
           "@label=m2 :ronron.party MARKREAD #party timestamp=2022-11-11T11:11:11.112Z\r\n");
    kept_send(kept, ana, "@label=m3 MARKREAD #party *\r\n");
    expect(kept, ana,
           "@label=m3 :ronron.party FAIL MARKREAD INVALID_PARAMS * :Invalid timestamp\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT_ROW(an_unknown_target_has_a_star),
        KEPT_ROW(what_was_set_is_answered_and_never_goes_back),
        KEPT_ROW(nobody_has_read_what_is_not_written_yet),
        KEPT_ROW(it_comes_between_join_and_the_end_of_names),
        KEPT_ROW(errors_are_those_of_the_specification),
        KEPT_ROW(a_guest_is_one_connection),
        KEPT_ROW(an_account_has_it_on_all_devices_and_after_a_restart),
        KEPT_ROW(a_marker_that_is_not_kept_is_refused),
        KEPT_ROW(it_comes_without_the_names_too),
        KEPT_ROW(a_renamed_channel_is_marked_like_one_that_was_joined),
        KEPT_ROW(the_answer_has_the_label_and_other_devices_have_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

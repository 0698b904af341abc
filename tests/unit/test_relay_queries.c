// MONITOR, WHO with WHOX, WHOWAS, METADATA and RENAME, from their specifications.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "relay_harness.h"

static int open_default(void **state)
{
    static struct harness h;
    harness_open(&h, NULL);
    *state = &h;
    return 0;
}

static int close_it(void **state)
{
    harness_close(*state);
    return 0;
}

static void monitor_tells_of_coming_and_going(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    harness_send(h, ana, "MONITOR + leo,*!*@*\r\n");
    assert_string_equal(harness_got(h, ana), ":ronron.party 731 ana :leo,*!*@*\r\n");
    harness_drop(h);
    int leo = harness_connect(h, 65536);
    harness_send(h, leo, "NICK leo\r\nUSER leo 0 * :leo\r\n");
    assert_string_equal(harness_got(h, ana), ":ronron.party 730 ana :leo!~leo@pipe\r\n");
    harness_drop(h);
    harness_send(h, leo, "NICK LEO\r\n");
    assert_string_equal(harness_got(h, ana), ""); // the same person
    harness_send(h, leo, "QUIT\r\n");
    assert_string_equal(harness_got(h, ana), ":ronron.party 731 ana :LEO\r\n");
}

static void whox_keeps_its_order(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    harness_send(h, ana, "WHO ana %rnatf,42\r\n");
    assert_string_equal(harness_got(h, ana), ":ronron.party 354 ana 42 ana H 0 :ana\r\n"
                                             ":ronron.party 315 ana ana :End of WHO list\r\n");
}

static void whowas_remembers_the_newest_first(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    harness_send(h, leo, "QUIT\r\n");
    harness_drop(h);
    harness_send(h, ana, "WHOWAS LEO\r\n");
    assert_true(harness_has(h, ana, " 314 ana leo ~leo pipe * :leo\r\n"));
    assert_true(harness_has(h, ana, " 369 ana LEO :End of WHOWAS\r\n"));
    harness_drop(h);
    harness_send(h, ana, "WHOWAS nobody\r\n");
    assert_true(harness_has(h, ana, " 406 ana nobody :"));
}

static void metadata_reaches_who_subscribed(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int two = harness_guest(h, "two", "draft/metadata-2");
    int three = harness_guest(h, "three", "draft/metadata-3");
    harness_send(h, two, "METADATA * SUB avatar\r\n");
    harness_send(h, three, "METADATA * SUB avatar\r\n");
    assert_string_equal(harness_got(h, two), ":ronron.party 770 two avatar\r\n");
    harness_drop(h);
    harness_send(h, ana, "METADATA * SET avatar :cat\r\n");
    assert_string_equal(harness_got(h, ana), ":ronron.party 761 ana * avatar * :cat\r\n");
    assert_string_equal(harness_got(h, two), ":ana!~ana@pipe METADATA ana avatar * :cat\r\n");
    assert_string_equal(harness_got(h, three), ":ronron.party 761 three ana avatar * :cat\r\n");
    harness_drop(h);
    harness_send(h, two, "METADATA ana SET avatar :dog\r\n");
    assert_true(harness_has(h, two, "FAIL METADATA KEY_NO_PERMISSION ana avatar :"));
}

static void a_renamed_channel_keeps_its_people(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "draft/channel-rename");
    int leo = harness_guest(h, "leo", NULL);
    harness_send(h, ana, "JOIN #old\r\n");
    harness_send(h, leo, "JOIN #old\r\n");
    harness_drop(h);
    harness_send(h, ana, "RENAME #old #new :better\r\n");
    assert_string_equal(harness_got(h, ana), ":ana!~ana@pipe RENAME #old #new :better\r\n");
    assert_true(harness_has(h, leo, ":leo!~leo@pipe PART #old :"));
    assert_true(harness_has(h, leo, ":leo!~leo@pipe JOIN #new\r\n"));
    harness_drop(h);
    harness_send(h, leo, "PRIVMSG #new :here\r\n");
    assert_true(harness_has(h, ana, " PRIVMSG #new :here\r\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(monitor_tells_of_coming_and_going, open_default, close_it),
        cmocka_unit_test_setup_teardown(whox_keeps_its_order, open_default, close_it),
        cmocka_unit_test_setup_teardown(whowas_remembers_the_newest_first, open_default, close_it),
        cmocka_unit_test_setup_teardown(metadata_reaches_who_subscribed, open_default, close_it),
        cmocka_unit_test_setup_teardown(a_renamed_channel_keeps_its_people, open_default, close_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

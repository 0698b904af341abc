// MONITOR, WHO with WHOX, WHOWAS, METADATA, RENAME, KNOCK, HELP, bots and mutes, from their
// specifications.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "relay_harness.h"

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

static void a_knock_is_heard_by_hosts(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    harness_send(h, ana, "JOIN #in\r\n");
    harness_drop(h);
    harness_send(h, leo, "KNOCK #in\r\n");
    assert_string_equal(harness_got(h, leo), ":ronron.party 713 leo #in :Channel is open\r\n");
    harness_send(h, ana, "MODE #in +i\r\n");
    harness_drop(h);
    harness_send(h, leo, "KNOCK #in\r\n");
    assert_true(harness_has(h, leo, " 711 leo #in :"));
    assert_true(harness_has(h, ana, " 710 ana #in leo!~leo@pipe :"));
}

static void a_muted_guest_listens(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    harness_send(h, ana, "MODE #party +b m:leo\r\n");
    assert_true(harness_has(h, leo, " MODE #party +b m:leo!*@*\r\n"));
    harness_drop(h);
    harness_send(h, leo, "PRIVMSG #party :hm\r\n");
    assert_true(harness_has(h, leo, " 404 leo #party :"));
    assert_string_equal(harness_got(h, ana), "");
    harness_drop(h);
    harness_send(h, leo, "PART #party\r\nJOIN #party\r\n");
    assert_true(harness_has(h, leo, " 366 leo #party :")); // it keeps nobody out
}

static void a_bot_says_what_it_is(void **state)
{
    struct harness *h = *state;
    int bot = harness_guest(h, "bot", NULL);
    int leo = harness_guest(h, "leo", "message-tags");
    harness_send(h, bot, "MODE bot +B\r\n");
    assert_string_equal(harness_got(h, bot), ":bot!~bot@pipe MODE bot :+B\r\n");
    harness_send(h, bot, "PRIVMSG #party :beep\r\n");
    assert_true(harness_has(h, leo, ";bot :bot!~bot@pipe PRIVMSG #party :beep\r\n"));
    harness_drop(h);
    harness_send(h, leo, "WHO bot\r\nWHOIS bot\r\n");
    assert_true(harness_has(h, leo, " bot HB :0 bot\r\n"));
    assert_true(harness_has(h, leo, " 335 leo bot :"));
}

static void metadata_has_limits_and_can_be_cleared(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "batch");
    char line[512];
    for (int i = 0; i < 25; i++) {
        (void)snprintf(line, sizeof(line), "METADATA * SET k%d :v\r\n", i);
        harness_send(h, ana, line);
    }
    assert_int_equal(harness_times(h, ana, " 761 ana * k"), 25);
    harness_drop(h);
    harness_send(h, ana, "METADATA * SET more :v\r\n");
    assert_true(harness_has(h, ana, " FAIL METADATA LIMIT_REACHED * :"));
    (void)snprintf(line, sizeof(line), "METADATA * SET k1 :%0301d\r\n", 0);
    harness_send(h, ana, line);
    assert_true(harness_has(h, ana, " FAIL METADATA INVALID_VALUE * :"));
    harness_send(h, ana, "METADATA * SET K! :v\r\n");
    assert_true(harness_has(h, ana, " FAIL METADATA KEY_INVALID K! :"));
    harness_send(h, ana, "METADATA nobody LIST\r\n");
    assert_true(harness_has(h, ana, " FAIL METADATA INVALID_TARGET nobody :"));
    harness_drop(h);
    harness_send(h, ana, "METADATA * CLEAR\r\n");
    assert_int_equal(harness_times(h, ana, " 766 ana * k"), 25);
    harness_drop(h);
    harness_send(h, ana, "METADATA * LIST\r\n");
    assert_int_equal(harness_times(h, ana, "\r\n"), 2); // an empty batch
}

static void who_joins_hears_what_was_said_before(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", "draft/metadata-3");
    harness_send(h, leo, "METADATA * SUB avatar\r\n");
    harness_send(h, ana, "JOIN #a\r\nMETADATA #a SET avatar :flag\r\nPART #party\r\n");
    harness_send(h, ana, "METADATA * SET avatar :cat\r\n");
    harness_drop(h);
    harness_send(h, leo, "JOIN #a\r\n");
    assert_true(harness_has(h, leo, " 761 leo #a avatar * :flag\r\n"));
    assert_true(harness_has(h, leo, " 761 leo ana avatar * :cat\r\n"));
}

static void help_knows_topics_and_says_so_when_not(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    harness_send(h, ana, "HELP join\r\n");
    assert_true(harness_has(h, ana, " 704 ana join :"));
    assert_true(harness_has(h, ana, " 706 ana join :"));
    harness_drop(h);
    harness_send(h, ana, "HELPOP nothing\r\nLINKS\r\nADMIN\r\nINFO\r\n");
    assert_true(harness_has(h, ana, " 524 ana nothing :"));
    assert_true(harness_has(h, ana, " 365 ana * :"));
    assert_true(harness_has(h, ana, " 259 ana :"));
    assert_true(harness_has(h, ana, " 374 ana :"));
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, harness_setup, harness_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(monitor_tells_of_coming_and_going),
        ROW(whox_keeps_its_order),
        ROW(whowas_remembers_the_newest_first),
        ROW(metadata_reaches_who_subscribed),
        ROW(a_renamed_channel_keeps_its_people),
        ROW(a_knock_is_heard_by_hosts),
        ROW(a_muted_guest_listens),
        ROW(a_bot_says_what_it_is),
        ROW(metadata_has_limits_and_can_be_cleared),
        ROW(who_joins_hears_what_was_said_before),
        ROW(help_knows_topics_and_says_so_when_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

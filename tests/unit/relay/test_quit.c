// QUIT (Modern IRC): goodbye, before and after registration.
#include "expect.h"

static void peers_hear_why_once(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    did(h, ana, "JOIN #a");
    did(h, leo, "JOIN #a");
    did(h, eve, "PART #party");
    ask(h, leo, "QUIT :good night");
    EXPECT(h, leo, "ERROR :Closing link: pipe (Quit: good night)");
    EXPECT(h, ana, ":leo!~leo@pipe QUIT :Quit: good night");
    EXPECT_NOTHING(h, eve);
    assert_int_equal(relay_stats(h->relay).connections, 2);
}

static void nobody_can_pretend_to_have_been_closed(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "QUIT :Ping timeout");
    EXPECT(h, ana, ":leo!~leo@pipe QUIT :Quit: Ping timeout");
    int eve = harness_guest(h, "eve", NULL);
    ask(h, eve, "QUIT");
    EXPECT(h, ana, ":eve!~eve@pipe QUIT :Quit: ");
}

static void before_registration_too(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "NICK ana\r\nQUIT :no");
    EXPECT(h, ana, "ERROR :Closing link: pipe (Quit: no)");
    harness_turn(h, 0);
    assert_int_equal(relay_stats(h->relay).connections, 0);
    int leo = harness_connect(h, 65536);
    ask(h, leo, "NICK ana\r\nUSER a 0 * :a");
    HAS(h, leo, " 001 ana ");
}

static void what_follows_is_not_read(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "QUIT\r\nPRIVMSG #party :still here");
    EXPECT(h, ana, ":leo!~leo@pipe QUIT :Quit: ");
}

static void a_long_reason_is_cut_between_characters(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    char reason[420];
    for (size_t i = 0; i < 210; i++) {
        memcpy(reason + 2 * i, "\xC3\xA9", 2);
    }
    reason[419] = '\0';
    reason[418] = '\0';
    ask(h, leo, "QUIT :%s", reason);
    HAS(h, ana, "\xC3\xA9\r\n");
    assert_true(strlen(harness_got(h, ana)) <= 512);
}

static void a_broken_link_is_told_with_its_reason(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    harness_hang_up(h, ana);
    EXPECT(h, leo, ":ana!~ana@pipe QUIT :Connection closed");
    assert_int_equal(relay_stats(h->relay).users, 1);
}

RELAY_TESTS(ROW(peers_hear_why_once), ROW(nobody_can_pretend_to_have_been_closed),
            ROW(before_registration_too), ROW(what_follows_is_not_read),
            ROW(a_long_reason_is_cut_between_characters),
            ROW(a_broken_link_is_told_with_its_reason))

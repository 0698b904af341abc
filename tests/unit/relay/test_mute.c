// MUTE, UNMUTE, BAN, UNBAN: entries of the list of bans that end by themselves.
#include "accounts.h"

static void a_mute_ends_by_itself(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "MUTE #party leo 30");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #party +b m:leo!*@*");
    EXPECT(h, leo, ":ana!~ana@pipe MODE #party +b m:leo!*@*",
           S "NOTICE leo :You are muted in #party for 30 seconds");
    ask(h, leo, "PRIVMSG #party :hm");
    EXPECT(h, leo, S "404 leo #party :{}muted{}");
    harness_turn(h, 29000);
    harness_drop(h);
    ask(h, leo, "PRIVMSG #party :hm");
    HAS(h, leo, " 404 ");
    harness_drop(h);
    harness_turn(h, 1000);
    EXPECT(h, ana, S "MODE #party -b m:leo!*@*");
    EXPECT(h, leo, S "MODE #party -b m:leo!*@*");
    ask(h, leo, "PRIVMSG #party :at last");
    HAS(h, ana, " PRIVMSG #party :at last\r\n");
}

static void the_relay_wakes_for_it(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    (void)harness_guest(h, "leo", NULL);
    did(h, ana, "MUTE #party leo 5");
    assert_in_range(relay_wait_ms(h->relay, h->now_ms), 4000, 5000);
}

static void unmute_lifts_it_early(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "MUTE #party leo");
    ask(h, ana, "UNMUTE #party leo");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #party -b m:leo!*@*");
    ask(h, leo, "PRIVMSG #party :thanks");
    HAS(h, ana, " PRIVMSG #party :thanks\r\n");
    ask(h, ana, "UNMUTE #party leo");
    EXPECT(h, ana, S "FAIL UNMUTE NOTHING_TO_LIFT :{}");
    harness_drop(h);
    harness_turn(h, 700000);
    HAS_NOT(h, ana, "MODE");
}

static void a_second_mute_only_moves_its_end(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "MUTE #party leo 10");
    harness_drop(h);
    ask(h, ana, "MUTE #party leo 100");
    EXPECT_NOTHING(h, ana);
    HAS(h, leo, "for 100 seconds");
    harness_drop(h);
    harness_turn(h, 20000);
    EXPECT_NOTHING(h, ana);
    did(h, ana, "MUTE #party leo 0");
    harness_turn(h, 200000);
    HAS_NOT(h, ana, "MODE"); // for good
}

static void mode_makes_it_for_good(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "MUTE #party leo 30");
    ask(h, ana, "MODE #party +b m:leo");
    EXPECT_NOTHING(h, ana); // it stood there
    harness_turn(h, 31000);
    harness_drop(h);
    ask(h, leo, "PRIVMSG #party :hm");
    EXPECT(h, leo, S "404 leo #party :{}muted{}");
}

static void hosts_only_and_people_who_are_there(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int tom = harness_guest(h, "tom", NULL);
    did(h, tom, "PART #party");
    ask(h, leo, "MUTE #party ana");
    EXPECT(h, leo, S "482 leo #party :Only hosts may do that");
    ask(h, tom, "MUTE #party ana");
    EXPECT(h, tom, S "442 tom #party :{}");
    ask(h, ana, "MUTE #nowhere leo");
    EXPECT(h, ana, S "403 ana #nowhere :{}");
    ask(h, ana, "MUTE #party nobody");
    EXPECT(h, ana, S "401 ana nobody :{}");
    ask(h, ana, "MUTE #party :a b\r\nUNMUTE #party :a b");
    EXPECT(h, ana, S "401 ana * :{}", S "401 ana * :{}");
    ask(h, ana, "MUTE #party tom");
    EXPECT(h, ana, S "441 ana tom #party :{}");
    ask(h, ana, "MUTE #party leo soon");
    EXPECT(h, ana, S "FAIL MUTE INVALID_PARAMS :{}");
    ask(h, ana, "MUTE #party leo 604801");
    EXPECT(h, ana, S "FAIL MUTE INVALID_PARAMS :{}");
    ask(h, ana, "MUTE #party");
    EXPECT(h, ana, S "461 ana MUTE :Not enough parameters");
}

static void an_account_is_muted_by_its_name(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "leo");
    int ana = harness_guest(h, "ana", NULL);
    int leo = accounts_guest(h, "leo", NULL);
    ask(h, ana, "MUTE #party leo");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #party +b m:a:leo");
    ask(h, leo, "PRIVMSG #party :hm");
    HAS(h, leo, " 404 ");
}

static void a_ban_keeps_out_for_a_while(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "BAN #party leo 30");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #party +b leo!*@*");
    did(h, ana, "KICK #party leo");
    ask(h, leo, "JOIN #party");
    EXPECT(h, leo, S "474 leo #party :{}");
    harness_turn(h, 30000);
    ask(h, leo, "JOIN #party");
    HAS(h, leo, " JOIN #party\r\n");
    did(h, ana, "BAN #party leo");
    ask(h, ana, "UNBAN #party leo");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #party -b leo!*@*");
}

static void a_closed_lobby_turns_plain_people_away_in_words(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    did(h, ana, "MODE #party +i");
    int x = harness_connect(h, 65536);
    harness_send(h, x, "hello\n");
    assert_string_equal(harness_got(h, x), "The party lets nobody else in now: it is closed or "
                                           "full, or you are banned.\n");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "LUSERS");
    HAS(h, ana, " 255 ana :I have 1 clients ");
}

static void a_mute_outlives_the_relay_in_an_owned_room(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    accounts_make(h, "ana");
    int ana = accounts_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #den");
    did(h, leo, "JOIN #den");
    did(h, ana, "MUTE #den leo 30");
    accounts_restart(a);
    ana = accounts_guest(h, "ana", NULL);
    did(h, ana, "JOIN #den");
    ask(h, ana, "MODE #den +b");
    HAS(h, ana, " 367 ana #den m:leo!*@* ana ");
    harness_drop(h);
    harness_turn(h, 31000);
    EXPECT(h, ana, S "MODE #den -b m:leo!*@*");
}

RELAY_TESTS(ACCOUNTS_ROW(a_mute_ends_by_itself), ACCOUNTS_ROW(the_relay_wakes_for_it),
            ACCOUNTS_ROW(unmute_lifts_it_early), ACCOUNTS_ROW(a_second_mute_only_moves_its_end),
            ACCOUNTS_ROW(mode_makes_it_for_good), ACCOUNTS_ROW(hosts_only_and_people_who_are_there),
            ACCOUNTS_ROW(an_account_is_muted_by_its_name),
            ACCOUNTS_ROW(a_ban_keeps_out_for_a_while),
            ACCOUNTS_ROW(a_closed_lobby_turns_plain_people_away_in_words),
            ACCOUNTS_ROW(a_mute_outlives_the_relay_in_an_owned_room))

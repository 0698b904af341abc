// NICK (Modern IRC): what is a name, whose it is, who hears.
#include "expect.h"

static void a_nick_belongs_to_one(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "Ana", NULL);
    int leo = harness_connect(h, 65536);
    ask(h, leo, "NICK aNA\r\nUSER l 0 * :L");
    EXPECT(h, leo, S "433 * aNA :{}");
    ask(h, leo, "NICK h\xC3\xA9\r\nNICK *\r\nNICK\r\nNICK :\r\nNICK :a b\r\nNICK 1a\r\nNICK -a");
    EXPECT(h, leo, S "432 * h\xC3\xA9 :{}", S "432 * * :{}", S "431 * :{}", S "431 * :{}",
           S "432 * * :{}", S "432 * 1a :{}", S "432 * -a :{}");
    ask(h, leo, "NICK leo"); // and no second USER
    HAS(h, leo, S "001 leo ");
    ask(h, ana, "NICK LEO");
    EXPECT(h, ana, S "433 Ana LEO :{}");
    EXPECT_NOTHING(h, leo);
}

static void of_two_that_want_it_one_gets_it(void **state)
{
    struct harness *h = *state;
    int one = harness_connect(h, 65536);
    int two = harness_connect(h, 65536);
    harness_send(h, one, "NICK zed\r\n");
    harness_send(h, two, "NICK ZED\r\n");
    harness_send(h, two, "USER z 0 * :z\r\n");
    harness_send(h, one, "USER z 0 * :z\r\n");
    assert_int_equal(harness_times(h, one, " 001 ") + harness_times(h, two, " 001 "), 1);
    assert_int_equal(harness_times(h, one, " 433 ") + harness_times(h, two, " 433 "), 1);
}

static void the_same_is_nothing_another_case_is_news(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "Ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "NICK Ana");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "NICK ANA");
    EXPECT(h, ana, ":Ana!~Ana@pipe NICK :ANA");
    EXPECT(h, leo, ":Ana!~Ana@pipe NICK :ANA");
}

static void peers_hear_it_once_and_strangers_not(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    did(h, ana, "JOIN #a");
    did(h, leo, "JOIN #a");
    did(h, eve, "PART #party");
    ask(h, ana, "NICK anb");
    EXPECT(h, ana, ":ana!~ana@pipe NICK :anb");
    EXPECT(h, leo, ":ana!~ana@pipe NICK :anb");
    EXPECT_NOTHING(h, eve);
    ask(h, leo, "PRIVMSG anb :hi");
    EXPECT(h, ana, ":leo!~leo@pipe PRIVMSG anb :hi");
    ask(h, leo, "NAMES #a");
    EXPECT(h, leo, S "353 leo = #a :@anb leo", S "366 leo #a :{}");
}

static void it_is_free_at_once(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "NICK anb");
    ask(h, leo, "NICK ana");
    EXPECT(h, leo, ":leo!~leo@pipe NICK :ana");
    did(h, ana, "QUIT");
    ask(h, leo, "NICK anb");
    EXPECT(h, leo, ":ana!~leo@pipe NICK :anb");
}

static void it_has_a_length(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "NICK a234567890123456789012345678901");
    EXPECT(h, ana, S "432 ana a234567890123456789012345678901 :{}");
    ask(h, ana, "NICK a23456789012345678901234567890");
    EXPECT(h, ana, ":ana!~ana@pipe NICK :a23456789012345678901234567890");
    ask(h, ana, "NICK []\\`_^{|}-09");
    HAS(h, ana, " NICK :[]\\`_^{|}-09\r\n");
}

static void who_is_banned_or_muted_keeps_its_name(void **state)
{
    static const char *const masks[] = {"leo", "m:leo", "*@pipe", "lea", "m:lea"};
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
        did(h, ana, "MODE #party +b %s", masks[i]);
        ask(h, leo, "NICK lea");
        EXPECT(h, leo, S "435 leo lea #party :{}");
        EXPECT_NOTHING(h, ana);
        did(h, ana, "MODE #party +v leo");
        ask(h, leo, "NICK lea"); // voices and hosts may
        EXPECT(h, leo, ":leo!~leo@pipe NICK :lea");
        did(h, leo, "NICK leo");
        did(h, ana, "MODE #party -v leo\r\nMODE #party -b %s", masks[i]);
    }
    did(h, ana, "MODE #party +b leo");
    ask(h, leo, "NICK LEO");
    EXPECT(h, leo, ":leo!~leo@pipe NICK :LEO");
}

RELAY_TESTS(ROW(a_nick_belongs_to_one), ROW(of_two_that_want_it_one_gets_it),
            ROW(the_same_is_nothing_another_case_is_news),
            ROW(peers_hear_it_once_and_strangers_not), ROW(it_is_free_at_once),
            ROW(it_has_a_length), ROW(who_is_banned_or_muted_keeps_its_name))

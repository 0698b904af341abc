// WHOIS (Modern IRC): who somebody is, with the exact parameters.
#include "opers.h"

static void everything_in_its_place(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "Leo", NULL);
    did(h, leo, "JOIN #a");
    did(h, leo, "AWAY :tea");
    harness_turn(h, 9000);
    ask(h, ana, "WHOIS  leo");
    EXPECT(h, ana, S "311 ana Leo ~Leo pipe * :Leo", S "319 ana Leo :#party @#a",
           S "312 ana Leo ronron.party :Test", S "301 ana Leo :tea",
           S "317 ana Leo 9 1700000001 :{}", S "318 ana leo :{}");
}

static void oneself_sees_where_one_comes_from(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "WHOIS ana");
    EXPECT(h, ana, S "311 ana ana ~ana pipe * :ana", S "319 ana ana :@#party",
           S "312 ana ana ronron.party :Test", S "317 ana ana 0 1700000001 :{}",
           S "338 ana ana pipe :is actually using host", S "318 ana ana :{}");
}

static void idle_counts_from_what_was_said(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    harness_turn(h, 9000);
    did(h, leo, "PRIVMSG ana :hi");
    harness_turn(h, 5000);
    did(h, leo, "PING x"); // is no saying
    ask(h, ana, "WHOIS leo");
    HAS(h, ana, S "317 ana leo 5 ");
}

static void a_server_or_a_nick_may_stand_first(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    (void)harness_guest(h, "leo", NULL);
    ask(h, ana, "WHOIS ronron.party leo");
    HAS(h, ana, S "311 ana leo ");
    ask(h, ana, "WHOIS leo leo");
    HAS(h, ana, S "311 ana leo ");
    ask(h, ana, "WHOIS other.server leo");
    EXPECT(h, ana, S "402 ana other.server :{}");
}

static void unknown_is_401_and_the_end(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "WHOIS ghost");
    EXPECT(h, ana, S "401 ana ghost :{}", S "318 ana ghost :{}");
    ask(h, ana, "WHOIS *");
    EXPECT(h, ana, S "401 ana * :{}", S "318 ana * :{}");
    ask(h, ana, "WHOIS");
    EXPECT(h, ana, S "431 ana :{}");
}

// 311 first, 318 last, and between them only what clients know.
static void who_is_everything_has_every_line_once(void **state)
{
    static const char *const order[] = {" 311 ", " 319 ", " 312 ", " 313 ", " 330 ", " 301 ",
                                        " 335 ", " 317 ", " 338 ", " 760 ", " 318 "};
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = accounts_guest(h, "ana", NULL);
    did(h, ana, "OPER admin :" OPER_PASSWORD);
    did(h, ana, "MODE ana +B\r\nAWAY :tea\r\nMETADATA * SET url :x");
    ask(h, ana, "WHOIS ana");
    const char *at = harness_got(h, ana);
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        at = strstr(at, order[i]);
        assert_non_null(at);
    }
    assert_int_equal(harness_times(h, ana, "\r\n"), sizeof(order) / sizeof(order[0]));
    assert_int_equal(harness_times(h, ana, S), sizeof(order) / sizeof(order[0]));
    HAS(h, ana, S "330 ana ana ana :is logged in as\r\n");
    HAS(h, ana, S "760 ana ana url * :x\r\n");
}

RELAY_TESTS(ROW(everything_in_its_place), ROW(oneself_sees_where_one_comes_from),
            ROW(idle_counts_from_what_was_said), ROW(a_server_or_a_nick_may_stand_first),
            ROW(unknown_is_401_and_the_end), OPERS_ROW(who_is_everything_has_every_line_once))

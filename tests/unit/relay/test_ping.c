// PING and PONG (Modern IRC), and the relay's own.
#include "expect.h"

static void the_token_comes_back(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "PING abc");
    EXPECT(h, ana, S "PONG ronron.party :abc");
    ask(h, ana, "PING :a b");
    EXPECT(h, ana, S "PONG ronron.party :a b");
    ask(h, ana, "PING\r\nPING :");
    EXPECT(h, ana, S "409 ana :{}", S "409 ana :{}");
    ask(h, ana, "PONG x\r\nPONG");
    EXPECT_NOTHING(h, ana);
}

static void it_is_answered_before_registration(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "PING abc");
    EXPECT(h, ana, S "PONG ronron.party :abc");
}

static void all_that_was_asked_before_is_answered_before(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "JOIN #a\r\nPRIVMSG leo :1\r\nWHOIS ana\r\nPRIVMSG leo :2\r\nMODE #a\r\nPING end");
    const char *got = harness_got(h, ana);
    const char *at = got;
    static const char *const order[] = {" JOIN #a", " 366 ", " 311 ", " 318 ",
                                        " 324 ",    " 329 ", " PONG "};
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        at = strstr(at, order[i]);
        assert_non_null(at);
    }
    EXPECT(h, leo, ":ana!~ana@pipe PRIVMSG leo :1", ":ana!~ana@pipe PRIVMSG leo :2");
}

static void silence_is_pinged_and_then_closed(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    harness_turn(h, 59000);
    EXPECT_NOTHING(h, ana);
    harness_turn(h, 1500);
    EXPECT(h, ana, "PING :ronron.party");
    harness_send(h, leo, "PONG x\r\n");
    harness_turn(h, 60000);
    HAS(h, leo, ":ana!~ana@pipe QUIT :Ping timeout\r\n");
}

static void any_line_is_a_sign_of_life(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    for (int i = 0; i < 6; i++) {
        harness_turn(h, 50000);
        ask(h, ana, "ISON x");
        EXPECT(h, ana, S "303 ana :");
    }
    harness_turn(h, 61000);
    EXPECT(h, ana, "PING :ronron.party");
    ask(h, ana, "ISON x");
    harness_drop(h);
    harness_turn(h, 59000);
    EXPECT_NOTHING(h, ana);
}

RELAY_TESTS(ROW(the_token_comes_back), ROW(it_is_answered_before_registration),
            ROW(all_that_was_asked_before_is_answered_before),
            ROW(silence_is_pinged_and_then_closed), ROW(any_line_is_a_sign_of_life))

// Registration (Modern IRC): the welcome in its order, nothing before and nothing late behind it.
#include "expect.h"

static void the_welcome_comes_in_its_order(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "NICK ana\r\nUSER a 0 * :Ana");
    EXPECT(h, ana, S "001 ana :Welcome to Test, ana", S "002 ana :Your host is ronron.party, {}",
           S "003 ana :This party began 2023-11-14 22:13:20 UTC",
           S "004 ana ronron.party {} Biow CIbefiklmnoqstv Ibefkloqv", S "005 ana {}",
           S "005 ana {}", S "005 ana {}", S "251 ana :{}", S "252 ana 0 :{}", S "253 ana 0 :{}",
           S "254 ana 1 :{}", S "255 ana :{}", S "265 ana 1 1 :{}", S "266 ana 1 1 :{}",
           S "375 ana :{}", S "372 ana :{}", S "376 ana :{}");
    harness_turn(h, 5000);
    EXPECT_NOTHING(h, ana);
}

static void order_of_nick_and_user_does_not_matter(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "USER a 0 * :Ana");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "NICK ana");
    HAS(h, ana, " 001 ana ");
}

static void what_is_said_twice_counts_as_said_last(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "CAP END"); // before anything else
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "CAP REQ echo-message\r\nCAP REQ echo-message\r\nCAP LIST");
    EXPECT(h, ana, S "CAP * ACK :echo-message", S "CAP * ACK :echo-message",
           S "CAP * LIST :echo-message");
    ask(h, ana, "NICK ana\r\nNICK ana\r\nNICK ANA");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "USER a 0 * :one\r\nUSER b 0 * :two");
    EXPECT_NOTHING(h, ana);
    int other = harness_connect(h, 65536);
    ask(h, other, "NICK ana");
    EXPECT(h, other, S "433 * ana :Nickname is already in use");
    ask(h, ana, "CAP END\r\nCAP END");
    HAS(h, ana, S "001 ANA :");
    assert_int_equal(harness_times(h, ana, " 001 "), 1);
    ask(h, ana, "WHOIS ana");
    HAS(h, ana, S "311 ANA ANA ~b pipe * :two\r\n");
    ask(h, ana, "USER c 0 * :three\r\nPASS x\r\nNICK ANA\r\nCAP END");
    EXPECT(h, ana, S "462 ANA :{}", S "462 ANA :{}");
}

static void a_nick_given_up_before_the_welcome_is_free(void **state)
{
    struct harness *h = *state;
    int one = harness_connect(h, 65536);
    int two = harness_connect(h, 65536);
    did(h, one, "NICK ana");
    did(h, one, "NICK leo");
    ask(h, two, "NICK ana\r\nUSER a 0 * :a");
    HAS(h, two, " 001 ana ");
    ask(h, one, "NICK ana"); // somebody's now; leo stays its own
    EXPECT(h, one, S "433 leo ana :{}");
    ask(h, one, "USER l 0 * :l");
    HAS(h, one, " 001 leo ");
    harness_hang_up(h, one);
    int three = harness_connect(h, 65536);
    ask(h, three, "NICK leo\r\nUSER l 0 * :l");
    HAS(h, three, " 001 leo ");
}

static void other_commands_have_to_wait(void **state)
{
    static const char *const lines[] = {"JOIN #a", "PRIVMSG ana :x", "WHO x", "FOO", "MODE x"};
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        ask(h, ana, "%s", lines[i]);
        EXPECT(h, ana, S "451 * :{}");
    }
    did(h, ana, "NICK ana");
    ask(h, ana, "JOIN #a");
    EXPECT(h, ana, S "451 ana :{}");
}

static void it_may_not_take_forever(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    did(h, ana, "CAP LS 302");
    harness_turn(h, 31000);
    EXPECT(h, ana, "ERROR :{}");
    harness_turn(h, 0);
    assert_int_equal(relay_stats(h->relay).connections, 0);
}

static void stopping_tells_everybody(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int cat = harness_connect(h, 65536);
    harness_send(h, cat, "hi\n");
    harness_drop(h);
    relay_stop(h->relay, STR("The party is over"));
    harness_turn(h, 0);
    EXPECT(h, ana, "ERROR :Closing link: pipe (The party is over)");
    HAS(h, cat, "* The party is over\n");
    assert_true(relay_is_done(h->relay));
}

RELAY_TESTS(ROW(the_welcome_comes_in_its_order), ROW(order_of_nick_and_user_does_not_matter),
            ROW(what_is_said_twice_counts_as_said_last),
            ROW(a_nick_given_up_before_the_welcome_is_free), ROW(other_commands_have_to_wait),
            ROW(it_may_not_take_forever), ROW(stopping_tells_everybody))

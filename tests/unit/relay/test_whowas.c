// WHOWAS (Modern IRC): newest first, so many as asked.
#include "expect.h"

static void come_and_go(struct harness *h, const char *nick, const char *user)
{
    char text[128];
    int client = harness_connect(h, 65536);
    (void)snprintf(text, sizeof(text), "NICK %s\r\nUSER %s 0 * :%s\r\nQUIT\r\n", nick, user, user);
    harness_send(h, client, text);
    harness_drop(h);
}

static void the_newest_come_first(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    come_and_go(h, "leo", "one");
    come_and_go(h, "Leo", "two");
    ask(h, ana, "WHOWAS LEO");
    EXPECT(h, ana, S "314 ana Leo ~two pipe * :two", S "312 ana Leo ronron.party :{}",
           S "314 ana leo ~one pipe * :one", S "312 ana leo ronron.party :{}", S "369 ana LEO :{}");
}

static void a_count_limits_unless_it_is_below_one(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    come_and_go(h, "leo", "one");
    come_and_go(h, "leo", "two");
    ask(h, ana, "WHOWAS leo 1");
    EXPECT(h, ana, S "314 ana leo ~two {}", S "312 ana leo {}", S "369 ana leo :{}");
    ask(h, ana, "WHOWAS leo 0");
    assert_int_equal(harness_times(h, ana, " 314 "), 2);
    ask(h, ana, "WHOWAS leo -1");
    assert_int_equal(harness_times(h, ana, " 314 "), 2);
    ask(h, ana, "WHOWAS leo 9");
    assert_int_equal(harness_times(h, ana, " 314 "), 2);
}

static void a_name_that_was_given_up_is_remembered(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    did(h, ana, "NICK anb");
    ask(h, ana, "WHOWAS ana");
    EXPECT(h, ana, S "314 anb ana ~ana pipe * :ana", S "312 anb ana {}", S "369 anb ana :{}");
    did(h, ana, "NICK ANB"); // is no other name
    ask(h, ana, "WHOWAS anb");
    EXPECT(h, ana, S "406 ANB anb :{}", S "369 ANB anb :{}");
}

static void unknown_is_406_and_the_end(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "WHOWAS nobody");
    EXPECT(h, ana, S "406 ana nobody :{}", S "369 ana nobody :{}");
    ask(h, ana, "WHOWAS ana"); // is here, was not
    EXPECT(h, ana, S "406 ana ana :{}", S "369 ana ana :{}");
    ask(h, ana, "WHOWAS");
    EXPECT(h, ana, S "431 ana :{}");
}

RELAY_TESTS(ROW(the_newest_come_first), ROW(a_count_limits_unless_it_is_below_one),
            ROW(a_name_that_was_given_up_is_remembered), ROW(unknown_is_406_and_the_end))

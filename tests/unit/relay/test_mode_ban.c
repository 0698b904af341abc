// Channel mode b and the extended ban m: (Modern IRC): masks, lists, limits.
#include "expect.h"

static void masks_are_made_whole_and_ignore_case(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #c");
    ask(h, ana, "MODE #c +b LEO");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #c +b LEO!*@*");
    ask(h, leo, "JOIN #c");
    EXPECT(h, leo, S "474 leo #c :{}");
    ask(h, ana, "MODE #c +b leo!*@*");
    EXPECT_NOTHING(h, ana); // it is there
    ask(h, ana, "MODE #c -b leo");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #c -b LEO!*@*");
    ask(h, ana, "MODE #c +bbb *@pipe x!y a!b@c");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #c +bbb *!*@pipe x!y@* a!b@c");
    ask(h, leo, "JOIN #c");
    EXPECT(h, leo, S "474 leo #c :{}");
    ask(h, ana, "MODE #c -b nobody");
    EXPECT_NOTHING(h, ana);
}

static void any_member_may_see_the_list(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "MODE #party +b x");
    ask(h, leo, "MODE #party +b");
    EXPECT(h, leo, S "367 leo #party x!*@* ana 1700000001", S "368 leo #party :{}");
    ask(h, leo, "MODE #party b");
    EXPECT(h, leo, S "367 leo #party x!*@* ana 1700000001", S "368 leo #party :{}");
    did(h, ana, "MODE #party -b x");
    ask(h, leo, "MODE #party b");
    EXPECT(h, leo, S "368 leo #party :{}");
}

static void a_list_is_shown_once_a_command(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    did(h, ana, "MODE #party +be bad!*@* good!*@*");
    ask(h, ana, "MODE #party bbebeb");
    EXPECT(h, ana, S "367 ana #party bad!*@* ana {}", S "368 ana #party :{}",
           S "348 ana #party good!*@* ana {}", S "349 ana #party :{}");
}

static void who_is_banned_inside_does_not_speak(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "echo-message");
    int leo = harness_guest(h, "leo", "echo-message");
    did(h, ana, "MODE #party +b leo");
    ask(h, leo, "PRIVMSG #party :hm");
    EXPECT(h, leo, S "404 leo #party :{}");
    EXPECT_NOTHING(h, ana);
    did(h, ana, "MODE #party +v leo");
    ask(h, leo, "PRIVMSG #party :hm");
    EXPECT(h, ana, ":leo!~leo@pipe PRIVMSG #party :hm");
}

static void a_list_has_its_limit(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    for (int i = 0; i < 100; i++) {
        ask(h, ana, "MODE #party +b x%d", i);
        HAS(h, ana, " MODE #party +b x");
    }
    ask(h, ana, "MODE #party +b more");
    EXPECT(h, ana, S "478 ana #party b :{}");
    ask(h, ana, "MODE #party +e more"); // its list has room
    EXPECT(h, ana, ":ana!~ana@pipe MODE #party +e more!*@*");
}

static void a_broken_mask_is_696(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "MODE #party +b :a b");
    EXPECT(h, ana, S "696 ana #party b * :{}");
    ask(h, ana, "MODE #party +b :");
    EXPECT(h, ana, S "696 ana #party b * :{}");
    ask(h, ana, "MODE #party +b %0201d", 0);
    EXPECT(h, ana, S "696 ana #party b * :{}");
}

// What nobody may hear from it now does not come as a reason, a topic or parting words either.
static void a_muted_guest_has_no_other_way_to_speak(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "MODE #party -t+b m:leo");
    ask(h, leo, "TOPIC #party :heard");
    EXPECT(h, leo, S "404 leo #party :{}");
    EXPECT_NOTHING(h, ana);
    ask(h, leo, "PART #party :heard");
    EXPECT(h, ana, ":leo!~leo@pipe PART #party");
    did(h, leo, "JOIN #party");
    ask(h, leo, "QUIT :heard");
    EXPECT(h, ana, ":leo!~leo@pipe QUIT :Quit: ");
}

static void a_muted_guest_listens(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", "echo-message");
    ask(h, ana, "MODE #party +b m:LEO");
    EXPECT(h, leo, ":ana!~ana@pipe MODE #party +b m:LEO!*@*");
    ask(h, leo, "PRIVMSG #party :hm\r\nNOTICE #party :hm");
    EXPECT(h, leo, S "404 leo #party :{}");
    EXPECT_NOTHING(h, ana);
    did(h, leo, "PART #party");
    ask(h, leo, "JOIN #party");
    HAS(h, leo, " 366 leo #party :"); // it keeps nobody out
    ask(h, leo, "MODE #party b");
    EXPECT(h, leo, S "367 leo #party m:LEO!*@* ana {}", S "368 leo #party :{}");
    did(h, ana, "MODE #party +v leo");
    ask(h, leo, "PRIVMSG #party :voiced");
    EXPECT(h, ana, ":leo!~leo@pipe PRIVMSG #party :voiced");
    did(h, ana, "MODE #party -v leo");
    ask(h, ana, "MODE #party -b m:leo!*@*");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #party -b m:LEO!*@*");
    ask(h, leo, "PRIVMSG #party :free");
    EXPECT(h, ana, ":leo!~leo@pipe PRIVMSG #party :free");
}

RELAY_TESTS(ROW(masks_are_made_whole_and_ignore_case), ROW(any_member_may_see_the_list),
            ROW(a_list_is_shown_once_a_command), ROW(who_is_banned_inside_does_not_speak),
            ROW(a_list_has_its_limit), ROW(a_broken_mask_is_696), ROW(a_muted_guest_listens),
            ROW(a_muted_guest_has_no_other_way_to_speak))

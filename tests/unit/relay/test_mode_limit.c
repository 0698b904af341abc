// Channel mode l: so many people and no more.
#include "expect.h"

static void it_keeps_the_next_one_out(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #c");
    ask(h, ana, "MODE #c +l 1");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #c +l 1");
    ask(h, leo, "JOIN #c");
    EXPECT(h, leo, S "471 leo #c :{}");
    ask(h, ana, "MODE #c +l 1");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "MODE #c +l 02");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #c +l 2");
    ask(h, leo, "JOIN #c");
    HAS(h, leo, ":leo!~leo@pipe JOIN #c\r\n");
    ask(h, ana, "MODE #c -l");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #c -l");
    ask(h, ana, "MODE #c -l");
    EXPECT_NOTHING(h, ana);
}

static void what_is_no_number_is_696(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "MODE #party +l 0");
    EXPECT(h, ana, S "696 ana #party l 0 :{}");
    ask(h, ana, "MODE #party +l -1");
    EXPECT(h, ana, S "696 ana #party l -1 :{}");
    ask(h, ana, "MODE #party +l abc");
    EXPECT(h, ana, S "696 ana #party l abc :{}");
    ask(h, ana, "MODE #party +l :");
    EXPECT(h, ana, S "696 ana #party l * :{}");
    ask(h, ana, "MODE #party +l :1 2");
    EXPECT(h, ana, S "696 ana #party l * :{}");
    ask(h, ana, "MODE #party +l 99999999999999999999");
    EXPECT(h, ana, S "696 ana #party l 99999999999999999999 :{}");
    ask(h, ana, "MODE #party +l");
    EXPECT(h, ana, S "696 ana #party l * :{}");
}

RELAY_TESTS(ROW(it_keeps_the_next_one_out), ROW(what_is_no_number_is_696))

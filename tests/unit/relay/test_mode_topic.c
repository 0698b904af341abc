// Channel mode t: only hosts set the topic.
#include "expect.h"

static void it_is_on_at_first_and_can_be_off(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "TOPIC #party :mine");
    EXPECT(h, leo, S "482 leo #party :{}");
    EXPECT_NOTHING(h, ana);
    did(h, ana, "MODE #party -t");
    ask(h, leo, "TOPIC #party :mine");
    EXPECT(h, ana, ":leo!~leo@pipe TOPIC #party :mine");
}

RELAY_TESTS(ROW(it_is_on_at_first_and_can_be_off))

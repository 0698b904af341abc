// Channel modes i and I: by invitation only, and who needs none.
#include "expect.h"

static void only_the_invited_and_the_excepted_come_in(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #c");
    ask(h, ana, "MODE #c +i");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #c +i");
    ask(h, leo, "JOIN #c");
    EXPECT(h, leo, S "473 leo #c :{}");
    ask(h, ana, "MODE #c +I LEO");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #c +I LEO!*@*");
    ask(h, leo, "JOIN #c");
    HAS(h, leo, ":leo!~leo@pipe JOIN #c\r\n");
    ask(h, leo, "MODE #c I");
    EXPECT(h, leo, S "346 leo #c LEO!*@* ana {}", S "347 leo #c :{}");
    ask(h, ana, "MODE #c -I leo");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #c -I LEO!*@*");
}

RELAY_TESTS(ROW(only_the_invited_and_the_excepted_come_in))

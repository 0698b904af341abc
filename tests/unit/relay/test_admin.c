// ADMIN (Modern IRC): four lines, and which server is asked.
#include "expect.h"

static void it_has_four_lines(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "ADMIN");
    EXPECT(h, ana, S "256 ana ronron.party :Administrative info", S "257 ana :Test",
           S "258 ana :{}", S "259 ana :{}");
    ask(h, ana, "ADMIN ronron.party");
    assert_int_equal(harness_times(h, ana, "\r\n"), 4);
    ask(h, ana, "ADMIN other.server");
    EXPECT(h, ana, S "402 ana other.server :No such server");
}

RELAY_TESTS(ROW(it_has_four_lines))

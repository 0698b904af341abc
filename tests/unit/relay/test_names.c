// NAMES (Modern IRC): of one, of several, of none.
#include "expect.h"

static void one_channel_and_its_end(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "NAMES #PARTY");
    EXPECT(h, leo, S "353 leo = #party :@ana leo", S "366 leo #PARTY :{}");
    did(h, ana, "JOIN #c");
    ask(h, leo, "NAMES #c"); // from outside too
    EXPECT(h, leo, S "353 leo = #c :@ana", S "366 leo #c :{}");
}

static void several_end_with_one_end(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    did(h, ana, "JOIN #a,#b");
    ask(h, ana, "NAMES #a,#none,#b");
    EXPECT(h, ana, S "353 ana = #a :@ana", S "353 ana = #b :@ana", S "366 ana #a,#none,#b :{}");
}

static void what_is_unknown_is_an_end_alone(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "NAMES #none\r\nNAMES bad\r\nNAMES :a b\r\nNAMES");
    EXPECT(h, ana, S "366 ana #none :{}", S "366 ana bad :{}", S "366 ana * :{}",
           S "366 ana * :{}");
}

RELAY_TESTS(ROW(one_channel_and_its_end), ROW(several_end_with_one_end),
            ROW(what_is_unknown_is_an_end_alone))

// MOTD (Modern IRC): 375, 372, 376.
#include "expect.h"

static void the_default_names_the_party(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "MOTD");
    EXPECT(h, ana, S "375 ana :- ronron.party Message of the day -",
           S "372 ana :- Welcome to Test. The party is in #party.", S "376 ana :{}");
    ask(h, ana, "MOTD ronron.party");
    HAS(h, ana, " 376 ana :");
    ask(h, ana, "MOTD other.server");
    EXPECT(h, ana, S "402 ana other.server :{}");
}

static void every_line_of_the_hosts_is_one(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.motd = STR("one\n\nthree \xF0\x9F\x90\xB1"), .seed = 1};
    harness_open(&h, &config);
    int ana = harness_guest(&h, "ana", NULL);
    ask(&h, ana, "MOTD");
    EXPECT(&h, ana, S "375 ana :{}", S "372 ana :- one", S "372 ana :- ",
           S "372 ana :- three \xF0\x9F\x90\xB1", S "376 ana :{}");
    harness_close(&h);
}

RELAY_TESTS(ROW(the_default_names_the_party), cmocka_unit_test(every_line_of_the_hosts_is_one))

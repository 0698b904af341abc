// PASS (Modern IRC): looked at when registration ends.
#include "expect.h"

static void locked_party_wants_the_pin(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.password = STR("1234"), .seed = 1};
    harness_open(&h, &config);
    int good = harness_connect(&h, 65536);
    int wrong = harness_connect(&h, 65536);
    int none = harness_connect(&h, 65536);
    int plain = harness_connect(&h, 65536);
    harness_send(&h, good, "PASS 1234\r\nNICK a\r\nUSER a 0 * :a\r\n");
    harness_send(&h, wrong, "PASS 1\r\nNICK b\r\nUSER b 0 * :b\r\n");
    harness_send(&h, none, "NICK c\r\nUSER c 0 * :c\r\n");
    harness_send(&h, plain, "hello\n");
    harness_turn(&h, 100);
    HAS(&h, good, " 001 a ");
    EXPECT(&h, wrong, S "464 b :{}", "ERROR :{}");
    EXPECT(&h, none, S "464 c :{}", "ERROR :{}");
    assert_string_equal(harness_got(&h, plain),
                        "This party is locked; join it with an IRC program and the "
                        "PIN.\n");
    harness_close(&h);
}

static void the_last_one_counts(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.password = STR("1234"), .seed = 1};
    harness_open(&h, &config);
    int good = harness_connect(&h, 65536);
    int bad = harness_connect(&h, 65536);
    ask(&h, good, "PASS 1\r\nPASS 1234\r\nNICK a\r\nUSER a 0 * :a");
    HAS(&h, good, " 001 a ");
    ask(&h, bad, "PASS 1234\r\nPASS 1\r\nNICK b\r\nUSER b 0 * :b");
    HAS_NOT(&h, bad, " 001 ");
    harness_close(&h);
}

static void it_comes_before_registration_and_has_a_parameter(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "PASS x");
    EXPECT(h, ana, S "462 ana :{}");
    int leo = harness_connect(h, 65536);
    ask(h, leo, "PASS");
    EXPECT(h, leo, S "461 * PASS :{}");
    ask(h, leo, "PASS any\r\nNICK leo\r\nUSER leo 0 * :leo"); // an open party minds none
    HAS(h, leo, " 001 leo ");
}

static void who_says_nothing_at_a_locked_door_does_not_stand_there_forever(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.password = STR("1234"), .seed = 1};
    harness_open(&h, &config);
    int silent = harness_connect(&h, 65536);
    harness_turn(&h, 2000);
    harness_turn(&h, 29000);
    harness_turn(&h, 0);
    assert_int_equal(relay_stats(h.relay).connections, 0);
    assert_string_equal(harness_got(&h, silent), "");
    int late = harness_connect(&h, 65536); // but may speak IRC until then
    harness_turn(&h, 20000);
    ask(&h, late, "PASS 1234\r\nNICK a\r\nUSER a 0 * :a");
    HAS(&h, late, " 001 a ");
    harness_close(&h);
}

RELAY_TESTS(cmocka_unit_test(locked_party_wants_the_pin), cmocka_unit_test(the_last_one_counts),
            ROW(it_comes_before_registration_and_has_a_parameter),
            cmocka_unit_test(who_says_nothing_at_a_locked_door_does_not_stand_there_forever))

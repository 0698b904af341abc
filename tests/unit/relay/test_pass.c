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

static void the_silent_at_a_locked_door_may_speak_irc_for_a_while(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.password = STR("1234"), .seed = 1};
    harness_open(&h, &config);
    int late = harness_connect(&h, 65536);
    harness_turn(&h, 20000);
    ask(&h, late, "PASS 1234\r\nNICK a\r\nUSER a 0 * :a");
    HAS(&h, late, " 001 a ");
    harness_close(&h);
}

static void it_is_looked_at_with_the_settings_of_the_end(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.name = STR("Test"), .seed = 1};
    harness_open(&h, &config);
    int early = harness_connect(&h, 65536);
    int knows = harness_connect(&h, 65536);
    did(&h, early, "NICK a");
    did(&h, knows, "PASS 1234");
    config.password = STR("1234");
    assert_true(relay_reload(h.relay, &config, NULL));
    ask(&h, early, "USER a 0 * :a"); // the party was open when it came
    EXPECT(&h, early, S "464 a :{}", "ERROR :{}");
    ask(&h, knows, "NICK b\r\nUSER b 0 * :b");
    HAS(&h, knows, " 001 b ");
    int leo = harness_connect(&h, 65536);
    did(&h, leo, "NICK leo");
    config.password = (struct str){0};
    assert_true(relay_reload(h.relay, &config, NULL));
    ask(&h, leo, "USER leo 0 * :leo");
    HAS(&h, leo, " 001 leo ");
    harness_close(&h);
}

static int try_pin(struct harness *h, const char *pin)
{
    int client = harness_connect(h, 65536);
    ask(h, client, "PASS %s\r\nNICK zed\r\nUSER z 0 * :z", pin);
    return client;
}

static void pins_cannot_be_guessed_over_many_connections(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {
        .password = STR("1234"), .limits = relay_limits_normal(), .seed = 1};
    harness_open(&h, &config);
    for (int i = 0; i < 10; i++) {
        int client = try_pin(&h, "1");
        EXPECT(&h, client, S "464 zed :{}", "ERROR :{}");
        harness_forget(&h, client);
    }
    int right = try_pin(&h, "1234"); // or it would tell that this one is right
    EXPECT(&h, right, S "464 zed :Too many wrong PINs from your address, wait a minute",
           "ERROR :{}");
    harness_turn(&h, 6000);
    right = try_pin(&h, "1234");
    HAS(&h, right, " 001 zed ");
    harness_close(&h);
}

static void who_says_none_has_not_guessed(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {
        .password = STR("1234"), .limits = relay_limits_normal(), .seed = 1};
    harness_open(&h, &config);
    for (int i = 0; i < 20; i++) {
        int client = harness_connect(&h, 65536);
        ask(&h, client, "NICK zed\r\nUSER z 0 * :z");
        HAS(&h, client, " 464 zed ");
        harness_forget(&h, client);
    }
    HAS(&h, try_pin(&h, "1234"), " 001 zed ");
    harness_close(&h);
}

RELAY_TESTS(cmocka_unit_test(locked_party_wants_the_pin), cmocka_unit_test(the_last_one_counts),
            ROW(it_comes_before_registration_and_has_a_parameter),
            cmocka_unit_test(the_silent_at_a_locked_door_may_speak_irc_for_a_while),
            cmocka_unit_test(it_is_looked_at_with_the_settings_of_the_end),
            cmocka_unit_test(pins_cannot_be_guessed_over_many_connections),
            cmocka_unit_test(who_says_none_has_not_guessed))

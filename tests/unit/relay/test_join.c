// JOIN (Modern IRC): the order of the answer, keys, errors, limits.
#include "expect.h"

static void answers_come_in_order_and_the_first_is_host(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "JOIN #new");
    EXPECT(h, ana, ":ana!~ana@pipe JOIN #new", S "353 ana = #new :@ana",
           S "366 ana #new :End of /NAMES list");
    did(h, ana, "TOPIC #new :fun");
    ask(h, ana, "JOIN #new");
    EXPECT_NOTHING(h, ana); // it is there already
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "JOIN #NEW");
    EXPECT(h, leo, ":leo!~leo@pipe JOIN #new", S "332 leo #new :fun",
           S "333 leo #new ana 1700000001", S "353 leo = #new :@ana leo", S "366 leo #new :{}");
    EXPECT(h, ana, ":leo!~leo@pipe JOIN #new");
}

static void a_secret_channel_has_its_own_sign(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #a");
    did(h, ana, "MODE #a +s");
    ask(h, leo, "JOIN #a");
    EXPECT(h, leo, ":leo!~leo@pipe JOIN #a", S "353 leo @ #a :@ana leo", S "366 leo #a :{}");
}

static void good_names_of_a_list_are_joined_and_bad_ones_told(void **state)
{
    struct harness *h = *state;
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "JOIN #ok,bad,#x");
    EXPECT(h, leo, ":leo!~leo@pipe JOIN #ok", S "353 leo = #ok :@leo", S "366 leo #ok :{}",
           S "403 leo bad :{}", ":leo!~leo@pipe JOIN #x", S "353 leo = #x :@leo",
           S "366 leo #x :{}");
    ask(h, leo, "JOIN :a b\r\nJOIN :#\r\nJOIN :#a b,,");
    EXPECT(h, leo, S "403 leo * :{}", S "403 leo # :{}", S "403 leo * :{}", S "403 leo * :{}");
    ask(h, leo, "JOIN\r\nJOIN :");
    EXPECT(h, leo, S "461 leo JOIN :{}", S "461 leo JOIN :{}");
}

static void keys_go_with_their_channels(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #a,#b,#c");
    did(h, ana, "MODE #a +k one\r\nMODE #b +k two");
    ask(h, leo, "JOIN #a,#b,#c one,two");
    HAS(h, leo, "JOIN #a\r\n");
    HAS(h, leo, "JOIN #b\r\n");
    HAS(h, leo, "JOIN #c\r\n");
    did(h, leo, "PART #a,#b,#c");
    ask(h, leo, "JOIN #c,#a one,one");
    HAS(h, leo, "JOIN #c\r\n");
    HAS(h, leo, "JOIN #a\r\n");
    ask(h, leo, "JOIN #b one");
    EXPECT(h, leo, S "475 leo #b :{}");
}

static void zero_leaves_all(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #a");
    did(h, leo, "JOIN #a");
    ask(h, ana, "JOIN 0");
    EXPECT(h, ana, ":ana!~ana@pipe PART #party", ":ana!~ana@pipe PART #a");
    EXPECT(h, leo, ":ana!~ana@pipe PART #party", ":ana!~ana@pipe PART #a");
}

static void a_channel_has_a_length(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    char name[66] = "#";
    memset(name + 1, 'c', 64);
    ask(h, ana, "JOIN %s", name);
    char line[128];
    (void)snprintf(line, sizeof(line), S "403 ana %s :{}", name);
    EXPECT(h, ana, line);
    name[64] = '\0';
    ask(h, ana, "JOIN %s", name);
    (void)snprintf(line, sizeof(line), ":ana!~ana@pipe JOIN %s\r\n", name);
    HAS(h, ana, line);
}

static void a_client_has_so_many_channels(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    for (int i = 1; i < 50; i++) {
        ask(h, ana, "JOIN #c%d", i);
        HAS(h, ana, " JOIN #c");
    }
    ask(h, ana, "JOIN #more");
    EXPECT(h, ana, S "405 ana #more :{}");
    did(h, ana, "PART #c1");
    ask(h, ana, "JOIN #more");
    HAS(h, ana, " JOIN #more\r\n");
}

static void a_long_list_of_names_takes_lines_that_fit(void **state)
{
    struct harness *h = *state;
    for (int i = 0; i < 14; i++) {
        char nick[32];
        (void)snprintf(nick, sizeof(nick), "n%029d", i);
        (void)harness_guest(h, nick, NULL);
    }
    int ana = harness_guest(h, "a23456789012345678901234567890", "userhost-in-names");
    ask(h, ana, "NAMES #party");
    assert_int_equal(harness_times(h, ana, "@pipe"), 15);
    struct str rest = str_from(harness_got(h, ana));
    struct str line;
    while (str_next(&rest, '\n', &line)) {
        assert_true(line.len + 1 <= 512);
        assert_false(str_ends(line, STR(" \r")));
    }
}

RELAY_TESTS(ROW(answers_come_in_order_and_the_first_is_host),
            ROW(a_secret_channel_has_its_own_sign),
            ROW(good_names_of_a_list_are_joined_and_bad_ones_told),
            ROW(keys_go_with_their_channels), ROW(zero_leaves_all), ROW(a_channel_has_a_length),
            ROW(a_client_has_so_many_channels), ROW(a_long_list_of_names_takes_lines_that_fit))

// TOPIC (Modern IRC): 331, 332 and 333, setting and clearing.
#include "expect.h"

static void it_is_asked_for_and_set(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "TOPIC #party");
    EXPECT(h, leo, S "331 leo #party :{}");
    ask(h, ana, "TOPIC #PARTY :cats \xF0\x9F\x90\xB1");
    EXPECT(h, ana, ":ana!~ana@pipe TOPIC #party :cats \xF0\x9F\x90\xB1");
    EXPECT(h, leo, ":ana!~ana@pipe TOPIC #party :cats \xF0\x9F\x90\xB1");
    ask(h, leo, "TOPIC #party");
    EXPECT(h, leo, S "332 leo #party :cats \xF0\x9F\x90\xB1", S "333 leo #party ana 1700000001");
}

static void an_empty_one_clears_it(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "TOPIC #party :cats");
    ask(h, ana, "TOPIC #party :");
    EXPECT(h, leo, ":ana!~ana@pipe TOPIC #party :");
    ask(h, leo, "TOPIC #party");
    EXPECT(h, leo, S "331 leo #party :{}");
    did(h, leo, "PART #party");
    ask(h, leo, "JOIN #party");
    HAS_NOT(h, leo, " 332 ");
    HAS_NOT(h, leo, " 331 ");
}

static void errors_are_one_line(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #a");
    ask(h, leo, "TOPIC #a");
    EXPECT(h, leo, S "442 leo #a :{}");
    ask(h, leo, "TOPIC #a :x");
    EXPECT(h, leo, S "442 leo #a :{}");
    ask(h, leo, "TOPIC #none");
    EXPECT(h, leo, S "403 leo #none :{}");
    ask(h, leo, "TOPIC #party :x");
    EXPECT(h, leo, S "482 leo #party :{}");
    ask(h, leo, "TOPIC");
    EXPECT(h, leo, S "461 leo TOPIC :{}");
    EXPECT_NOTHING(h, ana);
}

static void it_is_cut_between_characters(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    char topic[320], line[400];
    memset(topic, 't', 299);
    memcpy(topic + 299, "\xC3\xA9", 3);
    ask(h, ana, "TOPIC #party :%s", topic);
    (void)snprintf(line, sizeof(line), ":ana!~ana@pipe TOPIC #party :%.299s", topic);
    EXPECT(h, ana, line);
}

RELAY_TESTS(ROW(it_is_asked_for_and_set), ROW(an_empty_one_clears_it), ROW(errors_are_one_line),
            ROW(it_is_cut_between_characters))

// Channel mode k: a key, exactly.
#include "expect.h"

static void it_keeps_out_who_does_not_know_it(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #c");
    ask(h, ana,
        "MODE #c +k b\xC3\xA9"
        "b\xC3\xA9");
    EXPECT(h, ana,
           ":ana!~ana@pipe MODE #c +k b\xC3\xA9"
           "b\xC3\xA9");
    ask(h, leo, "JOIN #c\r\nJOIN #c wrong");
    EXPECT(h, leo, S "475 leo #c :{}", S "475 leo #c :{}");
    ask(h, leo,
        "JOIN #c b\xC3\xA9"
        "b\xC3\xA9");
    HAS(h, leo, ":leo!~leo@pipe JOIN #c\r\n");
    ask(h, ana, "MODE #c -k anything");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #c -k *");
    ask(h, ana, "MODE #c -k");
    EXPECT_NOTHING(h, ana);
}

static void broken_keys_are_696(void **state)
{
    static const char *const keys[] = {":a b", ":", "a,b", "::a",
                                       "123456789012345678901234567890123"};
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        ask(h, ana, "MODE #party +k %s", keys[i]);
        EXPECT(h, ana, S "696 ana #party k * :{}");
    }
    ask(h, ana, "MODE #party +k");
    EXPECT(h, ana, S "696 ana #party k * :{}");
    ask(h, ana, "MODE #party +k 12345678901234567890123456789012");
    EXPECT(h, ana, ":ana!~ana@pipe MODE #party +k 12345678901234567890123456789012");
}

RELAY_TESTS(ROW(it_keeps_out_who_does_not_know_it), ROW(broken_keys_are_696))

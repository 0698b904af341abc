// Channel mode s: who is not in it does not see it.
#include "expect.h"

static void outsiders_see_nothing(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #c");
    did(h, ana, "MODE #c +s");
    ask(h, leo, "LIST #c");
    EXPECT(h, leo, S "321 leo {}", S "323 leo :{}");
    ask(h, leo, "NAMES #c");
    EXPECT(h, leo, S "366 leo #c :{}");
    ask(h, leo, "WHO #c");
    EXPECT(h, leo, S "315 leo #c :{}");
    ask(h, leo, "WHOIS ana");
    HAS_NOT(h, leo, "#c");
    ask(h, ana, "NAMES #c");
    EXPECT(h, ana, S "353 ana @ #c :@ana", S "366 ana #c :{}");
    ask(h, ana, "WHOIS ana");
    HAS(h, ana, "@#c");
}

static void to_outsiders_it_is_not_there(void **state)
{
    static const char *const asks[] = {
        "MODE #c",       "MODE #c b",    "MODE #c +m", "TOPIC #c", "TOPIC #c :x", "KICK #c ana",
        "INVITE ana #c", "RENAME #c #d", "PART #c",    "KNOCK #c", "MUTE #c ana", "PRIVMSG #c :x",
    };
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #c");
    did(h, ana, "MODE #c +s");
    for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
        ask(h, leo, "%s", asks[i]);
        EXPECT(h, leo, S "403 leo #c :No such channel");
    }
    EXPECT_NOTHING(h, ana);
    did(h, ana, "MODE #c -n");
    ask(h, leo, "PRIVMSG #c :x"); // whoever knows of it may speak there, if its hosts let strangers
    EXPECT(h, ana, ":leo!~leo@pipe PRIVMSG #c :x");
}

RELAY_TESTS(ROW(to_outsiders_it_is_not_there), ROW(outsiders_see_nothing))

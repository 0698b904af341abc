// no-implicit-names (IRCv3): a phone that joins again gets no list of names.
#include "expect.h"

static void names_come_unasked_unless_refused(void **state)
{
    struct harness *h = *state;
    int old = harness_guest(h, "old", NULL);
    int phone = harness_guest(h, "phone", "no-implicit-names");
    int draft = harness_guest(h, "draft", "draft/no-implicit-names");
    did(h, old, "PART #party");
    ask(h, old, "JOIN #a");
    EXPECT(h, old, ":old!~old@pipe JOIN #a", S "353 old = #a :@old", S "366 old #a :{}");
    ask(h, phone, "JOIN #a");
    EXPECT(h, phone, ":phone!~phone@pipe JOIN #a");
    ask(h, draft, "JOIN #a");
    EXPECT(h, draft, ":draft!~draft@pipe JOIN #a");
    ask(h, phone, "NAMES #a");
    EXPECT(h, phone, S "353 phone = #a :@old phone draft", S "366 phone #a :{}");
}

static void the_topic_still_comes(void **state)
{
    struct harness *h = *state;
    int old = harness_guest(h, "old", NULL);
    int phone = harness_guest(h, "phone", "no-implicit-names");
    did(h, old, "JOIN #a");
    did(h, old, "TOPIC #a :cats");
    ask(h, phone, "JOIN #a");
    EXPECT(h, phone, ":phone!~phone@pipe JOIN #a", S "332 phone #a :cats", S "333 phone #a old {}");
}

static void a_renamed_channel_sends_none_either(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "no-implicit-names");
    did(h, ana, "JOIN #a");
    ask(h, ana, "RENAME #a #b :new");
    EXPECT(h, ana, ":ana!~ana@pipe PART #a :new", ":ana!~ana@pipe JOIN #b");
}

RELAY_TESTS(ROW(names_come_unasked_unless_refused), ROW(the_topic_still_comes),
            ROW(a_renamed_channel_sends_none_either))

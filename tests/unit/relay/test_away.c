// AWAY (Modern IRC): 306, 305, and 301 to who writes.
#include "expect.h"

static void going_and_coming_back(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "AWAY :tea");
    EXPECT(h, leo, S "306 leo :{}");
    ask(h, ana, "PRIVMSG leo :there?");
    EXPECT(h, ana, S "301 ana leo :tea");
    EXPECT(h, leo, ":ana!~ana@pipe PRIVMSG leo :there?");
    ask(h, leo, "AWAY :");
    EXPECT(h, leo, S "305 leo :{}");
    ask(h, ana, "PRIVMSG leo :there?");
    EXPECT_NOTHING(h, ana);
}

static void notices_get_no_answer(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, leo, "AWAY :tea");
    ask(h, ana, "NOTICE leo :there?");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "INVITE leo #party\r\nPART #party");
    did(h, ana, "JOIN #a");
    ask(h, ana, "INVITE leo #a");
    EXPECT(h, ana, S "341 ana leo #a", S "301 ana leo :tea");
}

static void the_text_is_cut_between_characters(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    char text[256];
    memset(text, 'a', 199);
    memcpy(text + 199, "\xC3\xA9zz", 5);
    did(h, leo, "AWAY :%s", text);
    ask(h, ana, "PRIVMSG leo :there?");
    text[199] = '\0';
    char line[300];
    (void)snprintf(line, sizeof(line), S "301 ana leo :%s", text);
    EXPECT(h, ana, line);
}

RELAY_TESTS(ROW(going_and_coming_back), ROW(notices_get_no_answer),
            ROW(the_text_is_cut_between_characters))

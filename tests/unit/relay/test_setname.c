// SETNAME (IRCv3 setname): a new realname, told to those who know it.
#include "expect.h"

static void oneself_and_peers_with_it_are_told(void **state)
{
    struct harness *h = *state;
    int leo = harness_guest(h, "leo", "setname");
    int eve = harness_guest(h, "eve", "setname");
    int old = harness_guest(h, "old", NULL);
    ask(h, leo, "SETNAME :Leo the Cat");
    EXPECT(h, leo, ":leo!~leo@pipe SETNAME :Leo the Cat");
    EXPECT(h, eve, ":leo!~leo@pipe SETNAME :Leo the Cat");
    EXPECT_NOTHING(h, old);
    ask(h, old, "WHOIS leo");
    HAS(h, old, S "311 old leo ~leo pipe * :Leo the Cat\r\n");
}

static void who_does_not_know_it_may_use_it(void **state)
{
    struct harness *h = *state;
    int old = harness_guest(h, "old", NULL);
    int eve = harness_guest(h, "eve", "setname");
    ask(h, old, "SETNAME :Old One");
    EXPECT_NOTHING(h, old);
    EXPECT(h, eve, ":old!~old@pipe SETNAME :Old One");
}

static void names_have_a_length(void **state)
{
    struct harness *h = *state;
    int leo = harness_guest(h, "leo", "setname");
    char real[102];
    memset(real, 'r', sizeof(real));
    real[101] = '\0';
    ask(h, leo, "SETNAME :%s", real);
    EXPECT(h, leo, S "FAIL SETNAME INVALID_REALNAME :{}");
    real[100] = '\0';
    ask(h, leo, "SETNAME :%s", real);
    HAS(h, leo, ":leo!~leo@pipe SETNAME :rrr");
    ask(h, leo, "SETNAME :");
    EXPECT(h, leo, S "FAIL SETNAME INVALID_REALNAME :{}");
    ask(h, leo, "SETNAME");
    EXPECT(h, leo, S "461 leo SETNAME :{}");
}

RELAY_TESTS(ROW(oneself_and_peers_with_it_are_told), ROW(who_does_not_know_it_may_use_it),
            ROW(names_have_a_length))

// KILL (RFC 2812 3.7.1, Modern IRC).
#include "opers.h"

static void only_operators_kill(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "KILL leo :spam");
    EXPECT(h, ana, S "481 ana :{}");
    ask(h, ana, "KILL ana :spam");
    EXPECT(h, ana, S "481 ana :{}");
    EXPECT_NOTHING(h, leo);
}

static void the_killed_is_told_and_closed(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int tom = harness_guest(h, "tom", NULL);
    did(h, ana, "OPER admin :" OPER_PASSWORD);
    harness_drop(h);
    ask(h, ana, "KILL leo :some reason");
    EXPECT(h, leo, ":ana!~ana@pipe KILL leo :some reason",
           "ERROR :Closing link: pipe (Killed (ana (some reason)))");
    EXPECT(h, tom, ":leo!~leo@pipe QUIT :Killed (ana (some reason))");
    EXPECT(h, ana, ":leo!~leo@pipe QUIT :Killed (ana (some reason))");
    ask(h, ana, "KILL leo");
    EXPECT(h, ana, S "401 ana leo :No such nick");
    ask(h, ana, "KILL tom");
    HAS(h, tom, "ERROR :Closing link: pipe (Killed (ana (No reason given)))");
    ask(h, ana, "KILL ana :bye");
    HAS(h, ana, "ERROR :Closing link: pipe (Killed (ana (bye)))");
}

static void the_goodbye_is_whole_whoever_kills(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    a->config.has_utf8_nicks = true;
    accounts_restart(a);
    struct buf nick;
    buf_init(&nick, BUF_NO_LIMIT);
    for (int i = 0; i < 30; i++) {
        (void)buf_append(&nick, STR("\U00020000"));
    }
    int ana = harness_guest(h, buf_cstr(&nick), NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "OPER admin :" OPER_PASSWORD);
    ask(h, ana, "KILL leo :\u00e9t\u00e9");
    HAS(h, ana, ":leo!~leo@pipe QUIT :Killed (\U00020000");
    HAS(h, ana, " (\u00e9t\u00e9))\r\n");
    HAS(h, leo, " (\u00e9t\u00e9)))\r\n");
    buf_deinit(&nick);
}

RELAY_TESTS(OPERS_ROW(the_goodbye_is_whole_whoever_kills), OPERS_ROW(only_operators_kill),
            OPERS_ROW(the_killed_is_told_and_closed))

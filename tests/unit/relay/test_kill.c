// KILL (RFC 2812 3.7.1, Modern IRC).
#include "irc_names.h"
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

static void the_longest_name_and_reason_are_whole(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    char nick[IRC_NICK_BYTES + 1] = "";
    a->config.has_utf8_nicks = true;
    accounts_restart(a);
    for (size_t i = 0; i < IRC_NICK_BYTES; i += 4) {
        memcpy(nick + i, "\U00020000", 5);
    }
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int tom = harness_guest(h, "tom", NULL);
    did(h, ana, "NICK %s\r\nOPER admin :" OPER_PASSWORD, nick);
    harness_drop(h);
    ask(h, ana, "KILL leo :a reason as long as reasons may be, and that is not so ver\u00e9");
    char line[400];
    (void)snprintf(line, sizeof(line),
                   "Killed (%s (a reason as long as reasons may be, and that is not so ver\u00e9))",
                   nick);
    HAS(h, tom, line);
    HAS(h, leo, line);
}

static void what_is_no_nick_is_named_by_a_star(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    did(h, ana, "OPER admin :" OPER_PASSWORD);
    ask(h, ana, "KILL :a b\r\nKILL :");
    EXPECT(h, ana, S "401 ana * :{}", S "401 ana * :{}");
}

static void it_names_the_operators_account(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = accounts_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", "account-tag");
    did(h, ana, "OPER admin :" OPER_PASSWORD);
    harness_drop(h);
    ask(h, ana, "KILL leo :out");
    EXPECT(h, leo, "@account=ana :ana!~ana@pipe KILL leo :out", "ERROR :{}");
}

static void a_plain_guest_is_told_too(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int cat = harness_connect(h, 65536);
    harness_send(h, cat, "hello\n");
    did(h, ana, "OPER admin :" OPER_PASSWORD);
    harness_drop(h);
    ask(h, ana, "KILL Guest1 :spam");
    assert_string_equal(harness_got(h, cat), "* Killed (ana (spam)).\n");
    EXPECT(h, ana, ":Guest1!plain@pipe QUIT :Killed (ana (spam))");
}

RELAY_TESTS(OPERS_ROW(only_operators_kill), OPERS_ROW(the_killed_is_told_and_closed),
            OPERS_ROW(the_longest_name_and_reason_are_whole),
            OPERS_ROW(what_is_no_nick_is_named_by_a_star),
            OPERS_ROW(it_names_the_operators_account), OPERS_ROW(a_plain_guest_is_told_too))

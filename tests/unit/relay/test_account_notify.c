// IRCv3 account-notify, extended-join and the account in WHO and WHOIS.
#include "accounts.h"

static void log_in(struct harness *h, int client, const char *name)
{
    ask(h, client, "AUTHENTICATE PLAIN");
    ask(h, client, "AUTHENTICATE %s", accounts_plain("", name, PASSWORD));
}

static void peers_hear_of_a_login(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "acc");
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", "account-notify");
    int old = harness_guest(h, "old", NULL);
    int away = harness_guest(h, "away", "account-notify");
    did(h, away, "PART #party");
    harness_drop(h);
    log_in(h, ana, "acc");
    EXPECT(h, leo, ":ana!~ana@pipe ACCOUNT acc");
    EXPECT_NOTHING(h, old);
    EXPECT_NOTHING(h, away);
    log_in(h, ana, "acc"); // the same again is no news
    EXPECT_NOTHING(h, leo);
}

static void watchers_hear_it_with_extended_monitor(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "acc");
    int ana = harness_guest(h, "ana", NULL);
    did(h, ana, "PART #party");
    int leo = harness_guest(h, "leo", "account-notify extended-monitor");
    int old = harness_guest(h, "old", "account-notify");
    did(h, leo, "MONITOR + ana");
    did(h, old, "MONITOR + ana");
    harness_drop(h);
    log_in(h, ana, "acc");
    EXPECT(h, leo, ":ana!~ana@pipe ACCOUNT acc");
    EXPECT_NOTHING(h, old);
}

static void a_join_names_the_account(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int leo = harness_guest(h, "leo", "extended-join");
    int old = harness_guest(h, "old", NULL);
    int ana = accounts_guest(h, "ana", NULL);
    did(h, ana, "PART #party");
    harness_drop(h);
    ask(h, ana, "JOIN #party");
    HAS(h, ana, ":ana!~ana@pipe JOIN #party\r\n");
    EXPECT(h, leo, ":ana!~ana@pipe JOIN #party ana :ana");
    EXPECT(h, old, ":ana!~ana@pipe JOIN #party");
}

static void who_and_whois_name_it(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "acc");
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "WHO ana %%na");
    HAS(h, ana, S "354 ana ana 0\r\n");
    ask(h, ana, "WHOIS ana");
    HAS_NOT(h, ana, " 330 ");
    log_in(h, ana, "acc");
    ask(h, ana, "WHO ana %%na");
    HAS(h, ana, S "354 ana ana acc\r\n");
    ask(h, ana, "WHOIS ana");
    HAS(h, ana, S "330 ana ana acc :is logged in as\r\n");
}

RELAY_TESTS(ACCOUNTS_ROW(peers_hear_of_a_login),
            ACCOUNTS_ROW(watchers_hear_it_with_extended_monitor),
            ACCOUNTS_ROW(a_join_names_the_account), ACCOUNTS_ROW(who_and_whois_name_it))

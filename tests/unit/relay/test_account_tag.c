// IRCv3 account-tag: on everything that somebody who is logged in does.
#include "accounts.h"

static void messages_and_events_carry_it(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = accounts_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", "account-tag");
    int old = harness_guest(h, "old", "server-time message-tags");
    ask(h, ana, "PRIVMSG #party :hi");
    EXPECT(h, leo, "@account=ana :ana!~ana@pipe PRIVMSG #party :hi");
    HAS_NOT(h, old, "account");
    ask(h, ana, "PRIVMSG leo :psst");
    EXPECT(h, leo, "@account=ana :ana!~ana@pipe PRIVMSG leo :psst");
    ask(h, ana, "TOPIC #party :new");
    EXPECT(h, leo, "@account=ana :ana!~ana@pipe TOPIC #party :new");
    ask(h, ana, "NICK anna");
    EXPECT(h, leo, "@account=ana :ana!~ana@pipe NICK :anna");
    ask(h, ana, "PART #party");
    EXPECT(h, leo, "@account=ana :anna!~ana@pipe PART #party");
    ask(h, ana, "JOIN #party");
    EXPECT(h, leo, "@account=ana :anna!~ana@pipe JOIN #party");
    ask(h, ana, "QUIT");
    EXPECT(h, leo, "@account=ana :anna!~ana@pipe QUIT :{}");
}

static void guests_have_none(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", "account-tag");
    ask(h, ana, "PRIVMSG #party :hi");
    EXPECT(h, leo, ":ana!~ana@pipe PRIVMSG #party :hi");
}

static void a_name_with_a_backslash_is_escaped(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "a\\b");
    int ana = accounts_guest(h, "a\\b", NULL);
    int leo = harness_guest(h, "leo", "account-tag");
    ask(h, ana, "PRIVMSG #party :hi");
    EXPECT(h, leo, "@account=a\\\\b :a\\b!~a_b@pipe PRIVMSG #party :hi");
}

static void all_that_one_does_carries_it(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = accounts_guest(h, "ana", "message-tags");
    int leo = harness_guest(h, "leo", "account-tag away-notify setname message-tags");
    (void)harness_guest(h, "eve", NULL);
    did(h, ana, "JOIN #a");
    ask(h, ana, "MODE #party +m\r\nAWAY :tea\r\nSETNAME :Ana\r\nINVITE leo #a\r\nNOTICE leo :n");
    EXPECT(h, leo, "@msgid={};account=ana :ana!~ana@pipe MODE #party +m",
           "@account=ana :ana!~ana@pipe AWAY :tea", "@account=ana :ana!~ana@pipe SETNAME :Ana",
           "@account=ana :ana!~ana@pipe INVITE leo #a",
           "@msgid={};account=ana :ana!~ana@pipe NOTICE leo :n");
    ask(h, ana, "@+x TAGMSG leo\r\nKICK #party eve :out");
    EXPECT(h, leo, "@msgid={};account=ana;+x :ana!~ana@pipe TAGMSG leo",
           "@msgid={};account=ana :ana!~ana@pipe KICK #party eve :out");
}

static void a_login_in_between_counts_from_then_on(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "acc");
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", "account-tag account-notify");
    ask(h, ana, "PRIVMSG leo :before");
    EXPECT(h, leo, ":ana!~ana@pipe PRIVMSG leo :before");
    did(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "AUTHENTICATE %s", accounts_plain("", "acc", PASSWORD));
    EXPECT(h, leo, "@account=acc :ana!~ana@pipe ACCOUNT acc");
    ask(h, ana, "PRIVMSG leo :after");
    EXPECT(h, leo, "@account=acc :ana!~ana@pipe PRIVMSG leo :after");
}

RELAY_TESTS(ACCOUNTS_ROW(messages_and_events_carry_it), ACCOUNTS_ROW(guests_have_none),
            ACCOUNTS_ROW(a_name_with_a_backslash_is_escaped),
            ACCOUNTS_ROW(all_that_one_does_carries_it),
            ACCOUNTS_ROW(a_login_in_between_counts_from_then_on))

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

RELAY_TESTS(ACCOUNTS_ROW(messages_and_events_carry_it), ACCOUNTS_ROW(guests_have_none),
            ACCOUNTS_ROW(a_name_with_a_backslash_is_escaped))

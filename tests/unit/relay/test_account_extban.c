// IRCv3 account-extban: a:account in bans, exceptions and invite exceptions, and in mutes.
#include "accounts.h"

static void isupport_says_so(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "ISUPPORT");
    HAS(h, ana, " ACCOUNTEXTBAN=a ");
    HAS(h, ana, " EXTBAN=,am ");
}

static void an_account_is_kept_out_whatever_its_nick(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "bob");
    int op = harness_guest(h, "op", NULL);
    did(h, op, "JOIN #in");
    ask(h, op, "MODE #in +b a:BOB");
    EXPECT(h, op, ":op!~op@pipe MODE #in +b a:BOB");
    int bob = accounts_guest(h, "bob", NULL);
    did(h, bob, "NICK other");
    ask(h, bob, "JOIN #in");
    EXPECT(h, bob, S "474 other #in :{}");
    did(h, op, "MODE #in -b a:bob");
    ask(h, bob, "JOIN #in");
    HAS(h, bob, " JOIN #in\r\n");
}

static void a_guest_of_that_nick_comes_in(void **state)
{
    struct harness *h = *state;
    int op = harness_guest(h, "op", NULL);
    int bob = harness_guest(h, "bob", NULL);
    did(h, op, "JOIN #in");
    did(h, op, "MODE #in +b a:*");
    ask(h, bob, "JOIN #in");
    HAS(h, bob, " JOIN #in\r\n");
}

static void exceptions_know_accounts_too(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "bob");
    int op = harness_guest(h, "op", NULL);
    int guest = harness_guest(h, "guest", NULL);
    int bob = accounts_guest(h, "bob", NULL);
    did(h, op, "JOIN #in");
    did(h, op, "MODE #in +be *!*@* a:bob");
    ask(h, guest, "JOIN #in");
    HAS(h, guest, " 474 ");
    ask(h, bob, "JOIN #in");
    HAS(h, bob, " JOIN #in\r\n");
    did(h, bob, "PART #in");
    did(h, op, "MODE #in +iI a:bob");
    ask(h, bob, "JOIN #in");
    HAS(h, bob, " JOIN #in\r\n");
}

static void an_account_can_be_muted(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "bob");
    int op = harness_guest(h, "op", NULL);
    int bob = accounts_guest(h, "bob", NULL);
    ask(h, op, "MODE #party +b m:a:bob");
    EXPECT(h, op, ":op!~op@pipe MODE #party +b m:a:bob");
    ask(h, bob, "PRIVMSG #party :hi");
    EXPECT(h, bob, S "404 bob #party :{}muted{}");
}

RELAY_TESTS(ACCOUNTS_ROW(isupport_says_so), ACCOUNTS_ROW(an_account_is_kept_out_whatever_its_nick),
            ACCOUNTS_ROW(a_guest_of_that_nick_comes_in), ACCOUNTS_ROW(exceptions_know_accounts_too),
            ACCOUNTS_ROW(an_account_can_be_muted))

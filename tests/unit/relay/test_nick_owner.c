// An account's name is its owner's nick.
#include "accounts.h"

static void others_cannot_take_it(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "NICK Ana");
    EXPECT(h, leo, S "433 leo Ana :This nickname belongs to an account; log in to use it");
    int x = harness_connect(h, 65536);
    ask(h, x, "NICK ana"); // without CAP no login can follow
    EXPECT(h, x, S "433 * ana :This nickname belongs to an account; log in to use it");
    ask(h, x, "USER x 0 * :x");
    ask(h, x, "NICK xana");
    HAS(h, x, " 001 xana :");
}

static void who_does_not_log_in_by_cap_end_chooses_another(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int x = harness_connect(h, 65536);
    did(h, x, "CAP LS 302");
    ask(h, x, "NICK ana");
    EXPECT_NOTHING(h, x);
    did(h, x, "USER x 0 * :x");
    ask(h, x, "CAP END");
    EXPECT(h, x, S "433 ana ana :This nickname belongs to an account; log in to use it");
    ask(h, x, "NICK other");
    HAS(h, x, " 001 other :");
}

static void a_guest_who_had_it_first_is_renamed(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    // Two owners of other accounts may sit on it: logged in as ana it is taken, then as leo.
    accounts_make(h, "leo");
    int sly = accounts_guest(h, "ana", NULL);
    did(h, sly, "AUTHENTICATE PLAIN");
    did(h, sly, "AUTHENTICATE %s", accounts_plain("", "leo", PASSWORD));
    int ana = harness_connect(h, 65536);
    did(h, ana, "CAP REQ sasl");
    ask(h, ana, "NICK ana");
    EXPECT(h, ana, S "433 * ana :{}");
    did(h, ana, "USER a 0 * :a");
    did(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    EXPECT(h, ana, S "900 ana ana!~a@pipe ana :You are now logged in as ana", S "903 ana :{}");
    EXPECT(h, sly,
           S "NOTICE ana :The nickname ana belongs to an account whose owner has logged in; you "
             "are Guest1 now",
           ":ana!~ana@pipe NICK :Guest1");
    ask(h, ana, "CAP END");
    HAS(h, ana, " 001 ana :");
}

static void a_newcomer_who_only_asked_for_it_loses_it(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int x = harness_connect(h, 65536);
    did(h, x, "CAP LS 302");
    did(h, x, "NICK ana");
    int ana = harness_connect(h, 65536);
    did(h, ana, "CAP REQ sasl");
    did(h, ana, "NICK ana");
    did(h, ana, "USER a 0 * :a");
    did(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    HAS(h, ana, S "903 ana :");
    HAS(h, x, S "433 ana ana :This nickname belongs to an account");
    ask(h, ana, "CAP END");
    HAS(h, ana, " 001 ana :");
    did(h, x, "USER x 0 * :x");
    ask(h, x, "CAP END");
    EXPECT_NOTHING(h, x); // it has no nick
    ask(h, x, "NICK xana");
    HAS(h, x, " 001 xana :");
}

static void plain_people_do_not_get_it_either(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    accounts_make(h, "Guest1");
    int x = harness_connect(h, 65536);
    ask(h, x, "hello all");
    HAS(h, x, "You are Guest2.");
    ask(h, x, "/nick ana");
    assert_string_equal(harness_got(h, x), "* Somebody else is called ana.\n");
}

RELAY_TESTS(ACCOUNTS_ROW(others_cannot_take_it),
            ACCOUNTS_ROW(who_does_not_log_in_by_cap_end_chooses_another),
            ACCOUNTS_ROW(a_guest_who_had_it_first_is_renamed),
            ACCOUNTS_ROW(a_newcomer_who_only_asked_for_it_loses_it),
            ACCOUNTS_ROW(plain_people_do_not_get_it_either))

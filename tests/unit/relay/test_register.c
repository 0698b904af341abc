// REGISTER and VERIFY (IRCv3 draft/account-registration).
#include "accounts.h"
#include "relay_internal.h"

#include <signal.h>
#include <sys/resource.h>

static void the_capability_says_what_is_allowed(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "CAP LS 302");
    HAS(h, ana, " draft/account-registration=before-connect ");
    a->config.is_before_connect = false;
    accounts_restart(a);
    ana = harness_connect(h, 65536);
    ask(h, ana, "CAP LS 302");
    HAS(h, ana, " draft/account-registration ");
    a->config.has_registration = false;
    accounts_restart(a);
    ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "CAP LS 302");
    HAS_NOT(h, ana, "draft/account-registration");
    ask(h, ana,
        "REGISTER * * "
        "correcthorse");
    EXPECT(h, ana, S "FAIL REGISTER TEMPORARILY_UNAVAILABLE ana :No accounts are made here");
}

static void who_registers_is_logged_in(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "Ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "REGISTER * * :" PASSWORD);
    EXPECT(h, ana, S "REGISTER SUCCESS Ana :{}",
           S "900 Ana Ana!~Ana@pipe Ana :You are now logged in as Ana");
    ask(h, leo, "WHOIS ana");
    HAS(h, leo, S "330 leo Ana Ana :is logged in as\r\n");
    ask(h, leo, "WHO ana %%na");
    HAS(h, leo, S "354 leo Ana Ana\r\n");
    ask(h, ana, "REGISTER * * :" PASSWORD);
    EXPECT(h, ana, S "FAIL REGISTER ALREADY_AUTHENTICATED Ana :You are already logged in");
}

static void an_account_outlives_the_relay(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    accounts_make(h, "Ana");
    accounts_restart(a);
    int ana = accounts_guest(h, "ana", NULL);
    ask(h, ana, "WHOIS ana");
    HAS(h, ana, " 330 ana ana Ana :is logged in as\r\n"); // as it was spelled
}

static void an_account_has_the_name_of_the_nick(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana,
        "REGISTER other * "
        "correcthorse");
    EXPECT(h, ana, S "FAIL REGISTER ACCOUNT_NAME_MUST_BE_NICK other :{}");
    ask(h, ana,
        "REGISTER ANA * "
        "correcthorse");
    HAS(h, ana, " REGISTER SUCCESS ana :");
}

static void bad_passwords_are_refused(void **state)
{
    struct harness *h = *state;
    char longer[302];
    memset(longer, 'x', 301);
    longer[301] = '\0';
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "REGISTER * * short");
    EXPECT(h, ana, S "FAIL REGISTER WEAK_PASSWORD ana :{}");
    ask(h, ana, "REGISTER * * %s", longer);
    EXPECT(h, ana, S "FAIL REGISTER UNACCEPTABLE_PASSWORD ana :{}");
    ask(h, ana, "REGISTER * *");
    EXPECT(h, ana, S "461 ana REGISTER :Not enough parameters");
    ask(h, ana,
        "REGISTER * someone@example.org "
        "correcthorse"); // an address is not asked for
    HAS(h, ana, " REGISTER SUCCESS ");
}

static void before_the_welcome_if_allowed(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "CAP LS 302");
    ask(h, ana,
        "REGISTER * * "
        "correcthorse");
    EXPECT(h, ana, S "FAIL REGISTER NEED_NICK * :{}");
    ask(h, ana, "NICK ana");
    ask(h, ana,
        "REGISTER * * "
        "correcthorse");
    EXPECT(h, ana, S "REGISTER SUCCESS ana :{}",
           S "900 ana ana!*@pipe ana :You are now logged in as ana");
    ask(h, ana, "USER a 0 * :a");
    ask(h, ana, "CAP END");
    HAS(h, ana, " 001 ana :");
    a->config.is_before_connect = false;
    accounts_restart(a);
    int leo = harness_connect(h, 65536);
    ask(h, leo, "NICK leo");
    ask(h, leo,
        "REGISTER * * "
        "correcthorse");
    EXPECT(h, leo, S "FAIL REGISTER COMPLETE_CONNECTION_REQUIRED leo :{}");
}

static void a_name_in_use_is_not_to_be_had(void **state)
{
    struct harness *h = *state;
    (void)harness_guest(h, "root", NULL);
    int bar = harness_connect(h, 65536);
    ask(h, bar, "NICK root");
    EXPECT(h, bar, S "433 * root :Nickname is already in use");
    ask(h, bar,
        "REGISTER * * "
        "correcthorse");
    EXPECT(h, bar, S "FAIL REGISTER ACCOUNT_EXISTS root :{}");
    ask(h, bar,
        "REGISTER ROOT * "
        "correcthorse");
    EXPECT(h, bar, S "FAIL REGISTER ACCOUNT_EXISTS ROOT :{}");
    accounts_make(h, "ana");
    ask(h, bar, "CAP LS");
    ask(h, bar, "NICK ana"); // an account's, but who knows: a login may follow
    EXPECT_NOTHING(h, bar);
    ask(h, bar,
        "REGISTER * * "
        "correcthorse");
    EXPECT(h, bar, S "FAIL REGISTER ACCOUNT_EXISTS ana :{}");
}

static void two_at_once_make_one_account(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    a->config.work = work_create(4, NULL, NULL);
    accounts_restart(a);
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "REGISTER * * :" PASSWORD);
    harness_hang_up(h, ana);
    harness_turn(h, 2000);
    int two = harness_guest(h, "two", NULL);
    (void)two;
    int other = harness_guest(h, "ana2", NULL);
    ask(h, other, "REGISTER * * :" PASSWORD);
    EXPECT_NOTHING(h, other);
    while (work_run_now(a->config.work)) {
    }
    harness_turn(h, 0);
    HAS(h, other, " REGISTER SUCCESS ana2 :");
    struct work *work = a->config.work;
    a->config.work = NULL;
    accounts_restart(a);
    work_destroy(work);
    ana = harness_guest(h, "ana", NULL); // who hung up has no account
    ask(h, ana, "WHOIS ana");
    HAS(h, ana, " 311 ana ana ");
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void an_account_that_the_disk_refuses_is_none(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", "account-notify");
    (void)signal(SIGXFSZ, SIG_IGN);
    harness_drop(h);
    limit_files(1);
    ask(h, ana, "REGISTER * * :" PASSWORD);
    limit_files(RLIM_INFINITY);
    HAS_NOT(h, ana, "SUCCESS");
    HAS(h, ana, S "FAIL REGISTER NOT_SAVED ana :");
    HAS(h, ana, S "901 ana ana!~ana@pipe :");
    HAS_NOT(h, leo, "ACCOUNT ana");
    ask(h, leo, "WHOIS ana");
    HAS_NOT(h, leo, " 330 ");
    harness_turn(h, 6000); // the disk takes something again
    ask(h, ana, "REGISTER * * :" PASSWORD);
    HAS(h, ana, " REGISTER SUCCESS ana :");
}

static void there_is_nothing_to_verify(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "VERIFY ana 1234");
    EXPECT(h, ana, S "FAIL VERIFY INVALID_CODE ana :{}");
    did(h, ana, "REGISTER * * :" PASSWORD);
    ask(h, ana, "VERIFY ana 1234");
    EXPECT(h, ana, S "FAIL VERIFY ALREADY_AUTHENTICATED ana :{}");
}

static void a_name_beyond_ascii_is_no_accounts(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    a->config.has_utf8_nicks = true;
    accounts_restart(a);
    int ana = harness_guest(h, "\u00c9lodie", NULL);
    ask(h, ana, "REGISTER * * :" PASSWORD);
    EXPECT(h, ana, S "FAIL REGISTER BAD_ACCOUNT_NAME \u00c9lodie :{}");
    ask(h, ana, "WHOIS \u00c9lodie");
    HAS_NOT(h, ana, " 330 ");
    ask(h, ana, "NICK elodie");
    ask(h, ana, "REGISTER * * :" PASSWORD);
    HAS(h, ana, " REGISTER SUCCESS elodie :");
}

static void a_locked_party_keeps_names_for_its_guests(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    a->config.password = STR("1234");
    accounts_restart(a);
    int ana = harness_connect(h, 65536);
    ask(h, ana, "CAP LS 302");
    HAS(h, ana, " draft/account-registration ");
    did(h, ana, "PASS 1\r\nNICK ana");
    ask(h, ana, "REGISTER * * :" PASSWORD);
    EXPECT(h, ana, S "FAIL REGISTER COMPLETE_CONNECTION_REQUIRED ana :{}");
    ask(h, ana, "PASS 1234\r\nUSER a 0 * :a\r\nCAP END");
    HAS(h, ana, " 001 ana ");
    ask(h, ana, "REGISTER * * :" PASSWORD);
    HAS(h, ana, " REGISTER SUCCESS ana :");
}

static void new_accounts_keep_nobody_out_of_a_locked_party(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    a->config.password = STR("1234");
    a->config.limits.registrations = 60;
    accounts_restart(a);
    for (int i = 0; i < 4; i++) { // of friends behind one address
        int client = harness_connect(h, 65536);
        ask(h, client, "PASS 1234\r\nNICK n%d\r\nUSER n 0 * :n", i);
        HAS(h, client, " 001 ");
        ask(h, client, "REGISTER * * :" PASSWORD);
        HAS(h, client, " REGISTER SUCCESS ");
    }
    int late = harness_connect(h, 65536);
    ask(h, late, "PASS 1234\r\nNICK late\r\nUSER l 0 * :l");
    HAS(h, late, " 001 late ");
}

static void what_is_kept_is_held_no_more(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "REGISTER * * :" PASSWORD);
    HAS(h, ana, " REGISTER SUCCESS ana :");
    assert_int_equal(h->relay->new_accounts.count, 0); // or they would gather for ever
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "NICK ana2\r\nWHOIS ana");
    HAS(h, leo, " 330 ana2 ana ana :");
}

RELAY_TESTS(ACCOUNTS_ROW(a_locked_party_keeps_names_for_its_guests),
            ACCOUNTS_ROW(new_accounts_keep_nobody_out_of_a_locked_party),
            ACCOUNTS_ROW(what_is_kept_is_held_no_more),
            ACCOUNTS_ROW(a_name_beyond_ascii_is_no_accounts),
            ACCOUNTS_ROW(the_capability_says_what_is_allowed),
            ACCOUNTS_ROW(who_registers_is_logged_in), ACCOUNTS_ROW(an_account_outlives_the_relay),
            ACCOUNTS_ROW(an_account_has_the_name_of_the_nick),
            ACCOUNTS_ROW(bad_passwords_are_refused), ACCOUNTS_ROW(before_the_welcome_if_allowed),
            ACCOUNTS_ROW(a_name_in_use_is_not_to_be_had),
            ACCOUNTS_ROW(two_at_once_make_one_account),
            ACCOUNTS_ROW(an_account_that_the_disk_refuses_is_none),
            ACCOUNTS_ROW(there_is_nothing_to_verify))

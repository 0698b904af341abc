// SASL PLAIN (IRCv3 sasl 3.1 and 3.2, RFC 4616).
#include "accounts.h"

static int asking(struct harness *h, const char *nick)
{
    int client = harness_connect(h, 65536);
    ask(h, client, "CAP LS 302");
    ask(h, client, "CAP REQ :sasl");
    ask(h, client, "NICK %s", nick);
    ask(h, client, "USER %s 0 * :%s", nick, nick);
    harness_drop(h);
    return client;
}

static void the_capability_names_the_mechanisms(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "CAP LS 302");
    HAS(h, ana, " sasl=PLAIN,SCRAM-SHA-256 ");
    HAS_NOT(h, ana, "-PLUS"); // there is no TLS to bind to
}

static void without_a_store_there_are_no_accounts(void **state)
{
    (void)state;
    struct harness h;
    harness_open(&h, NULL);
    int ana = harness_connect(&h, 65536);
    ask(&h, ana, "CAP LS 302");
    HAS_NOT(&h, ana, "sasl");
    HAS_NOT(&h, ana, "account");
    ask(&h, ana, "AUTHENTICATE PLAIN");
    EXPECT(&h, ana, S "904 * :There are no accounts here");
    ask(&h, ana, "CAP REQ sasl");
    EXPECT(&h, ana, S "CAP * NAK :sasl");
    harness_close(&h);
}

static void a_right_password_logs_in(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = asking(h, "ana");
    ask(h, ana, "AUTHENTICATE PLAIN");
    EXPECT(h, ana, "AUTHENTICATE +");
    ask(h, ana, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    EXPECT(h, ana, S "900 ana ana!~ana@pipe ana :You are now logged in as ana",
           S "903 ana :SASL authentication successful");
    ask(h, ana, "CAP END");
    HAS(h, ana, " 001 ana :");
    HAS(h, ana, " 376 ana :");
}

static void the_identity_asked_for_is_empty_or_the_same(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    accounts_make(h, "leo");
    int ana = asking(h, "x");
    ask(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "AUTHENTICATE %s", accounts_plain("ana", "ana", PASSWORD));
    HAS(h, ana, " 903 ");
    ask(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "AUTHENTICATE %s", accounts_plain("leo", "ana", PASSWORD));
    EXPECT(h, ana, S "904 x :SASL authentication failed");
}

static void a_wrong_password_fails_and_a_new_try_works(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = asking(h, "ana");
    ask(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "AUTHENTICATE %s", accounts_plain("", "ana", "wrong horse"));
    EXPECT(h, ana, S "904 ana :SASL authentication failed");
    ask(h, ana, "AUTHENTICATE PLAIN");
    EXPECT(h, ana, "AUTHENTICATE +");
    ask(h, ana, "AUTHENTICATE !notbase64!");
    EXPECT(h, ana, S "904 ana :SASL authentication failed");
    ask(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    HAS(h, ana, " 900 ");
    HAS(h, ana, " 903 ");
}

static void three_failures_of_a_connection_are_enough(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = asking(h, "ana");
    for (int i = 0; i < 3; i++) {
        ask(h, ana, "AUTHENTICATE PLAIN");
        ask(h, ana, "AUTHENTICATE %s", accounts_plain("", "ana", "wrong horse"));
        HAS(h, ana, " 904 ");
    }
    ask(h, ana, "AUTHENTICATE PLAIN");
    EXPECT(h, ana, S "904 ana :Too many failed logins, connect again");
}

// A login that succeeds costs a hash too: somebody with an account could keep the worker busy.
static void one_address_does_not_log_in_all_the_time(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    accounts_make(h, "ana");
    a->config.limits.registrations = 600;
    accounts_restart(a);
    int ana = asking(h, "ana");
    int count = 0;
    do {
        did(h, ana, "AUTHENTICATE PLAIN");
        ask(h, ana, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
        count++;
    } while (harness_has(h, ana, " 903 ") && count < 200);
    assert_int_equal(count, 92);
    ask(h, ana, "AUTHENTICATE PLAIN");
    EXPECT(h, ana, S "904 ana :Too many tries from your address, wait a minute");
    harness_turn(h, 6000);
    did(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    HAS(h, ana, " 903 ");
}

static void an_unknown_account_fails_like_a_wrong_password(void **state)
{
    struct harness *h = *state;
    int ana = asking(h, "ana");
    ask(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "AUTHENTICATE %s", accounts_plain("", "nobody", PASSWORD));
    EXPECT(h, ana, S "904 ana :SASL authentication failed");
}

static void a_nul_in_the_password_fails(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = asking(h, "ana");
    ask(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "AUTHENTICATE AGFuYQBjb3JyZWN0IGhvcnNlAA=="); // \0ana\0correct horse\0
    EXPECT(h, ana, S "904 ana :SASL authentication failed");
}

static void an_unknown_mechanism_is_told_the_known_ones(void **state)
{
    struct harness *h = *state;
    int ana = asking(h, "ana");
    ask(h, ana, "AUTHENTICATE FOO");
    EXPECT(h, ana, S "908 ana PLAIN,SCRAM-SHA-256 :are available SASL mechanisms",
           S "904 ana :SASL authentication failed: unknown mechanism");
    ask(h, ana, "AUTHENTICATE SCRAM-SHA-256-PLUS"); // nothing to bind to
    HAS(h, ana, " 908 ");
    HAS(h, ana, " 904 ");
}

static void a_star_aborts(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = asking(h, "ana");
    ask(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "AUTHENTICATE *");
    EXPECT(h, ana, S "906 ana :SASL authentication aborted");
    ask(h, ana, "AUTHENTICATE PLAIN");
    EXPECT(h, ana, "AUTHENTICATE +");
}

static void nick_and_user_in_between_change_nothing_but_cap_end_aborts(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = harness_connect(h, 65536);
    ask(h, ana, "CAP REQ sasl");
    ask(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "NICK other");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "USER a 0 * :a");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    HAS(h, ana, " 903 ");
    ask(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "CAP END");
    assert_int_equal(strncmp(harness_got(h, ana), S "906 other :", strlen(S "906 other :")), 0);
    HAS(h, ana, " 001 other :");
}

static void it_works_after_registration_and_again(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    accounts_make(h, "leo");
    int x = harness_guest(h, "x", NULL);
    ask(h, x, "AUTHENTICATE PLAIN");
    EXPECT(h, x, "AUTHENTICATE +");
    ask(h, x, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    EXPECT(h, x, S "900 x x!~x@pipe ana :You are now logged in as ana",
           S "903 x :SASL authentication successful");
    ask(h, x, "AUTHENTICATE PLAIN");
    ask(h, x, "AUTHENTICATE %s", accounts_plain("", "leo", PASSWORD));
    EXPECT(h, x, S "900 x x!~x@pipe leo :You are now logged in as leo",
           S "903 x :SASL authentication successful");
}

static void make_with(struct harness *h, const char *name, const char *password)
{
    int client = harness_guest(h, name, NULL);
    ask(h, client, "REGISTER * * :%s", password);
    HAS(h, client, " REGISTER SUCCESS ");
    did(h, client, "QUIT");
    harness_hang_up(h, client);
}

static void long_and_foreign_passwords_come_in_chunks(void **state)
{
    struct harness *h = *state;
    char password[301], accents[301] = "";
    memset(password, 'b', 300);
    password[300] = '\0';
    for (int i = 0; i < 150; i++) {
        memcpy(accents + 2 * i, "\xC3\xA9", 3);
    }
    make_with(h, "foo", password);
    make_with(h, "bar", accents);
    int x = harness_guest(h, "x", NULL);
    const char *message = accounts_plain("foo", "foo", password); // 412 characters
    ask(h, x, "AUTHENTICATE PLAIN");
    ask(h, x, "AUTHENTICATE %.400s", message);
    EXPECT_NOTHING(h, x);
    ask(h, x, "AUTHENTICATE %s", message + 400);
    HAS(h, x, " 903 ");
    message = accounts_plain("bar", "bar", accents);
    ask(h, x, "AUTHENTICATE PLAIN");
    ask(h, x, "AUTHENTICATE %.400s", message);
    ask(h, x, "AUTHENTICATE %s", message + 400);
    HAS(h, x, " 903 ");
}

static void an_exact_multiple_ends_with_a_plus(void **state)
{
    struct harness *h = *state;
    char password[292];
    memset(password, 'b', 291);
    password[291] = '\0';
    make_with(h, "foo", password);
    int x = harness_guest(h, "x", NULL);
    const char *message = accounts_plain("foo", "foo", password);
    assert_int_equal(strlen(message), 400);
    ask(h, x, "AUTHENTICATE PLAIN");
    ask(h, x, "AUTHENTICATE %s", message);
    EXPECT_NOTHING(h, x);
    ask(h, x, "AUTHENTICATE +");
    HAS(h, x, " 903 ");
}

static void chunks_that_never_end_are_cut_off(void **state)
{
    struct harness *h = *state;
    char chunk[420];
    memset(chunk, 'A', sizeof(chunk));
    int x = harness_guest(h, "x", NULL);
    ask(h, x, "AUTHENTICATE PLAIN");
    ask(h, x, "AUTHENTICATE %.401s", chunk);
    EXPECT(h, x, S "905 x :SASL message too long");
    ask(h, x, "AUTHENTICATE PLAIN");
    harness_drop(h);
    int count = 0;
    while (!harness_has(h, x, " 905 ") && count < 100) {
        ask(h, x, "AUTHENTICATE %.400s", chunk);
        count++;
    }
    assert_in_range(count, 2, 20);
}

static void the_answer_carries_its_label(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int x = harness_guest(h, "x", "batch labeled-response message-tags");
    ask(h, x, "@label=1 AUTHENTICATE PLAIN");
    EXPECT(h, x, "@label=1 AUTHENTICATE +");
    ask(h, x, "@label=2 AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    EXPECT(h, x, "@label=2 " S "BATCH +{} labeled-response",
           "@batch={} " S "900 x x!~x@pipe ana :You are now logged in as ana",
           "@batch={} " S "903 x :SASL authentication successful", S "BATCH -{}");
}

// --- with a worker ---

static void open_with_worker(struct accounts *a, size_t places)
{
    a->config.work = work_create(places, NULL, NULL);
    accounts_restart(a);
}

static void close_worker(struct accounts *a)
{
    struct work *work = a->config.work;
    a->config.work = NULL;
    accounts_restart(a);
    work_destroy(work);
}

static void answers_keep_their_order_while_a_password_is_hashed(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    accounts_make(h, "ana");
    open_with_worker(a, 64);
    int x = harness_guest(h, "x", "batch labeled-response");
    int leo = harness_guest(h, "leo", NULL);
    ask(h, x, "AUTHENTICATE PLAIN");
    ask(h, x, "@label=7 AUTHENTICATE %s\r\nPING after", accounts_plain("", "ana", PASSWORD));
    EXPECT_NOTHING(h, x); // it waits
    ask(h, x, "PING later");
    EXPECT_NOTHING(h, x);
    ask(h, leo, "PING me"); // nobody else does
    EXPECT(h, leo, S "PONG ronron.party :me");
    assert_true(work_run_now(a->config.work));
    harness_turn(h, 0);
    EXPECT(h, x, "@label=7 " S "BATCH +{} labeled-response",
           "@batch={} " S "900 x x!~x@pipe ana :You are now logged in as ana",
           "@batch={} " S "903 x :SASL authentication successful", S "BATCH -{}",
           S "PONG ronron.party :after", S "PONG ronron.party :later");
    close_worker(a);
}

static void waiting_for_the_worker_is_not_the_clients_delay(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    accounts_make(h, "ana");
    open_with_worker(a, 64);
    int x = harness_connect(h, 65536);
    ask(h, x, "CAP REQ sasl\r\nNICK ana\r\nUSER ana 0 * :ana\r\nAUTHENTICATE PLAIN");
    ask(h, x, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    harness_turn(h, 31000);
    assert_true(work_run_now(a->config.work));
    harness_turn(h, 0);
    HAS(h, x, " 903 ana :SASL authentication successful");
    harness_turn(h, 29000); // the limit begins anew
    ask(h, x, "CAP END");
    HAS(h, x, " 001 ana ");
    int y = harness_connect(h, 65536);
    ask(h, y, "CAP REQ sasl\r\nAUTHENTICATE PLAIN");
    ask(h, y, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    assert_true(work_run_now(a->config.work));
    harness_turn(h, 0);
    harness_turn(h, 31000);
    HAS(h, y, "ERROR :Closing link: pipe (Registration timed out)\r\n");
    close_worker(a);
}

static void who_left_meanwhile_is_safe(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    accounts_make(h, "ana");
    open_with_worker(a, 64);
    int x = harness_connect(h, 65536), y = harness_guest(h, "y", NULL);
    ask(h, x, "AUTHENTICATE PLAIN");
    ask(h, x, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    ask(h, y, "AUTHENTICATE PLAIN");
    ask(h, y, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    harness_hang_up(h, x);
    harness_turn(h, 2000);
    harness_drop(h);
    assert_true(work_run_now(a->config.work));
    harness_turn(h, 0);
    EXPECT_NOTHING(h, x);
    EXPECT_NOTHING(h, y);
    // The other one's job never runs: the relay ends before it.
    close_worker(a);
}

static void a_full_queue_says_so(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    accounts_make(h, "ana");
    open_with_worker(a, 1);
    int x = harness_guest(h, "x", NULL), y = harness_guest(h, "y", NULL);
    ask(h, x, "AUTHENTICATE PLAIN");
    ask(h, x, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    ask(h, y, "AUTHENTICATE PLAIN");
    ask(h, y, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    EXPECT(h, y, S "904 y :Too many people are logging in, try again in a few seconds");
    assert_true(work_run_now(a->config.work));
    harness_turn(h, 0);
    HAS(h, x, " 903 ");
    close_worker(a);
}

static void an_address_that_fails_often_waits(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    a->config.limits.registrations = 1000;
    a->config.limits.connections = 0;
    accounts_restart(a);
    for (int i = 0; i < 4; i++) {
        int x = harness_connect(h, 65536);
        for (int k = 0; k < 3; k++) {
            ask(h, x, "AUTHENTICATE PLAIN");
            if (harness_has(h, x, " 904 ")) {
                EXPECT(h, x, S "904 * :Too many tries from your address, wait a minute");
                harness_turn(h, 6000);
                ask(h, x, "AUTHENTICATE PLAIN");
                EXPECT(h, x, "AUTHENTICATE +");
                return;
            }
            ask(h, x, "AUTHENTICATE AAAA");
        }
    }
    fail_msg("nobody had to wait");
}

RELAY_TESTS(ACCOUNTS_ROW(one_address_does_not_log_in_all_the_time),
            ACCOUNTS_ROW(the_capability_names_the_mechanisms),
            cmocka_unit_test(without_a_store_there_are_no_accounts),
            ACCOUNTS_ROW(a_right_password_logs_in),
            ACCOUNTS_ROW(the_identity_asked_for_is_empty_or_the_same),
            ACCOUNTS_ROW(a_wrong_password_fails_and_a_new_try_works),
            ACCOUNTS_ROW(three_failures_of_a_connection_are_enough),
            ACCOUNTS_ROW(an_unknown_account_fails_like_a_wrong_password),
            ACCOUNTS_ROW(a_nul_in_the_password_fails),
            ACCOUNTS_ROW(an_unknown_mechanism_is_told_the_known_ones), ACCOUNTS_ROW(a_star_aborts),
            ACCOUNTS_ROW(nick_and_user_in_between_change_nothing_but_cap_end_aborts),
            ACCOUNTS_ROW(it_works_after_registration_and_again),
            ACCOUNTS_ROW(long_and_foreign_passwords_come_in_chunks),
            ACCOUNTS_ROW(an_exact_multiple_ends_with_a_plus),
            ACCOUNTS_ROW(chunks_that_never_end_are_cut_off),
            ACCOUNTS_ROW(the_answer_carries_its_label),
            ACCOUNTS_ROW(answers_keep_their_order_while_a_password_is_hashed),
            ACCOUNTS_ROW(waiting_for_the_worker_is_not_the_clients_delay),
            ACCOUNTS_ROW(who_left_meanwhile_is_safe), ACCOUNTS_ROW(a_full_queue_says_so),
            ACCOUNTS_ROW(an_address_that_fails_often_waits))

// OPER (RFC 2812 3.1.4, Modern IRC) and REHASH.
#include "opers.h"

static void the_right_password_makes_an_operator(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "OPER admin :" OPER_PASSWORD);
    EXPECT(h, ana, S "381 ana :You are now an operator", ":ana!~ana@pipe MODE ana :+o");
    ask(h, ana, "MODE ana");
    EXPECT(h, ana, S "221 ana +o");
    ask(h, leo, "WHO ana");
    HAS(h, leo, " ana H* :0 ana\r\n");
    ask(h, leo, "WHOIS ana");
    HAS(h, leo, S "313 leo ana :is an operator\r\n");
    ask(h, leo, "WHO * o");
    EXPECT(h, leo, S "352 leo * ~ana pipe ronron.party ana H* :0 ana", S "315 leo * :{}");
    ask(h, leo, "LUSERS");
    HAS(h, leo, S "252 leo 1 :operator(s) online\r\n");
}

static void a_wrong_one_does_not(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "OPER admin wrong");
    EXPECT(h, ana, S "464 ana :Password incorrect");
    ask(h, ana, "OPER nobody :" OPER_PASSWORD);
    EXPECT(h, ana, S "464 ana :Password incorrect");
    ask(h, ana, "OPER admin");
    EXPECT(h, ana, S "461 ana OPER :Not enough parameters");
    ask(h, ana, "OPER admin wrong");
    EXPECT(h, ana, S "464 ana :Password incorrect");
    ask(h, ana, "OPER admin :" OPER_PASSWORD);
    EXPECT(h, ana, S "464 ana :Too many wrong passwords, connect again");
}

static void nothing_is_no_password(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "OPER admin :");
    EXPECT(h, ana, S "464 ana :Password incorrect");
}

static void without_operators_there_is_nothing_to_ask_for(void **state)
{
    (void)state;
    struct harness h;
    harness_open(&h, NULL);
    int ana = harness_guest(&h, "ana", NULL);
    ask(&h, ana, "OPER admin :" OPER_PASSWORD);
    EXPECT(&h, ana, S "491 ana :This relay has no operators");
    harness_close(&h);
}

static void mode_takes_it_off_but_does_not_give_it(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "MODE ana +o");
    EXPECT_NOTHING(h, ana);
    did(h, ana, "OPER admin :" OPER_PASSWORD);
    ask(h, ana, "MODE ana -o");
    EXPECT(h, ana, ":ana!~ana@pipe MODE ana :-o");
    ask(h, ana, "REHASH");
    EXPECT(h, ana, S "481 ana :{}");
}

static void rehash_asks_the_owner(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "REHASH");
    EXPECT(h, ana, S "481 ana :Permission denied, only operators may do that");
    assert_false(relay_wants_reload(h->relay));
    did(h, ana, "OPER admin :" OPER_PASSWORD);
    ask(h, ana, "REHASH");
    EXPECT(h, ana, S "382 ana {} :Rehashing");
    assert_true(relay_wants_reload(h->relay));
    assert_false(relay_wants_reload(h->relay));
}

static void the_worker_checks_it_too(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    a->config.work = work_create(4, NULL, NULL);
    accounts_restart(a);
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "OPER admin :" OPER_PASSWORD);
    EXPECT_NOTHING(h, ana);
    assert_true(work_run_now(a->config.work));
    harness_turn(h, 0);
    HAS(h, ana, " 381 ");
    struct work *work = a->config.work;
    a->config.work = NULL;
    accounts_restart(a);
    work_destroy(work);
}

static void userhost_marks_operators(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "OPER admin :" OPER_PASSWORD);
    ask(h, leo, "USERHOST ana leo");
    EXPECT(h, leo, S "302 leo :ana*=+~ana@pipe leo=+~leo@pipe");
}

RELAY_TESTS(OPERS_ROW(the_right_password_makes_an_operator), OPERS_ROW(a_wrong_one_does_not),
            OPERS_ROW(nothing_is_no_password),
            cmocka_unit_test(without_operators_there_is_nothing_to_ask_for),
            OPERS_ROW(mode_takes_it_off_but_does_not_give_it), OPERS_ROW(rehash_asks_the_owner),
            OPERS_ROW(the_worker_checks_it_too), OPERS_ROW(userhost_marks_operators))

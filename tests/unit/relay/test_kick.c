// KICK (Modern IRC): one line for each who goes.
#include "expect.h"

static void the_default_reason_is_the_kickers_nick(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    ask(h, ana, "KICK #party leo");
    EXPECT(h, ana, ":ana!~ana@pipe KICK #party leo :ana");
    EXPECT(h, leo, ":ana!~ana@pipe KICK #party leo :ana");
    EXPECT(h, eve, ":ana!~ana@pipe KICK #party leo :ana");
    ask(h, ana, "PRIVMSG #party :gone?");
    EXPECT_NOTHING(h, leo);
}

static void several_nicks_are_several_lines(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    (void)harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    ask(h, ana, "KICK #party leo,nobody,eve :enough now");
    EXPECT(h, ana, ":ana!~ana@pipe KICK #party leo :enough now", S "401 ana nobody :{}",
           ":ana!~ana@pipe KICK #party eve :enough now");
    EXPECT(h, eve, ":ana!~ana@pipe KICK #party leo :enough now",
           ":ana!~ana@pipe KICK #party eve :enough now");
    ask(h, ana, "KICK #party a,b,c,d,e,f");
    EXPECT(h, ana, S "401 ana a :{}", S "401 ana b :{}", S "401 ana c :{}", S "401 ana d :{}",
           S "407 ana e :{}");
}

static void errors_are_one_line(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    did(h, eve, "PART #party");
    ask(h, leo, "KICK #party ana");
    EXPECT(h, leo, S "482 leo #party :{}");
    ask(h, eve, "KICK #party ana");
    EXPECT(h, eve, S "442 eve #party :{}");
    ask(h, ana, "KICK #none leo");
    EXPECT(h, ana, S "403 ana #none :{}");
    ask(h, ana, "KICK #party eve");
    EXPECT(h, ana, S "441 ana eve #party :{}");
    ask(h, ana, "KICK #party");
    EXPECT(h, ana, S "461 ana KICK :{}");
}

static void a_reason_is_cut_to_its_length(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    char reason[360];
    memset(reason, 'r', sizeof(reason));
    reason[359] = '\0';
    ask(h, ana, "KICK #party leo :%s", reason);
    char line[400];
    (void)snprintf(line, sizeof(line), ":ana!~ana@pipe KICK #party leo :%.300s", reason);
    EXPECT(h, leo, line);
}

static void one_may_send_oneself_out(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    did(h, ana, "JOIN #a");
    ask(h, ana, "KICK #a ana,leo");
    EXPECT(h, ana, ":ana!~ana@pipe KICK #a ana :ana");
}

static void who_went_oneself_sends_out_nobody_more(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #a");
    did(h, leo, "JOIN #a");
    ask(h, ana, "KICK #a ana,leo,tom");
    EXPECT(h, ana, ":ana!~ana@pipe KICK #a ana :ana", S "442 ana #a :{}");
    EXPECT(h, leo, ":ana!~ana@pipe KICK #a ana :ana");
}

static void a_plain_guest_is_closed(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int cat = harness_connect(h, 65536);
    harness_send(h, cat, "hello\n");
    ask(h, ana, "KICK #party Guest1 :out");
    HAS(h, cat, "* Guest1 was sent out by ana (out)\n");
    harness_turn(h, 0);
    assert_int_equal(relay_stats(h->relay).connections, 1);
}

static void an_empty_nick_is_missing(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "KICK #party :");
    EXPECT(h, ana, S "461 ana KICK :{}");
    ask(h, ana, "KICK #party :a b");
    EXPECT(h, ana, S "401 ana * :{}");
}

RELAY_TESTS(ROW(the_default_reason_is_the_kickers_nick), ROW(several_nicks_are_several_lines),
            ROW(errors_are_one_line), ROW(a_reason_is_cut_to_its_length),
            ROW(one_may_send_oneself_out), ROW(who_went_oneself_sends_out_nobody_more),
            ROW(a_plain_guest_is_closed), ROW(an_empty_nick_is_missing))

// labeled-response (IRCv3): the label comes back exactly once, and only to who wrote it.
#include "expect.h"

#define CAPS "message-tags labeled-response batch echo-message"

static void one_line_carries_it_itself(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    ask(h, ana, "@label=p1 PING x");
    EXPECT(h, ana, "@label=p1 " S "PONG ronron.party :x");
    ask(h, ana, "@label=p2 FOO");
    EXPECT(h, ana, "@label=p2 " S "421 ana FOO :Unknown command");
    ask(h, ana, "@label=p3 JOIN");
    EXPECT(h, ana, "@label=p3 " S "461 ana JOIN :{}");
    ask(h, ana, "@label=p4 PRIVMSG nobody :x");
    EXPECT(h, ana, "@label=p4 " S "401 ana nobody :{}");
    ask(h, ana, "@label=p5 NICK anb");
    EXPECT(h, ana, "@label=p5 :ana!~ana@pipe NICK :anb");
}

static void no_line_at_all_is_an_ack(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    ask(h, ana, "@label=p1 PONG x");
    EXPECT(h, ana, "@label=p1 " S "ACK");
    ask(h, ana, "@label=p2 NOTICE nobody :x");
    EXPECT(h, ana, "@label=p2 " S "ACK");
    ask(h, ana, "@label=p3 JOIN #party");
    EXPECT(h, ana, "@label=p3 " S "ACK");
    int eve = harness_guest(h, "eve", "message-tags labeled-response batch");
    ask(h, eve, "@label=p4 PRIVMSG ana :no echo");
    EXPECT(h, eve, "@label=p4 " S "ACK");
}

static void several_lines_are_one_batch(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    ask(h, ana, "@label=p1 WHO ana");
    EXPECT(h, ana, "@label=p1 " S "BATCH +b1 labeled-response", "@batch=b1 " S "352 ana {}",
           "@batch=b1 " S "315 ana ana :{}", S "BATCH -b1");
}

static void three_targets_with_echo_are_one_batch(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    int leo = harness_guest(h, "leo", CAPS);
    (void)harness_guest(h, "eve", NULL);
    ask(h, ana, "@label=p1 PRIVMSG #party,leo,eve :hi");
    EXPECT(h, ana, "@label=p1 " S "BATCH +b1 labeled-response",
           "@batch=b1;msgid={} :ana!~ana@pipe PRIVMSG #party :hi",
           "@batch=b1;msgid={} :ana!~ana@pipe PRIVMSG leo :hi",
           "@batch=b1;msgid={} :ana!~ana@pipe PRIVMSG eve :hi", S "BATCH -b1");
    assert_int_equal(harness_times(h, leo, "\r\n"), 2);
    HAS_NOT(h, leo, "label=");
    HAS_NOT(h, leo, "batch=");
}

static void of_a_message_to_oneself_only_the_echo_is_labelled(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    ask(h, ana, "@label=p1 PRIVMSG ana :me");
    EXPECT(h, ana, "@msgid={} :ana!~ana@pipe PRIVMSG ana :me",
           "@label=p1;msgid={} :ana!~ana@pipe PRIVMSG ana :me");
}

static void good_and_bad_of_one_command_share_the_batch(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    ask(h, ana, "@label=p1 JOIN #ok,bad");
    EXPECT(h, ana, "@label=p1 " S "BATCH +b1 labeled-response", "@batch=b1 :ana!~ana@pipe JOIN #ok",
           "@batch=b1 " S "353 ana = #ok :@ana", "@batch=b1 " S "366 ana #ok :{}",
           "@batch=b1 " S "403 ana bad :{}", S "BATCH -b1");
}

static void an_answer_that_is_a_batch_is_labelled_at_its_start(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "batch labeled-response draft/extended-isupport");
    ask(h, ana, "@label=x1 ISUPPORT");
    EXPECT(h, ana, "@label=x1 " S "BATCH +b{} draft/isupport", "@batch=b{} " S "005 ana {}",
           "@batch=b{} " S "005 ana {}", "@batch=b{} " S "005 ana {}", S "BATCH -b{}");
}

static void the_label_is_not_for_those_who_did_not_ask_for_it(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags batch");
    ask(h, ana, "@label=p1 PING x");
    EXPECT(h, ana, S "PONG ronron.party :x");
}

static void refusals_of_a_line_keep_the_label(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    ask(h, ana, "@label=p1 PRIVMSG #party :caf\xE9");
    EXPECT(h, ana, "@label=p1 " S "FAIL PRIVMSG INVALID_UTF8 :{}");
    char text[600];
    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    ask(h, ana, "@label=p2 PRIVMSG #party :%s", text);
    EXPECT(h, ana, "@label=p2 " S "417 ana :{}");
}

static void it_comes_first_in_a_goodbye(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    ask(h, ana, "@label=p1 QUIT :bye");
    assert_int_equal(harness_times(h, ana, "label=p1"), 1);
    HAS(h, ana, "ERROR :");
}

RELAY_TESTS(ROW(one_line_carries_it_itself), ROW(no_line_at_all_is_an_ack),
            ROW(several_lines_are_one_batch), ROW(three_targets_with_echo_are_one_batch),
            ROW(of_a_message_to_oneself_only_the_echo_is_labelled),
            ROW(good_and_bad_of_one_command_share_the_batch),
            ROW(an_answer_that_is_a_batch_is_labelled_at_its_start),
            ROW(the_label_is_not_for_those_who_did_not_ask_for_it),
            ROW(refusals_of_a_line_keep_the_label), ROW(it_comes_first_in_a_goodbye))

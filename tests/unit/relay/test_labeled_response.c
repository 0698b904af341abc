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

static void a_message_to_oneself_without_echo_is_an_ack(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags labeled-response batch");
    ask(h, ana, "@label=p1 PRIVMSG ana :me");
    EXPECT(h, ana, "@msgid={} :ana!~ana@pipe PRIVMSG ana :me", "@label=p1 " S "ACK");
}

static void it_has_sixty_four_bytes_and_not_one_more(void **state)
{
    struct harness *h = *state;
    char line[128];
    int ana = harness_guest(h, "ana", CAPS);
    ask(h, ana, "@label=%064d PING x", 7);
    (void)snprintf(line, sizeof(line), "@label=%064d " S "PONG ronron.party :x", 7);
    EXPECT(h, ana, line);
    ask(h, ana, "@label=%065d PING x\r\n@label= PING x\r\n@label PING x", 7);
    EXPECT(h, ana, S "PONG ronron.party :x", S "PONG ronron.party :x", S "PONG ronron.party :x");
}

static void any_bytes_come_back_as_they_were(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    ask(h, ana, "@a=1;label=a\\sb\\:c\\\\\xC3\xA9=x;+b PING x");
    EXPECT(h, ana, "@label=a\\sb\\:c\\\\\xC3\xA9=x " S "PONG ronron.party :x");
}

static void a_batch_among_other_lines_stands_in_the_labels_batch(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", CAPS " draft/metadata-3");
    did(h, leo, "METADATA * SUB avatar");
    did(h, ana, "JOIN #a\r\nMETADATA #a SET avatar :flag");
    ask(h, leo, "@label=p1 JOIN #a");
    EXPECT(h, leo, "@label=p1 " S "BATCH +b4 labeled-response", "@batch=b4 :leo!~leo@pipe JOIN #a",
           "@batch=b4 " S "353 leo = #a :@ana leo", "@batch=b4 " S "366 leo #a :{}",
           "@batch=b4 " S "BATCH +b3 metadata #a", "@batch=b3 " S "761 leo #a avatar * :flag",
           "@batch=b4 " S "BATCH -b3", S "BATCH -b4");
}

static void the_welcome_is_one_answer(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    did(h, ana, "CAP REQ :batch labeled-response");
    ask(h, ana, "@label=p1 FOO\r\n@label=p2 NICK ana\r\n@label=p3 USER a 0 * :a");
    EXPECT(h, ana, "@label=p1 " S "451 * :{}", "@label=p2 " S "ACK", "@label=p3 " S "ACK");
    ask(h, ana, "@label=p4 CAP END");
    assert_int_equal(harness_times(h, ana, "label=p4"), 1);
    static const char start[] = "@label=p4 " S "BATCH +b1 labeled-response\r\n";
    assert_int_equal(strncmp(harness_got(h, ana), start, sizeof(start) - 1), 0);
    size_t lines = harness_times(h, ana, "\r\n");
    assert_int_equal(harness_times(h, ana, "@batch=b1 " S), lines - 2);
    HAS(h, ana, "@batch=b1 " S "376 ana :");
}

static void changes_are_labelled_for_who_made_them_only(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    int leo = harness_guest(h, "leo", CAPS);
    static const char *const lines[][2] = {
        {"TOPIC #party :cats", "TOPIC #party :cats"},
        {"MODE #party +m", "MODE #party +m"},
        {"KICK #party leo :out", "KICK #party leo :out"},
        {"PART #party :bye", "PART #party :bye"},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char line[128];
        ask(h, ana, "@label=c%zu %s", i, lines[i][0]);
        (void)snprintf(line, sizeof(line), "@label=c%zu :ana!~ana@pipe %s", i, lines[i][1]);
        EXPECT(h, ana, line);
        HAS_NOT(h, leo, "label");
    }
}

static void answers_of_a_lone_line_carry_it_whatever_they_are(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "labeled-response batch draft/metadata-3");
    int leo = harness_guest(h, "leo", NULL);
    did(h, leo, "AWAY :tea");
    ask(h, ana, "@label=1 PRIVMSG leo :there?");
    EXPECT(h, ana, "@label=1 " S "301 ana leo :tea");
    ask(h, ana, "@label=2 AWAY :out\r\n@label=3 MONITOR + eve\r\n@label=4 MONITOR - eve");
    EXPECT(h, ana, "@label=2 " S "306 ana :{}", "@label=3 " S "731 ana :eve", "@label=4 " S "ACK");
    ask(h, ana, "@label=5 METADATA * SET url :x\r\n@label=6 METADATA * GET url");
    EXPECT(h, ana, "@label=5 " S "761 ana ana url * :x", "@label=6 " S "BATCH +b{} metadata ana",
           "@batch=b{} " S "761 ana ana url * :x", S "BATCH -b{}");
    ask(h, ana, "@label=7 NICK leo\r\n@label=8 NICK ana\r\n@label=9 CAP LIST");
    EXPECT(h, ana, "@label=7 " S "433 ana leo :{}", "@label=8 " S "ACK",
           "@label=9 " S "CAP ana LIST :{}");
}

static void an_echo_and_an_away_are_one_batch(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    int leo = harness_guest(h, "leo", NULL);
    did(h, leo, "AWAY :tea");
    ask(h, ana, "@label=1 PRIVMSG leo :there?");
    EXPECT(h, ana, "@label=1 " S "BATCH +b1 labeled-response",
           "@batch=b1;msgid={} :ana!~ana@pipe PRIVMSG leo :there?",
           "@batch=b1 " S "301 ana leo :tea", S "BATCH -b1");
    EXPECT(h, leo, ":ana!~ana@pipe PRIVMSG leo :there?");
}

RELAY_TESTS(ROW(one_line_carries_it_itself), ROW(no_line_at_all_is_an_ack),
            ROW(several_lines_are_one_batch), ROW(three_targets_with_echo_are_one_batch),
            ROW(of_a_message_to_oneself_only_the_echo_is_labelled),
            ROW(good_and_bad_of_one_command_share_the_batch),
            ROW(an_answer_that_is_a_batch_is_labelled_at_its_start),
            ROW(the_label_is_not_for_those_who_did_not_ask_for_it),
            ROW(refusals_of_a_line_keep_the_label), ROW(it_comes_first_in_a_goodbye),
            ROW(a_message_to_oneself_without_echo_is_an_ack),
            ROW(it_has_sixty_four_bytes_and_not_one_more), ROW(any_bytes_come_back_as_they_were),
            ROW(a_batch_among_other_lines_stands_in_the_labels_batch),
            ROW(the_welcome_is_one_answer), ROW(changes_are_labelled_for_who_made_them_only),
            ROW(answers_of_a_lone_line_carry_it_whatever_they_are),
            ROW(an_echo_and_an_away_are_one_batch))

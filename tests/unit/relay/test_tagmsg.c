// TAGMSG (IRCv3 message-tags): tags without text, to those who know tags.
#include "expect.h"

static void it_reaches_those_who_know_tags(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags echo-message server-time");
    int old = harness_guest(h, "old", NULL);
    int timed = harness_guest(h, "timed", "server-time");
    int full = harness_guest(h, "full", "message-tags");
    ask(h, ana, "@+typing=active TAGMSG #party");
    EXPECT_NOTHING(h, old);
    EXPECT_NOTHING(h, timed);
    EXPECT(h, full, "@msgid={};+typing=active :ana!~ana@pipe TAGMSG #party");
    EXPECT(h, ana, "@time={};msgid={};+typing=active :ana!~ana@pipe TAGMSG #party");
    ask(h, ana, "@+typing=done TAGMSG full");
    EXPECT(h, full, "@msgid={};+typing=done :ana!~ana@pipe TAGMSG full");
}

static void errors_are_those_of_privmsg(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags");
    int leo = harness_guest(h, "leo", "message-tags");
    ask(h, ana, "@+a TAGMSG nobody\r\n@+a TAGMSG #none\r\nTAGMSG");
    EXPECT(h, ana, S "401 ana nobody :{}", S "403 ana #none :{}", S "461 ana TAGMSG :{}");
    did(h, ana, "MODE #party +m");
    ask(h, leo, "@+a TAGMSG #party");
    EXPECT(h, leo, S "404 leo #party :{}");
    EXPECT_NOTHING(h, ana);
}

static void who_does_not_know_tags_does_not_know_it(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "@+a TAGMSG #party");
    EXPECT(h, ana, S "421 ana TAGMSG :{}");
}

static void an_empty_target_is_missing(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags");
    ask(h, ana, "@+a TAGMSG :");
    EXPECT(h, ana, S "461 ana TAGMSG :{}");
}

static void ranks_can_be_told_alone(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags");
    int leo = harness_guest(h, "leo", "message-tags echo-message");
    int eve = harness_guest(h, "eve", "message-tags");
    ask(h, leo, "@+a TAGMSG @#party");
    EXPECT(h, ana, "@msgid={};+a :leo!~leo@pipe TAGMSG @#party");
    EXPECT(h, leo, "@msgid={};+a :leo!~leo@pipe TAGMSG @#party");
    EXPECT_NOTHING(h, eve);
}

static void it_can_be_labelled_like_a_message(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags labeled-response batch");
    int leo = harness_guest(h, "leo", "message-tags labeled-response batch echo-message");
    ask(h, leo, "@label=t1;+a=1 TAGMSG #party");
    EXPECT(h, leo, "@label=t1;msgid={};+a=1 :leo!~leo@pipe TAGMSG #party");
    EXPECT(h, ana, "@msgid={};+a=1 :leo!~leo@pipe TAGMSG #party");
    ask(h, ana, "@label=t2;+a=1 TAGMSG #party");
    EXPECT(h, ana, "@label=t2 " S "ACK");
}

RELAY_TESTS(ROW(it_reaches_those_who_know_tags), ROW(errors_are_those_of_privmsg),
            ROW(who_does_not_know_tags_does_not_know_it), ROW(an_empty_target_is_missing),
            ROW(ranks_can_be_told_alone), ROW(it_can_be_labelled_like_a_message))

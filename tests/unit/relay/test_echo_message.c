// echo-message (IRCv3): own lines come back, with the id everybody sees.
#include "expect.h"

static void without_it_nothing_comes_back(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "PRIVMSG #party :hi\r\nNOTICE leo :psst");
    EXPECT_NOTHING(h, ana);
    EXPECT(h, leo, ":ana!~ana@pipe PRIVMSG #party :hi", ":ana!~ana@pipe NOTICE leo :psst");
}

static void with_it_everything_said_comes_back(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "echo-message");
    (void)harness_guest(h, "leo", NULL);
    ask(h, ana, "PRIVMSG #party :hi\r\nNOTICE #party :note\r\nPRIVMSG leo :psst\r\nNOTICE leo :n");
    EXPECT(h, ana, ":ana!~ana@pipe PRIVMSG #party :hi", ":ana!~ana@pipe NOTICE #party :note",
           ":ana!~ana@pipe PRIVMSG leo :psst", ":ana!~ana@pipe NOTICE leo :n");
}

static void what_was_refused_has_no_echo(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "echo-message");
    ask(h, ana, "PRIVMSG nobody :hi\r\nPRIVMSG #none :hi\r\nNOTICE nobody :hi");
    EXPECT(h, ana, S "401 ana nobody :{}", S "403 ana #none :{}");
}

static void echo_and_delivery_have_one_id_and_time(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "echo-message message-tags server-time");
    int leo = harness_guest(h, "leo", "message-tags server-time");
    ask(h, ana, "@+x=1 PRIVMSG #party :hi");
    assert_string_equal(harness_got(h, ana), harness_got(h, leo));
    EXPECT(h, leo,
           "@time=2023-11-14T22:13:21.000Z;msgid={};+x=1 :ana!~ana@pipe PRIVMSG #party :hi");
}

static void label_and_echo_alone_add_no_other_tag(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "echo-message labeled-response");
    ask(h, ana, "@+x=1 PRIVMSG ana :hi");
    EXPECT(h, ana, ":ana!~ana@pipe PRIVMSG ana :hi", ":ana!~ana@pipe PRIVMSG ana :hi");
}

static void ranks_alone_have_their_echo_too(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "echo-message");
    int leo = harness_guest(h, "leo", "echo-message");
    ask(h, leo, "PRIVMSG @#party :help\r\nNOTICE +#party :note");
    EXPECT(h, leo, ":leo!~leo@pipe PRIVMSG @#party :help", ":leo!~leo@pipe NOTICE +#party :note");
    EXPECT(h, ana, ":leo!~leo@pipe PRIVMSG @#party :help", ":leo!~leo@pipe NOTICE +#party :note");
    ask(h, ana, "PRIVMSG @#party :to us"); // a host gets it once
    EXPECT(h, ana, ":ana!~ana@pipe PRIVMSG @#party :to us");
}

RELAY_TESTS(ROW(without_it_nothing_comes_back), ROW(with_it_everything_said_comes_back),
            ROW(what_was_refused_has_no_echo), ROW(echo_and_delivery_have_one_id_and_time),
            ROW(label_and_echo_alone_add_no_other_tag), ROW(ranks_alone_have_their_echo_too))

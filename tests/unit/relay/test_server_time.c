// server-time (IRCv3): when a line was said, in milliseconds.
#include "expect.h"

static void events_carry_it_for_who_asked(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "server-time");
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "PRIVMSG #party :a");
    EXPECT(h, ana, "@time=2023-11-14T22:13:21.000Z :leo!~leo@pipe PRIVMSG #party :a");
    harness_turn(h, 2);
    ask(h, leo, "PRIVMSG ana :b");
    EXPECT(h, ana, "@time=2023-11-14T22:13:21.002Z :leo!~leo@pipe PRIVMSG ana :b");
    ask(h, leo, "PART #party :c");
    EXPECT(h, ana, "@time=2023-11-14T22:13:21.002Z :leo!~leo@pipe PART #party :c");
}

static void it_needs_no_other_capability(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "server-time");
    int leo = harness_guest(h, "leo", "message-tags");
    ask(h, leo, "@+a=1 PRIVMSG ana :x");
    EXPECT(h, ana, "@time={} :leo!~leo@pipe PRIVMSG ana :x");
    HAS_NOT(h, ana, "msgid");
}

static void what_the_relay_says_carries_it_too(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "server-time batch labeled-response");
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "PING x\r\nFOO\r\nMODE ana +i\r\nSETNAME :\r\nMONITOR + nobody");
    EXPECT(h, ana, "@time=2023-11-14T22:13:21.000Z " S "PONG ronron.party :x",
           "@time=2023-11-14T22:13:21.000Z " S "421 ana FOO :{}",
           "@time=2023-11-14T22:13:21.000Z :ana!~ana@pipe MODE ana :+i",
           "@time=2023-11-14T22:13:21.000Z " S "FAIL SETNAME INVALID_REALNAME :{}",
           "@time=2023-11-14T22:13:21.000Z " S "731 ana :nobody");
    harness_turn(h, 3);
    ask(h, ana, "@label=s1 FOO\r\n@label=s2 WHO ana");
    EXPECT(h, ana, "@label=s1;time=2023-11-14T22:13:21.003Z " S "421 ana FOO :{}",
           "@label=s2 " S "BATCH +b1 labeled-response", // only what stands in it has a time
           "@batch=b1;time=2023-11-14T22:13:21.003Z " S "352 ana {}",
           "@batch=b1;time=2023-11-14T22:13:21.003Z " S "315 ana {}", S "BATCH -b1");
    ask(h, leo, "PING x");
    EXPECT(h, leo, S "PONG ronron.party :x");
}

static void it_does_not_come_before_the_ack(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "CAP REQ server-time\r\nPING x\r\nCAP REQ -server-time\r\nPING x");
    EXPECT(h, ana, S "CAP * ACK :server-time", "@time={} " S "PONG ronron.party :x",
           "@time={} " S "CAP * ACK :-server-time", S "PONG ronron.party :x");
}

static void it_never_goes_back(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "server-time echo-message");
    ask(h, ana, "PRIVMSG #party :a");
    EXPECT(h, ana, "@time=2023-11-14T22:13:21.000Z :ana!~ana@pipe PRIVMSG #party :a");
    h->utc_jump_ms = -3600000;
    harness_turn(h, 0);
    ask(h, ana, "PING x\r\nPRIVMSG #party :b");
    EXPECT(h, ana, "@time=2023-11-14T22:13:21.000Z " S "PONG ronron.party :x",
           "@time=2023-11-14T22:13:21.000Z :ana!~ana@pipe PRIVMSG #party :b");
}

RELAY_TESTS(ROW(events_carry_it_for_who_asked), ROW(it_needs_no_other_capability),
            ROW(what_the_relay_says_carries_it_too), ROW(it_does_not_come_before_the_ack),
            ROW(it_never_goes_back))

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

RELAY_TESTS(ROW(events_carry_it_for_who_asked), ROW(it_needs_no_other_capability))

// NOTICE (Modern IRC): like PRIVMSG, and never an answer of its own.
#include "expect.h"

static void it_is_delivered(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    ask(h, ana, "NOTICE #party :all\r\nNOTICE leo :one");
    EXPECT(h, leo, ":ana!~ana@pipe NOTICE #party :all", ":ana!~ana@pipe NOTICE leo :one");
    EXPECT(h, eve, ":ana!~ana@pipe NOTICE #party :all");
}

static void nothing_is_answered_whatever_is_wrong(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, leo, "JOIN #a");
    ask(h, ana,
        "NOTICE nobody :x\r\nNOTICE #none :x\r\nNOTICE #a :x\r\nNOTICE\r\nNOTICE ana\r\n"
        "NOTICE ana :\r\nNOTICE a,b,c,d,e :x");
    EXPECT_NOTHING(h, ana);
}

RELAY_TESTS(ROW(it_is_delivered), ROW(nothing_is_answered_whatever_is_wrong))

// UTF8ONLY (IRCv3): what is not UTF-8 changes nothing and goes nowhere.
#include "expect.h"

static void every_command_refuses_it(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana,
        "PRIVMSG #party :caf\xE9\r\nTOPIC #party :\xFF\r\nAWAY :\xC3\r\nNICK \xC0\x80\r\n"
        "METADATA * SET url :\xED\xA0\x80\r\nJOIN #\xFE\r\nSETNAME :\xF5");
    EXPECT(h, ana, S "FAIL PRIVMSG INVALID_UTF8 :{}", S "FAIL TOPIC INVALID_UTF8 :{}",
           S "FAIL AWAY INVALID_UTF8 :{}", S "FAIL NICK INVALID_UTF8 :{}",
           S "FAIL METADATA INVALID_UTF8 :{}", S "FAIL JOIN INVALID_UTF8 :{}",
           S "FAIL SETNAME INVALID_UTF8 :{}");
    EXPECT_NOTHING(h, leo);
    ask(h, leo, "TOPIC #party\r\nWHOIS ana");
    HAS(h, leo, " 331 leo #party :");
    HAS_NOT(h, leo, " 301 ");
}

static void before_registration_too(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "NICK ana\r\nUSER a 0 * :\xFF");
    EXPECT(h, ana, S "FAIL USER INVALID_UTF8 :{}");
    ask(h, ana, "USER a 0 * :Ana");
    HAS(h, ana, " 001 ana ");
}

static void tags_and_the_command_itself_too(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags labeled-response batch");
    int leo = harness_guest(h, "leo", "message-tags");
    ask(h, ana, "@+a=\xFF PRIVMSG leo :x");
    EXPECT(h, ana, S "FAIL PRIVMSG INVALID_UTF8 :{}");
    ask(h, ana, "\xFF\xFE x");
    EXPECT(h, ana, S "FAIL * INVALID_UTF8 :{}");
    ask(h, ana, ":ana :x \xFF");
    EXPECT(h, ana, S "FAIL * INVALID_UTF8 :{}");
    ask(h, ana, "@label=\xFF PING x");
    EXPECT(h, ana, S "FAIL PING INVALID_UTF8 :{}");
    EXPECT_NOTHING(h, leo);
}

static void it_keeps_its_label(void **state)
{
    static const char *const lines[] = {"TOPIC #party :\xFF", "METADATA * SET url :\xFF",
                                        "PRIVMSG #party :\xFF", "USER a 0 * :\xFF"};
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "labeled-response batch");
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        ask(h, ana, "@label=u%zu %s", i, lines[i]);
        char line[128];
        struct str rest = str_from(lines[i]), word;
        (void)str_next(&rest, ' ', &word);
        (void)snprintf(line, sizeof(line), "@label=u%zu " S "FAIL %.*s INVALID_UTF8 :{}", i,
                       STR_ARG(word));
        EXPECT(h, ana, line);
    }
}

static void a_zero_byte_is_no_text(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    size_t done = 0;
    harness_drop(h);
    assert_int_equal(net_stream_write(h->client[ana], "AWAY :a\0b\r\n", 11, &done), NET_OK);
    harness_turn(h, 0);
    EXPECT(h, ana, S "FAIL AWAY INVALID_UTF8 :{}");
}

RELAY_TESTS(ROW(every_command_refuses_it), ROW(before_registration_too),
            ROW(tags_and_the_command_itself_too), ROW(it_keeps_its_label),
            ROW(a_zero_byte_is_no_text))

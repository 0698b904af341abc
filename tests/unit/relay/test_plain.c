// Plain clients: text in, text out, no protocol.
#include "expect.h"

static void silent_connections_become_listeners(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int cat = harness_connect(h, 65536);
    harness_turn(h, 1000);
    assert_string_equal(harness_got(h, cat), "");
    harness_turn(h, 600);
    HAS(h, cat, "You are Guest1");
    HAS(h, ana, ":Guest1!plain@pipe JOIN #party\r\n");
    harness_send(h, ana, "PRIVMSG #party :bonjour \x02tout\x02\r\n");
    HAS(h, cat, "ana: bonjour tout\n");
    harness_drop(h);
    harness_send(h, cat, "CAP LS 302\r\nNICK late\r\nUSER l 0 * :l\r\nCAP END\r\n");
    HAS(h, ana, ":Guest1!plain@pipe QUIT :");
    HAS(h, cat, " 001 late ");
}

static void text_needs_no_newline(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int one = harness_connect(h, 65536);
    int two = harness_connect(h, 65536);
    harness_send(h, one, "salut");
    HAS_NOT(h, ana, "salut");
    harness_turn(h, 60);
    HAS(h, ana, ":Guest1!plain@pipe PRIVMSG #party :salut\r\n");
    harness_send(h, two, "hello you\nsecond\x07 line\xFF\n");
    harness_turn(h, 60);
    HAS(h, one, "Guest2: hello you\nGuest2: second line\xEF\xBF\xBD\n");
    HAS_NOT(h, two, "Guest2: hello");
    harness_send(h, one, "/nick Leo\n");
    HAS(h, two, "* Guest1 is now Leo\n");
    harness_send(h, one, "/nick ana\n");
    HAS(h, one, "Somebody else is called ana");
    harness_send(h, one, "/quit\n");
    harness_turn(h, 0);
    HAS(h, ana, ":Leo!plain@pipe QUIT :Leaving\r\n");
    HAS(h, two, "* Leo left (Leaving)\n");
}

static void last_words_are_heard(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int one = harness_connect(h, 65536);
    harness_send(h, one, "first\n");
    harness_send(h, one, "bye"); // and hangs up, as programs do that send without a newline
    harness_hang_up(h, one);
    HAS(h, ana,
        ":Guest1!plain@pipe PRIVMSG #party :first\r\n:Guest1!plain@pipe PRIVMSG #party "
        ":bye\r\n:Guest1!plain@pipe QUIT :Connection closed\r\n");
    harness_drop(h);
    int two = harness_connect(h, 65536);
    harness_send(h, two, "only this");
    harness_hang_up(h, two);
    EXPECT(h, ana, ":Guest2!plain@pipe JOIN #party", ":Guest2!plain@pipe PRIVMSG #party :only this",
           ":Guest2!plain@pipe QUIT :Connection closed");
    int irc = harness_connect(h, 65536);
    harness_send(h, irc, "NICK leo\r\nUSER l 0 * :l\r\nJOIN #party\r\nPRIVMSG #party :cut o");
    harness_hang_up(h, irc);
    HAS(h, ana, ":leo!~l@pipe QUIT :");
    HAS_NOT(h, ana, "cut o"); // no end, no line
}

static void long_text_is_split_between_characters(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int one = harness_connect(h, 65536);
    struct buf text;
    buf_init(&text, BUF_NO_LIMIT);
    for (int i = 0; i < 500; i++) {
        (void)buf_append(&text, STR("\xC3\xA9"));
    }
    harness_send(h, one, buf_cstr(&text));
    harness_turn(h, 60);
    buf_deinit(&text);
    assert_int_equal(harness_times(h, ana, "\xC3\xA9"), 500);
    assert_int_equal(harness_times(h, ana, "PRIVMSG #party :\xC3\xA9"), 3);
}

static void actions_and_topics_read_as_text(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int one = harness_connect(h, 65536);
    harness_send(h, one, "hi\n");
    ask(h, ana,
        "PRIVMSG #party :\x01"
        "ACTION waves\x01\r\nTOPIC #party :cats\r\nPRIVMSG @#party :no");
    assert_string_equal(harness_got(h, one), "* ana waves\n* ana wrote on the banner: cats\n");
}

// What reads it is often a terminal, which a control character may command.
static void no_control_reaches_a_terminal(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int one = harness_connect(h, 65536);
    harness_send(h, one, "hi\n");
    did(h, ana, "MODE #party -t");
    ask(h, ana,
        "PRIVMSG #party :a\x1b[2Jb\x07\xc2\x9b"
        "0m\x03"
        "04,05red\x02");
    ask(h, ana,
        "PRIVMSG #party :\x01"
        "ACTION \x1b]0;x\x07waves\x01");
    HAS(h, one, "* ana ]0;xwaves\n");
    harness_drop(h);
    ask(h, ana,
        "PRIVMSG Guest1 :\x1b[2J\r\nTOPIC #party :\x1b[1mcats\x03"
        "04!\r\nKICK #party leo :\x1b[5mout");
    harness_send(h, leo, "JOIN #party\r\nPART #party :\x1b[1mbye\r\nJOIN #party\r\n");
    harness_send(h, leo, "QUIT :\x1b[1mgone\r\n");
    HAS(h, one,
        "ana: [2J\n* ana wrote on the banner: [1mcats!\n* leo was sent out by ana ([5mout)\n");
    HAS(h, one, "* leo left ([1mbye)\n");
    HAS(h, one, "* leo left (Quit: [1mgone)\n");
    for (const char *at = harness_got(h, one); *at; at++) {
        assert_true((unsigned char)*at >= ' ' || *at == '\n');
    }
}

static void a_muted_one_keeps_its_name(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int one = harness_connect(h, 65536);
    harness_send(h, one, "hi\n");
    did(h, ana, "MODE #party +b m:Guest1");
    harness_send(h, one, "/nick Leo\n");
    HAS_NOT(h, ana, " NICK ");
    HAS(h, one, "* You cannot change your name now.\n");
}

static void a_guests_name_is_nobody_elses(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "GUEST1", NULL);
    int one = harness_connect(h, 65536);
    harness_drop(h);
    harness_send(h, one, "hi\n");
    EXPECT(h, ana, ":Guest2!plain@pipe JOIN #party", ":Guest2!plain@pipe PRIVMSG #party :hi");
}

static void browsers_are_told_and_closed(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int web = harness_connect(h, 65536);
    harness_send(h, web, "POST / HTTP/1.1\r\nHost: x\r\n\r\nPRIVMSG #party :spam\r\n");
    harness_turn(h, 1500);
    HAS(h, web, "HTTP/1.1 405 ");
    EXPECT_NOTHING(h, ana);
    assert_int_equal(relay_stats(h->relay).connections, 1);
}

static void help_is_for_who_asks(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int one = harness_connect(h, 65536);
    harness_send(h, one, "hi\n");
    ask(h, one, "/help");
    assert_string_equal(harness_got(h, one),
                        "* Write and press Enter. /nick NAME changes your name, /quit leaves.\n");
    EXPECT_NOTHING(h, ana);
}

static void the_first_word_tells_what_somebody_speaks(void **state)
{
    static const struct {
        const char *line;
        bool is_irc;
    } rows[] = {
        {"NICK zed", true},
        {"nick zed", true},
        {"PING x", true},
        {"STATS", true},
        {"HELLO", true},
        {"QUIT now", true},
        {"hello", false},
        {"Hello all", false},
        {"HELLO ALL", false},
        {"help me", false},
        {"WHO is there", true},
        {"who is there", false},
        {"\xC3\x89T\xC3\x89", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct harness h;
        harness_open(&h, NULL);
        int one = harness_connect(&h, 65536);
        ask(&h, one, "%s", rows[i].line);
        bool is_plain = harness_has(&h, one, "You are Guest1");
        if (is_plain == rows[i].is_irc) {
            fail_msg("%s: %s", rows[i].line, harness_got(&h, one));
        }
        harness_close(&h);
    }
    (void)state;
}

static void who_says_too_much_goes(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.limits = relay_limits_normal(), .seed = 1};
    harness_open(&h, &config);
    int ana = harness_guest(&h, "ana", NULL);
    int one = harness_connect(&h, 65536);
    for (int i = 0; i < 60 && !harness_has(&h, ana, "QUIT"); i++) {
        harness_send(&h, one, "spam\n");
    }
    HAS(&h, ana, ":Guest1!plain@pipe QUIT :Too many messages at once\r\n");
    HAS(&h, one, "* Too many messages at once\n");
    assert_true(harness_times(&h, ana, "PRIVMSG #party :spam") <= 40);
    int two = harness_connect(&h, 65536);
    for (int i = 0; i < 60 && !harness_has(&h, two, "Too many"); i++) {
        harness_send(&h, two, i % 2 ? "/nick Leo\n" : "/nick Zed\n");
    }
    HAS(&h, two, "* Too many messages at once\n");
    harness_close(&h);
}

static void silence_holds_no_place_of_a_locked_party(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.password = STR("1234"), .seed = 1};
    harness_open(&h, &config);
    int silent = harness_connect(&h, 65536);
    harness_turn(&h, 29000); // it may be a slow one that knows the PIN
    assert_string_equal(harness_got(&h, silent), "");
    harness_turn(&h, 1000);
    HAS(&h, silent, "This party is locked");
    harness_turn(&h, 1000);
    assert_int_equal(relay_stats(h.relay).connections, 0);
    harness_close(&h);
}

RELAY_TESTS(cmocka_unit_test(who_says_too_much_goes),
            cmocka_unit_test(silence_holds_no_place_of_a_locked_party),
            ROW(silent_connections_become_listeners), ROW(text_needs_no_newline),
            ROW(long_text_is_split_between_characters), ROW(actions_and_topics_read_as_text),
            ROW(a_muted_one_keeps_its_name), ROW(a_guests_name_is_nobody_elses),
            ROW(browsers_are_told_and_closed), ROW(help_is_for_who_asks),
            ROW(the_first_word_tells_what_somebody_speaks), ROW(last_words_are_heard),
            ROW(no_control_reaches_a_terminal))

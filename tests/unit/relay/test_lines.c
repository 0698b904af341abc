// Lines in: their length, byte by byte, spaces, what is no command.
#include "expect.h"

// "PRIVMSG #party :xxx", len bytes without CR LF; tags (with '@' and the space) before it.
static void send_text(struct harness *h, int client, size_t tags, size_t len)
{
    struct buf line;
    buf_init(&line, BUF_NO_LIMIT);
    for (size_t i = 0; i < tags; i++) {
        (void)buf_append_char(&line, i == 0 ? '@' : i == 1 ? '+' : i + 1 == tags ? ' ' : 'a');
    }
    (void)buf_append(&line, STR("PRIVMSG #party :"));
    while (line.len < tags + len) {
        (void)buf_append_char(&line, 'x');
    }
    (void)buf_append(&line, STR("\r\n"));
    harness_drop(h);
    harness_send(h, client, buf_cstr(&line));
    buf_deinit(&line);
}

static void the_text_has_510_bytes_and_not_one_more(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    send_text(h, ana, 0, 510);
    EXPECT_NOTHING(h, ana);
    HAS(h, leo, "PRIVMSG #party :xxx");
    assert_int_equal(strlen(harness_got(h, leo)), 512); // cut, with the sender before it
    send_text(h, ana, 0, 511);
    EXPECT(h, ana, S "417 ana :{}");
    EXPECT_NOTHING(h, leo);
    ask(h, ana, "PING still");
    EXPECT(h, ana, S "PONG ronron.party :still");
}

static void tags_have_4096_of_their_own(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags");
    int leo = harness_guest(h, "leo", "message-tags");
    send_text(h, ana, 4096, 510);
    EXPECT_NOTHING(h, ana);
    HAS(h, leo, "PRIVMSG #party :xxx");
    assert_true(strlen(harness_got(h, leo)) > 4096 + 400);
    send_text(h, ana, 4097, 100);
    EXPECT(h, ana, S "417 ana :{}");
    EXPECT_NOTHING(h, leo);
    send_text(h, ana, 4096, 511);
    EXPECT(h, ana, S "417 ana :{}");
    EXPECT_NOTHING(h, leo);
}

static void a_cut_never_splits_a_character(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    for (int shift = 0; shift < 4; shift++) {
        struct buf line;
        buf_init(&line, BUF_NO_LIMIT);
        (void)buf_printf(&line, "PRIVMSG #party :%.*s", shift, "abc");
        while (line.len + 4 <= 510) {
            (void)buf_append(&line, STR("\xF0\x9F\x90\xB1"));
        }
        ask(h, ana, "%s", buf_cstr(&line));
        buf_deinit(&line);
        HAS(h, leo, "\xF0\x9F\x90\xB1\r\n");
        assert_true(strlen(harness_got(h, leo)) <= 512);
    }
}

static void bytes_may_come_one_by_one(void **state)
{
    static const char line[] = "PRIVMSG leo :slow\r\nPING x\nPONG y\r\n";
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    for (size_t i = 0; i < sizeof(line) - 1; i++) {
        char one[2] = {line[i], '\0'};
        harness_send(h, ana, one);
    }
    EXPECT(h, ana, S "PONG ronron.party :x");
    EXPECT(h, leo, ":ana!~ana@pipe PRIVMSG leo :slow");
}

static void many_lines_may_come_at_once(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    struct buf lines;
    buf_init(&lines, BUF_NO_LIMIT);
    for (int i = 0; i < 500; i++) {
        (void)buf_printf(&lines, "PING t%d\r\n", i);
    }
    harness_send(h, ana, buf_cstr(&lines));
    buf_deinit(&lines);
    assert_int_equal(harness_times(h, ana, " PONG "), 500);
    HAS(h, ana, ":t499\r\n");
}

static void empty_lines_and_a_source_are_ignored(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "\r\n\r\n   \r\n:ana PING x\r\n :x!y@z  ping  y");
    EXPECT(h, ana, S "PONG ronron.party :x", S "PONG ronron.party :y");
}

static void what_is_no_command_is_421(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "FOO a b\r\nF!O\r\n421");
    EXPECT(h, ana, S "421 ana FOO :{}", S "421 ana F!O :{}", S "421 ana 421 :{}");
}

static void an_endless_line_closes_only_its_sender(void **state)
{
    struct harness *h = *state;
    static char flood[40001];
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    memset(flood, 'x', sizeof(flood) - 1);
    harness_send(h, ana, flood);
    harness_turn(h, 2000);
    HAS(h, leo, ":ana!~ana@pipe QUIT :Line too long\r\n");
    assert_int_equal(relay_stats(h->relay).connections, 1);
}

// What follows would be a line of its own to a client that ends lines at either.
static void a_carriage_return_within_a_line_goes_to_nobody(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags labeled-response batch");
    int leo = harness_guest(h, "leo", "message-tags");
    harness_send(h, ana, "PRIVMSG #party :hi\r:boss!b@b QUIT\r\n");
    EXPECT(h, ana, S "FAIL * INVALID_MESSAGE :{}");
    harness_send(h, ana, "@label=r1 PRIVMSG #party :hi\r:boss!b@b QUIT\r\n");
    EXPECT(h, ana, "@label=r1 " S "FAIL * INVALID_MESSAGE :{}");
    harness_drop(h);
    harness_send(h, ana, "@label=a\rb PING 1\r\n@+a=\r TAGMSG #party\r\n");
    EXPECT(h, ana, S "FAIL * INVALID_MESSAGE :{}", S "FAIL * INVALID_MESSAGE :{}");
    assert_string_equal(harness_got(h, leo), "");
}

RELAY_TESTS(ROW(a_carriage_return_within_a_line_goes_to_nobody),
            ROW(the_text_has_510_bytes_and_not_one_more), ROW(tags_have_4096_of_their_own),
            ROW(a_cut_never_splits_a_character), ROW(bytes_may_come_one_by_one),
            ROW(many_lines_may_come_at_once), ROW(empty_lines_and_a_source_are_ignored),
            ROW(what_is_no_command_is_421), ROW(an_endless_line_closes_only_its_sender))

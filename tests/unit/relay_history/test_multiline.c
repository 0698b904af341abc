// Messages of several lines: the client's BATCH, what each receiver gets, what is refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kept.h"

#define BASE "message-tags batch echo-message server-time labeled-response"
#define CAPS BASE " draft/multiline"

static void expect(struct harness *h, int client, const char *lines)
{
    assert_string_equal(harness_got(h, client), lines);
    harness_drop(h);
}

static void a_batch_is_one_message_with_its_tags_at_the_start(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS), ben = harness_guest(h, "ben", "draft/multiline batch");
    harness_drop(h);
    harness_send(h, ana,
                 "@label=xyz;+x=1 BATCH +123 draft/multiline #party\r\n"
                 "@batch=123 PRIVMSG #party hello\r\n"
                 "@batch=123 PRIVMSG #party :how is \r\n"
                 "@batch=123;draft/multiline-concat PRIVMSG #party :everyone?\r\n");
    assert_string_equal(harness_got(h, ana), ""); // not even an ACK
    assert_string_equal(harness_got(h, ben), "");
    harness_send(h, ana, "BATCH -123\r\n");
    const char *got = harness_got(h, ana);
    assert_int_equal(strncmp(got, "@label=xyz;time=2023-11-14T22:13:21.000Z;msgid=", 47), 0);
    assert_true(harness_has(h, ana,
                            ";+x=1 :ana!~ana@pipe BATCH +b1 draft/multiline #party\r\n"
                            "@batch=b1 :ana!~ana@pipe PRIVMSG #party :hello\r\n"
                            "@batch=b1 :ana!~ana@pipe PRIVMSG #party :how is \r\n"
                            "@batch=b1;draft/multiline-concat :ana!~ana@pipe PRIVMSG "
                            "#party :everyone?\r\n:ana!~ana@pipe BATCH -b1\r\n"));
    assert_int_equal(harness_times(h, ana, "label="), 1);
    assert_int_equal(harness_times(h, ana, "msgid="), 1);
    assert_int_equal(harness_times(h, ana, "time="), 1);
    expect(h, ben,
           ":ana!~ana@pipe BATCH +b1 draft/multiline #party\r\n"
           "@batch=b1 :ana!~ana@pipe PRIVMSG #party :hello\r\n"
           "@batch=b1 :ana!~ana@pipe PRIVMSG #party :how is \r\n"
           "@batch=b1;draft/multiline-concat :ana!~ana@pipe PRIVMSG #party :everyone?\r\n"
           ":ana!~ana@pipe BATCH -b1\r\n");
}

static void others_get_lines_without_blank_ones_and_one_msgid(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS), old = harness_guest(h, "old", NULL);
    int cat = harness_guest(h, "cat", "message-tags");
    harness_drop(h);
    harness_send(h, ana,
                 "@+x BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #party :\r\n"
                 "@batch=1 PRIVMSG #party :one\r\n@batch=1 PRIVMSG #party :\r\n"
                 "@batch=1;draft/multiline-concat PRIVMSG #party :two\r\nBATCH -1\r\n");
    const char *got = harness_got(h, cat);
    assert_int_equal(strncmp(got, "@msgid=", 7), 0);
    assert_int_equal(harness_times(h, cat, "msgid="), 1);
    assert_int_equal(harness_times(h, cat, "\r\n"), 2);
    assert_true(harness_has(h, cat,
                            ";+x :ana!~ana@pipe PRIVMSG #party :one\r\n"
                            "@+x :ana!~ana@pipe PRIVMSG #party :two\r\n"));
    assert_int_equal(harness_times(h, ana, "\r\n"), 6); // start, four lines, end
    expect(h, old, ":ana!~ana@pipe PRIVMSG #party :one\r\n:ana!~ana@pipe PRIVMSG #party :two\r\n");
}

static void one_line_is_an_ordinary_message(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS), ben = harness_guest(h, "ben", "draft/multiline batch");
    harness_drop(h);
    harness_send(h, ana,
                 "BATCH +1 draft/multiline #party\r\n@batch=1 NOTICE #party :x\r\nBATCH -1\r\n");
    expect(h, ben, ":ana!~ana@pipe NOTICE #party :x\r\n");
}

static void without_echo_the_label_gets_an_ack_when_the_batch_is_whole(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "batch labeled-response draft/multiline");
    harness_send(h, ana,
                 "@label=a BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #party :x\r\n");
    expect(h, ana, "");
    harness_send(h, ana, "BATCH -1\r\n");
    expect(h, ana, "@label=a :ronron.party ACK\r\n");
}

static void a_person_and_plain_clients_get_all_lines(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS), ben = harness_guest(h, "ben", NULL);
    int nc = harness_connect(h, 65536);
    harness_send(h, nc, "hi there\n");
    harness_drop(h);
    harness_send(h, ana,
                 "BATCH +1 draft/multiline ben\r\n@batch=1 PRIVMSG ben :x\r\n"
                 "@batch=1 PRIVMSG ben :y\r\nBATCH -1\r\n");
    expect(h, ben, ":ana!~ana@pipe PRIVMSG ben :x\r\n:ana!~ana@pipe PRIVMSG ben :y\r\n");
    harness_send(h, ana,
                 "BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #party :x\r\n"
                 "@batch=1 PRIVMSG #party :\r\n@batch=1 PRIVMSG #party :y\r\nBATCH -1\r\n");
    expect(h, nc, "ana: x\nana: y\n");
}

static void no_line_hides_what_the_channel_does_not_take(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS), old = harness_guest(h, "old", NULL);
    harness_send(h, ana, "MODE #party +C\r\n");
    harness_drop(h);
    harness_send(h, ana,
                 "BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #party :x\r\n"
                 "@batch=1 PRIVMSG #party :\x01PING\x01\r\nBATCH -1\r\n");
    assert_true(harness_has(h, ana, " 404 ana #party :"));
    expect(h, old, "");
}

static void errors_are_told_once_and_nothing_is_relayed(void **state)
{
    static const struct {
        const char *lines;
        const char *answer;
    } rows[] = {
        {"BATCH +1 draft/multiline #party\r\n@batch=2 PRIVMSG #party :x\r\n"
         "@batch=1 PRIVMSG #party :y\r\nBATCH -1\r\n",
         "MULTILINE_INVALID :This belongs to no open batch"},
        {"BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #party :x\r\n"
         "@batch=1;draft/multiline-concat PRIVMSG #party :\r\nBATCH -1\r\n",
         "MULTILINE_INVALID :A blank line continues nothing"},
        {"BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #other :x\r\nBATCH -1\r\n",
         "MULTILINE_INVALID_TARGET #party #other :All lines have the batch's target"},
        {"BATCH +1 draft/multiline #party\r\n@batch=1 JOIN #party\r\nBATCH -1\r\n",
         "MULTILINE_INVALID :This belongs to no open batch"},
        {"BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #party :x\r\n"
         "@batch=1 NOTICE #party :x\r\nBATCH -1\r\n",
         "MULTILINE_INVALID :All lines have the same command"},
        {"BATCH +1 draft/multiline #party\r\nBATCH -1\r\n",
         "MULTILINE_INVALID :There is no text in it"},
        {"BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #party :\r\nBATCH -1\r\n",
         "MULTILINE_INVALID :There is no text in it"},
        {"BATCH +1 draft/other #party\r\n",
         "MULTILINE_INVALID :This is no batch of lines to one target"},
        {"BATCH +1 draft/multiline #party,#a\r\n",
         "MULTILINE_INVALID :This is no batch of lines to one target"},
        {"BATCH +a=b draft/multiline #party\r\n",
         "MULTILINE_INVALID :This is no batch of lines to one target"},
        {"BATCH -9\r\n", "MULTILINE_INVALID :No such batch is open"},
        {"BATCH 9\r\n", "MULTILINE_INVALID :A batch begins with + and ends with -"},
        {"@batch=7 PRIVMSG #party :x\r\n", "MULTILINE_INVALID :This belongs to no open batch"},
    };
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS), ben = harness_guest(h, "ben", NULL);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char line[256];
        harness_drop(h);
        harness_send(h, ana, rows[i].lines);
        (void)snprintf(line, sizeof(line), DATED ":ronron.party FAIL BATCH %s\r\n", rows[i].answer);
        assert_string_equal(harness_got(h, ana), line);
        assert_string_equal(harness_got(h, ben), "");
    }
    // The same reference serves again.
    harness_send(h, ana,
                 "BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #party :x\r\nBATCH -1\r\n");
    assert_string_equal(harness_got(h, ben), ":ana!~ana@pipe PRIVMSG #party :x\r\n");
}

static void the_error_carries_the_label_of_the_batch(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    harness_send(h, ana,
                 "@label=a BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #b :x\r\n"
                 "BATCH -1\r\n");
    expect(h, ana,
           "@label=a;time=2023-11-14T22:13:21.000Z :ronron.party FAIL BATCH "
           "MULTILINE_INVALID_TARGET #party #b :All "
           "lines have the batch's target\r\n");
}

static void another_batch_ends_the_one_before_with_its_label(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "batch labeled-response echo-message draft/multiline");
    harness_send(h, ana,
                 "@label=one BATCH +1 draft/multiline #party\r\n"
                 "@label=two BATCH +2 draft/multiline #party\r\n");
    expect(h, ana,
           "@label=one :ronron.party FAIL BATCH MULTILINE_INVALID :One batch at a time\r\n");
    harness_send(h, ana, "@batch=2 PRIVMSG #party :x\r\nBATCH -2\r\n");
    expect(h, ana, "@label=two :ana!~ana@pipe PRIVMSG #party :x\r\n");
}

static void limits_are_as_announced(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS), ben = harness_guest(h, "ben", NULL);
    char line[512] = "@batch=1 PRIVMSG #party :";
    int ls = harness_connect(h, 65536);
    harness_send(h, ls, "CAP LS 302\r\n");
    assert_true(harness_has(h, ls, " draft/multiline=max-bytes=4096,max-lines=100 "));
    harness_drop(h);
    harness_send(h, ana, "BATCH +1 draft/multiline #party\r\n");
    for (int i = 0; i < 100; i++) {
        harness_send(h, ana, "@batch=1 PRIVMSG #party :x\r\n");
    }
    expect(h, ana, "");
    harness_send(h, ana, "@batch=1 PRIVMSG #party :x\r\n");
    expect(h, ana, DATED ":ronron.party FAIL BATCH MULTILINE_MAX_LINES 100 :Too many lines\r\n");
    size_t head = strlen(line);
    memset(line + head, 'x', 256);
    memcpy(line + head + 256, "\r\n", 3);
    harness_send(h, ana, "BATCH +1 draft/multiline #party\r\n");
    for (int i = 0; i < 15; i++) {
        harness_send(h, ana, line); // 256 bytes and a line feed each
    }
    expect(h, ana, "");
    harness_send(h, ana, line);
    expect(h, ana, DATED ":ronron.party FAIL BATCH MULTILINE_MAX_BYTES 4096 :Too long\r\n");
    assert_string_equal(harness_got(h, ben), "");
}

static void a_line_too_long_for_others_goes_on_in_the_next(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS), ben = harness_guest(h, "ben", NULL);
    char text[2048] = "BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #party :";
    size_t len = strlen(text);
    harness_drop(h);
    memset(text + len, 'x', 492); // 510 bytes with the command, more with the source
    (void)snprintf(text + len + 492, 64, "\r\nBATCH -1\r\n");
    harness_send(h, ana, text);
    const char *got = harness_got(h, ben);
    const char *end = strstr(got, "\r\n");
    assert_non_null(end);
    assert_int_equal(end - got, 510);
    size_t count = 0;
    for (const char *at = got; (at = strchr(at, 'x')) != NULL; at++) {
        count++;
    }
    assert_int_equal(count, 492);
    assert_int_equal(harness_times(h, ana, "draft/multiline-concat"), 1);
}

static void a_batch_left_open_times_out(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS), ben = harness_guest(h, "ben", NULL);
    harness_send(h, ana, "BATCH +r-1 draft/multiline #party\r\n@batch=r-1 PRIVMSG #party :x\r\n");
    harness_turn(h, 29000);
    assert_string_equal(harness_got(h, ana), "");
    harness_turn(h, 2000);
    expect(h, ana,
           "@time=2023-11-14T22:13:52.000Z "
           ":ronron.party FAIL BATCH TIMEOUT r-1 :The batch was left open for too long\r\n");
    harness_send(h, ana, "@batch=r-1 PRIVMSG #party :y\r\nBATCH -r-1\r\n");
    assert_string_equal(harness_got(h, ana), "");
    assert_string_equal(harness_got(h, ben), "");
}

static void other_commands_go_on_while_a_batch_is_open(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS), ben = harness_guest(h, "ben", NULL);
    harness_drop(h);
    harness_send(h, ana,
                 "BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #party :x\r\nPING a\r\n");
    expect(h, ana, DATED ":ronron.party PONG ronron.party :a\r\n");
    harness_send(h, ana, "BATCH +2 draft/multiline #party\r\n");
    expect(h, ana, DATED ":ronron.party FAIL BATCH MULTILINE_INVALID :One batch at a time\r\n");
    harness_send(h, ana, "@batch=2 PRIVMSG #party :y\r\nBATCH -2\r\n");
    assert_string_equal(harness_got(h, ben), ":ana!~ana@pipe PRIVMSG #party :y\r\n");
}

static void who_knows_no_batches_cannot_send_them(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "batch message-tags");
    harness_send(h, ana, "BATCH +1 draft/multiline #party\r\n");
    expect(h, ana, ":ronron.party 421 ana BATCH :Unknown command\r\n");
}

static void a_paste_is_paid_for_as_one_message(void **state)
{
    struct harness *h = *state;
    harness_close(h);
    struct relay_config config = {.name = STR("Test"), .seed = 1, .limits = relay_limits_normal()};
    harness_open(h, &config);
    int ana = harness_guest(h, "ana", CAPS), ben = harness_guest(h, "ben", NULL);
    harness_drop(h);
    harness_send(h, ana, "BATCH +1 draft/multiline #party\r\n");
    for (int i = 0; i < 100; i++) {
        harness_send(h, ana, "@batch=1 PRIVMSG #party :x\r\n");
    }
    harness_send(h, ana, "BATCH -1\r\n");
    assert_int_equal(harness_times(h, ben, "PRIVMSG #party :x\r\n"), 100);
    assert_false(harness_has(h, ana, "ERROR"));
}

static void lines_are_the_accounts_and_the_bots(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", "batch draft/multiline");
    int ben = kept_guest(kept, "ben", "batch draft/multiline message-tags account-tag");
    int old = kept_guest(kept, "old", "account-tag");
    kept_send(kept, ana, "MODE ana +B\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana,
              "BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #party :x\r\n"
              "@batch=1 PRIVMSG #party :y\r\nBATCH -1\r\n");
    assert_true(harness_has(
        &kept->h, ben, ";account=ana;bot :ana!~ana@pipe BATCH +b1 draft/multiline #party\r\n"));
    expect(&kept->h, old,
           "@account=ana :ana!~ana@pipe PRIVMSG #party :x\r\n"
           "@account=ana :ana!~ana@pipe PRIVMSG #party :y\r\n");
}

static void to_oneself_only_the_echo_is_labelled(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "batch labeled-response echo-message draft/multiline");
    harness_send(h, ana,
                 "@label=s BATCH +1 draft/multiline ana\r\n@batch=1 PRIVMSG ana :x\r\n"
                 "@batch=1 privmsg ana :y\r\nBATCH -1\r\n");
    expect(h, ana,
           ":ana!~ana@pipe BATCH +b1 draft/multiline ana\r\n@batch=b1 :ana!~ana@pipe PRIVMSG ana "
           ":x\r\n@batch=b1 :ana!~ana@pipe PRIVMSG ana :y\r\n:ana!~ana@pipe BATCH -b1\r\n"
           "@label=s :ana!~ana@pipe BATCH +b1 draft/multiline ana\r\n@batch=b1 :ana!~ana@pipe "
           "PRIVMSG ana :x\r\n@batch=b1 :ana!~ana@pipe PRIVMSG ana :y\r\n"
           ":ana!~ana@pipe BATCH -b1\r\n");
}

static void ranks_alone_get_what_is_for_them(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL), ben = harness_guest(h, "ben", "batch draft/multiline");
    int eve = harness_guest(h, "eve", NULL);
    harness_drop(h);
    harness_send(h, ben,
                 "BATCH +1 draft/multiline @#party\r\n@batch=1 PRIVMSG @#party :x\r\n"
                 "@batch=1 PRIVMSG @#party :y\r\nBATCH -1\r\n");
    expect(h, ana, ":ben!~ben@pipe PRIVMSG @#party :x\r\n:ben!~ben@pipe PRIVMSG @#party :y\r\n");
    assert_string_equal(harness_got(h, eve), "");
}

static void a_refused_target_is_answered_with_the_label(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "batch labeled-response draft/multiline");
    harness_send(h, ana,
                 "@label=t BATCH +1 draft/multiline #none\r\n@batch=1 PRIVMSG #none :x\r\n"
                 "BATCH -1\r\n");
    expect(h, ana, "@label=t :ronron.party 403 ana #none :No such channel\r\n");
}

static void every_label_is_answered_once(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "batch labeled-response draft/multiline");
    int ben = harness_guest(h, "ben", NULL);
    harness_send(h, ana,
                 "@label=a BATCH +1 draft/multiline #party\r\n"
                 "@label=b BATCH +2 draft/multiline #party\r\n");
    expect(h, ana, "@label=a :ronron.party FAIL BATCH MULTILINE_INVALID :One batch at a time\r\n");
    harness_send(h, ana, "@label=c;batch=2 PRIVMSG #party :x\r\n");
    expect(h, ana, "@label=c :ronron.party ACK\r\n");
    harness_send(h, ana, "@label=d BATCH -2\r\n");
    assert_string_equal(harness_got(h, ben), ":ana!~ana@pipe PRIVMSG #party :x\r\n");
    expect(h, ana, "@label=b :ronron.party ACK\r\n@label=d :ronron.party ACK\r\n");
    harness_send(h, ana,
                 "@label=e BATCH +3 draft/multiline #party\r\n"
                 "@label=f;batch=3 PRIVMSG #other :x\r\n@label=g BATCH -3\r\n");
    expect(h, ana,
           "@label=e :ronron.party FAIL BATCH MULTILINE_INVALID_TARGET #party #other :All lines "
           "have the batch's target\r\n"
           "@label=f :ronron.party ACK\r\n@label=g :ronron.party ACK\r\n");
    harness_send(h, ana,
                 "@label=h BATCH +4 draft/multiline #party\r\n@label=i BATCH -5\r\nBATCH -4\r\n");
    expect(h, ana,
           "@label=h :ronron.party FAIL BATCH MULTILINE_INVALID :No such batch is open\r\n"
           "@label=i :ronron.party ACK\r\n");
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, harness_setup, harness_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(a_batch_is_one_message_with_its_tags_at_the_start),
        ROW(others_get_lines_without_blank_ones_and_one_msgid),
        ROW(one_line_is_an_ordinary_message),
        ROW(without_echo_the_label_gets_an_ack_when_the_batch_is_whole),
        ROW(a_person_and_plain_clients_get_all_lines),
        ROW(no_line_hides_what_the_channel_does_not_take),
        ROW(errors_are_told_once_and_nothing_is_relayed),
        ROW(the_error_carries_the_label_of_the_batch),
        ROW(another_batch_ends_the_one_before_with_its_label),
        ROW(limits_are_as_announced),
        ROW(a_line_too_long_for_others_goes_on_in_the_next),
        ROW(a_batch_left_open_times_out),
        ROW(other_commands_go_on_while_a_batch_is_open),
        ROW(who_knows_no_batches_cannot_send_them),
        ROW(a_paste_is_paid_for_as_one_message),
        KEPT_ROW(lines_are_the_accounts_and_the_bots),
        ROW(to_oneself_only_the_echo_is_labelled),
        ROW(ranks_alone_get_what_is_for_them),
        ROW(a_refused_target_is_answered_with_the_label),
        ROW(every_label_is_answered_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

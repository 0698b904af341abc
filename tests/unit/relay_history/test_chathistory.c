// CHATHISTORY LATEST, BEFORE, AFTER, BETWEEN, AROUND: which messages, in which order, in which batch.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kept.h"

#define COUNT 10

struct talk { // ana in #party, ten messages "0" to "9"
    struct kept *kept;
    int ana;
    struct said said[COUNT];
};

static struct talk begin(struct kept *kept)
{
    struct talk talk = {.kept = kept, .ana = kept_guest(kept, "ana", KEPT_CAPS)};
    for (int i = 0; i < COUNT; i++) {
        char text[2] = {(char)('0' + i), '\0'};
        talk.said[i] = kept_say(kept, talk.ana, "#party", text);
    }
    return talk;
}

static const char *ask(struct talk *talk, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// The texts that come back; the batch around them is looked at too.
static const char *ask(struct talk *talk, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    harness_drop(&talk->kept->h);
    kept_send(talk->kept, talk->ana, "CHATHISTORY %s\r\n", line);
    assert_int_equal(harness_times(&talk->kept->h, talk->ana, " BATCH +b"), 1);
    assert_true(harness_has(&talk->kept->h, talk->ana, " chathistory #party\r\n"));
    assert_int_equal(harness_times(&talk->kept->h, talk->ana, ":ronron.party BATCH -b"), 1);
    return kept_texts(talk->kept, talk->ana);
}

static void latest_gives_the_newest(void **state)
{
    struct talk t = begin(*state);
    assert_string_equal(ask(&t, "LATEST #party * 100"), "0 1 2 3 4 5 6 7 8 9");
    assert_string_equal(ask(&t, "LATEST #party * 5"), "5 6 7 8 9");
    assert_string_equal(ask(&t, "LATEST #party * 1"), "9");
    assert_string_equal(ask(&t, "LATEST #party msgid=%s 20", t.said[4].msgid), "5 6 7 8 9");
    assert_string_equal(ask(&t, "LATEST #party timestamp=%s 20", t.said[4].time), "5 6 7 8 9");
    assert_string_equal(ask(&t, "LATEST #party msgid=%s 2", t.said[4].msgid), "8 9");
    assert_string_equal(ask(&t, "latest #party * 1"), "9");
}

static void before_gives_what_is_older_without_the_bound(void **state)
{
    struct talk t = begin(*state);
    assert_string_equal(ask(&t, "BEFORE #party msgid=%s 20", t.said[6].msgid), "0 1 2 3 4 5");
    assert_string_equal(ask(&t, "BEFORE #party timestamp=%s 20", t.said[6].time), "0 1 2 3 4 5");
    assert_string_equal(ask(&t, "BEFORE #party timestamp=%s 2", t.said[6].time), "4 5");
    assert_string_equal(ask(&t, "BEFORE #party msgid=%s 2", t.said[0].msgid), "");
    assert_string_equal(ask(&t, "BEFORE #party timestamp=2262-01-01T00:00:00.000Z 1"), "9");
    assert_string_equal(ask(&t, "BEFORE #party timestamp=1969-01-01T00:00:00.000Z 1"), "");
}

static void after_gives_what_is_newer_without_the_bound(void **state)
{
    struct talk t = begin(*state);
    assert_string_equal(ask(&t, "AFTER #party msgid=%s 20", t.said[3].msgid), "4 5 6 7 8 9");
    assert_string_equal(ask(&t, "AFTER #party timestamp=%s 20", t.said[3].time), "4 5 6 7 8 9");
    assert_string_equal(ask(&t, "AFTER #party timestamp=%s 3", t.said[3].time), "4 5 6");
    assert_string_equal(ask(&t, "AFTER #party msgid=%s 3", t.said[9].msgid), "");
    assert_string_equal(ask(&t, "AFTER #party timestamp=2262-01-01T00:00:00.000Z 1"), "");
    assert_string_equal(ask(&t, "AFTER #party timestamp=2001-02-28T23:59:60Z 1"), "0");
}

static void between_counts_from_its_first_bound_both_ways(void **state)
{
    struct talk t = begin(*state);
    const char *first = t.said[0].msgid, *last = t.said[9].msgid;
    assert_string_equal(ask(&t, "BETWEEN #party msgid=%s msgid=%s 20", first, last),
                        "1 2 3 4 5 6 7 8");
    assert_string_equal(ask(&t, "BETWEEN #party msgid=%s msgid=%s 20", last, first),
                        "1 2 3 4 5 6 7 8");
    assert_string_equal(ask(&t, "BETWEEN #party msgid=%s msgid=%s 3", first, last), "1 2 3");
    assert_string_equal(ask(&t, "BETWEEN #party msgid=%s msgid=%s 3", last, first), "6 7 8");
    first = t.said[0].time;
    last = t.said[9].time;
    assert_string_equal(ask(&t, "BETWEEN #party timestamp=%s timestamp=%s 20", first, last),
                        "1 2 3 4 5 6 7 8");
    assert_string_equal(ask(&t, "BETWEEN #party timestamp=%s timestamp=%s 3", first, last),
                        "1 2 3");
    assert_string_equal(ask(&t, "BETWEEN #party timestamp=%s timestamp=%s 3", last, first),
                        "6 7 8");
    assert_string_equal(
        ask(&t, "BETWEEN #party timestamp=%s msgid=%s 20", t.said[2].time, t.said[5].msgid), "3 4");
    assert_string_equal(ask(&t, "BETWEEN #party timestamp=%s timestamp=%s 3", last, last), "");
    assert_string_equal(
        ask(&t, "BETWEEN #party msgid=%s timestamp=%s 3", t.said[5].msgid, t.said[5].time), "");
}

static void around_holds_the_message_itself(void **state)
{
    struct talk t = begin(*state);
    assert_string_equal(ask(&t, "AROUND #party msgid=%s 1", t.said[7].msgid), "7");
    assert_string_equal(ask(&t, "AROUND #party msgid=%s 3", t.said[7].msgid), "6 7 8");
    assert_string_equal(ask(&t, "AROUND #party timestamp=%s 3", t.said[7].time), "6 7 8");
    assert_string_equal(ask(&t, "AROUND #party msgid=%s 3", t.said[0].msgid), "0 1");
}

static void times_and_ids_are_those_of_the_live_copy(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), ben = kept_guest(kept, "ben", KEPT_CAPS);
    char live[1024], line[1200];
    harness_send(&kept->h, ana, "MODE ana +B\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana, "@+a=b\\:c;+d;x=y PRIVMSG #party :Hello, w\xC3\xB6rld! \r\n");
    (void)snprintf(live, sizeof(live), "%s", harness_got(&kept->h, ben));
    assert_string_equal(harness_got(&kept->h, ana), live); // the echo
    assert_true(strstr(live, ";bot;+a=b\\:c;+d :ana!~ana@pipe PRIVMSG #party :Hello") != NULL);
    harness_drop(&kept->h);
    kept_send(kept, ben, "CHATHISTORY LATEST #party * 10\r\n");
    (void)snprintf(line, sizeof(line), "@batch=b1;%s", live + 1);
    assert_true(harness_has(&kept->h, ben, line));
}

static void two_messages_of_one_moment_differ(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    kept_send(kept, ana, "PRIVMSG #party :a\r\nPRIVMSG #party :b\r\n");
    const char *second = strstr(harness_got(&kept->h, ana), "\r\n") + 2;
    assert_int_not_equal(strncmp(harness_got(&kept->h, ana), second, strcspn(second, " ")), 0);
    struct said c = kept_say(kept, ana, "#party", "c"), d = kept_say(kept, ana, "#party", "d");
    assert_string_not_equal(c.time, d.time); // 2 ms apart
}

static void the_end_is_told_when_nothing_older_is_there(void **state)
{
    struct talk t = begin(*state);
    struct harness *h = &t.kept->h;
    static const char end[] = "@draft/chathistory-end :ronron.party BATCH +b";
    (void)ask(&t, "LATEST #party * 5");
    assert_false(harness_has(h, t.ana, "chathistory-end"));
    (void)ask(&t, "BEFORE #party msgid=%s 5", t.said[5].msgid);
    assert_true(harness_has(h, t.ana, end));
    (void)ask(&t, "BEFORE #party msgid=%s 4", t.said[5].msgid);
    assert_false(harness_has(h, t.ana, "chathistory-end"));
    (void)ask(&t, "BEFORE #party msgid=%s 5", t.said[0].msgid);
    assert_true(harness_has(h, t.ana, end));
}

static void the_answer_is_one_batch_with_the_label_and_the_target_as_written(void **state)
{
    struct talk t = begin(*state);
    harness_drop(&t.kept->h);
    kept_send(t.kept, t.ana, "@label=q7 CHATHISTORY LATEST #PaRtY * 1\r\n");
    char line[256];
    (void)snprintf(line, sizeof(line),
                   "@label=q7 :ronron.party BATCH +b1 chathistory #PaRtY\r\n"
                   "@batch=b1;time=%s;msgid=%s :ana!~ana@pipe PRIVMSG #party :9\r\n"
                   ":ronron.party BATCH -b1\r\n",
                   t.said[9].time, t.said[9].msgid);
    assert_string_equal(harness_got(&t.kept->h, t.ana), line);
}

static void the_labelled_end_has_both_tags(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    kept_send(kept, ana, "@label=q CHATHISTORY LATEST #party * 1\r\n");
    assert_string_equal(harness_got(&kept->h, ana),
                        "@label=q;draft/chathistory-end :ronron.party BATCH +b1 chathistory "
                        "#party\r\n:ronron.party BATCH -b1\r\n");
}

static void each_tag_needs_its_capability(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", "draft/chathistory"), ben = kept_guest(kept, "ben", NULL);
    kept_send(kept, ben, "PRIVMSG #party :hi\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #party * 10\r\n");
    assert_string_equal(harness_got(&kept->h, ana), ":ben!~ben@pipe PRIVMSG #party :hi\r\n");
    kept_send(kept, ana, "CAP REQ :server-time batch\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #party * 10\r\n");
    assert_string_equal(harness_got(&kept->h, ana),
                        ":ronron.party BATCH +b1 chathistory #party\r\n"
                        "@batch=b1;time=2023-11-14T22:13:21.000Z :ben!~ben@pipe PRIVMSG #party "
                        ":hi\r\n:ronron.party BATCH -b1\r\n");
}

static void the_limit_is_at_most_a_hundred(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    for (int i = 0; i < 120; i++) {
        harness_send(&kept->h, ana, "PRIVMSG #party :x\r\n");
    }
    kept_settle(kept);
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #party * 1000\r\n");
    assert_int_equal(harness_times(&kept->h, ana, " PRIVMSG #party :x\r\n"), 100);
    int ben = harness_connect(&kept->h, 65536);
    kept_send(kept, ben, "NICK ben\r\nUSER ben 0 * :ben\r\n");
    assert_true(harness_has(&kept->h, ben, "CHATHISTORY=100 MSGREFTYPES=msgid,timestamp "));
}

static void errors_are_those_of_the_specification(void **state)
{
    static const char *const rows[][2] = {
        {"", "INVALID_PARAMS * :Insufficient parameters"},
        {"FROB #party * 10", "INVALID_PARAMS FROB :Unknown command"},
        {"LATEST", "INVALID_PARAMS LATEST :Insufficient parameters"},
        {"LATEST #party *", "INVALID_PARAMS LATEST :Insufficient parameters"},
        {"LATEST #party * 10 10", "INVALID_PARAMS LATEST :Too many parameters"},
        {"BETWEEN #party timestamp=2023-11-14T22:13:20.000Z 10",
         "INVALID_PARAMS BETWEEN :Insufficient parameters"},
        {"LATEST #party * 0", "INVALID_PARAMS LATEST 0 :The limit is a number from 1 on"},
        {"LATEST #party * -1", "INVALID_PARAMS LATEST -1 :The limit is a number from 1 on"},
        {"LATEST #party * :1 0", "INVALID_PARAMS LATEST * :The limit is a number from 1 on"},
        {"BEFORE #party * 10", "INVALID_PARAMS BEFORE * :Only LATEST goes without a bound"},
        {"BEFORE #party timestamp=nonsense 10",
         "INVALID_PARAMS BEFORE timestamp=nonsense :Invalid timestamp"},
        {"BEFORE #party timestamp=2023-02-29T00:00:00.000Z 10",
         "INVALID_PARAMS BEFORE timestamp=2023-02-29T00:00:00.000Z :Invalid timestamp"},
        {"BEFORE #party msgid=xyz 10", "INVALID_PARAMS BEFORE msgid=xyz :Invalid msgid"},
        {"BEFORE #party msgid=ffffffffffffffff 10",
         "INVALID_PARAMS BEFORE msgid=ffffffffffffffff :Invalid msgid"},
        {"BEFORE #party 2023-02-28T00:00:00.000Z 10",
         "INVALID_PARAMS BEFORE 2023-02-28T00:00:00.000Z :A bound is timestamp= or msgid="},
        {"LATEST #nowhere * 10", "INVALID_TARGET LATEST #nowhere :Messages could not be retrieved"},
        {"LATEST #away * 10", "INVALID_TARGET LATEST #away :Messages could not be retrieved"},
        {"LATEST * * 10", "INVALID_TARGET LATEST * :Messages could not be retrieved"},
        {"TARGETS timestamp=2023-11-14T22:13:20.000Z msgid=0000000000000001 10",
         "INVALID_PARAMS TARGETS msgid=0000000000000001 :TARGETS takes timestamps only"},
        {"TARGETS timestamp=2023-11-14T22:13:20.000Z 10",
         "INVALID_PARAMS TARGETS :Insufficient parameters"},
    };
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), ben = kept_guest(kept, "ben", NULL);
    kept_send(kept, ben, "JOIN #away\r\nPRIVMSG #away :secret\r\n");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char line[256];
        harness_drop(&kept->h);
        kept_send(kept, ana, "CHATHISTORY %s\r\n", rows[i][0]);
        (void)snprintf(line, sizeof(line), DATED ":ronron.party FAIL CHATHISTORY %s\r\n",
                       rows[i][1]);
        assert_string_equal(harness_got(&kept->h, ana), line);
    }
}

static void who_leaves_a_channel_reads_no_more_of_it(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), ben = kept_guest(kept, "ben", KEPT_CAPS);
    kept_send(kept, ben, "JOIN #a\r\n");
    kept_send(kept, ana, "JOIN #a\r\nPRIVMSG #a :x\r\n");
    kept_send(kept, ana, "PART #a\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #a * 10\r\n");
    assert_true(harness_has(&kept->h, ana, "FAIL CHATHISTORY INVALID_TARGET LATEST #a :"));
    kept_send(kept, ben, "CHATHISTORY LATEST #a * 10\r\n");
    assert_string_equal(kept_texts(kept, ben), "x");
}

static void what_ranks_alone_may_read_is_not_kept(void **state)
{
    struct talk t = begin(*state);
    kept_send(t.kept, t.ana, "PRIVMSG @#party :psst\r\n");
    assert_string_equal(ask(&t, "LATEST #party * 1"), "9");
}

static void the_history_outlives_a_restart(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    struct said said = kept_say(kept, ana, "#party", "before");
    kept_restart(kept);
    ana = kept_guest(kept, "ana", KEPT_CAPS);
    struct said later = kept_say(kept, ana, "#party", "after");
    assert_true(strcmp(said.msgid, later.msgid) < 0);
    kept_send(kept, ana, "CHATHISTORY LATEST #party * 10\r\n");
    assert_string_equal(kept_texts(kept, ana), "before after");
    assert_true(harness_has(&kept->h, ana, said.msgid));
}

static void what_is_not_committed_is_seen_by_nobody(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), ben = kept_guest(kept, "ben", NULL);
    harness_send(&kept->h, ana, "PRIVMSG #party :x\r\nCHATHISTORY LATEST #party * 10\r\n");
    assert_string_equal(harness_got(&kept->h, ana), "");
    assert_string_equal(harness_got(&kept->h, ben), "");
    kept_settle(kept);
    assert_true(harness_has(&kept->h, ben, "PRIVMSG #party :x"));
    assert_true(harness_has(&kept->h, ana, "PRIVMSG #party :x"));
}

static void a_relay_without_a_store_knows_no_history(void **state)
{
    (void)state;
    struct harness h;
    harness_open(&h, NULL);
    int ana = harness_guest(&h, "ana", "batch");
    harness_send(&h, ana, "CHATHISTORY LATEST #party * 10\r\nCAP REQ draft/chathistory\r\n");
    assert_string_equal(harness_got(&h, ana),
                        ":ronron.party 421 ana CHATHISTORY :Unknown command\r\n"
                        ":ronron.party CAP ana NAK :draft/chathistory\r\n");
    harness_close(&h);
}

static void a_message_of_several_lines_counts_once(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS " draft/multiline");
    int ben = kept_guest(kept, "ben", KEPT_CAPS);
    (void)kept_say(kept, ana, "#party", "before");
    kept_send(kept, ana,
              "@+x BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #party :a\r\n"
              "@batch=1 PRIVMSG #party :\r\n@batch=1;draft/multiline-concat PRIVMSG #party :b\r\n"
              "BATCH -1\r\n");
    char live[1024];
    (void)snprintf(live, sizeof(live), "%s", harness_got(&kept->h, ana));
    char head[256]; // "time=...;msgid=...;+x"
    (void)snprintf(head, sizeof(head), "%.*s", (int)strcspn(live + 1, " "), live + 1);
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #party * 1\r\n");
    char line[1024];
    (void)snprintf(line, sizeof(line),
                   ":ronron.party BATCH +b2 chathistory #party\r\n"
                   "@batch=b2;%s :ana!~ana@pipe BATCH +b3 draft/multiline #party\r\n"
                   "@batch=b3 :ana!~ana@pipe PRIVMSG #party :a\r\n"
                   "@batch=b3 :ana!~ana@pipe PRIVMSG #party :\r\n"
                   "@batch=b3;draft/multiline-concat :ana!~ana@pipe PRIVMSG #party :b\r\n"
                   "@batch=b2 :ana!~ana@pipe BATCH -b3\r\n:ronron.party BATCH -b2\r\n",
                   head);
    assert_string_equal(harness_got(&kept->h, ana), line);
    harness_drop(&kept->h);
    kept_send(kept, ben, "CHATHISTORY LATEST #party * 1\r\n");
    assert_int_equal(harness_times(&kept->h, ben, "\r\n"), 4);
    assert_int_equal(harness_times(&kept->h, ben, "msgid="), 1);
    assert_int_equal(harness_times(&kept->h, ben, ";+x :ana!~ana@pipe PRIVMSG #party :"), 2);
    assert_int_equal(harness_times(&kept->h, ben, "@batch=b4;time="), 2);
}

static void long_answers_are_cut_where_the_client_reads_on(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS " draft/multiline");
    for (int i = 0; i < 12; i++) {
        kept_send(kept, ana, "BATCH +1 draft/multiline #party\r\n@batch=1 PRIVMSG #party :n%d\r\n",
                  i);
        for (int k = 0; k < 99; k++) {
            harness_send(&kept->h, ana, "@batch=1 PRIVMSG #party :x\r\n");
        }
        kept_send(kept, ana, "BATCH -1\r\n");
    }
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #party * 100\r\n");
    assert_true(harness_has(&kept->h, ana, " :n11\r\n"));
    assert_false(harness_has(&kept->h, ana, " :n0\r\n"));
    assert_false(harness_has(&kept->h, ana, "chathistory-end"));
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY AFTER #party timestamp=2023-11-14T00:00:00.000Z 100\r\n");
    assert_true(harness_has(&kept->h, ana, " :n0\r\n"));
    assert_false(harness_has(&kept->h, ana, " :n11\r\n"));
}

// 4094 bytes of a client's tags, and the server's before them, within 8191 in all.
static void all_tags_of_a_client_pass_live_and_come_back(void **state)
{
    struct kept *kept = *state;
    static char tags[4095], line[8192];
    int ana = kept_account(kept, "ana", KEPT_CAPS);
    int ben = kept_guest(kept, "ben", KEPT_CAPS " account-tag");
    kept_send(kept, ana, "MODE ana +B\r\n");
    memset(tags, 'v', sizeof(tags) - 1);
    memcpy(tags, "+a=", 3);
    memcpy(tags + 2000, ";+draft/reply=", 14);
    memcpy(tags + 4000, ";+b;+c=", 7);
    (void)snprintf(line, sizeof(line), "@%s PRIVMSG #party :hi\r\n", tags);
    harness_drop(&kept->h);
    harness_send(&kept->h, ana, line);
    kept_settle(kept);
    (void)snprintf(line, sizeof(line), ";account=ana;bot;%s :ana!~ana@pipe PRIVMSG #party :hi\r\n",
                   tags);
    assert_true(harness_has(&kept->h, ben, line));
    assert_true(strcspn(harness_got(&kept->h, ben), " ") + 1 <= 8191);
    harness_drop(&kept->h);
    kept_send(kept, ben, "CHATHISTORY LATEST #party * 1\r\n");
    assert_true(harness_has(&kept->h, ben, line));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT_ROW(latest_gives_the_newest),
        KEPT_ROW(before_gives_what_is_older_without_the_bound),
        KEPT_ROW(after_gives_what_is_newer_without_the_bound),
        KEPT_ROW(between_counts_from_its_first_bound_both_ways),
        KEPT_ROW(around_holds_the_message_itself),
        KEPT_ROW(times_and_ids_are_those_of_the_live_copy),
        KEPT_ROW(two_messages_of_one_moment_differ),
        KEPT_ROW(the_end_is_told_when_nothing_older_is_there),
        KEPT_ROW(the_answer_is_one_batch_with_the_label_and_the_target_as_written),
        KEPT_ROW(the_labelled_end_has_both_tags),
        KEPT_ROW(each_tag_needs_its_capability),
        KEPT_ROW(the_limit_is_at_most_a_hundred),
        KEPT_ROW(errors_are_those_of_the_specification),
        KEPT_ROW(who_leaves_a_channel_reads_no_more_of_it),
        KEPT_ROW(what_ranks_alone_may_read_is_not_kept),
        KEPT_ROW(the_history_outlives_a_restart),
        KEPT_ROW(what_is_not_committed_is_seen_by_nobody),
        cmocka_unit_test(a_relay_without_a_store_knows_no_history),
        KEPT_ROW(a_message_of_several_lines_counts_once),
        KEPT_ROW(long_answers_are_cut_where_the_client_reads_on),
        KEPT_ROW(all_tags_of_a_client_pass_live_and_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

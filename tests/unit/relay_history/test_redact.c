// REDACT: who may take a message back, who hears of it, what is left of it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kept.h"

static void expect(struct kept *kept, int client, const char *lines)
{
    assert_string_equal(harness_got(&kept->h, client), lines);
}

static void redact(struct kept *kept, int client, const char *target, const char *msgid)
{
    harness_drop(&kept->h);
    kept_send(kept, client, "REDACT %s %s\r\n", target, msgid);
}

static void a_host_redacts_and_all_who_know_it_hear(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", "draft/message-redaction echo-message");
    int ben = kept_guest(kept, "ben", KEPT_CAPS), old = kept_guest(kept, "old", "message-tags");
    struct said said = kept_say(kept, ben, "#party", "oops");
    char line[128];
    kept_send(kept, ana, "REDACT #party %s :bad words\r\n", said.msgid);
    (void)snprintf(line, sizeof(line), ":ana!~ana@pipe REDACT #party %s :bad words\r\n",
                   said.msgid);
    expect(kept, ana, line);
    assert_true(harness_has(&kept->h, ben, line));
    assert_int_equal(strncmp(harness_got(&kept->h, ben), "@time=", 6), 0);
    assert_true(harness_has(&kept->h, ben, ";msgid="));
    expect(kept, old, "");
    harness_drop(&kept->h);
    kept_send(kept, ben, "CHATHISTORY LATEST #party * 10\r\n");
    assert_string_equal(kept_texts(kept, ben), "");
}

static void an_author_redacts_without_a_reason(void **state)
{
    struct kept *kept = *state;
    (void)kept_guest(kept, "ana", NULL); // the host
    int ben = kept_guest(kept, "ben", KEPT_CAPS);
    struct said said = kept_say(kept, ben, "#party", "oops");
    char line[128];
    redact(kept, ben, "#party", said.msgid);
    (void)snprintf(line, sizeof(line), " :ben!~ben@pipe REDACT #party %s\r\n", said.msgid);
    assert_true(harness_has(&kept->h, ben, line));
}

static void without_echo_the_author_hears_nothing(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), ben = kept_guest(kept, "ben", KEPT_CAPS);
    struct said said = kept_say(kept, ben, "#party", "oops");
    kept_send(kept, ana, "CAP REQ -echo-message\r\n");
    redact(kept, ana, "#party", said.msgid);
    expect(kept, ana, "");
    assert_true(harness_has(&kept->h, ben, "REDACT"));
}

static void others_may_not(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), ben = kept_guest(kept, "ben", KEPT_CAPS);
    struct said said = kept_say(kept, ana, "#party", "stays");
    char line[160];
    redact(kept, ben, "#party", said.msgid);
    (void)snprintf(line, sizeof(line),
                   "@time=2023-11-14T22:13:21.002Z :ronron.party FAIL REDACT REDACT_FORBIDDEN "
                   "#party %s :You are not authorised "
                   "to delete this message\r\n",
                   said.msgid);
    expect(kept, ben, line);
    expect(kept, ana, "");
    kept_send(kept, ben, "CHATHISTORY LATEST #party * 10\r\n");
    assert_string_equal(kept_texts(kept, ben), "stays");
}

static void a_later_guest_of_the_same_name_is_no_author(void **state)
{
    struct kept *kept = *state;
    (void)kept_guest(kept, "ana", NULL);
    int ben = kept_guest(kept, "ben", KEPT_CAPS);
    struct said said = kept_say(kept, ben, "#party", "mine");
    kept_send(kept, ben, "QUIT\r\n");
    harness_turn(&kept->h, 2);
    int other = kept_guest(kept, "ben", KEPT_CAPS); // same user, same host
    redact(kept, other, "#party", said.msgid);
    assert_true(harness_has(&kept->h, other, "FAIL REDACT REDACT_FORBIDDEN #party "));
}

static void errors_name_target_and_message(void **state)
{
    static const char *const rows[][2] = {
        {"#party nonsense", "UNKNOWN_MSGID #party nonsense :This message does not exist or is too "
                            "old"},
        {"#party 0000000000000001",
         "UNKNOWN_MSGID #party 0000000000000001 :This message does not exist or is too old"},
        {"#nowhere 0000000000000001",
         "INVALID_TARGET #nowhere :You cannot delete messages from there"},
        {"ben 0000000000000001", "INVALID_TARGET ben :You cannot delete messages from there"},
        {"#party :a b", "UNKNOWN_MSGID #party * :This message does not exist or is too old"},
    };
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char line[200];
        harness_drop(&kept->h);
        kept_send(kept, ana, "REDACT %s\r\n", rows[i][0]);
        (void)snprintf(line, sizeof(line), DATED ":ronron.party FAIL REDACT %s\r\n", rows[i][1]);
        expect(kept, ana, line);
    }
    harness_drop(&kept->h);
    kept_send(kept, ana, "REDACT #party\r\n");
    expect(kept, ana, DATED ":ronron.party 461 ana REDACT :Not enough parameters\r\n");
}

static void it_is_gone_before_the_store_has_committed_it(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    struct said said = kept_say(kept, ana, "#party", "oops");
    char text[256];
    (void)snprintf(text, sizeof(text),
                   "REDACT #party %s\r\nREDACT #party %s\r\nCHATHISTORY LATEST #party * 10\r\n",
                   said.msgid, said.msgid);
    harness_send(&kept->h, ana, text);
    kept_settle(kept);
    assert_int_equal(harness_times(&kept->h, ana, " REDACT #party "), 1);
    assert_true(harness_has(&kept->h, ana, "FAIL REDACT UNKNOWN_MSGID"));
    assert_string_equal(kept_texts(kept, ana), "");
}

static void it_stays_gone_after_a_restart_and_from_search(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    struct said said = kept_say(kept, ana, "#party", "oops");
    (void)kept_say(kept, ana, "#party", "stays");
    redact(kept, ana, "#party", said.msgid);
    kept_restart(kept);
    ana = kept_guest(kept, "ana", KEPT_CAPS);
    kept_send(kept, ana, "CHATHISTORY LATEST #party * 10\r\n");
    assert_string_equal(kept_texts(kept, ana), "stays");
    harness_drop(&kept->h);
    kept_send(kept, ana, "SEARCH in=#party;text=oops\r\n");
    assert_string_equal(kept_texts(kept, ana), "");
}

static void a_place_that_is_empty_counts_for_no_limit(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    (void)kept_say(kept, ana, "#party", "a");
    struct said b = kept_say(kept, ana, "#party", "b");
    (void)kept_say(kept, ana, "#party", "c");
    redact(kept, ana, "#party", b.msgid);
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #party * 2\r\n");
    assert_string_equal(kept_texts(kept, ana), "a c");
}

static void a_reaction_can_be_taken_back(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS " draft/event-playback");
    kept_send(kept, ana, "@+draft/react=x;+draft/persist TAGMSG #party\r\n");
    char msgid[20];
    const char *at = strstr(harness_got(&kept->h, ana), "msgid=");
    assert_non_null(at);
    (void)snprintf(msgid, sizeof(msgid), "%.16s", at + 6);
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #party * 10\r\n");
    assert_true(harness_has(&kept->h, ana,
                            ";+draft/react=x;+draft/persist :ana!~ana@pipe TAGMSG "
                            "#party\r\n"));
    redact(kept, ana, "#party", msgid);
    assert_true(harness_has(&kept->h, ana, " REDACT #party "));
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #party * 10\r\n");
    assert_false(harness_has(&kept->h, ana, "TAGMSG"));
}

static void accounts_redact_what_they_said_to_each_other(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS), ben = kept_account(kept, "ben", KEPT_CAPS);
    struct said said = kept_say(kept, ana, "ben", "psst");
    redact(kept, ben, "ana", said.msgid);
    assert_true(harness_has(&kept->h, ben, "FAIL REDACT REDACT_FORBIDDEN ana "));
    redact(kept, ana, "ben", said.msgid);
    char line[128];
    (void)snprintf(line, sizeof(line), " :ana!~ana@pipe REDACT ben %s\r\n", said.msgid);
    assert_true(harness_has(&kept->h, ana, line));
    assert_true(harness_has(&kept->h, ben, line));
    harness_drop(&kept->h);
    kept_send(kept, ben, "CHATHISTORY LATEST ana * 10\r\n");
    assert_string_equal(kept_texts(kept, ben), "");
}

static void an_account_redacts_from_any_device(void **state)
{
    struct kept *kept = *state;
    (void)kept_guest(kept, "host", NULL);
    int ana = kept_account(kept, "ana", KEPT_CAPS);
    struct said said = kept_say(kept, ana, "#party", "oops");
    int pad = kept_device(kept, "ana", "pad", KEPT_CAPS);
    redact(kept, pad, "#party", said.msgid);
    assert_true(harness_has(&kept->h, ana, ":pad!~pad@pipe REDACT #party "));
}

static void a_redaction_that_is_not_kept_nobody_sees(void **state)
{
    struct kept *kept = *state;
    (void)kept_guest(kept, "ana", NULL); // the host
    int ben = kept_guest(kept, "ben", KEPT_CAPS), cat = kept_guest(kept, "cat", KEPT_CAPS);
    struct said said = kept_say(kept, ben, "#party", "oops");
    kept_break_disk(true);
    kept_send(kept, ben, "@label=L1 REDACT #party %s\r\n", said.msgid);
    kept_break_disk(false);
    assert_false(harness_has(&kept->h, cat, "REDACT"));
    assert_false(harness_has(&kept->h, ben, " REDACT #party"));
    assert_true(
        harness_has(&kept->h, ben, ";label=L1 :ronron.party FAIL REDACT NOT_SAVED #party :"));
    harness_turn(&kept->h, 6000);
    kept_settle(kept); // the disk writes again
    harness_drop(&kept->h);
    kept_send(kept, cat, "CHATHISTORY LATEST #party * 10\r\n");
    assert_string_equal(kept_texts(kept, cat), "oops");
    redact(kept, ben, "#party", said.msgid);
    assert_true(harness_has(&kept->h, cat, " REDACT #party "));
}

static void the_label_stands_on_the_echo_or_on_an_ack(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), ben = kept_guest(kept, "ben", KEPT_CAPS);
    struct said one = kept_say(kept, ana, "#party", "one"),
                two = kept_say(kept, ana, "#party", "2");
    kept_send(kept, ana, "@label=r1 REDACT #party %s\r\n", one.msgid);
    assert_int_equal(strncmp(harness_got(&kept->h, ana), "@label=r1;time=", 15), 0);
    assert_int_equal(harness_times(&kept->h, ana, "\r\n"), 1);
    assert_false(harness_has(&kept->h, ben, "label"));
    kept_send(kept, ana, "CAP REQ -echo-message\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana, "@label=r2 REDACT #party %s\r\n", two.msgid);
    expect(kept, ana, "@label=r2 :ronron.party ACK\r\n");
}

static void who_is_muted_gives_no_reason(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), ben = kept_guest(kept, "ben", KEPT_CAPS);
    struct said said = kept_say(kept, ben, "#party", "oops");
    kept_send(kept, ana, "MODE #party +b m:ben\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ben, "REDACT #party %s :heard\r\n", said.msgid);
    assert_true(harness_has(&kept->h, ana, " REDACT #party "));
    assert_false(harness_has(&kept->h, ana, "heard"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT_ROW(a_host_redacts_and_all_who_know_it_hear),
        KEPT_ROW(an_author_redacts_without_a_reason),
        KEPT_ROW(without_echo_the_author_hears_nothing),
        KEPT_ROW(others_may_not),
        KEPT_ROW(a_later_guest_of_the_same_name_is_no_author),
        KEPT_ROW(errors_name_target_and_message),
        KEPT_ROW(it_is_gone_before_the_store_has_committed_it),
        KEPT_ROW(it_stays_gone_after_a_restart_and_from_search),
        KEPT_ROW(a_place_that_is_empty_counts_for_no_limit),
        KEPT_ROW(a_reaction_can_be_taken_back),
        KEPT_ROW(accounts_redact_what_they_said_to_each_other),
        KEPT_ROW(an_account_redacts_from_any_device),
        KEPT_ROW(who_is_muted_gives_no_reason),
        KEPT_ROW(a_redaction_that_is_not_kept_nobody_sees),
        KEPT_ROW(the_label_stands_on_the_echo_or_on_an_ack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

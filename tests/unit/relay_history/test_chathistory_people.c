// CHATHISTORY of conversations between accounts, and TARGETS.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kept.h"

static const char *latest(struct kept *kept, int client, const char *target)
{
    harness_drop(&kept->h);
    kept_send(kept, client, "CHATHISTORY LATEST %s * 10\r\n", target);
    return kept_texts(kept, client);
}

static const char *targets(struct kept *kept, int client, const char *bounds)
{
    static char out[512];
    size_t used = 0;
    harness_drop(&kept->h);
    kept_send(kept, client, "CHATHISTORY TARGETS %s\r\n", bounds);
    assert_true(harness_has(&kept->h, client, " draft/chathistory-targets\r\n"));
    out[0] = '\0';
    const char *at = harness_got(&kept->h, client);
    while ((at = strstr(at, " CHATHISTORY TARGETS ")) != NULL) {
        at += strlen(" CHATHISTORY TARGETS ");
        used += (size_t)snprintf(out + used, sizeof(out) - used, "%s%.*s", used ? " " : "",
                                 (int)strcspn(at, " "), at);
    }
    return out;
}

static void a_conversation_belongs_to_both_accounts(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS " account-tag");
    int ben = kept_account(kept, "ben", KEPT_CAPS);
    struct said one = kept_say(kept, ana, "ben", "one");
    struct said two = kept_say(kept, ben, "ana", "two");
    assert_string_equal(latest(kept, ben, "ANA"), "one two");
    assert_true(harness_has(&kept->h, ben, " chathistory ANA\r\n")); // as it was asked for
    assert_true(harness_has(&kept->h, ben, " :ana!~ana@pipe PRIVMSG ben :one\r\n"));
    assert_true(harness_has(&kept->h, ben, " :ben!~ben@pipe PRIVMSG ana :two\r\n"));
    assert_true(harness_has(&kept->h, ben, one.msgid));
    assert_string_equal(latest(kept, ana, "ben"), "one two");
    char line[200];
    (void)snprintf(line, sizeof(line),
                   ";time=%s;msgid=%s;account=ben :ben!~ben@pipe PRIVMSG ana :two\r\n", two.time,
                   two.msgid);
    assert_true(harness_has(&kept->h, ana, line));
    kept_send(kept, ben, "QUIT\r\n");
    assert_string_equal(latest(kept, ana, "ben"), "one two"); // by the account's name
    assert_true(harness_has(&kept->h, ana, " :ana!~ana@pipe PRIVMSG ben :one\r\n"));
}

static void others_see_nothing_of_it(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS), eve = kept_account(kept, "eve", KEPT_CAPS);
    (void)kept_account(kept, "ben", KEPT_CAPS);
    int guest = kept_guest(kept, "guest", KEPT_CAPS);
    (void)kept_say(kept, ana, "ben", "psst");
    assert_string_equal(latest(kept, eve, "ana"), "");
    assert_string_equal(latest(kept, eve, "ben"), "");
    assert_string_equal(latest(kept, guest, "ben"), "");
    assert_int_equal(harness_times(&kept->h, guest, "\r\n"), 2); // an empty batch
}

static void what_one_says_to_oneself_is_there_once(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS);
    (void)kept_say(kept, ana, "ana", "note");
    assert_string_equal(latest(kept, ana, "ana"), "note");
    assert_true(harness_has(&kept->h, ana, " :ana!~ana@pipe PRIVMSG ana :note\r\n"));
}

static void a_later_owner_of_a_guests_nick_sees_nothing(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS), ben = kept_guest(kept, "ben", KEPT_CAPS);
    (void)kept_say(kept, ana, "ben", "psst");
    kept_send(kept, ben, "QUIT\r\n");
    ben = kept_account(kept, "ben", KEPT_CAPS);
    assert_string_equal(latest(kept, ben, "ana"), "");
    assert_string_equal(latest(kept, ana, "ben"), "");
}

static void another_nick_is_still_the_same_account(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS), ben = kept_account(kept, "ben", KEPT_CAPS);
    (void)kept_say(kept, ana, "ben", "one");
    kept_send(kept, ben, "NICK benny\r\n");
    assert_string_equal(latest(kept, ana, "benny"), "one");
    assert_true(harness_has(&kept->h, ana, " :ana!~ana@pipe PRIVMSG benny :one\r\n"));
    assert_string_equal(targets(kept, ana,
                                "timestamp=2020-01-01T00:00:00.000Z "
                                "timestamp=2262-01-01T00:00:00.000Z 10"),
                        "benny");
}

static void targets_are_ordered_and_bounded_by_the_last_message(void **state)
{
    static const char all[] =
        "timestamp=2020-01-01T00:00:00.000Z timestamp=2262-01-01T00:00:00.000Z 100";
    static const char two[] =
        "timestamp=2020-01-01T00:00:00.000Z timestamp=2262-01-01T00:00:00.000Z 2";
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS), ben = kept_account(kept, "ben", KEPT_CAPS);
    (void)kept_account(kept, "cat", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #a\r\nJOIN #Bee\r\nJOIN #quiet\r\n");
    (void)kept_say(kept, ana, "#bee", "early");
    struct said a = kept_say(kept, ana, "#a", "x");
    (void)kept_say(kept, ben, "ana", "x");
    (void)kept_say(kept, ana, "#bee", "x");
    struct said cat = kept_say(kept, ana, "cat", "x");
    kept_send(kept, ana, "TOPIC #a :later\r\n"); // no message
    assert_string_equal(targets(kept, ana, all), "#a ben #Bee cat");
    assert_string_equal(targets(kept, ana, two), "#a ben");
    char text[200];
    (void)snprintf(text, sizeof(text), ":ronron.party CHATHISTORY TARGETS #a %s\r\n", a.time);
    assert_true(harness_has(&kept->h, ana, text));
    assert_int_equal(harness_times(&kept->h, ana, ";time=2023-11-14T22:13:21."), 2);
    (void)snprintf(text, sizeof(text), "timestamp=%s timestamp=%s 100", a.time, cat.time);
    assert_string_equal(targets(kept, ana, text), "ben #Bee");
    (void)snprintf(text, sizeof(text), "timestamp=%s timestamp=%s 1", cat.time, a.time);
    assert_string_equal(targets(kept, ana, text), "#Bee"); // counted from the first bound
    (void)snprintf(text, sizeof(text), "timestamp=%s timestamp=%s 1", a.time, a.time);
    assert_string_equal(targets(kept, ana, text), "");
    kept_send(kept, ana, "PART #a\r\n");
    assert_string_equal(targets(kept, ana, all), "ben #Bee cat");
}

static void a_guest_has_channels_only(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    (void)kept_say(kept, ana, "#party", "x");
    assert_string_equal(targets(kept, ana,
                                "timestamp=2020-01-01T00:00:00.000Z "
                                "timestamp=2262-01-01T00:00:00.000Z 10"),
                        "#party");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT_ROW(a_conversation_belongs_to_both_accounts),
        KEPT_ROW(others_see_nothing_of_it),
        KEPT_ROW(what_one_says_to_oneself_is_there_once),
        KEPT_ROW(a_later_owner_of_a_guests_nick_sees_nothing),
        KEPT_ROW(another_nick_is_still_the_same_account),
        KEPT_ROW(targets_are_ordered_and_bounded_by_the_last_message),
        KEPT_ROW(a_guest_has_channels_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// draft/event-playback: who came, went, changed what, in the history as it was told live.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kept.h"

#define PLAY KEPT_CAPS " draft/event-playback"

// What ben was told live comes back line for line, in a batch.
static void comes_back(struct kept *kept, int ben, const char *target)
{
    char live[4096];
    (void)snprintf(live, sizeof(live), "%s", harness_got(&kept->h, ben));
    harness_drop(&kept->h);
    kept_send(kept, ben, "CHATHISTORY LATEST %s * 100\r\n", target);
    char *rest = live, *end;
    assert_true(live[0] == '@');
    for (; (end = strstr(rest, "\r\n")) != NULL; rest = end + 2) {
        char line[600];
        (void)snprintf(line, sizeof(line), ";%.*s\r\n", (int)(end - rest - 1), rest + 1);
        if (!harness_has(&kept->h, ben, line)) {
            fail_msg("not in the history: %s", line);
        }
    }
}

static void all_kinds_come_back_as_they_were(void **state)
{
    struct kept *kept = *state;
    int ben = kept_guest(kept, "ben", PLAY), ana = kept_guest(kept, "ana", NULL);
    harness_drop(&kept->h);
    kept_send(kept, ana, "JOIN #a\r\n");
    kept_send(kept, ben, "JOIN #a\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana, "TOPIC #a :tea: at five\r\n");
    kept_send(kept, ana, "MODE #a +o-n ben\r\n");
    kept_send(kept, ana, "NICK anna\r\n");
    kept_send(kept, ana, "PRIVMSG #a :hi\r\n");
    kept_send(kept, ana, "PART #a :off :to bed\r\n");
    kept_send(kept, ana, "JOIN #a\r\n");
    kept_send(kept, ana, "PART #a\r\n");
    kept_send(kept, ana, "JOIN #a\r\n");
    kept_send(kept, ben, "KICK #a anna :go :on\r\n");
    kept_send(kept, ana, "JOIN #a\r\n");
    kept_send(kept, ana, "QUIT :bye :all\r\n");
    assert_int_equal(harness_times(&kept->h, ben, "\r\n"), 11);
    assert_int_equal(harness_times(&kept->h, ben, "msgid="), 11);
    comes_back(kept, ben, "#a");
}

static void without_the_capability_only_messages(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    kept_send(kept, ana,
              "TOPIC #party :tea\r\nPRIVMSG #party :a\r\n@+x;+draft/persist TAGMSG #party\r\n"
              "MODE #party +m\r\nNOTICE #party :b\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #party * 10\r\n");
    assert_int_equal(harness_times(&kept->h, ana, "\r\n"), 4);
    assert_true(harness_has(&kept->h, ana, " PRIVMSG #party :a\r\n"));
    assert_true(harness_has(&kept->h, ana, " NOTICE #party :b\r\n"));
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #party * 1\r\n");
    assert_true(harness_has(&kept->h, ana, " NOTICE #party :b\r\n"));
}

static void tags_alone_are_kept_when_they_ask_for_it(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", PLAY);
    harness_drop(&kept->h);
    kept_send(kept, ana, "@+x=1;+draft/persist TAGMSG #party\r\n");
    char live[512];
    (void)snprintf(live, sizeof(live), "%s", harness_got(&kept->h, ana));
    kept_send(kept, ana, "@+typing=active TAGMSG #party\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #party * 100\r\n");
    assert_int_equal(harness_times(&kept->h, ana, " TAGMSG "), 1);
    assert_true(harness_has(&kept->h, ana, live + 1));
}

static void quitting_and_renaming_stand_in_every_shared_channel(void **state)
{
    struct kept *kept = *state;
    int ben = kept_guest(kept, "ben", PLAY), ana = kept_guest(kept, "ana", NULL);
    kept_send(kept, ben, "JOIN #a,#b,#c\r\n");
    kept_send(kept, ana, "JOIN #a,#b\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana, "NICK anna\r\n");
    kept_send(kept, ana, "QUIT :bye\r\n");
    assert_int_equal(harness_times(&kept->h, ben, "\r\n"), 2); // each told once
    char live[1024];
    (void)snprintf(live, sizeof(live), "%s", harness_got(&kept->h, ben));
    static const char *const shared[] = {"#a", "#b"};
    for (size_t i = 0; i < 2; i++) {
        char msgid[32];
        (void)snprintf(msgid, sizeof(msgid), "%.22s", strstr(live, "msgid="));
        harness_drop(&kept->h);
        kept_send(kept, ben, "CHATHISTORY LATEST %s * 2\r\n", shared[i]);
        assert_true(harness_has(&kept->h, ben, " NICK :anna\r\n"));
        assert_true(harness_has(&kept->h, ben, ":anna!~ana@pipe QUIT :"));
        assert_true(harness_has(&kept->h, ben, msgid)); // the same event
    }
    harness_drop(&kept->h);
    kept_send(kept, ben, "CHATHISTORY LATEST #c * 10\r\n");
    assert_false(harness_has(&kept->h, ben, "anna"));
}

static void a_join_is_extended_for_those_who_know_it(void **state)
{
    struct kept *kept = *state;
    int ben = kept_guest(kept, "ben", PLAY " extended-join");
    (void)kept_guest(kept, "ana", NULL);
    kept_send(kept, ben, "CHATHISTORY LATEST #party * 1\r\n");
    assert_true(harness_has(&kept->h, ben, " :ana!~ana@pipe JOIN #party * :ana\r\n"));
    kept_send(kept, ben, "CAP REQ -extended-join\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ben, "CHATHISTORY LATEST #party * 1\r\n");
    assert_true(harness_has(&kept->h, ben, " :ana!~ana@pipe JOIN #party\r\n"));
}

static void both_forms_of_a_join_are_one_event(void **state)
{
    struct kept *kept = *state;
    int ben = kept_guest(kept, "ben", PLAY " extended-join"), cat = kept_guest(kept, "cat", PLAY);
    int ana = kept_guest(kept, "ana", NULL);
    harness_drop(&kept->h);
    kept_send(kept, ben, "JOIN #a\r\n");
    kept_send(kept, cat, "JOIN #a\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana, "JOIN #a\r\n");
    const char *one = harness_got(&kept->h, ben);
    const char *two = harness_got(&kept->h, cat);
    assert_int_equal(strncmp(one, "@time=", 6), 0);
    size_t len = strcspn(one, " ");
    assert_int_equal(len, strcspn(two, " "));
    assert_int_equal(strncmp(one, two, len), 0);
}

static void a_renamed_channel_takes_its_history_along(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS " draft/channel-rename");
    kept_send(kept, ana, "JOIN #a\r\nPRIVMSG #a :x\r\n");
    kept_send(kept, ana, "RENAME #a #Bee\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #bee * 10\r\n");
    assert_true(harness_has(&kept->h, ana, " :ana!~ana@pipe PRIVMSG #Bee :x\r\n"));
    kept_send(kept, ana, "JOIN #a\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana, "CHATHISTORY LATEST #a * 10\r\n");
    assert_string_equal(kept_texts(kept, ana), "");
}

static void the_key_of_a_channel_is_not_in_its_history(void **state)
{
    struct kept *kept = *state;
    int ben = kept_guest(kept, "ben", PLAY), ana = kept_guest(kept, "ana", NULL);
    kept_send(kept, ana, "JOIN #a\r\n");
    kept_send(kept, ben, "JOIN #a\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ana, "MODE #a +lk 9 sesame\r\n");
    assert_true(harness_has(&kept->h, ben, " MODE #a +lk 9 sesame\r\n"));
    kept_send(kept, ana, "MODE #a -k sesame\r\n");
    harness_drop(&kept->h);
    kept_send(kept, ben, "CHATHISTORY LATEST #a * 10\r\n");
    assert_true(harness_has(&kept->h, ben, " MODE #a +lk 9 *\r\n"));
    assert_false(harness_has(&kept->h, ben, "sesame"));
}

static void what_a_bot_does_comes_back_marked(void **state)
{
    struct kept *kept = *state;
    int ben = kept_guest(kept, "ben", PLAY), bot = kept_guest(kept, "bot", NULL);
    kept_send(kept, bot, "MODE bot +B\r\nJOIN #a\r\n");
    kept_send(kept, ben, "JOIN #a\r\n");
    harness_drop(&kept->h);
    kept_send(kept, bot, "TOPIC #a :tea\r\n");
    kept_send(kept, bot, "MODE #a +m\r\n");
    kept_send(kept, bot, "NICK bip\r\n");
    kept_send(kept, bot, "PRIVMSG #a :beep\r\n");
    kept_send(kept, bot, "PART #a\r\n");
    kept_send(kept, bot, "JOIN #a\r\n");
    kept_send(kept, bot, "QUIT\r\n");
    assert_int_equal(harness_times(&kept->h, ben, "\r\n"), 7);
    assert_int_equal(harness_times(&kept->h, ben, ";bot :"), 7);
    comes_back(kept, ben, "#a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT_ROW(all_kinds_come_back_as_they_were),
        KEPT_ROW(without_the_capability_only_messages),
        KEPT_ROW(tags_alone_are_kept_when_they_ask_for_it),
        KEPT_ROW(quitting_and_renaming_stand_in_every_shared_channel),
        KEPT_ROW(a_join_is_extended_for_those_who_know_it),
        KEPT_ROW(both_forms_of_a_join_are_one_event),
        KEPT_ROW(the_key_of_a_channel_is_not_in_its_history),
        KEPT_ROW(a_renamed_channel_takes_its_history_along),
        KEPT_ROW(what_a_bot_does_comes_back_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SEARCH: by place, speaker, words and time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kept.h"

static const char *search(struct kept *kept, int client, const char *attributes)
{
    harness_drop(&kept->h);
    kept_send(kept, client, "SEARCH %s\r\n", attributes);
    assert_int_equal(harness_times(&kept->h, client, " BATCH +b"), 1);
    assert_true(harness_has(&kept->h, client, " soju.im/search\r\n"));
    return kept_texts(kept, client);
}

static void words_places_and_speakers_are_found(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), ben = kept_guest(kept, "ben", KEPT_CAPS);
    kept_send(kept, ana, "JOIN #a\r\n");
    kept_send(kept, ben, "JOIN #a\r\n");
    (void)kept_say(kept, ana, "#party", "lost keys");
    (void)kept_say(kept, ben, "#party", "Les cl\xC3\xA9s sont l\xC3\xA0");
    (void)kept_say(kept, ben, "#a", "keys found");
    assert_string_equal(search(kept, ana, "text=keys"), "lost keys keys found");
    assert_string_equal(search(kept, ana, "text=keys;in=#PARTY"), "lost keys");
    assert_string_equal(search(kept, ana, "text=KEYS;from=Ben"), "keys found");
    assert_string_equal(search(kept, ana, "text=cles"), "Les cl\xC3\xA9s sont l\xC3\xA0");
    assert_string_equal(search(kept, ana, "text=found\\skeys;limit=5"), "keys found");
    assert_string_equal(search(kept, ana, "text=keys;limit=1"), "keys found");
    assert_string_equal(search(kept, ana, "text=nothing"), "");
    assert_string_equal(search(kept, ana, "in=#party;from=ana"), "lost keys");
}

static void both_ends_of_the_time_belong_to_it(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    (void)kept_say(kept, ana, "#party", "tea 1");
    struct said two = kept_say(kept, ana, "#party", "tea 2");
    (void)kept_say(kept, ana, "#party", "tea 3");
    char text[128];
    (void)snprintf(text, sizeof(text), "text=tea;after=%s", two.time);
    assert_string_equal(search(kept, ana, text), "tea 2 tea 3");
    (void)snprintf(text, sizeof(text), "text=tea;before=%s", two.time);
    assert_string_equal(search(kept, ana, text), "tea 1 tea 2");
    assert_string_equal(search(kept, ana, "text=tea;before=2010-01-01T00:00:00.000Z"), "");
}

static void a_search_after_a_time_begins_there(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    (void)kept_say(kept, ana, "#party", "tea 1");
    struct said two = kept_say(kept, ana, "#party", "tea 2");
    (void)kept_say(kept, ana, "#party", "tea 3");
    struct said four = kept_say(kept, ana, "#party", "tea 4");
    char text[128];
    (void)snprintf(text, sizeof(text), "text=tea;limit=2;after=%s", two.time);
    assert_string_equal(search(kept, ana, text), "tea 2 tea 3");
    assert_string_equal(search(kept, ana, "text=tea;limit=1;after=1970-01-01T00:00:00.000Z"),
                        "tea 1");
    (void)snprintf(text, sizeof(text), "text=tea;limit=2;after=%s;before=%s", two.time, four.time);
    assert_string_equal(search(kept, ana, text), "tea 3 tea 4");
    assert_string_equal(search(kept, ana, "text=tea;limit=2"), "tea 3 tea 4");
}

static void the_lines_are_those_of_the_history(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    struct said said = kept_say(kept, ana, "#party", "tea");
    char line[256];
    kept_send(kept, ana, "@label=s SEARCH text=tea\r\n");
    (void)snprintf(line, sizeof(line),
                   "@label=s :ronron.party BATCH +b1 soju.im/search\r\n"
                   "@batch=b1;time=%s;msgid=%s :ana!~ana@pipe PRIVMSG #party :tea\r\n"
                   ":ronron.party BATCH -b1\r\n",
                   said.time, said.msgid);
    assert_string_equal(harness_got(&kept->h, ana), line);
}

static void only_what_one_may_read_is_found(void **state)
{
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS), ben = kept_guest(kept, "ben", KEPT_CAPS);
    kept_send(kept, ben, "JOIN #a\r\nPRIVMSG #a :secret\r\n");
    assert_string_equal(search(kept, ana, "text=secret"), "");
    harness_drop(&kept->h);
    kept_send(kept, ana, "SEARCH text=secret;in=#a\r\n");
    assert_string_equal(harness_got(&kept->h, ana),
                        DATED ":ronron.party FAIL SEARCH INVALID_PARAMS in :You are not there\r\n");
    assert_string_equal(search(kept, ben, "text=secret"), "secret");
}

static void bad_attributes_are_named(void **state)
{
    static const char *const rows[][2] = {
        {"limit=0", "limit"},
        {"limit=x", "limit"},
        {"text=a;after=yesterday", "after"},
        {"before=", "before"},
    };
    struct kept *kept = *state;
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char line[128];
        harness_drop(&kept->h);
        kept_send(kept, ana, "SEARCH %s\r\n", rows[i][0]);
        (void)snprintf(line, sizeof(line),
                       DATED ":ronron.party FAIL SEARCH INVALID_PARAMS %s :Invalid parameters\r\n",
                       rows[i][1]);
        assert_string_equal(harness_got(&kept->h, ana), line);
    }
    assert_string_equal(search(kept, ana, "tomorrow=1;text=x"), ""); // unknown ones are passed over
}

static void both_names_of_the_capability_serve(void **state)
{
    struct kept *kept = *state;
    int ana = harness_connect(&kept->h, 65536);
    kept_send(kept, ana, "CAP LS 302\r\nCAP REQ soju.im/search\r\n");
    assert_true(harness_has(&kept->h, ana, "draft/search"));
    assert_true(harness_has(&kept->h, ana, "soju.im/search"));
    assert_true(harness_has(&kept->h, ana, "ACK :soju.im/search\r\n"));
}

static void conversations_of_accounts_are_found_by_both(void **state)
{
    struct kept *kept = *state;
    int ana = kept_account(kept, "ana", KEPT_CAPS), ben = kept_account(kept, "ben", KEPT_CAPS);
    int eve = kept_account(kept, "eve", KEPT_CAPS);
    (void)kept_say(kept, ana, "ben", "secret plan");
    assert_string_equal(search(kept, ana, "text=plan"), "secret plan");
    assert_true(harness_has(&kept->h, ana, " :ana!~ana@pipe PRIVMSG ben :secret plan\r\n"));
    assert_string_equal(search(kept, ben, "text=plan;in=ana"), "secret plan");
    assert_true(harness_has(&kept->h, ben, " :ana!~ana@pipe PRIVMSG ben :secret plan\r\n"));
    assert_string_equal(search(kept, eve, "text=plan"), "");
    assert_string_equal(search(kept, eve, "text=plan;in=ana"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT_ROW(words_places_and_speakers_are_found),
        KEPT_ROW(both_ends_of_the_time_belong_to_it),
        KEPT_ROW(a_search_after_a_time_begins_there),
        KEPT_ROW(the_lines_are_those_of_the_history),
        KEPT_ROW(only_what_one_may_read_is_found),
        KEPT_ROW(bad_attributes_are_named),
        KEPT_ROW(both_names_of_the_capability_serve),
        KEPT_ROW(conversations_of_accounts_are_found_by_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

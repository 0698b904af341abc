// Search by words, sender, place and time, indexed or not yet; what is redacted is gone.
#include <stdio.h>
#include <string.h>

#include "store_harness.h"

static const char *search_in(struct place *place, const struct str *targets, size_t count,
                             struct store_search search)
{
    static char found[8192];
    struct store_page page;
    struct err err = {""};
    search.targets = targets;
    search.target_count = count;
    if (!store_read_search(place->store, &search, &page, &err)) {
        fail_msg("%s", err.text);
    }
    (void)snprintf(found, sizeof(found), "%s", texts(&page));
    store_page_deinit(&page);
    return found;
}

static const char *search(struct place *place, const char *text)
{
    struct str target = STR("#party");
    return search_in(place, &target, 1, (struct store_search){.text = str_from(text), .limit = 9});
}

// Enough lines that the writer indexes all that was put before.
static void push_into_index(struct place *place, uint64_t id)
{
    for (uint64_t i = 0; i < 64; i++) {
        say_to(place, id + i, "#elsewhere", "filler", "filler");
    }
    settle(place);
}

static void put_samples(struct place *place)
{
    say(place, TEST_ID(1), "un-\xC3\xA9t\xC3\xA9-chaud");
    say(place, TEST_ID(2),
        "\xE5\xAD\x90\xE6\x9B\xB0\xE5\xA4\xA9\xE4\xB8\x8B\xE4\xB9\x8B"); // 子曰天下之
    say(place, TEST_ID(3),
        "\x02"
        "bo"
        "\x02"
        "ld\x03"
        "04,12red");
    say(place, TEST_ID(4), "l'option");
    say_to(place, TEST_ID(5), "#other", "alice", "\xC3\x89t\xC3\xA9");
    say_to(place, TEST_ID(6), "#party", "Bob", "ETE");
    settle(place);
}

static void finds_samples(struct place *place)
{
    struct str both[] = {STR("#party"), STR("#other"), STR("#none")};
    assert_string_equal(search(place, "ete"), "un-\xC3\xA9t\xC3\xA9-chaud ETE");
    assert_string_equal(search(place, "\xC3\x89T\xC3\x89 chaud"), "un-\xC3\xA9t\xC3\xA9-chaud");
    assert_string_equal(search(place, "\xE5\xA4\xA9\xE4\xB8\x8B"), // 天下
                        "\xE5\xAD\x90\xE6\x9B\xB0\xE5\xA4\xA9\xE4\xB8\x8B\xE4\xB9\x8B");
    assert_string_equal(search(place, "\xE4\xB9\x8B"), // 之
                        "\xE5\xAD\x90\xE6\x9B\xB0\xE5\xA4\xA9\xE4\xB8\x8B\xE4\xB9\x8B");
    assert_string_equal(search(place, "\xE4\xB8\x8B\xE5\xA4\xA9"), ""); // 下天: the other way round
    assert_string_equal(search(place, "BOLD"), "");                     // "bold" runs into "red"
    assert_string_equal(search(place, "boldred"), "\x02"
                                                  "bo"
                                                  "\x02"
                                                  "ld\x03"
                                                  "04,12red");
    assert_string_equal(search(place, "l'option"), "l'option");
    assert_string_equal(search(place, "option l"), "l'option");
    assert_string_equal(search(place, "nothing"), "");
    assert_string_equal(
        search_in(place, both, 3, (struct store_search){.text = STR("ete"), .limit = 9}),
        "un-\xC3\xA9t\xC3\xA9-chaud \xC3\x89t\xC3\xA9 ETE");
    assert_string_equal(
        search_in(place, both, 3, (struct store_search){.text = STR("ete"), .limit = 2}),
        "\xC3\x89t\xC3\xA9 ETE"); // the newest
    assert_string_equal(
        search_in(place, both, 3,
                  (struct store_search){.text = STR("ete"), .from = STR("bob"), .limit = 9}),
        "ETE");
    assert_string_equal(
        search_in(place, both, 3, (struct store_search){.from = STR("bob"), .limit = 9}), "ETE");
    assert_string_equal(
        search_in(place, both, 3,
                  (struct store_search){
                      .text = STR("ete"), .after = TEST_ID(1), .before = TEST_ID(6), .limit = 9}),
        "\xC3\x89t\xC3\xA9"); // bounds excluded
    assert_string_equal(
        search_in(place, both, 1, (struct store_search){.after = TEST_ID(4), .limit = 9}), "ETE");
    assert_string_equal(
        search_in(place, both, 3,
                  (struct store_search){.text = STR("ete"), .is_upward = true, .limit = 2}),
        "un-\xC3\xA9t\xC3\xA9-chaud \xC3\x89t\xC3\xA9"); // the oldest
    assert_string_equal(
        search_in(place, both, 3,
                  (struct store_search){
                      .text = STR("ete"), .after = TEST_ID(1), .is_upward = true, .limit = 1}),
        "\xC3\x89t\xC3\xA9");
}

static void lines_are_found_before_they_are_indexed(void **state)
{
    struct place *place = *state;
    put_samples(place);
    finds_samples(place);
}

static void lines_are_found_once_they_are_indexed(void **state)
{
    struct place *place = *state;
    put_samples(place);
    push_into_index(place, TEST_ID(10));
    finds_samples(place);
    place_reopen(place);
    finds_samples(place);
}

static void a_search_spans_what_is_indexed_and_what_is_not(void **state)
{
    struct place *place = *state;
    say(place, TEST_ID(1), "cat-one");
    push_into_index(place, TEST_ID(2));
    say(place, TEST_ID(3), "cat-two");
    settle(place);
    assert_string_equal(search(place, "cat"), "cat-one cat-two");
    // A line that comes late, behind what is indexed, is found too.
    say(place, TEST_ID(1) + 1, "cat-late");
    settle(place);
    assert_string_equal(search(place, "cat"), "cat-one cat-late cat-two");
}

static void no_input_breaks_a_query(void **state)
{
    static const char *const wild[] = {
        "\"",    "\"\"",      "a\"b",     "AND", "NOT OR", "*",
        "a*",    "text:x",    "(",        ")",   "-x",     "^x",
        "{a b}", "NEAR(a b)", "\xFF\xFE", "'",   "\x01",   "\xF0\x9F\x90\xB1",
        " ",     "  a  ",     "a + b",    "%",   "\\",     "\xE5\xA4\xA9\"\xE4\xB8\x8B"};
    struct place *place = *state;
    say(place, TEST_ID(1), "plain");
    push_into_index(place, TEST_ID(2));
    say(place, TEST_ID(3), "fresh");
    settle(place);
    for (size_t i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
        assert_string_equal(search(place, wild[i]), "");
    }
    char many[4096];
    memset(many, 'x', sizeof(many) - 1);
    many[sizeof(many) - 1] = '\0';
    assert_string_equal(search(place, many), "");
    for (size_t i = 0; i < sizeof(many) - 1; i += 2) {
        many[i] = ' ';
    }
    assert_string_equal(search(place, many), "");
}

static void many_targets_fit_in_one_search(void **state)
{
    enum { COUNT = 600 };
    struct place *place = *state;
    static char names[COUNT][16];
    struct str targets[COUNT];
    for (int i = 0; i < COUNT; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "#c%d", i);
        targets[i] = str_from(names[i]);
        say_to(place, TEST_ID(1 + i), names[i], "alice", i % 300 == 7 ? "hit" : "miss");
    }
    settle(place);
    assert_string_equal(
        search_in(place, targets, COUNT, (struct store_search){.text = STR("hit"), .limit = 9}),
        "hit hit");
}

static void a_redacted_line_leaves_no_word_behind(void **state)
{
    struct place *place = *state;
    struct store_page page;
    struct store_line line = {.id = TEST_ID(1),
                              .target = STR("#party"),
                              .source = STR("alice!u@host"),
                              .tags = STR("+secrettag=1"),
                              .text = STR("quetzalcoatl zyzzyva")};
    store_put_line(place->store, &line, STR("alice"), STR("label1"));
    say(place, TEST_ID(2), "stays");
    push_into_index(place, TEST_ID(3));
    assert_string_equal(search(place, "zyzzyva"), "quetzalcoatl zyzzyva");
    assert_true(place_holds(place, "party.db-wal", "zyzzyva")); // so that the check below can see
    store_put_redaction(place->store, STR("#party"), TEST_ID(1));
    settle(place);
    assert_string_equal(search(place, "zyzzyva"), "");
    assert_false(store_find_line(place->store, STR("#party"), TEST_ID(1), &page));
    assert_reads(place, STORE_LATEST, 0, 0, 9, "stays");
    assert_reads(place, STORE_AROUND, TEST_ID(1), 0, 3, "stays");
    static const char *const files[] = {"party.db", "-wal"};
    static const char *const words[] = {"quetzalcoatl", "zyzzyva", "secrettag"};
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < 3; j++) {
            assert_false(place_holds(place, files[i], words[j]));
        }
    }
    uint64_t id = 0; // who sent it is still known, so a resend stays a repeat
    assert_true(store_find_sent(place->store, STR("alice"), STR("label1"), &id));
    assert_int_equal(id, TEST_ID(1));
    store_put_redaction(place->store, STR("#party"), TEST_ID(1)); // again: nothing to do
    store_put_redaction(place->store, STR("#none"), TEST_ID(1));
    settle(place);
}

static void a_line_redacted_before_it_is_indexed_is_gone_too(void **state)
{
    struct place *place = *state;
    say(place, TEST_ID(1), "quetzalcoatl");
    settle(place);
    store_put_redaction(place->store, STR("#party"), TEST_ID(1));
    settle(place);
    assert_string_equal(search(place, "quetzalcoatl"), "");
    push_into_index(place, TEST_ID(3));
    assert_string_equal(search(place, "quetzalcoatl"), "");
    assert_false(place_holds(place, "party.db", "quetzalcoatl"));
}

int main(void)
{
#define EMPTY(test) cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)
    const struct CMUnitTest tests[] = {
        EMPTY(lines_are_found_before_they_are_indexed),
        EMPTY(lines_are_found_once_they_are_indexed),
        EMPTY(a_search_spans_what_is_indexed_and_what_is_not),
        EMPTY(no_input_breaks_a_query),
        EMPTY(many_targets_fit_in_one_search),
        EMPTY(a_redacted_line_leaves_no_word_behind),
        EMPTY(a_line_redacted_before_it_is_indexed_is_gone_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

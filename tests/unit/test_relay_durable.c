// What anybody has seen is in the history: output waits for the commit, in one order, and is taken
// back when the disk fails.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "relay_harness.h"
#include "scratch.h"
#include "store.h"

#define CAPS "echo-message message-tags labeled-response batch server-time"

struct bench {
    char folder[64];
    char path[96];
    struct store *store;
    struct harness h;
    int ana, bea;
};

static int open_bench(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));
    assert_true(scratch_folder(b->folder, sizeof(b->folder)));
    (void)snprintf(b->path, sizeof(b->path), "%s/party.db", b->folder);
    assert_true(store_open(&b->store, &(struct store_config){.path = b->path}, NULL));
    struct relay_config config = {.name = STR("Test"), .seed = 1, .store = b->store};
    harness_open(&b->h, &config);
    b->ana = harness_guest(&b->h, "ana", CAPS);
    b->bea = harness_guest(&b->h, "bea", CAPS);
    store_work_now(b->store);
    harness_turn(&b->h, 0);
    harness_drop(&b->h);
    *state = b;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *b = *state;
    char command[128];
    harness_close(&b->h);
    store_close(b->store);
    (void)snprintf(command, sizeof(command), "rm -r '%s'", b->folder);
    assert_int_equal(system(command), 0);
    free(b);
    return 0;
}

static void commit(struct bench *b)
{
    store_work_now(b->store);
    harness_turn(&b->h, 0);
}

static void nothing_is_seen_before_the_commit(void **state)
{
    struct bench *b = *state;
    struct harness *h = &b->h;
    int cat = harness_connect(h, 65536);
    harness_send(h, cat, "NICK cat\r\nUSER c 0 * :c\r\n");
    harness_drop(h);
    harness_send(h, b->ana, "PRIVMSG #party :hello\r\nPING 1\r\n");
    harness_send(h, cat, "PING 2\r\n");
    assert_string_equal(harness_got(h, b->ana), "");
    assert_string_equal(harness_got(h, b->bea), "");
    assert_true(harness_has(h, cat, "PONG")); // who waits for no message waits for no disk
    commit(b);
    assert_true(harness_has(h, b->bea, " PRIVMSG #party :hello\r\n"));
    const char *echo = strstr(harness_got(h, b->ana), " PRIVMSG #party :hello\r\n");
    const char *pong = strstr(harness_got(h, b->ana), " PONG ");
    assert_non_null(echo);
    assert_non_null(pong);
    assert_true(echo < pong);
}

// The lines with their tags, without those of one's own labels.
static void all_see_one_order(void **state)
{
    struct bench *b = *state;
    struct harness *h = &b->h;
    harness_send(h, b->ana, "PRIVMSG #party :one\r\nTOPIC #party :new\r\nPRIVMSG #party :two\r\n");
    harness_send(h, b->bea, "PRIVMSG #party :three\r\n");
    commit(b);
    assert_string_equal(harness_got(h, b->ana), harness_got(h, b->bea));
    const char *got = harness_got(h, b->ana);
    assert_true(strstr(got, ":one") < strstr(got, ":new"));
    assert_true(strstr(got, ":new") < strstr(got, ":two"));
    assert_true(strstr(got, ":two") < strstr(got, ":three"));
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void what_the_disk_refuses_nobody_sees_and_the_sender_is_told(void **state)
{
    struct bench *b = *state;
    struct harness *h = &b->h;
    (void)signal(SIGXFSZ, SIG_IGN);
    limit_files(1);
    harness_send(h, b->ana,
                 "@label=L1;+ronron.chat/id=x1 PRIVMSG #party :lost\r\nPRIVMSG #party :gone\r\n"
                 "PING 1\r\n");
    commit(b);
    limit_files(RLIM_INFINITY);
    assert_false(harness_has(h, b->bea, ":lost"));
    assert_false(harness_has(h, b->bea, ":gone"));
    assert_false(harness_has(h, b->ana, "PRIVMSG #party :"));
    assert_true(harness_has(h, b->ana, ";label=L1 :ronron.party FAIL PRIVMSG NOT_SAVED #party :"));
    assert_int_equal(harness_times(h, b->ana, "FAIL PRIVMSG NOT_SAVED #party :"), 2);
    assert_true(harness_has(h, b->ana, " PONG "));
    assert_true(harness_has(h, b->ana, "NOTICE ana :The history cannot be written"));
    assert_false(harness_has(h, b->bea, "NOTICE")); // no host
    harness_drop(h);
    // The room goes on talking, and the same id may be sent again.
    harness_send(h, b->ana, "@+ronron.chat/id=x1 PRIVMSG #party :lost\r\n");
    assert_true(harness_has(h, b->bea, " PRIVMSG #party :lost\r\n"));
    assert_true(harness_has(h, b->ana, " PRIVMSG #party :lost\r\n"));
    harness_drop(h);
    harness_turn(h, 6000);
    commit(b);
    assert_true(harness_has(h, b->ana, "NOTICE ana :The history is kept again."));
    harness_send(h, b->ana, "PRIVMSG #party :kept\r\n");
    assert_false(harness_has(h, b->bea, ":kept"));
    commit(b);
    assert_true(harness_has(h, b->bea, ":kept"));
}

static void a_label_is_answered_once_when_it_is_known_what_became_of_it(void **state)
{
    struct bench *b = *state;
    struct harness *h = &b->h;
    int cat = harness_guest(h, "cat", "labeled-response batch"); // no echo
    commit(b);
    harness_drop(h);
    harness_send(h, cat, "@label=L0 PRIVMSG #party :kept\r\n");
    assert_string_equal(harness_got(h, cat), ""); // not yet
    commit(b);
    assert_string_equal(harness_got(h, cat), "@label=L0 :ronron.party ACK\r\n");
    (void)signal(SIGXFSZ, SIG_IGN);
    harness_drop(h);
    limit_files(1);
    harness_send(h, cat, "@label=L1 PRIVMSG #party :lost\r\n");
    harness_send(h, cat, "@label=L2 NOTICE #party,#party :twice\r\n");
    harness_send(h, b->ana, "@label=L3 PRIVMSG #party,#party,ana :thrice\r\n");
    commit(b);
    limit_files(RLIM_INFINITY);
    assert_false(harness_has(h, cat, " ACK"));
    assert_true(harness_has(h, cat, "@label=L1 :ronron.party FAIL PRIVMSG NOT_SAVED #party :"));
    assert_true(harness_has(h, cat, "@label=L2 :ronron.party FAIL NOTICE NOT_SAVED #party :"));
    assert_int_equal(harness_times(h, cat, "label="), 2);
    assert_int_equal(harness_times(h, b->ana, "label="), 1);
}

static size_t lines_kept(struct bench *b)
{
    struct store_page page = {0};
    struct store_query query = {.target = STR("#party"), .range = STORE_LATEST, .limit = 9};
    assert_true(store_read(b->store, &query, &page, NULL));
    size_t count = page.count;
    store_page_deinit(&page);
    return count;
}

static void what_else_happened_is_not_taken_back_with_it(void **state)
{
    struct bench *b = *state;
    struct harness *h = &b->h;
    (void)signal(SIGXFSZ, SIG_IGN);
    limit_files(1);
    harness_send(h, b->ana, "PRIVMSG #party :gone\r\n@label=J JOIN #new\r\n");
    commit(b);
    limit_files(RLIM_INFINITY);
    assert_int_equal(harness_times(h, b->ana, "FAIL PRIVMSG NOT_SAVED #party :"), 1);
    assert_true(harness_has(h, b->ana, "label=J "));
    assert_true(harness_has(h, b->ana, ":ana!~ana@pipe JOIN #new\r\n"));
}

// An echo says that the message is kept.
static void no_repeat_of_what_the_disk_refuses_is_echoed(void **state)
{
    struct bench *b = *state;
    struct harness *h = &b->h;
    (void)signal(SIGXFSZ, SIG_IGN);
    limit_files(1);
    harness_send(h, b->ana, "@+ronron.chat/id=x1 PRIVMSG #party :lost\r\n");
    harness_send(h, b->ana, "@+ronron.chat/id=x1 PRIVMSG #party :lost\r\n");
    harness_send(h, b->ana, "PRIVMSG #party :gone\r\n");
    harness_send(h, b->ana, "@label=L2;+ronron.chat/id=x1 PRIVMSG #party :lost\r\n");
    commit(b);
    limit_files(RLIM_INFINITY);
    assert_false(harness_has(h, b->ana, " PRIVMSG #party :"));
    assert_int_equal(harness_times(h, b->ana, "FAIL PRIVMSG NOT_SAVED #party :"), 2);
    assert_int_equal(harness_times(h, b->ana, "label=L2 "), 1);
}

static void whoever_repeats_it_last_is_told(void **state)
{
    struct bench *b = *state;
    struct harness *h = &b->h;
    char token[64], line[128];
    int one = harness_connect(h, 65536);
    harness_send(h, one, "CAP REQ :" CAPS "\r\nCAP END\r\n");
    harness_send(h, one, "RESUME *\r\nNICK one\r\nUSER o 0 * :o\r\nJOIN #party\r\n");
    commit(b);
    const char *at = strstr(harness_got(h, one), "RESUME TOKEN ");
    assert_non_null(at);
    (void)snprintf(token, sizeof(token), "%.32s", at + strlen("RESUME TOKEN "));
    (void)signal(SIGXFSZ, SIG_IGN);
    limit_files(1);
    harness_send(h, one, "@+ronron.chat/id=x1 PRIVMSG #party :lost\r\n");
    int two = harness_connect(h, 65536);
    (void)snprintf(line, sizeof(line), "RESUME %s\r\nNICK two\r\nUSER o 0 * :o\r\n", token);
    harness_send(h, two, "CAP REQ :" CAPS "\r\nCAP END\r\n");
    harness_send(h, two, line);
    harness_send(h, two, "@label=L9;+ronron.chat/id=x1 PRIVMSG #party :lost\r\n");
    commit(b);
    limit_files(RLIM_INFINITY);
    assert_int_equal(harness_times(h, two, "label=L9 "), 1);
    assert_true(harness_has(h, two, "FAIL PRIVMSG NOT_SAVED #party :"));
    assert_false(harness_has(h, b->bea, ":lost"));
}

static void a_limit_set_while_the_disk_refuses_is_in_force_when_it_is_back(void **state)
{
    struct bench *b = *state;
    struct harness *h = &b->h;
    struct relay_config config = {.name = STR("Test"), .history_max_age_ms = 1000};
    harness_send(h, b->ana, "PRIVMSG #party :old\r\n");
    commit(b);
    assert_int_equal(lines_kept(b), 1);
    (void)signal(SIGXFSZ, SIG_IGN);
    limit_files(1);
    assert_true(relay_reload(h->relay, &config, NULL));
    harness_send(h, b->ana, "PRIVMSG #party :lost\r\n");
    commit(b);
    limit_files(RLIM_INFINITY);
    harness_turn(h, 6000);
    commit(b);
    assert_true(harness_has(h, b->ana, "NOTICE ana :The history is kept again."));
    commit(b);
    assert_int_equal(lines_kept(b), 0);
}

// The tag's value up to its end.
static void tag_of(const char *line, const char *key, char out[64])
{
    const char *at = strstr(line, key);
    assert_non_null(at);
    (void)snprintf(out, 64, "%.*s", (int)strcspn(at, "; "), at);
}

static void a_repeat_gets_the_first_echo_and_is_passed_on_once(void **state)
{
    struct bench *b = *state;
    struct harness *h = &b->h;
    char first[64], again[64];
    harness_send(h, b->ana, "@+ronron.chat/id=x1 PRIVMSG #party :once\r\n");
    harness_send(h, b->ana, "@+ronron.chat/id=x1 PRIVMSG #party :once\r\n");
    assert_string_equal(harness_got(h, b->ana), ""); // not even the repeat's echo
    commit(b);
    assert_int_equal(harness_times(h, b->bea, ":once\r\n"), 1);
    assert_int_equal(harness_times(h, b->ana, ":once\r\n"), 2);
    tag_of(harness_got(h, b->ana), "msgid=", first);
    harness_drop(h);
    harness_turn(h, 1000);
    harness_send(h, b->ana, "@+ronron.chat/id=x1 PRIVMSG #party :once\r\n");
    commit(b);
    tag_of(harness_got(h, b->ana), "msgid=", again);
    assert_string_equal(first, again);
    assert_false(harness_has(h, b->bea, ":once"));
}

static void whoever_floods_is_not_read_until_the_disk_has_caught_up(void **state)
{
    struct bench *b = *state;
    struct harness *h = &b->h;
    char line[420];
    memset(line, 'x', sizeof(line));
    (void)memcpy(line, "PRIVMSG #party :", 16);
    (void)snprintf(line + sizeof(line) - 3, 3, "\r\n");
    size_t room = 0;
    for (int i = 0; i < 3000; i++) {
        size_t done = 0;
        (void)net_stream_write(h->client[b->ana], line, sizeof(line) - 1, &done);
        room += done;
        harness_turn(h, 0);
    }
    assert_true(room < 1200 * (sizeof(line) - 1)); // the pipe and the queue hold it back
    assert_string_equal(harness_got(h, b->bea), "");
    size_t before = 0;
    for (int i = 0; i < 50; i++) {
        commit(b);
        size_t now = harness_times(h, b->bea, " PRIVMSG #party :");
        if (now == before) {
            break;
        }
        before = now;
    }
    assert_true(before > 0);
    assert_int_equal(before, harness_times(h, b->ana, " PRIVMSG #party :"));
    assert_int_equal(before, room / (sizeof(line) - 1));
}

// Plain clients need no end of a line, but what waits for the disk is no rest of one.
static void plain_lines_stay_lines_while_the_disk_is_behind(void **state)
{
    struct bench *b = *state;
    struct harness *h = &b->h;
    char line[500];
    int one = harness_connect(h, 65536);
    harness_send(h, one, "hi\n");
    (void)snprintf(line, sizeof(line), "PRIVMSG #party :%0470d\r\n", 1);
    for (int i = 0; i < 2000 && store_pending_bytes(b->store) <= (size_t)256 * 1024; i++) {
        harness_send(h, b->ana, line);
    }
    harness_send(h, one, "first\nsecond\nhalf");
    harness_turn(h, 100); // longer than a rest may wait for its end
    for (int i = 0; i < 20; i++) {
        commit(b);
    }
    harness_turn(h, 100);
    commit(b);
    assert_true(harness_has(h, b->bea, ":Guest1!plain@pipe PRIVMSG #party :first\r\n"));
    assert_true(harness_has(h, b->bea, ":Guest1!plain@pipe PRIVMSG #party :second\r\n"));
    assert_true(harness_has(h, b->bea, ":Guest1!plain@pipe PRIVMSG #party :half\r\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_seen_before_the_commit, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(all_see_one_order, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(what_the_disk_refuses_nobody_sees_and_the_sender_is_told,
                                        open_bench, close_bench),
        cmocka_unit_test_setup_teardown(what_else_happened_is_not_taken_back_with_it, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(no_repeat_of_what_the_disk_refuses_is_echoed, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(whoever_repeats_it_last_is_told, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(a_label_is_answered_once_when_it_is_known_what_became_of_it,
                                        open_bench, close_bench),
        cmocka_unit_test_setup_teardown(
            a_limit_set_while_the_disk_refuses_is_in_force_when_it_is_back, open_bench,
            close_bench),
        cmocka_unit_test_setup_teardown(a_repeat_gets_the_first_echo_and_is_passed_on_once,
                                        open_bench, close_bench),
        cmocka_unit_test_setup_teardown(whoever_floods_is_not_read_until_the_disk_has_caught_up,
                                        open_bench, close_bench),
        cmocka_unit_test_setup_teardown(plain_lines_stay_lines_while_the_disk_is_behind, open_bench,
                                        close_bench),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

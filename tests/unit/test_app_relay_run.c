// A relay with its disk and threads: what was said is kept, whatever comes next.
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "app_relay_run.h"
#include "buf.h"
#include "net_connect.h"
#include "scratch.h"
#include "store.h"

struct fixture {
    char folder[64];
    struct net_addr listen;
    struct app_relay_setup setup;
    struct app_relay_run *run;
    char got[32 * 1024]; // by the last turn_until()
};

static void open_run(struct fixture *f)
{
    *f = (struct fixture){.listen = {.host = "127.0.0.1"}};
    assert_true(scratch_folder(f->folder, sizeof(f->folder)));
    f->setup = (struct app_relay_setup){.relay = {.seed = 3},
                                        .listen = &f->listen,
                                        .listen_count = 1,
                                        .data = f->folder,
                                        .has_history = true};
}

static void start(struct fixture *f)
{
    struct err err = {0};
    f->run = app_relay_run_create(&f->setup, &err);
    assert_string_equal(err.text, "");
    assert_non_null(f->run);
    assert_true(app_relay_run_start(f->run, &err));
}

static void remove_folder(struct fixture *f)
{
    static const char *const names[] = {"party.db",      "party.db-wal", "party.db-shm",
                                        "party.db-lock", "tls-cert.pem", "tls-key.pem"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[128];
        (void)snprintf(path, sizeof(path), "%s/%s", f->folder, names[i]);
        (void)unlink(path); // some of them are there
    }
    assert_int_equal(rmdir(f->folder), 0);
}

static struct net_stream *connect_to_port(uint16_t port)
{
    struct net_endpoint endpoint = {.port = port};
    (void)snprintf(endpoint.number, sizeof(endpoint.number), "127.0.0.1");
    struct net_stream *stream = net_connect(&endpoint, 2000, NULL, NULL);
    assert_non_null(stream);
    return stream;
}

static struct net_stream *connect_to(struct fixture *f)
{
    return connect_to_port(relay_port(app_relay_run_relay(f->run)));
}

static void send_text(struct net_stream *stream, const char *text)
{
    size_t done = 0;
    assert_int_equal(net_stream_write(stream, text, strlen(text), &done), NET_OK);
}

// Turns until the client got this; an empty text: until the link is closed and the relay has ended.
static void turn_until(struct fixture *f, struct net_stream *stream, const char *text)
{
    struct buf got;
    buf_init(&got, BUF_NO_LIMIT);
    bool runs = true;
    for (int i = 0; i < 5000 && runs && !(text[0] && strstr(buf_cstr(&got), text)); i++) {
        char bytes[4096];
        size_t len = 0;
        app_relay_run_wake(f->run); // so that no turn waits for the client's side
        runs = app_relay_run_turn(f->run);
        if (net_stream_read(stream, bytes, sizeof(bytes), &len) == NET_OK) {
            (void)buf_append(&got, (struct str){bytes, len});
        }
        (void)poll(NULL, 0, 1);
    }
    assert_true(text[0] ? strstr(buf_cstr(&got), text) != NULL : !runs);
    (void)snprintf(f->got, sizeof(f->got), "%s", buf_cstr(&got));
    buf_deinit(&got);
}

static void what_was_said_last_is_kept_and_its_owners_alone(void **state)
{
    (void)state;
    struct fixture f;
    open_run(&f);
    start(&f);
    struct net_stream *ana = connect_to(&f);
    send_text(ana, "NICK ana\r\nUSER a 0 * :a\r\nJOIN #party\r\n");
    turn_until(&f, ana, " 366 ana #party");
    send_text(ana, "PRIVMSG #party :the last word\r\nPING x\r\n");
    turn_until(&f, ana, "PONG");
    app_relay_run_stop(f.run);
    turn_until(&f, ana, "");
    net_stream_destroy(ana);
    app_relay_run_destroy(f.run);

    char path[128];
    struct stat info;
    struct store *store = NULL;
    struct store_page page = {0};
    struct store_query query = {.target = STR("#party"), .range = STORE_LATEST, .limit = 9};
    (void)snprintf(path, sizeof(path), "%s/party.db", f.folder);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_true(store_open(&store, &(struct store_config){.path = path}, NULL));
    assert_true(store_read(store, &query, &page, NULL));
    assert_int_equal(page.count, 1);
    assert_true(str_eq(page.lines[0].text, STR("the last word")));
    store_page_deinit(&page);
    store_close(store);
    remove_folder(&f);
}

static void commits_are_measured(void **state)
{
    (void)state;
    struct fixture f;
    struct net_addr admin = {.host = "127.0.0.1"};
    open_run(&f);
    f.setup.admin = &admin;
    start(&f);
    struct net_stream *ana = connect_to(&f);
    send_text(ana, "NICK ana\r\nUSER a 0 * :a\r\nJOIN #party\r\n"); // which is kept
    turn_until(&f, ana, " 366 ana #party");
    net_stream_destroy(ana);
    const char *name = strrchr(relay_admin_address(app_relay_run_relay(f.run)), ':');
    struct net_stream *asking = connect_to_port((uint16_t)strtol(name + 1, NULL, 10));
    send_text(asking, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    turn_until(&f, asking, "\nronron_commit_max_seconds 0.");
    assert_null(strstr(f.got, "\nronron_commit_max_seconds 0.000000\n"));
    net_stream_destroy(asking);
    app_relay_run_destroy(f.run);
    remove_folder(&f);
}

static void a_history_that_cannot_be_opened_is_a_notice_and_no_end(void **state)
{
    (void)state;
    struct fixture f;
    open_run(&f);
    f.setup.data = "/dev/null/nowhere";
    start(&f);
    assert_non_null(strstr(app_relay_run_notice(f.run), "No history is kept: "));
    struct net_stream *ana = connect_to(&f);
    send_text(ana, "NICK ana\r\nUSER a 0 * :a\r\nJOIN #party\r\n");
    turn_until(&f, ana, "NOTICE ana :No history is kept");
    net_stream_destroy(ana);
    app_relay_run_destroy(f.run); // without a stop
    remove_folder(&f);
}

static void encryption_is_missed_only_where_it_was_asked_for(void **state)
{
    (void)state;
    struct fixture f;
    struct err err = {0};
    open_run(&f);
    f.setup.has_history = false;
    f.setup.has_tls = true;
    start(&f);
    assert_int_equal(strlen(app_relay_run_fingerprint(f.run)), 64);
    app_relay_run_destroy(f.run);
    f.setup.data = NULL;
    start(&f);
    assert_string_equal(app_relay_run_fingerprint(f.run), "");
    app_relay_run_destroy(f.run);
    f.setup.must_have_tls = true;
    assert_null(app_relay_run_create(&f.setup, &err));
    assert_string_not_equal(err.text, "");
    remove_folder(&f);
}

static void a_reload_moves_the_relay_and_a_bad_one_does_not(void **state)
{
    (void)state;
    struct fixture f;
    struct err err = {0};
    open_run(&f);
    f.setup.has_history = false;
    start(&f);
    struct net_stream *ana = connect_to(&f);
    send_text(ana, "NICK ana\r\nUSER a 0 * :a\r\nJOIN #party\r\n");
    turn_until(&f, ana, " 366 ana #party");
    uint16_t port = relay_port(app_relay_run_relay(f.run));
    struct net_addr bad = {.host = "192.0.2.77"}; // no address of this machine
    f.setup.listen = &bad;
    assert_false(app_relay_run_reload(f.run, &f.setup, &err));
    assert_int_equal(relay_port(app_relay_run_relay(f.run)), port);
    struct net_addr other = {.host = "127.0.0.2"};
    f.setup.listen = &other;
    assert_true(app_relay_run_reload(f.run, &f.setup, &err));
    assert_int_not_equal(relay_port(app_relay_run_relay(f.run)), port);
    send_text(ana, "PING still\r\n");
    turn_until(&f, ana, "PONG ronron.party :still");
    net_stream_destroy(ana);
    app_relay_run_destroy(f.run);
    remove_folder(&f);
}

static int group_setup(void **state)
{
    (void)state;
    return net_init(NULL) ? 0 : -1;
}

static int group_teardown(void **state)
{
    (void)state;
    net_quit();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_said_last_is_kept_and_its_owners_alone),
        cmocka_unit_test(commits_are_measured),
        cmocka_unit_test(a_history_that_cannot_be_opened_is_a_notice_and_no_end),
        cmocka_unit_test(encryption_is_missed_only_where_it_was_asked_for),
        cmocka_unit_test(a_reload_moves_the_relay_and_a_bad_one_does_not),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}

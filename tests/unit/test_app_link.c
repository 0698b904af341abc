// The receive thread against a listener on loopback, and the client's settings and options.
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <SDL.h>
#include <cmocka.h>

#include "app_link.h"
#include "app_options.h"
#include "app_settings.h"
#include "net_listener.h"
#include "net_loop.h"

#define PATIENCE_MS 10000

struct fixture {
    SDL_sem *woken; // the wake only says that something waits, as the main loop's does
    struct net_loop *loop;
    struct net_listener *listener;
    struct net_stream *peer;
};

static void wake(void *context)
{
    SDL_SemPost(context);
}

static int open_fixture(void **state)
{
    static struct fixture f;
    struct net_addr addr = {.host = "127.0.0.1"};
    f = (struct fixture){.woken = SDL_CreateSemaphore(0)};
    f.loop = net_loop_create(NULL);
    f.listener = net_listener_create(&addr, NULL);
    *state = &f;
    return f.loop && f.listener && net_loop_add_listener(f.loop, f.listener, &f) ? 0 : -1;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;
    net_loop_remove(f->loop, f);
    net_stream_destroy(f->peer);
    net_listener_destroy(f->listener);
    net_loop_destroy(f->loop);
    SDL_DestroySemaphore(f->woken);
    return 0;
}

static struct app_link *start(struct fixture *f, const char *host)
{
    struct net_addr addr = {.port = net_listener_port(f->listener)};
    (void)str_copy(addr.host, sizeof(addr.host), str_from(host)); // fits
    struct app_link *link = app_link_start(&addr, wake, f->woken, NULL);
    assert_non_null(link);
    return link;
}

static void accept_peer(struct fixture *f)
{
    for (int i = 0; i < 100 && !f->peer; i++) {
        net_loop_wait(f->loop, 100);
        (void)net_listener_accept(f->listener, &f->peer); // none yet: the loop goes on
    }
    assert_non_null(f->peer);
}

static struct app_link_event next(struct fixture *f, struct app_link *link)
{
    struct app_link_event event = {0};
    while (!app_link_next(link, &event)) {
        assert_int_equal(SDL_SemWaitTimeout(f->woken, PATIENCE_MS), 0);
    }
    return event;
}

static void read_until(struct net_stream *peer, const char *text)
{
    char got[4096] = "";
    size_t len = 0;
    for (int i = 0; i < 2000 && !strstr(got, text); i++) {
        size_t count = 0;
        if (net_stream_read(peer, got + len, sizeof(got) - 1 - len, &count) != NET_OK) {
            SDL_Delay(5); // the other thread is writing
        }
        len += count;
        got[len] = '\0';
    }
    assert_non_null(strstr(got, text));
}

static void lines_come_in_and_bytes_go_out(void **state)
{
    struct fixture *f = *state;
    size_t done = 0;
    struct app_link *link = start(f, "localhost"); // through the lookup thread
    accept_peer(f);
    assert_int_equal(next(f, link).type, APP_LINK_CONNECTED);
    assert_int_equal(net_stream_write(f->peer, "one\r\n\r\ntwo\nthr", 14, &done), NET_OK);
    struct app_link_event event = next(f, link);
    assert_int_equal(event.type, APP_LINK_LINE);
    assert_true(str_eq(event.text, STR("one")));
    assert_true(str_eq(next(f, link).text, STR("two")));
    app_link_send(link, STR("PRIVMSG #party :hi\r\n"));
    read_until(f->peer, "PRIVMSG #party :hi\r\n");
    app_link_send(link, STR("QUIT :bye\r\n"));
    app_link_close(link);
    read_until(f->peer, "QUIT :bye\r\n"); // a goodbye arrives
    while (!app_link_is_over(link)) {
        (void)SDL_SemWaitTimeout(f->woken, 100); // looked at again in any case
    }
    app_link_destroy(link);
}

static void the_end_of_the_link_is_told_with_a_reason(void **state)
{
    struct fixture *f = *state;
    struct app_link *link = start(f, "127.0.0.1");
    accept_peer(f);
    assert_int_equal(next(f, link).type, APP_LINK_CONNECTED);
    net_stream_destroy(f->peer);
    f->peer = NULL;
    struct app_link_event event = next(f, link);
    assert_int_equal(event.type, APP_LINK_CLOSED);
    assert_true(event.text.len > 0);
    app_link_destroy(link);
}

static void nobody_there_is_told_in_plain_words(void **state)
{
    struct fixture *f = *state;
    struct net_addr nobody = {.host = "127.0.0.3", .port = net_listener_port(f->listener)};
    struct app_link *link = app_link_start(&nobody, wake, f->woken, NULL);
    struct app_link_event event = next(f, link);
    assert_int_equal(event.type, APP_LINK_CLOSED);
    assert_true(str_starts(event.text, STR("Nobody is hosting")));
    app_link_destroy(link);
}

static void a_flood_waits_and_nothing_is_lost(void **state)
{
    struct fixture *f = *state;
    struct app_link *link = start(f, "127.0.0.1");
    accept_peer(f);
    assert_int_equal(next(f, link).type, APP_LINK_CONNECTED);
    char line[1001];
    memset(line, 'x', sizeof(line));
    line[999] = '\n';
    size_t sent = 0;
    size_t total = (size_t)20 * 1000 * 1000; // more than may wait unread
    size_t seen = 0;
    while (seen < total / 1000) {
        size_t done = 0;
        if (sent < total) {
            size_t from = sent % 1000;
            size_t len = total - sent < 1000 - from ? total - sent : 1000 - from;
            (void)net_stream_write(f->peer, line + from, len, &done); // full: tried again
            sent += done;
        }
        if (done == 0) {
            assert_int_equal(next(f, link).type, APP_LINK_LINE);
            seen++;
        }
    }
    assert_int_equal(sent, total);
    app_link_destroy(link);
}

static void settings_survive_and_wrong_lines_are_named(void **state)
{
    (void)state;
    char folder[] = "/tmp/ronron-settings-XXXXXX";
    char path[64];
    struct err err = {0};
    struct app_settings saved;
    struct app_settings loaded;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/settings.ini", folder);
    app_settings_init(&saved);
    app_settings_init(&loaded);
    assert_true(app_settings_load(&loaded, folder, &err)); // no file yet
    (void)str_copy(saved.nick, sizeof(saved.nick), STR("\xC3\x89lodie"));
    saved.is_fullscreen = true;
    saved.is_lan_loopback = true;
    saved.lan_port = 7001;
    assert_true(app_settings_save(&saved, folder, &err));
    assert_true(app_settings_load(&loaded, folder, &err));
    assert_string_equal(loaded.nick, "\xC3\x89lodie");
    assert_true(loaded.is_fullscreen && loaded.is_lan_loopback);
    assert_int_equal(loaded.lan_port, 7001);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs("[lan]\nport = many\n", file);
    assert_int_equal(fclose(file), 0);
    assert_false(app_settings_load(&loaded, folder, &err));
    assert_non_null(strstr(err.text, "line 2"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_false(app_settings_save(&saved, "/proc/nowhere", &err));
}

static bool parse(struct app_options *out, int argc, const char *const *words, struct err *err)
{
    char *argv[8] = {0};
    char copies[8][64];
    for (int i = 0; i < argc; i++) {
        (void)str_copy(copies[i], sizeof(copies[i]), str_from(words[i])); // fits
        argv[i] = copies[i];
    }
    optind = 1;
    return app_options_parse(out, argc, argv, err);
}

static void options_are_read_or_refused(void **state)
{
    (void)state;
    struct app_options options;
    struct err err = {0};
    const char *const host[] = {"ronron", "--host", "Chez Ana", "--window", "800x480"};
    assert_true(parse(&options, 5, host, &err));
    assert_true(options.wants_host && options.host_name != NULL);
    assert_int_equal(options.width, 800);
    const char *const join[] = {"ronron", "--join=irc://h", "--fps", "120", "--lang", "fr"};
    assert_true(parse(&options, 6, join, &err));
    assert_int_equal(options.fps, 120);
    static const char *const bad[][3] = {
        {"ronron", "--window", "100x100"}, {"ronron", "--window", "800"}, {"ronron", "--fps", "0"},
        {"ronron", "--lang", "de"},        {"ronron", "--bogus", "x"},    {"ronron", "stray", "x"}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        err.text[0] = '\0';
        assert_false(parse(&options, 3, bad[i], &err));
        assert_true(err.text[0] != '\0');
    }
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

#define WITH_LISTENER(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LISTENER(lines_come_in_and_bytes_go_out),
        WITH_LISTENER(the_end_of_the_link_is_told_with_a_reason),
        WITH_LISTENER(nobody_there_is_told_in_plain_words),
        WITH_LISTENER(a_flood_waits_and_nothing_is_lost),
        cmocka_unit_test(settings_survive_and_wrong_lines_are_named),
        cmocka_unit_test(options_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}

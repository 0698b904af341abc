// Hosting: the relay on its thread, the host's own link joins like any guest's.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <SDL.h>
#include <cmocka.h>

#include "app_host.h"
#include "app_link.h"

#define PATIENCE_MS 10000

static void wake(void *context)
{
    SDL_SemPost(context);
}

static void wait_for(struct app_link *link, SDL_sem *woken, enum app_link_event_type type,
                     const char *text)
{
    struct app_link_event event;
    for (;;) {
        while (app_link_next(link, &event)) {
            size_t at = 0;
            if (event.type == type && str_find(event.text, str_from(text), &at)) {
                return;
            }
        }
        assert_int_equal(SDL_SemWaitTimeout(woken, PATIENCE_MS), 0);
    }
}

static void two_links_talk_through_a_hosted_party(void **state)
{
    (void)state;
    struct err err = {0};
    struct net_addr listen = {.host = "127.0.0.1"};
    struct app_relay_setup setup = {
        .relay = {.name = STR("Chez Ana"), .seed = 5}, .listen = &listen, .listen_count = 1};
    struct app_host *host = app_host_start(&setup, &err);
    assert_non_null(host);
    listen.port = app_host_port(host);
    assert_null(app_host_start(&setup, &err)); // the port is taken, and said so
    assert_non_null(strstr(err.text, "in use"));
    SDL_sem *woken[2] = {SDL_CreateSemaphore(0), SDL_CreateSemaphore(0)};
    struct net_addr addr = {.host = "127.0.0.1", .port = app_host_port(host)};
    struct app_link *ana = app_link_start(&addr, wake, woken[0], &err);
    struct app_link *leo = app_link_start(&addr, wake, woken[1], &err);
    app_link_send(ana, STR("NICK ana\r\nUSER a 0 * :a\r\nJOIN #party\r\n"));
    wait_for(ana, woken[0], APP_LINK_LINE, " 366 ana #party");
    app_link_send(leo, STR("NICK leo\r\nUSER l 0 * :l\r\nJOIN #party\r\n"));
    wait_for(leo, woken[1], APP_LINK_LINE, " 366 leo #party");
    app_link_send(leo, STR("PRIVMSG #party :salut\r\n"));
    wait_for(ana, woken[0], APP_LINK_LINE, ":leo!~l@127.0.0.1 PRIVMSG #party :salut");
    app_host_stop(host);
    wait_for(ana, woken[0], APP_LINK_LINE, "ERROR :");
    wait_for(leo, woken[1], APP_LINK_CLOSED, "");
    app_link_destroy(ana);
    app_link_destroy(leo);
    SDL_DestroySemaphore(woken[0]);
    SDL_DestroySemaphore(woken[1]);
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
        cmocka_unit_test(two_links_talk_through_a_hosted_party),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}

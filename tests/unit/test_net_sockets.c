// The loop with real sockets on loopback: accept, echo, backpressure, wake, beacon.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <SDL.h>
#include <cmocka.h>

#include "net_beacon.h"
#include "net_connect.h"
#include "net_listener.h"
#include "net_loop.h"

struct pair {
    struct net_loop *loop;
    struct net_listener *listener;
    struct net_stream *client;
    struct net_stream *server;
};

static void pair_open(struct pair *pair)
{
    struct err err = {0};
    struct net_addr addr = {.host = "127.0.0.1"};
    struct net_ready ready;
    pair->loop = net_loop_create(&err);
    pair->listener = net_listener_create(&addr, &err);
    assert_non_null(pair->loop);
    assert_non_null(pair->listener);
    assert_true(net_loop_add_listener(pair->loop, pair->listener, pair));
    struct net_endpoint endpoint = {.number = "127.0.0.1",
                                    .port = net_listener_port(pair->listener)};
    pair->client = net_connect(&endpoint, 2000, NULL, &err);
    assert_non_null(pair->client);
    net_loop_wait(pair->loop, 2000);
    assert_true(net_loop_next(pair->loop, &ready));
    assert_ptr_equal(ready.owner, pair);
    assert_int_equal(net_listener_accept(pair->listener, &pair->server), NET_ACCEPT_OK);
    assert_string_equal(net_stream_peer_host(pair->server), "127.0.0.1");
    assert_true(net_loop_add(pair->loop, pair->server, pair->server));
}

static void pair_close(struct pair *pair)
{
    net_loop_remove(pair->loop, pair->server);
    net_loop_remove(pair->loop, pair);
    net_stream_destroy(pair->server);
    net_stream_destroy(pair->client);
    net_listener_destroy(pair->listener);
    net_loop_destroy(pair->loop);
}

static void bytes_and_the_end_are_noticed(void **state)
{
    (void)state;
    struct pair pair = {0};
    struct net_ready ready;
    char bytes[16];
    size_t count = 0;
    pair_open(&pair);
    assert_int_equal(net_stream_write(pair.client, "purr", 4, &count), NET_OK);
    net_loop_wait(pair.loop, 2000);
    assert_true(net_loop_next(pair.loop, &ready));
    assert_true(ready.is_readable);
    assert_int_equal(net_stream_read(pair.server, bytes, sizeof(bytes), &count), NET_OK);
    assert_memory_equal(bytes, "purr", 4);
    assert_int_equal(net_stream_read(pair.server, bytes, sizeof(bytes), &count), NET_AGAIN);
    net_stream_destroy(pair.client);
    pair.client = NULL;
    net_loop_wait(pair.loop, 2000);
    assert_true(net_loop_next(pair.loop, &ready));
    assert_int_equal(net_stream_read(pair.server, bytes, sizeof(bytes), &count), NET_CLOSED);
    pair_close(&pair);
}

static void a_reader_that_sleeps_gives_again_and_then_room(void **state)
{
    (void)state;
    static char block[256 * 1024];
    struct pair pair = {0};
    struct net_ready ready;
    size_t sent = 0;
    size_t count = 0;
    pair_open(&pair);
    while (net_stream_write(pair.server, block, sizeof(block), &count) == NET_OK) {
        sent += count;
        assert_true(sent < (size_t)64 * 1024 * 1024);
    }
    net_loop_want_write(pair.loop, pair.server, true);
    net_loop_wait(pair.loop, 20);
    assert_false(net_loop_next(pair.loop, &ready));
    for (size_t got = 0; got < sent;) {
        assert_int_not_equal(net_stream_read(pair.client, block, sizeof(block), &count),
                             NET_CLOSED);
        got += count;
    }
    net_loop_wait(pair.loop, 2000);
    assert_true(net_loop_next(pair.loop, &ready));
    assert_true(ready.is_writable);
    pair_close(&pair);
}

static void fill_server_end(struct pair *pair, struct net_stream *stream)
{
    static char block[65536];
    size_t done = 0;
    while (net_stream_write(stream, block, sizeof(block), &done) == NET_OK) {
    }
    net_loop_want_write(pair->loop, pair->server, true);
}

// Milliseconds that a wait took in which nothing may be ready.
static Uint32 sleep_ms(struct pair *pair, int timeout_ms)
{
    struct net_ready ready;
    Uint32 start = SDL_GetTicks();
    net_loop_wait(pair->loop, timeout_ms);
    Uint32 took = SDL_GetTicks() - start;
    assert_false(net_loop_next(pair->loop, &ready));
    return took;
}

static int read_later(void *stream)
{
    static char bytes[65536];
    size_t got = 0;
    SDL_Delay(30);
    for (int quiet = 0; quiet < 20; quiet++) {
        while (net_stream_read(stream, bytes, sizeof(bytes), &got) == NET_OK) {
            quiet = 0;
        }
        SDL_Delay(1);
    }
    return 0;
}

static void a_reader_that_sleeps_wakes_nobody_until_it_reads(void **state)
{
    (void)state;
    struct pair pair = {0};
    struct net_ready ready;
    pair_open(&pair);
    fill_server_end(&pair, pair.server);
    assert_true(sleep_ms(&pair, 100) >= 95);
    SDL_Thread *reader = SDL_CreateThread(read_later, "reader", pair.client);
    net_loop_wait(pair.loop, 5000);
    assert_true(net_loop_next(pair.loop, &ready));
    assert_true(ready.is_writable && ready.owner == pair.server);
    SDL_WaitThread(reader, NULL);
    net_loop_want_write(pair.loop, pair.server, false);
    assert_true(sleep_ms(&pair, 50) >= 45); // room that nobody wants wakes nobody
    pair_close(&pair);
}

static void a_removed_owner_is_not_returned(void **state)
{
    (void)state;
    struct pair pair = {0};
    struct net_ready ready;
    size_t count = 0;
    pair_open(&pair);
    assert_int_equal(net_stream_write(pair.client, "x", 1, &count), NET_OK);
    net_loop_wait(pair.loop, 2000);
    net_loop_remove(pair.loop, pair.server);
    assert_false(net_loop_next(pair.loop, &ready));
    pair_close(&pair);
}

static void a_second_listener_on_the_port_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct net_addr addr = {.host = "127.0.0.1"};
    struct net_listener *first = net_listener_create(&addr, &err);
    assert_non_null(first);
    addr.port = net_listener_port(first);
    assert_null(net_listener_create(&addr, &err));
    assert_non_null(strstr(err.text, "in use"));
    struct net_addr other = {.host = "127.0.0.2", .port = addr.port};
    struct net_listener *beside = net_listener_create(&other, &err); // only the asked address
    assert_non_null(beside);
    net_listener_destroy(beside);
    net_listener_destroy(first);
    struct net_endpoint nobody = {.number = "127.0.0.1", .port = addr.port};
    assert_null(net_connect(&nobody, 2000, NULL, &err));
    assert_non_null(strstr(err.text, "Nobody"));
}

static int wake_later(void *loop)
{
    SDL_Delay(50);
    net_loop_wake(loop);
    net_loop_wake(loop); // coalesced
    return 0;
}

static void a_wake_from_a_thread_ends_the_wait(void **state)
{
    (void)state;
    struct err err = {0};
    struct net_ready ready;
    struct net_loop *loop = net_loop_create(&err);
    assert_non_null(loop);
    for (int round = 0; round < 3; round++) {
        SDL_Thread *thread = SDL_CreateThread(wake_later, "wake", loop);
        Uint64 before = SDL_GetTicks64();
        net_loop_wait(loop, 20000);
        assert_true(SDL_GetTicks64() - before < 15000);
        assert_false(net_loop_next(loop, &ready));
        SDL_WaitThread(thread, NULL);
        net_loop_wait(loop, 0); // the second poke, if it came late
    }
    net_loop_destroy(loop);
}

#define WAKES 200000

struct waker {
    struct net_loop *loop;
    SDL_atomic_t is_done;
};

static int wake_often(void *context)
{
    struct waker *waker = context;
    for (int i = 0; i < WAKES; i++) {
        net_loop_wake(waker->loop);
    }
    SDL_AtomicSet(&waker->is_done, 1);
    return 0;
}

// A wake that falls between two steps of the drain must not silence those that follow.
static void wakes_while_it_drains_leave_it_wakeable(void **state)
{
    (void)state;
    struct err err;
    struct waker waker = {.loop = net_loop_create(&err)};
    assert_non_null(waker.loop);
    for (int round = 0; round < 20; round++) {
        SDL_AtomicSet(&waker.is_done, 0);
        SDL_Thread *thread = SDL_CreateThread(wake_often, "wake", &waker);
        while (!SDL_AtomicGet(&waker.is_done)) {
            net_loop_wait(waker.loop, 0);
        }
        SDL_WaitThread(thread, NULL);
        net_loop_wait(waker.loop, 0);
        net_loop_wake(waker.loop);
        Uint64 start = SDL_GetTicks64();
        net_loop_wait(waker.loop, 300);
        assert_in_range(SDL_GetTicks64() - start, 0, 250);
    }
    net_loop_destroy(waker.loop);
}

static bool hear(struct net_loop *loop, struct net_beacon *beacon, struct net_party *out)
{
    for (int tries = 0; tries < 100; tries++) {
        if (net_beacon_receive(beacon, out)) {
            return true;
        }
        net_loop_wait(loop, 20);
    }
    return false;
}

static void a_question_is_answered_by_the_party(void **state)
{
    (void)state;
    struct err err = {0};
    struct net_party heard;
    struct net_door doors[] = {{0x0A000001, 1}, {0x7F000001, 7000}, {0, 9}}; // 10.0.0.1 is not it
    struct net_party party = {
        .instance = "12ab", .people = 3, .is_locked = true, .name = "F\xC3\xAAte chez Ana"};
    struct net_loop *loop = net_loop_create(&err);
    struct net_addr any = {.host = "127.0.0.1"};
    struct net_listener *number = net_listener_create(&any, &err); // a free number, for UDP as well
    uint16_t port = net_listener_port(number);
    struct net_beacon *host = net_beacon_create(port, NET_SCOPE_LOOPBACK, &err);
    struct net_beacon *guest = net_beacon_create(port, NET_SCOPE_LOOPBACK, &err);
    assert_non_null(host);
    assert_non_null(guest);
    assert_true(net_loop_add_beacon(loop, host, host));
    assert_true(net_loop_add_beacon(loop, guest, guest));
    net_beacon_set_doors(host, doors, 3);
    net_beacon_set_answer(host, &party);
    net_beacon_ask(guest);
    for (int tries = 0; tries < 20; tries++) {
        net_loop_wait(loop, 20);
        (void)net_beacon_receive(host, &heard); // hears itself as well
    }
    assert_true(hear(loop, guest, &heard));
    assert_string_equal(heard.instance, "12ab");
    assert_string_equal(heard.name, "F\xC3\xAAte chez Ana");
    assert_string_equal(heard.host, "127.0.0.1");
    assert_int_equal(heard.port, 7000);
    assert_int_equal(heard.people, 3);
    assert_true(heard.is_locked);
    net_loop_remove(loop, host);
    net_loop_remove(loop, guest);
    net_beacon_destroy(host);
    net_beacon_destroy(guest);
    net_listener_destroy(number);
    net_loop_destroy(loop);
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
        cmocka_unit_test(bytes_and_the_end_are_noticed),
        cmocka_unit_test(a_reader_that_sleeps_gives_again_and_then_room),
        cmocka_unit_test(a_reader_that_sleeps_wakes_nobody_until_it_reads),
        cmocka_unit_test(a_removed_owner_is_not_returned),
        cmocka_unit_test(a_second_listener_on_the_port_is_refused),
        cmocka_unit_test(a_wake_from_a_thread_ends_the_wait),
        cmocka_unit_test(wakes_while_it_drains_leave_it_wakeable),
        cmocka_unit_test(a_question_is_answered_by_the_party),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}

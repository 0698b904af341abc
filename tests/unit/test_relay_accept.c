// A system that has nothing left for one more guest: the relay neither spins nor sleeps for ever.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "log.h"
#include "net_connect.h"
#include "relay_harness.h"

// accept() of this program, and of SDL2_net in it: fails as told, else asks the system. Without its
// header, where it has other types in each standard.
static int accept_error;
static int accept_calls;

int accept(int fd, void *peer, void *len);

int accept(int fd, void *peer, void *len)
{
    accept_calls++;
    if (accept_error) {
        errno = accept_error;
        return -1;
    }
    return (int)syscall(SYS_accept4, fd, peer, len, 0);
}

static int warnings;

static void count_warnings(enum log_level level, const char *module, const char *text)
{
    (void)module;
    (void)text;
    warnings += level == LOG_WARN ? 1 : 0;
}

static int set_up(void **state)
{
    static struct harness h;
    struct net_addr addr = {.host = "127.0.0.1"};
    harness_open(&h, NULL);
    accept_error = 0;
    warnings = 0;
    log_set(count_warnings, LOG_INFO);
    *state = &h;
    return relay_listen(h.relay, &addr, NULL) && relay_admin_listen(h.relay, &addr, NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    harness_close(*state);
    log_set(NULL, LOG_ERROR);
    return 0;
}

static struct net_stream *knock(const char *address)
{
    struct net_addr addr;
    assert_true(net_addr_parse(&addr, str_from(address), NULL));
    struct net_endpoint endpoint = {.number = "127.0.0.1", .port = addr.port};
    struct net_stream *stream = net_connect(&endpoint, 2000, NULL, NULL);
    assert_non_null(stream);
    return stream;
}

// Turns of a loop that has no reason to wait: as fast as it goes.
static void turn_often(struct harness *h)
{
    for (int i = 0; i < 100; i++) {
        harness_turn(h, 0);
    }
}

// Bytes from the relay, or the end: whoever knocked has been let in.
static bool is_heard(struct harness *h, struct net_stream *stream)
{
    char bytes[512];
    size_t got = 0;
    for (int i = 0; i < 2000; i++) {
        if (net_stream_read(stream, bytes, sizeof(bytes), &got) != NET_AGAIN) {
            return true;
        }
        net_loop_wait(h->loop, 1);
        harness_turn(h, 0);
    }
    return false;
}

static const int errors[] = {EMFILE, ENFILE, ENOBUFS, ENOMEM};

static void rests(struct harness *h, const char *address, const char *words)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        struct net_stream *guest = knock(address);
        size_t done = 0;
        assert_int_equal(net_stream_write(guest, words, strlen(words), &done), NET_OK);
        accept_error = errors[i];
        accept_calls = 0;
        warnings = 0;
        turn_often(h);
        assert_in_range(accept_calls, 1, 4); // tried, and on the spare descriptor
        assert_in_range(relay_wait_ms(h->relay, h->now_ms), 1, 1000);
        for (int k = 0; k < 5; k++) { // and again in a moment
            accept_calls = 0;
            harness_turn(h, 1000);
            turn_often(h);
            assert_in_range(accept_calls, 1, 4);
        }
        assert_int_equal(warnings, 1);
        accept_error = 0;
        harness_turn(h, 1000);
        assert_true(is_heard(h, guest));
        net_stream_destroy(guest);
        turn_often(h);
    }
}

static void guests_wait_and_are_let_in(void **state)
{
    struct harness *h = *state;
    rests(h, relay_address(h->relay, 0), "PING 1\r\n");
}

static void who_asks_for_numbers_waits_too(void **state)
{
    struct harness *h = *state;
    rests(h, relay_admin_address(h->relay), "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
}

// A guest who was there leaves: that is a descriptor.
static void nobody_waits_longer_than_until_one_leaves(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    struct net_stream *guest = knock(relay_address(h->relay, 0));
    size_t done = 0;
    assert_int_equal(net_stream_write(guest, "PING 1\r\n", 8, &done), NET_OK);
    accept_error = ENFILE;
    turn_often(h);
    accept_error = 0;
    accept_calls = 0;
    turn_often(h);
    assert_int_equal(accept_calls, 0);
    harness_send(h, ana, "QUIT\r\n");
    assert_true(is_heard(h, guest));
    net_stream_destroy(guest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(guests_wait_and_are_let_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_asks_for_numbers_waits_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_waits_longer_than_until_one_leaves, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// Line framing, pipes and addresses: what needs no socket.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net_addr.h"
#include "net_connect.h"
#include "net_lines.h"
#include "net_loop.h"
#include "net_stream.h"

static void lines_arrive_whole_byte_by_byte(void **state)
{
    (void)state;
    static const char text[] = "one\r\n\ntwo\nthree";
    struct net_lines lines;
    struct str line;
    net_lines_init(&lines, 10);
    static const char *const expected[] = {"one", "", "two"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        assert_true(net_lines_feed(&lines, (struct str){text + i, 1}));
        while (net_lines_next(&lines, &line)) {
            assert_true(str_eq(line, str_from(expected[count])));
            count++;
        }
    }
    assert_int_equal(count, 3);
    assert_true(str_eq(net_lines_rest(&lines), STR("three")));
    net_lines_drop_rest(&lines);
    assert_int_equal(net_lines_rest(&lines).len, 0);
    net_lines_deinit(&lines);
}

static void line_over_the_ceiling_is_refused(void **state)
{
    (void)state;
    struct net_lines lines;
    struct str line;
    net_lines_init(&lines, 5);
    assert_true(net_lines_feed(&lines, STR("12345\r\n1234")));
    assert_true(net_lines_next(&lines, &line));
    assert_true(str_eq(line, STR("12345")));
    assert_false(net_lines_next(&lines, &line));
    assert_false(net_lines_feed(&lines, STR("5678")));
    net_lines_deinit(&lines);
}

static void pipe_carries_both_ways_and_closes(void **state)
{
    (void)state;
    struct net_stream *ends[2];
    char bytes[8];
    size_t count = 0;
    net_pipe_create(ends, 4);
    assert_int_equal(net_stream_read(ends[0], bytes, 8, &count), NET_AGAIN);
    assert_int_equal(net_stream_write(ends[0], "abcdef", 6, &count), NET_OK);
    assert_int_equal(count, 4);
    assert_int_equal(net_stream_write(ends[0], "ef", 2, &count), NET_AGAIN);
    assert_int_equal(net_stream_write(ends[1], "x", 1, &count), NET_OK);
    assert_int_equal(net_stream_read(ends[0], bytes, 8, &count), NET_OK);
    assert_int_equal(bytes[0], 'x');
    net_stream_destroy(ends[0]);
    assert_int_equal(net_stream_read(ends[1], bytes, 8, &count), NET_OK);
    assert_memory_equal(bytes, "abcd", 4);
    assert_int_equal(net_stream_read(ends[1], bytes, 8, &count), NET_CLOSED);
    assert_int_equal(net_stream_write(ends[1], "y", 1, &count), NET_CLOSED);
    assert_true(net_stream_reason(ends[1])[0] != '\0');
    net_stream_destroy(ends[1]);
}

static void addresses_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *host; // NULL: refused
        int port;
    } cases[] = {
        {"host", "host", 0},
        {" 10.0.0.1:7000 ", "10.0.0.1", 7000},
        {"[::1]:6667", "::1", 6667},
        {"::1", "::1", 0},
        {"[fe80::1]", "fe80::1", 0},
        {"irc://ana.lan:6668/#party", "ana.lan", 6668},
        {":7000", "", 7000},
        {"irc://host/", "host", 0},
        {"", NULL, 0},
        {"host:", NULL, 0},
        {"host:99999", NULL, 0},
        {"host:abc", NULL, 0},
        {"a b", NULL, 0},
        {"http://x", NULL, 0},
        {"[::1", NULL, 0},
        {"h\xC3\xA9", NULL, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct net_addr addr = {0};
        struct err err = {0};
        bool is_good = net_addr_parse(&addr, str_from(cases[i].text), &err);
        assert_int_equal(is_good, cases[i].host != NULL);
        if (is_good) {
            assert_string_equal(addr.host, cases[i].host);
            assert_int_equal(addr.port, cases[i].port);
        } else {
            assert_true(err.text[0] != '\0');
        }
    }
    struct net_addr v6 = {.host = "::1", .port = 5};
    char text[64];
    net_addr_format(&v6, text, sizeof(text));
    assert_string_equal(text, "[::1]:5");
}

static void private_ranges_are_known(void **state)
{
    (void)state;
    static const char *const inside[] = {"127.0.0.1",   "10.1.2.3",    "172.16.0.1", "172.31.9.9",
                                         "192.168.1.1", "169.254.1.1", "::1",        "fe80::1",
                                         "fd00::1",     "fe80::1%lo"};
    static const char *const outside[] = {"8.8.8.8",     "172.32.0.1", "192.169.0.1",
                                          "2001:db8::1", "host",       ""};
    for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
        assert_true(net_addr_is_private(str_from(inside[i])));
    }
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        assert_false(net_addr_is_private(str_from(outside[i])));
    }
    assert_true(net_addr_is_loopback(STR("127.9.9.9")));
    assert_true(net_addr_is_loopback(STR("::1")));
    assert_true(net_addr_is_loopback(STR("0::1")));
    assert_false(net_addr_is_loopback(STR("10.0.0.1")));
    assert_false(net_addr_is_loopback(STR("::2")));
}

static void a_link_local_address_keeps_its_interface(void **state)
{
    (void)state;
    struct net_endpoint endpoint;
    struct net_addr addr = {.host = "fe80::1%lo", .port = 7000};
    assert_true(net_resolve(&endpoint, &addr, NULL));
    assert_string_equal(endpoint.number, "fe80::1%lo");
    assert_int_equal(endpoint.port, 7000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_arrive_whole_byte_by_byte),
        cmocka_unit_test(line_over_the_ceiling_is_refused),
        cmocka_unit_test(pipe_carries_both_ways_and_closes),
        cmocka_unit_test(addresses_are_read_as_people_write_them),
        cmocka_unit_test(private_ranges_are_known),
        cmocka_unit_test(a_link_local_address_keeps_its_interface),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

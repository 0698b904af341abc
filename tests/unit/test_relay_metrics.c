// Numbers for an operator: the text is Prometheus', the address speaks HTTP and never waits.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net_connect.h"
#include "relay_harness.h"

// A link to the admin address, turned with the relay until the relay closes it.
static const char *ask(struct harness *h, const char *request, struct buf *got)
{
    struct net_addr addr = {0};
    assert_true(net_addr_parse(&addr, str_from(relay_admin_address(h->relay)), NULL));
    struct net_endpoint endpoint = {.port = addr.port};
    (void)snprintf(endpoint.number, sizeof(endpoint.number), "127.0.0.1");
    struct net_stream *stream = net_connect(&endpoint, 2000, NULL, NULL);
    assert_non_null(stream);
    size_t done = 0;
    buf_init(got, BUF_NO_LIMIT);
    assert_int_equal(net_stream_write(stream, request, strlen(request), &done), NET_OK);
    for (int i = 0; i < 2000; i++) {
        char bytes[4096];
        size_t len = 0;
        net_loop_wait(h->loop, 1);
        relay_turn(h->relay, h->now_ms, HARNESS_UTC_MS + h->now_ms);
        enum net_result result = net_stream_read(stream, bytes, sizeof(bytes), &len);
        if (result == NET_CLOSED) {
            break;
        }
        (void)buf_append(got, (struct str){bytes, result == NET_OK ? len : 0});
    }
    net_stream_destroy(stream);
    return buf_cstr(got);
}

static void open_admin(struct harness *h)
{
    struct net_addr addr = {.host = "127.0.0.1"};
    harness_open(h, NULL);
    assert_true(relay_admin_listen(h->relay, &addr, NULL));
}

static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || c == '_';
        if (!is_letter && !(i > 0 && c >= '0' && c <= '9')) {
            return false;
        }
    }
    return name.len > 0;
}

// The family a sample belongs to: its name without what its type adds.
static struct str family_of(struct str name, struct str type)
{
    static const struct str tails[] = {STR_INIT("_bucket"), STR_INIT("_sum"), STR_INIT("_count")};
    bool has_parts = str_eq(type, STR("histogram")) || str_eq(type, STR("summary"));
    for (size_t i = 0; has_parts && i < 3; i++) {
        if (str_ends(name, tails[i])) {
            return str_range(name, 0, name.len - tails[i].len);
        }
    }
    return name;
}

struct parsed {
    struct str family;
    struct str type;
    size_t samples;
};

static void check_comment(struct parsed *now, struct str line)
{
    struct str word = {0};
    struct str name = {0};
    (void)str_next(&line, ' ', &word); // "#"
    (void)str_next(&line, ' ', &word);
    (void)str_next(&line, ' ', &name);
    assert_true(is_name(name) && line.len > 0);
    if (str_eq(word, STR("HELP"))) {
        assert_false(str_eq(name, now->family)); // one family, one place
        *now = (struct parsed){.family = name, .samples = now->samples};
    } else {
        assert_true(str_eq(word, STR("TYPE")) && str_eq(name, now->family));
        now->type = line;
    }
}

static void check_sample(struct parsed *now, struct str line)
{
    size_t end = 0;
    size_t brace = 0;
    assert_true(str_find_char(line, ' ', &end));
    struct str name = str_range(line, 0, end);
    struct str value = str_range(line, end + 1, line.len);
    if (str_find_char(name, '{', &brace)) {
        assert_true(str_ends(name, STR("\"}")));
        name = str_range(name, 0, brace);
    }
    assert_true(is_name(name) && str_eq(family_of(name, now->type), now->family));
    assert_true(!str_eq(now->type, STR("counter")) || str_ends(name, STR("_total")));
    char number[64];
    char *rest = NULL;
    assert_true(str_copy(number, sizeof(number), value));
    (void)strtod(number, &rest);
    assert_true(rest != number && *rest == '\0');
    now->samples++;
}

static size_t check_text(struct str text)
{
    struct parsed now = {0};
    struct str line;
    assert_true(str_ends(text, STR("\n")));
    while (str_next(&text, '\n', &line)) {
        if (str_starts(line, STR("#"))) {
            check_comment(&now, line);
        } else {
            check_sample(&now, line);
        }
    }
    return now.samples;
}

static void numbers_are_prometheus_text(void **state)
{
    (void)state;
    struct harness h;
    struct buf got;
    open_admin(&h);
    int ana = harness_guest(&h, "ana", NULL);
    (void)harness_guest(&h, "leo", NULL);
    harness_send(&h, ana, "PRIVMSG #party :salut\r\n");
    relay_measured(h.relay, 700);
    relay_measured(h.relay, 3000000);
    const char *answer = ask(&h, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", &got);
    assert_non_null(strstr(answer, "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(answer, "\r\nContent-Type: text/plain; version=0.0.4"));
    const char *body = strstr(answer, "\r\n\r\n") + 4;
    assert_true(check_text(str_from(body)) > 25);
    assert_non_null(strstr(body, "\nronron_clients 2\n"));
    assert_non_null(strstr(body, "\nronron_users 2\n"));
    assert_non_null(strstr(body, "\nronron_rooms 1\n"));
    assert_non_null(strstr(body, "\nronron_messages_total 1\n"));
    assert_non_null(strstr(body, "\nronron_turn_seconds_bucket{le=\"0.000500\"} 0\n"));
    assert_non_null(strstr(body, "\nronron_turn_seconds_bucket{le=\"0.001000\"} 1\n"));
    assert_non_null(strstr(body, "\nronron_turn_seconds_bucket{le=\"+Inf\"} 2\n"));
    assert_non_null(strstr(body, "\nronron_turn_seconds_sum 3.000700\n"));
    char length[64];
    (void)snprintf(length, sizeof(length), "\r\nContent-Length: %zu\r\n", strlen(body));
    assert_non_null(strstr(answer, length));
    buf_deinit(&got);
    harness_close(&h);
}

static void drops_are_counted_by_reason(void **state)
{
    (void)state;
    struct harness h;
    struct buf got;
    struct net_addr addr = {.host = "127.0.0.1"};
    struct relay_config config = {.limits = {.clients = 1}, .seed = 1};
    harness_open(&h, &config);
    assert_true(relay_admin_listen(h.relay, &addr, NULL));
    (void)harness_guest(&h, "ana", NULL);
    int leo = harness_connect(&h, 65536);
    harness_send(&h, leo, "NICK leo\r\n");
    const char *answer = ask(&h, "GET /metrics HTTP/1.0\r\n\r\n", &got);
    assert_non_null(strstr(answer, "\nronron_drops_total{reason=\"full\"} 1\n"));
    assert_non_null(strstr(answer, "\nronron_drops_total{reason=\"sendq\"} 0\n"));
    buf_deinit(&got);
    harness_close(&h);
}

static void other_requests_are_refused_politely(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        const char *status;
    } rows[] = {
        {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 404 "},
        {"POST /metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 405 "},
        {"GET /metrics\r\n\r\n", "HTTP/1.1 400 "},
        {"NICK ana\r\n\r\n", "HTTP/1.1 400 "},
        {"\r\n\r\n", "HTTP/1.1 400 "},
        {"GET /metrics?x=1 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 "},
    };
    struct harness h;
    open_admin(&h);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf got;
        assert_memory_equal(ask(&h, rows[i].request, &got), rows[i].status, strlen(rows[i].status));
        buf_deinit(&got);
    }
    struct buf got;
    const char *answer = ask(&h, "HEAD /metrics HTTP/1.1\r\n\r\n", &got);
    assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n"); // no body
    buf_deinit(&got);
    harness_close(&h);
}

static void an_endless_request_is_cut(void **state)
{
    (void)state;
    struct harness h;
    struct buf got;
    char request[6000];
    open_admin(&h);
    memset(request, 'a', sizeof(request));
    request[sizeof(request) - 1] = '\0';
    (void)ask(&h, request, &got); // its rest unread may cost it the answer, never the relay's time
    buf_deinit(&got);
    const char *answer = ask(&h, "GET /metrics HTTP/1.1\r\n\r\n", &got);
    assert_non_null(strstr(answer, " 200 OK"));
    buf_deinit(&got);
    harness_close(&h);
}

static void silent_askers_lose_their_place(void **state)
{
    (void)state;
    struct harness h;
    struct net_stream *streams[6];
    struct buf got;
    open_admin(&h);
    struct net_addr addr = {0};
    assert_true(net_addr_parse(&addr, str_from(relay_admin_address(h.relay)), NULL));
    struct net_endpoint endpoint = {.port = addr.port};
    (void)snprintf(endpoint.number, sizeof(endpoint.number), "127.0.0.1");
    for (int i = 0; i < 6; i++) {
        streams[i] = net_connect(&endpoint, 2000, NULL, NULL);
        assert_non_null(streams[i]);
        net_loop_wait(h.loop, 100);
        harness_turn(&h, 0);
    }
    const char *answer = ask(&h, "GET /metrics HTTP/1.1\r\n\r\n", &got);
    assert_non_null(strstr(answer, " 200 OK"));
    buf_deinit(&got);
    assert_true(relay_wait_ms(h.relay, h.now_ms) <= 5000);
    harness_turn(&h, 5000);
    assert_int_equal(relay_wait_ms(h.relay, h.now_ms), 60000); // nobody is left to wait for
    for (int i = 0; i < 6; i++) {
        net_stream_destroy(streams[i]);
    }
    harness_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_prometheus_text),
        cmocka_unit_test(drops_are_counted_by_reason),
        cmocka_unit_test(other_requests_are_refused_politely),
        cmocka_unit_test(an_endless_request_is_cut),
        cmocka_unit_test(silent_askers_lose_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

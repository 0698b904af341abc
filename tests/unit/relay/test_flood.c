// Limits of rate and of output: the one who breaks them goes, the others never wait.
#include "expect.h"

// leo hears ana say so until she is closed for it.
static void flood(struct harness *h, const struct relay_config *config, const char *line)
{
    harness_open(h, config);
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    for (int i = 0; i < 60 && !harness_has(h, leo, "QUIT"); i++) {
        harness_send(h, ana, line);
    }
    HAS(h, leo, ":ana!~ana@pipe QUIT :Too many messages at once\r\n");
    assert_true(harness_times(h, leo, ":spam\r\n") <= config->limits.burst);
}

static void flooders_are_closed_with_a_reason(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.limits = relay_limits_normal(), .seed = 1};
    flood(&h, &config, "PRIVMSG #party :spam\r\n");
    harness_close(&h);
}

static void each_of_many_targets_is_paid_for(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.limits = relay_limits_normal(), .seed = 1};
    flood(&h, &config, "PRIVMSG #party,#party,leo,leo :spam\r\n");
    harness_close(&h);
}

// What is refused costs like what is done: a wrong line is answered too.
static void wrong_lines_count_too(void **state)
{
    (void)state;
    char longer[600];
    memset(longer, 'x', sizeof(longer));
    memcpy(longer + sizeof(longer) - 3, "\r\n", 3);
    const char *const lines[] = {"NONSENSE\r\n", "JOIN\r\n",           "PRIVMSG #party :\xFF\r\n",
                                 "A\rB\r\n",     ":only-a-source\r\n", longer};
    for (size_t k = 0; k < sizeof(lines) / sizeof(lines[0]); k++) {
        for (int is_registered = 0; is_registered < 2; is_registered++) {
            struct harness h;
            struct relay_config config = {.limits = relay_limits_normal(), .seed = 1};
            harness_open(&h, &config);
            int ana = is_registered ? harness_guest(&h, "ana", NULL) : harness_connect(&h, 65536);
            harness_send(&h, ana, "CAP LS 302\r\n");
            for (int i = 0; i < 60; i++) {
                harness_send(&h, ana, lines[k]);
            }
            HAS(&h, ana, "ERROR :Closing link: pipe (Too many messages at once)\r\n");
            harness_close(&h);
        }
    }
}

static void long_answers_cost_more(void **state)
{
    (void)state;
    const char *const lines[] = {"METADATA #party SYNC\r\n", "METADATA *ALL SYNC\r\n"};
    for (size_t k = 0; k < sizeof(lines) / sizeof(lines[0]); k++) {
        struct harness h;
        struct relay_config config = {.limits = relay_limits_normal(), .seed = 1};
        harness_open(&h, &config);
        int ana = harness_guest(&h, "ana", "batch draft/metadata-3");
        for (int i = 0; i < 60; i++) {
            harness_send(&h, ana, lines[k]);
        }
        HAS(&h, ana, "ERROR :Closing link: pipe (Too many messages at once)\r\n");
        size_t answers = harness_times(&h, ana, " metadata ");
        assert_true(answers > 0 && answers <= config.limits.burst / 5 + 2); // a welcome, a JOIN
        harness_close(&h);
    }
}

static void a_sleeper_is_dropped_and_the_others_told(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.limits = relay_limits_normal(), .seed = 1};
    harness_open(&h, &config);
    int ana = harness_guest(&h, "ana", NULL);
    int leo = harness_guest(&h, "leo", NULL);
    // The sleeper's end is never read by the harness: its pipe fills, then its queue.
    struct net_stream *ends[2];
    net_pipe_create(ends, 4096);
    relay_attach(h.relay, ends[0]);
    size_t done = 0;
    static const char hello[] = "NICK zed\r\nUSER z 0 * :z\r\nJOIN #party\r\n";
    assert_int_equal(net_stream_write(ends[1], hello, sizeof(hello) - 1, &done), NET_OK);
    harness_turn(&h, 0);
    harness_drop(&h);
    size_t lines = 0;
    while (!harness_has(&h, leo, "QUIT :Does not read") && lines < 10000) {
        char text[460];
        memset(text, 'x', sizeof(text));
        memcpy(text, "PRIVMSG #party :", 16);
        memcpy(text + sizeof(text) - 3, "\r\n", 3);
        harness_send(&h, ana, text);
        harness_turn(&h, 500);
        lines++;
        if (lines % 50 == 0) { // both are alive, one only does not read
            harness_send(&h, leo, "PONG x\r\n");
            (void)net_stream_write(ends[1], "PONG x\r\n", 8, &done);
        }
    }
    assert_true(lines > 2000 && lines < 10000); // about 1 MB
    assert_int_equal(harness_times(&h, leo, "PRIVMSG #party :xxx"), lines);
    assert_int_equal(relay_stats(h.relay).dropped, 1);
    net_stream_destroy(ends[1]);
    harness_close(&h);
}

RELAY_TESTS(cmocka_unit_test(long_answers_cost_more), cmocka_unit_test(wrong_lines_count_too),
            cmocka_unit_test(flooders_are_closed_with_a_reason),
            cmocka_unit_test(each_of_many_targets_is_paid_for),
            cmocka_unit_test(a_sleeper_is_dropped_and_the_others_told))

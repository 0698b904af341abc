// CAP REQ, LIST, END and what is no subcommand (IRCv3 capability negotiation).
#include "expect.h"
#include "relay_parts.h"
#include "utf8.h"

static void a_list_is_taken_as_a_whole_or_not_at_all(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "CAP REQ :echo-message nonsense");
    EXPECT(h, ana, S "CAP * NAK :echo-message nonsense");
    ask(h, ana, "CAP LIST");
    EXPECT(h, ana, S "CAP * LIST :");
    ask(h, ana, "CAP REQ :server-time echo-message -batch");
    EXPECT(h, ana, S "CAP * ACK :server-time echo-message -batch");
    ask(h, ana, "CAP LIST");
    EXPECT(h, ana, "@time={} " S "CAP * LIST :echo-message server-time");
    ask(h, ana, "CAP REQ :-echo-message -nonsense");
    EXPECT(h, ana, "@time={} " S "CAP * NAK :-echo-message -nonsense");
    ask(h, ana, "CAP REQ -echo-message");
    EXPECT(h, ana, "@time={} " S "CAP * ACK :-echo-message");
    ask(h, ana, "CAP LIST");
    EXPECT(h, ana, "@time={} " S "CAP * LIST :server-time");
}

static void registration_waits_for_cap_end(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "CAP LS 302\r\nNICK ana\r\nUSER a 0 * :Ana");
    HAS(h, ana, "CAP * LS :");
    HAS_NOT(h, ana, " 001 ");
    ask(h, ana, "CAP REQ :echo-message nonsense");
    HAS(h, ana, "NAK :echo-message nonsense\r\n");
    ask(h, ana, "CAP REQ :echo-message server-time -batch\r\nCAP LIST\r\nCAP END");
    HAS(h, ana, "ACK :echo-message server-time -batch\r\n");
    HAS(h, ana, "LIST :cap-notify echo-message server-time\r\n");
    HAS(h, ana, " 001 ana ");
}

static void a_request_alone_makes_registration_wait_too(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "CAP REQ batch\r\nNICK ana\r\nUSER a 0 * :Ana");
    EXPECT(h, ana, S "CAP * ACK :batch");
    ask(h, ana, "CAP END");
    HAS(h, ana, " 001 ana ");
}

static void a_refused_request_makes_registration_wait_too(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "NICK ana\r\nCAP REQ nonsense\r\nUSER a 0 * :Ana");
    EXPECT(h, ana, S "CAP ana NAK :nonsense");
    ask(h, ana, "CAP END");
    HAS(h, ana, " 001 ana ");
}

static void what_302_implies_cannot_be_turned_off(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    did(h, ana, "CAP LS 302");
    ask(h, ana, "CAP REQ -cap-notify");
    EXPECT(h, ana, S "CAP * NAK :-cap-notify");
    ask(h, ana, "CAP LIST");
    EXPECT(h, ana, S "CAP * LIST :cap-notify");
}

static void all_that_is_enabled_fits_the_one_line_of_old_clients(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana,
        "CAP REQ :away-notify batch cap-notify echo-message extended-join extended-monitor "
        "invite-notify labeled-response message-tags multi-prefix no-implicit-names "
        "server-time setname standard-replies userhost-in-names");
    HAS(h, ana, "CAP * ACK :away-notify ");
    ask(h, ana,
        "CAP REQ :draft/channel-rename draft/extended-isupport draft/metadata-2 "
        "draft/metadata-3 draft/pre-away");
    HAS(h, ana, "CAP * ACK :draft/");
    ask(h, ana, "CAP LIST");
    assert_int_equal(harness_times(h, ana, "\r\n"), 1);
    assert_true(strlen(harness_got(h, ana)) <= 512);
    HAS(h, ana, " draft/pre-away");
    HAS(h, ana, " userhost-in-names\r\n");
}

static void a_long_list_comes_back_whole(void **state)
{
    struct harness *h = *state;
    struct buf list;
    int ana = harness_guest(h, "a123456789012345678901234567", NULL);
    buf_init(&list, BUF_NO_LIMIT);
    for (int i = 0; i < 80; i++) {
        (void)buf_printf(&list, "%sbatch", i ? " " : "");
    }
    assert_int_equal(list.len, 479);
    ask(h, ana, "CAP REQ :%s", buf_cstr(&list));
    assert_int_equal(harness_times(h, ana, " ACK :"), 2);
    assert_int_equal(harness_times(h, ana, "batch"), 80);
    buf_deinit(&list);
}

// The longest names there are: of the server, and of a client before and after its welcome.
static void the_lines_are_whole_whoever_is_asked(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {
        .server_name = STR("a23456789.a23456789.a23456789.a23456789.a23456789.a2345678.party"),
        .has_utf8_nicks = true,
        .seed = 1};
    harness_open(&h, &config);
    struct buf nick, list, spoilt;
    buf_init(&nick, BUF_NO_LIMIT);
    buf_init(&list, BUF_NO_LIMIT);
    buf_init(&spoilt, BUF_NO_LIMIT);
    for (int i = 0; i < 30; i++) {
        (void)buf_append(&nick, STR("\U00020000"));
    }
    for (int i = 0; i < 80; i++) {
        (void)buf_printf(&list, "%sbatch", i ? " " : "");
    }
    for (int i = 0; i < 240; i++) {
        (void)buf_append(&spoilt, STR("\u00e9"));
    }
    int ana = harness_connect(&h, 65536);
    did(&h, ana, "NICK %s", buf_cstr(&nick));
    ask(&h, ana, "CAP REQ :%s", buf_cstr(&list));
    assert_int_equal(harness_times(&h, ana, "batch"), 80);
    assert_int_equal(harness_times(&h, ana, " ACK :batch"), harness_times(&h, ana, "\r\n"));
    ask(&h, ana, "CAP REQ :%s", buf_cstr(&spoilt));
    assert_int_equal(harness_times(&h, ana, "\u00e9"), 240);
    assert_true(utf8_is_valid(str_from(harness_got(&h, ana))));
    ask(&h, ana, "CAP LS");
    assert_int_equal(harness_times(&h, ana, "\r\n"), 1);
    HAS(&h, ana, " batch "); // and no half of a name at the end
    ask(&h, ana, "CAP LIST");
    EXPECT(&h, ana, "{} LIST :batch");
    ask(&h, ana, "CAP LS 302");
    HAS(&h, ana, " userhost-in-names\r\n");
    HAS(&h, ana, " draft/metadata-3=" RELAY_METADATA_LIMITS);
    for (size_t i = 0; i < irc_cap_count(); i++) {
        char name[64];
        struct str cap = irc_cap_at(i)->name;
        (void)snprintf(name, sizeof(name), "%.*s", STR_ARG(cap));
        bool is_of_store = strstr(name, "account") || strstr(name, "sasl") ||
                           strstr(name, "history") || strstr(name, "playback") ||
                           strstr(name, "marker") || strstr(name, "redaction") ||
                           strstr(name, "search");
        assert_true(is_of_store || harness_has(&h, ana, name));
    }
    buf_deinit(&nick);
    buf_deinit(&list);
    buf_deinit(&spoilt);
    harness_close(&h);
}

static void an_unknown_subcommand_is_410(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "CAP FOO");
    EXPECT(h, ana, S "410 * FOO :{}");
    ask(h, ana, "CAP :");
    EXPECT(h, ana, S "410 * * :{}");
    ask(h, ana, "CAP");
    EXPECT(h, ana, S "461 * CAP :{}");
}

static void capabilities_can_be_changed_after_registration(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "CAP REQ echo-message");
    EXPECT(h, ana, S "CAP ana ACK :echo-message");
    ask(h, ana, "PRIVMSG #party :hi");
    EXPECT(h, ana, ":ana!~ana@pipe PRIVMSG #party :hi");
    did(h, ana, "CAP REQ -echo-message");
    ask(h, ana, "PRIVMSG #party :hi");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "CAP END");
    EXPECT_NOTHING(h, ana);
}

RELAY_TESTS(ROW(a_list_is_taken_as_a_whole_or_not_at_all), ROW(registration_waits_for_cap_end),
            ROW(a_request_alone_makes_registration_wait_too),
            ROW(a_refused_request_makes_registration_wait_too),
            ROW(what_302_implies_cannot_be_turned_off),
            ROW(all_that_is_enabled_fits_the_one_line_of_old_clients),
            cmocka_unit_test(the_lines_are_whole_whoever_is_asked),
            ROW(a_long_list_comes_back_whole), ROW(an_unknown_subcommand_is_410),
            ROW(capabilities_can_be_changed_after_registration))

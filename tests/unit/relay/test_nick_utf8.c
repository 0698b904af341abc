// Nicks beyond ASCII, where the host allows them.
#include "expect.h"

static int setup(void **state)
{
    static struct harness h;
    struct relay_config config = {.name = STR("Test"), .seed = 1, .has_utf8_nicks = true};
    harness_open(&h, &config);
    *state = &h;
    return 0;
}

static void letters_of_one_script_are_a_nick(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "NICK \u00c9lodie\r\nUSER e 0 * :e\r\nJOIN #party");
    HAS(h, ana, S "001 \u00c9lodie :Welcome to Test, \u00c9lodie\r\n");
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "PRIVMSG #party :hi");
    EXPECT(h, leo, ":\u00c9lodie!~e@pipe PRIVMSG #party :hi");
    ask(h, leo, "PRIVMSG \u00c9lodie :hi\r\nWHOIS \u00c9lodie\r\nNAMES #party");
    EXPECT(h, ana, ":leo!~leo@pipe PRIVMSG \u00c9lodie :hi");
    HAS(h, leo, S "311 leo \u00c9lodie ~e pipe * :e\r\n");
    HAS(h, leo, S "353 leo = #party :@\u00c9lodie leo\r\n");
    ask(h, ana, "NICK \u6771\u4eac\u30bf\u30ef\u30fc");
    EXPECT(h, leo, ":\u00c9lodie!~e@pipe NICK :\u6771\u4eac\u30bf\u30ef\u30fc");
}

static void what_deceives_is_refused(void **state)
{
    static const char *const nicks[] = {"\u0430na", "a\u202eb", "a\u200db", "\u0301a",
                                        "\U0001F431"};
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    for (size_t i = 0; i < sizeof(nicks) / sizeof(nicks[0]); i++) {
        ask(h, ana, "NICK %s", nicks[i]);
        EXPECT(h, ana, S "432 ana {} :{}");
    }
}

static void it_is_one_however_it_is_written(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "\u00c9lodie", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "NICK E\u0301lodie");
    EXPECT(h, leo, S "433 leo \u00c9lodie :{}");
    ask(h, ana, "NICK E\u0301lodie"); // its own
    EXPECT_NOTHING(h, ana);
}

static void the_longest_fits_everywhere(void **state)
{
    struct harness *h = *state;
    struct buf nick;
    buf_init(&nick, BUF_NO_LIMIT);
    for (int i = 0; i < 30; i++) {
        (void)buf_append(&nick, STR("\U00020000"));
    }
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", "userhost-in-names");
    did(h, leo, "MONITOR + %s", buf_cstr(&nick));
    ask(h, ana, "NICK %s", buf_cstr(&nick));
    HAS(h, leo, " NICK :\U00020000");
    HAS(h, leo, S "730 leo :\U00020000");
    ask(h, ana, "TOPIC #party :cats\r\nMODE #party +b x\r\nNAMES #party\r\nWHO #party\r\nWHOIS %s",
        buf_cstr(&nick));
    HAS(h, ana, " 318 ");
    ask(h, leo, "TOPIC #party\r\nMODE #party b\r\nUSERHOST %s\r\nISON %s\r\nNAMES #party",
        buf_cstr(&nick), buf_cstr(&nick));
    assert_int_equal(harness_times(h, leo, buf_cstr(&nick)), 5);
    did(h, ana, "QUIT");
    ask(h, leo, "WHOWAS %s", buf_cstr(&nick));
    HAS(h, leo, " 314 leo \U00020000");
    buf_deinit(&nick);
}

static void plain_guests_may_have_one_too(void **state)
{
    struct harness *h = *state;
    int cat = harness_connect(h, 65536);
    harness_send(h, cat, "hello\n");
    int leo = harness_guest(h, "leo", NULL);
    harness_send(h, cat, "/nick \u00c9lodie\n");
    EXPECT(h, leo, ":Guest1!plain@pipe NICK :\u00c9lodie");
}

RELAY_TESTS(cmocka_unit_test_setup_teardown(letters_of_one_script_are_a_nick, setup,
                                            harness_teardown),
            cmocka_unit_test_setup_teardown(what_deceives_is_refused, setup, harness_teardown),
            cmocka_unit_test_setup_teardown(it_is_one_however_it_is_written, setup,
                                            harness_teardown),
            cmocka_unit_test_setup_teardown(the_longest_fits_everywhere, setup, harness_teardown),
            cmocka_unit_test_setup_teardown(plain_guests_may_have_one_too, setup, harness_teardown))

// RESUME: a guest's secret gives the same nick again and names the sender of a message.
#include "accounts.h"

struct guest {
    int client;
    char token[33];
};

// Comes with a token (NULL: asks for one), keeps what it is given.
static struct guest come(struct harness *h, const char *nick, const char *token)
{
    struct guest guest = {.client = harness_connect(h, 65536)};
    ask(h, guest.client, "CAP REQ :message-tags echo-message");
    ask(h, guest.client, "RESUME %s", token ? token : "*");
    if (token) {
        HAS(h, guest.client, " RESUME SUCCESS ");
        (void)snprintf(guest.token, sizeof(guest.token), "%s", token);
    }
    ask(h, guest.client, "NICK %s", nick);
    ask(h, guest.client, "USER %s 0 * :%s", nick, nick);
    ask(h, guest.client, "CAP END");
    const char *at = strstr(harness_got(h, guest.client), S "RESUME TOKEN ");
    if (at) {
        (void)snprintf(guest.token, sizeof(guest.token), "%.32s", at + strlen(S "RESUME TOKEN "));
    }
    return guest;
}

static void only_who_asks_gets_a_token(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "NICK ana");
    ask(h, ana, "USER a 0 * :a");
    HAS(h, ana, " 001 ");
    HAS_NOT(h, ana, "RESUME");
    struct guest leo = come(h, "leo", NULL);
    assert_int_equal(strlen(leo.token), 32);
    HAS(h, leo.client, S "RESUME TOKEN ");
    ask(h, leo.client, "RESUME *");
    EXPECT(h, leo.client, S "FAIL RESUME REGISTRATION_IS_COMPLETED :{}");
}

static void the_nick_comes_back_and_the_half_dead_one_goes(void **state)
{
    struct harness *h = *state;
    struct guest ana = come(h, "ana", NULL);
    did(h, ana.client, "JOIN #party");
    did(h, ana.client, "JOIN #den");
    int leo = harness_guest(h, "leo", NULL);
    did(h, leo, "JOIN #den");
    did(h, leo, "MONITOR + ana");
    harness_drop(h);
    struct guest again = come(h, "whatever", ana.token);
    HAS(h, ana.client, "ERROR :Closing link: pipe (Resumed elsewhere)\r\n");
    HAS(h, again.client, " 001 ana :");
    HAS(h, again.client, ":ana!~whatever@pipe JOIN #den\r\n");
    HAS(h, again.client, " 353 ana = #den :@ana leo\r\n"); // still the host
    HAS(h, again.client, ":ana!~whatever@pipe JOIN #party\r\n");
    EXPECT_NOTHING(h, leo); // nobody came or went
    ask(h, leo, "PRIVMSG ana :hi");
    HAS(h, again.client, " PRIVMSG ana :hi\r\n");
    ask(h, again.client, "LUSERS");
    HAS(h, again.client, " 255 ana :I have 2 clients ");
}

static void away_is_what_was_said_last(void **state)
{
    struct harness *h = *state;
    struct guest ana = come(h, "ana", NULL);
    did(h, ana.client, "JOIN #party");
    int leo = harness_guest(h, "leo", "away-notify");
    did(h, leo, "MONITOR + ana");
    int again = harness_connect(h, 65536); // a phone in a pocket
    did(h, again, "CAP REQ draft/pre-away");
    did(h, again, "AWAY *");
    did(h, again, "RESUME %s", ana.token);
    did(h, again, "USER ana 0 * :ana");
    ask(h, again, "CAP END");
    HAS(h, again, " 001 ana :");
    EXPECT(h, leo, ":ana!~ana@pipe AWAY :Away");
    struct guest back = come(h, "ana", ana.token); // says nothing of it
    EXPECT_NOTHING(h, leo);
    ask(h, leo, "WHOIS ana");
    HAS(h, leo, " 301 leo ana :Away\r\n");
    ask(h, back.client, "AWAY");
    EXPECT(h, leo, ":ana!~ana@pipe AWAY");
}

static void who_began_as_plain_can_resume_too(void **state)
{
    struct harness *h = *state;
    struct guest ana = come(h, "ana", NULL);
    did(h, ana.client, "JOIN #party");
    int again = harness_connect(h, 65536);
    harness_turn(h, 2000); // silent: taken for plain, in the lobby
    did(h, again, "CAP REQ :draft/metadata-3");
    did(h, again, "METADATA * SUB avatar");
    did(h, again, "RESUME %s", ana.token);
    did(h, again, "NICK x");
    did(h, again, "USER x 0 * :x");
    ask(h, again, "CAP END");
    HAS(h, again, " 001 ana :");
    HAS(h, again, " 353 ana = #party :@ana\r\n");
    ask(h, again, "METADATA * SUBS");
    HAS(h, again, " 772 ana avatar\r\n");
}

static void others_learn_of_another_address(void **state)
{
    struct harness *h = *state;
    struct guest ana = come(h, "ana", NULL);
    did(h, ana.client, "JOIN #party");
    int leo = harness_guest(h, "leo", "chghost");
    int old = harness_guest(h, "old", NULL);
    int friend = harness_guest(h, "friend", "chghost extended-monitor");
    int watcher = harness_guest(h, "watcher", "chghost");
    did(h, friend, "MONITOR + ana\r\nPART #party");
    did(h, watcher, "MONITOR + ana\r\nPART #party");
    harness_drop(h);
    (void)come(h, "anna", ana.token);
    EXPECT(h, leo, ":ana!~ana@pipe CHGHOST ~anna pipe");
    EXPECT(h, friend, ":ana!~ana@pipe CHGHOST ~anna pipe");
    EXPECT_NOTHING(h, old);
    EXPECT_NOTHING(h, watcher);
}

static void others_learn_of_the_login_that_comes_with_it(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "acc");
    struct guest ana = come(h, "ana", NULL);
    did(h, ana.client, "JOIN #party");
    int leo = harness_guest(h, "leo", "account-notify");
    int friend = harness_guest(h, "friend", "account-notify extended-monitor");
    did(h, friend, "MONITOR + ana\r\nPART #party");
    int again = harness_connect(h, 65536);
    did(h, again, "CAP REQ sasl\r\nAUTHENTICATE PLAIN");
    did(h, again, "AUTHENTICATE %s", accounts_plain("", "acc", PASSWORD));
    did(h, again, "RESUME %s\r\nUSER ana 0 * :ana", ana.token);
    ask(h, again, "CAP END");
    HAS(h, again, " 001 ana :");
    EXPECT(h, leo, ":ana!~ana@pipe ACCOUNT acc");
    EXPECT(h, friend, ":ana!~ana@pipe ACCOUNT acc");
}

static void a_nick_is_kept_while_nobody_has_it(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    struct guest ana = come(h, "ana", NULL);
    did(h, ana.client, "NICK anna");
    accounts_restart(a);
    struct guest again = come(h, "other", ana.token);
    HAS(h, again.client, " 001 anna :");
    harness_hang_up(h, again.client);
    harness_turn(h, 2000);
    (void)harness_guest(h, "anna", NULL);
    again = come(h, "other", ana.token);
    HAS(h, again.client, " 001 other :");     // somebody else has it now
    HAS_NOT(h, again.client, "RESUME TOKEN"); // the old one stays
}

static void a_made_up_token_is_nobodys(void **state)
{
    struct harness *h = *state;
    int x = harness_connect(h, 65536);
    did(h, x, "CAP LS");
    ask(h, x, "RESUME 00112233445566778899aabbccddeeff");
    EXPECT(h, x, S "FAIL RESUME INVALID_TOKEN :{}");
    did(h, x, "NICK x");
    did(h, x, "USER x 0 * :x");
    ask(h, x, "CAP END");
    HAS(h, x, S "RESUME TOKEN "); // it gets one of its own
    HAS(h, x, " 001 x :");
}

static void a_pin_is_asked_for_all_the_same(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    struct guest ana = come(h, "ana", NULL);
    a->config.password = STR("4711");
    accounts_restart(a);
    int x = harness_connect(h, 65536);
    did(h, x, "RESUME %s", ana.token);
    did(h, x, "NICK x");
    ask(h, x, "USER x 0 * :x");
    HAS(h, x, " 464 ");
    HAS_NOT(h, x, " 001 ");
}

static void a_login_is_not_taken_over_by_a_token(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "acc");
    struct guest ana = come(h, "acc1", NULL);
    did(h, ana.client, "AUTHENTICATE PLAIN");
    did(h, ana.client, "AUTHENTICATE %s", accounts_plain("", "acc", PASSWORD));
    did(h, ana.client, "NICK acc");
    struct guest again = come(h, "other", ana.token);
    HAS(h, again.client, " 001 other :");
    HAS_NOT(h, ana.client, "ERROR");
}

static void a_message_repeated_after_a_cut_is_sent_once(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    struct guest ana = come(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana.client, "JOIN #party");
    harness_drop(h);
    ask(h, ana.client, "@+ronron.chat/id=m1 PRIVMSG #party :once");
    HAS(h, leo, " PRIVMSG #party :once\r\n");
    HAS(h, ana.client, " PRIVMSG #party :once\r\n"); // the echo
    char first[64];
    (void)snprintf(first, sizeof(first), "%.22s", strstr(harness_got(h, ana.client), "msgid="));
    harness_hang_up(h, ana.client);
    struct guest again = come(h, "ana", ana.token);
    did(h, again.client, "JOIN #party");
    harness_drop(h);
    ask(h, again.client, "@+ronron.chat/id=m1 PRIVMSG #party :once");
    HAS(h, again.client, first); // the first copy's id
    EXPECT_NOTHING(h, leo);
    accounts_restart(a); // and the store knows it too
    leo = harness_guest(h, "leo", NULL);
    again = come(h, "ana", ana.token);
    did(h, again.client, "JOIN #party");
    harness_drop(h);
    ask(h, again.client, "@+ronron.chat/id=m1 PRIVMSG #party :once");
    HAS(h, again.client, first);
    EXPECT_NOTHING(h, leo);
}

RELAY_TESTS(ACCOUNTS_ROW(only_who_asks_gets_a_token),
            ACCOUNTS_ROW(the_nick_comes_back_and_the_half_dead_one_goes),
            ACCOUNTS_ROW(away_is_what_was_said_last),
            ACCOUNTS_ROW(who_began_as_plain_can_resume_too),
            ACCOUNTS_ROW(others_learn_of_another_address),
            ACCOUNTS_ROW(others_learn_of_the_login_that_comes_with_it),
            ACCOUNTS_ROW(a_nick_is_kept_while_nobody_has_it),
            ACCOUNTS_ROW(a_made_up_token_is_nobodys), ACCOUNTS_ROW(a_pin_is_asked_for_all_the_same),
            ACCOUNTS_ROW(a_login_is_not_taken_over_by_a_token),
            ACCOUNTS_ROW(a_message_repeated_after_a_cut_is_sent_once))

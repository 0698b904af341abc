// cap-notify (IRCv3 capability negotiation): CAP NEW and DEL when the settings change.
#include "accounts.h"

static void reload(struct accounts *a)
{
    harness_drop(&a->h);
    assert_true(relay_reload(a->h.relay, &a->config, NULL));
    harness_turn(&a->h, 0);
}

static int guest_302(struct harness *h, const char *nick)
{
    int client = harness_connect(h, 65536);
    did(h, client, "CAP LS 302");
    did(h, client, "NICK %s\r\nUSER %s 0 * :%s\r\nCAP END", nick, nick, nick);
    return client;
}

static void what_comes_and_goes_is_told_to_who_wants_to_know(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    int ana = guest_302(h, "ana"), fresh = harness_connect(h, 65536);
    int leo = harness_guest(h, "leo", "cap-notify"), old = harness_guest(h, "old", "batch");
    did(h, fresh, "CAP LS 302");
    a->config.has_registration = false;
    reload(a);
    EXPECT(h, ana, S "CAP ana DEL :draft/account-registration");
    EXPECT(h, leo, S "CAP leo DEL :draft/account-registration");
    EXPECT(h, fresh, S "CAP * DEL :draft/account-registration");
    EXPECT_NOTHING(h, old);
    ask(h, leo, "CAP REQ draft/account-registration");
    EXPECT(h, leo, S "CAP leo NAK :draft/account-registration");
    a->config.has_registration = true;
    reload(a);
    EXPECT(h, ana, S "CAP ana NEW :draft/account-registration=before-connect");
    EXPECT(h, leo, S "CAP leo NEW :draft/account-registration"); // values are for 302
    EXPECT(h, fresh, S "CAP * NEW :draft/account-registration=before-connect");
    EXPECT_NOTHING(h, old);
    ask(h, leo, "CAP REQ draft/account-registration");
    EXPECT(h, leo, S "CAP leo ACK :draft/account-registration");
}

static void another_value_is_told_to_who_knows_values(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    int ana = guest_302(h, "ana"), leo = harness_guest(h, "leo", "cap-notify");
    a->config.is_before_connect = false;
    reload(a);
    EXPECT(h, ana, S "CAP ana NEW :draft/account-registration");
    EXPECT_NOTHING(h, leo);
    reload(a); // and the same again is no news
    EXPECT_NOTHING(h, ana);
}

static void what_is_gone_is_no_longer_enabled(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    int ana = guest_302(h, "ana"), old = harness_guest(h, "old", "draft/account-registration");
    did(h, ana, "CAP REQ draft/account-registration");
    a->config.has_registration = false;
    reload(a);
    a->config.has_registration = true;
    reload(a);
    ask(h, ana, "CAP LIST");
    EXPECT(h, ana, S "CAP ana LIST :cap-notify");
    ask(h, old, "CAP LIST");
    EXPECT(h, old, S "CAP old LIST :");
}

static void plain_guests_hear_nothing_of_it(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    int cat = harness_connect(h, 65536);
    did(h, cat, "hello");
    a->config.has_registration = false;
    reload(a);
    assert_string_equal(harness_got(h, cat), "");
}

RELAY_TESTS(ACCOUNTS_ROW(what_comes_and_goes_is_told_to_who_wants_to_know),
            ACCOUNTS_ROW(another_value_is_told_to_who_knows_values),
            ACCOUNTS_ROW(what_is_gone_is_no_longer_enabled),
            ACCOUNTS_ROW(plain_guests_hear_nothing_of_it))

// cap-notify (IRCv3 capability negotiation): what is offered changes while people talk.
#include "accounts.h"

static void reload(struct accounts *a, bool has_registration, bool is_before_connect)
{
    a->config.has_registration = has_registration;
    a->config.is_before_connect = is_before_connect;
    harness_drop(&a->h);
    assert_true(relay_reload(a->h.relay, &a->config, NULL));
    harness_turn(&a->h, 0);
}

static void who_wants_to_know_is_told(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    int knows = harness_connect(h, 65536); // in the middle of its negotiation
    did(h, knows, "CAP LS 302");
    int old = harness_guest(h, "old", "cap-notify");
    int other = harness_guest(h, "other", "echo-message");
    reload(a, false, true);
    EXPECT(h, knows, S "CAP * DEL :draft/account-registration");
    EXPECT(h, old, S "CAP old DEL :draft/account-registration");
    EXPECT_NOTHING(h, other);
    ask(h, knows, "CAP REQ draft/account-registration");
    EXPECT(h, knows, S "CAP * NAK :draft/account-registration");
    reload(a, true, true);
    EXPECT(h, knows, S "CAP * NEW :draft/account-registration=before-connect");
    EXPECT(h, old, S "CAP old NEW :draft/account-registration"); // knows no values
    EXPECT_NOTHING(h, other);
}

static void what_is_gone_is_enabled_no_more(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    int ana = harness_guest(h, "ana", "cap-notify draft/account-registration");
    int leo = harness_guest(h, "leo", "draft/account-registration echo-message");
    reload(a, false, true);
    ask(h, ana, "CAP LIST");
    EXPECT(h, ana, S "CAP ana LIST :cap-notify");
    ask(h, leo, "CAP LIST");
    EXPECT(h, leo, S "CAP leo LIST :echo-message");
}

static void another_value_is_told_like_a_new_one(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    int ana = harness_connect(h, 65536);
    did(h, ana, "CAP LS 302");
    reload(a, true, false);
    EXPECT(h, ana, S "CAP * NEW :draft/account-registration");
    reload(a, true, false);
    EXPECT_NOTHING(h, ana);
    reload(a, true, true);
    EXPECT(h, ana, S "CAP * NEW :draft/account-registration=before-connect");
}

RELAY_TESTS(ACCOUNTS_ROW(who_wants_to_know_is_told), ACCOUNTS_ROW(what_is_gone_is_enabled_no_more),
            ACCOUNTS_ROW(another_value_is_told_like_a_new_one))

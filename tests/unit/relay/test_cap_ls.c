// CAP LS (IRCv3 capability negotiation): one line for old clients, values and several lines for 302.
#include "accounts.h"

// No line of an answer is longer than a line may be.
static void assert_short_lines(struct harness *h, int client)
{
    struct str rest = str_from(harness_got(h, client));
    struct str line;
    while (str_next(&rest, '\n', &line)) {
        assert_true(line.len + 1 <= 512);
    }
}

static void ls_302_takes_as_many_lines_as_it_needs(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "CAP LS 302");
    HAS(h, ana, "draft/metadata-3=before-connect,");
    HAS(h, ana, " userhost-in-names\r\n");
    assert_short_lines(h, ana);
    size_t lines = harness_times(h, ana, "\r\n");
    assert_true(lines >= 2);
    // All but the last are marked as having more behind them.
    assert_int_equal(harness_times(h, ana, ":ronron.party CAP * LS * :"), lines - 1);
    assert_int_equal(harness_times(h, ana, ":ronron.party CAP * LS :"), 1);
}

static void every_capability_without_account_or_history_is_offered(void **state)
{
    static const char *const names[] = {"away-notify",
                                        "batch",
                                        "cap-notify",
                                        "draft/channel-rename",
                                        "draft/extended-isupport",
                                        "draft/metadata-2",
                                        "draft/metadata-3",
                                        "draft/no-implicit-names",
                                        "draft/pre-away",
                                        "echo-message",
                                        "extended-join",
                                        "extended-monitor",
                                        "invite-notify",
                                        "labeled-response",
                                        "message-tags",
                                        "multi-prefix",
                                        "no-implicit-names",
                                        "server-time",
                                        "setname",
                                        "standard-replies",
                                        "userhost-in-names"};
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "CAP LS 302");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        HAS(h, ana, names[i]);
    }
}

static void plain_ls_is_one_line_without_values_and_drafts(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    static const char *const asks[] = {"CAP LS", "CAP LS 301"};
    for (size_t i = 0; i < 2; i++) {
        ask(h, ana, "%s", asks[i]);
        assert_int_equal(harness_times(h, ana, "\r\n"), 1);
        HAS_NOT(h, ana, "=");
        HAS_NOT(h, ana, "draft/");
        assert_true(strlen(harness_got(h, ana)) <= 512);
        assert_int_equal(strncmp(harness_got(h, ana), ":ronron.party CAP * LS :away-notify ", 34),
                         0);
    }
}

static void plain_ls_is_the_same_after_registration(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "CAP LS");
    assert_int_equal(harness_times(h, ana, "\r\n"), 1);
    HAS(h, ana, ":ronron.party CAP ana LS :");
    HAS_NOT(h, ana, "=");
    ask(h, ana, "PING still");
    EXPECT(h, ana, S "PONG ronron.party :still");
}

static void ls_after_registration_holds_nothing_up(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    did(h, ana, "CAP LS 302");
    ask(h, ana, "PRIVMSG ana :me");
    EXPECT(h, ana, ":ana!~ana@pipe PRIVMSG ana :me");
}

static void plain_ls_after_302_is_plain_too(void **state)
{
    static const char *const asks[] = {"CAP LS", "CAP LS 301"};
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    did(h, ana, "CAP LS 302");
    for (size_t i = 0; i < 2; i++) {
        ask(h, ana, "%s", asks[i]);
        assert_int_equal(harness_times(h, ana, "\r\n"), 1);
        HAS_NOT(h, ana, "=");
    }
    ask(h, ana, "CAP REQ -cap-notify"); // the higher version is remembered
    EXPECT(h, ana, S "CAP * NAK :-cap-notify");
    ask(h, ana, "CAP LS 307"); // what is known below that is served
    assert_true(harness_times(h, ana, "\r\n") >= 2);
    HAS(h, ana, "=");
}

static void all_is_offered_with_its_value_where_there_is_a_store(void **state)
{
    static const char *const words[] = {
        "account-notify",
        "account-tag",
        "away-notify",
        "batch",
        "cap-notify",
        "chghost",
        "draft/account-registration=before-connect",
        "draft/channel-rename",
        "draft/chathistory",
        "draft/event-playback",
        "draft/extended-isupport",
        "draft/message-redaction",
        "draft/metadata-2=before-connect,max-subs=50,max-keys=25,max-key-bytes=64,"
        "max-value-bytes=300",
        "draft/metadata-3=before-connect,max-subs=50,max-keys=25,max-key-bytes=64,"
        "max-value-bytes=300",
        "draft/multiline=max-bytes=4096,max-lines=100",
        "draft/no-implicit-names",
        "draft/pre-away",
        "draft/read-marker",
        "draft/search",
        "echo-message",
        "extended-join",
        "extended-monitor",
        "invite-notify",
        "labeled-response",
        "message-tags",
        "multi-prefix",
        "no-implicit-names",
        "sasl=PLAIN,SCRAM-SHA-256",
        "server-time",
        "setname",
        "soju.im/search",
        "standard-replies",
        "userhost-in-names"};
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    size_t at = 0, count = sizeof(words) / sizeof(words[0]);
    ask(h, ana, "CAP LS 302");
    struct str rest = str_from(harness_got(h, ana)), line, list, word;
    while (str_next(&rest, '\n', &line)) {
        size_t colon = 0;
        assert_true(str_find(line, STR(" :"), &colon));
        list = str_range(line, colon + 2, line.len - 1);
        while (str_next(&list, ' ', &word)) {
            assert_true(at < count);
            assert_true(str_eq(word, str_from(words[at])));
            at++;
        }
    }
    assert_int_equal(at, count);
    assert_short_lines(h, ana);
    ask(h, ana, "CAP LS"); // all that are no drafts
    assert_int_equal(harness_times(h, ana, " "), 3 + 19);
    assert_short_lines(h, ana);
}

RELAY_TESTS(ROW(ls_302_takes_as_many_lines_as_it_needs),
            ROW(every_capability_without_account_or_history_is_offered),
            ROW(plain_ls_is_one_line_without_values_and_drafts),
            ROW(plain_ls_is_the_same_after_registration),
            ROW(ls_after_registration_holds_nothing_up), ROW(plain_ls_after_302_is_plain_too),
            ACCOUNTS_ROW(all_is_offered_with_its_value_where_there_is_a_store))

// METADATA (IRCv3 draft/metadata-3, with -2 as an alias).
#include "expect.h"

#define CAPS "batch draft/metadata-3"

static void get_answers_in_order_in_a_batch(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    int leo = harness_guest(h, "leo", CAPS);
    did(h, ana, "METADATA * SET url :https://a.b/c d");
    ask(h, ana, "METADATA * GET avatar url");
    EXPECT(h, ana, S "BATCH +b{} metadata ana", "@batch=b{} " S "766 ana ana avatar :{}",
           "@batch=b{} " S "761 ana ana url * :https://a.b/c d", S "BATCH -b{}");
    ask(h, leo, "METADATA ANA GET url");
    EXPECT(h, leo, S "BATCH +b{} metadata ana",
           "@batch=b{} " S "761 leo ana url * :https://a.b/c d", S "BATCH -b{}");
    ask(h, ana, "METADATA * GET url K!");
    EXPECT(h, ana, S "BATCH +b{} metadata ana", "@batch=b{} " S "761 ana ana url * :{}",
           "@batch=b{} " S "WARN METADATA INVALID_KEY K! :{}", S "BATCH -b{}");
}

static void set_answers_with_what_is_there_now(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    ask(h, ana, "METADATA * SET display-name :Ana \xF0\x9F\x92\x9C");
    EXPECT(h, ana, S "761 ana ana display-name * :Ana \xF0\x9F\x92\x9C");
    ask(h, ana, "METADATA ana SET display-name :B");
    EXPECT(h, ana, S "761 ana ana display-name * :B");
    ask(h, ana, "METADATA * SET display-name");
    EXPECT(h, ana, S "766 ana ana display-name :{}");
    ask(h, ana, "METADATA * SET display-name :");
    EXPECT(h, ana, S "766 ana ana display-name :{}");
    ask(h, ana, "METADATA * GET display-name");
    EXPECT(h, ana, S "BATCH +b{} metadata ana", "@batch=b{} " S "766 ana ana display-name :{}",
           S "BATCH -b{}");
}

static void list_and_clear_are_batches(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    ask(h, ana, "METADATA * LIST");
    EXPECT(h, ana, S "BATCH +b{} metadata ana", S "BATCH -b{}");
    did(h, ana, "METADATA * SET a :1\r\nMETADATA * SET b :2");
    ask(h, ana, "METADATA * LIST");
    EXPECT(h, ana, S "BATCH +b{} metadata ana", "@batch=b{} " S "761 ana ana a * :1",
           "@batch=b{} " S "761 ana ana b * :2", S "BATCH -b{}");
    ask(h, ana, "METADATA * CLEAR");
    EXPECT(h, ana, S "BATCH +b{} metadata ana", "@batch=b{} " S "766 ana ana b :{}",
           "@batch=b{} " S "766 ana ana a :{}", S "BATCH -b{}");
    ask(h, ana, "METADATA * LIST");
    EXPECT(h, ana, S "BATCH +b{} metadata ana", S "BATCH -b{}");
}

static void subscribers_are_told_live(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int two = harness_guest(h, "two", "draft/metadata-2");
    int three = harness_guest(h, "three", CAPS);
    int none = harness_guest(h, "none", CAPS);
    did(h, two, "PART #party\r\nJOIN #x");
    did(h, three, "PART #party\r\nJOIN #x");
    did(h, none, "PART #party\r\nJOIN #x");
    ask(h, two, "METADATA * SUB avatar");
    HAS(h, two, S "770 two avatar\r\n");
    did(h, three, "METADATA * SUB avatar");
    did(h, ana, "JOIN #x");
    ask(h, ana, "METADATA * SET avatar :cat");
    EXPECT(h, ana, S "761 ana ana avatar * :cat");
    EXPECT(h, two, ":ana!~ana@pipe METADATA ana avatar * :cat");
    EXPECT(h, three, S "761 three ana avatar * :cat");
    EXPECT_NOTHING(h, none);
    ask(h, ana, "METADATA * SET url :x");
    EXPECT_NOTHING(h, three);
    ask(h, ana, "METADATA * SET avatar");
    EXPECT(h, two, ":ana!~ana@pipe METADATA ana avatar *");
    EXPECT(h, three, S "766 three ana avatar :{}");
}

static void a_channel_speaks_by_its_hosts(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    int leo = harness_guest(h, "leo", CAPS);
    int eve = harness_guest(h, "eve", CAPS);
    did(h, ana, "JOIN #a");
    did(h, leo, "METADATA * SUB url");
    did(h, leo, "JOIN #a");
    ask(h, ana, "METADATA #a SET url :x");
    EXPECT(h, ana, S "761 ana #a url * :x");
    EXPECT(h, leo, S "761 leo #a url * :x");
    ask(h, leo, "METADATA #a SET url :y");
    EXPECT(h, leo, S "FAIL METADATA KEY_NO_PERMISSION #a url :{}");
    EXPECT_NOTHING(h, ana);
    ask(h, eve, "METADATA #a LIST");
    EXPECT(h, eve, S "BATCH +b{} metadata #a", "@batch=b{} " S "761 eve #a url * :x",
           S "BATCH -b{}");
}

static void closed_channels_tell_outsiders_nothing(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    int eve = harness_guest(h, "eve", CAPS);
    did(h, eve, "METADATA * SUB url");
    did(h, ana, "JOIN #a");
    did(h, ana, "METADATA #a SET url :secret\r\nMODE #a +i");
    ask(h, eve, "METADATA #a GET url");
    EXPECT(h, eve, S "BATCH +b{} metadata #a",
           "@batch=b{} " S "FAIL METADATA KEY_NO_PERMISSION #a url :{}", S "BATCH -b{}");
    ask(h, eve, "METADATA #a LIST");
    EXPECT(h, eve, S "FAIL METADATA KEY_NO_PERMISSION #a * :{}");
    ask(h, eve, "METADATA #a SYNC");
    EXPECT(h, eve, S "FAIL METADATA KEY_NO_PERMISSION #a * :{}");
}

static void a_secret_channel_is_none_to_outsiders(void **state)
{
    static const char *const asks[] = {"GET url", "LIST", "SET url :x", "CLEAR", "SYNC"};
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    int eve = harness_guest(h, "eve", CAPS);
    did(h, ana, "JOIN #a");
    did(h, ana, "METADATA #a SET url :secret\r\nMODE #a +s");
    for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
        ask(h, eve, "METADATA #a %s", asks[i]);
        EXPECT(h, eve, S "FAIL METADATA INVALID_TARGET #a :{}");
    }
    ask(h, ana, "METADATA #a GET url");
    HAS(h, ana, S "761 ana #a url * :secret\r\n");
}

static void before_the_welcome_one_asks_about_oneself_only(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    did(h, ana, "METADATA * SET url :x\r\nMETADATA #party SET url :y");
    int eve = harness_connect(h, 65536);
    did(h, eve, "CAP REQ :batch draft/metadata-3");
    ask(h, eve, "METADATA ana GET url");
    EXPECT(h, eve, S "FAIL METADATA INVALID_TARGET ana :{}");
    ask(h, eve, "METADATA #party LIST");
    EXPECT(h, eve, S "FAIL METADATA INVALID_TARGET #party :{}");
    ask(h, eve, "METADATA * SET url :z");
    EXPECT(h, eve, S "761 * * url * :z");
}

static void others_cannot_be_changed(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    int leo = harness_guest(h, "leo", CAPS);
    did(h, leo, "METADATA * SET color :blue");
    ask(h, ana, "METADATA leo SET display-name :x");
    EXPECT(h, ana, S "FAIL METADATA KEY_NO_PERMISSION leo display-name :{}");
    ask(h, ana, "METADATA leo CLEAR");
    EXPECT(h, ana, S "FAIL METADATA KEY_NO_PERMISSION leo * :{}");
    EXPECT_NOTHING(h, leo);
    ask(h, leo, "METADATA * GET color");
    HAS(h, leo, "761 leo leo color * :blue");
}

static void targets_and_subcommands_must_exist(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    ask(h, ana, "METADATA nobody LIST");
    EXPECT(h, ana, S "FAIL METADATA INVALID_TARGET nobody :{}");
    ask(h, ana, "METADATA #none GET url");
    EXPECT(h, ana, S "FAIL METADATA INVALID_TARGET #none :{}");
    ask(h, ana, "METADATA * DESTROY");
    EXPECT(h, ana, S "FAIL METADATA INVALID_PARAMS DESTROY :{}");
    ask(h, ana, "METADATA * GET");
    EXPECT(h, ana, S "461 ana METADATA :{}");
    ask(h, ana, "METADATA *");
    EXPECT(h, ana, S "461 ana METADATA :{}");
}

static void there_are_limits(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    int leo = harness_guest(h, "leo", CAPS);
    did(h, leo, "METADATA * SUB more k1");
    char line[512];
    for (int i = 0; i < 25; i++) {
        (void)snprintf(line, sizeof(line), "METADATA * SET k%d :v", i);
        ask(h, ana, "%s", line);
        HAS(h, ana, " 761 ana ana k");
    }
    ask(h, ana, "METADATA * SET more :v");
    EXPECT(h, ana, S "FAIL METADATA LIMIT_REACHED SET * 25 :{}");
    ask(h, ana, "METADATA * SET k1 :%0480d", 0);
    EXPECT(h, ana, S "FAIL METADATA INVALID_VALUE k1 :{}");
    ask(h, ana, "METADATA * SET k1 :%0301d", 0);
    EXPECT(h, ana, S "FAIL METADATA INVALID_VALUE k1 :{}");
    ask(h, ana, "METADATA * SET k1 :\xFF");
    EXPECT(h, ana, S "FAIL METADATA INVALID_UTF8 :{}");
    ask(h, ana, "METADATA * SET K! :v");
    EXPECT(h, ana, S "FAIL METADATA INVALID_KEY K! :{}");
    EXPECT_NOTHING(h, leo);
    ask(h, ana, "METADATA * CLEAR");
    assert_int_equal(harness_times(h, ana, " 766 ana ana k"), 25);
}

static void who_joins_hears_what_was_said_before(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", CAPS);
    did(h, leo, "METADATA * SUB avatar");
    did(h, ana, "JOIN #a\r\nMETADATA #a SET avatar :flag\r\nPART #party");
    did(h, ana, "METADATA * SET avatar :cat\r\nMETADATA * SET url :x");
    ask(h, leo, "JOIN #a");
    EXPECT(h, leo, ":leo!~leo@pipe JOIN #a", S "353 leo = #a :@ana leo", S "366 leo #a :{}",
           S "BATCH +b{} metadata #a", "@batch=b{} " S "761 leo #a avatar * :flag",
           "@batch=b{} " S "761 leo ana avatar * :cat", S "BATCH -b{}");
    int eve = harness_guest(h, "eve", NULL);
    did(h, eve, "METADATA * SET avatar :dog");
    did(h, leo, "PART #party");
    ask(h, eve, "JOIN #a");
    EXPECT(h, leo, ":eve!~eve@pipe JOIN #a", S "761 leo eve avatar * :dog");
}

static void subscriptions_are_listed_and_ended(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    did(h, ana, "PART #party");
    ask(h, ana, "METADATA * SUB avatar url K! url");
    EXPECT(h, ana, S "WARN METADATA INVALID_KEY K! :{}", S "770 ana avatar url url",
           S "774 ana *ALL 0 :{}");
    ask(h, ana, "METADATA * SUBS");
    EXPECT(h, ana, S "BATCH +b{} metadata-subs", "@batch=b{} " S "772 ana avatar",
           "@batch=b{} " S "772 ana url", S "BATCH -b{}");
    ask(h, ana, "METADATA * UNSUB avatar never");
    EXPECT(h, ana, S "771 ana avatar never");
    ask(h, ana, "METADATA * SUBS");
    EXPECT(h, ana, S "BATCH +b{} metadata-subs", "@batch=b{} " S "772 ana url", S "BATCH -b{}");
}

static void too_many_subscriptions_name_the_first_that_failed(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    did(h, ana, "PART #party");
    for (int i = 0; i < 49; i++) {
        did(h, ana, "METADATA * SUB s%d", i);
    }
    ask(h, ana, "METADATA * SUB fits over s1");
    EXPECT(h, ana, S "FAIL METADATA LIMIT_REACHED SUB over 50 :{}", S "770 ana fits",
           S "774 ana *ALL 0 :{}");
}

static void a_late_subscription_says_what_to_fetch(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    int leo = harness_guest(h, "leo", NULL);
    did(h, leo, "METADATA * SET url :x");
    ask(h, ana, "METADATA * SUB url");
    EXPECT(h, ana, S "770 ana url", S "774 ana *ALL 0 :{}");
    ask(h, ana, "METADATA #party SYNC");
    EXPECT(h, ana, S "BATCH +b{} metadata #party", "@batch=b{} " S "761 ana leo url * :x",
           S "BATCH -b{}");
    ask(h, ana, "METADATA leo SYNC");
    EXPECT(h, ana, S "BATCH +b{} metadata leo", "@batch=b{} " S "761 ana leo url * :x",
           S "BATCH -b{}");
}

static void what_is_set_before_the_welcome_is_in_it(void **state)
{
    struct harness *h = *state;
    int eve = harness_guest(h, "eve", CAPS " extended-monitor");
    did(h, eve, "METADATA * SUB url");
    did(h, eve, "MONITOR + ana");
    int ana = harness_connect(h, 65536);
    did(h, ana, "CAP REQ :" CAPS);
    ask(h, ana, "METADATA * SET url :x");
    EXPECT(h, ana, S "761 * * url * :x");
    ask(h, ana, "NICK ana\r\nUSER ana 0 * :ana\r\nCAP END");
    HAS(h, ana, "metadata ana\r\n");
    HAS(h, ana, S "761 ana ana url * :x\r\n");
    assert_true(strstr(harness_got(h, ana), " 761 ") < strstr(harness_got(h, ana), " 375 "));
    EXPECT(h, eve, S "730 eve :ana!~ana@pipe", S "BATCH +b{} metadata ana",
           "@batch=b{} " S "761 eve ana url * :x", S "BATCH -b{}");
}

static void to_the_draft_before_who_is_monitored_needs_a_capability(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int both = harness_guest(h, "both", "batch draft/metadata-2 extended-monitor");
    int one = harness_guest(h, "one", "batch draft/metadata-2");
    did(h, ana, "METADATA * SET url :x");
    did(h, both, "METADATA * SUB url\r\nPART #party");
    did(h, one, "METADATA * SUB url\r\nPART #party");
    ask(h, both, "MONITOR + ana");
    EXPECT(h, both, S "730 both :ana!~ana@pipe", S "761 both ana url * :x");
    ask(h, one, "MONITOR + ana");
    EXPECT(h, one, S "730 one :ana!~ana@pipe");
    ask(h, ana, "METADATA * SET url :y");
    EXPECT(h, both, ":ana!~ana@pipe METADATA ana url * :y");
    EXPECT_NOTHING(h, one);
}

static void whois_shows_it(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    did(h, ana, "METADATA * SET url :x");
    ask(h, ana, "WHOIS ana");
    HAS(h, ana, S "760 ana ana url * :x\r\n");
}

RELAY_TESTS(ROW(get_answers_in_order_in_a_batch), ROW(set_answers_with_what_is_there_now),
            ROW(list_and_clear_are_batches), ROW(subscribers_are_told_live),
            ROW(a_channel_speaks_by_its_hosts), ROW(closed_channels_tell_outsiders_nothing),
            ROW(others_cannot_be_changed), ROW(targets_and_subcommands_must_exist),
            ROW(there_are_limits), ROW(who_joins_hears_what_was_said_before),
            ROW(subscriptions_are_listed_and_ended),
            ROW(too_many_subscriptions_name_the_first_that_failed),
            ROW(a_late_subscription_says_what_to_fetch), ROW(a_secret_channel_is_none_to_outsiders),
            ROW(before_the_welcome_one_asks_about_oneself_only),
            ROW(what_is_set_before_the_welcome_is_in_it),
            ROW(to_the_draft_before_who_is_monitored_needs_a_capability), ROW(whois_shows_it))

// METADATA (IRCv3 draft/metadata-3): what is sent without being asked for, SYNC, subscriptions.
#include "expect.h"

#define CAPS "batch draft/metadata-3"

static void who_joins_is_sent_a_batch_if_only_an_empty_one(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    int bare = harness_guest(h, "bare", "draft/metadata-3");
    int second = harness_guest(h, "second", "batch draft/metadata-2");
    ask(h, ana, "JOIN #a");
    EXPECT(h, ana, ":ana!~ana@pipe JOIN #a", S "353 ana = #a :@ana", S "366 ana #a :{}",
           S "BATCH +b{} metadata #a", S "BATCH -b{}");
    ask(h, bare, "JOIN #a");
    HAS_NOT(h, bare, "BATCH");
    ask(h, second, "JOIN #a");
    HAS_NOT(h, second, "BATCH");
}

static void the_welcome_has_one_too(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    did(h, ana, "CAP REQ :" CAPS "\r\nNICK ana\r\nUSER ana 0 * :ana");
    ask(h, ana, "CAP END");
    const char *batch =
        strstr(harness_got(h, ana), S "BATCH +b1 metadata ana\r\n" S "BATCH -b1\r\n");
    assert_non_null(batch);
    assert_true(batch < strstr(harness_got(h, ana), " 375 "));
    int old = harness_connect(h, 65536);
    ask(h, old, "NICK old\r\nUSER old 0 * :old");
    HAS_NOT(h, old, "BATCH");
}

static void who_is_monitored_comes_with_what_it_says(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", CAPS),
        old = harness_guest(h, "old", "batch draft/metadata-2");
    did(h, ana, "METADATA * SET url :x\r\nMETADATA * SET avatar :cat");
    did(h, leo, "METADATA * SUB url\r\nPART #party");
    did(h, old, "METADATA * SUB url\r\nPART #party");
    ask(h, leo, "MONITOR + ana,anb,eve");
    EXPECT(h, leo, S "730 leo :ana!~ana@pipe", S "731 leo :anb,eve", S "BATCH +b{} metadata ana",
           "@batch=b{} " S "761 leo ana url * :x", S "BATCH -b{}");
    ask(h, old, "MONITOR + ana"); // the draft before wants extended-monitor
    EXPECT(h, old, S "730 old :ana!~ana@pipe");
    ask(h, ana, "METADATA * SET url :y");
    EXPECT(h, leo, S "761 leo ana url * :y");
    EXPECT_NOTHING(h, old);
    ask(h, ana, "NICK anb");
    EXPECT(h, leo, S "731 leo :ana", S "730 leo :anb!~ana@pipe", S "BATCH +b{} metadata anb",
           "@batch=b{} " S "761 leo anb url * :y", S "BATCH -b{}");
    ask(h, leo, "MONITOR S");
    EXPECT(h, leo, S "730 leo :anb!~ana@pipe", S "731 leo :{}", S "BATCH +b{} metadata anb",
           "@batch=b{} " S "761 leo anb url * :y", S "BATCH -b{}");
    int eve = harness_connect(h, 65536);
    ask(h, eve, "METADATA * SET url :z\r\nNICK eve\r\nUSER eve 0 * :eve");
    EXPECT(h, leo, S "730 leo :eve!~eve@pipe", S "BATCH +b{} metadata eve",
           "@batch=b{} " S "761 leo eve url * :z", S "BATCH -b{}");
}

static void only_what_is_new_is_to_be_fetched(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    ask(h, ana, "METADATA * SUB url avatar");
    EXPECT(h, ana, S "770 ana url avatar", S "774 ana *ALL 0 :{}");
    ask(h, ana, "METADATA ANA SUB avatar url");
    EXPECT(h, ana, S "770 ana avatar url");
    int eve = harness_connect(h, 65536);
    did(h, eve, "CAP REQ :" CAPS);
    ask(h, eve, "METADATA * SUB url"); // there is nothing yet that it could see
    EXPECT(h, eve, S "770 * url");
}

static void all_that_one_sees_comes_at_once_and_once(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", CAPS), eve = harness_guest(h, "eve", NULL);
    (void)harness_guest(h, "zoe", NULL);
    did(h, eve, "METADATA * SET url :eve\r\nPART #party");
    did(h, ana, "METADATA * SET url :ana\r\nMETADATA * SET more :x\r\nJOIN #a");
    did(h, ana, "METADATA #a SET url :room");
    did(h, leo, "METADATA * SET url :leo\r\nMETADATA * SUB url\r\nMONITOR + eve,ana\r\nJOIN #a");
    ask(h, leo, "METADATA *ALL SYNC");
    EXPECT(h, leo, S "BATCH +b{} metadata *ALL", "@batch=b{} " S "761 leo #a url * :room",
           "@batch=b{} " S "761 leo leo url * :leo", "@batch=b{} " S "761 leo ana url * :ana",
           "@batch=b{} " S "761 leo eve url * :eve", S "BATCH -b{}");
    ask(h, leo, "METADATA *ALL GET url\r\nMETADATA *ALL LIST");
    EXPECT(h, leo, S "FAIL METADATA INVALID_TARGET *ALL :{}",
           S "FAIL METADATA INVALID_TARGET *ALL :{}");
}

static void one_subscribes_for_oneself(void **state)
{
    static const char *const asks[] = {"leo SUB url", "#party SUB url", "leo UNSUB url",
                                       "#party SUBS"};
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    (void)harness_guest(h, "leo", NULL);
    for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
        char line[128];
        ask(h, ana, "METADATA %s", asks[i]);
        (void)snprintf(line, sizeof(line), S "FAIL METADATA INVALID_TARGET %.*s :{}",
                       (int)strcspn(asks[i], " "), asks[i]);
        EXPECT(h, ana, line);
    }
    ask(h, ana, "METADATA * SUBS");
    EXPECT(h, ana, S "BATCH +b{} metadata-subs", S "BATCH -b{}");
}

static void who_gives_the_capability_up_is_subscribed_to_nothing(void **state)
{
    static const char *const names[] = {"draft/metadata-3", "batch"};
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", CAPS);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        did(h, ana, "METADATA * SET url :x\r\nMETADATA * SUB url");
        did(h, ana, "CAP REQ -%s\r\nCAP REQ %s", names[i], names[i]);
        ask(h, ana, "METADATA * SUBS");
        EXPECT(h, ana, S "BATCH +b{} metadata-subs", S "BATCH -b{}");
        ask(h, ana, "METADATA * LIST"); // what it says itself stays
        EXPECT(h, ana, S "BATCH +b{} metadata ana", "@batch=b{} " S "761 ana ana url * :x",
               S "BATCH -b{}");
    }
}

static void the_draft_before_has_its_own_words(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "batch draft/metadata-2");
    ask(h, ana, "METADATA * SUB K! url");
    EXPECT(h, ana, S "FAIL METADATA KEY_INVALID K! :{}", S "770 ana url", S "774 ana #party 0 :{}");
    ask(h, ana, "METADATA * DESTROY");
    EXPECT(h, ana, S "FAIL METADATA SUBCOMMAND_INVALID DESTROY :{}");
    for (int i = 1; i < 50; i++) {
        did(h, ana, "METADATA * SUB s%d\r\nMETADATA * SET k%d :v", i, i);
    }
    ask(h, ana, "METADATA * SUB over\r\nMETADATA * SET over :v");
    EXPECT(h, ana, S "FAIL METADATA TOO_MANY_SUBS over :{}", S "FAIL METADATA LIMIT_REACHED * :{}");
}

RELAY_TESTS(ROW(who_joins_is_sent_a_batch_if_only_an_empty_one), ROW(the_welcome_has_one_too),
            ROW(who_is_monitored_comes_with_what_it_says), ROW(only_what_is_new_is_to_be_fetched),
            ROW(all_that_one_sees_comes_at_once_and_once), ROW(one_subscribes_for_oneself),
            ROW(who_gives_the_capability_up_is_subscribed_to_nothing),
            ROW(the_draft_before_has_its_own_words))

// LIST (Modern IRC) with all of ELIST=CMNTU and SAFELIST.
#include "expect.h"

// Three channels: #one with a topic, #two with two people, #three secret.
static int make_channels(struct harness *h)
{
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "PART #party\r\nJOIN #one,#two,#three");
    did(h, leo, "PART #party\r\nJOIN #two");
    did(h, ana, "TOPIC #one :cats\r\nMODE #three +s");
    return leo;
}

static void what_is_open_is_listed_with_people_and_topic(void **state)
{
    struct harness *h = *state;
    int leo = make_channels(h);
    ask(h, leo, "LIST");
    assert_int_equal(harness_times(h, leo, " 322 "), 3);
    HAS(h, leo, S "321 leo Channel :Users Name\r\n");
    HAS(h, leo, S "322 leo #one 1 :cats\r\n");
    HAS(h, leo, S "322 leo #two 2 :\r\n");
    HAS(h, leo, S "322 leo #party 0 :\r\n");
    HAS(h, leo, S "323 leo :");
}

static void secret_channels_are_for_members(void **state)
{
    struct harness *h = *state;
    int leo = make_channels(h);
    ask(h, leo, "LIST #three");
    EXPECT(h, leo, S "321 leo {}", S "323 leo :{}");
    ask(h, 0, "LIST #three");
    EXPECT(h, 0, S "321 ana {}", S "322 ana #three 1 :", S "323 ana :{}");
}

static void names_that_nobody_has_are_no_error(void **state)
{
    struct harness *h = *state;
    int leo = make_channels(h);
    ask(h, leo, "LIST #none,#one,bad");
    EXPECT(h, leo, S "321 leo {}", S "322 leo #one 1 :cats", S "323 leo :{}");
}

static void masks_and_their_opposite(void **state)
{
    struct harness *h = *state;
    int leo = make_channels(h);
    ask(h, leo, "LIST *O*");
    assert_int_equal(harness_times(h, leo, " 322 "), 2);
    ask(h, leo, "LIST !*o*");
    EXPECT(h, leo, S "321 leo {}", S "322 leo #party 0 :", S "323 leo :{}");
    ask(h, leo, "LIST *o*,!#one");
    EXPECT(h, leo, S "321 leo {}", S "322 leo #two 2 :", S "323 leo :{}");
}

static void by_number_of_people(void **state)
{
    struct harness *h = *state;
    int leo = make_channels(h);
    ask(h, leo, "LIST >1");
    EXPECT(h, leo, S "321 leo {}", S "322 leo #two 2 :", S "323 leo :{}");
    ask(h, leo, "LIST <2,>0");
    EXPECT(h, leo, S "321 leo {}", S "322 leo #one 1 :cats", S "323 leo :{}");
    ask(h, leo, "LIST #one,#two >1");
    EXPECT(h, leo, S "321 leo {}", S "322 leo #two 2 :", S "323 leo :{}");
}

static void by_age_of_channel_and_topic(void **state)
{
    struct harness *h = *state;
    int leo = make_channels(h);
    harness_turn(h, 0);
    ask(h, leo, "LIST C<1");
    assert_int_equal(harness_times(h, leo, " 322 "), 3);
    ask(h, leo, "LIST C<0");
    EXPECT(h, leo, S "321 leo {}", S "323 leo :{}");
    ask(h, leo, "LIST C>1");
    EXPECT(h, leo, S "321 leo {}", S "323 leo :{}");
    ask(h, leo, "LIST T<1");
    EXPECT(h, leo, S "321 leo {}", S "322 leo #one 1 :cats", S "323 leo :{}");
    for (int i = 0; i < 4; i++) { // three minutes, without a time-out
        harness_turn(h, 45000);
        did(h, leo, "PONG x");
        did(h, 0, "PONG x");
    }
    did(h, 0, "JOIN #young");
    ask(h, leo, "LIST C<3");
    EXPECT(h, leo, S "321 leo {}", S "322 leo #young 1 :", S "323 leo :{}");
    ask(h, leo, "LIST C>2");
    assert_int_equal(harness_times(h, leo, " 322 "), 3);
    ask(h, leo, "LIST T<3");
    EXPECT(h, leo, S "321 leo {}", S "323 leo :{}");
    ask(h, leo, "LIST T>2");
    EXPECT(h, leo, S "321 leo {}", S "322 leo #one 1 :cats", S "323 leo :{}");
    did(h, 0, "TOPIC #one :");
    ask(h, leo, "LIST T>0\r\nLIST T<9");
    HAS_NOT(h, leo, " 322 ");
}

static void a_broken_condition_matches_nothing(void **state)
{
    struct harness *h = *state;
    int leo = make_channels(h);
    ask(h, leo, "LIST >x\r\nLIST C<\r\nLIST T>-1");
    HAS_NOT(h, leo, " 322 ");
    assert_int_equal(harness_times(h, leo, " 323 "), 3);
}

// SAFELIST: whoever asks is not closed for what others have made.
static void a_list_too_long_is_cut_and_says_so(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.limits = {.sendq_bytes = 16384}, .seed = 1};
    char topic[301];
    memset(topic, 'x', sizeof(topic) - 1);
    topic[sizeof(topic) - 1] = '\0';
    harness_open(&h, &config);
    int ana = harness_guest(&h, "ana", NULL);
    int leo = harness_guest(&h, "leo", "labeled-response batch");
    for (int i = 0; i < 49; i++) {
        did(&h, ana, "JOIN #c%d\r\nTOPIC #c%d :%s", i, i, topic);
    }
    ask(&h, leo, "LIST");
    assert_true(harness_times(&h, leo, " 322 ") > 10);
    HAS(&h, leo,
        S "NOTICE leo :The list is too long to be sent at once; ask for a part of it, like "
          "LIST #a*\r\n" S "323 leo :");
    ask(&h, leo, "@label=x LIST");
    HAS(&h, leo, S "323 leo :");
    ask(&h, leo, "LIST #c4*");
    assert_int_equal(harness_times(&h, leo, " 322 "), 10); // #c4, #c40 to #c48
    HAS_NOT(&h, leo, "NOTICE");
    harness_close(&h);
}

RELAY_TESTS(cmocka_unit_test(a_list_too_long_is_cut_and_says_so),
            ROW(what_is_open_is_listed_with_people_and_topic), ROW(secret_channels_are_for_members),
            ROW(names_that_nobody_has_are_no_error), ROW(masks_and_their_opposite),
            ROW(by_number_of_people), ROW(by_age_of_channel_and_topic),
            ROW(a_broken_condition_matches_nothing))

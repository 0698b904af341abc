// WHO (Modern IRC): of a channel, of a nick, of a mask.
#include "expect.h"

static void a_channel_shows_its_people_with_ranks(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, leo, "AWAY :tea");
    did(h, ana, "MODE #party +v leo");
    ask(h, ana, "WHO #PARTY");
    EXPECT(h, ana, S "352 ana #party ~ana pipe ronron.party ana H@ :0 ana",
           S "352 ana #party ~leo pipe ronron.party leo G+ :0 leo", S "315 ana #PARTY :{}");
}

static void a_nick_shows_no_channel(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    (void)harness_guest(h, "Leo", NULL);
    ask(h, ana, "WHO leo");
    EXPECT(h, ana, S "352 ana * ~Leo pipe ronron.party Leo H :0 Leo", S "315 ana leo :{}");
}

static void a_mask_finds_by_all_names(void **state)
{
    static const char *const masks[] = {"*eo", "~Le?", "pip*", "Leo the *", "l*!*@*"};
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "Leo", NULL);
    did(h, leo, "SETNAME :Leo the Cat");
    for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
        ask(h, ana, "WHO :%s", masks[i]);
        HAS(h, ana, S "352 ana * ~Leo pipe ronron.party Leo H :0 Leo the Cat\r\n");
        assert_int_equal(harness_times(h, ana, " 315 "), 1);
    }
    ask(h, ana, "WHO *");
    assert_int_equal(harness_times(h, ana, " 352 "), 2);
    HAS(h, ana, S "315 ana * :");
    ask(h, ana, "WHO");
    assert_int_equal(harness_times(h, ana, " 352 "), 2);
    HAS(h, ana, S "315 ana * :");
    ask(h, ana, "WHO 0");
    assert_int_equal(harness_times(h, ana, " 352 "), 2);
    HAS(h, ana, S "315 ana 0 :");
}

static void nobody_is_an_end_alone(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "WHO nobody\r\nWHO #none\r\nWHO * o");
    EXPECT(h, ana, S "315 ana nobody :{}", S "315 ana #none :{}", S "315 ana * :{}");
}

static void the_invisible_show_to_peers_and_by_their_exact_name(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    did(h, leo, "MODE leo +i");
    did(h, eve, "PART #party");
    ask(h, eve, "WHO l*");
    EXPECT(h, eve, S "315 eve l* :{}");
    ask(h, eve, "WHO leo");
    HAS(h, eve, S "352 eve * ~leo pipe ronron.party leo H :0 leo\r\n");
    ask(h, eve, "WHO #party");
    assert_int_equal(harness_times(h, eve, " 352 "), 1); // ana
    ask(h, ana, "WHO l*");
    assert_int_equal(harness_times(h, ana, " 352 "), 1);
    ask(h, leo, "WHO l*");
    assert_int_equal(harness_times(h, leo, " 352 "), 1);
}

RELAY_TESTS(ROW(a_channel_shows_its_people_with_ranks), ROW(a_nick_shows_no_channel),
            ROW(a_mask_finds_by_all_names), ROW(nobody_is_an_end_alone),
            ROW(the_invisible_show_to_peers_and_by_their_exact_name))

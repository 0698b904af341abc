// RENAME (IRCv3 draft/channel-rename): the same channel by another name.
#include "expect.h"

static void a_renamed_channel_keeps_its_people_modes_and_topic(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "draft/channel-rename");
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #old");
    did(h, leo, "JOIN #old");
    did(h, ana, "TOPIC #old :cats\r\nMODE #old +m");
    ask(h, ana, "RENAME #old #new :better");
    EXPECT(h, ana, ":ana!~ana@pipe RENAME #old #new :better");
    // Who does not know RENAME leaves one and joins the other.
    EXPECT(h, leo, ":leo!~leo@pipe PART #old :better", ":leo!~leo@pipe JOIN #new",
           S "332 leo #new :cats", S "333 leo #new ana {}", S "353 leo = #new :@ana leo",
           S "366 leo #new :{}");
    ask(h, ana, "MODE #new");
    EXPECT(h, ana, S "324 ana #new +mnt", S "329 ana #new {}");
    ask(h, ana, "MODE #old");
    EXPECT(h, ana, S "403 ana #old :{}");
    did(h, ana, "MODE #new -m");
    ask(h, leo, "PRIVMSG #new :here");
    EXPECT(h, ana, ":leo!~leo@pipe PRIVMSG #new :here");
}

static void the_reason_is_always_there(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "draft/channel-rename");
    did(h, ana, "JOIN #old");
    ask(h, ana, "RENAME #old #new");
    EXPECT(h, ana, ":ana!~ana@pipe RENAME #old #new :");
}

static void a_new_case_is_a_new_name_for_those_who_know_it_only(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "draft/channel-rename");
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #old");
    did(h, leo, "JOIN #old");
    ask(h, ana, "RENAME #old #OLD :case");
    EXPECT(h, ana, ":ana!~ana@pipe RENAME #old #OLD :case");
    EXPECT_NOTHING(h, leo);
}

static void who_may_not_is_told_why(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "draft/channel-rename");
    int leo = harness_guest(h, "leo", "draft/channel-rename");
    int eve = harness_guest(h, "eve", NULL);
    did(h, ana, "JOIN #a");
    did(h, leo, "JOIN #a");
    ask(h, ana, "RENAME #none #new");
    EXPECT(h, ana, S "403 ana #none :{}");
    ask(h, eve, "RENAME #a #new");
    EXPECT(h, eve, S "442 eve #a :{}");
    ask(h, leo, "RENAME #a #new");
    EXPECT(h, leo, S "482 leo #a :{}");
    ask(h, ana, "RENAME #a");
    EXPECT(h, ana, S "461 ana RENAME :{}");
    ask(h, ana, "RENAME #party #home");
    EXPECT(h, ana, S "FAIL RENAME CANNOT_RENAME #party #home :{}");
    ask(h, ana, "RENAME #a home");
    EXPECT(h, ana, S "FAIL RENAME CANNOT_RENAME #a home :{}");
    ask(h, ana, "RENAME #a #PARTY");
    EXPECT(h, ana, S "FAIL RENAME CHANNEL_NAME_IN_USE #a #PARTY :{}");
    ask(h, ana, "RENAME #a #a");
    EXPECT(h, ana, S "FAIL RENAME CANNOT_RENAME #a #a :{}");
    EXPECT_NOTHING(h, leo);
}

static void an_invitation_stays_good(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "draft/channel-rename");
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #a");
    did(h, ana, "MODE #a +i\r\nINVITE leo #a\r\nRENAME #a #b");
    ask(h, leo, "JOIN #b");
    HAS(h, leo, ":leo!~leo@pipe JOIN #b\r\n");
}

RELAY_TESTS(ROW(a_renamed_channel_keeps_its_people_modes_and_topic),
            ROW(the_reason_is_always_there),
            ROW(a_new_case_is_a_new_name_for_those_who_know_it_only), ROW(who_may_not_is_told_why),
            ROW(an_invitation_stays_good))

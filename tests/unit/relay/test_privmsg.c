// PRIVMSG (Modern IRC): who gets it, and what is refused.
#include "expect.h"

static void text_goes_to_the_others_only(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    ask(h, ana, "PRIVMSG #PARTY :hi all");
    EXPECT_NOTHING(h, ana);
    EXPECT(h, leo, ":ana!~ana@pipe PRIVMSG #PARTY :hi all");
    EXPECT(h, eve, ":ana!~ana@pipe PRIVMSG #PARTY :hi all");
    ask(h, ana, "PRIVMSG LEO psst");
    EXPECT(h, leo, ":ana!~ana@pipe PRIVMSG LEO :psst");
    EXPECT_NOTHING(h, eve);
}

static void spaces_and_colons_of_the_text_stay(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "PRIVMSG   leo   ::a  b ");
    EXPECT(h, leo, ":ana!~ana@pipe PRIVMSG leo ::a  b ");
}

static void errors_are_one_line(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "PRIVMSG #party :");
    EXPECT(h, ana, S "412 ana :{}");
    ask(h, ana, "PRIVMSG #party");
    EXPECT(h, ana, S "412 ana :{}");
    ask(h, ana, "PRIVMSG");
    EXPECT(h, ana, S "411 ana :{}");
    ask(h, ana, "PRIVMSG nobody :x");
    EXPECT(h, ana, S "401 ana nobody :{}");
    ask(h, ana, "PRIVMSG #none :x");
    EXPECT(h, ana, S "403 ana #none :{}");
    ask(h, ana, "PRIVMSG a,b,c,d,e,f :x");
    EXPECT(h, ana, S "401 ana a :{}", S "401 ana b :{}", S "401 ana c :{}", S "401 ana d :{}",
           S "407 ana e :{}");
}

static void several_targets_get_their_own(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    ask(h, ana, "PRIVMSG leo,#party,nobody,eve :hi");
    EXPECT(h, ana, S "401 ana nobody :{}");
    EXPECT(h, leo, ":ana!~ana@pipe PRIVMSG leo :hi", ":ana!~ana@pipe PRIVMSG #party :hi");
    EXPECT(h, eve, ":ana!~ana@pipe PRIVMSG #party :hi", ":ana!~ana@pipe PRIVMSG eve :hi");
}

static void hosts_can_be_written_to_alone(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    ask(h, ana, "PRIVMSG @#party :hosts only");
    EXPECT_NOTHING(h, leo);
    ask(h, leo, "PRIVMSG @#party :help");
    EXPECT(h, ana, ":leo!~leo@pipe PRIVMSG @#party :help");
    EXPECT_NOTHING(h, eve);
    did(h, ana, "MODE #party +v eve");
    ask(h, leo, "PRIVMSG +#party :voices");
    EXPECT(h, ana, ":leo!~leo@pipe PRIVMSG +#party :voices");
    EXPECT(h, eve, ":leo!~leo@pipe PRIVMSG +#party :voices");
    ask(h, leo, "NOTICE @#party :note");
    EXPECT(h, ana, ":leo!~leo@pipe NOTICE @#party :note");
    EXPECT_NOTHING(h, eve);
}

static void to_oneself_it_is_a_message_like_any(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "PRIVMSG ana :me");
    EXPECT(h, ana, ":ana!~ana@pipe PRIVMSG ana :me");
}

RELAY_TESTS(ROW(text_goes_to_the_others_only), ROW(spaces_and_colons_of_the_text_stay),
            ROW(errors_are_one_line), ROW(several_targets_get_their_own),
            ROW(hosts_can_be_written_to_alone), ROW(to_oneself_it_is_a_message_like_any))

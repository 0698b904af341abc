// INVITE (Modern IRC): who may, who hears, what it opens.
#include "expect.h"

static void host_and_guest_hear_of_it_and_nobody_else(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    did(h, ana, "JOIN #c");
    did(h, eve, "JOIN #c");
    ask(h, ana, "INVITE leo #c");
    EXPECT(h, ana, S "341 ana leo #c");
    EXPECT(h, leo, ":ana!~ana@pipe INVITE leo #c");
    EXPECT_NOTHING(h, eve);
}

static void any_member_may_unless_it_is_by_invitation_only(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    (void)harness_guest(h, "eve", NULL);
    did(h, ana, "JOIN #c");
    did(h, leo, "JOIN #c");
    ask(h, leo, "INVITE eve #c");
    EXPECT(h, leo, S "341 leo eve #c");
    did(h, ana, "MODE #c +i");
    ask(h, leo, "INVITE eve #c");
    EXPECT(h, leo, S "482 leo #c :{}");
}

static void only_hosts_let_in_who_is_banned(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    did(h, ana, "JOIN #c");
    did(h, leo, "JOIN #c");
    did(h, ana, "MODE #c +b eve");
    ask(h, leo, "INVITE eve #c");
    EXPECT(h, leo, S "482 leo #c :{}");
    EXPECT_NOTHING(h, eve);
    ask(h, eve, "JOIN #c");
    EXPECT(h, eve, S "474 eve #c :{}");
}

static void errors_are_one_line(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #c");
    ask(h, ana, "INVITE nobody #c");
    EXPECT(h, ana, S "401 ana nobody :{}");
    ask(h, ana, "INVITE leo #none");
    EXPECT(h, ana, S "403 ana #none :{}");
    ask(h, leo, "INVITE ana #c");
    EXPECT(h, leo, S "442 leo #c :{}");
    ask(h, ana, "INVITE leo #party");
    EXPECT(h, ana, S "443 ana leo #party :{}");
    ask(h, ana, "INVITE leo");
    EXPECT(h, ana, S "461 ana INVITE :{}");
    EXPECT_NOTHING(h, leo);
}

static void it_opens_what_keeps_out_once(void **state)
{
    static const char *const modes[] = {"+i", "+l 1", "+b leo", "+k key"};
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #c");
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        did(h, ana, "MODE #c %s", modes[i]);
        ask(h, leo, "JOIN #c");
        HAS_NOT(h, leo, "JOIN #c\r\n");
        did(h, ana, "INVITE leo #c");
        ask(h, leo, "JOIN #c");
        HAS(h, leo, ":leo!~leo@pipe JOIN #c\r\n");
        did(h, leo, "PART #c");
        ask(h, leo, "JOIN #c");
        HAS_NOT(h, leo, "JOIN #c\r\n");
        did(h, ana, "MODE #c -ilkb x leo");
    }
}

static void it_belongs_to_the_person_not_to_the_name(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    did(h, ana, "JOIN #c");
    did(h, ana, "MODE #c +i\r\nINVITE leo #c");
    did(h, leo, "NICK leonie");
    did(h, eve, "NICK leo");
    ask(h, eve, "JOIN #c");
    EXPECT(h, eve, S "473 leo #c :{}");
    ask(h, leo, "JOIN #c");
    HAS(h, leo, ":leonie!~leo@pipe JOIN #c\r\n");
}

static void it_is_not_for_another_channel_of_that_name(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    did(h, ana, "JOIN #c");
    did(h, ana, "INVITE leo #c\r\nPART #c");
    did(h, eve, "JOIN #c");
    did(h, eve, "MODE #c +i");
    ask(h, leo, "JOIN #c");
    EXPECT(h, leo, S "473 leo #c :{}");
    ask(h, leo, "INVITE");
    EXPECT(h, leo, S "337 leo :{}");
}

static void alone_it_lists_what_waits(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "INVITE");
    EXPECT(h, leo, S "337 leo :{}");
    did(h, ana, "JOIN #c");
    did(h, ana, "INVITE leo #c");
    ask(h, leo, "INVITE");
    EXPECT(h, leo, S "336 leo #c", S "337 leo :{}");
    did(h, leo, "JOIN #c");
    ask(h, leo, "INVITE");
    EXPECT(h, leo, S "337 leo :{}");
}

RELAY_TESTS(ROW(host_and_guest_hear_of_it_and_nobody_else),
            ROW(any_member_may_unless_it_is_by_invitation_only),
            ROW(only_hosts_let_in_who_is_banned), ROW(errors_are_one_line),
            ROW(it_opens_what_keeps_out_once), ROW(it_belongs_to_the_person_not_to_the_name),
            ROW(it_is_not_for_another_channel_of_that_name), ROW(alone_it_lists_what_waits))

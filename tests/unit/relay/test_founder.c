// Rooms that belong to an account: rank q, what outlives the relay, the host of the party.
#include "accounts.h"

static void isupport_knows_the_rank(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "ISUPPORT");
    HAS(h, ana, " PREFIX=(qov)~@+ ");
}

static void who_makes_a_room_while_logged_in_owns_it(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = accounts_guest(h, "ana", "multi-prefix");
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "JOIN #den");
    EXPECT(h, ana, ":ana!~ana@pipe JOIN #den", S "353 ana = #den :~@ana", S "366 ana #den :{}",
           S "MODE #den +qo ana ana");
    ask(h, leo, "JOIN #den");
    HAS(h, leo, S "353 leo = #den :~ana leo\r\n");
    ask(h, leo, "WHOIS ana");
    HAS(h, leo, "~#den");
    ask(h, leo, "WHO #den");
    HAS(h, leo, " ana H~ :0 ana\r\n");
}

static void a_guests_room_is_nobodys(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "JOIN #den");
    HAS(h, ana, S "353 ana = #den :@ana\r\n");
    ask(h, ana, "MODE #den +q ana");
    EXPECT(h, ana, S "482 ana #den :Only who owns the channel may do that");
}

static void an_owner_finds_the_rank_again(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = accounts_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #den");
    did(h, ana, "PART #den");
    ask(h, leo, "JOIN #den"); // it waits for its owner, empty as it is
    HAS(h, leo, S "353 leo = #den :leo\r\n");
    ask(h, ana, "JOIN #den");
    HAS(h, leo, S "MODE #den +qo ana ana\r\n");
}

static void an_owner_who_logs_in_later_gets_it_then(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = accounts_guest(h, "ana", NULL);
    did(h, ana, "JOIN #den");
    did(h, ana, "QUIT");
    int x = harness_guest(h, "x", NULL);
    did(h, x, "JOIN #den");
    did(h, x, "AUTHENTICATE PLAIN");
    ask(h, x, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    HAS(h, x, S "MODE #den +qo x x\r\n");
}

// leo, a host in the room that ana owns.
static int host_in_anas_den(struct harness *h, int *ana)
{
    accounts_make(h, "ana");
    *ana = accounts_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, *ana, "JOIN #den");
    did(h, leo, "JOIN #den");
    did(h, *ana, "MODE #den +o leo");
    return leo;
}

static void owners_cannot_be_sent_out_or_lowered_by_hosts(void **state)
{
    struct harness *h = *state;
    int ana, leo = host_in_anas_den(h, &ana);
    ask(h, leo, "KICK #den ana");
    EXPECT(h, leo, S "482 leo #den :ana owns this channel");
    ask(h, leo, "MODE #den -o ana");
    EXPECT(h, leo, S "482 leo #den :ana owns this channel");
    ask(h, leo, "MODE #den -q ana");
    EXPECT(h, leo, S "482 leo #den :Only who owns the channel may do that");
    ask(h, leo, "MUTE #den ana");
    EXPECT(h, leo, S "482 leo #den :ana owns this channel");
    ask(h, ana, "KICK #den leo");
    HAS(h, leo, " KICK #den leo :");
}

static void a_host_who_goes_takes_no_owner_along(void **state)
{
    struct harness *h = *state;
    int ana, leo = host_in_anas_den(h, &ana);
    ask(h, leo, "KICK #den leo,ana");
    EXPECT(h, leo, ":leo!~leo@pipe KICK #den leo :leo", S "442 leo #den :{}");
    EXPECT(h, ana, ":leo!~leo@pipe KICK #den leo :leo");
}

static void a_room_is_taken_from_its_owner_by_nobody(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    accounts_make(h, "leo");
    int ana = accounts_guest(h, "ana", NULL);
    int leo = accounts_guest(h, "leo", NULL);
    did(h, ana, "JOIN #den");
    did(h, leo, "JOIN #den");
    did(h, ana, "MODE #den +q leo");
    ask(h, leo, "MODE #den -q ana");
    EXPECT(h, leo, S "482 leo #den :ana owns this channel");
    EXPECT_NOTHING(h, ana);
    did(h, ana, "PART #den");
    ask(h, ana, "JOIN #den");
    HAS(h, ana, S "MODE #den +qo ana ana\r\n"); // it is ana's still
}

static void hosts_do_not_rename_what_somebody_owns(void **state)
{
    struct harness *h = *state;
    int ana, leo = host_in_anas_den(h, &ana);
    ask(h, leo, "RENAME #den #lair");
    EXPECT(h, leo, S "FAIL RENAME CANNOT_RENAME #den #lair :Only who owns the channel may do that");
    EXPECT_NOTHING(h, ana);
}

static void an_owner_makes_another(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = accounts_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    did(h, ana, "JOIN #den");
    did(h, leo, "JOIN #den");
    ask(h, ana, "MODE #den +q leo");
    EXPECT(h, leo, ":ana!~ana@pipe MODE #den +qo leo leo");
    ask(h, ana, "MODE #den -q leo");
    EXPECT(h, leo, ":ana!~ana@pipe MODE #den -q leo");
    ask(h, leo, "MODE #den +m");
    EXPECT(h, leo, ":leo!~leo@pipe MODE #den +m"); // still a host
}

static void an_owner_comes_in_whatever_keeps_others_out(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = accounts_guest(h, "ana", NULL);
    did(h, ana, "JOIN #den");
    did(h, ana, "MODE #den +ikb key *!*@*");
    did(h, ana, "PART #den");
    ask(h, ana, "JOIN #den");
    HAS(h, ana, ":ana!~ana@pipe JOIN #den\r\n");
}

static void a_room_outlives_the_relay(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    accounts_make(h, "ana");
    accounts_make(h, "leo");
    int ana = accounts_guest(h, "ana", NULL);
    int leo = accounts_guest(h, "leo", NULL);
    did(h, ana, "JOIN #Den");
    did(h, leo, "JOIN #den");
    did(h, ana, "TOPIC #den :where we meet");
    did(h, ana, "MODE #den +o leo");
    did(h, ana, "MODE #den +mfkl 7 key 9");
    did(h, ana, "MODE #den +beI bad!*@* good!*@* friend!*@*");
    did(h, ana, "PART #den");
    did(h, leo, "PART #den");
    accounts_restart(a);
    leo = accounts_guest(h, "leo", NULL);
    ask(h, leo, "JOIN #den key");
    EXPECT(h, leo, ":leo!~leo@pipe JOIN #Den", S "332 leo #Den :where we meet",
           S "333 leo #Den ana {}", S "353 leo = #Den :@leo", S "366 leo #Den :{}",
           S "MODE #Den +o leo");
    ask(h, leo, "MODE #den");
    EXPECT(h, leo, S "324 leo #Den +mntkfl key 7 9", S "329 leo #Den 1700000001");
    ask(h, leo, "MODE #den +b");
    EXPECT(h, leo, S "367 leo #Den bad!*@* ana {}", S "368 leo #Den :{}");
    ask(h, leo, "MODE #den +e");
    HAS(h, leo, " 348 leo #Den good!*@* ana ");
    ask(h, leo, "MODE #den +I");
    HAS(h, leo, " 346 leo #Den friend!*@* ana ");
    ana = accounts_guest(h, "ana", NULL);
    ask(h, ana, "JOIN #den key");
    HAS(h, leo, S "MODE #Den +qo ana ana\r\n");
}

static void an_owner_can_give_a_room_up(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    accounts_make(h, "ana");
    int ana = accounts_guest(h, "ana", NULL);
    did(h, ana, "JOIN #den");
    did(h, ana, "TOPIC #den :old");
    did(h, ana, "MODE #den -q ana");
    did(h, ana, "PART #den");
    int leo = harness_guest(h, "leo", NULL);
    ask(h, leo, "JOIN #den");
    EXPECT(h, leo, ":leo!~leo@pipe JOIN #den", S "353 leo = #den :@leo", S "366 leo #den :{}");
    did(h, leo, "PART #den");
    accounts_restart(a);
    ana = accounts_guest(h, "ana", NULL);
    ask(h, ana, "LIST #den");
    HAS_NOT(h, ana, " 322 ");
}

static void a_renamed_room_keeps_its_owner(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    accounts_make(h, "ana");
    int ana = accounts_guest(h, "ana", NULL);
    did(h, ana, "JOIN #den");
    did(h, ana, "RENAME #den #lair :nicer");
    accounts_restart(a);
    ana = accounts_guest(h, "ana", NULL);
    ask(h, ana, "LIST");
    HAS(h, ana, " 322 ana #lair 0 :");
    HAS_NOT(h, ana, "#den");
    ask(h, ana, "JOIN #lair");
    HAS(h, ana, S "353 ana = #lair :~ana\r\n");
}

static void one_account_has_so_many_rooms(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    int ana = accounts_guest(h, "ana", NULL);
    for (int i = 0; i < 21; i++) {
        did(h, ana, "JOIN #r%d", i);
        if (i < 20) {
            did(h, ana, "PART #r%d", i);
        }
    }
    ask(h, ana, "NAMES #r20");
    HAS(h, ana, " 353 ana = #r20 :@ana\r\n"); // like a guest's
    ask(h, ana, "JOIN #r19");
    HAS(h, ana, " 353 ana = #r19 :~ana\r\n");
}

static void the_host_of_the_party_owns_the_lobby(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    accounts_make(h, "ana");
    a->config.host_account = STR("Ana");
    accounts_restart(a);
    int leo = harness_connect(h, 65536);
    did(h, leo, "NICK leo");
    did(h, leo, "USER leo 0 * :leo");
    ask(h, leo, "JOIN #party");
    HAS(h, leo, S "353 leo = #party :leo\r\n"); // the first, but not the host
    int ana = accounts_guest(h, "ana", NULL);
    ask(h, leo, "NAMES #party");
    HAS(h, leo, "~ana");
    did(h, ana, "TOPIC #party :mine");
    accounts_restart(a);
    ana = accounts_guest(h, "ana", NULL);
    ask(h, ana, "TOPIC #party");
    HAS(h, ana, " 332 ana #party :mine\r\n");
}

static void a_new_host_of_the_party_has_the_rank_at_once(void **state)
{
    struct accounts *a = *state;
    struct harness *h = &a->h;
    accounts_make(h, "ana");
    accounts_make(h, "leo");
    a->config.host_account = STR("ana");
    accounts_restart(a);
    int ana = accounts_guest(h, "ana", NULL);
    int leo = accounts_guest(h, "leo", NULL);
    harness_drop(h);
    a->config.host_account = STR("leo");
    assert_true(relay_reload(h->relay, &a->config, NULL));
    harness_turn(h, 0);
    EXPECT(h, leo, S "MODE #party -q ana", S "MODE #party +qo leo leo");
    ask(h, ana, "KICK #party leo");
    HAS_NOT(h, leo, " KICK ");
    ask(h, leo, "KICK #party ana");
    HAS(h, ana, " KICK #party ana :");
}

static void who_logs_in_as_somebody_else_owns_it_no_more(void **state)
{
    struct harness *h = *state;
    accounts_make(h, "ana");
    accounts_make(h, "leo");
    int ana = accounts_guest(h, "ana", NULL);
    did(h, ana, "JOIN #den");
    int tom = harness_guest(h, "tom", NULL);
    did(h, tom, "JOIN #den");
    did(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD)); // again as itself
    EXPECT_NOTHING(h, tom);
    did(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "AUTHENTICATE %s", accounts_plain("", "leo", PASSWORD));
    EXPECT(h, tom, S "MODE #den -q ana"); // a host it stays
    ask(h, ana, "MODE #den +q tom");
    EXPECT(h, ana, S "482 ana #den :Only who owns the channel may do that");
    did(h, ana, "AUTHENTICATE PLAIN");
    ask(h, ana, "AUTHENTICATE %s", accounts_plain("", "ana", PASSWORD));
    EXPECT(h, tom, S "MODE #den +q ana");
    did(h, ana, "MODE #den +q tom"); // a guest is given the rank, and logs in only then
    did(h, tom, "AUTHENTICATE PLAIN");
    ask(h, tom, "AUTHENTICATE %s", accounts_plain("", "leo", PASSWORD));
    HAS_NOT(h, tom, " -q ");
}

RELAY_TESTS(ACCOUNTS_ROW(who_logs_in_as_somebody_else_owns_it_no_more),
            ACCOUNTS_ROW(isupport_knows_the_rank),
            ACCOUNTS_ROW(who_makes_a_room_while_logged_in_owns_it),
            ACCOUNTS_ROW(a_guests_room_is_nobodys), ACCOUNTS_ROW(an_owner_finds_the_rank_again),
            ACCOUNTS_ROW(an_owner_who_logs_in_later_gets_it_then),
            ACCOUNTS_ROW(owners_cannot_be_sent_out_or_lowered_by_hosts),
            ACCOUNTS_ROW(a_host_who_goes_takes_no_owner_along),
            ACCOUNTS_ROW(a_room_is_taken_from_its_owner_by_nobody),
            ACCOUNTS_ROW(hosts_do_not_rename_what_somebody_owns),
            ACCOUNTS_ROW(an_owner_makes_another),
            ACCOUNTS_ROW(an_owner_comes_in_whatever_keeps_others_out),
            ACCOUNTS_ROW(a_room_outlives_the_relay), ACCOUNTS_ROW(an_owner_can_give_a_room_up),
            ACCOUNTS_ROW(a_renamed_room_keeps_its_owner),
            ACCOUNTS_ROW(one_account_has_so_many_rooms),
            ACCOUNTS_ROW(the_host_of_the_party_owns_the_lobby),
            ACCOUNTS_ROW(a_new_host_of_the_party_has_the_rank_at_once))

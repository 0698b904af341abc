// Talking, tags, channels, modes: who gets what, with the exact numerics.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "relay_harness.h"

static void text_goes_to_the_others_only(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    harness_drop(h);
    harness_send(h, ana, "PRIVMSG #party :hi all\r\n");
    assert_string_equal(harness_got(h, ana), "");
    assert_string_equal(harness_got(h, leo), ":ana!~ana@pipe PRIVMSG #party :hi all\r\n");
    assert_string_equal(harness_got(h, eve), harness_got(h, leo));
    harness_drop(h);
    harness_send(h, ana, "PRIVMSG leo :psst\r\n");
    assert_string_equal(harness_got(h, leo), ":ana!~ana@pipe PRIVMSG leo :psst\r\n");
    assert_string_equal(harness_got(h, eve), "");
}

static void tags_reach_only_those_who_asked(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags echo-message server-time");
    int old = harness_guest(h, "old", NULL);
    int timed = harness_guest(h, "timed", "server-time");
    int full = harness_guest(h, "full", "message-tags");
    harness_drop(h);
    harness_send(h, ana, "@+x=a\\sb;y=1;+z PRIVMSG #party :hi\r\n");
    assert_string_equal(harness_got(h, old), ":ana!~ana@pipe PRIVMSG #party :hi\r\n");
    assert_int_equal(strncmp(harness_got(h, timed), "@time=2023-", 11), 0);
    assert_false(harness_has(h, timed, "msgid"));
    assert_true(harness_has(h, full, ";+x=a\\sb;+z :ana!"));
    assert_false(harness_has(h, full, "y=1"));
    // The echo carries the id that everybody else saw.
    const char *id = strstr(harness_got(h, full), "msgid=");
    assert_non_null(id);
    char msgid[23];
    memcpy(msgid, id, 22);
    msgid[22] = '\0';
    assert_true(harness_has(h, ana, msgid));
    harness_drop(h);
    harness_send(h, ana, "@+typing=active TAGMSG #party\r\n");
    assert_string_equal(harness_got(h, old), "");
    assert_string_equal(harness_got(h, timed), "");
    assert_true(harness_has(h, full, "+typing=active :ana!~ana@pipe TAGMSG #party\r\n"));
}

static void a_repeated_id_is_relayed_once(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags echo-message server-time");
    int leo = harness_guest(h, "leo", NULL);
    harness_drop(h);
    harness_send(h, ana, "@+ronron.chat/id=k1 PRIVMSG #party :once\r\n");
    char first[512];
    (void)str_copy(first, sizeof(first), str_from(harness_got(h, ana)));
    harness_turn(h, 5000);
    harness_drop(h);
    harness_send(h, ana, "@+ronron.chat/id=k1 PRIVMSG #party :once\r\n");
    assert_string_equal(harness_got(h, leo), "");
    assert_string_equal(harness_got(h, ana), first);
    harness_send(h, ana, "@+ronron.chat/id=k2 PRIVMSG #party :twice\r\n");
    assert_int_equal(harness_times(h, leo, "PRIVMSG"), 1);
}

static void labels_come_back_exactly_once(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags labeled-response batch echo-message");
    harness_drop(h);
    harness_send(h, ana, "@label=p1 PONG x\r\n");
    assert_string_equal(harness_got(h, ana), "@label=p1 :ronron.party ACK\r\n");
    harness_drop(h);
    harness_send(h, ana, "@label=p2 FOO\r\n");
    assert_string_equal(harness_got(h, ana),
                        "@label=p2 :ronron.party 421 ana FOO :Unknown command\r\n");
    harness_drop(h);
    harness_send(h, ana, "@label=p3 PRIVMSG #party :hi\r\n");
    assert_int_equal(strncmp(harness_got(h, ana), "@label=p3;msgid=", 16), 0);
    harness_drop(h);
    harness_send(h, ana, "@label=p4 WHOIS ana\r\n");
    assert_int_equal(harness_times(h, ana, "label=p4"), 1);
    assert_int_equal(strncmp(harness_got(h, ana), "@label=p4 :ronron.party BATCH +", 31), 0);
    assert_true(harness_has(h, ana, "BATCH -"));
    harness_drop(h);
    harness_send(h, ana, "@label=p5 PRIVMSG ana :me\r\n");
    assert_int_equal(harness_times(h, ana, "PRIVMSG ana :me"), 2);
    assert_int_equal(harness_times(h, ana, "label=p5"), 1);
}

static void join_answers_in_order_and_first_is_host(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    harness_send(h, ana, "JOIN #new\r\n");
    assert_string_equal(harness_got(h, ana), ":ana!~ana@pipe JOIN #new\r\n"
                                             ":ronron.party 353 ana = #new :@ana\r\n"
                                             ":ronron.party 366 ana #new :End of /NAMES list\r\n");
    harness_drop(h);
    harness_send(h, ana, "TOPIC #new :fun\r\nJOIN #new\r\n");
    int leo = harness_guest(h, "leo", "extended-join");
    int eve = harness_guest(h, "eve", NULL);
    harness_send(h, leo, "JOIN #new,bad,#x\r\n");
    assert_true(harness_has(h, leo, " 332 leo #new :fun\r\n"));
    assert_true(harness_has(h, leo, " 333 leo #new ana "));
    assert_int_equal(harness_times(h, leo, " 403 leo bad :"), 1);
    assert_true(harness_has(h, leo, " 366 leo #x :"));
    harness_drop(h);
    harness_send(h, eve, "JOIN #x\r\n");
    assert_true(harness_has(h, leo, ":eve!~eve@pipe JOIN #x * :eve\r\n"));
}

static void channels_keep_out_whom_they_should(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    harness_send(h, ana, "JOIN #c\r\nMODE #c +kl key 1\r\n");
    assert_true(harness_has(h, ana, ":ana!~ana@pipe MODE #c +kl key 1\r\n"));
    harness_drop(h);
    harness_send(h, leo, "JOIN #c\r\nJOIN #c key\r\n");
    assert_true(harness_has(h, leo, " 475 leo #c :"));
    assert_true(harness_has(h, leo, " 471 leo #c :"));
    harness_send(h, ana, "MODE #c -kl+i x\r\n");
    harness_send(h, leo, "JOIN #c\r\n");
    assert_true(harness_has(h, leo, " 473 leo #c :"));
    harness_send(h, ana, "MODE #c -i+b LEO!*@*\r\n");
    harness_send(h, leo, "JOIN #c\r\n");
    assert_true(harness_has(h, leo, " 474 leo #c :"));
    harness_send(h, ana, "INVITE leo #c\r\n");
    assert_true(harness_has(h, leo, ":ana!~ana@pipe INVITE leo #c\r\n"));
    harness_send(h, leo, "JOIN #c\r\n");
    assert_true(harness_has(h, leo, ":leo!~leo@pipe JOIN #c\r\n"));
    harness_drop(h);
    harness_send(h, leo, "PRIVMSG #c :banned\r\nMODE #c b\r\n");
    assert_true(harness_has(h, leo, " 404 leo #c :"));
    assert_true(harness_has(h, leo, " 367 leo #c LEO!*@* ana "));
    assert_false(harness_has(h, ana, "banned"));
}

static void modes_answer_with_what_took_effect(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    harness_drop(h);
    harness_send(h, ana, "MODE #party\r\nMODE #party +nt\r\n");
    assert_int_equal(harness_times(h, ana, "\r\n"), 2); // 324 and 329; nothing took effect
    assert_true(harness_has(h, ana, " 324 ana #party +nt\r\n"));
    harness_drop(h);
    harness_send(h, ana, "MODE #party +mv-t+o leo nobody\r\n");
    assert_true(harness_has(h, leo, ":ana!~ana@pipe MODE #party +mv-t leo\r\n"));
    assert_true(harness_has(h, ana, " 401 ana nobody :"));
    harness_drop(h);
    harness_send(h, ana, "MODE #party +l 0\r\nMODE #party +l abc\r\nMODE #party +k :a b\r\n");
    assert_true(harness_has(h, ana, " 696 ana #party l 0 :"));
    assert_true(harness_has(h, ana, " 696 ana #party l abc :"));
    assert_true(harness_has(h, ana, " 696 ana #party k * :"));
    assert_string_equal(harness_got(h, leo), "");
    harness_send(h, leo, "MODE #party +i\r\nTOPIC #party :mine\r\nKICK #party ana\r\n");
    assert_int_equal(harness_times(h, leo, " 482 leo #party :"), 2);
    assert_true(harness_has(h, ana, "TOPIC #party :mine\r\n")); // -t: anybody may
}

static void kick_away_and_whois_say_it_exactly(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", "away-notify");
    harness_drop(h);
    harness_send(h, leo, "AWAY :tea\r\n");
    assert_true(harness_has(h, leo, " 306 leo :"));
    assert_string_equal(harness_got(h, eve), ":leo!~leo@pipe AWAY :tea\r\n");
    assert_string_equal(harness_got(h, ana), "");
    harness_send(h, ana, "PRIVMSG leo :there?\r\n");
    assert_true(harness_has(h, ana, " 301 ana leo :tea\r\n"));
    harness_drop(h);
    harness_send(h, ana, "KICK #party leo\r\n");
    assert_true(harness_has(h, leo, ":ana!~ana@pipe KICK #party leo :ana\r\n"));
    harness_send(h, ana, "KICK #party leo,nobody\r\n");
    assert_true(harness_has(h, ana, " 441 ana leo #party :"));
    assert_true(harness_has(h, ana, " 401 ana nobody :"));
    harness_drop(h);
    harness_send(h, ana, "WHOIS ghost\r\nWHO #party\r\nISON leo x eve\r\n");
    assert_true(harness_has(h, ana, " 401 ana ghost :"));
    assert_true(harness_has(h, ana, " 318 ana ghost :"));
    assert_true(harness_has(h, ana, " 352 ana #party ~ana pipe ronron.party ana H@ :0 ana\r\n"));
    assert_true(harness_has(h, ana, " 315 ana #party :"));
    assert_true(harness_has(h, ana, " 303 ana :leo eve\r\n"));
}

static void empty_params_and_notices_keep_their_rules(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    harness_drop(h);
    harness_send(h, ana, "PRIVMSG #party :\r\nPRIVMSG\r\nNOTICE nobody :x\r\nNOTICE #none :x\r\n");
    assert_int_equal(harness_times(h, ana, "\r\n"), 2);
    assert_true(harness_has(h, ana, " 412 ana :"));
    assert_true(harness_has(h, ana, " 411 ana :"));
    harness_drop(h);
    harness_send(h, ana, "PRIVMSG @#party :hosts only\r\nWHOIS  leo\r\nPING\r\n");
    assert_string_equal(harness_got(h, leo), "");
    assert_true(harness_has(h, ana, " 311 ana leo ~leo pipe * :leo\r\n"));
    assert_true(harness_has(h, ana, " 409 ana :"));
    harness_drop(h);
    harness_send(h, leo, "PRIVMSG @#party :help\r\nLIST\r\nNAMES #none\r\n");
    assert_true(harness_has(h, ana, ":leo!~leo@pipe PRIVMSG @#party :help\r\n"));
    assert_true(harness_has(h, leo, " 322 leo #party 2 :"));
    assert_true(harness_has(h, leo, " 366 leo #none :"));
}

#define WITH_RELAY(test) cmocka_unit_test_setup_teardown(test, harness_setup, harness_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RELAY(text_goes_to_the_others_only),
        WITH_RELAY(tags_reach_only_those_who_asked),
        WITH_RELAY(a_repeated_id_is_relayed_once),
        WITH_RELAY(labels_come_back_exactly_once),
        WITH_RELAY(join_answers_in_order_and_first_is_host),
        WITH_RELAY(channels_keep_out_whom_they_should),
        WITH_RELAY(modes_answer_with_what_took_effect),
        WITH_RELAY(kick_away_and_whois_say_it_exactly),
        WITH_RELAY(empty_params_and_notices_keep_their_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

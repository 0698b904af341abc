// LUSERS (Modern IRC): numbers where clients look for them.
#include "expect.h"

static void all_lines_with_their_numbers(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "LUSERS");
    EXPECT(h, ana, S "251 ana :There are 1 users and 0 invisible on 1 servers",
           S "252 ana 0 :operator(s) online", S "253 ana 0 :unknown connection(s)",
           S "254 ana 1 :channels formed", S "255 ana :I have 1 clients and 0 servers",
           S "265 ana 1 1 :Current local users 1, max 1",
           S "266 ana 1 1 :Current global users 1, max 1");
}

static void visible_and_invisible_are_all(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    (void)harness_guest(h, "leo", NULL);
    did(h, ana, "MODE ana +i\r\nJOIN #a");
    ask(h, ana, "LUSERS");
    HAS(h, ana, " 251 ana :There are 1 users and 1 invisible on 1 servers\r\n");
    HAS(h, ana, " 254 ana 2 :");
    HAS(h, ana, " 255 ana :I have 2 clients and 0 servers\r\n");
}

static void who_has_not_come_yet_counts_as_unknown_only(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int eve = harness_connect(h, 65536);
    did(h, eve, "NICK eve");
    ask(h, ana, "LUSERS");
    HAS(h, ana, " 253 ana 1 :");
    HAS(h, ana, " 255 ana :I have 1 clients and 0 servers\r\n");
    did(h, eve, "USER eve 0 * :eve");
    ask(h, ana, "LUSERS");
    HAS(h, ana, " 253 ana 0 :");
    HAS(h, ana, " 255 ana :I have 2 clients and 0 servers\r\n");
}

static void the_most_are_remembered(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", NULL);
    int eve = harness_guest(h, "eve", NULL);
    did(h, leo, "QUIT");
    did(h, eve, "QUIT");
    ask(h, ana, "LUSERS");
    HAS(h, ana, " 265 ana 1 3 :Current local users 1, max 3\r\n");
    HAS(h, ana, " 266 ana 1 3 :Current global users 1, max 3\r\n");
}

static void a_plain_guest_is_a_user_too(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int cat = harness_connect(h, 65536);
    harness_send(h, cat, "hello\n");
    ask(h, ana, "LUSERS");
    HAS(h, ana, " 251 ana :There are 2 users and 0 invisible on 1 servers\r\n");
}

RELAY_TESTS(ROW(all_lines_with_their_numbers), ROW(visible_and_invisible_are_all),
            ROW(who_has_not_come_yet_counts_as_unknown_only), ROW(the_most_are_remembered),
            ROW(a_plain_guest_is_a_user_too))

// USER (Modern IRC): once, with all its parameters.
#include "expect.h"

static void it_wants_four_that_are_not_empty(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "USER\r\nUSER u\r\nUSER u 0 *\r\nUSER u * * :");
    EXPECT(h, ana, S "461 * USER :{}", S "461 * USER :{}", S "461 * USER :{}", S "461 * USER :{}");
    ask(h, ana, "USER u 0 * :U\r\nNICK ana");
    HAS(h, ana, " 001 ana ");
    ask(h, ana, "USER u 0 * :U");
    EXPECT(h, ana, S "462 ana :{}");
}

static void names_are_made_fit_for_a_mask(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    ask(h, ana, "NICK ana\r\nUSER a!b@c 0 * :U");
    ask(h, ana, "WHOIS ana");
    HAS(h, ana, S "311 ana ana ~a_b_c pipe * :U\r\n");
    int leo = harness_connect(h, 65536);
    ask(h, leo, "NICK leo\r\nUSER abcdefghijklmnopqrstuvwxyz 0 * :U");
    ask(h, leo, "WHOIS leo");
    HAS(h, leo, S "311 leo leo ~abcdefghijklmnopqrs pipe * :U\r\n");
}

RELAY_TESTS(ROW(it_wants_four_that_are_not_empty), ROW(names_are_made_fit_for_a_mask))

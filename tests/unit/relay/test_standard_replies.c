// standard-replies (IRCv3): FAIL has a command, a code, its context and a text.
#include "expect.h"

static void every_fail_names_command_and_code(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "standard-replies");
    did(h, ana, "JOIN #a");
    ask(h, ana, "SETNAME :");
    EXPECT(h, ana, S "FAIL SETNAME INVALID_REALNAME :{}");
    ask(h, ana, "METADATA nobody GET url");
    EXPECT(h, ana, S "FAIL METADATA INVALID_TARGET nobody :{}");
    ask(h, ana, "RENAME #a #party");
    EXPECT(h, ana, S "FAIL RENAME CHANNEL_NAME_IN_USE #a #party :{}");
}

static void context_is_never_a_broken_parameter(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "standard-replies");
    did(h, ana, "JOIN #a");
    ask(h, ana, "RENAME #a :a b");
    EXPECT(h, ana, S "FAIL RENAME CANNOT_RENAME #a * :{}");
    ask(h, ana, "METADATA :a b");
    EXPECT(h, ana, S "461 ana METADATA :{}");
    ask(h, ana, "METADATA * SET :a b");
    EXPECT(h, ana, S "FAIL METADATA INVALID_KEY * :{}");
}

RELAY_TESTS(ROW(every_fail_names_command_and_code), ROW(context_is_never_a_broken_parameter))

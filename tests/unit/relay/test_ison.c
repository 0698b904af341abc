// ISON (RFC 2812): who of these is there.
#include "expect.h"

static void it_names_who_is_there(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    (void)harness_guest(h, "Leo", NULL);
    (void)harness_guest(h, "eve", NULL);
    ask(h, ana, "ISON leo x eve");
    EXPECT(h, ana, S "303 ana :Leo eve");
    ask(h, ana, "ISON :leo x eve");
    EXPECT(h, ana, S "303 ana :Leo eve");
    ask(h, ana, "ISON x *");
    EXPECT(h, ana, S "303 ana :");
    ask(h, ana, "ISON");
    EXPECT(h, ana, S "461 ana ISON :{}");
}

static void an_answer_is_never_cut_inside_a_nick(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "a23456789012345678901234567890", NULL);
    char line[511] = "ISON :";
    for (size_t len = 6; len + 31 < sizeof(line); len += 31) {
        memcpy(line + len, "a23456789012345678901234567890 ", 32);
    }
    ask(h, ana, "%s", line);
    assert_int_equal(harness_times(h, ana, "\r\n"), 1);
    assert_true(strlen(harness_got(h, ana)) <= 512);
    HAS(h, ana, " a23456789012345678901234567890\r\n");
}

RELAY_TESTS(ROW(it_names_who_is_there), ROW(an_answer_is_never_cut_inside_a_nick))

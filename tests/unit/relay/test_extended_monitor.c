// extended-monitor (IRCv3): watchers hear of AWAY and SETNAME too, with both capabilities.
#include "expect.h"

static void a_watcher_hears_of_away_with_both_capabilities(void **state)
{
    struct harness *h = *state;
    int both = harness_guest(h, "both", "away-notify extended-monitor");
    int one = harness_guest(h, "one", "away-notify");
    int other = harness_guest(h, "other", "extended-monitor");
    int leo = harness_guest(h, "leo", NULL);
    did(h, both, "MONITOR + leo\r\nPART #party");
    did(h, one, "MONITOR + leo\r\nPART #party");
    did(h, other, "MONITOR + leo\r\nPART #party");
    ask(h, leo, "AWAY :tea");
    EXPECT(h, both, ":leo!~leo@pipe AWAY :tea");
    EXPECT_NOTHING(h, one);
    EXPECT_NOTHING(h, other);
}

static void a_watcher_who_is_a_peer_hears_it_once(void **state)
{
    struct harness *h = *state;
    int both = harness_guest(h, "both", "away-notify setname extended-monitor");
    int leo = harness_guest(h, "leo", NULL);
    did(h, both, "MONITOR + leo");
    ask(h, leo, "AWAY :tea\r\nSETNAME :Leo");
    EXPECT(h, both, ":leo!~leo@pipe AWAY :tea", ":leo!~leo@pipe SETNAME :Leo");
}

static void setname_needs_both_capabilities_too(void **state)
{
    struct harness *h = *state;
    int both = harness_guest(h, "both", "setname extended-monitor");
    int one = harness_guest(h, "one", "setname");
    int leo = harness_guest(h, "leo", NULL);
    did(h, both, "MONITOR + leo\r\nPART #party");
    did(h, one, "MONITOR + leo\r\nPART #party");
    ask(h, leo, "SETNAME :Leo");
    EXPECT(h, both, ":leo!~leo@pipe SETNAME :Leo");
    EXPECT_NOTHING(h, one);
}

RELAY_TESTS(ROW(a_watcher_hears_of_away_with_both_capabilities),
            ROW(a_watcher_who_is_a_peer_hears_it_once), ROW(setname_needs_both_capabilities_too))

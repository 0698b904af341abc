// Channel mode m: only voices speak.
#include "expect.h"

static void voices_and_hosts_speak(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", "echo-message");
    did(h, ana, "MODE #party +m");
    ask(h, leo, "PRIVMSG #party :no\r\nNOTICE #party :no");
    EXPECT(h, leo, S "404 leo #party :{}");
    EXPECT_NOTHING(h, ana);
    ask(h, ana, "PRIVMSG #party :host");
    EXPECT(h, leo, ":ana!~ana@pipe PRIVMSG #party :host");
    did(h, ana, "MODE #party +v leo");
    ask(h, leo, "PRIVMSG #party :voice");
    EXPECT(h, ana, ":leo!~leo@pipe PRIVMSG #party :voice");
    ask(h, leo, "TOPIC #party :voice"); // a voice is no host
    EXPECT(h, leo, S "482 leo #party :{}");
}

RELAY_TESTS(ROW(voices_and_hosts_speak))

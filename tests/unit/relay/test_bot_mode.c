// Bot mode (IRCv3 bot-mode): +B, the tag, WHO and WHOIS.
#include "expect.h"

static void a_bot_says_what_it_is(void **state)
{
    struct harness *h = *state;
    int bot = harness_guest(h, "bot", NULL);
    int leo = harness_guest(h, "leo", "message-tags");
    int old = harness_guest(h, "old", NULL);
    ask(h, bot, "MODE bot +B");
    EXPECT(h, bot, ":bot!~bot@pipe MODE bot :+B");
    ask(h, bot, "PRIVMSG #party :beep\r\nNOTICE #party :boop");
    EXPECT(h, leo, "@msgid={};bot :bot!~bot@pipe PRIVMSG #party :beep",
           "@msgid={};bot :bot!~bot@pipe NOTICE #party :boop");
    EXPECT(h, old, ":bot!~bot@pipe PRIVMSG #party :beep", ":bot!~bot@pipe NOTICE #party :boop");
    ask(h, leo, "WHO bot");
    EXPECT(h, leo, S "352 leo * ~bot pipe ronron.party bot HB :0 bot", S "315 leo bot :{}");
    ask(h, leo, "WHO #party");
    HAS(h, leo, " bot HB@ :0 bot\r\n");
    ask(h, leo, "WHOIS bot");
    HAS(h, leo, S "335 leo bot :");
    ask(h, leo, "MODE leo\r\nWHOIS leo");
    HAS(h, leo, S "221 leo +\r\n");
    HAS_NOT(h, leo, " 335 ");
}

static void it_can_stop_being_one(void **state)
{
    struct harness *h = *state;
    int bot = harness_guest(h, "bot", NULL);
    int leo = harness_guest(h, "leo", "message-tags");
    did(h, bot, "MODE bot +B");
    ask(h, bot, "MODE bot -B");
    EXPECT(h, bot, ":bot!~bot@pipe MODE bot :-B");
    ask(h, bot, "PRIVMSG #party :hi");
    EXPECT(h, leo, "@msgid={} :bot!~bot@pipe PRIVMSG #party :hi");
    HAS_NOT(h, leo, ";bot");
}

static void whatever_it_does_is_marked(void **state)
{
    struct harness *h = *state;
    int leo = harness_guest(h, "leo", "message-tags away-notify setname");
    int bot = harness_guest(h, "bot", NULL);
    did(h, leo, "MODE #party -t+o bot");
    did(h, bot, "MODE bot +B");
    ask(h, bot, "JOIN #x\r\nTOPIC #party :beep\r\nMODE #party +m\r\nAWAY :off\r\nSETNAME :Beep");
    EXPECT(h, leo, "@bot :bot!~bot@pipe TOPIC #party :beep", "@bot :bot!~bot@pipe MODE #party +m",
           "@bot :bot!~bot@pipe AWAY :off", "@bot :bot!~bot@pipe SETNAME :Beep");
    ask(h, bot, "INVITE leo #x\r\nNICK bip\r\nPART #party\r\nJOIN #party\r\nQUIT");
    EXPECT(h, leo, "@bot :bot!~bot@pipe INVITE leo #x", "@bot :bot!~bot@pipe NICK :bip",
           "@bot :bip!~bot@pipe PART #party", "@bot :bip!~bot@pipe JOIN #party",
           "@bot :bip!~bot@pipe AWAY :off", "@bot :bip!~bot@pipe QUIT :{}");
}

RELAY_TESTS(ROW(a_bot_says_what_it_is), ROW(it_can_stop_being_one), ROW(whatever_it_does_is_marked))

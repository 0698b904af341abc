// message-tags (IRCv3): client tags pass byte for byte, each tag only to who asked for it.
#include "expect.h"
#include "irc_message.h"

static void tags_reach_only_those_who_asked(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags echo-message server-time");
    int old = harness_guest(h, "old", NULL);
    int timed = harness_guest(h, "timed", "server-time");
    int full = harness_guest(h, "full", "message-tags");
    ask(h, ana, "@+x=a\\sb;y=1;+z PRIVMSG #party :hi");
    EXPECT(h, old, ":ana!~ana@pipe PRIVMSG #party :hi");
    EXPECT(h, timed, "@time=2023-{}Z :ana!~ana@pipe PRIVMSG #party :hi");
    HAS(h, full, ";+x=a\\sb;+z :ana!");
    HAS_NOT(h, full, "y=1");
    // The echo carries the id that everybody else saw.
    const char *id = strstr(harness_got(h, full), "msgid=");
    assert_non_null(id);
    char msgid[23];
    memcpy(msgid, id, 22);
    msgid[22] = '\0';
    HAS(h, ana, msgid);
}

static void values_pass_byte_for_byte(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags");
    int leo = harness_guest(h, "leo", "message-tags");
    ask(h, ana, "@+a=\\:\\s\\\\\\r\\n;+example.com/b=\xC3\xA9;+c= PRIVMSG leo :x");
    EXPECT(
        h, leo,
        "@msgid={};+a=\\:\\s\\\\\\r\\n;+example.com/b=\xC3\xA9;+c :ana!~ana@pipe PRIVMSG leo :x");
}

static void of_a_repeated_tag_the_last_counts(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags");
    int leo = harness_guest(h, "leo", "message-tags");
    ask(h, ana, "@+a=1;+b=2;+a=3 PRIVMSG leo :x");
    EXPECT(h, leo, "@msgid={};+b=2;+a=3 :ana!~ana@pipe PRIVMSG leo :x");
}

static void no_tag_is_lost_without_a_word(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags"),
        leo = harness_guest(h, "leo", "message-tags");
    struct buf tags;
    buf_init(&tags, BUF_NO_LIMIT);
    for (int i = 0; i < IRC_TAG_COUNT_MAX; i++) {
        (void)buf_printf(&tags, "%s+t%d", i ? ";" : "", i);
    }
    ask(h, ana, "@%s PRIVMSG #party :all", buf_cstr(&tags));
    HAS(h, leo, "+t0");
    HAS(h, leo, "+t63");
    harness_drop(h);
    ask(h, ana, "@%s;+more PRIVMSG #party :too many", buf_cstr(&tags));
    EXPECT(h, ana, S "417 ana :{}");
    EXPECT_NOTHING(h, leo);
    buf_deinit(&tags);
}

static void ids_and_times_of_the_server_cannot_be_forged(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags");
    int leo = harness_guest(h, "leo", "message-tags server-time");
    ask(h, ana, "@msgid=mine;time=1999-01-01T00:00:00.000Z;account=root PRIVMSG leo :x");
    EXPECT(h, leo, "@time=2023-{};msgid={} :ana!~ana@pipe PRIVMSG leo :x");
    HAS_NOT(h, leo, "mine");
    HAS_NOT(h, leo, "root");
}

static void ids_are_unique_and_begin_with_no_colon(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags");
    int leo = harness_guest(h, "leo", "message-tags");
    ask(h, ana, "PRIVMSG leo :1\r\nPRIVMSG leo :2");
    const char *one = strstr(harness_got(h, leo), "msgid=");
    const char *two = strstr(one + 1, "msgid=");
    assert_int_not_equal(strncmp(one, two, 22), 0);
    assert_int_not_equal(one[6], ':');
}

static void tags_of_who_did_not_ask_are_dropped(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    int leo = harness_guest(h, "leo", "message-tags");
    ask(h, ana, "@+a=1 PRIVMSG leo :x");
    EXPECT(h, leo, "@msgid={} :ana!~ana@pipe PRIVMSG leo :x");
    HAS_NOT(h, leo, "+a");
}

static void a_repeated_id_is_relayed_once(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags echo-message server-time");
    int leo = harness_guest(h, "leo", NULL);
    ask(h, ana, "@+ronron.chat/id=k1 PRIVMSG #party :once");
    char first[512];
    (void)str_copy(first, sizeof(first), str_from(harness_got(h, ana)));
    harness_turn(h, 5000);
    ask(h, ana, "@+ronron.chat/id=k1 PRIVMSG #party :once");
    EXPECT_NOTHING(h, leo);
    assert_string_equal(harness_got(h, ana), first);
    ask(h, ana, "@+ronron.chat/id=k2 PRIVMSG #party :twice");
    assert_int_equal(harness_times(h, leo, "PRIVMSG"), 1);
}

static void all_that_is_said_may_have_an_id(void **state)
{
    static const char *const lines[] = {"NOTICE #party :once", "TAGMSG #party"};
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags echo-message");
    int leo = harness_guest(h, "leo", "message-tags");
    for (size_t i = 0; i < 2; i++) {
        char first[512];
        ask(h, ana, "@+ronron.chat/id=i%zu %s", i, lines[i]);
        (void)str_copy(first, sizeof(first), str_from(harness_got(h, ana)));
        assert_int_equal(harness_times(h, leo, "\r\n"), 1);
        ask(h, ana, "@+ronron.chat/id=i%zu %s", i, lines[i]);
        assert_string_equal(harness_got(h, ana), first);
        EXPECT_NOTHING(h, leo);
    }
}

static void only_letters_digits_and_two_signs_make_an_id(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "message-tags");
    int leo = harness_guest(h, "leo", NULL);
    static const char *const ids[] = {"a\\sb", "a.b", "\xC3\xA9", ""};
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        ask(h, ana, "@+ronron.chat/id=%s PRIVMSG leo :x\r\n@+ronron.chat/id=%s PRIVMSG leo :x",
            ids[i], ids[i]);
        assert_int_equal(harness_times(h, leo, "PRIVMSG"), 2);
    }
    ask(h, ana, "@+ronron.chat/id=%065d PRIVMSG leo :x\r\n@+ronron.chat/id=%065d PRIVMSG leo :x", 1,
        1);
    assert_int_equal(harness_times(h, leo, "PRIVMSG"), 2);
    ask(h, ana, "@+ronron.chat/id=aZ09-_%058d PRIVMSG leo :x", 1);
    ask(h, ana, "@+ronron.chat/id=aZ09-_%058d PRIVMSG leo :x", 1);
    assert_int_equal(harness_times(h, leo, "PRIVMSG"), 0);
}

RELAY_TESTS(ROW(no_tag_is_lost_without_a_word), ROW(tags_reach_only_those_who_asked),
            ROW(values_pass_byte_for_byte), ROW(of_a_repeated_tag_the_last_counts),
            ROW(ids_and_times_of_the_server_cannot_be_forged),
            ROW(ids_are_unique_and_begin_with_no_colon), ROW(tags_of_who_did_not_ask_are_dropped),
            ROW(a_repeated_id_is_relayed_once), ROW(all_that_is_said_may_have_an_id),
            ROW(only_letters_digits_and_two_signs_make_an_id))

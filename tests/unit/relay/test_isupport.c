// RPL_ISUPPORT (Modern IRC): every token exactly.
#include "expect.h"

static void every_token_is_there_with_its_value(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "ISUPPORT");
    EXPECT(h, ana,
           S "005 ana ACCOUNTEXTBAN=a AWAYLEN=200 BOT=B CASEMAPPING=ascii CHANLIMIT=#:50 "
             "CHANMODES=beI,k,fl,Cimnst "
             "CHANNELLEN=64 CHANTYPES=# ELIST=CMNTU EXCEPTS=e EXTBAN=,am INVEX=I KEYLEN=32 "
             ":are supported by this server",
           S "005 ana HOSTLEN=63 KICKLEN=300 LINELEN=512 LOBBY=#party MAXLIST=b:100,e:100,I:100 "
             "MODES MONITOR=100 NAMELEN=100 NETWORK=Test NICKLEN=30 PREFIX=(qov)~@+ SAFELIST "
             "STATUSMSG=@+ :are supported by this server",
           S "005 ana TARGMAX=JOIN:,PART:,NAMES:,KICK:4,PRIVMSG:4,NOTICE:4,WHOIS:1,MONITOR: "
             "TOPICLEN=300 USERLEN=20 UTF8ONLY WHOX :are supported by this server");
}

static void a_name_becomes_ascii_without_a_second_equals_sign(void **state)
{
    (void)state;
    struct harness h;
    struct relay_config config = {.name = STR("F\xC3\xAAte = \\o/"), .seed = 1};
    harness_open(&h, &config);
    int ana = harness_guest(&h, "ana", NULL);
    ask(&h, ana, "VERSION");
    HAS(&h, ana, " NETWORK=F\\xC3\\xAAte\\x20\\x3D\\x20\\x5Co/ ");
    harness_close(&h);
}

static void a_line_has_thirteen_tokens_at_most_in_ascii(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    ask(h, ana, "ISUPPORT");
    struct str rest = str_from(harness_got(h, ana));
    struct str line, token;
    while (str_next(&rest, '\n', &line)) {
        size_t count = 0, equals = 0, at = 0;
        assert_true(str_find(line, STR(" :are"), &at));
        struct str tokens = str_range(line, 0, at);
        for (int i = 0; i < 3; i++) {
            (void)str_next(&tokens, ' ', &token); // source, 005, nick
        }
        while (str_next(&tokens, ' ', &token)) {
            count++;
            equals = 0;
            for (size_t i = 0; i < token.len; i++) {
                equals += token.data[i] == '=' ? 1 : 0;
                assert_true(token.data[i] > ' ' && token.data[i] < 0x7F);
            }
            assert_true(equals <= 1);
        }
        assert_true(count >= 1 && count <= 13);
    }
}

RELAY_TESTS(ROW(every_token_is_there_with_its_value),
            cmocka_unit_test(a_name_becomes_ascii_without_a_second_equals_sign),
            ROW(a_line_has_thirteen_tokens_at_most_in_ascii))

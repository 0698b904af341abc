// Dialogues with a server, written as lines: registration, talk, losses, honest send states.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "chat.h"
#include "chat_lines.h"
#include "rng.h"
#include "utf8.h"

struct session {
    struct chat *chat;
    chat_network_id network;
    int64_t now_ms;
    struct buf sent; // lines for the server since the last take
    int connects;
    int closes;
};

static void pump(struct session *s)
{
    struct chat_request request;
    while (chat_next_request(s->chat, &request)) {
        s->connects += request.type == CHAT_REQUEST_CONNECT;
        s->closes += request.type == CHAT_REQUEST_CLOSE;
        if (request.type == CHAT_REQUEST_SEND) {
            assert_true(buf_append(&s->sent, request.bytes));
        }
    }
}

static void pass(struct session *s, int64_t ms)
{
    s->now_ms += ms;
    chat_set_time(s->chat, s->now_ms, 1700000000000LL + s->now_ms);
    chat_tick(s->chat);
    pump(s);
}

static void server(struct session *s, const char *line)
{
    chat_link_line(s->chat, s->network, str_from(line));
    pump(s);
}

static bool has_sent(struct session *s, const char *text)
{
    return strstr(buf_cstr(&s->sent), text) != NULL;
}

static void forget(struct session *s)
{
    buf_clear(&s->sent);
}

static int open_session(void **state)
{
    static struct session s;
    s = (struct session){.chat = chat_create(7)};
    buf_init(&s.sent, BUF_NO_LIMIT);
    pass(&s, 1000);
    struct chat_join join = {.host = STR("h"), .port = 6667, .nick = STR("Ana")};
    s.network = chat_join(s.chat, &join);
    pump(&s);
    *state = &s;
    return 0;
}

static int close_session(void **state)
{
    struct session *s = *state;
    chat_destroy(s->chat);
    buf_deinit(&s->sent);
    return 0;
}

static void go_online(struct session *s, const char *caps)
{
    chat_link_connected(s->chat, s->network);
    server(s, ":r CAP * LS :message-tags echo-message server-time nonsense");
    if (caps[0]) {
        char line[128];
        (void)snprintf(line, sizeof(line), ":r CAP * ACK :%s", caps);
        server(s, line);
    }
    server(s, ":r 001 Ana :Welcome");
    server(s, ":r 005 Ana NETWORK=Test CASEMAPPING=ascii CHANTYPES=# PREFIX=(ov)@+ :ok");
    server(s, ":Ana!u@h JOIN #party");
    server(s, ":r 353 Ana = #party :@leo +Ana eve");
    server(s, ":r 366 Ana #party :End");
    pump(s);
}

static struct chat_line last_line(struct session *s, const char *name)
{
    struct chat_line line = {0};
    chat_buffer_id buffer = chat_buffer_find(s->chat, s->network, str_from(name));
    size_t count = chat_line_count(s->chat, buffer);
    assert_true(count > 0);
    assert_true(chat_line(s->chat, buffer, count - 1, &line));
    return line;
}

static void registration_asks_for_what_it_uses(void **state)
{
    struct session *s = *state;
    assert_int_equal(s->connects, 1);
    chat_link_connected(s->chat, s->network);
    pump(s);
    assert_true(has_sent(s, "CAP LS 302\r\nNICK Ana\r\nUSER Ana 0 * :Ana\r\n"));
    forget(s);
    server(s, ":r CAP * LS * :message-tags");
    server(s, ":r CAP * LS :echo-message nonsense sasl=PLAIN");
    assert_string_equal(buf_cstr(&s->sent),
                        "CAP REQ :message-tags\r\nCAP REQ :echo-message\r\nCAP END\r\n");
    forget(s);
    server(s, ":r 433 * Ana :in use");
    server(s, ":r 001 Ana2 :Welcome");
    assert_string_equal(buf_cstr(&s->sent), "NICK Ana2\r\nJOIN #party\r\n");
    assert_int_equal(chat_link_state(s->chat, s->network), CHAT_LINK_ONLINE);
    assert_true(str_eq(chat_nick(s->chat, s->network), STR("Ana2")));
}

static void problems_are_told_in_plain_words(void **state)
{
    struct session *s = *state;
    chat_link_closed(s->chat, s->network, STR("Nobody is hosting a party at this address."));
    assert_int_equal(chat_link_state(s->chat, s->network), CHAT_LINK_FAILED);
    assert_int_equal(chat_problem(s->chat, s->network), CHAT_PROBLEM_ADDRESS);
    chat_retry(s->chat, s->network);
    pump(s);
    assert_int_equal(s->connects, 2);
    chat_link_connected(s->chat, s->network);
    server(s, ":r 464 * :no");
    chat_link_closed(s->chat, s->network, STR("closed"));
    assert_int_equal(chat_problem(s->chat, s->network), CHAT_PROBLEM_PASSWORD);
    assert_true(chat_problem_text(s->chat, s->network).len > 0);
    pass(s, 100000);
    assert_int_equal(s->connects, 2); // a person decides
}

static void who_is_turned_away_is_told_why(void **state)
{
    struct session *s = *state;
    chat_link_connected(s->chat, s->network);
    server(s, "ERROR :Closing link: 127.0.0.1 (The party is full)");
    chat_link_closed(s->chat, s->network, STR("The other side closed the link."));
    assert_int_equal(chat_link_state(s->chat, s->network), CHAT_LINK_FAILED);
    assert_int_equal(chat_problem(s->chat, s->network), CHAT_PROBLEM_TURNED_AWAY);
    assert_true(str_eq(chat_problem_text(s->chat, s->network),
                       STR("The party is full. Try again when somebody has left.")));
    chat_retry(s->chat, s->network);
    chat_link_connected(s->chat, s->network);
    chat_link_closed(s->chat, s->network, STR("silence"));
    assert_int_equal(chat_problem(s->chat, s->network), CHAT_PROBLEM_NOT_IRC);
    assert_true(str_eq(chat_problem_text(s->chat, s->network), STR("silence")));
}

static void a_wrong_pin_is_another_problem_than_none(void **state)
{
    struct session *s = *state;
    chat_link_connected(s->chat, s->network);
    server(s, ":r 464 * :no");
    size_t without = chat_problem_text(s->chat, s->network).len;
    struct chat_join join = {
        .host = STR("h"), .port = 6667, .nick = STR("Ana"), .password = STR("1")};
    s->network = chat_join(s->chat, &join);
    chat_link_connected(s->chat, s->network);
    server(s, ":r 464 * :no");
    assert_int_equal(chat_problem(s->chat, s->network), CHAT_PROBLEM_PASSWORD);
    assert_int_not_equal(chat_problem_text(s->chat, s->network).len, without);
}

static void a_wrong_password_of_something_else_breaks_nothing(void **state)
{
    struct session *s = *state;
    go_online(s, "");
    server(s, ":r 464 Ana :Password incorrect");
    assert_int_equal(chat_link_state(s->chat, s->network), CHAT_LINK_ONLINE);
    assert_int_equal(last_line(s, "#party").kind, CHAT_LINE_ERROR);
}

static void a_party_that_lets_nobody_into_its_room_is_no_party(void **state)
{
    struct session *s = *state;
    chat_link_connected(s->chat, s->network);
    server(s, ":r 001 Ana :Welcome");
    server(s, ":r 473 Ana #party :Cannot join channel (by invitation only)");
    assert_int_equal(chat_link_state(s->chat, s->network), CHAT_LINK_FAILED);
    assert_int_equal(chat_problem(s->chat, s->network), CHAT_PROBLEM_BANNED);
    assert_true(str_eq(chat_problem_text(s->chat, s->network),
                       STR("This room is closed: only people who were invited come in.")));
    assert_int_equal(s->closes, 1);
}

static void an_error_elsewhere_is_unread(void **state)
{
    struct session *s = *state;
    go_online(s, "");
    chat_buffer_id party = chat_buffer_find(s->chat, s->network, STR("#party"));
    assert_int_equal(chat_send(s->chat, party, STR("/msg ghost are you there")), CHAT_SENT);
    server(s, ":r 401 Ana ghost :No such nick");
    chat_buffer_id ghost = chat_buffer_find(s->chat, s->network, STR("ghost"));
    assert_int_equal(chat_unread(s->chat, ghost), 1);
    assert_int_equal(chat_mentions(s->chat, ghost), 0);
    server(s, ":r 433 Ana leo :in use");
    assert_true(str_eq(last_line(s, "#party").text, STR("The name leo is taken; you keep yours.")));
}

static void another_room_that_is_closed_is_only_told(void **state)
{
    struct session *s = *state;
    go_online(s, "");
    server(s, ":r 474 Ana #cave :Cannot join channel (you are banned)");
    assert_int_equal(chat_link_state(s->chat, s->network), CHAT_LINK_ONLINE);
    struct chat_line line = last_line(s, "#party"); // where a person looks
    assert_int_equal(line.kind, CHAT_LINE_ERROR);
    assert_true(str_eq(line.text, STR("You are banned from this room.")));
}

static void who_was_sent_out_is_told_and_sends_nothing_into_the_void(void **state)
{
    struct session *s = *state;
    go_online(s, "");
    server(s, ":leo!u@h KICK #party eve :leo"); // no reason given
    assert_true(str_eq(last_line(s, "#party").text, STR("eve was sent out by leo")));
    server(s, ":leo!u@h KICK #party Ana :too loud");
    struct chat_line line = last_line(s, "#party");
    assert_int_equal(line.kind, CHAT_LINE_ERROR);
    assert_true(str_eq(line.text, STR("leo sent you out of this room: too loud")));
    chat_buffer_id party = chat_buffer_find(s->chat, s->network, STR("#party"));
    forget(s);
    assert_int_equal(chat_send(s->chat, party, STR("hello?")), CHAT_SEND_REFUSED);
    assert_int_equal(last_line(s, "#party").kind, CHAT_LINE_ERROR);
    assert_int_equal(chat_send(s->chat, party, STR("/join #party")), CHAT_SENT);
    pump(s);
    assert_string_equal(buf_cstr(&s->sent), "JOIN #party\r\n");
    server(s, ":Ana!u@h JOIN #party");
    assert_int_equal(chat_send(s->chat, party, STR("again")), CHAT_SENT);
}

static void who_may_not_come_back_waits_for_nothing(void **state)
{
    struct session *s = *state;
    go_online(s, "");
    chat_buffer_id party = chat_buffer_find(s->chat, s->network, STR("#party"));
    chat_link_closed(s->chat, s->network, STR("lost"));
    pass(s, 1000);
    chat_link_connected(s->chat, s->network);
    server(s, ":r 001 Ana :Welcome");
    server(s, ":r 474 Ana #party :Cannot join channel (you are banned)");
    assert_int_equal(chat_link_state(s->chat, s->network), CHAT_LINK_ONLINE);
    assert_int_equal(chat_send(s->chat, party, STR("hello?")), CHAT_SEND_REFUSED);
}

static void a_refused_line_says_so(void **state)
{
    struct session *s = *state;
    go_online(s, "message-tags echo-message");
    chat_buffer_id party = chat_buffer_find(s->chat, s->network, STR("#party"));
    static const struct {
        const char *answer;
        const char *told;
    } cases[] = {
        {":r 404 Ana #party :Cannot send to channel (you are muted)",
         "You are muted in this room: nobody got that."},
        {":r 404 Ana #party :Cannot send to channel (slow mode: wait 12 more seconds)",
         "This room is slow: nobody got that. In 12 seconds you may send it again."},
        {":r 404 Ana #party :No external messages", "No external messages"},
        {":r FAIL PRIVMSG NOT_SAVED #party :The disk is full.",
         "It could not be kept, so nobody got it: The disk is full."},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct chat_line line;
        assert_int_equal(chat_send(s->chat, party, STR("first")), CHAT_SENT);
        uint64_t id = last_line(s, "#party").id;
        assert_int_equal(chat_send(s->chat, party, STR("second")), CHAT_SENT);
        uint64_t later = last_line(s, "#party").id;
        server(s, cases[i].answer);
        assert_true(chat_line_by_id(s->chat, party, id, &line, NULL));
        assert_int_equal(line.state, CHAT_SEND_FAILED);
        assert_true(chat_line_by_id(s->chat, party, later, &line, NULL));
        assert_int_equal(line.state, CHAT_SEND_SENDING);
        line = last_line(s, "#party");
        assert_int_equal(line.kind, CHAT_LINE_ERROR);
        assert_true(str_eq(line.text, str_from(cases[i].told)));
        server(s, cases[i].answer); // of the second
        assert_true(chat_line_by_id(s->chat, party, later, &line, NULL));
        assert_int_equal(line.state, CHAT_SEND_FAILED);
        forget(s);
        chat_resend(s->chat, party, id);
        pump(s);
        assert_true(has_sent(s, "PRIVMSG #party :first\r\n"));
        server(s, ":Ana!u@h PRIVMSG #party :first");
        assert_true(chat_line_by_id(s->chat, party, id, &line, NULL));
        assert_int_equal(line.state, CHAT_SEND_SENT);
    }
}

static void what_the_server_says_stands_where_one_looks(void **state)
{
    struct session *s = *state;
    go_online(s, "");
    server(s, ":ronron.party NOTICE Ana :You are muted in #party for 60 seconds");
    struct chat_line line = last_line(s, "#party");
    assert_int_equal(line.kind, CHAT_LINE_INFO);
    assert_true(
        str_eq(line.text,
               STR("You are muted in #party for 60 seconds: nobody gets what you write there.")));
    server(s, ":ronron.party NOTICE Ana :The nickname Ana belongs to an account whose owner has "
              "logged in; you are Guest7 now");
    assert_true(str_eq(
        last_line(s, "#party").text,
        STR("The name Ana belongs to an account whose owner has come; you are Guest7 now.")));
    server(s,
           ":ronron.party NOTICE Ana :The history cannot be written: The disk is full. The party "
           "goes on without it. What was kept before is safe.");
    assert_true(str_eq(last_line(s, "#party").text,
                       STR("The history cannot be written: The disk is full. The party goes on "
                           "without it. What was kept before is safe.")));
    server(s, ":ronron.party NOTICE Ana :Settings read again.");
    assert_true(str_eq(last_line(s, "#party").text, STR("Settings read again.")));
    server(s, ":r 372 Ana :- What is said here is kept for 30 days, the latest 1000 MB at most.");
    chat_buffer_id about = chat_buffer_at(s->chat, chat_buffer_count(s->chat) - 1);
    assert_true(chat_line(s->chat, about, chat_line_count(s->chat, about) - 1, &line));
    assert_true(str_eq(line.text,
                       STR("What is said here is kept for 30 days, the latest 1000 MB at most.")));
    server(s, "ERROR :Closing link: pipe (Too many messages at once)");
    assert_true(str_eq(last_line(s, "#party").text,
                       STR("The party closed the link: Too many messages at once")));
}

static void own_line_is_sent_when_its_echo_comes(void **state)
{
    struct session *s = *state;
    go_online(s, "message-tags echo-message");
    chat_buffer_id room = chat_buffer_find(s->chat, s->network, STR("#PARTY"));
    forget(s);
    assert_int_equal(chat_send(s->chat, room, STR("salut")), CHAT_SENT);
    assert_int_equal(last_line(s, "#party").state, CHAT_SEND_SENDING);
    pump(s);
    char echo[256];
    (void)snprintf(echo, sizeof(echo), "%s", buf_cstr(&s->sent));
    assert_int_equal(strncmp(echo, "@+ronron.chat/id=", 17), 0);
    char *space = strchr(echo, ' ');
    assert_non_null(space);
    char line[512];
    (void)snprintf(line, sizeof(line), "%.*s :Ana!u@h PRIVMSG #party :salut", (int)(space - echo),
                   echo);
    server(s, line);
    assert_int_equal(last_line(s, "#party").state, CHAT_SEND_SENT);
    size_t count = chat_line_count(s->chat, room);
    server(s, line); // the same own line again is somebody's other device, not ours under way
    assert_int_equal(chat_line_count(s->chat, room), count + 1);
}

static size_t count_same(const char *a, const char *b)
{
    size_t count = 0;
    for (size_t i = 0; a[i] && b[i]; i++) {
        count += a[i] == b[i] ? 1 : 0;
    }
    return count;
}

// Whoever could tell the next id from this one could send it first: the relay would take ours for a
// repeat.
static void ids_of_own_lines_tell_nothing_and_come_once(void **state)
{
    enum { LINES = 500 };
    static char ids[LINES][65];
    struct session *s = *state;
    go_online(s, "message-tags echo-message");
    chat_buffer_id room = chat_buffer_find(s->chat, s->network, STR("#PARTY"));
    for (size_t i = 0; i < LINES; i++) {
        forget(s);
        assert_int_equal(chat_send(s->chat, room, STR("salut")), CHAT_SENT);
        pump(s);
        const char *tag = buf_cstr(&s->sent);
        assert_int_equal(strncmp(tag, "@+ronron.chat/id=", 17), 0);
        (void)snprintf(ids[i], sizeof(ids[i]), "%.*s", (int)strcspn(tag + 17, " "), tag + 17);
        assert_int_equal(strlen(ids[i]), 32);
        assert_int_equal(strspn(ids[i], "0123456789abcdef"), 32);
        for (size_t k = 0; k < i; k++) {
            assert_in_range(count_same(ids[i], ids[k]), 0, 16); // of chance: 2
        }
    }
}

static void lines_without_a_link_wait_and_go_out_in_order(void **state)
{
    struct session *s = *state;
    go_online(s, "message-tags echo-message");
    chat_buffer_id room = chat_buffer_find(s->chat, s->network, STR("#party"));
    assert_int_equal(chat_send(s->chat, room, STR("under way")), CHAT_SENT);
    pump(s);
    chat_link_closed(s->chat, s->network, STR("Connection reset"));
    assert_int_equal(last_line(s, "#party").state, CHAT_SEND_UNSURE);
    assert_int_equal(chat_link_state(s->chat, s->network), CHAT_LINK_WAITING);
    assert_int_equal(chat_member_count(s->chat, room), 0);
    assert_int_equal(chat_send(s->chat, room, STR("one")), CHAT_SENT);
    assert_int_equal(chat_send(s->chat, room, STR("two")), CHAT_SENT);
    assert_int_equal(last_line(s, "#party").state, CHAT_SEND_WAITING);
    forget(s);
    pass(s, 1000);
    assert_int_equal(s->connects, 2);
    chat_link_connected(s->chat, s->network);
    server(s, ":r 001 Ana :Welcome");
    assert_true(has_sent(s, "JOIN #party\r\n"));
    assert_false(has_sent(s, "PRIVMSG"));
    server(s, ":Ana!u@h JOIN #party");
    const char *one = strstr(buf_cstr(&s->sent), "PRIVMSG #party :one\r\n");
    assert_non_null(one);
    assert_non_null(strstr(one, "PRIVMSG #party :two\r\n"));
    assert_false(has_sent(s, "under way")); // only a person decides to say it twice
}

static void reconnection_slows_down_to_half_a_minute(void **state)
{
    struct session *s = *state;
    go_online(s, "");
    int last = 0;
    for (int i = 0; i < 12; i++) {
        chat_link_closed(s->chat, s->network, STR("gone"));
        int wait = chat_retry_in_ms(s->chat, s->network);
        assert_true(wait >= 500 && wait <= 37500);
        assert_true(i == 0 || i > 5 || wait > last);
        last = wait;
        pass(s, wait);
        assert_int_equal(chat_link_state(s->chat, s->network), CHAT_LINK_CONNECTING);
    }
    assert_true(last >= 30000);
}

static void silence_is_pinged_and_then_the_link_is_closed(void **state)
{
    struct session *s = *state;
    go_online(s, "");
    forget(s);
    pass(s, 60001);
    assert_true(has_sent(s, "PING "));
    pass(s, 14000);
    assert_int_equal(s->closes, 0);
    pass(s, 1001);
    assert_int_equal(s->closes, 1);
}

static void members_follow_what_happens(void **state)
{
    struct session *s = *state;
    go_online(s, "");
    chat_buffer_id room = chat_buffer_find(s->chat, s->network, STR("#party"));
    struct chat_member member;
    assert_int_equal(chat_member_count(s->chat, room), 3);
    assert_true(chat_member(s->chat, room, 0, &member));
    assert_true(str_eq(member.nick, STR("leo")) && member.rank == '@');
    assert_true(chat_member(s->chat, room, 1, &member));
    assert_true(member.is_self && member.rank == '+');
    server(s, ":leo!u@h NICK :zoe");
    server(s, ":zoe!u@h MODE #party +o-o eve zoe");
    server(s, ":new!u@h JOIN #party");
    server(s, ":eve!u@h KICK #party new :out");
    server(s, ":zoe!u@h QUIT :bye");
    assert_int_equal(chat_member_count(s->chat, room), 2);
    assert_true(chat_member(s->chat, room, 0, &member));
    assert_true(str_eq(member.nick, STR("eve")) && member.rank == '@');
    server(s, ":eve!u@h KICK #party Ana :you too");
    assert_int_equal(chat_member_count(s->chat, room), 0);
}

static struct chat_member member_at(struct session *s, size_t idx)
{
    struct chat_member member = {0};
    chat_buffer_id room = chat_buffer_find(s->chat, s->network, STR("#party"));
    assert_true(chat_member(s->chat, room, idx, &member));
    return member;
}

static void founders_are_hosts_and_ranks_are_kept_apart(void **state)
{
    struct session *s = *state;
    go_online(s, "multi-prefix");
    server(s, ":r 005 Ana PREFIX=(qov)~@+ STATUSMSG=@+ :ok");
    server(s, ":Ana!u@h JOIN #party");
    server(s, ":r 353 Ana = #party :Ana ~@+zoe +bea @leo");
    assert_true(str_eq(member_at(s, 0).nick, STR("leo")) && member_at(s, 0).is_host);
    assert_true(str_eq(member_at(s, 1).nick, STR("zoe")) && member_at(s, 1).is_host);
    assert_int_equal(member_at(s, 1).rank, '~');
    assert_true(str_eq(member_at(s, 2).nick, STR("bea")) && !member_at(s, 2).is_host);
    assert_true(str_eq(member_at(s, 3).nick, STR("Ana")) && member_at(s, 3).rank == 0);
    server(s, ":r MODE #party +qo Ana Ana"); // as the relay greets the host's account
    assert_true(str_eq(member_at(s, 0).nick, STR("Ana")) && member_at(s, 0).rank == '~');
    server(s, ":r MODE #party -q-v Ana bea");
    assert_true(member_at(s, 0).is_host && member_at(s, 0).rank == '@');
    server(s, ":r MODE #party -qo zoe zoe");
    assert_true(str_eq(member_at(s, 2).nick, STR("zoe")) && member_at(s, 2).rank == '+');
    assert_true(!member_at(s, 2).is_host);
    server(s, ":leo!u@h PRIVMSG ~#party :founders only");
    assert_true(str_eq(last_line(s, "#party").text, STR("founders only")));
}

static void without_operators_nobody_is_a_host(void **state)
{
    struct session *s = *state;
    go_online(s, "");
    server(s, ":r 005 Ana PREFIX= :ok");
    assert_false(member_at(s, 0).is_host);
    assert_int_equal(member_at(s, 0).rank, 0);
}

static void mentions_are_whole_words(void **state)
{
    struct session *s = *state;
    go_online(s, "");
    chat_buffer_id room = chat_buffer_find(s->chat, s->network, STR("#party"));
    static const struct {
        const char *text;
        bool is_mention;
    } cases[] = {{"ANA: hi", true},
                 {"hey (ana)!", true},
                 {"banana", false},
                 {"ana's cat", true},
                 {"anatole", false},
                 {"x", false},
                 {"\xC3\xA9"
                  "ana",
                  false}};
    chat_mark_read(s->chat, room);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char line[128];
        (void)snprintf(line, sizeof(line), ":leo!u@h PRIVMSG #party :%s", cases[i].text);
        server(s, line);
        assert_int_equal(last_line(s, "#party").is_mention, cases[i].is_mention);
    }
    assert_int_equal(chat_unread(s->chat, room), 7);
    assert_int_equal(chat_mentions(s->chat, room), 3);
    server(s, ":leo!u@h PRIVMSG Ana :psst");
    chat_buffer_id query = chat_buffer_find(s->chat, s->network, STR("leo"));
    assert_int_equal(chat_mentions(s->chat, query), 1);
}

static void long_text_is_split_between_characters(void **state)
{
    struct session *s = *state;
    go_online(s, "");
    chat_buffer_id room = chat_buffer_find(s->chat, s->network, STR("#party"));
    struct buf text;
    buf_init(&text, BUF_NO_LIMIT);
    for (int i = 0; i < 1000; i++) {
        assert_true(buf_append(&text, STR("\xE7\x8C\xAB")));
    }
    forget(s);
    assert_int_equal(chat_send(s->chat, room, buf_str(&text)), CHAT_SENT);
    pump(s);
    struct str rest = buf_str(&s->sent);
    struct str line;
    size_t cats = 0;
    while (str_next(&rest, '\n', &line)) {
        assert_true(line.len <= 512 && utf8_is_valid(line));
        assert_true(str_starts(line, STR("PRIVMSG #party :")));
        cats += (line.len - 17) / 3;
    }
    assert_int_equal(cats, 1000);
    buf_deinit(&text);
}

static void commands_are_run_and_unknown_ones_refused(void **state)
{
    struct session *s = *state;
    go_online(s, "");
    chat_buffer_id room = chat_buffer_find(s->chat, s->network, STR("#party"));
    forget(s);
    assert_int_equal(chat_send(s->chat, room, STR("/moi danse")), CHAT_SENT);
    assert_int_equal(chat_send(s->chat, room, STR("/nick L\xC3\xA9o")), CHAT_SENT);
    assert_int_equal(chat_send(s->chat, room, STR("/mp leo psst")), CHAT_SENT);
    assert_int_equal(chat_send(s->chat, room, STR("//not a command")), CHAT_SENT);
    assert_int_equal(chat_send(s->chat, room, STR("/secret password")), CHAT_SEND_REFUSED);
    assert_int_equal(chat_send(s->chat, room, STR("  \n ")), CHAT_SENT_NOTHING);
    pump(s);
    assert_string_equal(buf_cstr(&s->sent),
                        "PRIVMSG #party :\001ACTION danse\001\r\nNICK Leo\r\n"
                        "PRIVMSG leo :psst\r\nPRIVMSG #party :/not a command\r\n");
    assert_int_equal(last_line(s, "#party").kind, CHAT_LINE_ERROR);
}

static void what_arrives_is_cleaned(void **state)
{
    struct session *s = *state;
    go_online(s, "");
    server(s, "@time=2023-11-14T22:13:20.500Z :leo!u@h PRIVMSG #party :a\x02"
              "b\x0F\x07\xFF");
    struct chat_line line = last_line(s, "#party");
    assert_true(str_eq(line.text, STR("ab\xEF\xBF\xBD")));
    assert_int_equal(line.format_count, 3);
    assert_int_equal(line.formats[1].flags, 1);
    assert_true(line.time_utc_ms == 1700000000500LL);
    server(s, ":leo!u@h PRIVMSG #party :\x01"
              "ACTION waves\x01");
    line = last_line(s, "#party");
    assert_int_equal(line.kind, CHAT_LINE_ACTION);
    assert_true(str_eq(line.text, STR("waves")));
}

static void the_ring_keeps_the_newest(void **state)
{
    struct session *s = *state;
    struct chat_line line;
    struct chat_event event;
    size_t idx = 0;
    go_online(s, "");
    chat_buffer_id room = chat_buffer_find(s->chat, s->network, STR("#party"));
    for (int i = 0; i < CHAT_LINES_MAX + 20000; i++) {
        char text[64];
        (void)snprintf(text, sizeof(text), ":leo!u@h PRIVMSG #party :line %d", i);
        chat_link_line(s->chat, s->network, str_from(text));
        while (chat_next_event(s->chat, &event)) {
        }
    }
    assert_int_equal(chat_line_count(s->chat, room), CHAT_LINES_MAX);
    assert_true(chat_line(s->chat, room, 0, &line));
    assert_true(str_eq(line.text, STR("line 20000")));
    assert_true(chat_line_by_id(s->chat, room, line.id, &line, &idx));
    assert_int_equal(idx, 0);
    assert_false(chat_line_by_id(s->chat, room, 1, &line, &idx));
}

static void random_lines_never_break_it(void **state)
{
    struct session *s = *state;
    struct rng rng;
    struct chat_event event;
    static const char *const words[] = {"@time=x;msgid=1",
                                        ":leo!u@h",
                                        ":Ana",
                                        "PRIVMSG",
                                        "JOIN",
                                        "MODE",
                                        "#party",
                                        "+ov-k",
                                        "353",
                                        "KICK",
                                        "404",
                                        "473",
                                        "FAIL",
                                        "NOT_SAVED",
                                        "ERROR",
                                        "NOTICE",
                                        "NICK",
                                        "\xFF\xC3",
                                        ":",
                                        "CAP",
                                        "ACK",
                                        "TOPIC",
                                        "433",
                                        "001",
                                        "\0034,5",
                                        "\001ACTION",
                                        "AWAY",
                                        "QUIT",
                                        "005",
                                        "PREFIX=(",
                                        "LS",
                                        "*"};
    go_online(s, "message-tags echo-message");
    rng_init(&rng, 3);
    for (int i = 0; i < 20000; i++) {
        char text[400] = "";
        size_t len = 0;
        for (uint32_t k = rng_below(&rng, 8); k > 0; k--) {
            const char *word = words[rng_below(&rng, sizeof(words) / sizeof(words[0]))];
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s ", word);
        }
        chat_link_line(s->chat, s->network, str_from(text));
        pump(s);
        buf_clear(&s->sent);
        while (chat_next_event(s->chat, &event)) {
        }
    }
    assert_true(chat_buffer_count(s->chat) > 0);
}

#define WITH_SESSION(test) cmocka_unit_test_setup_teardown(test, open_session, close_session)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SESSION(registration_asks_for_what_it_uses),
        WITH_SESSION(problems_are_told_in_plain_words),
        WITH_SESSION(who_is_turned_away_is_told_why),
        WITH_SESSION(a_wrong_pin_is_another_problem_than_none),
        WITH_SESSION(a_wrong_password_of_something_else_breaks_nothing),
        WITH_SESSION(a_party_that_lets_nobody_into_its_room_is_no_party),
        WITH_SESSION(an_error_elsewhere_is_unread),
        WITH_SESSION(another_room_that_is_closed_is_only_told),
        WITH_SESSION(who_was_sent_out_is_told_and_sends_nothing_into_the_void),
        WITH_SESSION(who_may_not_come_back_waits_for_nothing),
        WITH_SESSION(a_refused_line_says_so),
        WITH_SESSION(what_the_server_says_stands_where_one_looks),
        WITH_SESSION(own_line_is_sent_when_its_echo_comes),
        WITH_SESSION(ids_of_own_lines_tell_nothing_and_come_once),
        WITH_SESSION(lines_without_a_link_wait_and_go_out_in_order),
        WITH_SESSION(reconnection_slows_down_to_half_a_minute),
        WITH_SESSION(silence_is_pinged_and_then_the_link_is_closed),
        WITH_SESSION(members_follow_what_happens),
        WITH_SESSION(founders_are_hosts_and_ranks_are_kept_apart),
        WITH_SESSION(without_operators_nobody_is_a_host),
        WITH_SESSION(mentions_are_whole_words),
        WITH_SESSION(long_text_is_split_between_characters),
        WITH_SESSION(commands_are_run_and_unknown_ones_refused),
        WITH_SESSION(what_arrives_is_cleaned),
        WITH_SESSION(the_ring_keeps_the_newest),
        WITH_SESSION(random_lines_never_break_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

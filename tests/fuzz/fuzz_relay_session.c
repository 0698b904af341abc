// Whole sessions of six clients over pipes: the input picks commands, targets and params from what
// makes sense, so that the relay's depths are reached; some params are raw bytes. Clients come,
// talk, stall, are cut off in the middle of a line, and time passes.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "check.h"
#include "net_loop.h"
#include "net_stream.h"
#include "relay.h"
#include "utf8.h"

#define CLIENTS        6
#define LINE_MAX_BYTES 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *data;
    size_t len;
};

struct guest {
    struct net_stream *end; // NULL: not there
    struct buf got;         // the line begun
    bool is_stalled;        // does not read
};

struct run {
    struct input in;
    struct net_loop *loop;
    struct relay *relay;
    struct guest guests[CLIENTS];
    int64_t now_ms;
};

static const char *const caps[] = {
    "message-tags echo-message labeled-response batch server-time",
    "message-tags server-time account-tag away-notify extended-join account-notify",
    "echo-message labeled-response cap-notify setname multi-prefix userhost-in-names",
    "batch message-tags draft/multiline draft/chathistory draft/event-playback",
    "draft/metadata-2 draft/metadata-3 batch extended-monitor away-notify draft/read-marker",
    "draft/message-redaction standard-replies invite-notify chghost sasl draft/channel-rename",
};

static const char *const commands[] = {
    "PRIVMSG",  "NOTICE",      "TAGMSG", "JOIN",     "PART",         "KICK",   "MODE",     "TOPIC",
    "INVITE",   "NICK",        "AWAY",   "WHO",      "WHOIS",        "WHOWAS", "NAMES",    "LIST",
    "MONITOR",  "METADATA",    "CAP",    "SETNAME",  "RENAME",       "KNOCK",  "USERHOST", "ISON",
    "LUSERS",   "MOTD",        "PING",   "PASS",     "USER",         "QUIT",   "BATCH",    "REDACT",
    "MARKREAD", "CHATHISTORY", "SEARCH", "REGISTER", "AUTHENTICATE", "RESUME", "OPER",     "KILL",
    "WALLOPS",  "MUTE",        "UNMUTE", "REHASH",   "ISUPPORT",     "HELP",   "INFO",     "VERIFY",
};

#define LONGEST                                                                                    \
    "\U00020000\U00020001\U00020002\U00020003\U00020004\U00020005\U00020006\U00020007\U00020008"   \
    "\U00020009"

static const char *const words[] = {
    "#party",
    "#b",
    "#PARTY,#b",
    "@#party",
    "ana",
    "bea",
    "cat",
    "dan",
    "ana,bea",
    "*",
    "",
    "0",
    "+o",
    "-o",
    "+v",
    "+b",
    "-b",
    "+mnist",
    "-ms",
    "+k",
    "-k",
    "+l",
    "+e",
    "+I",
    "+C",
    "+q",
    "+B",
    "+i",
    "+w",
    "*!*@*",
    "m:*!*@*",
    "a:ana",
    "ana!*@*",
    "1",
    "20",
    "-1",
    "99999999999999999999",
    "LS",
    "302",
    "REQ",
    "END",
    "LIST",
    "LATEST",
    "BEFORE",
    "AFTER",
    "AROUND",
    "BETWEEN",
    "TARGETS",
    "timestamp=2023-11-14T22:13:20.000Z",
    "timestamp=2100-01-01T00:00:00.000Z",
    "msgid=018bcfe5680000000",
    "msgid=018bcfe568000001",
    "SET",
    "GET",
    "CLEAR",
    "SUB",
    "UNSUB",
    "SUBS",
    "SYNC",
    "avatar",
    "color",
    "+",
    "-",
    "C",
    "L",
    "S",
    "+ana,bea,zoe",
    "%tcuihsnfdlaor,77",
    "+x",
    "-x",
    "draft/multiline",
    "PLAIN",
    "\u00c9lodie",
    LONGEST LONGEST LONGEST,
    "SCRAM-SHA-256",
    "AGFuYQBzZWNyZXQ=",
    "secret",
    "in=#party;",
    "text=hello",
    "hello",
    "\001ACTION waves\001",
    "\001VERSION\001",
    "\303\251t\303\251 \360\237\220\261",
};

static const char *const tags[] = {
    "",
    "@label=a ",
    "@label=b;+typing=active ",
    "@+ronron.chat/id=x1 ",
    "@+draft/react=\\:) ",
    "@batch=x ",
    "@batch=x;draft/multiline-concat ",
    "@+draft/persist;label=q ",
    "@a;b;c=\\s\\ ",
};

static uint8_t take(struct input *in)
{
    if (in->len == 0) {
        return 0;
    }
    in->len--;
    return *in->data++;
}

// Every whole line is legal: UTF-8, at most 512 bytes without tags, no NUL, no bare CR.
static void check_line(struct str line)
{
    size_t at = 0;
    check(utf8_is_valid(line));
    check(!str_find_char(line, '\0', &at));
    if (line.len && line.data[0] == '@') {
        check(str_find_char(line, ' ', &at));
        check(at < 8192);
        line = str_range(line, at + 1, line.len);
    }
    check(line.len <= LINE_MAX_BYTES - 1); // its LF is cut off
    check(line.len > 0 && line.data[line.len - 1] == '\r');
    check(!str_find_char(str_range(line, 0, line.len - 1), '\r', &at));
}

static void read_all(struct guest *guest)
{
    static char bytes[65536];
    size_t got = 0, at = 0;
    while (guest->end && !guest->is_stalled &&
           net_stream_read(guest->end, bytes, sizeof(bytes), &got) == NET_OK) {
        check(buf_append(&guest->got, (struct str){bytes, got}));
        while (str_find_char(buf_str(&guest->got), '\n', &at)) {
            check_line(str_range(buf_str(&guest->got), 0, at));
            buf_consume(&guest->got, at + 1);
        }
    }
}

static void turn(struct run *run, int64_t advance_ms)
{
    run->now_ms += advance_ms;
    for (int i = 0; i < 3; i++) {
        net_loop_wait(run->loop, 0);
        relay_turn(run->relay, run->now_ms, 1700000000000LL + run->now_ms);
        for (size_t c = 0; c < CLIENTS; c++) {
            read_all(&run->guests[c]);
        }
    }
}

static void say(struct run *run, struct guest *guest, struct str text)
{
    for (int tries = 0; guest->end && text.len > 0 && tries < 8; tries++) {
        size_t done = 0;
        if (net_stream_write(guest->end, text.data, text.len, &done) == NET_CLOSED) {
            return;
        }
        text = str_range(text, done, text.len);
        if (text.len) {
            turn(run, 0);
        }
    }
}

static void hang_up(struct guest *guest)
{
    net_stream_destroy(guest->end);
    buf_deinit(&guest->got);
    *guest = (struct guest){0};
}

static void come(struct run *run, size_t which)
{
    struct guest *guest = &run->guests[which];
    struct net_stream *ends[2];
    char text[400];
    hang_up(guest);
    net_pipe_create(ends, 65536);
    relay_attach(run->relay, ends[0]);
    guest->end = ends[1];
    buf_init(&guest->got, BUF_NO_LIMIT);
    (void)snprintf(text, sizeof(text),
                   "CAP REQ :%s\r\nNICK %c%s\r\nUSER u 0 * :r\r\nCAP END\r\nJOIN #party\r\n",
                   caps[which], 'a' + (int)which, which % 2 ? "ea" : "na");
    say(run, guest, str_from(text));
}

static void put_param(struct run *run, struct buf *line, bool is_last)
{
    uint8_t choice = take(&run->in);
    size_t count = sizeof(words) / sizeof(words[0]);
    bool is_raw = choice >= 240;
    (void)buf_append(line, is_last || is_raw ? STR(" :") : STR(" "));
    if (!is_raw) {
        (void)buf_append(line, str_from(words[choice % count]));
        return;
    }
    for (size_t i = take(&run->in) % 64; i > 0; i--) {
        (void)buf_append_char(line, (char)take(&run->in));
    }
}

static void command(struct run *run, struct guest *guest)
{
    struct buf line;
    buf_init(&line, BUF_NO_LIMIT);
    (void)buf_append(&line, str_from(tags[take(&run->in) % (sizeof(tags) / sizeof(tags[0]))]));
    (void)buf_append(&line,
                     str_from(commands[take(&run->in) % (sizeof(commands) / sizeof(commands[0]))]));
    for (int i = take(&run->in) % 5; i > 0; i--) {
        put_param(run, &line, i == 1);
    }
    (void)buf_append(&line, STR("\r\n"));
    say(run, guest, buf_str(&line));
    buf_deinit(&line);
}

static void step(struct run *run)
{
    static const int64_t waits[] = {0, 1, 60, 1600, 31000, 61000};
    uint8_t what = take(&run->in);
    struct guest *guest = &run->guests[what % CLIENTS];
    switch (what / CLIENTS % 16) {
    case 0:
        come(run, what % CLIENTS);
        break;
    case 1:
        hang_up(guest);
        break;
    case 2:
        guest->is_stalled = !guest->is_stalled;
        break;
    case 3:
        say(run, guest, STR("PRIVMSG #par")); // half a line
        break;
    case 4:
        turn(run, waits[take(&run->in) % (sizeof(waits) / sizeof(waits[0]))]);
        break;
    case 5:
        for (int i = 0; i < 40; i++) {
            say(run, guest, STR("PRIVMSG #party :again and again\r\n"));
        }
        break;
    default:
        command(run, guest);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run run = {.in = {data, size}, .now_ms = 1};
    check(net_init(NULL));
    run.loop = net_loop_create(NULL);
    check(run.loop != NULL);
    struct relay_config config = {.seed = 1};
    unsigned settings = take(&run.in);
    if (settings & 1) {
        config.limits = relay_limits_normal();
    }
    config.has_utf8_nicks = (settings & 2) != 0;
    run.relay = relay_create(&config, run.loop, 1, 1700000000000LL);
    for (size_t c = 0; c < 3; c++) {
        come(&run, c);
    }
    for (int steps = 0; run.in.len > 0 && steps < 400; steps++) {
        step(&run);
        turn(&run, 0);
    }
    for (size_t c = 0; c < CLIENTS; c++) {
        hang_up(&run.guests[c]);
    }
    turn(&run, 2000);
    check(relay_stats(run.relay).connections == 0); // nobody stays behind
    check(relay_stats(run.relay).users == 0);
    relay_destroy(run.relay);
    net_loop_destroy(run.loop);
    net_quit();
    return 0;
}

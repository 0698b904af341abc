// Sessions of three clients over pipes that talk, paste, redact, read back and search, with a store
// that commits when the input says so. What comes back is held against what went out: batches open
// and close, a msgid never has another text, and who was told of a redaction never sees the message
// again.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "check.h"
#include "irc_message.h"
#include "mem.h"
#include "net_loop.h"
#include "net_stream.h"
#include "relay.h"
#include "store.h"
#include "utf8.h"

#define CLIENTS   3
#define KNOWN_MAX 256
#define OPEN_MAX  8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct known { // a message somebody was sent
    char msgid[20];
    uint64_t text; // hash of command, source and text
    unsigned gone; // clients that were told of its redaction, one bit each
};

struct guest {
    struct net_stream *end;
    struct buf got;
    char open[OPEN_MAX][16]; // references of batches
    size_t open_count;
};

struct run {
    const uint8_t *data;
    size_t len;
    struct net_loop *loop;
    struct relay *relay;
    struct store *store;
    struct guest guests[CLIENTS];
    struct known known[KNOWN_MAX];
    size_t known_count;
    int64_t now_ms;
};

static const char *const words[] = {
    "#party",
    "#b",
    "#B",
    "ana",
    "ben",
    "@#party",
    "*",
    "1",
    "3",
    "100",
    "LATEST",
    "BEFORE",
    "AFTER",
    "AROUND",
    "BETWEEN",
    "TARGETS",
    "timestamp=2023-11-14T22:13:20.001Z",
    "timestamp=2023-11-14T22:13:21.000Z",
    "timestamp=2262-01-01T00:00:00.000Z",
    "+x",
    "-x",
    "+y",
    "-y",
    "draft/multiline",
    "in=#party;text=tea",
    "text=tea\\scake;from=ana;limit=2",
    "after=2023-11-14T22:13:20.001Z;before=2024-11-14T22:13:20Z;text=t",
    "tea",
    "tea and cake",
    "\001ACTION drinks\001",
    "\303\251t\303\251",
    "",
};

static const char *const commands[] = {
    "PRIVMSG",     "NOTICE",      "TAGMSG", "BATCH",    "CHATHISTORY", "CHATHISTORY",
    "CHATHISTORY", "CHATHISTORY", "REDACT", "MARKREAD", "SEARCH",      "JOIN",
    "PART",        "TOPIC",       "NICK",   "RENAME",   "MODE",        "KICK",
};

static const char *const tags[] = {
    "",
    "@label=a ",
    "@+x=1;+draft/persist ",
    "@batch=x ",
    "@batch=x;draft/multiline-concat ",
    "@batch=y ",
};

static uint8_t take(struct run *run)
{
    if (run->len == 0) {
        return 0;
    }
    run->len--;
    return *run->data++;
}

static struct known *find(struct run *run, struct str msgid)
{
    for (size_t i = 0; i < run->known_count; i++) {
        if (str_eq(str_from(run->known[i].msgid), msgid)) {
            return &run->known[i];
        }
    }
    return NULL;
}

static void check_batch(struct guest *guest, const struct irc_message *message)
{
    struct str reference = irc_message_param(message, 0);
    check(reference.len > 1);
    struct str name = str_range(reference, 1, reference.len);
    if (reference.data[0] == '+') {
        check(guest->open_count < OPEN_MAX);
        check(str_copy(guest->open[guest->open_count++], 16, name));
    } else {
        check(guest->open_count > 0);
        check(str_eq(str_from(guest->open[--guest->open_count]), name));
    }
}

// Once told of a redaction, a client never sees the message again; a msgid has one text.
static void check_text(struct run *run, size_t which, const struct irc_message *message)
{
    const struct irc_tag *id = irc_message_tag(message, "msgid");
    bool is_redact = irc_message_is(message, "REDACT");
    bool is_said = irc_message_is(message, "PRIVMSG") || irc_message_is(message, "NOTICE");
    struct known *known = find(run, is_redact ? irc_message_param(message, 1)
                                    : id      ? id->value
                                              : (struct str){0});
    if (is_redact && known) {
        known->gone |= 1u << which;
    }
    if (!is_said || !id) {
        return;
    }
    uint64_t text = str_hash(message->source_raw) * 31 + str_hash(irc_message_param(message, 1));
    if (known) {
        check(known->text == text);
        check(!(known->gone & (1u << which)));
    } else if (run->known_count < KNOWN_MAX) {
        known = &run->known[run->known_count++];
        check(str_copy(known->msgid, sizeof(known->msgid), id->value));
        known->text = text;
        known->gone = 0;
    }
}

static void check_line(struct run *run, size_t which, struct str line)
{
    struct guest *guest = &run->guests[which];
    struct irc_message message;
    size_t at = 0;
    check(utf8_is_valid(line) && !str_find_char(line, '\0', &at));
    check(line.len > 0 && line.data[line.len - 1] == '\r');
    line = str_range(line, 0, line.len - 1);
    check(!str_find_char(line, '\r', &at) && irc_message_parse(&message, line));
    size_t head = message.tags_raw.len ? message.tags_raw.len + 2 : 0;
    check(head <= IRC_TAGS_TOTAL_MAX && line.len - head <= IRC_LINE_MAX - 2);
    const struct irc_tag *batch = irc_message_tag(&message, "batch");
    bool is_end =
        irc_message_is(&message, "BATCH") && str_starts(irc_message_param(&message, 0), STR("-"));
    if (batch && !is_end) { // the end of an inner one names the outer one
        check(guest->open_count > 0);
        check(str_eq(str_from(guest->open[guest->open_count - 1]), batch->value));
    }
    if (irc_message_is(&message, "BATCH")) {
        check_batch(guest, &message);
    }
    check_text(run, which, &message);
}

static void read_all(struct run *run, size_t which)
{
    struct guest *guest = &run->guests[which];
    char bytes[16384];
    size_t got = 0, at = 0;
    while (guest->end && net_stream_read(guest->end, bytes, sizeof(bytes), &got) == NET_OK) {
        check(buf_append(&guest->got, (struct str){bytes, got}));
        while (str_find_char(buf_str(&guest->got), '\n', &at)) {
            check_line(run, which, str_range(buf_str(&guest->got), 0, at));
            buf_consume(&guest->got, at + 1);
        }
    }
}

static void turn(struct run *run, int64_t advance_ms, bool commits)
{
    run->now_ms += advance_ms;
    for (int i = 0; i < (commits ? 3 : 1); i++) {
        net_loop_wait(run->loop, 0);
        relay_turn(run->relay, run->now_ms, 1700000000000LL + run->now_ms);
        if (commits) {
            store_work_now(run->store);
        }
        for (size_t c = 0; c < CLIENTS; c++) {
            read_all(run, c);
        }
    }
}

static void say(struct run *run, struct guest *guest, struct str text)
{
    size_t done = 0;
    (void)net_stream_write(guest->end, text.data, text.len, &done); // the pipe is large
    turn(run, 0, false);
}

static void hang_up(struct guest *guest)
{
    net_stream_destroy(guest->end);
    buf_deinit(&guest->got);
    *guest = (struct guest){0};
}

static void come(struct run *run, size_t which)
{
    static const char *const nicks[CLIENTS] = {"ana", "ben", "cat"};
    static const char *const more[CLIENTS] = {"draft/multiline draft/event-playback extended-join",
                                              "draft/multiline", "draft/event-playback"};
    struct net_stream *ends[2];
    char text[512];
    hang_up(&run->guests[which]);
    for (size_t i = 0; i < run->known_count; i++) {
        run->known[i].gone &= ~(1u << which); // another one sits there now
    }
    net_pipe_create(ends, (size_t)1024 * 1024);
    relay_attach(run->relay, ends[0]);
    run->guests[which].end = ends[1];
    buf_init(&run->guests[which].got, BUF_NO_LIMIT);
    (void)snprintf(text, sizeof(text),
                   "CAP REQ :batch message-tags server-time echo-message labeled-response "
                   "draft/chathistory draft/message-redaction draft/read-marker %s\r\n"
                   "NICK %s\r\nUSER u 0 * :r\r\nCAP END\r\nJOIN #party\r\n",
                   more[which], nicks[which]);
    say(run, &run->guests[which], str_from(text));
}

static void put_param(struct run *run, struct buf *line, bool is_last)
{
    uint8_t choice = take(run);
    (void)buf_append(line, is_last ? STR(" :") : STR(" "));
    if (choice >= 240) {
        for (size_t i = take(run) % 32; i > 0; i--) {
            (void)buf_append_char(line, (char)take(run));
        }
    } else if (choice >= 160 && run->known_count) {
        (void)buf_printf(line, "%s%s", choice & 1 ? "msgid=" : "",
                         run->known[choice % run->known_count].msgid);
    } else {
        (void)buf_append(line, str_from(words[choice % (sizeof(words) / sizeof(words[0]))]));
    }
}

static void command(struct run *run, struct guest *guest)
{
    struct buf line;
    buf_init(&line, BUF_NO_LIMIT);
    (void)buf_append(&line, str_from(tags[take(run) % (sizeof(tags) / sizeof(tags[0]))]));
    (void)buf_append(&line,
                     str_from(commands[take(run) % (sizeof(commands) / sizeof(commands[0]))]));
    for (int i = take(run) % 6; i > 0; i--) {
        put_param(run, &line, i == 1);
    }
    (void)buf_append(&line, STR("\r\n"));
    say(run, guest, buf_str(&line));
    buf_deinit(&line);
}

static void put_bound(struct run *run, struct buf *line)
{
    static const char *const times[] = {"*", "timestamp=2023-11-14T22:13:20.001Z",
                                        "timestamp=2023-11-14T22:13:20.005Z",
                                        "timestamp=2262-01-01T00:00:00.000Z"};
    uint8_t choice = take(run);
    if (choice >= 64 && run->known_count) {
        (void)buf_printf(line, " msgid=%s", run->known[choice % run->known_count].msgid);
    } else {
        (void)buf_printf(line, " %s", times[choice % 4]);
    }
}

// A question that has an answer, most of the time.
static void ask(struct run *run, struct guest *guest)
{
    static const char *const subcommands[] = {"LATEST",  "BEFORE", "AFTER",
                                              "BETWEEN", "AROUND", "TARGETS"};
    struct buf line;
    uint8_t choice = take(run);
    buf_init(&line, BUF_NO_LIMIT);
    (void)buf_printf(&line, "%sCHATHISTORY %s", choice & 64 ? "@label=h " : "",
                     subcommands[choice % 6]);
    if (choice % 6 != 5) {
        (void)buf_append(&line, choice & 32 ? STR(" #b") : STR(" #party"));
    }
    put_bound(run, &line);
    if (choice % 6 == 3 || choice % 6 == 5) {
        put_bound(run, &line);
    }
    (void)buf_printf(&line, " %d\r\n", 1 + take(run) % 12);
    say(run, guest, buf_str(&line));
    buf_deinit(&line);
}

static void paste(struct run *run, struct guest *guest)
{
    struct buf text;
    buf_init(&text, BUF_NO_LIMIT);
    uint8_t choice = take(run);
    (void)buf_printf(&text, "@label=p;+x=2 BATCH +x draft/multiline #party\r\n");
    for (int i = choice % 8; i >= 0; i--) {
        (void)buf_printf(
            &text, "@batch=x%s PRIVMSG #party :%.*s\r\n",
            take(run) & 1 ? ";draft/multiline-concat" : "", take(run) % 64 * 6,
            "tea and cake and tea and cake and tea and cake and tea and cake and tea "
            "and cake and tea and cake and tea and cake and tea and cake and tea and "
            "cake and tea and cake and tea and cake and tea and cake and tea and cake "
            "and tea and cake and tea and cake and tea and cake and tea and cake and "
            "tea and cake and tea and cake and tea and cake and tea and cake and tea ");
    }
    (void)buf_append(&text, STR("BATCH -x\r\n"));
    say(run, guest, buf_str(&text));
    buf_deinit(&text);
}

static void redact(struct run *run, struct guest *guest)
{
    char text[80];
    if (run->known_count) {
        (void)snprintf(text, sizeof(text), "REDACT #party %s\r\n",
                       run->known[take(run) % run->known_count].msgid);
        say(run, guest, str_from(text));
    }
}

static void step(struct run *run)
{
    static const int64_t waits[] = {0, 1, 2, 1000, 31000};
    uint8_t what = take(run);
    switch (what / CLIENTS % 16) {
    case 0:
        come(run, what % CLIENTS);
        break;
    case 1:
        turn(run, waits[take(run) % (sizeof(waits) / sizeof(waits[0]))], false);
        break;
    case 2:
    case 3:
        turn(run, 1, true);
        break;
    case 4:
    case 5:
    case 6:
        ask(run, &run->guests[what % CLIENTS]);
        break;
    case 7:
        paste(run, &run->guests[what % CLIENTS]);
        break;
    case 8:
        redact(run, &run->guests[what % CLIENTS]);
        break;
    default:
        command(run, &run->guests[what % CLIENTS]);
        break;
    }
}

static void remove_files(const char *folder)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-lock"};
    char path[96];
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s/db%s", folder, suffixes[i]);
        (void)unlink(path); // not all are there
    }
    (void)rmdir(folder); // nothing else is in it
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char folder[64], path[80];
    struct run *run = MEM_NEW(struct run);
    struct err err;
    run->data = data;
    run->len = size;
    run->now_ms = 1;
    (void)snprintf(folder, sizeof(folder), "%s/ronron-fuzz-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    check(mkdtemp(folder) != NULL);
    (void)snprintf(path, sizeof(path), "%s/db", folder);
    struct store_config store = {.path = path, .now_utc_ms = 1700000000000LL};
    check(store_open(&run->store, &store, &err));
    check(net_init(NULL));
    run->loop = net_loop_create(NULL);
    struct relay_config config = {.seed = 1, .store = run->store};
    run->relay = relay_create(&config, run->loop, 1, 1700000000000LL);
    for (size_t c = 0; c < CLIENTS; c++) {
        come(run, c);
    }
    turn(run, 1, true);
    for (int steps = 0; run->len > 0 && steps < 300; steps++) {
        step(run);
    }
    turn(run, 1, true);
    for (size_t c = 0; c < CLIENTS; c++) {
        check(run->guests[c].open_count == 0); // no answer is left half said
        hang_up(&run->guests[c]);
    }
    turn(run, 2000, true);
    relay_destroy(run->relay);
    net_loop_destroy(run->loop);
    net_quit();
    store_work_now(run->store);
    store_close(run->store);
    remove_files(folder);
    mem_free(run);
    return 0;
}

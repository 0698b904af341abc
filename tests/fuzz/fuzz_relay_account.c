// People who register, log in, come back with tokens, own rooms and are muted, while a worker
// hashes when it likes and a disk commits when it likes. Each byte of the input is one step.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "check.h"
#include "irc_scram.h"
#include "net_crypto.h"
#include "net_loop.h"
#include "net_stream.h"
#include "relay.h"
#include "store.h"
#include "utf8.h"
#include "work.h"

#define CLIENTS 4
#define STEPS   300

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct guest {
    struct net_stream *end; // NULL: not there
    struct buf got;         // the line begun
};

struct run {
    const uint8_t *data;
    size_t len;
    struct net_loop *loop;
    struct store *store;
    struct work *work;
    struct relay *relay;
    struct relay_config config;
    struct guest guests[CLIENTS];
    char tokens[CLIENTS][33];
    char verifier[IRC_SCRAM_TEXT_MAX];
    char path[64];
    int64_t now_ms;
};

// "$N" is a nick, "$T" somebody's token.
static const char *const lines[] = {
    "CAP LS 302",
    "CAP REQ :sasl message-tags account-notify account-tag extended-join chghost batch",
    "CAP END",
    "NICK $N",
    "USER u 0 * :r",
    "JOIN #party",
    "JOIN #a",
    "PART #a",
    "REGISTER * * :sesame sesame",
    "REGISTER $N * :sesame sesame",
    "@label=r REGISTER * * :other password",
    "AUTHENTICATE PLAIN",
    "AUTHENTICATE AGFuYQBzZXNhbWUgc2VzYW1l",          // ana, sesame sesame
    "@label=l AUTHENTICATE AGJlYQBzZXNhbWUgc2VzYW1l", // bea
    "AUTHENTICATE AGFuYQB3cm9uZw==",
    "AUTHENTICATE SCRAM-SHA-256",
    "AUTHENTICATE biwsbj1hbmEscj1hYmM=", // n,,n=ana,r=abc
    "AUTHENTICATE Yz1iaXdzLHI9YWJjLHA9QUFBQQ==",
    "AUTHENTICATE +",
    "AUTHENTICATE *",
    "RESUME *",
    "RESUME $T",
    "OPER admin :open sesame",
    "OPER admin wrong",
    "KILL $N :out",
    "WALLOPS :hear",
    "MODE $N +wo",
    "MODE $N -o",
    "REHASH",
    "MODE #a +q $N",
    "MODE #a -q $N",
    "MODE #a +ov $N $N",
    "MODE #a -o $N",
    "MODE #a +f 3",
    "MODE #a +b a:$N",
    "MODE #a +b m:a:$N",
    "MODE #a",
    "MUTE #a $N 2",
    "UNMUTE #a $N",
    "BAN #a $N 1",
    "UNBAN #a $N",
    "KICK #a $N",
    "TOPIC #a :t",
    "RENAME #a #b",
    "RENAME #b #a",
    "JOIN #b",
    "PRIVMSG #a :hello",
    "@+ronron.chat/id=x PRIVMSG #party :once",
    "PRIVMSG $N :hi",
    "WHOIS $N",
    "WHO * %na",
    "MONITOR + ana,bea",
    "PING p",
    "QUIT",
};

static const char *const nicks[] = {"ana", "bea", "cat", "Guest1"};

static uint8_t take(struct run *run)
{
    if (run->len == 0) {
        return 0;
    }
    run->len--;
    return *run->data++;
}

static void keep_token(struct run *run, size_t which, struct str line)
{
    size_t at = 0;
    struct str word = STR(" RESUME TOKEN ");
    if (str_find(line, word, &at)) {
        (void)str_copy(run->tokens[which], sizeof(run->tokens[which]),
                       str_range(line, at + word.len, line.len)); // cut before the CR
    }
}

static void read_all(struct run *run, size_t which)
{
    static char bytes[65536];
    struct guest *guest = &run->guests[which];
    size_t got = 0, at = 0;
    while (guest->end && net_stream_read(guest->end, bytes, sizeof(bytes), &got) == NET_OK) {
        check(buf_append(&guest->got, (struct str){bytes, got}));
        while (str_find_char(buf_str(&guest->got), '\n', &at)) {
            struct str line = str_range(buf_str(&guest->got), 0, at);
            check(utf8_is_valid(line));
            keep_token(run, which, line);
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
            read_all(run, c);
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
    struct net_stream *ends[2];
    hang_up(&run->guests[which]);
    net_pipe_create(ends, 65536);
    relay_attach(run->relay, ends[0]);
    run->guests[which].end = ends[1];
    buf_init(&run->guests[which].got, BUF_NO_LIMIT);
}

static void say(struct run *run, struct guest *guest, const char *line)
{
    struct buf text;
    buf_init(&text, BUF_NO_LIMIT);
    for (; *line; line++) {
        if (line[0] == '$' && line[1] == 'N') {
            (void)buf_printf(&text, "%s", nicks[take(run) % 4]);
            line++;
        } else if (line[0] == '$' && line[1] == 'T') {
            (void)buf_printf(&text, "%s", run->tokens[take(run) % CLIENTS]);
            line++;
        } else {
            (void)buf_append_char(&text, *line);
        }
    }
    (void)buf_append(&text, STR("\r\n"));
    size_t done = 0;
    if (guest->end) { // a full or closed pipe takes less; that is a case too
        (void)net_stream_write(guest->end, buf_str(&text).data, text.len, &done);
    }
    buf_deinit(&text);
}

static void begin(struct run *run)
{
    struct store_config config = {.path = run->path, .now_utc_ms = 1700000000000LL};
    check(store_open(&run->store, &config, NULL));
    run->loop = net_loop_create(NULL);
    run->work = work_create(2, NULL, NULL);
    run->config.store = run->store;
    run->config.work = run->work;
    run->relay = relay_create(&run->config, run->loop, run->now_ms, 1700000000000LL);
}

static void end(struct run *run)
{
    for (size_t c = 0; c < CLIENTS; c++) {
        hang_up(&run->guests[c]);
    }
    while (work_run_now(run->work)) {
    }
    turn(run, 2000); // who was held is read again and found gone
    store_work_now(run->store);
    turn(run, 2000);
    check(relay_stats(run->relay).connections == 0);
    check(relay_stats(run->relay).users == 0);
    relay_destroy(run->relay);
    store_close(run->store);
    work_destroy(run->work);
    net_loop_destroy(run->loop);
}

static void step(struct run *run)
{
    uint8_t what = take(run);
    switch (what) {
    case 255:
        (void)work_run_now(run->work); // there may be nothing to hash
        break;
    case 254:
        store_work_now(run->store);
        break;
    case 253:
        turn(run, 1000);
        break;
    case 252:
        turn(run, 31000);
        break;
    case 251:
        come(run, take(run) % CLIENTS);
        break;
    case 250:
        hang_up(&run->guests[take(run) % CLIENTS]);
        break;
    case 249:
        end(run); // the relay starts again on the same file
        begin(run);
        break;
    default:
        say(run, &run->guests[what % CLIENTS],
            lines[what / CLIENTS % (sizeof(lines) / sizeof(lines[0]))]);
        break;
    }
}

static void make_verifier(struct run *run)
{
    static const struct irc_crypto crypto = {net_sha256, net_hmac_sha256, net_pbkdf2_sha256,
                                             net_equal};
    struct irc_scram_verifier verifier = {.iterations = IRC_SCRAM_ITERATIONS_MIN};
    irc_scram_verifier_make(&verifier, &crypto, STR("open sesame"));
    irc_scram_verifier_text(&verifier, run->verifier);
}

static void remove_files(const struct run *run)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        char path[80];
        (void)snprintf(path, sizeof(path), "%s%s", run->path, ends[i]);
        (void)unlink(path); // it may not be there
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run run = {.data = data, .len = size, .now_ms = 1};
    check(net_init(NULL));
    (void)snprintf(run.path, sizeof(run.path), "/dev/shm/ronron-fuzz-%d.db", (int)getpid());
    remove_files(&run);
    make_verifier(&run);
    run.config = (struct relay_config){.seed = 1,
                                       .iterations = 1,
                                       .has_registration = true,
                                       .is_before_connect = true,
                                       .oper_name = STR("admin"),
                                       .oper_verifier = str_from(run.verifier),
                                       .host_account = STR("ana")};
    begin(&run);
    for (int steps = 0; run.len > 0 && steps < STEPS; steps++) {
        step(&run);
        turn(&run, 0);
    }
    end(&run);
    remove_files(&run);
    net_quit();
    return 0;
}

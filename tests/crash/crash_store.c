// Ends a process that keeps history by force, again and again, and counts what is missing.
//
// crash_store [--kills N] [--cuts N] [--controls N] [--seed N]
// kills:    SIGKILL at any moment; what was written survives.
// cuts:     the same on a disk that loses what was not flushed: a power cut.
// controls: on a disk that lies about its flushes, as if echoes left before the commit. These MUST
//           show losses, else the test could not see any.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "buf.h"
#include "check.h"
#include "crash_child.h"
#include "crash_vfs.h"
#include "mem.h"
#include "rng.h"

enum {
    ROUND = 20, // lives of one file; then a new one, so that looking through it stays quick
    // The lying disk is honest for its first flushes. A commit holds at most all that is in flight;
    // so many echoes are more commits than those.
    UNTIL_IT_LIES = 12 * CRASH_CLIENTS * CRASH_WINDOW,
};

struct slot { // a message under way
    uint32_t number;
    bool is_used;
    bool is_in_flight;
};

struct counts {
    unsigned long ends, echoed, resent, repeats, lost, doubled, wrong_ids, broken;
};

struct party {
    const char *vfs; // NULL: the system's own
    enum crash_disk disk;
    char path[128];
    struct slot slots[CRASH_CLIENTS][CRASH_WINDOW];
    uint32_t next[CRASH_CLIENTS];
    struct buf echoes[CRASH_CLIENTS]; // uint64_t by number: id of the echo, 0: none yet
    struct rng rng;
    struct counts counts;
};

static double now_s(void)
{
    struct timespec now;
    check(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t *ids_of(struct party *party, uint32_t who)
{
    return (uint64_t *)(void *)(party->echoes[who].data + party->echoes[who].start);
}

static void fill_window(struct party *party, uint32_t who)
{
    for (size_t i = 0; i < CRASH_WINDOW; i++) {
        struct slot *slot = &party->slots[who][i];
        if (!slot->is_used && rng_below(&party->rng, 4) == 0) {
            *slot = (struct slot){party->next[who]++, true, false};
            uint64_t none = 0;
            check(buf_append(&party->echoes[who], (struct str){(char *)&none, sizeof(none)}));
        }
    }
}

static void send_asks(struct party *party, int socket)
{
    struct crash_ask asks[CRASH_CLIENTS * CRASH_WINDOW];
    size_t count = 0;
    for (uint32_t who = 0; who < CRASH_CLIENTS; who++) {
        for (size_t i = 0; i < CRASH_WINDOW; i++) {
            struct slot *slot = &party->slots[who][i];
            if (slot->is_used && !slot->is_in_flight) {
                asks[count++] = (struct crash_ask){who, slot->number};
                slot->is_in_flight = true;
            }
        }
    }
    for (size_t i = 0; i < count; i += 64) { // small ones, so that they are batches of their own
        size_t some = count - i < 64 ? count - i : 64;
        if (send(socket, asks + i, some * sizeof(asks[0]), MSG_NOSIGNAL) < 0) {
            return; // it is gone; they are sent again to the next
        }
    }
}

static void take_echo(struct party *party, struct crash_echo echo)
{
    uint64_t *ids =
        (uint64_t *)(void *)(party->echoes[echo.ask.who].data + party->echoes[echo.ask.who].start);
    ids[echo.ask.number] = echo.id;
    party->counts.echoed++;
    party->counts.repeats += echo.is_repeat;
    for (size_t i = 0; i < CRASH_WINDOW; i++) {
        struct slot *slot = &party->slots[echo.ask.who][i];
        if (slot->is_used && slot->number == echo.ask.number) {
            slot->is_used = false;
        }
    }
}

// false: the process has ended.
static bool take_echoes(struct party *party, int socket)
{
    struct crash_echo echoes[256];
    ssize_t len = recv(socket, echoes, sizeof(echoes), MSG_DONTWAIT);
    for (ssize_t i = 0; i < len / (ssize_t)sizeof(echoes[0]); i++) {
        take_echo(party, echoes[i]);
    }
    return len > 0 || (len < 0 && (errno == EAGAIN || errno == EINTR));
}

static void forget_flights(struct party *party)
{
    for (size_t i = 0; i < (size_t)CRASH_CLIENTS * CRASH_WINDOW; i++) {
        struct slot *slot = &party->slots[i / CRASH_WINDOW][i % CRASH_WINDOW];
        party->counts.resent += slot->is_used && slot->is_in_flight;
        slot->is_in_flight = false;
    }
}

static bool has_open(const struct party *party)
{
    for (size_t i = 0; i < (size_t)CRASH_CLIENTS * CRASH_WINDOW; i++) {
        if (party->slots[i / CRASH_WINDOW][i % CRASH_WINDOW].is_used) {
            return true;
        }
    }
    return false;
}

static pid_t start_child(struct party *party, int *out)
{
    int ends[2];
    check(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
    unsigned long seed = rng_next(&party->rng);
    pid_t pid = fork();
    check(pid >= 0);
    if (pid == 0) {
        (void)close(ends[0]);
        if (party->vfs) {
            (void)crash_vfs_create(party->vfs, party->disk, seed); // lives as long as the process
        }
        crash_child_run(party->path, party->vfs, ends[1]);
    }
    (void)close(ends[1]);
    *out = ends[0];
    return pid;
}

// How many echoes must have come before the time of a life is counted. One life in four may end
// while the file is still being opened. The others wait: a slow machine would else end them all
// before anything was told, and what was never told cannot be lost.
static unsigned long echoes_first(struct party *party)
{
    if (party->disk == CRASH_DISK_LYING) {
        return UNTIL_IT_LIES;
    }
    return rng_below(&party->rng, 4) ? 1 : 0;
}

// One life of the process: up to 200 ms under load, or until all is echoed.
static void live(struct party *party, bool is_killed)
{
    int socket = -1;
    pid_t pid = start_child(party, &socket);
    bool is_alive = true;
    bool is_counted = false;
    double end = now_s() + 30;
    unsigned long enough = party->counts.echoed + echoes_first(party);
    while (is_alive && now_s() < end && (is_killed || has_open(party))) {
        for (uint32_t who = 0; is_killed && who < CRASH_CLIENTS; who++) {
            fill_window(party, who);
        }
        send_asks(party, socket);
        struct pollfd ready = {socket, POLLIN, 0};
        if (poll(&ready, 1, 2) > 0) {
            is_alive = take_echoes(party, socket);
        }
        if (is_killed && !is_counted && party->counts.echoed >= enough) {
            is_counted = true;
            end = now_s() + 0.2 * (double)rng_unit(&party->rng);
        }
    }
    if (is_killed) {
        (void)kill(pid, SIGKILL);
    } else {
        (void)shutdown(socket, SHUT_WR);
    }
    while (take_echoes(party, socket)) { // what left before the end has left
        struct pollfd ready = {socket, POLLIN, 0};
        (void)poll(&ready, 1, 100);
    }
    int status = 0;
    (void)close(socket);
    check(waitpid(pid, &status, 0) == pid);
    party->counts.broken += !is_killed && status != 0;
    party->counts.broken += is_killed && !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    forget_flights(party);
}

// NULL when there are no tables yet, or none any more: then there are no rows either.
static sqlite3_stmt *query(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    (void)sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    return statement;
}

// Counts each kept line; seen[who] holds one byte a number.
static void count_lines(struct party *party, sqlite3 *db, unsigned char **seen)
{
    sqlite3_stmt *lines = query(db, "SELECT id, text FROM msg");
    while (sqlite3_step(lines) == SQLITE_ROW) {
        struct str rest = str_from((const char *)sqlite3_column_text(lines, 1)), part = {0};
        int64_t who = 0, number = 0;
        if (!str_next(&rest, '.', &part) || !str_to_int_in(part, 0, CRASH_CLIENTS - 1, &who) ||
            !str_to_int_in(rest, 0, (int64_t)party->next[who] - 1, &number)) {
            party->counts.broken++;
            continue;
        }
        const uint64_t *ids = ids_of(party, (uint32_t)who);
        uint64_t id = (uint64_t)sqlite3_column_int64(lines, 0);
        party->counts.doubled += ++seen[who][number] > 1;
        party->counts.wrong_ids += ids[number] != 0 && ids[number] != id;
    }
    (void)sqlite3_finalize(lines);
}

// Looks through the file as another program would, changing nothing.
static void inspect(struct party *party)
{
    unsigned char *seen[CRASH_CLIENTS];
    sqlite3 *db = NULL;
    check(sqlite3_open_v2(party->path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK);
    sqlite3_stmt *whole = query(db, "PRAGMA integrity_check");
    bool is_whole = sqlite3_step(whole) == SQLITE_ROW &&
                    strcmp((const char *)sqlite3_column_text(whole, 0), "ok") == 0;
    (void)sqlite3_finalize(whole);
    party->counts.broken += !is_whole;
    for (uint32_t who = 0; who < CRASH_CLIENTS; who++) {
        seen[who] = mem_alloc(party->next[who] + 1);
    }
    count_lines(party, db, seen);
    for (uint32_t who = 0; who < CRASH_CLIENTS; who++) {
        uint64_t *ids = ids_of(party, who);
        for (uint32_t number = 0; number < party->next[who]; number++) {
            if (ids[number] != 0 && seen[who][number] == 0) {
                party->counts.lost++;
                ids[number] = 0; // counted
            }
        }
        mem_free(seen[who]);
    }
    check(sqlite3_close(db) == SQLITE_OK);
}

static void remove_files(const struct party *party)
{
    static const char *const parts[] = {"", "-wal", "-shm", "-lock", "-suspect", "-journal"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        char path[160];
        (void)snprintf(path, sizeof(path), "%s%s", party->path, parts[i]);
        (void)remove(path); // not all of them are there
    }
}

static void start_over(struct party *party)
{
    remove_files(party);
    for (uint32_t who = 0; who < CRASH_CLIENTS; who++) {
        party->next[who] = 0;
        buf_deinit(&party->echoes[who]);
        buf_init(&party->echoes[who], BUF_NO_LIMIT);
        memset(party->slots[who], 0, sizeof(party->slots[who]));
    }
}

static struct counts run(const char *folder, const char *vfs, enum crash_disk disk,
                         unsigned long ends, unsigned long seed)
{
    struct party *party = MEM_NEW(struct party);
    party->vfs = vfs;
    party->disk = disk;
    rng_init(&party->rng, seed);
    (void)snprintf(party->path, sizeof(party->path), "%s/party.db", folder);
    start_over(party);
    while (party->counts.ends < ends) {
        live(party, true);
        party->counts.ends++;
        inspect(party);
        bool is_honest = disk == CRASH_DISK_HONEST;
        if (!is_honest || party->counts.ends % ROUND == 0 || party->counts.ends == ends) {
            if (is_honest) { // a lying disk leaves nothing to go on with
                live(party, false);
                party->counts.lost += has_open(party); // resent to the end, and never echoed
                inspect(party);
            }
            start_over(party);
        }
    }
    struct counts counts = party->counts;
    for (uint32_t who = 0; who < CRASH_CLIENTS; who++) {
        buf_deinit(&party->echoes[who]);
    }
    mem_free(party);
    return counts;
}

static void print_row(const char *name, struct counts c)
{
    printf("%-28s %5lu %8lu %7lu %8lu %6lu %8lu %9lu %7lu\n", name, c.ends, c.echoed, c.resent,
           c.repeats, c.lost, c.doubled, c.wrong_ids, c.broken);
    (void)fflush(stdout);
}

static bool is_clean(struct counts c)
{
    return c.lost == 0 && c.doubled == 0 && c.wrong_ids == 0 && c.broken == 0;
}

static unsigned long option(int argc, char **argv, const char *name, unsigned long value)
{
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], name) == 0) {
            value = strtoul(argv[i + 1], NULL, 10);
        }
    }
    return value;
}

int main(int argc, char **argv)
{
    unsigned long kills = option(argc, argv, "--kills", 200);
    unsigned long cuts = option(argc, argv, "--cuts", 100);
    unsigned long controls = option(argc, argv, "--controls", 20);
    unsigned long seed = option(argc, argv, "--seed", (unsigned long)time(NULL));
    char folder[] = "/tmp/ronron-crash-XXXXXX";
    check(mkdtemp(folder) != NULL);
    printf("seed %lu\n%-28s %5s %8s %7s %8s %6s %8s %9s %7s\n", seed, "", "ends", "echoed",
           "resent", "repeats", "LOST", "DOUBLED", "WRONG ID", "BROKEN");
    struct counts killed = run(folder, NULL, CRASH_DISK_HONEST, kills, seed);
    print_row("kill -9", killed);
    struct counts cut = run(folder, "power-cut", CRASH_DISK_HONEST, cuts, seed + 1);
    print_row("power cut", cut);
    struct counts control = run(folder, "lying", CRASH_DISK_LYING, controls, seed + 2);
    print_row("control: echo before commit", control);
    (void)rmdir(folder);
    bool can_see = controls == 0 || control.lost > 0;
    if (!can_see) {
        printf("the control lost nothing: this test sees no losses\n");
    }
    bool is_good = is_clean(killed) && is_clean(cut) && can_see;
    printf("%s\n", is_good ? "ok" : "FAILED");
    return is_good ? 0 : 1;
}

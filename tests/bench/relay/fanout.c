// relay_fanout: the least a relay can do, as a yardstick. One epoll loop reads what is ready, puts
// every line of the turn into one buffer and gives each client that buffer with one write.
//
// It knows NICK and USER (001), JOIN (JOIN and 366), PRIVMSG (to everybody else) and PING. There is
// one room, no limit of rate, no check of nicks. A client that does not read is kept waiting up to
// PENDING_MAX bytes and then closed. Prints "Listening on 127.0.0.1:PORT".
//
// --spoil lose|double|swap|damage does that to every SPOIL_EVERY-th line: so that a test can see the
// load generator count it.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mem.h"

#define LINE_MAX_BYTES 1024
#define PENDING_MAX    (4 * 1024 * 1024)
#define EVENTS         1024
#define READ_SIZE      65536
#define SPOIL_EVERY    50

enum spoil { SPOIL_NONE, SPOIL_LOSE, SPOIL_DOUBLE, SPOIL_SWAP, SPOIL_DAMAGE };

struct client {
    int fd;
    bool is_in;
    bool has_spoken; // in this turn: it may not get its own lines
    char nick[32];
    char *carry; // owned; beginning of a line
    size_t carry_len;
    char *pending; // owned; what the system did not take
    size_t pending_len;
};

struct line {
    struct client *sender; // borrowed
    size_t at;             // in the turn's buffer
    size_t len;
};

struct fanout {
    int listen_fd;
    int epoll_fd;
    struct client **clients; // owned; by descriptor
    size_t client_size;
    char *turn; // owned; all lines of this turn
    size_t turn_len;
    size_t turn_size;
    struct line *lines; // owned
    size_t line_count;
    size_t line_size;
    char *own; // owned; the turn as one of its speakers gets it
    enum spoil spoil;
    unsigned spoken; // lines so far
};

static struct client *client_of(const struct fanout *fanout, int fd)
{
    return fanout->clients && (size_t)fd < fanout->client_size ? fanout->clients[fd] : NULL;
}

static void watch(struct fanout *fanout, struct client *client, int operation, bool wants_write)
{
    struct epoll_event event = {.events = EPOLLIN | (wants_write ? EPOLLOUT : 0)};
    event.data.fd = client->fd;
    (void)epoll_ctl(fanout->epoll_fd, operation, client->fd, &event); // a bad one shows on reading
}

static void drop(struct fanout *fanout, struct client *client)
{
    for (size_t i = 0; i < fanout->line_count; i++) {
        if (fanout->lines[i].sender == client) {
            fanout->lines[i].sender = NULL; // its last words still go out
        }
    }
    fanout->clients[client->fd] = NULL;
    (void)close(client->fd); // nothing is kept in it
    mem_free(client->carry);
    mem_free(client->pending);
    mem_free(client);
}

static void client_send(struct fanout *fanout, struct client *client, const char *data, size_t len)
{
    ssize_t sent = 0;
    if (client->pending_len == 0) {
        sent = send(client->fd, data, len, MSG_NOSIGNAL);
        sent = sent < 0 ? 0 : sent; // a dead peer shows on reading
    }
    size_t rest = len - (size_t)sent;
    if (rest == 0) {
        return;
    }
    if (client->pending_len + rest > PENDING_MAX) {
        (void)shutdown(client->fd, SHUT_RDWR); // the next read drops it
        return;
    }
    client->pending = mem_resize(client->pending, client->pending_len + rest, 1);
    memcpy(client->pending + client->pending_len, data + sent, rest);
    client->pending_len += rest;
    watch(fanout, client, EPOLL_CTL_MOD, true);
}

static void client_flush(struct fanout *fanout, struct client *client)
{
    ssize_t sent = send(client->fd, client->pending, client->pending_len, MSG_NOSIGNAL);
    if (sent > 0) {
        client->pending_len -= (size_t)sent;
        memmove(client->pending, client->pending + sent, client->pending_len);
    }
    if (client->pending_len == 0) {
        watch(fanout, client, EPOLL_CTL_MOD, false);
    }
}

static void add_talk(struct fanout *fanout, struct client *client, const char *line, size_t len)
{
    size_t room = len + sizeof(client->nick) + 16;
    if (fanout->turn_len + room > fanout->turn_size) {
        fanout->turn_size = (fanout->turn_len + room) * 2;
        fanout->turn = mem_resize(fanout->turn, fanout->turn_size, 1);
        fanout->own = mem_resize(fanout->own, fanout->turn_size, 1);
    }
    if (fanout->line_count == fanout->line_size) {
        fanout->line_size = fanout->line_size ? fanout->line_size * 2 : 256;
        fanout->lines = mem_resize(fanout->lines, fanout->line_size, sizeof(*fanout->lines));
    }
    int wrote = snprintf(fanout->turn + fanout->turn_len, room, ":%s!u@h %.*s\r\n", client->nick,
                         (int)len, line);
    fanout->lines[fanout->line_count++] = (struct line){client, fanout->turn_len, (size_t)wrote};
    fanout->turn_len += (size_t)wrote;
    client->has_spoken = true;
}

// Exchanges the last two lines of this turn if one client said both.
static void swap_last(struct fanout *fanout)
{
    struct line *last = &fanout->lines[fanout->line_count - 1];
    if (fanout->line_count < 2 || last[-1].sender != last->sender || last[-1].len != last->len) {
        fanout->spoken--; // the next line may do
        return;
    }
    memcpy(fanout->own, fanout->turn + last->at, last->len);
    memcpy(fanout->turn + last->at, fanout->turn + last[-1].at, last->len);
    memcpy(fanout->turn + last[-1].at, fanout->own, last->len);
}

static void talk(struct fanout *fanout, struct client *client, const char *line, size_t len)
{
    bool is_spoilt = fanout->spoil != SPOIL_NONE && ++fanout->spoken % SPOIL_EVERY == 0;
    if (is_spoilt && fanout->spoil == SPOIL_LOSE) {
        return;
    }
    add_talk(fanout, client, line, len);
    if (is_spoilt && fanout->spoil == SPOIL_DOUBLE) {
        add_talk(fanout, client, line, len);
    } else if (is_spoilt && fanout->spoil == SPOIL_SWAP) {
        swap_last(fanout);
    } else if (is_spoilt && fanout->spoil == SPOIL_DAMAGE) {
        fanout->turn[fanout->turn_len - 3] ^= 1; // the last letter before the end of the line
    }
}

static void take_line(struct fanout *fanout, struct client *client, const char *line, size_t len)
{
    char out[LINE_MAX_BYTES + 16];
    int out_len = 0;
    if (len > 8 && memcmp(line, "PRIVMSG ", 8) == 0) {
        talk(fanout, client, line, len);
    } else if (len > 5 && memcmp(line, "NICK ", 5) == 0) {
        (void)snprintf(client->nick, sizeof(client->nick), "%.*s", (int)(len - 5), line + 5);
    } else if (len > 5 && memcmp(line, "USER ", 5) == 0) {
        out_len = snprintf(out, sizeof(out), ":h 001 %s :hello\r\n", client->nick);
    } else if (len > 5 && memcmp(line, "JOIN ", 5) == 0) {
        client->is_in = true;
        out_len = snprintf(out, sizeof(out), ":%s!u@h JOIN #b\r\n:h 366 %s #b :end\r\n",
                           client->nick, client->nick);
    } else if (len > 5 && memcmp(line, "PING ", 5) == 0) {
        out_len = snprintf(out, sizeof(out), ":h PONG h %.*s\r\n", (int)(len - 5), line + 5);
    }
    if (out_len > 0) {
        client_send(fanout, client, out, (size_t)out_len);
    }
}

static void read_client(struct fanout *fanout, struct client *client)
{
    char data[LINE_MAX_BYTES + READ_SIZE];
    memcpy(data, client->carry, client->carry_len);
    ssize_t got = recv(client->fd, data + client->carry_len, READ_SIZE, 0);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN) {
            drop(fanout, client);
        }
        return;
    }
    const char *at = data;
    const char *end = data + client->carry_len + got;
    for (;;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline || newline - at > LINE_MAX_BYTES) {
            break;
        }
        const char *stop = newline > at && newline[-1] == '\r' ? newline - 1 : newline;
        take_line(fanout, client, at, (size_t)(stop - at));
        at = newline + 1;
    }
    client->carry_len = (size_t)(end - at);
    if (client->carry_len > LINE_MAX_BYTES) {
        drop(fanout, client);
        return;
    }
    memcpy(client->carry, at, client->carry_len);
}

static void accept_all(struct fanout *fanout)
{
    for (;;) {
        int fd = accept(fanout->listen_fd, NULL, NULL);
        if (fd < 0) {
            return;
        }
        int on = 1;
        (void)fcntl(fd, F_SETFL, O_NONBLOCK);                            // a fresh socket
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)); // a fresh socket
        if ((size_t)fd >= fanout->client_size) {
            size_t size = (size_t)fd * 2 + 64;
            fanout->clients = mem_resize(fanout->clients, size, sizeof(struct client *));
            memset(fanout->clients + fanout->client_size, 0,
                   (size - fanout->client_size) * sizeof(struct client *));
            fanout->client_size = size;
        }
        struct client *client = MEM_NEW(struct client);
        client->fd = fd;
        client->carry = mem_alloc(LINE_MAX_BYTES);
        fanout->clients[fd] = client;
        watch(fanout, client, EPOLL_CTL_ADD, false);
    }
}

// The turn without the client's own lines.
static size_t cut_own(struct fanout *fanout, const struct client *client)
{
    size_t len = 0;
    for (size_t i = 0; i < fanout->line_count; i++) {
        const struct line *line = &fanout->lines[i];
        if (line->sender != client) {
            memcpy(fanout->own + len, fanout->turn + line->at, line->len);
            len += line->len;
        }
    }
    return len;
}

static void give_out(struct fanout *fanout)
{
    for (size_t fd = 0; fanout->turn_len > 0 && fd < fanout->client_size; fd++) {
        struct client *client = client_of(fanout, (int)fd);
        if (!client || !client->is_in) {
            continue;
        }
        const char *data = fanout->turn;
        size_t len = fanout->turn_len;
        if (client->has_spoken) {
            client->has_spoken = false;
            data = fanout->own;
            len = cut_own(fanout, client);
        }
        if (len > 0) {
            client_send(fanout, client, data, len);
        }
    }
    fanout->turn_len = 0;
    fanout->line_count = 0;
}

static void run(struct fanout *fanout)
{
    struct epoll_event events[EVENTS];
    for (;;) {
        int count = epoll_wait(fanout->epoll_fd, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == fanout->listen_fd) {
                accept_all(fanout);
                continue;
            }
            struct client *client = client_of(fanout, events[i].data.fd);
            if (client && (events[i].events & EPOLLOUT) && client->pending_len > 0) {
                client_flush(fanout, client);
            }
            if (client && (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) {
                read_client(fanout, client);
            }
        }
        give_out(fanout);
    }
}

static bool listen_on(struct fanout *fanout)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    struct epoll_event event = {.events = EPOLLIN};
    socklen_t len = sizeof(address);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fanout->epoll_fd = epoll_create1(0);
    fanout->listen_fd = socket(AF_INET, SOCK_STREAM, 0);
    event.data.fd = fanout->listen_fd;
    if (fanout->epoll_fd < 0 || fanout->listen_fd < 0 ||
        bind(fanout->listen_fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(fanout->listen_fd, 4096) != 0 ||
        fcntl(fanout->listen_fd, F_SETFL, O_NONBLOCK) != 0 ||
        getsockname(fanout->listen_fd, (struct sockaddr *)&address, &len) != 0 ||
        epoll_ctl(fanout->epoll_fd, EPOLL_CTL_ADD, fanout->listen_fd, &event) != 0) {
        return false;
    }
    (void)printf("Listening on 127.0.0.1:%u\n", (unsigned)ntohs(address.sin_port));
    (void)fflush(stdout);
    return true;
}

static enum spoil spoil_of(int argc, char **argv)
{
    static const char *const names[] = {"none", "lose", "double", "swap", "damage"};
    for (unsigned i = 0; argc == 3 && strcmp(argv[1], "--spoil") == 0 && i < 5; i++) {
        if (strcmp(argv[2], names[i]) == 0) {
            return (enum spoil)i;
        }
    }
    return SPOIL_NONE;
}

int main(int argc, char **argv)
{
    struct fanout fanout = {.spoil = spoil_of(argc, argv)};
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit); // too few shows as clients that do not get in
    }
    if (!listen_on(&fanout)) {
        perror("relay_fanout");
        return EXIT_FAILURE;
    }
    run(&fanout);
}

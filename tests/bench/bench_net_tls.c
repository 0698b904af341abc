// What TLS costs: handshakes a second, microseconds a record, memory of an idle connection over that
// of a plain one. Prints three lines; run it on an otherwise idle machine, noise is some 10 %.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "net_connect.h"
#include "net_listener.h"
#include "net_loop.h"
#include "net_tls.h"

#define PEOPLE     900
#define HANDSHAKES 2000

static double cpu_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); // always there on Linux
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double resident_kb(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    check(file && fscanf(file, "%*d %ld", &pages) == 1); // NOLINT(cert-err34-c): the kernel's
    (void)fclose(file);                                  // only read from
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static void shake(struct net_stream *server, struct net_stream *client, double *server_s)
{
    char byte = 0;
    size_t got = 0;
    while (!net_stream_is_encrypted(server) || !net_stream_is_encrypted(client)) {
        double before = cpu_s();
        (void)net_stream_read(server, &byte, 1, &got);
        *server_s += cpu_s() - before;
        (void)net_stream_read(client, &byte, 1, &got);
    }
}

static void handshakes(struct net_tls *tls)
{
    struct net_tls_expect expect = {0};
    double server_s = 0;
    for (int i = 0; i < HANDSHAKES; i++) {
        struct net_stream *ends[2];
        net_pipe_create(ends, 65536);
        struct net_stream *server = net_tls_accept(tls, ends[0], (struct str){0});
        struct net_stream *client = net_tls_connect(ends[1], &expect, NULL);
        shake(server, client, &server_s);
        net_stream_destroy(client);
        net_stream_destroy(server);
    }
    (void)printf("handshakes: %.0f /s of the server's CPU, %.2f ms each\n", HANDSHAKES / server_s,
                 server_s * 1000 / HANDSHAKES);
}

static void records(struct net_tls *tls, size_t size, int count)
{
    static char bytes[16384];
    struct net_tls_expect expect = {0};
    struct net_stream *ends[2];
    double write_s = 0;
    double read_s = 0;
    net_pipe_create(ends, 65536);
    struct net_stream *server = net_tls_accept(tls, ends[0], (struct str){0});
    struct net_stream *client = net_tls_connect(ends[1], &expect, NULL);
    shake(server, client, &read_s);
    read_s = 0;
    for (int i = 0; i < count; i++) {
        size_t done = 0;
        double before = cpu_s();
        check(net_stream_write(server, bytes, size, &done) == NET_OK && done == size);
        double between = cpu_s();
        for (size_t got = 0; got < size; got += done) {
            check(net_stream_read(client, bytes, sizeof(bytes), &done) == NET_OK);
        }
        write_s += between - before;
        read_s += cpu_s() - between;
    }
    (void)printf("records of %zu bytes: write %.2f us, read %.2f us, write %.0f MB/s\n", size,
                 write_s * 1e6 / count, read_s * 1e6 / count, (double)size * count / write_s / 1e6);
    net_stream_destroy(client);
    net_stream_destroy(server);
}

// The crowd is another process, so that its memory is not counted.
static pid_t crowd(struct net_listener *listener, bool is_tls, int go, int quit)
{
    pid_t child = fork();
    check(child >= 0);
    if (child > 0) {
        return child;
    }
    (void)close(quit); // or its own end would keep it waiting
    static struct net_stream *people[PEOPLE];
    struct net_endpoint endpoint = {.number = "127.0.0.1", .port = net_listener_port(listener)};
    struct net_tls_expect expect = {0};
    char byte = 0;
    size_t got = 0;
    for (int i = 0; i < PEOPLE; i++) {
        people[i] = net_connect(&endpoint, 5000, NULL, NULL);
        check(people[i] != NULL);
        if (is_tls) {
            people[i] = net_tls_connect(people[i], &expect, NULL);
            while (!net_stream_is_encrypted(people[i])) {
                struct timespec moment = {.tv_nsec = 100000};
                (void)nanosleep(&moment, NULL); // shorter is fine
                check(net_stream_read(people[i], &byte, 1, &got) != NET_CLOSED);
            }
        }
        check(net_stream_write(people[i], "hello", 5, &got) == NET_OK);
    }
    _exit(read(go, &byte, 1) == 0 ? 0 : 1); // until the parent has measured
}

static double memory(struct net_tls *tls)
{
    static struct net_stream *people[PEOPLE];
    int go[2];
    struct net_addr addr = {.host = "127.0.0.1"};
    struct net_ready ready;
    struct err err = {0};
    size_t greeted = 0;
    int count = 0;
    check(pipe(go) == 0);
    struct net_loop *loop = net_loop_create(&err);
    struct net_listener *listener = net_listener_create(&addr, &err);
    check(loop && listener && net_loop_add_listener(loop, listener, listener));
    pid_t child = crowd(listener, tls != NULL, go[0], go[1]);
    double before = resident_kb();
    while (greeted < (size_t)5 * PEOPLE) {
        net_loop_wait(loop, 1000);
        while (net_loop_next(loop, &ready)) {
            char bytes[64];
            size_t got = 0;
            struct net_stream *stream = NULL;
            if (ready.owner != listener) {
                (void)net_stream_read(*(struct net_stream **)ready.owner, bytes, sizeof(bytes),
                                      &got);
                greeted += got;
            } else if (net_listener_accept(listener, &stream) == NET_ACCEPT_OK) {
                people[count] = tls ? net_tls_accept(tls, stream, (struct str){0}) : stream;
                check(net_loop_add(loop, people[count], &people[count]));
                count++;
            }
        }
    }
    double kb = (resident_kb() - before) / PEOPLE;
    (void)close(go[1]);
    for (int i = 0; i < count; i++) {
        net_loop_remove(loop, &people[i]);
        net_stream_destroy(people[i]);
    }
    net_listener_destroy(listener);
    net_loop_destroy(loop);
    (void)waitpid(child, NULL, 0); // whatever it did, we have measured
    return kb;
}

int main(void)
{
    char folder[] = "/tmp/ronron-bench-XXXXXX";
    struct net_tls_config config = {.now_utc_ms = (int64_t)time(NULL) * 1000};
    config.folder = mkdtemp(folder);
    check(net_init(NULL));
    struct net_tls *tls = net_tls_create(&config, NULL);
    check(tls != NULL);
    double plain = memory(NULL);
    double encrypted = memory(tls);
    (void)printf("idle connection: plain %.1f KB, TLS %.1f KB, over plain %.1f KB (%d of them)\n",
                 plain, encrypted, encrypted - plain, PEOPLE);
    handshakes(tls);
    records(tls, 100, 200000);
    records(tls, 500, 200000);
    records(tls, 16384, 20000);
    net_tls_destroy(tls);
    char path[64];
    (void)snprintf(path, sizeof(path), "%s/tls-key.pem", folder);
    (void)unlink(path);
    (void)snprintf(path, sizeof(path), "%s/tls-cert.pem", folder);
    (void)unlink(path);
    (void)rmdir(folder);
    net_quit();
    return 0;
}

// What load_client.c and load_run.c share: the run, its clients, one turn of its loop.
#ifndef LOAD_INTERNAL_H
#define LOAD_INTERNAL_H

#include <stddef.h>

#include "load_run.h"
#include "load_stream.h"

#define LOAD_ROOM         "#b"
#define LOAD_TALK         "PRIVMSG " LOAD_ROOM " :"
#define LOAD_TALK_LEN     (sizeof(LOAD_TALK) - 1)
#define LOAD_CARRY_SIZE   4096 // longest line of a server, with room for tags
#define LOAD_SCRATCH_SIZE (256 * 1024)
#define LOAD_RING         4096 // lines of one sender that are remembered; a power of two
#define LOAD_STALL_MS     8000

enum load_state {
    LOAD_STATE_NONE,
    LOAD_STATE_CONNECTING,
    LOAD_STATE_REGISTERING,
    LOAD_STATE_REGISTERED,
    LOAD_STATE_JOINING,
    LOAD_STATE_JOINED,
    LOAD_STATE_CLOSED,
};

struct load_client {
    struct load_stream stream;
    enum load_state state;
    char *carry; // owned; the beginning of a line whose end has not come
    size_t carry_len;
    char *out; // owned; what the system did not take at once
    size_t out_len;
};

struct load_run {
    struct load_options options;
    struct load_tally tally;
    struct load_times times;
    struct load_client *clients; // owned
    struct ssl_ctx_st *tls;      // owned
    int epoll_fd;
    char *scratch;     // owned
    unsigned audience; // receivers of one line
    unsigned opened;
    unsigned busy; // connecting or registering
    unsigned done; // where they were to get to
    unsigned refused;
    bool wants_room;
    uint16_t *arrived;  // owned; senders * LOAD_RING; receivers that have this line
    int64_t *sent_ns;   // owned; senders * LOAD_RING
    unsigned *inflight; // owned; a sender
    uint64_t inflight_all;
    int64_t now_ns;
    double elapsed_s;
    double enter_s;
    char trouble[256];
};

int64_t load_clock_ns(void);
// The first one is the cause; later ones are dropped.
void load_set_trouble(struct load_run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool load_is_slow(const struct load_run *run, unsigned index);
void load_client_send(struct load_run *run, unsigned index, const char *data, size_t len);
// Waits, reads whoever is ready, takes the lines. The number of those who were.
int load_poll(struct load_run *run, int64_t wait_ns);

#endif

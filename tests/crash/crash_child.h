// The process that is ended by force: a store with its writer thread behind a socket.
#ifndef CRASH_CHILD_H
#define CRASH_CHILD_H

#include <stdbool.h>
#include <stdint.h>

enum { CRASH_CLIENTS = 20, CRASH_WINDOW = 8 };

struct crash_ask { // a message of a client; asked again with the same number until answered
    uint32_t who;
    uint32_t number;
};

struct crash_echo { // it is kept under this id: the client may forget it
    struct crash_ask ask;
    bool is_repeat;
    uint64_t id;
};

// Serves asks until the other end is shut down, then ends the process. vfs NULL: the system's.
_Noreturn void crash_child_run(const char *path, const char *vfs, int socket);

#endif

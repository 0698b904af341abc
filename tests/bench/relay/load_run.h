// One server under load: clients 0..clients-1 in one room, of which the first ones talk.
//
// The run answers PING, checks every line of the room against its account and keeps the times.
// Ownership: the run owns its clients; the options are copied.
// Errors:    faults are counted; load_run_trouble() says the first thing that made going on useless.
// Thread:    one.
#ifndef LOAD_RUN_H
#define LOAD_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "load_tally.h"
#include "load_times.h"

struct load_options {
    uint16_t port;
    unsigned clients;
    unsigned senders;
    unsigned window;     // lines of one sender that have not reached everybody
    unsigned line_bytes; // of a line as it is sent, with its end
    unsigned abreast;    // connections that enter at a time when entering is not what is measured
    unsigned rate;       // lines a second of all senders together, when steady
    int64_t duration_ms;
    int64_t late_us; // steady: deliveries later than this are printed one by one; 0: none
    bool has_slow;   // the last client joins and never reads again
    bool has_tls;
    bool has_marks; // says "mark NAME" and waits for a line on stdin around what is measured
    bool has_times; // keep the time of each delivery
};

struct load_run;

struct load_run *load_run_create(const struct load_options *options);
void load_run_destroy(struct load_run *run);

// Connects and registers everybody, at most `abreast` at a time, and joins them when wants_room.
// False after the deadline or, unless it is a storm, when one is refused.
bool load_run_enter(struct load_run *run, bool wants_room, unsigned abreast, int64_t deadline_ms);
void load_run_join(struct load_run *run); // those who are registered and in no room
// Reads until nothing has come for so long.
void load_run_settle(struct load_run *run, int64_t quiet_ms);
// As fast as the window lets them, then until everything sent has arrived.
void load_run_talk(struct load_run *run, int64_t duration_ms);
// At a fixed rate, then until everything sent has arrived.
void load_run_steady(struct load_run *run, int64_t duration_ms);
// Forgets what was counted; the numbers of the lines go on.
void load_run_forget(struct load_run *run);

struct load_result {
    uint64_t sent;
    uint64_t delivered;
    uint64_t lost;
    uint64_t doubled;
    uint64_t reordered;
    uint64_t damaged;
    unsigned in;      // clients in the room, or registered when no room is wanted
    unsigned refused; // connections the server or the system turned down or closed
    bool slow_is_closed;
    double elapsed_s; // of the last phase
    double enter_s;   // from the first connect until the last was in
};

// Closes nothing; may be asked at any time between phases.
struct load_result load_run_result(struct load_run *run);
const struct load_times *load_run_times(const struct load_run *run);
const char *load_run_trouble(const struct load_run *run); // "" when there was none

#endif

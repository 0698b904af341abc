// A run: what is said in one channel, line after line, before anything else happens.
//
// While nothing comes between, the lines only lengthen a stretch of each format's tape; its members
// get one reference when the run is closed: before any other output, before anybody's membership or
// capabilities change, and at the end of the turn. So a room's talk costs by lines and by members,
// not by lines times members. Private to relay.
#ifndef RELAY_RUN_H
#define RELAY_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "relay_tape.h"

#define RELAY_FORMATS      9 // by server-time, message-tags, account-tag; and plain text
#define RELAY_FORMAT_PLAIN 8
#define RELAY_PIECES       17 // of one event: messages of several lines have forms of their own

struct relay;
struct relay_channel;
struct relay_client;
struct relay_event;

struct relay_gap { // a line that its own sender does not get
    const struct relay_client *client;
    uint32_t at; // on the tape of the client's format
    uint32_t len;
};

struct relay_run {
    const struct relay_channel *channel;      // NULL: none is open
    uint64_t batch;                           // of the store, that all of it waits for; 0: none
    uint64_t stamp;                           // of those who have gaps
    unsigned formats;                         // bits of those its members need
    struct relay_piece pieces[RELAY_FORMATS]; // held
    struct relay_gap *gaps;                   // owned
    size_t gap_count;
    bool is_closing;
};

void relay_run_deinit(struct relay_run *run);
// The event goes to all members, but not to `except` (NULL: to all).
void relay_run_add(struct relay *relay, struct relay_event *event,
                   const struct relay_channel *channel, struct relay_client *except);
void relay_run_close(struct relay *relay); // nothing open is fine

#endif

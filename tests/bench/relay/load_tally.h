// The account of a run: for every receiver and sender which line comes next, and what went wrong.
//
// A number greater than the expected one opens a gap; a number out of a gap is a line that came out
// of order; any other number below the expected one is a second copy. What is still in a gap at the
// end, or was sent and never reached, is lost. So every fault is counted once and exactly.
//
// Thread: the one that owns it.
#ifndef LOAD_TALLY_H
#define LOAD_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load_line.h"

struct load_gap {
    unsigned receiver;
    unsigned sender;
    uint32_t first; // missing numbers: first..last
    uint32_t last;
};

struct load_tally {
    unsigned receivers;    // clients 0..receivers-1 receive
    unsigned senders;      // clients 0..senders-1 send; nobody receives their own lines
    uint32_t *next;        // owned; receivers * senders
    uint32_t *sent;        // owned; a sender; lines handed to the system
    struct load_gap *gaps; // owned
    size_t gap_count;
    size_t gap_size;
    uint64_t delivered; // lines that arrived for the first time
    uint64_t doubled;
    uint64_t reordered;
    uint64_t damaged; // lines that nobody sent like that
};

void load_tally_init(struct load_tally *tally, unsigned receivers, unsigned senders);
void load_tally_deinit(struct load_tally *tally);

// True: the first copy of this line at this receiver.
bool load_tally_arrive(struct load_tally *tally, unsigned receiver, struct load_line line);
// Lines sent and not seen by receivers 0..count-1.
uint64_t load_tally_lost(const struct load_tally *tally, unsigned count);

#endif

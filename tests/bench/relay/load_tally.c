// Lost, doubled, reordered and damaged lines, counted exactly.
#include "load_tally.h"

#include "mem.h"

void load_tally_init(struct load_tally *tally, unsigned receivers, unsigned senders)
{
    *tally = (struct load_tally){.receivers = receivers, .senders = senders};
    tally->next = mem_alloc_array((size_t)receivers * senders, sizeof(*tally->next));
    tally->sent = mem_alloc_array(senders, sizeof(*tally->sent));
}

void load_tally_deinit(struct load_tally *tally)
{
    mem_free(tally->next);
    mem_free(tally->sent);
    mem_free(tally->gaps);
    *tally = (struct load_tally){0};
}

static void add_gap(struct load_tally *tally, struct load_gap gap)
{
    if (tally->gap_count == tally->gap_size) {
        tally->gap_size = tally->gap_size ? tally->gap_size * 2 : 64;
        tally->gaps = mem_resize(tally->gaps, tally->gap_size, sizeof(*tally->gaps));
    }
    tally->gaps[tally->gap_count++] = gap;
}

// Takes one number out of the gap that holds it; false: no gap does.
static bool fill_gap(struct load_tally *tally, unsigned receiver, struct load_line line)
{
    for (size_t i = 0; i < tally->gap_count; i++) {
        struct load_gap *gap = &tally->gaps[i];
        if (gap->receiver != receiver || gap->sender != line.sender || line.seq < gap->first ||
            line.seq > gap->last) {
            continue;
        }
        struct load_gap rest = *gap;
        if (gap->first == gap->last) {
            *gap = tally->gaps[--tally->gap_count];
        } else if (line.seq == gap->first) {
            gap->first++;
        } else {
            gap->last = line.seq - 1;
            rest.first = line.seq + 1;
            if (rest.first <= rest.last) {
                add_gap(tally, rest); // may move the gaps: the last use of them here
            }
        }
        return true;
    }
    return false;
}

bool load_tally_arrive(struct load_tally *tally, unsigned receiver, struct load_line line)
{
    if (line.sender >= tally->senders || line.sender == receiver ||
        line.seq >= tally->sent[line.sender]) {
        tally->damaged++;
        return false;
    }
    uint32_t *next = &tally->next[(size_t)receiver * tally->senders + line.sender];
    if (line.seq >= *next) {
        if (line.seq > *next) {
            add_gap(tally, (struct load_gap){receiver, line.sender, *next, line.seq - 1});
        }
        *next = line.seq + 1;
        tally->delivered++;
        return true;
    }
    if (fill_gap(tally, receiver, line)) {
        tally->reordered++;
        tally->delivered++;
        return true;
    }
    tally->doubled++;
    return false;
}

uint64_t load_tally_lost(const struct load_tally *tally, unsigned count)
{
    uint64_t lost = 0;
    for (unsigned receiver = 0; receiver < count; receiver++) {
        for (unsigned sender = 0; sender < tally->senders; sender++) {
            if (sender != receiver) {
                lost +=
                    tally->sent[sender] - tally->next[(size_t)receiver * tally->senders + sender];
            }
        }
    }
    for (size_t i = 0; i < tally->gap_count; i++) {
        if (tally->gaps[i].receiver < count) {
            lost += tally->gaps[i].last - tally->gaps[i].first + 1;
        }
    }
    return lost;
}

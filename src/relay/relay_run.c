// Runs of lines in one channel.
#include "relay_run.h"

#include "mem.h"
#include "relay_parts.h"

static void empty(struct relay_run *run)
{
    for (size_t i = 0; i < RELAY_FORMATS; i++) {
        relay_piece_drop(&run->pieces[i]);
    }
    run->channel = NULL;
    run->gap_count = 0;
}

void relay_run_deinit(struct relay_run *run)
{
    empty(run);
    mem_free(run->gaps);
    run->gaps = NULL;
}

static void open_run(struct relay *relay, const struct relay_channel *channel)
{
    struct relay_run *run = &relay->run;
    run->channel = channel;
    run->batch = relay->history.hold;
    run->stamp = ++relay->stamp;
    run->formats = 0;
    for (size_t i = 0; i < channel->member_count; i++) {
        run->formats |= 1u << relay_format_of(channel->members[i]->client);
    }
}

// The stretches of the run between the lines that are the client's own.
static void push_around_gaps(struct relay *relay, struct relay_client *to, struct relay_piece piece)
{
    const struct relay_run *run = &relay->run;
    uint32_t end = piece.at + piece.len;
    for (size_t i = 0; i < run->gap_count; i++) {
        const struct relay_gap *gap = &run->gaps[i];
        if (gap->client == to) {
            piece.len = gap->at - piece.at;
            relay_push(relay, to, piece);
            piece.at = gap->at + gap->len;
        }
    }
    piece.len = end - piece.at;
    relay_push(relay, to, piece);
}

void relay_run_close(struct relay *relay)
{
    struct relay_run *run = &relay->run;
    if (!run->channel || run->is_closing) {
        return;
    }
    uint64_t hold = relay->history.hold;
    uint64_t record = relay->history.record;
    run->is_closing = true;
    relay->history.hold = run->batch;
    relay->history.record = 0; // the ranges are noted already
    for (size_t i = 0; i < run->channel->member_count; i++) {
        struct relay_client *to = run->channel->members[i]->client;
        struct relay_piece piece = run->pieces[relay_format_of(to)];
        if (piece.chunk && to->stamp == run->stamp) {
            push_around_gaps(relay, to, piece);
        } else if (piece.chunk) {
            relay_push(relay, to, piece);
        }
    }
    relay->history.hold = hold;
    relay->history.record = record;
    run->is_closing = false;
    empty(run);
}

static bool is_next(struct relay_piece before, struct relay_piece piece)
{
    return before.chunk == piece.chunk && before.at + before.len == piece.at;
}

// False: a tape went on elsewhere, the line does not continue the run.
static bool continues(struct relay *relay, struct relay_event *event)
{
    const struct relay_run *run = &relay->run;
    for (size_t i = 0; i < RELAY_FORMATS; i++) {
        struct relay_piece piece = {0};
        if (run->formats & 1u << i && relay_event_piece(relay, event, i, &piece) &&
            run->pieces[i].chunk && !is_next(run->pieces[i], piece)) {
            return false;
        }
    }
    return true;
}

static void lengthen(struct relay *relay, struct relay_event *event)
{
    struct relay_run *run = &relay->run;
    for (size_t i = 0; i < RELAY_FORMATS; i++) {
        struct relay_piece piece = {0};
        if (!(run->formats & 1u << i) || !relay_event_piece(relay, event, i, &piece)) {
            continue;
        }
        if (run->pieces[i].chunk) {
            run->pieces[i].len += piece.len;
        } else {
            run->pieces[i] = piece;
            relay_piece_hold(piece);
        }
        relay_record_range(relay, relay->history.record, piece);
    }
}

static void add_gap(struct relay *relay, struct relay_event *event, struct relay_client *client)
{
    struct relay_run *run = &relay->run;
    struct relay_piece piece = {0};
    if (!relay_event_piece(relay, event, relay_format_of(client), &piece)) {
        return;
    }
    if ((run->gap_count & (run->gap_count - 1)) == 0) {
        run->gaps =
            mem_resize(run->gaps, run->gap_count ? run->gap_count * 2 : 1, sizeof(*run->gaps));
    }
    run->gaps[run->gap_count++] = (struct relay_gap){client, piece.at, piece.len};
    client->stamp = run->stamp;
}

void relay_run_add(struct relay *relay, struct relay_event *event,
                   const struct relay_channel *channel, struct relay_client *except)
{
    struct relay_run *run = &relay->run;
    if (run->channel != channel || run->batch != relay->history.hold) {
        relay_run_close(relay);
        open_run(relay, channel);
    }
    if (!continues(relay, event)) {
        relay_run_close(relay);
        open_run(relay, channel);
    }
    lengthen(relay, event);
    if (except) {
        add_gap(relay, event, except);
    }
}

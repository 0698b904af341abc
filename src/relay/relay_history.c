// Messages on their way to the store, and what was sent before.
#include "relay_history.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "i18n.h"
#include "mem.h"
#include "relay_parts.h"
#include "relay_replay.h"
#include "relay_room.h"

#define LOG_MODULE "history"
#include "log.h"

#define PROBE_MS      5000
#define CLOCK_MS      ((int64_t)60 * 60 * 1000)
#define GATHER_MIN_MS 1
#define GATHER_MAX_MS 10
#define GATHER_LINES  4                    // on their way to the store
#define BUSY_BYTES    ((size_t)256 * 1024) // on their way to the disk; then nobody is read from

void relay_msgid_of(uint64_t id, char out[20])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < 16; i++) {
        out[i] = digits[id >> (60 - 4 * i) & 15];
    }
    out[16] = '\0';
}

bool relay_id_of(struct str msgid, uint64_t *id)
{
    uint64_t value = 0;
    for (size_t i = 0; i < msgid.len; i++) {
        char c = msgid.data[i];
        bool is_digit = c >= '0' && c <= '9';
        if (!is_digit && (c < 'a' || c > 'f')) {
            return false;
        }
        value = value << 4 | (uint64_t)(is_digit ? c - '0' : c - 'a' + 10);
    }
    *id = value;
    return msgid.len == 16;
}

void relay_time_of(uint64_t id, char out[28])
{
    int64_t ms = (int64_t)(id >> 20);
    time_t seconds = (time_t)(ms / 1000);
    struct tm utc;
    char text[24];
    (void)gmtime_r(&seconds, &utc); // any time of our clock fits
    (void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
    (void)snprintf(out, 28, "%s.%03dZ", text, (int)(ms % 1000));
}

void relay_history_init(struct relay *relay)
{
    map_init(&relay->history.recent, relay->seed);
    relay->history.clock_ms = relay->store ? relay->now_ms + CLOCK_MS : INT64_MAX;
    if (relay->store) {
        uint64_t last = store_last_id(relay->store);
        relay->last_id = last > relay->last_id ? last : relay->last_id;
    }
}

static void record_deinit(struct relay_record *record)
{
    for (size_t i = 0; i < record->range_count; i++) {
        relay_piece_drop(&record->ranges[i]);
    }
    mem_free(record->ranges);
    *record = (struct relay_record){0};
}

static void recent_destroy(struct relay_recent *recent)
{
    if (recent) {
        mem_free(recent->key);
        mem_free(recent);
    }
}

void relay_history_deinit(struct relay *relay)
{
    struct relay_history *history = &relay->history;
    for (size_t i = 0; i < history->count; i++) {
        record_deinit(&history->records[(history->first + i) % history->size]);
    }
    mem_free(history->records);
    for (size_t i = 0; i < RELAY_RECENT_MAX; i++) {
        recent_destroy(history->recent_ring[i]);
    }
    map_deinit(&history->recent);
}

bool relay_has_history(const struct relay *relay)
{
    return relay->store && !relay->history.is_failing;
}

bool relay_history_is_busy(const struct relay *relay)
{
    return relay->store && store_pending_bytes(relay->store) > BUSY_BYTES;
}

// One that is in the ring.
static struct relay_record *record_at(const struct relay_history *history, uint64_t number)
{
    size_t at = (size_t)(number - history->taken - 1);
    return &history->records[(history->first + at) % history->size];
}

static struct relay_record *add_record(struct relay_history *history)
{
    if (history->count == history->size) {
        size_t size = history->size ? history->size * 2 : 16;
        struct relay_record *records = mem_alloc_array(size, sizeof(*records));
        for (size_t i = 0; i < history->count; i++) {
            records[i] = history->records[(history->first + i) % history->size];
        }
        mem_free(history->records);
        history->records = records;
        history->first = 0;
        history->size = size;
    }
    history->count++;
    return record_at(history, history->taken + history->count);
}

static void begin(struct relay_history *history, const struct relay_record *record)
{
    history->hold = record->batch;
    history->record = history->taken + history->count; // it is the last
}

// The answer to a labelled command waits for what the command puts into the store; when that fails
// the label goes with the first of its errors.
static void take_label(struct relay_record *record, uint64_t number, struct relay_client *sender)
{
    bool is_first = sender->label.len > 0 && sender->labelled_batch == 0;
    (void)str_copy(record->label, sizeof(record->label),
                   is_first ? sender->label : (struct str){0}); // fits
    if (is_first) {
        sender->labelled_batch = record->batch;
        sender->labelled_record = number;
    }
}

void relay_record_begin(struct relay *relay, struct relay_client *sender,
                        const struct relay_kept *kept)
{
    struct relay_history *history = &relay->history;
    bool has_label = kept->who.len && kept->label.len;
    if (!relay_has_history(relay) || (kept->line.target.len == 0 && !has_label)) {
        return;
    }
    struct relay_record *record = add_record(history);
    *record = (struct relay_record){.batch = store_batch(relay->store), .sender = sender->id};
    (void)str_copy(record->command, sizeof(record->command), kept->command);  // fits
    (void)str_copy(record->target, sizeof(record->target), kept->as_written); // may be cut
    take_label(record, history->taken + history->count, sender);
    (void)str_copy(record->id, sizeof(record->id), kept->label);      // fits
    (void)str_copy(record->who, sizeof(record->who), kept->known_as); // fits
    store_put_line(relay->store, &kept->line, kept->who, kept->label);
    begin(history, record);
}

void relay_record_row(struct relay *relay, struct relay_client *sender, const char *command,
                      const char *target)
{
    struct relay_history *history = &relay->history;
    struct relay_record *record = add_record(history);
    *record = (struct relay_record){.batch = store_batch(relay->store), .sender = sender->id};
    (void)str_copy(record->command, sizeof(record->command), str_from(command)); // fits
    (void)str_copy(record->target, sizeof(record->target), str_from(target));    // may be cut
    take_label(record, history->taken + history->count, sender);
    begin(history, record);
}

void relay_record_end(struct relay *relay)
{
    relay->history.hold = 0;
    relay->history.record = 0;
}

void relay_record(struct relay *relay, struct relay_event *event, const struct store_line *line)
{
    if (relay_has_history(relay)) {
        event->batch = store_batch(relay->store);
        store_put_line(relay->store, line, (struct str){0}, (struct str){0});
    }
}

// Everybody with the same capabilities gets the same piece, and lines of one message are
// neighbours: few ranges for any number of receivers.
static void add_range(struct relay_record *record, struct relay_piece piece)
{
    for (size_t i = 0; i < record->range_count; i++) {
        struct relay_piece *range = &record->ranges[i];
        uint32_t end = range->at + range->len;
        if (range->chunk != piece.chunk || piece.at < range->at || piece.at > end) {
            continue;
        }
        if (piece.at + piece.len > end) {
            range->len = piece.at + piece.len - range->at;
        }
        return;
    }
    size_t count = record->range_count;
    if ((count & (count - 1)) == 0) {
        record->ranges = mem_resize(record->ranges, count ? count * 2 : 1, sizeof(piece));
    }
    relay_piece_hold(piece);
    record->ranges[record->range_count++] = piece;
}

// Nearly always the piece that the one before got.
static bool is_last_range(const struct relay_record *record, struct relay_piece piece)
{
    if (record->range_count == 0) {
        return false;
    }
    const struct relay_piece *last = &record->ranges[record->range_count - 1];
    return last->chunk == piece.chunk && last->at + last->len == piece.at + piece.len;
}

void relay_record_range(struct relay *relay, uint64_t number, struct relay_piece piece)
{
    struct relay_history *history = &relay->history;
    if (number <= history->taken) {
        return;
    }
    struct relay_record *record = record_at(history, number);
    if (!is_last_range(record, piece)) {
        add_range(record, piece);
    }
}

void relay_record_again(struct relay *relay, struct relay_client *sender, uint64_t batch,
                        struct str who, struct str label)
{
    struct relay_history *history = &relay->history;
    for (uint64_t number = history->taken + history->count; number > history->taken; number--) {
        struct relay_record *record = record_at(history, number);
        if (record->batch == batch && str_eq(str_from(record->who), who) &&
            str_eq(str_from(record->id), label)) {
            record->sender = sender->id;
            take_label(record, number, sender);
            history->hold = batch;
            history->record = number;
            return;
        }
    }
}

static struct str recent_key(struct buf *out, struct str who, struct str label)
{
    buf_init(out, BUF_NO_LIMIT);
    (void)buf_append(out, who);
    (void)buf_append_char(out, '\0');
    (void)buf_append(out, label);
    return buf_str(out);
}

static void forget_recent(struct relay_history *history, struct str key)
{
    struct relay_recent *recent = map_remove(&history->recent, key);
    if (recent) {
        history->recent_ring[recent->place] = NULL;
        recent_destroy(recent);
    }
}

bool relay_find_sent(struct relay *relay, struct str who, struct str label, struct relay_sent *out)
{
    struct buf key;
    const struct relay_recent *recent =
        map_get(&relay->history.recent, recent_key(&key, who, label));
    buf_deinit(&key);
    if (recent) {
        *out = (struct relay_sent){recent->id, recent->batch};
        return true;
    }
    *out = (struct relay_sent){0};
    // More of them may be on their way to the disk than are remembered here.
    return relay->store && (store_find_pending(relay->store, who, label, &out->id, &out->batch) ||
                            store_find_sent(relay->store, who, label, &out->id));
}

void relay_remember_sent(struct relay *relay, struct str who, struct str label,
                         struct relay_sent sent)
{
    struct relay_history *history = &relay->history;
    struct buf buf;
    struct str key = recent_key(&buf, who, label);
    struct relay_recent *recent = MEM_NEW(struct relay_recent);
    recent->place = (size_t)(history->recent_put++ % RELAY_RECENT_MAX);
    recent->key = mem_copy(key.data, key.len);
    recent->key_len = key.len;
    recent->id = sent.id;
    recent->batch = sent.batch;
    forget_recent(history, key);
    const struct relay_recent *old = history->recent_ring[recent->place];
    if (old) {
        forget_recent(history, (struct str){old->key, old->key_len});
    }
    history->recent_ring[recent->place] = recent;
    map_put(&history->recent, key, recent);
    buf_deinit(&buf);
}

static struct relay_client *find_by_id(const struct relay *relay, uint64_t id)
{
    for (size_t i = 0; i < relay->client_count; i++) {
        if (relay->clients[i]->id == id) {
            return relay->clients[i];
        }
    }
    return NULL;
}

// Nobody has seen it, nobody will; the sender is told, and may send it again.
static void take_back(struct relay *relay, const struct relay_record *record, const char *why)
{
    struct buf key;
    for (size_t c = 0; c < relay->client_count; c++) {
        for (size_t i = 0; i < record->range_count; i++) {
            relay_outq_cut(&relay->clients[c]->out, record->ranges[i]);
        }
    }
    forget_recent(&relay->history, recent_key(&key, str_from(record->who), str_from(record->id)));
    buf_deinit(&key);
    struct relay_client *sender = find_by_id(relay, record->sender);
    if (!sender) {
        return;
    }
    if (sender->kind == RELAY_KIND_PLAIN) {
        struct buf text;
        buf_init(&text, BUF_NO_LIMIT);
        (void)buf_printf(&text, _("* What you said last was not sent: %s\n"), why);
        relay_write(relay, sender, buf_str(&text));
        buf_deinit(&text);
        return;
    }
    relay_line(relay, sender, "%s%s%s:%s FAIL %s NOT_SAVED %s :%s",
               record->label[0] ? "@label=" : "", record->label, record->label[0] ? " " : "",
               relay->server, record->command, record->target, why);
}

static void begin_failing(struct relay *relay, const char *why)
{
    char text[400];
    log_error("the history cannot be written: %s", why);
    relay->history.is_failing = true;
    (void)snprintf(text, sizeof(text),
                   _("The history cannot be written: %s The party goes on without it. What was "
                     "kept before is safe."),
                   why);
    relay_tell_hosts(relay, str_from(text));
}

void relay_history_again(struct relay *relay)
{
    store_put_probe(relay->store); // the relay knows what was lost
    relay_rooms_again(relay);
    relay_resume_again(relay);
    store_put_retention(relay->store, relay->history_max_age_ms, relay->history_max_bytes);
    store_put_clock(relay->store, relay->now_utc_ms);
}

static void end_failing(struct relay *relay)
{
    log_info("the history is written again");
    relay->history.is_failing = false;
    relay_history_again(relay);
    relay_tell_hosts(
        relay, str_from(_("The history is kept again. What was said meanwhile is not in it.")));
}

static void take_result(struct relay *relay, const struct store_result *result)
{
    struct relay_history *history = &relay->history;
    while (history->count > 0 && history->records[history->first].batch <= result->batch) {
        struct relay_record *record = &history->records[history->first];
        if (!result->is_ok && record->batch == result->batch) {
            take_back(relay, record, result->why);
        }
        record_deinit(record);
        history->first = (history->first + 1) % history->size;
        history->count--;
        history->taken++;
    }
    history->durable = result->batch;
    relay_moves_decided(relay, result);
    if (!result->is_ok) {
        history->probe_ms = relay->now_ms + PROBE_MS;
        relay_accounts_lost(relay);
        relay_markers_lost(relay, result->batch);
        relay_redacted_lost(relay, result->batch);
        if (!history->is_failing) {
            begin_failing(relay, result->why);
        }
        return;
    }
    relay_accounts_kept(relay, result->batch);
    if (history->is_failing && result->batch >= history->probe_batch) {
        end_failing(relay);
    }
}

static int64_t gathered_ms(const struct relay_history *history)
{
    int64_t wait_ms = history->sending_ms < GATHER_MAX_MS ? history->sending_ms : GATHER_MAX_MS;
    return history->gather_ms + (wait_ms > GATHER_MIN_MS ? wait_ms : GATHER_MIN_MS);
}

// Under load the next batch is nearly committed when one is: both are then sent with one write a
// client. Never while little is said, and no longer than the last sending took: where that is long
// a sending saved is worth the wait.
static bool is_time_to_send(struct relay *relay)
{
    struct relay_history *history = &relay->history;
    if (history->durable == history->sent) {
        history->gather_ms = relay->now_ms;
        return false;
    }
    if (history->count >= GATHER_LINES && relay->now_ms < gathered_ms(history)) {
        return false;
    }
    history->sent = history->durable;
    history->gather_ms = relay->now_ms;
    history->is_sending = true;
    return true;
}

void relay_history_measured(struct relay *relay, uint64_t turn_us)
{
    struct relay_history *history = &relay->history;
    if (history->is_sending) {
        history->is_sending = false;
        history->sending_ms = (int64_t)(turn_us / 1000);
    }
}

// What is kept grows old in a quiet party too. While the disk takes nothing the probe is the only
// batch: one that writes nothing would look like a disk that writes again.
static void tell_time(struct relay *relay)
{
    if (!relay->history.is_failing) {
        store_put_clock(relay->store, relay->now_utc_ms);
    }
}

bool relay_history_turn(struct relay *relay)
{
    struct relay_history *history = &relay->history;
    if (!relay->store) {
        return false;
    }
    if (history->is_failing && relay->now_ms >= history->probe_ms) {
        history->probe_ms = relay->now_ms + PROBE_MS;
        history->probe_batch = store_batch(relay->store);
        store_put_probe(relay->store);
    }
    if (relay->now_ms >= history->clock_ms) {
        history->clock_ms = relay->now_ms + CLOCK_MS;
        tell_time(relay);
    }
    (void)store_flush(relay->store); // an empty batch is none
    struct store_result result;
    while (store_next_result(relay->store, &result)) {
        take_result(relay, &result);
    }
    return is_time_to_send(relay);
}

int64_t relay_history_due_ms(const struct relay *relay)
{
    const struct relay_history *history = &relay->history;
    if (history->sent != history->durable) {
        return gathered_ms(history);
    }
    bool is_probe_next = history->is_failing && history->probe_ms < history->clock_ms;
    return is_probe_next ? history->probe_ms : history->clock_ms;
}

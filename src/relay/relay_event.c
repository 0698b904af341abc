// Lines out: events formatted once per kind of receiver, numerics, labelled answers.
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "irc_format.h"
#include "relay_multiline.h"
#include "relay_parts.h"
#include "utf8.h"

#define BODY_MAX (IRC_LINE_MAX - 2)

uint64_t relay_new_id(struct relay *relay)
{
    uint64_t least = (uint64_t)relay->now_utc_ms << 20;
    relay->last_id = relay->last_id < least ? least : relay->last_id + 1;
    return relay->last_id;
}

void relay_event_set_id(struct relay_event *event, uint64_t id)
{
    event->id = id;
    relay_msgid_of(id, event->msgid);
    relay_time_of(id, event->time);
}

static void cut_body(struct buf *body, size_t max)
{
    if (body->len > max) {
        buf_truncate(body, utf8_cut(buf_str(body), max));
    }
}

static void init_event(struct relay *relay, struct relay_event *event, struct str source,
                       const char *format, va_list args) __attribute__((format(printf, 4, 0)));

static void init_event(struct relay *relay, struct relay_event *event, struct str source,
                       const char *format, va_list args)
{
    *event = (struct relay_event){.source = source};
    buf_init(&event->body, BUF_NO_LIMIT);
    buf_init(&event->plain, BUF_NO_LIMIT);
    (void)buf_vprintf(&event->body, format, args); // no ceiling; cut below
    cut_body(&event->body, BODY_MAX - source.len - 2);
    relay_event_set_id(event, relay_new_id(relay));
}

void relay_event_init(struct relay *relay, struct relay_event *event, struct str source,
                      const char *format, ...)
{
    va_list args;
    va_start(args, format);
    init_event(relay, event, source, format, args);
    va_end(args);
}

void relay_event_from(struct relay *relay, struct relay_event *event,
                      const struct relay_client *client, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    init_event(relay, event, str_from(client->mask), format, args);
    va_end(args);
    event->account = str_from(client->account);
    event->is_of_bot = client->is_bot;
}

void relay_event_init_kept(struct relay_event *event, struct str source, uint64_t id,
                           struct str body)
{
    *event = (struct relay_event){.source = source};
    buf_init(&event->body, BUF_NO_LIMIT);
    buf_init(&event->plain, BUF_NO_LIMIT);
    (void)buf_append(&event->body, body); // no ceiling; cut below
    cut_body(&event->body, source.len + 2 < BODY_MAX ? BODY_MAX - source.len - 2 : 0);
    relay_event_set_id(event, id);
}

void relay_event_plain(struct relay_event *event, const char *format, ...)
{
    struct buf text, unformatted;
    buf_init(&text, BUF_NO_LIMIT); // no ceiling, nor below
    buf_init(&unformatted, BUF_NO_LIMIT);
    va_list args;
    va_start(args, format);
    (void)buf_vprintf(&text, format, args);
    va_end(args);
    (void)irc_format_strip(&unformatted, buf_str(&text));
    (void)utf8_clean(&event->plain, buf_str(&unformatted), UTF8_KEEP_NEWLINE);
    buf_deinit(&unformatted);
    buf_deinit(&text);
}

void relay_event_deinit(struct relay_event *event)
{
    buf_deinit(&event->body);
    buf_deinit(&event->plain);
    for (size_t i = 0; i < RELAY_PIECES; i++) {
        relay_piece_drop(&event->pieces[i]);
    }
}

// Formats are numbered by what stands before the line; those beyond RELAY_FORMATS are of messages
// of several lines, for who knows them.
enum { FORMAT_TIME = 1, FORMAT_TAGS = 2, FORMAT_ACCOUNT = 4 };

static unsigned caps_of(size_t format)
{
    bool has_lines = format >= RELAY_FORMATS;
    size_t bits = has_lines ? format - RELAY_FORMATS : format;
    return (bits & FORMAT_TIME ? IRC_CAP_SERVER_TIME : 0u) |
           (bits & FORMAT_TAGS ? IRC_CAP_MESSAGE_TAGS : 0u) |
           (bits & FORMAT_ACCOUNT ? IRC_CAP_ACCOUNT_TAG : 0u) |
           (has_lines ? IRC_CAP_MULTILINE | IRC_CAP_BATCH : 0u);
}

void relay_event_head(const struct relay_event *event, struct buf *out, struct irc_writer *writer,
                      unsigned caps, struct str batch)
{
    bool has_tags = (caps & IRC_CAP_MESSAGE_TAGS) != 0;
    irc_write_begin(writer, out);
    if (batch.len) {
        irc_write_tag_raw(writer, STR("batch"), batch);
    }
    if (caps & IRC_CAP_SERVER_TIME) {
        irc_write_tag_raw(writer, STR("time"), str_from(event->time));
    }
    if (has_tags && event->has_id) {
        irc_write_tag_raw(writer, STR("msgid"), str_from(event->msgid));
    }
    if (caps & IRC_CAP_ACCOUNT_TAG && event->account.len) {
        irc_write_tag(writer, STR("account"), event->account);
    }
    if (has_tags && event->is_of_bot) {
        irc_write_tag_raw(writer, STR("bot"), (struct str){0});
    }
    if (has_tags && event->client_tags.len) {
        irc_write_tag_raw(writer, event->client_tags, (struct str){0});
    }
}

void relay_event_format(struct relay_event *event, struct buf *out, unsigned caps, struct str batch)
{
    struct irc_writer writer;
    if (event->lines.len) {
        relay_multiline_format(event, out, caps, batch);
        return;
    }
    relay_event_head(event, out, &writer, caps, batch);
    irc_write_source(&writer, event->source);
    irc_write_command(&writer, buf_cstr(&event->body));
    (void)irc_write_end(&writer); // the buffer has no ceiling
}

size_t relay_format_of(const struct relay_client *to)
{
    if (to->kind == RELAY_KIND_PLAIN) {
        return RELAY_FORMAT_PLAIN;
    }
    return (to->caps & IRC_CAP_SERVER_TIME ? FORMAT_TIME : 0u) |
           (to->caps & IRC_CAP_MESSAGE_TAGS ? FORMAT_TAGS : 0u) |
           (to->caps & IRC_CAP_ACCOUNT_TAG ? FORMAT_ACCOUNT : 0u);
}

bool relay_event_piece(struct relay *relay, struct relay_event *event, size_t format,
                       struct relay_piece *out)
{
    struct relay_piece *piece = &event->pieces[format];
    bool is_plain = format == RELAY_FORMAT_PLAIN;
    if (is_plain ? event->plain.len == 0
                 : event->is_tags_only && !(caps_of(format) & IRC_CAP_MESSAGE_TAGS)) {
        return false;
    }
    if (!piece->chunk && is_plain) {
        *piece = relay_tape_put(&relay->tapes[format], buf_str(&event->plain));
        relay_piece_hold(*piece);
    } else if (!piece->chunk) {
        struct buf line;
        buf_init(&line, BUF_NO_LIMIT);
        relay_event_format(event, &line, caps_of(format), (struct str){0});
        *piece = relay_tape_put(format < RELAY_FORMATS ? &relay->tapes[format] : &relay->own,
                                buf_str(&line));
        relay_piece_hold(*piece);
        buf_deinit(&line);
    }
    *out = *piece;
    return true;
}

void relay_event_send(struct relay *relay, struct relay_event *event, struct relay_client *to)
{
    struct relay_piece piece;
    size_t format = relay_format_of(to);
    if (event->lines.len && format != RELAY_FORMAT_PLAIN && relay_multiline_is_known(to->caps)) {
        format += RELAY_FORMATS;
    }
    if (!relay_event_piece(relay, event, format, &piece)) {
        return;
    }
    uint64_t hold = relay->history.hold;
    relay->history.hold = event->batch > hold ? event->batch : hold;
    if (to->batch || to->label.len) {
        relay_write(relay, to, relay_piece_str(piece));
    } else {
        relay_push(relay, to, piece);
    }
    relay->history.hold = hold;
}

void relay_event_channel(struct relay *relay, struct relay_event *event,
                         const struct relay_channel *channel, const struct relay_client *except,
                         unsigned caps)
{
    for (size_t i = 0; i < channel->member_count; i++) {
        struct relay_client *to = channel->members[i]->client;
        if (to != except && (to->caps & caps) == caps) {
            relay_event_send(relay, event, to);
        }
    }
}

// Puts one tag more before a line that may already have some.
static void put_tagged(struct buf *out, struct str tag, struct str line)
{
    bool has_tags = line.len && line.data[0] == '@';
    (void)buf_printf(out, "@%.*s%s%.*s", STR_ARG(tag), has_tags ? ";" : " ",
                     STR_ARG(str_range(line, has_tags ? 1 : 0, line.len)));
}

static bool is_closed(const struct relay_client *to)
{
    return to->is_gone || to->is_overflowing || to->is_broken;
}

// Closed at the end of the turn; nobody waits for it.
static void overflow(struct relay *relay, struct relay_client *to)
{
    to->is_overflowing = true;
    relay_client_at(relay, to, relay->now_ms);
}

void relay_push(struct relay *relay, struct relay_client *to, struct relay_piece piece)
{
    relay_run_close(relay); // what was said before goes before
    if (is_closed(to) || piece.len == 0) {
        return;
    }
    if (!relay_outq_push(&to->out, piece, relay->history.hold)) {
        overflow(relay, to);
        return;
    }
    relay_record_range(relay, relay->history.record, piece);
    if (to->is_waiting) {
        return; // it is sent with what it waits for
    }
    if (relay_outq_waits(&to->out, relay->history.durable)) {
        relay_client_waits(relay, to);
    } else {
        relay_client_dirty(relay, to);
    }
}

static void append(struct relay *relay, struct relay_client *to, struct str bytes)
{
    if (to->label.len == 0) {
        relay_push(relay, to, relay_tape_put(&relay->own, bytes));
    } else if (!buf_append(&to->labelled, bytes)) {
        overflow(relay, to);
    } else {
        const struct relay_history *history = &relay->history;
        bool is_later = history->hold > to->labelled_batch;
        to->labelled_batch = is_later ? history->hold : to->labelled_batch;
        to->labelled_record = history->record ? history->record : to->labelled_record;
    }
}

void relay_write(struct relay *relay, struct relay_client *to, struct str bytes)
{
    if (is_closed(to)) {
        return;
    }
    if (to->batch) {
        char tag[32];
        struct buf tagged;
        (void)snprintf(tag, sizeof(tag), "batch=b%u", to->batch);
        buf_init(&tagged, BUF_NO_LIMIT);
        put_tagged(&tagged, str_from(tag), bytes);
        append(relay, to, buf_str(&tagged));
        buf_deinit(&tagged);
    } else {
        append(relay, to, bytes);
    }
}

void relay_time_now(const struct relay *relay, char out[28])
{
    uint64_t now = (uint64_t)relay->now_utc_ms << 20;
    relay_time_of(now > relay->last_id ? now : relay->last_id, out);
}

static void write_dated(struct relay *relay, struct relay_client *to, struct str line)
{
    char tag[40], time[28];
    struct buf dated;
    relay_time_now(relay, time);
    (void)snprintf(tag, sizeof(tag), "time=%s", time);
    buf_init(&dated, BUF_NO_LIMIT);
    put_tagged(&dated, str_from(tag), line);
    relay_write(relay, to, buf_str(&dated));
    buf_deinit(&dated);
}

static void end_line(struct buf *line)
{
    cut_body(line, BODY_MAX);
    (void)buf_append(line, STR("\r\n")); // no ceiling
}

static void write_rest(struct relay *relay, struct relay_client *to, struct buf *line,
                       const char *format, va_list args) __attribute__((format(printf, 4, 0)));

// What stands behind the head of a line; the line is gone then.
static void write_rest(struct relay *relay, struct relay_client *to, struct buf *line,
                       const char *format, va_list args)
{
    (void)buf_vprintf(line, format, args); // no ceiling; cut in end_line
    end_line(line);
    if (to->kind != RELAY_KIND_PLAIN && to->caps & IRC_CAP_SERVER_TIME) {
        write_dated(relay, to, buf_str(line));
    } else if (to->kind != RELAY_KIND_PLAIN) {
        relay_write(relay, to, buf_str(line));
    }
    buf_deinit(line);
}

void relay_reply(struct relay *relay, struct relay_client *to, enum irc_numeric numeric,
                 const char *format, ...)
{
    struct buf line;
    buf_init(&line, BUF_NO_LIMIT);
    (void)buf_printf(&line, ":%s %03d %s ", relay->server, (int)numeric,
                     to->nick[0] ? to->nick : "*");
    va_list args;
    va_start(args, format);
    write_rest(relay, to, &line, format, args);
    va_end(args);
}

size_t relay_room(const struct relay *relay, const struct relay_client *to, size_t taken)
{
    size_t head = strlen(relay->server) + strlen(to->nick) + sizeof(": 000 *  :") - 1 + taken;
    return head < BODY_MAX ? BODY_MAX - head : 0;
}

void relay_line(struct relay *relay, struct relay_client *to, const char *format, ...)
{
    struct buf line;
    buf_init(&line, BUF_NO_LIMIT);
    va_list args;
    va_start(args, format);
    write_rest(relay, to, &line, format, args);
    va_end(args);
}

void relay_fail(struct relay *relay, struct relay_client *to, struct str command, const char *code,
                const char *text)
{
    relay_line(relay, to, ":%s FAIL %.*s %s :%s", relay->server, STR_ARG(command), code, text);
}

void relay_label_begin(struct relay_client *client, struct str label)
{
    client->label = label;
    client->labelled_batch = 0;
    client->labelled_record = 0;
    buf_clear(&client->labelled);
}

static size_t count_lines(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count += text.data[i] == '\n' ? 1 : 0;
    }
    return count;
}

static void put_batch(struct relay *relay, struct buf *out, struct str label, struct str answers)
{
    char tag[32];
    unsigned batch = ++relay->batch_count;
    (void)snprintf(tag, sizeof(tag), "batch=b%u", batch);
    (void)buf_printf(out, "@%.*s :%s BATCH +b%u labeled-response\r\n", STR_ARG(label),
                     relay->server, batch);
    struct str line;
    while (str_next(&answers, '\n', &line)) {
        // What already stands in a batch belongs to that one alone.
        if (str_starts(line, STR("@batch="))) {
            (void)buf_printf(out, "%.*s\n", STR_ARG(line));
        } else {
            put_tagged(out, str_from(tag), line);
            (void)buf_append_char(out, '\n');
        }
    }
    (void)buf_printf(out, ":%s BATCH -b%u\r\n", relay->server, batch);
}

void relay_batch_begin(struct relay *relay, struct relay_client *to, const char *format, ...)
{
    struct buf line;
    if (!(to->caps & IRC_CAP_BATCH)) {
        return;
    }
    unsigned batch = ++relay->batch_count;
    buf_init(&line, BUF_NO_LIMIT);
    (void)buf_printf(&line, ":%s BATCH +b%u ", relay->server, batch);
    va_list args;
    va_start(args, format);
    (void)buf_vprintf(&line, format, args); // no ceiling
    va_end(args);
    end_line(&line);
    relay_write(relay, to, buf_str(&line));
    buf_deinit(&line);
    to->batch = batch;
}

void relay_batch_end(struct relay *relay, struct relay_client *to)
{
    struct buf line;
    unsigned batch = to->batch;
    to->batch = 0;
    if (batch) {
        buf_init(&line, BUF_NO_LIMIT);
        (void)buf_printf(&line, ":%s BATCH -b%u\r\n", relay->server, batch);
        relay_write(relay, to, buf_str(&line));
        buf_deinit(&line);
    }
}

// An answer that is one batch carries the label on that batch's start.
static bool is_one_batch(struct str answers)
{
    char ends[RELAY_LIST_MAX];
    struct irc_message start;
    struct str line, rest = answers;
    (void)str_next(&rest, '\n', &line);
    if (!irc_message_parse(&start, str_range(line, 0, line.len - 1)) ||
        !irc_message_is(&start, "BATCH") || irc_message_tag(&start, "batch")) {
        return false;
    }
    struct str reference = irc_message_param(&start, 0);
    int len = snprintf(ends, sizeof(ends), " BATCH -%.*s\r\n",
                       STR_ARG(str_range(reference, 1, reference.len)));
    return reference.len > 1 && (size_t)len < sizeof(ends) && str_ends(answers, str_from(ends));
}

// The answers may stand for a message that the store has not committed.
static void write_answers(struct relay *relay, struct relay_client *client, struct str answers)
{
    relay->history.hold = client->labelled_batch;
    relay->history.record = client->labelled_record;
    relay_push(relay, client, relay_tape_put(&relay->own, answers));
    relay_record_end(relay);
}

void relay_label_end(struct relay *relay, struct relay_client *client)
{
    char tag[128];
    (void)snprintf(tag, sizeof(tag), "label=%.*s", STR_ARG(client->label));
    client->label = (struct str){0};
    struct buf out;
    buf_init(&out, BUF_NO_LIMIT);
    struct str answers = buf_str(&client->labelled);
    size_t count = count_lines(answers);
    if (count == 0) {
        (void)buf_printf(&out, "@%s :%s ACK\r\n", tag, relay->server);
    } else if (count == 1 || is_one_batch(answers)) {
        put_tagged(&out, str_from(tag), answers);
    } else {
        put_batch(relay, &out, str_from(tag), answers);
    }
    write_answers(relay, client, buf_str(&out));
    buf_deinit(&client->labelled);
    buf_deinit(&out);
}

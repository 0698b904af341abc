// Lines out: events formatted once per kind of receiver, numerics, labelled answers.
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "relay_parts.h"
#include "utf8.h"

#define BODY_MAX (IRC_LINE_MAX - 2)

void relay_new_id(struct relay *relay, char msgid[20], char time[28])
{
    uint64_t least = (uint64_t)relay->now_utc_ms << 20;
    relay->last_id = relay->last_id < least ? least : relay->last_id + 1;
    (void)snprintf(msgid, 20, "%016llx", (unsigned long long)relay->last_id);
    int64_t ms = (int64_t)(relay->last_id >> 20);
    time_t seconds = (time_t)(ms / 1000);
    struct tm utc;
    char text[24];
    (void)gmtime_r(&seconds, &utc); // any time of our clock fits
    (void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
    (void)snprintf(time, 28, "%s.%03dZ", text, (int)(ms % 1000));
}

static void cut_body(struct buf *body, size_t max)
{
    if (body->len > max) {
        buf_truncate(body, utf8_cut(buf_str(body), max));
    }
}

void relay_event_init(struct relay *relay, struct relay_event *event, struct str source,
                      const char *format, ...)
{
    *event = (struct relay_event){.source = source};
    buf_init(&event->body, BUF_NO_LIMIT);
    buf_init(&event->plain, BUF_NO_LIMIT);
    for (size_t i = 0; i < 4; i++) {
        buf_init(&event->formatted[i], BUF_NO_LIMIT);
    }
    va_list args;
    va_start(args, format);
    (void)buf_vprintf(&event->body, format, args); // no ceiling; cut below
    va_end(args);
    cut_body(&event->body, BODY_MAX - source.len - 2);
    relay_new_id(relay, event->msgid, event->time);
}

void relay_event_plain(struct relay_event *event, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)buf_vprintf(&event->plain, format, args); // no ceiling
    va_end(args);
}

void relay_event_deinit(struct relay_event *event)
{
    buf_deinit(&event->body);
    buf_deinit(&event->plain);
    for (size_t i = 0; i < 4; i++) {
        buf_deinit(&event->formatted[i]);
    }
}

static void make_format(struct relay_event *event, struct buf *out, bool has_time, bool has_tags)
{
    struct irc_writer writer;
    irc_write_begin(&writer, out);
    if (has_time) {
        irc_write_tag_raw(&writer, STR("time"), str_from(event->time));
    }
    if (has_tags && event->has_id) {
        irc_write_tag_raw(&writer, STR("msgid"), str_from(event->msgid));
    }
    if (has_tags && event->is_of_bot) {
        irc_write_tag_raw(&writer, STR("bot"), (struct str){0});
    }
    if (has_tags && event->client_tags.len) {
        irc_write_tag_raw(&writer, event->client_tags, (struct str){0});
    }
    irc_write_source(&writer, event->source);
    irc_write_command(&writer, buf_cstr(&event->body));
    (void)irc_write_end(&writer); // the buffer has no ceiling
}

void relay_event_send(struct relay *relay, struct relay_event *event, struct relay_client *to)
{
    if (to->kind == RELAY_KIND_PLAIN) {
        if (event->plain.len) {
            relay_plain_write(relay, to, buf_str(&event->plain));
        }
        return;
    }
    bool has_time = (to->caps & IRC_CAP_SERVER_TIME) != 0;
    bool has_tags = (to->caps & IRC_CAP_MESSAGE_TAGS) != 0;
    if (event->is_tags_only && !has_tags) {
        return;
    }
    struct buf *formatted = &event->formatted[(has_time ? 1 : 0) + (has_tags ? 2 : 0)];
    if (formatted->len == 0) {
        make_format(event, formatted, has_time, has_tags);
    }
    relay_write(relay, to, buf_str(formatted));
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

static void append(struct relay *relay, struct relay_client *to, struct str bytes)
{
    struct buf *out = to->label.len ? &to->labelled : &to->out;
    if (!buf_append(out, bytes)) {
        to->is_overflowing = true; // closed at the end of the turn, nobody waits for it
        relay_client_at(relay, relay->now_ms);
        return;
    }
    if (!to->is_dirty) {
        to->is_dirty = true;
        relay->dirty[relay->dirty_count++] = to;
    }
}

void relay_write(struct relay *relay, struct relay_client *to, struct str bytes)
{
    if (to->is_gone || to->is_overflowing) {
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

static void write_line(struct relay *relay, struct relay_client *to, struct buf *line)
{
    if (to->kind != RELAY_KIND_PLAIN) {
        cut_body(line, BODY_MAX);
        (void)buf_append(line, STR("\r\n")); // no ceiling
        relay_write(relay, to, buf_str(line));
    }
}

static void write_rest(struct relay *relay, struct relay_client *to, struct buf *line,
                       const char *format, va_list args) __attribute__((format(printf, 4, 0)));

// What stands behind the head of a line; the line is gone then.
static void write_rest(struct relay *relay, struct relay_client *to, struct buf *line,
                       const char *format, va_list args)
{
    (void)buf_vprintf(line, format, args); // no ceiling; cut in write_line
    write_line(relay, to, line);
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
    write_rest(relay, to, &line, format, args);
    va_end(args);
    to->batch = batch;
}

void relay_batch_end(struct relay *relay, struct relay_client *to)
{
    unsigned batch = to->batch;
    to->batch = 0;
    if (batch) {
        relay_line(relay, to, ":%s BATCH -b%u", relay->server, batch);
    }
}

// An answer that is one batch carries the label on that batch's start.
static bool is_one_batch(const struct relay *relay, struct str answers)
{
    char begins[96], ends[128];
    int len = snprintf(begins, sizeof(begins), ":%s BATCH +", relay->server);
    if (!str_starts(answers, str_from(begins))) {
        return false;
    }
    struct str reference, rest = str_range(answers, (size_t)len, answers.len);
    (void)str_next(&rest, ' ', &reference);
    (void)snprintf(ends, sizeof(ends), ":%s BATCH -%.*s\r\n", relay->server, STR_ARG(reference));
    return str_ends(answers, str_from(ends));
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
    } else if (count == 1 || is_one_batch(relay, answers)) {
        put_tagged(&out, str_from(tag), answers);
    } else {
        put_batch(relay, &out, str_from(tag), answers);
    }
    relay_write(relay, client, buf_str(&out));
    buf_clear(&client->labelled);
    buf_deinit(&out);
}

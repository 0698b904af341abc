// Lines out: events formatted once per kind of receiver, numerics, labelled answers.
#include <stdio.h>
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

void relay_event_peers(struct relay *relay, struct relay_event *event, struct relay_client *of,
                       unsigned caps)
{
    uint64_t stamp = ++relay->stamp;
    of->stamp = stamp;
    for (size_t c = 0; c < of->member_count; c++) {
        const struct relay_channel *channel = of->members[c]->channel;
        for (size_t i = 0; i < channel->member_count; i++) {
            struct relay_client *to = channel->members[i]->client;
            if (to->stamp != stamp && (to->caps & caps) == caps) {
                relay_event_send(relay, event, to);
            }
            to->stamp = stamp;
        }
    }
}

void relay_write(struct relay *relay, struct relay_client *to, struct str bytes)
{
    if (to->is_gone || to->is_overflowing) {
        return;
    }
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

static void write_line(struct relay *relay, struct relay_client *to, struct buf *line)
{
    if (to->kind != RELAY_KIND_PLAIN) {
        cut_body(line, BODY_MAX);
        (void)buf_append(line, STR("\r\n")); // no ceiling
        relay_write(relay, to, buf_str(line));
    }
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
    (void)buf_vprintf(&line, format, args); // no ceiling; cut in write_line
    va_end(args);
    write_line(relay, to, &line);
    buf_deinit(&line);
}

void relay_line(struct relay *relay, struct relay_client *to, const char *format, ...)
{
    struct buf line;
    buf_init(&line, BUF_NO_LIMIT);
    va_list args;
    va_start(args, format);
    (void)buf_vprintf(&line, format, args); // no ceiling; cut in write_line
    va_end(args);
    write_line(relay, to, &line);
    buf_deinit(&line);
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

// Puts one tag more before a line that may already have some.
static void put_tagged(struct buf *out, struct str tag, struct str line)
{
    bool has_tags = line.len && line.data[0] == '@';
    (void)buf_printf(out, "@%.*s%s%.*s\n", STR_ARG(tag), has_tags ? ";" : " ",
                     STR_ARG(str_range(line, has_tags ? 1 : 0, line.len)));
}

static void put_batch(struct relay *relay, struct buf *out, struct str label, struct str answers)
{
    char tag[32];
    unsigned batch = ++relay->batch_count;
    (void)snprintf(tag, sizeof(tag), "batch=l%u", batch);
    (void)buf_printf(out, "@%.*s :%s BATCH +l%u labeled-response\r\n", STR_ARG(label),
                     relay->server, batch);
    struct str line;
    while (str_next(&answers, '\n', &line)) {
        put_tagged(out, str_from(tag), line);
    }
    (void)buf_printf(out, ":%s BATCH -l%u\r\n", relay->server, batch);
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
    } else if (count == 1) {
        put_tagged(&out, str_from(tag), str_range(answers, 0, answers.len - 1));
    } else {
        put_batch(relay, &out, str_from(tag), answers);
    }
    relay_write(relay, client, buf_str(&out));
    buf_clear(&client->labelled);
    buf_deinit(&out);
}

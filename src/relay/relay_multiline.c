// Messages of several lines: BATCH from clients, and how such a message looks.
#include "relay_multiline.h"

#include <stdio.h>

#include "mem.h"
#include "relay_parts.h"
#include "utf8.h"

#define TYPE          "draft/multiline"
#define CONCAT        "draft/multiline-concat"
#define BODY_MAX      (IRC_LINE_MAX - 2)
#define REFERENCE_MAX 64
#define TARGET_MAX    128
#define LABEL_MAX     64
#define OPEN_MS       30000 // a batch may stay open
#define LEAST_ROOM    64    // bytes for text on a line, whatever stands before it
// Lines cut to fit take a CR LF more each.
#define TEXT_MAX ((size_t)RELAY_MULTILINE_BYTES * 2)

struct relay_multiline { // the open batch of one client, or what is left of a refused one
    char reference[REFERENCE_MAX + 1];
    char target[TARGET_MAX + 1];
    char label[LABEL_MAX + 1];
    bool is_refused; // the client was told; the rest is passed over in silence
    bool is_notice;
    bool has_text; // not all lines are blank
    size_t lines;
    size_t bytes; // as the limit counts them
    int64_t opened_ms;
    struct buf text;
    struct buf tags;
};

void relay_multiline_destroy(struct relay_multiline *multiline)
{
    if (multiline) {
        buf_deinit(&multiline->text);
        buf_deinit(&multiline->tags);
        mem_free(multiline);
    }
}

static void drop(struct relay_client *client)
{
    relay_multiline_destroy(client->multiline);
    client->multiline = NULL;
}

// --- out ---

bool relay_lines_next(struct relay_lines *lines, struct str *line)
{
    size_t at = lines->rest.len;
    if (lines->is_over) {
        return false;
    }
    lines->is_concat = lines->is_next_concat;
    lines->is_over = !str_find_char(lines->rest, '\n', &at);
    lines->is_next_concat = !lines->is_over && at > 0 && lines->rest.data[at - 1] == '\r';
    *line = str_range(lines->rest, 0, lines->is_next_concat ? at - 1 : at);
    lines->rest = str_range(lines->rest, at + 1, lines->rest.len);
    return true;
}

// Source, command and target, then the line, cut where it would be no legal line of IRC.
static void put_text(struct irc_writer *writer, const struct relay_event *event, struct str line)
{
    struct buf body;
    buf_init(&body, BUF_NO_LIMIT);
    (void)buf_append(&body, buf_str(&event->body));
    (void)buf_append(&body, STR(" :"));
    (void)buf_append(&body, line);
    size_t head = event->source.len + 2;
    if (head + body.len > BODY_MAX) {
        buf_truncate(&body, utf8_cut(buf_str(&body), head < BODY_MAX ? BODY_MAX - head : 0));
    }
    irc_write_source(writer, event->source);
    irc_write_command(writer, buf_cstr(&body));
    (void)irc_write_end(writer); // the buffer has no ceiling
    buf_deinit(&body);
}

static struct str target_of(const struct relay_event *event)
{
    struct str command, rest = buf_str(&event->body);
    (void)str_next(&rest, ' ', &command); // what is left is the target
    return rest;
}

static void put_batch(const struct relay_event *event, struct buf *out, unsigned caps,
                      struct str outer)
{
    struct relay_lines lines = {.rest = event->lines};
    struct irc_writer writer;
    struct str line, target = target_of(event);
    char text[TARGET_MAX + 64], reference[16];
    (void)snprintf(reference, sizeof(reference), "b%u", event->reference);
    (void)snprintf(text, sizeof(text), "BATCH +%s " TYPE " %.*s", reference, STR_ARG(target));
    relay_event_head(event, out, &writer, caps, outer);
    irc_write_source(&writer, event->source);
    irc_write_command(&writer, text);
    (void)irc_write_end(&writer); // the buffer has no ceiling
    while (relay_lines_next(&lines, &line)) {
        irc_write_begin(&writer, out);
        irc_write_tag_raw(&writer, STR("batch"), str_from(reference));
        if (lines.is_concat) {
            irc_write_tag_raw(&writer, STR(CONCAT), (struct str){0});
        }
        put_text(&writer, event, line);
    }
    irc_write_begin(&writer, out);
    if (outer.len) {
        irc_write_tag_raw(&writer, STR("batch"), outer);
    }
    (void)snprintf(text, sizeof(text), "BATCH -%s", reference);
    irc_write_source(&writer, event->source);
    irc_write_command(&writer, text);
    (void)irc_write_end(&writer); // as above
}

// For those who do not know such batches: the lines one by one, the blank ones left out, and the
// msgid only once.
static void put_lines(const struct relay_event *event, struct buf *out, unsigned caps,
                      struct str outer)
{
    struct relay_lines lines = {.rest = event->lines};
    struct relay_event part = *event; // a view: nothing of it is freed
    struct irc_writer writer;
    struct str line;
    while (relay_lines_next(&lines, &line)) {
        if (line.len) {
            relay_event_head(&part, out, &writer, caps, outer);
            put_text(&writer, &part, line);
            part.has_id = false;
        }
    }
}

bool relay_multiline_is_known(unsigned caps)
{
    return (caps & IRC_CAP_MULTILINE) && (caps & IRC_CAP_BATCH);
}

void relay_multiline_format(const struct relay_event *event, struct buf *out, unsigned caps,
                            struct str outer)
{
    if (relay_multiline_is_known(caps)) {
        put_batch(event, out, caps, outer);
    } else {
        put_lines(event, out, caps, outer);
    }
}

// --- in ---

// The batch's label goes with the error, and a label of the line that caused it is answered for
// itself; what is still on its way belongs to the batch.
static void refuse(struct relay *relay, struct relay_client *client, const char *code,
                   const char *text)
{
    struct relay_multiline *multiline = client->multiline;
    struct str own = client->label;
    bool is_labelled = multiline && multiline->label[0];
    if (is_labelled) {
        relay_label_begin(client, str_from(multiline->label));
    }
    relay_fail(relay, client, STR("BATCH"), code, text);
    if (is_labelled) {
        relay_label_end(relay, client);
        relay_label_begin(client, own);
    }
    if (multiline) {
        multiline->label[0] = '\0';
        multiline->is_refused = true;
        buf_deinit(&multiline->text);
        buf_deinit(&multiline->tags);
    }
}

static void refuse_whole(struct relay *relay, struct relay_client *client, const char *text)
{
    refuse(relay, client, "MULTILINE_INVALID", text);
}

static bool is_reference(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = char_lower(text.data[i]);
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') {
            return false;
        }
    }
    return text.len > 0 && text.len <= REFERENCE_MAX;
}

static bool is_target(struct str text)
{
    size_t at = 0;
    return text.len > 0 && text.len <= TARGET_MAX && !str_find_char(text, ',', &at) &&
           str_eq(irc_word(text), text);
}

static void open_batch(struct relay *relay, struct relay_client *client, struct str reference,
                       const struct irc_message *message)
{
    struct str target = irc_message_param(message, 2);
    if (client->multiline && !client->multiline->is_refused) {
        struct str label = client->label; // of the new one
        client->label = (struct str){0};
        refuse_whole(relay, client, "One batch at a time");
        client->label = label;
    }
    drop(client);
    if (!is_reference(reference) || !str_eq(irc_message_param(message, 1), STR(TYPE)) ||
        !is_target(target)) {
        refuse_whole(relay, client, "This is no batch of lines to one target");
        return;
    }
    struct relay_multiline *multiline = MEM_NEW(struct relay_multiline);
    (void)str_copy(multiline->reference, sizeof(multiline->reference), reference); // measured
    (void)str_copy(multiline->target, sizeof(multiline->target), target);          // measured
    (void)str_copy(multiline->label, sizeof(multiline->label), client->label);     // fits
    multiline->opened_ms = relay->now_ms;
    buf_init(&multiline->text, TEXT_MAX);
    buf_init(&multiline->tags, IRC_TAGS_MAX);
    if (client->caps & IRC_CAP_MESSAGE_TAGS) {
        relay_collect_tags(&multiline->tags, message);
    }
    client->multiline = multiline;
    client->label = (struct str){0}; // the answer comes when the batch is whole
    relay_client_at(relay, client, relay->now_ms + OPEN_MS);
}

static struct str id_in(struct str tags)
{
    struct str tag;
    while (str_next(&tags, ';', &tag)) {
        if (str_starts(tag, STR("+ronron.chat/id="))) {
            return str_range(tag, sizeof("+ronron.chat/id=") - 1, tag.len);
        }
    }
    return (struct str){0};
}

static void close_batch(struct relay *relay, struct relay_client *client, struct str reference)
{
    struct relay_multiline *multiline = client->multiline;
    if (!multiline || !str_eq(reference, str_from(multiline->reference))) {
        refuse_whole(relay, client, "No such batch is open");
        return;
    }
    struct str own = client->label;
    client->multiline = NULL;
    if (multiline->label[0]) {
        relay_label_begin(client, str_from(multiline->label));
    }
    if (!multiline->is_refused && !multiline->has_text) {
        refuse_whole(relay, client, "There is no text in it");
    } else if (!multiline->is_refused) {
        struct relay_speech speech = {.command = multiline->is_notice ? "NOTICE" : "PRIVMSG",
                                      .target = str_from(multiline->target),
                                      .text = buf_str(&multiline->text),
                                      .tags = buf_str(&multiline->tags),
                                      .id = id_in(buf_str(&multiline->tags))};
        relay_speak(relay, client, &speech);
    }
    if (multiline->label[0] && !client->is_gone) {
        relay_label_end(relay, client);
        relay_label_begin(client, own);
    }
    relay_multiline_destroy(multiline);
}

void relay_cmd_batch(struct relay *relay, struct relay_client *client,
                     const struct irc_message *message)
{
    struct str reference = message->params[0];
    bool is_open = reference.len && reference.data[0] == '+';
    bool is_close = reference.len && reference.data[0] == '-';
    if (!(client->caps & IRC_CAP_MULTILINE)) {
        relay_reply(relay, client, ERR_UNKNOWNCOMMAND, "BATCH :Unknown command");
        return;
    }
    reference = str_range(reference, 1, reference.len);
    if (is_open) {
        open_batch(relay, client, reference, message);
    } else if (is_close) {
        close_batch(relay, client, reference);
    } else {
        refuse_whole(relay, client, "A batch begins with + and ends with -");
    }
}

// A line that is too long with what stands before it goes on in the next: nothing is cut off.
static void append_line(const struct relay_client *client, struct relay_multiline *multiline,
                        struct str line)
{
    size_t head =
        str_from(client->mask).len + str_from(multiline->target).len + sizeof(": PRIVMSG  :") - 1;
    size_t room = head + LEAST_ROOM < BODY_MAX ? BODY_MAX - head : LEAST_ROOM;
    for (;;) {
        size_t len = line.len > room ? utf8_cut(line, room) : line.len;
        for (size_t i = 0; i < len; i++) {
            if (line.data[i] != '\r') { // a stray one would join lines
                (void)buf_append_char(&multiline->text, line.data[i]); // within the ceiling
            }
        }
        line = str_range(line, len, line.len);
        if (line.len == 0) {
            break;
        }
        (void)buf_append(&multiline->text, STR("\r\n")); // as above
    }
}

static void add_line(struct relay *relay, struct relay_client *client,
                     struct relay_multiline *multiline, const struct irc_message *message)
{
    struct str line = irc_message_param(message, 1);
    bool is_concat = irc_message_tag(message, CONCAT) != NULL;
    bool is_first = multiline->lines == 0;
    bool breaks = !is_first && !is_concat;
    if (is_concat && line.len == 0) {
        refuse_whole(relay, client, "A blank line continues nothing");
    } else if (multiline->lines + 1 > RELAY_MULTILINE_LINES) {
        char code[48];
        (void)snprintf(code, sizeof(code), "MULTILINE_MAX_LINES %d", RELAY_MULTILINE_LINES);
        refuse(relay, client, code, "Too many lines");
    } else if (multiline->bytes + line.len + (breaks ? 1 : 0) > RELAY_MULTILINE_BYTES) {
        char code[48];
        (void)snprintf(code, sizeof(code), "MULTILINE_MAX_BYTES %d", RELAY_MULTILINE_BYTES);
        refuse(relay, client, code, "Too long");
    } else {
        multiline->lines++;
        multiline->bytes += line.len + (breaks ? 1 : 0);
        if (!is_first) {
            (void)buf_append(&multiline->text, breaks ? STR("\n") : STR("\r\n")); // ceiling: above
        }
        size_t before = multiline->text.len;
        append_line(client, multiline, line);
        multiline->has_text = multiline->has_text || multiline->text.len > before;
    }
}

static void refuse_target(struct relay *relay, struct relay_client *client, struct str given)
{
    char code[TARGET_MAX + 320];
    struct str word = irc_word(given);
    word = str_range(word, 0, utf8_cut(word, 200));
    (void)snprintf(code, sizeof(code), "MULTILINE_INVALID_TARGET %s %.*s",
                   client->multiline->target, STR_ARG(word));
    refuse(relay, client, code, "All lines have the batch's target");
}

bool relay_multiline_take(struct relay *relay, struct relay_client *client,
                          const struct irc_message *message)
{
    const struct irc_tag *tag = irc_message_tag(message, "batch");
    struct relay_multiline *multiline = client->multiline;
    if (!tag || !(client->caps & IRC_CAP_MULTILINE)) {
        return false;
    }
    bool is_notice = irc_message_is(message, "NOTICE");
    bool is_message = is_notice || irc_message_is(message, "PRIVMSG");
    bool is_mine = multiline && str_eq(tag->value, str_from(multiline->reference));
    if (is_mine && multiline->is_refused) {
        return true;
    }
    if (!is_mine || !is_message || message->param_count == 0) {
        refuse_whole(relay, client, "This belongs to no open batch");
    } else if (!str_eq_nocase(message->params[0], str_from(multiline->target))) {
        refuse_target(relay, client, message->params[0]);
    } else if (multiline->lines > 0 && multiline->is_notice != is_notice) {
        refuse_whole(relay, client, "All lines have the same command");
    } else {
        multiline->is_notice = is_notice;
        add_line(relay, client, multiline, message);
    }
    return true;
}

bool relay_multiline_has(const struct relay_client *client, const struct irc_message *message)
{
    const struct irc_tag *tag = client->multiline ? irc_message_tag(message, "batch") : NULL;
    return tag && !client->multiline->is_refused &&
           str_eq(tag->value, str_from(client->multiline->reference));
}

void relay_multiline_timer(struct relay *relay, struct relay_client *client)
{
    struct relay_multiline *multiline = client->multiline;
    if (!multiline || multiline->is_refused) {
        return;
    }
    if (relay->now_ms < multiline->opened_ms + OPEN_MS) {
        relay_client_at(relay, client, multiline->opened_ms + OPEN_MS);
        return;
    }
    char code[REFERENCE_MAX + 16];
    (void)snprintf(code, sizeof(code), "TIMEOUT %s", multiline->reference);
    refuse(relay, client, code, "The batch was left open for too long");
}

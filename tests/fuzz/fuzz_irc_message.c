// Any bytes as a line of IRC: parsed, written again, parsed again: the fields stay the same.
#include <stddef.h>
#include <stdint.h>

#include "check.h"
#include "irc_format.h"
#include "irc_message.h"
#include "irc_names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(struct buf *out, const struct irc_message *m)
{
    struct irc_writer w;
    char command[64];
    irc_write_begin(&w, out);
    for (size_t i = 0; i < m->tag_count; i++) {
        irc_write_tag_raw(&w, m->tags[i].key, m->tags[i].value);
    }
    irc_write_source(&w, m->source_raw);
    (void)str_copy(command, sizeof(command), m->command);
    irc_write_command(&w, command);
    for (size_t i = 0; i < m->param_count; i++) {
        if (i + 1 == m->param_count) {
            irc_write_trailing(&w, m->params[i]);
        } else {
            irc_write_param(&w, m->params[i]);
        }
    }
    check(irc_write_end(&w));
}

static void compare(const struct irc_message *a, const struct irc_message *b)
{
    check(str_eq(a->command, b->command));
    check(str_eq(a->source_raw, b->source_raw));
    check(a->tag_count == b->tag_count);
    check(a->param_count == b->param_count);
    for (size_t i = 0; i < a->param_count; i++) {
        check(str_eq(a->params[i], b->params[i]));
    }
}

static void walk_text(struct str text)
{
    struct buf plain;
    struct irc_format_run runs[8];
    buf_init(&plain, BUF_NO_LIMIT);
    size_t count = irc_format_parse(text, &plain, runs, 8);
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += runs[i].len;
    }
    check(total == plain.len);
    char nick[IRC_NICK_MAX + 1];
    irc_nick_from_text(text, nick);
    check(irc_nick_is_valid(str_from(nick)));
    buf_deinit(&plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct irc_message first;
    struct irc_message second;
    struct str line = {(const char *)data, size};
    for (size_t i = 0; i < size; i++) {
        if (data[i] == '\r' || data[i] == '\n' || data[i] == '\0') {
            line.len = i; // framing ends a line here
            break;
        }
    }
    walk_text(line);
    if (!irc_message_parse(&first, line) || first.command.len > 60) {
        return 0;
    }
    struct buf out;
    buf_init(&out, BUF_NO_LIMIT);
    write_again(&out, &first);
    check(irc_message_parse(&second, str_range(buf_str(&out), 0, out.len - 2)));
    compare(&first, &second);
    buf_deinit(&out);
    return 0;
}

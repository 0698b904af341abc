// Parses and writes lines of IRC.
#include "irc_message.h"

#include <string.h>

static void parse_tags(struct irc_message *out)
{
    struct str rest = out->tags_raw;
    struct str part;
    while (str_next(&rest, ';', &part)) {
        if (part.len == 0) {
            continue;
        }
        if (out->tag_count == IRC_TAG_COUNT_MAX) {
            out->has_more_tags = true;
            return;
        }
        size_t at = part.len;
        bool has_value = str_find_char(part, '=', &at);
        if (at == 0) {
            continue; // a value without a key
        }
        struct str value = has_value ? str_range(part, at + 1, part.len) : (struct str){0};
        out->tags[out->tag_count++] = (struct irc_tag){str_range(part, 0, at), value};
    }
}

static struct str skip_spaces(struct str s)
{
    size_t at = 0;
    while (at < s.len && s.data[at] == ' ') {
        at++;
    }
    return str_range(s, at, s.len);
}

// The word up to the next space, taken off the front with the spaces behind it.
static struct str take_word(struct str *rest)
{
    size_t at = rest->len;
    (void)str_find_char(*rest, ' ', &at); // without a space the word is all there is
    struct str word = str_range(*rest, 0, at);
    *rest = skip_spaces(str_range(*rest, at, rest->len));
    return word;
}

static bool is_command_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_command(struct str word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (!is_command_char(word.data[i])) {
            return false;
        }
    }
    return word.len > 0;
}

bool irc_message_parse(struct irc_message *out, struct str line)
{
    // The arrays behind the counts stay as they are: clearing 2 KB a line would cost more than parsing.
    out->tags_raw = (struct str){0};
    out->tag_count = 0;
    out->has_more_tags = false;
    out->source_raw = (struct str){0};
    out->source = (struct irc_source){0};
    out->param_count = 0;
    struct str rest = skip_spaces(line);
    if (rest.len > 0 && rest.data[0] == '@') {
        struct str word = take_word(&rest);
        out->tags_raw = str_range(word, 1, word.len);
        parse_tags(out);
    }
    if (rest.len > 0 && rest.data[0] == ':') {
        struct str word = take_word(&rest);
        out->source_raw = str_range(word, 1, word.len);
        out->source = irc_source_parse(out->source_raw);
    }
    out->command = take_word(&rest);
    while (rest.len > 0) {
        bool is_last = rest.data[0] == ':' || out->param_count == IRC_PARAMS_MAX - 1;
        if (is_last) {
            out->params[out->param_count++] =
                str_range(rest, rest.data[0] == ':' ? 1 : 0, rest.len);
            break;
        }
        out->params[out->param_count++] = take_word(&rest);
    }
    return is_command(out->command);
}

struct str irc_message_param(const struct irc_message *message, size_t idx)
{
    return idx < message->param_count ? message->params[idx] : (struct str){0};
}

const struct irc_tag *irc_message_tag(const struct irc_message *message, const char *key)
{
    struct str wanted = str_from(key);
    for (size_t i = message->tag_count; i > 0; i--) {
        if (str_eq(message->tags[i - 1].key, wanted)) {
            return &message->tags[i - 1];
        }
    }
    return NULL;
}

bool irc_message_is(const struct irc_message *message, const char *command)
{
    return str_eq_nocase(message->command, str_from(command));
}

int irc_message_numeric(const struct irc_message *message)
{
    int64_t value = 0;
    if (message->command.len != 3 || !str_to_int_in(message->command, 0, 999, &value)) {
        return 0;
    }
    return (int)value;
}

struct irc_source irc_source_parse(struct str raw)
{
    struct irc_source source = {.nick = raw};
    size_t at = 0;
    if (str_find_char(raw, '@', &at)) {
        source.host = str_range(raw, at + 1, raw.len);
        source.nick = str_range(raw, 0, at);
    }
    if (str_find_char(source.nick, '!', &at)) {
        source.user = str_range(source.nick, at + 1, source.nick.len);
        source.nick = str_range(source.nick, 0, at);
    }
    return source;
}

bool irc_tag_unescape(struct buf *out, struct str value)
{
    bool fits = true;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.data[i];
        if (c == '\\') {
            if (++i == value.len) {
                break; // a lone backslash at the end is dropped
            }
            switch (value.data[i]) {
            case ':':
                c = ';';
                break;
            case 's':
                c = ' ';
                break;
            case 'r':
                c = '\r';
                break;
            case 'n':
                c = '\n';
                break;
            default:
                c = value.data[i];
                break;
            }
        }
        fits = buf_append_char(out, c) && fits;
    }
    return fits;
}

bool irc_tag_escape(struct buf *out, struct str value)
{
    static const char special[] = "; \\\r\n";
    static const char *const escaped[] = {"\\:", "\\s", "\\\\", "\\r", "\\n"};
    bool fits = true;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.data[i];
        const char *hit = c ? strchr(special, c) : NULL;
        if (hit) {
            fits = buf_append(out, str_from(escaped[hit - special])) && fits;
        } else if (c) {
            fits = buf_append_char(out, c) && fits;
        }
    }
    return fits;
}

void irc_write_begin(struct irc_writer *writer, struct buf *out)
{
    *writer = (struct irc_writer){.out = out, .from = out->len};
}

static void put(struct irc_writer *writer, struct str bytes)
{
    writer->overflow = !buf_append(writer->out, bytes) || writer->overflow;
}

// Bytes of a param or source: what would end the line early is dropped.
static void put_clean(struct irc_writer *writer, struct str bytes)
{
    size_t from = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        char c = bytes.data[i];
        if (c == '\r' || c == '\n' || c == '\0') {
            put(writer, str_range(bytes, from, i));
            from = i + 1;
        }
    }
    put(writer, str_range(bytes, from, bytes.len));
}

static void begin_tag(struct irc_writer *writer, struct str key)
{
    put(writer, writer->has_tags ? STR(";") : STR("@"));
    writer->has_tags = true;
    put_clean(writer, key);
}

void irc_write_tag(struct irc_writer *writer, struct str key, struct str value)
{
    begin_tag(writer, key);
    if (value.len) {
        put(writer, STR("="));
        writer->overflow = !irc_tag_escape(writer->out, value) || writer->overflow;
    }
}

void irc_write_tag_raw(struct irc_writer *writer, struct str key, struct str escaped)
{
    begin_tag(writer, key);
    if (escaped.len) {
        put(writer, STR("="));
        put_clean(writer, escaped);
    }
}

static void end_tags(struct irc_writer *writer)
{
    if (writer->has_tags) {
        put(writer, STR(" "));
        writer->has_tags = false;
    }
}

void irc_write_source(struct irc_writer *writer, struct str source)
{
    end_tags(writer);
    if (source.len) {
        put(writer, STR(":"));
        put_clean(writer, source);
        put(writer, STR(" "));
    }
}

void irc_write_command(struct irc_writer *writer, const char *command)
{
    end_tags(writer);
    put(writer, str_from(command));
}

void irc_write_param(struct irc_writer *writer, struct str param)
{
    put(writer, STR(" "));
    put_clean(writer, param);
}

void irc_write_trailing(struct irc_writer *writer, struct str param)
{
    put(writer, STR(" :"));
    put_clean(writer, param);
}

bool irc_write_end(struct irc_writer *writer)
{
    put(writer, STR("\r\n"));
    if (writer->overflow) {
        buf_truncate(writer->out, writer->from);
    }
    return !writer->overflow;
}

// Lines kept per buffer: a ring that drops the oldest, each line in one allocation.
#include <stdarg.h>
#include <string.h>

#include "chat_internal.h"
#include "irc_format.h"
#include "mem.h"
#include "utf8.h"

struct line *chat_line_at(const struct ring *ring, size_t idx)
{
    return ring->items[(ring->first + idx) % ring->size];
}

static void grow(struct ring *ring)
{
    size_t size = ring->size ? ring->size * 2 : 64;
    size = size < CHAT_LINES_MAX ? size : CHAT_LINES_MAX;
    struct line **items = mem_alloc_array(size, sizeof(struct line *));
    for (size_t i = 0; i < ring->count; i++) {
        items[i] = chat_line_at(ring, i);
    }
    mem_free(ring->items);
    ring->items = items;
    ring->first = 0;
    ring->size = size;
}

static void push(struct ring *ring, struct line *line)
{
    if (ring->count == CHAT_LINES_MAX) {
        mem_free(ring->items[ring->first]);
        ring->first = (ring->first + 1) % ring->size;
        ring->count--;
    }
    if (ring->count == ring->size) {
        grow(ring);
    }
    ring->items[(ring->first + ring->count++) % ring->size] = line;
}

void chat_free_lines(struct ring *ring)
{
    for (size_t i = 0; i < ring->count; i++) {
        mem_free(chat_line_at(ring, i));
    }
    mem_free(ring->items);
    *ring = (struct ring){0};
}

// Ids rise, so the place is found by halving.
bool chat_find_line(const struct ring *ring, uint64_t id, size_t *idx)
{
    size_t low = 0;
    size_t high = ring->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (chat_line_at(ring, middle)->id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *idx = low;
    return low < ring->count && chat_line_at(ring, low)->id == id;
}

static bool is_word_char(struct str text, size_t at)
{
    if (at >= text.len) {
        return false;
    }
    unsigned char c = (unsigned char)text.data[at];
    return c >= 0x80 || c == '_' || c == '-' || (c >= '0' && c <= '9') ||
           (char_lower((char)c) >= 'a' && char_lower((char)c) <= 'z');
}

// The nick as a whole word, whatever its case.
static bool mentions(struct str text, struct str nick)
{
    for (size_t at = 0; nick.len && at + nick.len <= text.len; at++) {
        if (str_eq_nocase(str_range(text, at, at + nick.len), nick) &&
            (at == 0 || !is_word_char(text, at - 1)) && !is_word_char(text, at + nick.len)) {
            return true;
        }
    }
    return false;
}

// Formatting becomes runs; what else could spoil a layout is cleaned away.
static size_t clean(struct buf *plain, struct str raw, struct chat_format *formats)
{
    struct irc_format_run runs[CHAT_FORMAT_RUNS_MAX];
    struct buf safe;
    buf_init(&safe, BUF_NO_LIMIT);
    (void)utf8_clean(&safe, str_range(raw, 0, utf8_cut(raw, CHAT_TEXT_MAX)),
                     UTF8_KEEP_FORMAT); // no ceiling
    size_t count = irc_format_parse(buf_str(&safe), plain, runs, CHAT_FORMAT_RUNS_MAX);
    bool has_any = false;
    for (size_t i = 0; i < count; i++) {
        formats[i] = (struct chat_format){runs[i].len, runs[i].flags, runs[i].foreground,
                                          runs[i].background};
        has_any = has_any || runs[i].flags || runs[i].foreground != IRC_COLOR_NONE ||
                  runs[i].background != IRC_COLOR_NONE;
    }
    buf_deinit(&safe);
    return has_any ? count : 0;
}

static struct line *make_line(struct chat *chat, const struct chat_draft *draft)
{
    struct chat_format formats[CHAT_FORMAT_RUNS_MAX];
    struct buf plain;
    buf_init(&plain, BUF_NO_LIMIT);
    size_t count = clean(&plain, draft->text, formats);
    struct str nick = str_range(draft->nick, 0, utf8_cut(draft->nick, 128));
    size_t format_bytes = count * sizeof(formats[0]);
    struct line *line = mem_alloc(sizeof(*line) + format_bytes + nick.len + plain.len + 8);
    line->id = ++chat->last_line_id;
    line->time_utc_ms = draft->time_utc_ms ? draft->time_utc_ms : chat->now_utc_ms;
    line->nick_len = (uint32_t)nick.len;
    line->text_len = (uint32_t)plain.len;
    line->format_count = (uint16_t)count;
    line->kind = (uint8_t)draft->kind;
    line->state = (uint8_t)draft->state;
    line->is_own = draft->is_own;
    memcpy(line->bytes, formats, format_bytes);
    if (nick.len) {
        memcpy(line->bytes + format_bytes, nick.data, nick.len);
    }
    memcpy(line->bytes + format_bytes + nick.len, buf_str(&plain).data, plain.len);
    buf_deinit(&plain);
    return line;
}

static struct str text_of(const struct line *line)
{
    size_t from = line->format_count * sizeof(struct chat_format) + line->nick_len;
    return (struct str){line->bytes + from, line->text_len};
}

uint64_t chat_add(struct chat *chat, struct buffer *buffer, const struct chat_draft *draft)
{
    struct line *line = make_line(chat, draft);
    bool is_talk = draft->kind <= CHAT_LINE_NOTICE && !draft->is_own;
    line->is_mention = is_talk && (buffer->kind == CHAT_BUFFER_QUERY ||
                                   mentions(text_of(line), str_from(buffer->network->nick)));
    buffer->unread += is_talk || draft->kind == CHAT_LINE_ERROR ? 1 : 0;
    buffer->mentions += line->is_mention ? 1 : 0;
    push(&buffer->lines, line);
    chat_emit(chat, (struct chat_event){.type = CHAT_EVENT_LINE,
                                        .network = buffer->network->id,
                                        .buffer = buffer->id,
                                        .line = line->id,
                                        .is_mention = line->is_mention});
    return line->id;
}

void chat_info(struct chat *chat, struct buffer *buffer, enum chat_line_kind kind,
               const char *format, ...)
{
    struct buf text;
    va_list args;
    if (!buffer) {
        return;
    }
    buf_init(&text, BUF_NO_LIMIT);
    va_start(args, format);
    (void)buf_vprintf(&text, format, args); // no ceiling
    va_end(args);
    struct chat_draft draft = {.kind = kind, .text = buf_str(&text)};
    (void)chat_add(chat, buffer, &draft); // its id is of no use here
    buf_deinit(&text);
}

void chat_set_line(struct chat *chat, struct buffer *buffer, struct line *line,
                   enum chat_send_state state)
{
    line->state = (uint8_t)state;
    chat_emit(chat, (struct chat_event){.type = CHAT_EVENT_CHANGED,
                                        .network = buffer->network->id,
                                        .buffer = buffer->id,
                                        .line = line->id});
}

size_t chat_line_count(const struct chat *chat, chat_buffer_id id)
{
    const struct buffer *buffer = chat_buffer(chat, id);
    return buffer ? buffer->lines.count : 0;
}

bool chat_line(const struct chat *chat, chat_buffer_id id, size_t idx, struct chat_line *out)
{
    const struct buffer *buffer = chat_buffer(chat, id);
    if (!buffer || idx >= buffer->lines.count) {
        return false;
    }
    const struct line *line = chat_line_at(&buffer->lines, idx);
    size_t format_bytes = line->format_count * sizeof(struct chat_format);
    *out = (struct chat_line){
        .id = line->id,
        .time_utc_ms = line->time_utc_ms,
        .kind = (enum chat_line_kind)line->kind,
        .state = (enum chat_send_state)line->state,
        .is_own = line->is_own,
        .is_mention = line->is_mention,
        .nick = {line->bytes + format_bytes, line->nick_len},
        .text = text_of(line),
        .formats = (const struct chat_format *)(const void *)line->bytes,
        .format_count = line->format_count,
    };
    return true;
}

bool chat_line_by_id(const struct chat *chat, chat_buffer_id id, uint64_t line_id,
                     struct chat_line *out, size_t *idx)
{
    const struct buffer *buffer = chat_buffer(chat, id);
    size_t at = 0;
    if (!buffer || !chat_find_line(&buffer->lines, line_id, &at)) {
        return false;
    }
    if (idx) {
        *idx = at;
    }
    return chat_line(chat, id, at, out);
}

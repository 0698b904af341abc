// WebSocket frames in and out.
#include "net_ws.h"

#include <openssl/evp.h>
#include <string.h>

#include "buf.h"
#include "check.h"
#include "i18n.h"
#include "mem.h"
#include "net_stream_internal.h"
#include "utf8.h"

#define READ_CHUNK   ((size_t)4096)
#define READ_MAX     ((size_t)64 * 1024)  // of the wire in one call: pings cannot keep us in it
#define TAKE_MAX     ((size_t)16 * 1024)  // of what is written in one call
#define PENDING_MAX  ((size_t)256 * 1024) // TAKE_MAX as frames of one byte, repaired, and answers
#define PONG_MAX     ((size_t)4096)       // more of these wait: a ping may go unanswered
#define HEAD_MAX     14
#define CONTROL_MAX  125
#define UPGRADE_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" // RFC 6455, 1.3

enum opcode { OP_MORE = 0, OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

enum code {
    CODE_NORMAL = 1000,
    CODE_PROTOCOL = 1002,
    CODE_KIND = 1003,
    CODE_UTF8 = 1007,
    CODE_LARGE = 1009
};

struct net_ws {
    bool is_binary;     // frames we send
    bool is_agreed;     // the client named a subprotocol: what it sends is of that kind too
    struct buf in;      // of the wire, no whole frame when may_parse is false
    struct buf message; // fragments that came
    struct buf ready;   // lines for the owner
    struct buf line;    // the owner's unfinished one
    bool may_parse;
    bool is_open;      // message has a beginning
    bool is_open_text; // which is text
    bool is_over;      // nothing is read or written any more
};

struct frame {
    bool is_final;
    unsigned opcode;
    size_t head; // bytes before the payload
    size_t len;  // of the payload
};

// --- out ---

static void append_frame(struct buf *out, unsigned opcode, struct str payload)
{
    char head[10] = {(char)(0x80 | opcode), (char)payload.len};
    size_t extra = payload.len <= CONTROL_MAX ? 0 : payload.len <= 0xFFFF ? 2 : 8;
    if (extra) {
        head[1] = extra == 2 ? 126 : 127;
        for (size_t i = 0; i < extra; i++) {
            head[2 + i] = (char)(payload.len >> (8 * (extra - 1 - i)) & 0xFF);
        }
    }
    (void)buf_append(out, (struct str){head, 2 + extra}); // only we fill it
    (void)buf_append(out, payload);
}

static void send_control(struct net_stream *stream, unsigned opcode, struct str payload)
{
    struct buf frame;
    buf_init(&frame, BUF_NO_LIMIT);
    append_frame(&frame, opcode, payload);
    (void)net_filter_send(stream, buf_str(&frame)); // a broken link shows with the next read
    buf_deinit(&frame);
}

static void send_close(struct net_stream *stream, unsigned code, const char *words)
{
    char payload[CONTROL_MAX + 1];
    payload[0] = (char)(code >> 8);
    payload[1] = (char)(code & 255);
    (void)str_copy(payload + 2, sizeof(payload) - 2, str_from(words)); // may be cut
    send_control(stream, OP_CLOSE, (struct str){payload, 2 + strlen(payload + 2)});
    stream->ws->is_over = true;
}

// Browsers cut the link over one bad byte in a text frame.
static void append_repaired(struct buf *out, struct str text)
{
    for (size_t at = 0; at < text.len;) {
        char bytes[4];
        size_t len = 0;
        uint32_t code_point = utf8_decode(text, at, &len);
        size_t count = utf8_encode(code_point, bytes);
        (void)buf_append(out, (struct str){bytes, count}); // only we fill it
        at += len;
    }
}

static void append_line(struct net_ws *ws, struct buf *out, struct str line)
{
    if (line.len && line.data[line.len - 1] == '\r') {
        line.len--;
    }
    if (ws->is_binary || utf8_is_valid(line)) {
        if (line.len) {
            append_frame(out, ws->is_binary ? OP_BINARY : OP_TEXT, line);
        }
        return;
    }
    struct buf repaired;
    buf_init(&repaired, BUF_NO_LIMIT);
    append_repaired(&repaired, line);
    append_frame(out, OP_TEXT, buf_str(&repaired));
    buf_deinit(&repaired);
}

static void append_lines(struct net_ws *ws, struct buf *out, struct str bytes)
{
    size_t end = 0;
    while (str_find_char(bytes, '\n', &end)) {
        struct str piece = str_range(bytes, 0, end);
        if (ws->line.len) {
            (void)buf_append(&ws->line, piece); // its ceiling was looked at
            append_line(ws, out, buf_str(&ws->line));
            buf_clear(&ws->line);
        } else {
            append_line(ws, out, piece);
        }
        bytes = str_range(bytes, end + 1, bytes.len);
    }
    (void)buf_append(&ws->line, bytes); // its ceiling was looked at
    if (ws->line.len > NET_WS_MESSAGE_MAX) {
        append_line(ws, out, buf_str(&ws->line)); // no line of ours is that long: cut it
        buf_clear(&ws->line);
    }
    if (ws->line.len == 0) {
        buf_deinit(&ws->line);
    }
}

static enum net_result ws_write(struct net_stream *stream, const void *data, size_t len,
                                size_t *done)
{
    struct net_ws *ws = stream->ws;
    while (*done < len) {
        enum net_result result = ws->is_over ? NET_CLOSED : net_filter_flush(stream);
        if (result != NET_OK) {
            return *done ? NET_OK : result;
        }
        struct str bytes = {(const char *)data + *done, len - *done};
        struct buf frames;
        buf_init(&frames, BUF_NO_LIMIT);
        append_lines(ws, &frames, str_range(bytes, 0, TAKE_MAX));
        (void)net_filter_send(stream, buf_str(&frames)); // shows with the next call
        buf_deinit(&frames);
        *done += bytes.len < TAKE_MAX ? bytes.len : TAKE_MAX;
    }
    return NET_OK;
}

// --- in ---

static bool fail(struct net_stream *stream, unsigned code, const char *words)
{
    send_close(stream, code, words);
    net_stream_set_reason(stream, words);
    return false;
}

static uint64_t big_endian(const unsigned char *at, size_t count)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        value = value << 8 | at[i];
    }
    return value;
}

static bool is_known(unsigned opcode)
{
    return opcode <= OP_BINARY || (opcode >= OP_CLOSE && opcode <= OP_PONG);
}

// Reads what stands at the front; false: it breaks the protocol. head 0: there is too little.
static bool read_head(struct net_stream *stream, struct frame *frame)
{
    struct str in = buf_str(&stream->ws->in);
    const unsigned char *at = (const unsigned char *)in.data;
    *frame = (struct frame){0};
    if (in.len < 2) {
        return true;
    }
    bool is_control = (at[0] & 0x08) != 0;
    size_t len = at[1] & 0x7F;
    frame->is_final = (at[0] & 0x80) != 0;
    frame->opcode = at[0] & 0x0F;
    if ((at[0] & 0x70) || !is_known(frame->opcode)) {
        return fail(stream, CODE_PROTOCOL, "Unknown kind of WebSocket frame");
    }
    if (!(at[1] & 0x80)) {
        return fail(stream, CODE_PROTOCOL, "WebSocket frames of a client must be masked");
    }
    if (is_control && (len > CONTROL_MAX || !frame->is_final)) {
        return fail(stream, CODE_PROTOCOL, "WebSocket control frame too long or in pieces");
    }
    size_t extra = len == 127 ? 8 : len == 126 ? 2 : 0;
    if (in.len < 2 + extra) {
        return true;
    }
    uint64_t real = extra ? big_endian(at + 2, extra) : len;
    if ((extra == 2 && real < 126) || (extra == 8 && real < 65536)) {
        return fail(stream, CODE_PROTOCOL, "WebSocket length in more bytes than it needs");
    }
    if (real > NET_WS_MESSAGE_MAX) {
        return fail(stream, CODE_LARGE, "WebSocket frame too large");
    }
    frame->len = (size_t)real;
    frame->head = 2 + extra + 4;
    return true;
}

static bool take_message(struct net_stream *stream, struct str text, bool is_text)
{
    struct net_ws *ws = stream->ws;
    if (is_text && !utf8_is_valid(text)) {
        return fail(stream, CODE_UTF8, "WebSocket text is not valid UTF-8");
    }
    while (text.len && (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r')) {
        text.len--;
    }
    (void)buf_append(&ws->ready, text); // empty before, and as large as a message
    (void)buf_append(&ws->ready, STR("\r\n"));
    return true;
}

static bool take_data(struct net_stream *stream, const struct frame *frame, struct str payload)
{
    struct net_ws *ws = stream->ws;
    if (ws->is_open != (frame->opcode == OP_MORE)) {
        return fail(stream, CODE_PROTOCOL, "WebSocket fragments out of order");
    }
    if (!ws->is_open && ws->is_agreed && ws->is_binary == (frame->opcode == OP_TEXT)) {
        return fail(stream, CODE_KIND, "WebSocket message of another kind than was agreed on");
    }
    if (frame->is_final && !ws->is_open) {
        return take_message(stream, payload, frame->opcode == OP_TEXT);
    }
    if (!ws->is_open) {
        ws->is_open = true;
        ws->is_open_text = frame->opcode == OP_TEXT;
    }
    if (!buf_append(&ws->message, payload)) {
        return fail(stream, CODE_LARGE, "WebSocket message too large");
    }
    bool is_good = true;
    if (frame->is_final) {
        is_good = take_message(stream, buf_str(&ws->message), ws->is_open_text);
        buf_deinit(&ws->message);
        ws->is_open = false;
    }
    return is_good;
}

static bool is_close_code(uint64_t code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= 3000 && code <= 4999);
}

static bool take_close(struct net_stream *stream, struct str payload)
{
    uint64_t code =
        payload.len >= 2 ? big_endian((const unsigned char *)payload.data, 2) : CODE_NORMAL;
    if (payload.len == 1 || !is_close_code(code)) {
        return fail(stream, CODE_PROTOCOL, "WebSocket closed with an unknown code");
    }
    if (!utf8_is_valid(str_range(payload, 2, payload.len))) {
        return fail(stream, CODE_UTF8, "WebSocket text is not valid UTF-8");
    }
    send_control(stream, OP_CLOSE, str_range(payload, 0, 2));
    stream->ws->is_over = true;
    net_stream_set_reason(stream, _("Connection closed"));
    return false;
}

static bool take_frame(struct net_stream *stream, const struct frame *frame, struct str payload)
{
    switch (frame->opcode) {
    case OP_CLOSE:
        return take_close(stream, payload);
    case OP_PING:
        if (stream->pending.len < PONG_MAX) {
            send_control(stream, OP_PONG, payload);
        }
        return true;
    case OP_PONG:
        return true;
    default:
        return take_data(stream, frame, payload);
    }
}

// One frame of what came; false: none is whole, or the stream is over.
static bool parse(struct net_stream *stream)
{
    struct net_ws *ws = stream->ws;
    struct frame frame;
    ws->may_parse = false;
    if (!read_head(stream, &frame) || frame.head == 0 || ws->in.len < frame.head + frame.len) {
        return false;
    }
    char *head = ws->in.data + ws->in.start; // unmasked in place
    char *payload = head + frame.head;
    for (size_t i = 0; i < frame.len; i++) {
        payload[i] = (char)(payload[i] ^ payload[-4 + (ptrdiff_t)(i % 4)]);
    }
    bool is_good = take_frame(stream, &frame, (struct str){payload, frame.len});
    buf_consume(&ws->in, frame.head + frame.len);
    ws->may_parse = is_good && ws->in.len > 0;
    if (ws->in.len == 0) {
        buf_deinit(&ws->in);
    }
    return is_good;
}

static enum net_result fill(struct net_stream *stream, size_t *left)
{
    struct net_ws *ws = stream->ws;
    size_t got = 0;
    char bytes[READ_CHUNK];
    if (*left == 0) {
        return NET_AGAIN;
    }
    enum net_result result = net_stream_read(stream->under, bytes, sizeof(bytes), &got);
    if (result == NET_CLOSED) {
        ws->is_over = true;
        net_stream_set_reason(stream, net_stream_reason(stream->under));
    } else if (result == NET_OK) {
        check(buf_append(&ws->in, (struct str){bytes, got})); // less than a frame was there
        *left -= got < *left ? got : *left;
    }
    return result;
}

static bool give(struct net_ws *ws, void *data, size_t size, size_t *got)
{
    *got = ws->ready.len < size ? ws->ready.len : size;
    if (*got == 0) {
        return false;
    }
    memcpy(data, buf_str(&ws->ready).data, *got);
    buf_consume(&ws->ready, *got);
    if (ws->ready.len == 0) {
        buf_deinit(&ws->ready);
    }
    return true;
}

static enum net_result ws_read(struct net_stream *stream, void *data, size_t size, size_t *got)
{
    struct net_ws *ws = stream->ws;
    size_t left = READ_MAX;
    enum net_result result = NET_OK;
    if (stream->pending.len) {
        (void)net_filter_flush(stream); // a broken link is seen below
    }
    while (result == NET_OK && !give(ws, data, size, got)) {
        if (ws->is_over || stream->is_broken) {
            return net_filter_broken(stream); // a reason that is there stays
        }
        if (!parse(stream) && !ws->is_over) {
            result = fill(stream, &left);
        }
    }
    if (ws->ready.len || ws->may_parse) {
        net_loop_hold(stream);
    }
    return result;
}

static bool ws_has_bytes(const struct net_stream *stream)
{
    const struct net_ws *ws = stream->ws;
    const struct net_stream *under = stream->under;
    return ws->ready.len || ws->may_parse || stream->is_broken ||
           (under->kind->has_bytes && under->kind->has_bytes(under));
}

static bool ws_has_room(const struct net_stream *stream)
{
    return stream->ws->is_over || net_filter_has_room(stream);
}

static void ws_close(struct net_stream *stream)
{
    struct net_ws *ws = stream->ws;
    stream->loop = NULL;
    if (!ws->is_over && !stream->is_broken) {
        send_close(stream, CODE_NORMAL, "");
    }
    buf_deinit(&ws->in);
    buf_deinit(&ws->message);
    buf_deinit(&ws->ready);
    buf_deinit(&ws->line);
    mem_free(ws);
    net_filter_close(stream);
}

static const struct net_stream_kind ws_kind = {ws_read,     ws_write, ws_has_bytes,
                                               ws_has_room, NULL,     ws_close};

// --- the upgrade ---

static const char *choose_protocol(const char *offered)
{
    static const char *const known[] = {"text.ircv3.net", "binary.ircv3.net"};
    struct str rest = str_from(offered);
    struct str name;
    while (str_next(&rest, ',', &name)) {
        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
            if (str_eq(str_trim(name), str_from(known[i]))) {
                return known[i];
            }
        }
    }
    return NULL;
}

static void answer(struct net_stream *stream, struct str key, const char *protocol)
{
    struct buf text;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned char accept[32]; // 20 bytes in base64 and a NUL
    buf_init(&text, BUF_NO_LIMIT);
    (void)buf_printf(&text, "%.*s%s", STR_ARG(key), UPGRADE_GUID); // no ceiling
    check(EVP_Digest(buf_str(&text).data, text.len, digest, NULL, EVP_sha1(), NULL) == 1);
    (void)EVP_EncodeBlock(accept, digest, 20);
    buf_clear(&text);
    (void)buf_printf(&text,
                     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%s%s%s\r\n",
                     (const char *)accept, protocol ? "Sec-WebSocket-Protocol: " : "",
                     protocol ? protocol : "", protocol ? "\r\n" : "");
    (void)net_filter_send(stream, buf_str(&text)); // a broken link shows when it is read
    buf_deinit(&text);
}

struct net_stream *net_ws_accept(struct net_stream *under, const struct net_http *request,
                                 struct str first_bytes)
{
    const char *protocol = choose_protocol(request->protocols);
    struct net_stream *stream = net_filter_create(&ws_kind, under, PENDING_MAX);
    struct net_ws *ws = MEM_NEW(struct net_ws);
    stream->ws = ws;
    ws->is_agreed = protocol != NULL;
    ws->is_binary = protocol && str_starts(str_from(protocol), STR("binary"));
    buf_init(&ws->in, HEAD_MAX + NET_WS_MESSAGE_MAX + READ_CHUNK + first_bytes.len);
    buf_init(&ws->message, NET_WS_MESSAGE_MAX);
    buf_init(&ws->ready, NET_WS_MESSAGE_MAX + 2);
    buf_init(&ws->line, NET_WS_MESSAGE_MAX + TAKE_MAX);
    (void)buf_append(&ws->in, first_bytes); // within the ceiling
    ws->may_parse = ws->in.len > 0;
    answer(stream, request->key, protocol);
    return stream;
}

// Pipes in memory: two streams that talk to each other without a system call.
#include <string.h>

#include "buf.h"
#include "i18n.h"
#include "mem.h"
#include "net_stream_internal.h"
#include "str.h"

struct net_pipe {
    struct buf bytes[2]; // bytes[i] is what end i will read
    bool is_open[2];
};

static enum net_result pipe_read(struct net_stream *stream, void *data, size_t size, size_t *got)
{
    struct net_pipe *pipe = stream->pipe;
    struct buf *in = &pipe->bytes[stream->end];
    if (in->len == 0) {
        if (pipe->is_open[1 - stream->end]) {
            return NET_AGAIN;
        }
        net_stream_set_reason(stream, _("Connection closed"));
        return NET_CLOSED;
    }
    size_t count = in->len < size ? in->len : size;
    memcpy(data, buf_str(in).data, count);
    buf_consume(in, count);
    *got = count;
    return NET_OK;
}

static enum net_result pipe_write(struct net_stream *stream, const void *data, size_t len,
                                  size_t *done)
{
    struct net_pipe *pipe = stream->pipe;
    struct buf *out = &pipe->bytes[1 - stream->end];
    if (!pipe->is_open[1 - stream->end]) {
        net_stream_set_reason(stream, _("Connection reset"));
        return NET_CLOSED;
    }
    size_t room = buf_room(out);
    size_t count = len < room ? len : room;
    if (count == 0) {
        return NET_AGAIN;
    }
    (void)buf_append(out, (struct str){data, count}); // the room was measured above
    *done = count;
    return NET_OK;
}

static bool pipe_has_bytes(const struct net_stream *stream)
{
    const struct net_pipe *pipe = stream->pipe;
    return pipe->bytes[stream->end].len > 0 || !pipe->is_open[1 - stream->end];
}

static bool pipe_has_room(const struct net_stream *stream)
{
    const struct net_pipe *pipe = stream->pipe;
    return buf_room(&pipe->bytes[1 - stream->end]) > 0 || !pipe->is_open[1 - stream->end];
}

static void pipe_close(struct net_stream *stream)
{
    struct net_pipe *pipe = stream->pipe;
    pipe->is_open[stream->end] = false;
    if (!pipe->is_open[1 - stream->end]) {
        buf_deinit(&pipe->bytes[0]);
        buf_deinit(&pipe->bytes[1]);
        mem_free(pipe);
    }
}

static const struct net_stream_kind pipe_kind = {pipe_read,     pipe_write, pipe_has_bytes,
                                                 pipe_has_room, NULL,       pipe_close};

void net_pipe_create(struct net_stream *ends[2], size_t capacity)
{
    struct net_pipe *pipe = MEM_NEW(struct net_pipe);
    for (int end = 0; end < 2; end++) {
        struct net_stream *stream = MEM_NEW(struct net_stream);
        stream->kind = &pipe_kind;
        stream->pipe = pipe;
        stream->end = end;
        (void)str_copy(stream->host, sizeof(stream->host), STR("pipe"));
        buf_init(&pipe->bytes[end], capacity);
        pipe->is_open[end] = true;
        ends[end] = stream;
    }
}

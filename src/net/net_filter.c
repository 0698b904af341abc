// Streams over a stream: what TLS and WebSocket share. What they have once taken is theirs to pass
// on, so that a record that is encrypted, or a frame that is built, never depends on what its owner
// offers next.
#include <string.h>

#include "i18n.h"
#include "mem.h"
#include "net_stream_internal.h"

struct net_stream *net_filter_create(const struct net_stream_kind *kind, struct net_stream *under,
                                     size_t pending_max)
{
    struct net_stream *stream = MEM_NEW(struct net_stream);
    stream->kind = kind;
    stream->under = under;
    stream->socket = under->socket;
    stream->port = under->port;
    memcpy(stream->host, under->host, sizeof(stream->host));
    buf_init(&stream->pending, pending_max);
    under->over = stream;
    return stream;
}

static enum net_result broken(struct net_stream *stream)
{
    stream->is_broken = true; // why is asked when its reader learns of it
    buf_deinit(&stream->pending);
    return NET_CLOSED;
}

// As much of the bytes as goes; *done counts them.
static enum net_result write_through(struct net_stream *stream, struct str bytes, size_t *done)
{
    while (*done < bytes.len) {
        size_t count = 0;
        enum net_result result =
            net_stream_write(stream->under, bytes.data + *done, bytes.len - *done, &count);
        *done += count;
        if (result != NET_OK) {
            return result == NET_CLOSED ? broken(stream) : result;
        }
    }
    return NET_OK;
}

enum net_result net_filter_flush(struct net_stream *stream)
{
    if (!stream->under) {
        return NET_OK;
    }
    (void)net_filter_flush(stream->under); // what it still keeps shows when it is written to
    if (stream->is_broken) {
        return NET_CLOSED;
    }
    size_t done = 0;
    enum net_result result = write_through(stream, buf_str(&stream->pending), &done);
    if (result == NET_OK) {
        buf_deinit(&stream->pending); // an idle stream costs nothing
    } else if (result == NET_AGAIN) {
        buf_consume(&stream->pending, done);
    }
    return result;
}

bool net_filter_send(struct net_stream *stream, struct str bytes)
{
    size_t done = 0;
    if (net_filter_flush(stream) == NET_OK) {
        (void)write_through(stream, bytes, &done); // what did not go is kept below
    }
    if (!stream->is_broken && done < bytes.len) {
        if (!buf_append(&stream->pending, str_range(bytes, done, bytes.len))) {
            stream->is_broken = true;
            net_stream_set_reason(stream, _("Does not read what it is sent"));
        }
        net_loop_hold(stream);
    }
    return !stream->is_broken;
}

enum net_result net_filter_broken(struct net_stream *stream)
{
    const char *below = net_stream_reason(stream->under);
    net_stream_set_reason(stream, below[0] ? below : _("Connection closed"));
    return NET_CLOSED;
}

bool net_filter_has_room(const struct net_stream *stream)
{
    return stream->is_broken || stream->under->kind->has_room(stream->under);
}

void net_filter_close(struct net_stream *stream)
{
    stream->loop = NULL; // it may be gone already
    stream->under->over = NULL;
    if (!stream->leaves_under) {
        net_stream_destroy(stream->under);
    }
    buf_deinit(&stream->pending);
}

// The socket-set loop.
#include "net_loop.h"

#include <SDL_net.h>
#include <stdatomic.h>
#include <string.h>

#include "map.h"
#include "mem.h"
#include "net_internal.h"
#include "net_os.h"
#include "net_stream_internal.h"

#define WRITE_TICK_MS 5
#define NOT_READY     SIZE_MAX

struct entry {
    void *owner;
    struct net_stream *stream;   // or NULL
    SDLNet_GenericSocket socket; // NULL for a pipe
    bool wants_read;
    bool wants_write;
    bool is_in_set;
    bool is_watched;  // waits for room in its socket, and room_socket says when
    bool is_writable; // found by the last wait
    bool holds_bytes; // found by the last wait: in the stream itself, not in its socket
    bool is_held;     // stands in held
    size_t at;        // in entries
    size_t ready_at;  // in ready, or NOT_READY
};

struct net_loop {
    SDLNet_SocketSet set;
    UDPsocket wake_socket; // connected to itself
    int wake_fd;
    UDPsocket room_socket;  // with net_os_room_watch() behind it; NULL: room is asked for on a tick
    atomic_bool is_woken;   // a poke is on its way
    struct entry **entries; // owned; NET_LOOP_MAX places
    size_t count;
    struct map by_owner;
    struct entry **ready; // of the last wait; NULL where removed since
    size_t ready_count;
    size_t ready_next;
    struct entry **held; // streams that said net_loop_hold(): only these are asked
    size_t held_count;
    size_t writer_count; // entries that want to write
    size_t watched_count;
    size_t pipe_count;
};

// Without one everything works, with more wake-ups.
static UDPsocket open_room_socket(void)
{
    int watch = net_os_room_watch();
    UDPsocket socket = watch >= 0 ? SDLNet_UDP_Open(0) : NULL;
    if (!socket && watch >= 0) {
        net_os_close(watch);
    }
    if (socket && !net_os_adopt(watch, socket, NULL)) {
        SDLNet_UDP_Close(socket);
        return NULL;
    }
    return socket;
}

struct net_loop *net_loop_create(struct err *err)
{
    struct net_loop *loop = MEM_NEW(struct net_loop);
    loop->set = SDLNet_AllocSocketSet(NET_LOOP_MAX + 2);
    loop->wake_socket = loop->set ? SDLNet_UDP_Open(0) : NULL;
    loop->entries = mem_alloc_array(NET_LOOP_MAX, sizeof(struct entry *));
    loop->ready = mem_alloc_array(NET_LOOP_MAX, sizeof(struct entry *));
    loop->held = mem_alloc_array(NET_LOOP_MAX, sizeof(struct entry *));
    map_init(&loop->by_owner, 0);
    if (!loop->wake_socket) {
        (void)err_set(err, "%s", SDLNet_GetError());
        net_loop_destroy(loop);
        return NULL;
    }
    loop->wake_fd = net_os_fd(loop->wake_socket);
    if (!net_os_udp_self(loop->wake_fd, err)) {
        net_loop_destroy(loop);
        return NULL;
    }
    (void)SDLNet_UDP_AddSocket(loop->set, loop->wake_socket); // the set has two places more
    loop->room_socket = open_room_socket();
    if (loop->room_socket) {
        (void)SDLNet_UDP_AddSocket(loop->set, loop->room_socket);
    }
    return loop;
}

void net_loop_destroy(struct net_loop *loop)
{
    if (!loop) {
        return;
    }
    for (size_t i = 0; i < loop->count; i++) {
        mem_free(loop->entries[i]);
    }
    if (loop->wake_socket) {
        (void)SDLNet_UDP_DelSocket(loop->set, loop->wake_socket); // was added at create
        SDLNet_UDP_Close(loop->wake_socket);
    }
    if (loop->room_socket) {
        (void)SDLNet_UDP_DelSocket(loop->set, loop->room_socket); // was added at create
        SDLNet_UDP_Close(loop->room_socket);
    }
    if (loop->set) {
        SDLNet_FreeSocketSet(loop->set);
    }
    map_deinit(&loop->by_owner);
    mem_free(loop->entries);
    mem_free(loop->ready);
    mem_free(loop->held);
    mem_free(loop);
}

static struct str key_of(void *const *owner)
{
    return (struct str){(const char *)owner, sizeof(*owner)};
}

static struct entry *find(const struct net_loop *loop, void *owner)
{
    return map_get(&loop->by_owner, key_of(&owner));
}

static void set_membership(struct net_loop *loop, struct entry *entry)
{
    bool wanted = entry->wants_read && entry->socket;
    if (wanted != entry->is_in_set) {
        if (wanted) {
            (void)SDLNet_AddSocket(loop->set, entry->socket); // the set is as large as the loop
        } else {
            (void)SDLNet_DelSocket(loop->set, entry->socket); // it is in the set
        }
        entry->is_in_set = wanted;
    }
}

static bool add(struct net_loop *loop, struct net_stream *stream, SDLNet_GenericSocket socket,
                void *owner)
{
    if (loop->count == NET_LOOP_MAX || find(loop, owner)) {
        return false;
    }
    struct entry *entry = MEM_NEW(struct entry);
    *entry = (struct entry){.owner = owner,
                            .stream = stream,
                            .socket = socket,
                            .wants_read = true,
                            .at = loop->count,
                            .ready_at = NOT_READY};
    loop->entries[loop->count++] = entry;
    loop->pipe_count += socket ? 0 : 1;
    map_put(&loop->by_owner, key_of(&owner), entry);
    set_membership(loop, entry);
    if (stream) {
        stream->loop = loop;
        stream->entry = entry;
        net_loop_hold(stream); // it may have been read before
    }
    return true;
}

void net_loop_hold(struct net_stream *stream)
{
    while (stream->over) {
        stream = stream->over;
    }
    struct entry *entry = stream->entry;
    if (stream->loop && !entry->is_held && stream->under) {
        entry->is_held = true;
        stream->loop->held[stream->loop->held_count++] = entry;
    }
}

static void release(struct net_loop *loop, const struct entry *entry)
{
    for (size_t i = 0; entry->is_held && i < loop->held_count; i++) {
        if (loop->held[i] == entry) {
            loop->held[i] = loop->held[--loop->held_count];
            return;
        }
    }
}

bool net_loop_add(struct net_loop *loop, struct net_stream *stream, void *owner)
{
    return add(loop, stream, (SDLNet_GenericSocket)stream->socket, owner);
}

bool net_loop_add_listener(struct net_loop *loop, struct net_listener *listener, void *owner)
{
    return add(loop, NULL, (SDLNet_GenericSocket)net_listener_socket(listener), owner);
}

bool net_loop_add_beacon(struct net_loop *loop, struct net_beacon *beacon, void *owner)
{
    return add(loop, NULL, (SDLNet_GenericSocket)net_beacon_socket(beacon), owner);
}

void net_loop_replace(struct net_loop *loop, void *owner, struct net_stream *stream)
{
    struct entry *entry = find(loop, owner);
    if (entry && entry->stream) {
        entry->stream->loop = NULL;
        entry->stream = stream;
        stream->loop = loop;
        stream->entry = entry;
        net_loop_hold(stream);
    }
}

static void watch_room(struct net_loop *loop, struct entry *entry, bool is_watched)
{
    if (entry->is_watched != is_watched &&
        net_os_room_set(net_os_fd(loop->room_socket), net_os_fd(entry->socket), is_watched)) {
        entry->is_watched = is_watched;
        loop->watched_count += is_watched ? 1 : (size_t)-1;
    }
}

void net_loop_remove(struct net_loop *loop, void *owner)
{
    struct entry *entry = map_remove(&loop->by_owner, key_of(&owner));
    if (!entry) {
        return;
    }
    entry->wants_read = false;
    set_membership(loop, entry);
    watch_room(loop, entry, false);
    release(loop, entry);
    if (entry->stream) {
        entry->stream->loop = NULL;
    }
    loop->writer_count -= entry->wants_write ? 1 : 0;
    loop->pipe_count -= entry->socket ? 0 : 1;
    if (entry->ready_at != NOT_READY) {
        loop->ready[entry->ready_at] = NULL;
    }
    struct entry *last = loop->entries[--loop->count];
    loop->entries[entry->at] = last;
    last->at = entry->at;
    mem_free(entry);
}

void net_loop_want_write(struct net_loop *loop, void *owner, bool wants_write)
{
    struct entry *entry = find(loop, owner);
    if (entry && entry->wants_write != wants_write) {
        entry->wants_write = wants_write;
        loop->writer_count += wants_write ? 1 : (size_t)-1;
    }
}

void net_loop_want_read(struct net_loop *loop, void *owner, bool wants_read)
{
    struct entry *entry = find(loop, owner);
    if (entry) {
        entry->wants_read = wants_read;
        set_membership(loop, entry);
    }
}

static bool is_pipe_ready(const struct entry *entry)
{
    return !entry->socket && entry->wants_read && entry->stream->kind->has_bytes(entry->stream);
}

// Asks the streams that hold something; drops those that hold nothing any more. True when one has
// bytes to read.
static bool look_at_held(struct net_loop *loop)
{
    bool has_any = false;
    for (size_t i = loop->held_count; i > 0; i--) {
        struct entry *entry = loop->held[i - 1];
        (void)net_filter_flush(entry->stream); // a broken link shows when it is read
        bool has_bytes = entry->stream->kind->has_bytes(entry->stream);
        entry->holds_bytes = has_bytes && entry->wants_read;
        has_any = has_any || entry->holds_bytes;
        if (!has_bytes && !net_stream_has_pending(entry->stream)) {
            entry->is_held = false;
            loop->held[i - 1] = loop->held[--loop->held_count];
        }
    }
    return has_any;
}

// Looks at what no socket set knows: pipes with bytes and streams that could write.
static bool look_aside(struct net_loop *loop)
{
    bool has_any = false;
    if (loop->pipe_count == 0 && loop->writer_count == 0) {
        return false;
    }
    for (size_t i = 0; i < loop->count; i++) {
        struct entry *entry = loop->entries[i];
        entry->is_writable = entry->wants_write && entry->stream->kind->has_room(entry->stream);
        has_any = has_any || entry->is_writable || is_pipe_ready(entry);
    }
    return has_any;
}

// Whether its socket is full, and that is what it waits for: a handshake waits for the peer instead.
static bool is_blocked(const struct entry *entry)
{
    bool waits = entry->socket && entry->stream &&
                 ((entry->wants_write && !entry->is_writable) ||
                  (entry->is_held && net_stream_has_pending(entry->stream)));
    return waits && !net_os_is_writable(net_os_fd(entry->socket));
}

// Has those watched that wait for room. True: one of them must be asked again on a tick.
static bool watch_blocked(struct net_loop *loop)
{
    bool needs_tick = false;
    if (loop->writer_count + loop->held_count + loop->watched_count == 0) {
        return false;
    }
    for (size_t i = 0; i < loop->count; i++) {
        struct entry *entry = loop->entries[i];
        bool is_waiting = is_blocked(entry);
        if (loop->room_socket) {
            watch_room(loop, entry, is_waiting);
        }
        needs_tick = needs_tick || (is_waiting && !entry->is_watched);
    }
    return needs_tick;
}

static void drain_wake(struct net_loop *loop)
{
    if (SDLNet_SocketReady(loop->wake_socket)) {
        Uint8 bytes[8];
        UDPpacket packet = {.data = bytes, .maxlen = sizeof(bytes)};
        // First the bytes, then the flag: the other way round the byte of a wake in between would
        // go with the rest and leave a flag that says a poke is on its way for ever. A wake
        // before the flag falls sends none, but what it is about is there before the turn looks.
        while (SDLNet_UDP_Recv(loop->wake_socket, &packet) > 0) {
        }
        atomic_store(&loop->is_woken, false);
    }
}

static bool is_ready(const struct entry *entry)
{
    return (entry->is_in_set && SDLNet_SocketReady(entry->socket)) || is_pipe_ready(entry) ||
           (entry->holds_bytes && entry->wants_read);
}

static void collect(struct net_loop *loop)
{
    loop->ready_count = 0;
    loop->ready_next = 0;
    for (size_t i = 0; i < loop->count; i++) {
        struct entry *entry = loop->entries[i];
        bool is_readable = is_ready(entry);
        entry->is_writable = entry->is_writable && entry->wants_write;
        entry->ready_at = NOT_READY;
        if (is_readable || entry->is_writable) {
            entry->ready_at = loop->ready_count;
            loop->ready[loop->ready_count++] = entry;
        }
    }
}

void net_loop_wait(struct net_loop *loop, int timeout_ms)
{
    bool has_held = look_at_held(loop);
    bool has_any = look_aside(loop) || has_held;
    bool needs_tick = watch_blocked(loop);
    if (has_any) {
        timeout_ms = 0;
    } else if (needs_tick && timeout_ms > WRITE_TICK_MS) {
        timeout_ms = WRITE_TICK_MS;
    }
    int active = SDLNet_CheckSockets(loop->set, timeout_ms < 0 ? 0 : (Uint32)timeout_ms);
    if (active > 0) {
        drain_wake(loop);
    }
    (void)look_aside(loop); // what became possible while asleep
    collect(loop);
}

bool net_loop_next(struct net_loop *loop, struct net_ready *out)
{
    while (loop->ready_next < loop->ready_count) {
        struct entry *entry = loop->ready[loop->ready_next++];
        if (entry) {
            entry->ready_at = NOT_READY;
            *out = (struct net_ready){entry->owner, is_ready(entry), entry->is_writable};
            return true;
        }
    }
    return false;
}

void net_loop_wake(struct net_loop *loop)
{
    if (!atomic_exchange(&loop->is_woken, true)) {
        net_os_udp_poke(loop->wake_fd);
    }
}

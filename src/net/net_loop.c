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
    bool is_writable; // found by the last wait
    size_t at;        // in entries
    size_t ready_at;  // in ready, or NOT_READY
};

struct net_loop {
    SDLNet_SocketSet set;
    UDPsocket wake_socket; // connected to itself
    int wake_fd;
    atomic_bool is_woken;   // a poke is on its way
    struct entry **entries; // owned; NET_LOOP_MAX places
    size_t count;
    struct map by_owner;
    struct entry **ready; // of the last wait; NULL where removed since
    size_t ready_count;
    size_t ready_next;
    size_t writer_count; // entries that want to write
    size_t pipe_count;
};

struct net_loop *net_loop_create(struct err *err)
{
    struct net_loop *loop = MEM_NEW(struct net_loop);
    loop->set = SDLNet_AllocSocketSet(NET_LOOP_MAX + 1);
    loop->wake_socket = loop->set ? SDLNet_UDP_Open(0) : NULL;
    loop->entries = mem_alloc_array(NET_LOOP_MAX, sizeof(struct entry *));
    loop->ready = mem_alloc_array(NET_LOOP_MAX, sizeof(struct entry *));
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
    (void)SDLNet_UDP_AddSocket(loop->set, loop->wake_socket); // the set has one place more
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
    if (loop->set) {
        SDLNet_FreeSocketSet(loop->set);
    }
    map_deinit(&loop->by_owner);
    mem_free(loop->entries);
    mem_free(loop->ready);
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
    return true;
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

void net_loop_remove(struct net_loop *loop, void *owner)
{
    struct entry *entry = map_remove(&loop->by_owner, key_of(&owner));
    if (!entry) {
        return;
    }
    entry->wants_read = false;
    set_membership(loop, entry);
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

static void drain_wake(struct net_loop *loop)
{
    if (SDLNet_SocketReady(loop->wake_socket)) {
        Uint8 bytes[8];
        UDPpacket packet = {.data = bytes, .maxlen = sizeof(bytes)};
        // First the flag, then the bytes: a wake in between pokes again.
        atomic_store(&loop->is_woken, false);
        while (SDLNet_UDP_Recv(loop->wake_socket, &packet) > 0) {
        }
    }
}

static void collect(struct net_loop *loop)
{
    loop->ready_count = 0;
    loop->ready_next = 0;
    for (size_t i = 0; i < loop->count; i++) {
        struct entry *entry = loop->entries[i];
        bool is_readable =
            entry->is_in_set ? SDLNet_SocketReady(entry->socket) != 0 : is_pipe_ready(entry);
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
    if (look_aside(loop)) {
        timeout_ms = 0;
    } else if (loop->writer_count > 0 && timeout_ms > WRITE_TICK_MS) {
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
            bool is_readable =
                entry->is_in_set ? SDLNet_SocketReady(entry->socket) != 0 : is_pipe_ready(entry);
            *out = (struct net_ready){entry->owner, is_readable, entry->is_writable};
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

// The receive thread of one network.
#include "app_link.h"

#include <SDL.h>
#include <stdatomic.h>
#include <string.h>

#include "app_lookup.h"
#include "i18n.h"
#include "mem.h"
#include "net_connect.h"
#include "net_lines.h"
#include "net_loop.h"
#include "net_stream.h"

#define LINE_MAX_BYTES ((size_t)16 * 1024)
#define POSTED_MAX     ((size_t)8 * 1024 * 1024) // beyond it the thread stops reading
#define QUEUED_MAX     ((size_t)4 * 1024 * 1024) // what main may queue
#define CONNECT_MS     10000
#define GOODBYE_MS     500

// One batch is a run of records: type byte, 4 bytes of length, bytes.
#define RECORD_HEAD 5

struct app_link {
    struct net_addr addr;
    app_wake wake; // any thread
    void *context;
    SDL_Thread *thread;
    struct net_loop *loop; // owned; main only wakes it
    atomic_bool is_cancelled;
    atomic_bool is_over;

    SDL_mutex *lock; // guards the next three
    struct buf posted;
    struct buf queued;
    bool is_paused; // stopped reading because main is behind

    struct buf taken; // main's: the batch being read

    // The thread's own:
    struct net_stream *stream;
    struct net_lines lines;
    struct buf out;
};

static void put_record(struct buf *buf, enum app_link_event_type type, struct str text)
{
    uint32_t len = (uint32_t)text.len;
    char head[RECORD_HEAD] = {(char)type};
    memcpy(head + 1, &len, sizeof(len));
    (void)buf_append(buf, (struct str){head, sizeof(head)}); // the buffer has no ceiling
    (void)buf_append(buf, text);
}

static void post(struct app_link *link, enum app_link_event_type type, struct str text)
{
    SDL_LockMutex(link->lock);
    put_record(&link->posted, type, text);
    SDL_UnlockMutex(link->lock);
    link->wake(link->context);
}

// Posts all complete lines as one batch; true when main is too far behind to read more.
static bool post_lines(struct app_link *link)
{
    struct str line;
    bool has_any = false;
    SDL_LockMutex(link->lock);
    while (net_lines_next(&link->lines, &line)) {
        if (line.len) {
            put_record(&link->posted, APP_LINK_LINE, line);
            has_any = true;
        }
    }
    link->is_paused = link->posted.len > POSTED_MAX;
    bool is_paused = link->is_paused;
    SDL_UnlockMutex(link->lock);
    if (has_any) {
        link->wake(link->context);
    }
    return is_paused;
}

// false: the stream is closed; err says why.
static bool read_all(struct app_link *link, struct err *err)
{
    char bytes[16 * 1024];
    for (int turn = 0; turn < 64; turn++) { // then let writes have their turn
        size_t got = 0;
        enum net_result result = net_stream_read(link->stream, bytes, sizeof(bytes), &got);
        if (result == NET_AGAIN) {
            break;
        }
        if (result == NET_CLOSED) {
            (void)post_lines(link); // what came before the end counts
            return err_set(err, "%s", net_stream_reason(link->stream));
        }
        if (!net_lines_feed(&link->lines, (struct str){bytes, got})) {
            return err_set(err, "%s", _("The other side does not speak IRC."));
        }
        if (post_lines(link)) {
            break;
        }
    }
    return true;
}

static bool write_all(struct app_link *link, struct err *err)
{
    SDL_LockMutex(link->lock);
    (void)buf_append(&link->out, buf_str(&link->queued)); // no ceiling; main's queue has one
    buf_clear(&link->queued);
    SDL_UnlockMutex(link->lock);
    while (link->out.len > 0) {
        struct str rest = buf_str(&link->out);
        size_t done = 0;
        enum net_result result = net_stream_write(link->stream, rest.data, rest.len, &done);
        if (result == NET_CLOSED) {
            return err_set(err, "%s", net_stream_reason(link->stream));
        }
        buf_consume(&link->out, done);
        if (result == NET_AGAIN) {
            break;
        }
    }
    net_loop_want_write(link->loop, link, link->out.len > 0);
    return true;
}

static bool is_paused(struct app_link *link)
{
    SDL_LockMutex(link->lock);
    bool paused = link->is_paused;
    SDL_UnlockMutex(link->lock);
    return paused;
}

static bool talk(struct app_link *link, struct err *err)
{
    struct net_ready ready;
    uint64_t goodbye_until = 0;
    for (;;) {
        bool is_leaving = atomic_load(&link->is_cancelled);
        uint64_t now = SDL_GetTicks64();
        if (is_leaving && goodbye_until == 0) {
            goodbye_until = now + GOODBYE_MS;
        }
        if (!write_all(link, err)) {
            return false;
        }
        if (is_leaving && (link->out.len == 0 || now >= goodbye_until)) {
            return err_set(err, "%s", _("You left."));
        }
        net_loop_want_read(link->loop, link, !is_paused(link));
        net_loop_wait(link->loop, is_leaving ? 20 : 60000);
        while (net_loop_next(link->loop, &ready)) {
            if (ready.is_readable && !read_all(link, err)) {
                return false;
            }
        }
    }
}

static bool run(struct app_link *link, struct err *err)
{
    struct net_endpoint endpoint;
    if (!app_lookup(&endpoint, &link->addr, &link->is_cancelled, err)) {
        return false;
    }
    link->stream = net_connect(&endpoint, CONNECT_MS, &link->is_cancelled, err);
    if (!link->stream) {
        return false;
    }
    if (!net_loop_add(link->loop, link->stream, link)) {
        return err_set(err, "%s", _("Too many connections are open."));
    }
    post(link, APP_LINK_CONNECTED, (struct str){0});
    return talk(link, err);
}

static int link_thread(void *context)
{
    struct app_link *link = context;
    struct err err = {0};
    (void)run(link, &err); // it always ends with a reason
    if (link->stream) {
        net_loop_remove(link->loop, link);
        net_stream_destroy(link->stream);
        link->stream = NULL;
    }
    post(link, APP_LINK_CLOSED, str_from(err.text));
    atomic_store(&link->is_over, true);
    link->wake(link->context);
    return 0;
}

struct app_link *app_link_start(const struct net_addr *addr, app_wake wake, void *context,
                                struct err *err)
{
    struct app_link *link = MEM_NEW(struct app_link);
    link->addr = *addr;
    link->wake = wake;
    link->context = context;
    buf_init(&link->posted, BUF_NO_LIMIT);
    buf_init(&link->queued, QUEUED_MAX);
    buf_init(&link->taken, BUF_NO_LIMIT);
    buf_init(&link->out, BUF_NO_LIMIT);
    net_lines_init(&link->lines, LINE_MAX_BYTES);
    link->lock = SDL_CreateMutex();
    link->loop = net_loop_create(err);
    if (link->loop) {
        link->thread = SDL_CreateThread(link_thread, "receive", link);
    }
    if (!link->thread) {
        (void)err_set(err, "%s", _("The receive thread could not start."));
        app_link_destroy(link);
        return NULL;
    }
    return link;
}

void app_link_destroy(struct app_link *link)
{
    if (!link) {
        return;
    }
    if (link->thread) {
        app_link_close(link);
        SDL_WaitThread(link->thread, NULL);
    }
    net_loop_destroy(link->loop);
    net_lines_deinit(&link->lines);
    buf_deinit(&link->posted);
    buf_deinit(&link->queued);
    buf_deinit(&link->taken);
    buf_deinit(&link->out);
    SDL_DestroyMutex(link->lock);
    mem_free(link);
}

void app_link_send(struct app_link *link, struct str bytes)
{
    SDL_LockMutex(link->lock);
    // Over the ceiling the link has been dead for long; the reconnection resends what matters.
    (void)buf_append(&link->queued, bytes);
    SDL_UnlockMutex(link->lock);
    net_loop_wake(link->loop);
}

void app_link_close(struct app_link *link)
{
    atomic_store(&link->is_cancelled, true);
    net_loop_wake(link->loop);
}

bool app_link_is_over(const struct app_link *link)
{
    return atomic_load(&link->is_over);
}

// Swaps the posted batch in; wakes the thread when it had stopped reading.
static void take_batch(struct app_link *link)
{
    SDL_LockMutex(link->lock);
    struct buf empty = link->taken;
    link->taken = link->posted;
    link->posted = empty;
    buf_clear(&link->posted);
    bool was_paused = link->is_paused;
    link->is_paused = false;
    SDL_UnlockMutex(link->lock);
    if (was_paused) {
        net_loop_wake(link->loop);
    }
}

bool app_link_next(struct app_link *link, struct app_link_event *out)
{
    if (link->taken.len == 0) {
        take_batch(link);
        if (link->taken.len == 0) {
            return false;
        }
    }
    struct str batch = buf_str(&link->taken);
    uint32_t len = 0;
    memcpy(&len, batch.data + 1, sizeof(len));
    out->type = (enum app_link_event_type)batch.data[0];
    out->text = str_range(batch, RECORD_HEAD, RECORD_HEAD + len);
    buf_consume(&link->taken, RECORD_HEAD + len); // keeps the bytes until the next change
    return true;
}

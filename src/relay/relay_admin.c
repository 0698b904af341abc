// The admin address: HTTP/1.1, one request a connection, GET or HEAD /metrics.
#include "relay_admin.h"

#include "i18n.h"
#include "mem.h"
#include "relay_parts.h"

#define LOG_MODULE "admin"
#include "log.h"

#define ASKERS_MAX  4
#define REQUEST_MAX 4096
#define PATIENCE_MS 5000

struct asker {
    enum relay_owner owner;    // first: tells what the loop returned
    struct net_stream *stream; // owned; NULL: a free place
    struct buf in;
    struct buf out;
    bool is_answered;
    bool is_ending; // all is written; what it still says is thrown away
    int64_t until_ms;
};

struct relay_admin {
    enum relay_owner owner;        // first: tells what the loop returned
    struct net_listener *listener; // owned
    struct asker askers[ASKERS_MAX];
};

bool relay_admin_listen(struct relay *relay, const struct net_addr *addr, struct err *err)
{
    struct net_listener *listener = relay->admin ? NULL : net_listener_create(addr, err);
    if (!listener) {
        return false;
    }
    struct relay_admin *admin = MEM_NEW(struct relay_admin);
    *admin = (struct relay_admin){RELAY_OWNER_ADMIN_LISTENER, listener, {{0}}};
    if (!net_loop_add_listener(relay->loop, listener, admin)) {
        net_listener_destroy(listener);
        mem_free(admin);
        return err_set(err, "%s", _("Too many connections are open."));
    }
    relay->admin = admin;
    return true;
}

const char *relay_admin_address(const struct relay *relay)
{
    return relay->admin ? net_listener_name(relay->admin->listener) : "";
}

static void close_asker(struct relay *relay, struct asker *asker)
{
    net_loop_remove(relay->loop, asker);
    net_stream_destroy(asker->stream);
    buf_deinit(&asker->in);
    buf_deinit(&asker->out);
    asker->stream = NULL;
}

void relay_admin_destroy(struct relay *relay)
{
    struct relay_admin *admin = relay->admin;
    if (!admin) {
        return;
    }
    for (size_t i = 0; i < ASKERS_MAX; i++) {
        if (admin->askers[i].stream) {
            close_asker(relay, &admin->askers[i]);
        }
    }
    net_loop_remove(relay->loop, admin);
    net_listener_destroy(admin->listener);
    mem_free(admin);
    relay->admin = NULL;
}

// The place that was free, or that of the one who has been asking longest.
static struct asker *take_place(struct relay *relay)
{
    struct asker *found = &relay->admin->askers[0];
    for (size_t i = 0; i < ASKERS_MAX; i++) {
        struct asker *asker = &relay->admin->askers[i];
        if (!asker->stream) {
            return asker;
        }
        found = asker->until_ms < found->until_ms ? asker : found;
    }
    close_asker(relay, found);
    return found;
}

// On the spare descriptor; without one all wait.
static void refuse_one(struct relay *relay)
{
    struct net_stream *stream = net_listener_accept_spare(relay->admin->listener);
    if (!stream) {
        relay_rest(relay);
    }
    net_stream_destroy(stream);
    (void)net_listener_rearm(relay->admin->listener); // tried again with the next one
}

static void accept_all(struct relay *relay)
{
    struct net_stream *stream = NULL;
    for (int turn = 0; turn < ASKERS_MAX; turn++) {
        enum net_accept result = net_listener_accept(relay->admin->listener, &stream);
        if (result == NET_ACCEPT_NO_ROOM) {
            refuse_one(relay);
        }
        if (result != NET_ACCEPT_OK) {
            return;
        }
        relay->has_told_rest = false;
        struct asker *asker = take_place(relay);
        *asker = (struct asker){
            .owner = RELAY_OWNER_ADMIN, .stream = stream, .until_ms = relay->now_ms + PATIENCE_MS};
        buf_init(&asker->in, REQUEST_MAX);
        buf_init(&asker->out, BUF_NO_LIMIT);
        if (!net_loop_add(relay->loop, stream, asker)) {
            close_asker(relay, asker);
        }
    }
}

static void answer(struct asker *asker, const char *status, struct str type, struct str body,
                   bool has_body)
{
    (void)buf_printf(&asker->out,
                     "HTTP/1.1 %s\r\nContent-Type: %.*s\r\nContent-Length: %zu\r\n"
                     "Cache-Control: no-store\r\nConnection: close\r\n%s\r\n%.*s",
                     status, STR_ARG(type), body.len,
                     str_starts(str_from(status), STR("405")) ? "Allow: GET, HEAD\r\n" : "",
                     has_body ? (int)body.len : 0, body.data);
    asker->is_answered = true;
}

static void answer_error(struct asker *asker, const char *status)
{
    answer(asker, status, STR("text/plain; charset=utf-8"),
           STR("Numbers of this relay are at /metrics.\n"), true);
}

static void answer_request(struct relay *relay, struct asker *asker, struct str line)
{
    struct str method = {0};
    struct str path = {0};
    size_t query = 0;
    (void)str_next(&line, ' ', &method); // missing parts stay empty
    (void)str_next(&line, ' ', &path);
    if (str_find_char(path, '?', &query)) {
        path = str_range(path, 0, query);
    }
    if (!str_starts(line, STR("HTTP/1.")) || path.len == 0) {
        answer_error(asker, "400 Bad Request");
    } else if (!str_eq(path, STR("/metrics"))) {
        answer_error(asker, "404 Not Found");
    } else if (!str_eq(method, STR("GET")) && !str_eq(method, STR("HEAD"))) {
        answer_error(asker, "405 Method Not Allowed");
    } else {
        struct buf body;
        buf_init(&body, BUF_NO_LIMIT);
        relay_admin_text(relay, &body);
        answer(asker, "200 OK", STR("text/plain; version=0.0.4; charset=utf-8"), buf_str(&body),
               str_eq(method, STR("GET")));
        buf_deinit(&body);
    }
}

static void hear(struct relay *relay, struct asker *asker)
{
    struct str bytes = buf_str(&asker->in);
    struct str line;
    size_t end = 0;
    if (str_find(bytes, STR("\r\n\r\n"), &end) || str_find(bytes, STR("\n\n"), &end)) {
        (void)str_next(&bytes, '\n', &line); // there is at least one
        answer_request(relay, asker, line);
    } else if (buf_room(&asker->in) == 0) {
        answer_error(asker, "431 Request Header Fields Too Large");
    }
}

// false: the link is gone.
static bool read_some(struct asker *asker)
{
    char bytes[1024];
    size_t got = 0;
    for (int turn = 0; turn < REQUEST_MAX / (int)sizeof(bytes); turn++) {
        enum net_result result = net_stream_read(asker->stream, bytes, sizeof(bytes), &got);
        if (result != NET_OK) {
            return result == NET_AGAIN;
        }
        size_t room = buf_room(&asker->in);
        (void)buf_append(&asker->in, (struct str){bytes, got < room ? got : room}); // it fits
    }
    return true;
}

// false: everything is said, or the link is gone.
static bool write_some(struct asker *asker)
{
    while (asker->out.len > 0) {
        struct str rest = buf_str(&asker->out);
        size_t done = 0;
        enum net_result result = net_stream_write(asker->stream, rest.data, rest.len, &done);
        if (result != NET_OK) {
            return result == NET_AGAIN;
        }
        buf_consume(&asker->out, done);
    }
    return !asker->is_answered;
}

// A request with a body that nobody read would take the answer along.
static void end_asker(struct relay *relay, struct asker *asker)
{
    if (!net_stream_can_end(asker->stream)) {
        close_asker(relay, asker);
        return;
    }
    net_loop_remove(relay->loop, asker);
    asker->stream = net_stream_end(asker->stream);
    asker->is_ending = true;
    (void)net_loop_add(relay->loop, asker->stream, asker); // its place was given back
}

void relay_admin_handle(struct relay *relay, const struct net_ready *ready)
{
    if (ready->owner == relay->admin) {
        accept_all(relay);
        return;
    }
    struct asker *asker = ready->owner;
    bool is_open = !ready->is_readable || read_some(asker);
    if (is_open && !asker->is_answered) {
        hear(relay, asker);
    }
    if (!is_open) {
        close_asker(relay, asker);
        return;
    }
    if (asker->is_ending) {
        return; // until the peer ends it too, or its time is over
    }
    if (!write_some(asker)) {
        end_asker(relay, asker);
        return;
    }
    net_loop_want_write(relay->loop, asker, asker->out.len > 0);
    net_loop_want_read(relay->loop, asker, !asker->is_answered);
}

void relay_admin_turn(struct relay *relay)
{
    for (size_t i = 0; relay->admin && i < ASKERS_MAX; i++) {
        struct asker *asker = &relay->admin->askers[i];
        if (asker->stream && relay->now_ms >= asker->until_ms) {
            close_asker(relay, asker);
        }
    }
}

void relay_admin_rest(struct relay *relay, bool is_resting)
{
    if (relay->admin) {
        net_loop_want_read(relay->loop, relay->admin, !is_resting);
    }
}

int64_t relay_admin_due_ms(const struct relay *relay)
{
    int64_t due = INT64_MAX;
    for (size_t i = 0; relay->admin && i < ASKERS_MAX; i++) {
        const struct asker *asker = &relay->admin->askers[i];
        due = asker->stream && asker->until_ms < due ? asker->until_ms : due;
    }
    return due;
}

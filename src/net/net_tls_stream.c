// TLS as a stream over another stream.
//
// OpenSSL reads and writes through a BIO of our own. What it writes is always taken (the filter
// keeps what has no room under it), so it never waits for room: it only ever wants to read.
#include <limits.h>
#include <openssl/err.h>
#include <string.h>

#include "buf.h"
#include "check.h"
#include "i18n.h"
#include "mem.h"
#include "net_os.h"
#include "net_stream_internal.h"
#include "net_tls_internal.h"

#define RECORD_MAX  16384
#define PENDING_MAX ((size_t)64 * 1024) // a record, a handshake with its chain, alerts
#define READ_MAX    ((size_t)64 * 1024) // of the wire in one call: a peer cannot keep us in it
#define CROWD       64                  // handshakes at once that leave a heap full of holes

struct net_tls_link {
    SSL *ssl;                           // owned
    struct net_tls *tls;                // borrowed, server side; or NULL
    BIO_METHOD *method;                 // owned, client side; or NULL
    struct buf first;                   // what was read before the handshake began
    size_t read_left;                   // of READ_MAX
    uint64_t sent;                      // bytes, to see a handshake move
    bool is_counted;                    // in tls->shaking
    bool may_hold;                      // the last read gave something: more may lie in OpenSSL
    bool is_cut;                        // the stream under it ended
    bool is_over;                       // nothing is read any more
    bool has_failed;                    // OpenSSL forbids further calls
    bool expects_key;                   // client side
    char expected[NET_TLS_FINGERPRINT]; // the fingerprint it must have
};

static const struct net_tls_link *find_link(const struct net_stream *stream)
{
    while (stream && !stream->tls) {
        stream = stream->under;
    }
    return stream ? stream->tls : NULL;
}

// --- the BIO ---

static int bio_read(BIO *bio, char *data, int size)
{
    struct net_stream *stream = BIO_get_data(bio);
    struct net_tls_link *link = stream->tls;
    size_t wanted = size > 0 ? (size_t)size : 0;
    size_t got = 0;
    BIO_clear_retry_flags(bio);
    if (link->first.len) {
        got = link->first.len < wanted ? link->first.len : wanted;
        memcpy(data, buf_str(&link->first).data, got);
        buf_consume(&link->first, got);
        if (link->first.len == 0) {
            buf_deinit(&link->first);
        }
        return (int)got;
    }
    enum net_result result =
        link->read_left ? net_stream_read(stream->under, data, wanted, &got) : NET_AGAIN;
    link->read_left -= got < link->read_left ? got : link->read_left;
    if (result == NET_AGAIN) {
        BIO_set_retry_read(bio);
        return -1;
    }
    link->is_cut = result == NET_CLOSED;
    return (int)got;
}

static int bio_write(BIO *bio, const char *data, int len)
{
    struct net_stream *stream = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    stream->tls->sent += (uint64_t)len;
    return net_filter_send(stream, (struct str){data, (size_t)len}) ? len : -1;
}

static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    const struct net_stream *stream = BIO_get_data(bio);
    (void)number;
    (void)pointer;
    if (command == BIO_CTRL_EOF) {
        return stream->tls->is_cut ? 1 : 0;
    }
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static int bio_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

BIO_METHOD *net_tls_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "net_stream");
    if (method) {
        (void)BIO_meth_set_read(method, bio_read); // these cannot fail
        (void)BIO_meth_set_write(method, bio_write);
        (void)BIO_meth_set_ctrl(method, bio_ctrl);
        (void)BIO_meth_set_create(method, bio_create);
    }
    return method;
}

// --- the stream ---

static const char *words_of(int reason)
{
    static const struct {
        int reason;
        const char *words;
    } table[] = {
        {SSL_R_HTTP_REQUEST, N_("The other side does not speak TLS")},
        {SSL_R_WRONG_VERSION_NUMBER, N_("The other side does not speak TLS")},
        {SSL_R_UNSUPPORTED_PROTOCOL, N_("No version of TLS in common")},
        {SSL_R_NO_PROTOCOLS_AVAILABLE, N_("No version of TLS in common")},
        {SSL_R_VERSION_TOO_LOW, N_("No version of TLS in common")},
        {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, N_("No version of TLS in common")},
        {SSL_R_NO_SHARED_CIPHER, N_("No cipher in common")},
        {SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, N_("No cipher in common")},
        {SSL_R_TLSV1_ALERT_UNKNOWN_CA, N_("The other side does not trust the certificate")},
        {SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, N_("The other side does not trust the certificate")},
        {SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,
         N_("The other side does not trust the certificate")},
        {SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
         N_("The other side does not trust the certificate")},
        {SSL_R_CERTIFICATE_VERIFY_FAILED, N_("The server shows another key than expected")},
        {SSL_R_UNEXPECTED_EOF_WHILE_READING, N_("Connection cut off")},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (table[i].reason == reason) {
            return _(table[i].words);
        }
    }
    return NULL;
}

// A handshake needs 20 KB more than the connection that it leaves behind. When hundreds went on at
// once the heap is full of holes of that size, for good, unless they are given back.
static void settle(struct net_tls_link *link)
{
    struct net_tls *tls = link->tls;
    if (!tls || !link->is_counted) {
        return;
    }
    link->is_counted = false;
    tls->shaking--;
    if (tls->most >= CROWD && tls->shaking <= tls->most / 8) {
        tls->most = tls->shaking; // their holes are given back when they are over
        net_os_return_memory();
    }
}

static enum net_result end(struct net_stream *stream, int error)
{
    struct net_tls_link *link = stream->tls;
    unsigned long code = ERR_peek_error();
    const char *words = words_of(ERR_GET_REASON(code));
    const char *below = net_stream_reason(stream->under);
    link->is_over = true;
    link->has_failed = error != SSL_ERROR_ZERO_RETURN;
    if (error == SSL_ERROR_ZERO_RETURN) {
        net_stream_set_reason(stream, _("Connection closed"));
    } else if (link->is_cut && !str_eq(str_from(below), str_from(_("Connection closed")))) {
        net_stream_set_reason(stream, below); // the link broke
    } else if (words) {
        net_stream_set_reason(stream, words);
    } else {
        const char *reason = ERR_reason_error_string(code);
        net_stream_set_reason(stream, reason ? reason : _("Connection cut off"));
    }
    ERR_clear_error();
    return NET_CLOSED;
}

static enum net_result outcome(struct net_stream *stream, int result)
{
    int error = SSL_get_error(stream->tls->ssl, result);
    if (error == SSL_ERROR_WANT_READ) {
        return NET_AGAIN;
    }
    return end(stream, error);
}

static void look_inside(struct net_stream *stream)
{
    struct net_tls_link *link = stream->tls;
    link->may_hold = SSL_has_pending(link->ssl) == 1;
    if (link->may_hold || link->first.len) {
        net_loop_hold(stream);
    }
}

// Goes on with the handshake; NET_OK when it is over.
static enum net_result shake(struct net_stream *stream)
{
    struct net_tls_link *link = stream->tls;
    if (stream->pending.len) {
        (void)net_filter_flush(stream); // a broken link is seen below
    }
    if (link->is_over || stream->is_broken) {
        return net_filter_broken(stream); // a reason that is there stays
    }
    link->read_left = READ_MAX;
    ERR_clear_error();
    if (SSL_is_init_finished(link->ssl)) {
        return NET_OK;
    }
    uint64_t before = link->sent;
    int result = SSL_do_handshake(link->ssl);
    if (link->tls && link->sent != before) {
        link->tls->handshakes++;
    }
    if (result != 1) {
        return outcome(stream, result);
    }
    settle(link);
    look_inside(stream);
    return NET_OK;
}

static enum net_result tls_read(struct net_stream *stream, void *data, size_t size, size_t *got)
{
    enum net_result result = shake(stream);
    if (result != NET_OK) {
        return result;
    }
    int count = SSL_read(stream->tls->ssl, data, size > INT_MAX ? INT_MAX : (int)size);
    if (count > 0) {
        *got = (size_t)count;
        look_inside(stream);
        return NET_OK;
    }
    stream->tls->may_hold = false; // half a record at most
    return outcome(stream, count);
}

static enum net_result tls_write(struct net_stream *stream, const void *data, size_t len,
                                 size_t *done)
{
    enum net_result result = shake(stream);
    while (result == NET_OK && *done < len) {
        result = net_filter_flush(stream);
        if (result == NET_OK) {
            size_t left = len - *done;
            int wanted = left > RECORD_MAX ? RECORD_MAX : (int)left;
            int count = SSL_write(stream->tls->ssl, (const char *)data + *done, wanted);
            *done += count > 0 ? (size_t)count : 0;
            result = count > 0 ? NET_OK : outcome(stream, count);
        }
    }
    return *done ? NET_OK : result;
}

static bool tls_has_bytes(const struct net_stream *stream)
{
    const struct net_tls_link *link = stream->tls;
    const struct net_stream *under = stream->under;
    return link->may_hold || link->first.len || stream->is_broken ||
           (under->kind->has_bytes && under->kind->has_bytes(under));
}

static bool tls_has_room(const struct net_stream *stream)
{
    const struct net_tls_link *link = stream->tls;
    return link->is_over || (SSL_is_init_finished(link->ssl) && net_filter_has_room(stream));
}

static void link_destroy(struct net_tls_link *link)
{
    SSL_free(link->ssl);
    settle(link);
    BIO_meth_free(link->method);
    buf_deinit(&link->first);
    mem_free(link);
}

static void tls_close(struct net_stream *stream)
{
    struct net_tls_link *link = stream->tls;
    stream->loop = NULL;
    if (SSL_is_init_finished(link->ssl) && !link->has_failed && !stream->is_broken) {
        (void)SSL_shutdown(link->ssl); // close_notify, if there is room; nobody waits for an answer
    }
    ERR_clear_error();
    link_destroy(link);
    net_filter_close(stream);
}

static const struct net_stream_kind tls_kind = {tls_read,     tls_write, tls_has_bytes,
                                                tls_has_room, NULL,      tls_close};

static bool begin(struct net_stream *stream, SSL_CTX *context, const BIO_METHOD *method)
{
    BIO *bio = BIO_new(method);
    stream->tls->ssl = SSL_new(context);
    if (!bio || !stream->tls->ssl) {
        BIO_free(bio);
        return false;
    }
    BIO_set_data(bio, stream);
    SSL_set_bio(stream->tls->ssl, bio, bio);
    return true;
}

struct net_stream *net_tls_accept(struct net_tls *tls, struct net_stream *under,
                                  struct str first_bytes)
{
    struct net_stream *stream = net_filter_create(&tls_kind, under, PENDING_MAX);
    stream->tls = MEM_NEW(struct net_tls_link);
    stream->tls->tls = tls;
    stream->tls->is_counted = true;
    tls->shaking++;
    tls->most = tls->shaking > tls->most ? tls->shaking : tls->most;
    buf_init(&stream->tls->first, first_bytes.len);
    (void)buf_append(&stream->tls->first, first_bytes); // the ceiling is their length
    check(begin(stream, tls->context, tls->method));    // fails without memory only
    SSL_set_accept_state(stream->tls->ssl);
    return stream;
}

static int verify(X509_STORE_CTX *store, void *data)
{
    const struct net_tls_link *link = data;
    char shown[NET_TLS_FINGERPRINT];
    bool is_right =
        net_tls_key_fingerprint(X509_STORE_CTX_get0_cert(store), shown) &&
        (!link->expects_key || str_eq_nocase(str_from(link->expected), str_from(shown)));
    X509_STORE_CTX_set_error(store, is_right ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
    return is_right ? 1 : 0;
}

static bool is_name(const char *host)
{
    return host && host[strspn(host, "0123456789.")] != '\0' && !strchr(host, ':');
}

struct net_stream *net_tls_connect(struct net_stream *under, const struct net_tls_expect *expect,
                                   struct err *err)
{
    SSL_CTX *context = net_tls_context(TLS_client_method(), err);
    if (!context) {
        net_stream_destroy(under);
        return NULL;
    }
    struct net_stream *stream = net_filter_create(&tls_kind, under, PENDING_MAX);
    struct net_tls_link *link = MEM_NEW(struct net_tls_link);
    stream->tls = link;
    link->method = net_tls_method();
    link->expects_key = expect->fingerprint != NULL;
    if (!str_copy(link->expected, sizeof(link->expected), str_from(expect->fingerprint))) {
        link->expected[0] = '\0'; // too long to be one: no key matches
    }
    SSL_CTX_set_cert_verify_callback(context, verify, link);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    check(begin(stream, context, link->method)); // fails without memory only
    SSL_CTX_free(context);                       // the link keeps it
    SSL_set_connect_state(link->ssl);
    if (is_name(expect->host)) {
        char name[NET_HOST_MAX];                                    // the macro below drops const
        (void)str_copy(name, sizeof(name), str_from(expect->host)); // cut: no such name
        (void)SSL_set_tlsext_host_name(link->ssl, name);            // none is asked for
    }
    (void)shake(stream); // says hello; what goes wrong shows when it is read
    return stream;
}

// --- questions ---

bool net_tls_peer_fingerprint(const struct net_stream *stream, char out[NET_TLS_FINGERPRINT])
{
    const struct net_tls_link *link = find_link(stream);
    X509 *cert =
        link && SSL_is_init_finished(link->ssl) ? SSL_get0_peer_certificate(link->ssl) : NULL;
    return cert && net_tls_key_fingerprint(cert, out);
}

bool net_stream_is_handshaking(const struct net_stream *stream)
{
    const struct net_tls_link *link = find_link(stream);
    return link && !link->is_over && !SSL_is_init_finished(link->ssl);
}

bool net_stream_is_encrypted(const struct net_stream *stream)
{
    const struct net_tls_link *link = find_link(stream);
    return link && SSL_is_init_finished(link->ssl);
}

const char *net_stream_tls_version(const struct net_stream *stream)
{
    const struct net_tls_link *link = find_link(stream);
    return link ? SSL_get_version(link->ssl) : "";
}

bool net_stream_tls_exporter(const struct net_stream *stream, unsigned char out[NET_TLS_BINDING])
{
    static const char label[] = "EXPORTER-Channel-Binding";
    const struct net_tls_link *link = find_link(stream);
    return link && SSL_is_init_finished(link->ssl) && SSL_version(link->ssl) == TLS1_3_VERSION &&
           SSL_export_keying_material(link->ssl, out, NET_TLS_BINDING, label, sizeof(label) - 1,
                                      NULL, 0, 0) == 1;
}

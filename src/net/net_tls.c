// The server's side of TLS that lives long: certificate, key, options.
#include "net_tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "b64.h"
#include "buf.h"
#include "i18n.h"
#include "mem.h"
#include "net_tls_internal.h"

// Forward secrecy and authenticated encryption only. Groups are named, because a peer that asks for
// a large finite field would make each of its handshakes cost a hundred times more.
#define CIPHERS_12 "ECDHE+AESGCM:ECDHE+CHACHA20"
#define GROUPS     "X25519:P-256:P-384"

bool net_tls_err(struct err *err, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_error());
    ERR_clear_error();
    return err_set(err, "%s: %s", what, reason ? reason : _("no reason given"));
}

static void write_fingerprint(const unsigned char digest[32], char out[NET_TLS_FINGERPRINT])
{
    hex_encode(out, (struct str){(const char *)digest, 32});
}

bool net_tls_key_fingerprint(X509 *cert, char out[NET_TLS_FINGERPRINT])
{
    unsigned char *der = NULL;
    unsigned char digest[EVP_MAX_MD_SIZE];
    int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
    bool is_done = len > 0 && EVP_Digest(der, (size_t)len, digest, NULL, EVP_sha256(), NULL) == 1;
    OPENSSL_free(der);
    if (is_done) {
        write_fingerprint(digest, out);
    }
    return is_done;
}

SSL_CTX *net_tls_context(const SSL_METHOD *method, struct err *err)
{
    char groups[] = GROUPS; // the macro below drops const
    SSL_CTX *context = SSL_CTX_new(method);
    if (!context || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(context, CIPHERS_12) != 1 ||
        SSL_CTX_set1_groups_list(context, groups) != 1) {
        SSL_CTX_free(context);
        (void)net_tls_err(err, _("Encryption cannot begin"));
        return NULL;
    }
    SSL_CTX_set_options(context,
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    (void)SSL_CTX_set_num_tickets(context, 0); // the sessions are long, resuming saves little
    SSL_CTX_set_read_ahead(context, 1);        // one read of the socket for many records
    return context;
}

// A key behind a pass phrase is refused: nobody is there to be asked.
static int no_pass_phrase(char *out, int size, int is_writing, void *context)
{
    if (size > 0) {
        out[0] = '\0';
    }
    (void)is_writing;
    (void)context;
    return -1;
}

static bool can_open(const char *path, struct err *err)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        return err_set(err, "%s: %s", path, strerror(errno));
    }
    (void)fclose(file); // only read from
    return true;
}

static bool load(struct net_tls *tls, SSL_CTX *context, struct err *err)
{
    if (!can_open(tls->cert_path, err) || !can_open(tls->key_path, err)) {
        return false;
    }
    ERR_clear_error();
    SSL_CTX_set_default_passwd_cb(context, no_pass_phrase);
    if (SSL_CTX_use_certificate_chain_file(context, tls->cert_path) != 1) {
        return net_tls_err(err, _("No certificate in PEM form")) ||
               err_wrap(err, "%s", tls->cert_path);
    }
    if (SSL_CTX_use_PrivateKey_file(context, tls->key_path, SSL_FILETYPE_PEM) != 1) {
        int reason = ERR_GET_REASON(ERR_peek_error());
        bool is_other = reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH;
        return net_tls_err(err, is_other ? _("This key does not belong to the certificate")
                                         : _("No key in PEM form without a pass phrase")) ||
               err_wrap(err, "%s", tls->key_path);
    }
    if (SSL_CTX_check_private_key(context) != 1) {
        return net_tls_err(err, _("This key does not belong to the certificate")) ||
               err_wrap(err, "%s", tls->key_path);
    }
    X509 *cert = SSL_CTX_get0_certificate(context);
    unsigned char digest[EVP_MAX_MD_SIZE];
    if (!net_tls_key_fingerprint(cert, tls->fingerprint) ||
        X509_digest(cert, EVP_sha256(), digest, NULL) != 1) {
        return net_tls_err(err, tls->cert_path);
    }
    write_fingerprint(digest, tls->cert_fingerprint);
    return true;
}

bool net_tls_reload(struct net_tls *tls, struct err *err)
{
    SSL_CTX *context = net_tls_context(TLS_server_method(), err);
    if (!context || !load(tls, context, err)) {
        SSL_CTX_free(context);
        return false;
    }
    SSL_CTX_free(tls->context);
    tls->context = context;
    return true;
}

static char *own_path(const char *folder, const char *file)
{
    struct buf path;
    buf_init(&path, BUF_NO_LIMIT);
    (void)buf_printf(&path, "%s/%s", folder, file); // no ceiling
    char *text = mem_copy_text(buf_cstr(&path));
    buf_deinit(&path);
    return text;
}

struct net_tls *net_tls_create(const struct net_tls_config *config, struct err *err)
{
    if (!config->cert_path != !config->key_path || (!config->cert_path && !config->folder)) {
        (void)err_set(err, "%s", _("A certificate needs its key, and a key its certificate."));
        return NULL;
    }
    struct net_tls *tls = MEM_NEW(struct net_tls);
    if (config->cert_path) {
        tls->cert_path = mem_copy_text(config->cert_path);
        tls->key_path = mem_copy_text(config->key_path);
    } else {
        tls->cert_path = own_path(config->folder, "tls-cert.pem");
        tls->key_path = own_path(config->folder, "tls-key.pem");
    }
    tls->method = net_tls_method();
    const char *name = config->name ? config->name : "ronron.party";
    if ((!config->cert_path &&
         !net_tls_make_own(tls->cert_path, tls->key_path, name, config->now_utc_ms, err)) ||
        !net_tls_reload(tls, err)) {
        net_tls_destroy(tls);
        return NULL;
    }
    return tls;
}

void net_tls_destroy(struct net_tls *tls)
{
    if (tls) {
        SSL_CTX_free(tls->context);
        BIO_meth_free(tls->method);
        mem_free(tls->cert_path);
        mem_free(tls->key_path);
        mem_free(tls);
    }
}

const char *net_tls_fingerprint(const struct net_tls *tls)
{
    return tls->fingerprint;
}

const char *net_tls_cert_fingerprint(const struct net_tls *tls)
{
    return tls->cert_fingerprint;
}

uint64_t net_tls_handshakes(const struct net_tls *tls)
{
    return tls->handshakes;
}

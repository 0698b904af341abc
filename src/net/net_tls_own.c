// A certificate of the server's own, for parties without a name that an authority could vouch for.
#include <errno.h>
#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "i18n.h"
#include "net_tls_internal.h"

#define DAY_S      ((int64_t)24 * 60 * 60)
#define VALID_DAYS 3652

static bool exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

static bool write_whole(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t count = write(fd, bytes.data, bytes.len);
        if (count < 0 && errno != EINTR) {
            return false;
        }
        bytes = str_range(bytes, count > 0 ? (size_t)count : 0, bytes.len);
    }
    return fsync(fd) == 0;
}

// Under another name first, which is born with its mode: no moment at which others could read a key
// or a crash could leave half a file.
static bool write_file(const char *path, mode_t mode, BIO *content, struct err *err)
{
    struct buf beside;
    char *data = NULL;
    long len = BIO_get_mem_data(content, &data);
    buf_init(&beside, BUF_NO_LIMIT);
    (void)buf_printf(&beside, "%s.new", path); // no ceiling
    const char *name = buf_cstr(&beside);
    (void)unlink(name); // left by a crash
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    bool is_written = fd >= 0 && write_whole(fd, (struct str){data, (size_t)len});
    is_written = (fd < 0 || close(fd) == 0) && is_written && rename(name, path) == 0;
    if (!is_written) {
        (void)err_set(err, "%s: %s", path, strerror(errno));
        (void)unlink(name); // half a file is none
    }
    buf_deinit(&beside);
    return is_written;
}

static EVP_PKEY *read_key(const char *path, struct err *err)
{
    char no_phrase[] = ""; // or OpenSSL would ask the terminal
    FILE *file = fopen(path, "r");
    EVP_PKEY *key = file ? PEM_read_PrivateKey(file, NULL, NULL, no_phrase) : NULL;
    if (!file) {
        (void)err_set(err, "%s: %s", path, strerror(errno));
    } else {
        (void)fclose(file); // only read from
    }
    if (file && !key) {
        (void)net_tls_err(err, path);
    }
    return key;
}

static EVP_PKEY *make_key(const char *path, struct err *err)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *pem = BIO_new(BIO_s_mem());
    bool is_made = key && pem && PEM_write_bio_PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL) == 1;
    if (!is_made) {
        (void)net_tls_err(err, _("No key could be made"));
    }
    if (!is_made || !write_file(path, S_IRUSR | S_IWUSR, pem, err)) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    BIO_free(pem);
    return key;
}

static bool add_extension(X509 *cert, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    bool is_added = extension && X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return is_added;
}

static bool is_host_name(const char *name)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    size_t len = strlen(name);
    return len > 0 && len <= 64 && strspn(name, allowed) == len; // 64: limit of a common name
}

static bool fill(X509 *cert, EVP_PKEY *key, const char *name, int64_t now_utc_ms)
{
    unsigned char serial[8];
    char names[300];
    time_t from = (time_t)(now_utc_ms / 1000 - DAY_S); // clocks of guests may be behind
    BIGNUM *number = RAND_bytes(serial, sizeof(serial)) == 1 ? BN_bin2bn(serial, 8, NULL) : NULL;
    X509_NAME *subject = X509_get_subject_name(cert);
    (void)snprintf(names, sizeof(names), "DNS:%s", name);
    bool is_filled =
        number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) &&
        X509_set_version(cert, X509_VERSION_3) == 1 && X509_set_pubkey(cert, key) == 1 &&
        X509_time_adj_ex(X509_getm_notBefore(cert), 0, 0, &from) &&
        X509_time_adj_ex(X509_getm_notAfter(cert), VALID_DAYS, 0, &from) &&
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
                                   -1, 0) == 1 &&
        X509_set_issuer_name(cert, subject) == 1 &&
        add_extension(cert, NID_subject_alt_name, names) && X509_sign(cert, key, EVP_sha256()) > 0;
    BN_free(number);
    return is_filled;
}

static bool make_cert(const char *path, EVP_PKEY *key, const char *name, int64_t now_utc_ms,
                      struct err *err)
{
    X509 *cert = X509_new();
    BIO *pem = BIO_new(BIO_s_mem());
    bool is_made =
        cert && pem && fill(cert, key, name, now_utc_ms) && PEM_write_bio_X509(pem, cert) == 1;
    if (!is_made) {
        (void)net_tls_err(err, _("No certificate could be made"));
    }
    is_made = is_made && write_file(path, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH, pem, err);
    BIO_free(pem);
    X509_free(cert);
    return is_made;
}

// A key without its certificate keeps its fingerprint: guests know the server by it.
bool net_tls_make_own(const char *cert_path, const char *key_path, const char *name,
                      int64_t now_utc_ms, struct err *err)
{
    bool has_key = exists(key_path);
    if (has_key && exists(cert_path)) {
        return true;
    }
    EVP_PKEY *key = has_key ? read_key(key_path, err) : make_key(key_path, err);
    const char *host = is_host_name(name) ? name : "ronron.party";
    bool is_made = key && make_cert(cert_path, key, host, now_utc_ms, err);
    EVP_PKEY_free(key);
    return is_made;
}

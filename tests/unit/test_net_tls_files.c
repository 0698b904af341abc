// Certificates and keys: an own pair, the operator's, what a reload does.
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tls_harness.h"

static void an_own_certificate_is_kept(void **state)
{
    (void)state;
    struct link link;
    struct stat about;
    struct err err = {0};
    char key[NET_TLS_FINGERPRINT];
    char cert[NET_TLS_FINGERPRINT];
    mode_t old = umask(0);
    link_open_server(&link, 65536);
    (void)umask(old);
    assert_int_equal(stat(link_file(&link, "tls-key.pem"), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    (void)snprintf(key, sizeof(key), "%s", net_tls_fingerprint(link.tls));
    (void)snprintf(cert, sizeof(cert), "%s", net_tls_cert_fingerprint(link.tls));
    struct net_tls *again = link_tls(link.folder, &err);
    assert_string_equal(net_tls_fingerprint(again), key);
    assert_string_equal(net_tls_cert_fingerprint(again), cert);
    net_tls_destroy(again);
    // A lost certificate is renewed for the same key; a lost key is another identity.
    (void)unlink(link_file(&link, "tls-cert.pem"));
    again = link_tls(link.folder, &err);
    assert_string_equal(net_tls_fingerprint(again), key);
    assert_string_not_equal(net_tls_cert_fingerprint(again), cert);
    net_tls_destroy(again);
    (void)unlink(link_file(&link, "tls-key.pem"));
    again = link_tls(link.folder, &err);
    assert_string_not_equal(net_tls_fingerprint(again), key);
    net_tls_destroy(again);
    assert_string_equal(err.text, "");
    link_close(&link);
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    (void)state;
    struct err err = {0};
    assert_null(link_tls("/nowhere/at/all", &err));
    assert_non_null(strstr(err.text, "/nowhere/at/all/tls-key.pem: No such file"));
}

static void spoil(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void a_failed_reload_keeps_the_old(void **state)
{
    (void)state;
    struct link link;
    struct err err = {0};
    char key[NET_TLS_FINGERPRINT];
    link_open(&link, 65536, NULL);
    (void)snprintf(key, sizeof(key), "%s", net_tls_fingerprint(link.tls));
    spoil(link_file(&link, "tls-cert.pem"), "no certificate\n");
    assert_false(net_tls_reload(link.tls, &err));
    assert_non_null(strstr(err.text, "tls-cert.pem: No certificate in PEM form"));
    assert_string_equal(net_tls_fingerprint(link.tls), key);
    assert_int_equal(link_shake(&link), NET_OK);
    (void)unlink(link_file(&link, "tls-cert.pem"));
    assert_false(net_tls_reload(link.tls, &err));
    assert_non_null(strstr(err.text, "tls-cert.pem: No such file"));
    link_close(&link);
}

static void a_reload_is_for_new_streams(void **state)
{
    (void)state;
    struct link link;
    struct err err = {0};
    char old[NET_TLS_FINGERPRINT];
    char shown[NET_TLS_FINGERPRINT];
    link_open(&link, 65536, NULL);
    assert_int_equal(link_shake(&link), NET_OK);
    (void)snprintf(old, sizeof(old), "%s", net_tls_fingerprint(link.tls));
    (void)unlink(link_file(&link, "tls-cert.pem"));
    (void)unlink(link_file(&link, "tls-key.pem"));
    net_tls_destroy(link_tls(link.folder, &err)); // another pair in its place
    assert_true(net_tls_reload(link.tls, &err));
    assert_string_not_equal(net_tls_fingerprint(link.tls), old);
    link_carry(link.client, link.server); // the open one goes on
    struct net_stream *ends[2];
    struct net_tls_expect expect = {0};
    net_stream_destroy(link.client);
    net_stream_destroy(link.server);
    net_pipe_create(ends, 65536);
    link.server = net_tls_accept(link.tls, ends[0], (struct str){0});
    link.client = net_tls_connect(ends[1], &expect, NULL);
    assert_int_equal(link_shake(&link), NET_OK);
    assert_true(net_tls_peer_fingerprint(link.client, shown));
    assert_string_equal(shown, net_tls_fingerprint(link.tls));
    link_close(&link);
}

static void a_key_of_another_certificate_is_refused(void **state)
{
    (void)state;
    struct link link;
    struct link other;
    struct err err = {0};
    char key[128];
    link_open_server(&link, 65536);
    link_open_server(&other, 65536);
    (void)snprintf(key, sizeof(key), "%s", link_file(&other, "tls-key.pem"));
    struct net_tls_config config = {.cert_path = link_file(&link, "tls-cert.pem"), .key_path = key};
    assert_null(net_tls_create(&config, &err));
    assert_non_null(strstr(err.text, "does not belong to the certificate"));
    config.key_path = NULL;
    assert_null(net_tls_create(&config, &err));
    config.cert_path = "/nowhere/cert.pem";
    config.key_path = key;
    assert_null(net_tls_create(&config, &err)); // a wrong path is no reason to make one's own
    assert_non_null(strstr(err.text, "/nowhere/cert.pem: No such file"));
    link_close(&link);
    link_close(&other);
}

static int open_net(void **state)
{
    (void)state;
    return net_init(NULL) ? 0 : -1;
}

static int close_net(void **state)
{
    (void)state;
    net_quit();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_own_certificate_is_kept),
        cmocka_unit_test(a_folder_that_is_not_there_is_told),
        cmocka_unit_test(a_failed_reload_keeps_the_old),
        cmocka_unit_test(a_reload_is_for_new_streams),
        cmocka_unit_test(a_key_of_another_certificate_is_refused),
    };
    return cmocka_run_group_tests(tests, open_net, close_net);
}

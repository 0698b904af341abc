// Settings of a relay: every key, bad values with their line, flags over the file.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app_relay_config.h"
#include "app_relay_flags.h"
#include "app_relay_rows.h"

#define VERIFIER                                                                                   \
    "SCRAM-SHA-256$4096:AAECAwQFBgcICQoLDA0ODw==$"                                                 \
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

struct file {
    char path[64];
};

static void write_file(struct file *file, const char *text)
{
    (void)snprintf(file->path, sizeof(file->path), "/tmp/ronrond-XXXXXX");
    int fd = mkstemp(file->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    (void)close(fd);
}

static bool load(struct app_relay_config *config, const char *text, struct err *err)
{
    struct file file;
    write_file(&file, text);
    app_relay_config_init(config);
    bool is_loaded = app_relay_config_load(config, file.path, err);
    (void)unlink(file.path);
    return is_loaded;
}

static void every_setting_has_an_example_and_takes_it(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *good;
        const char *bad; // NULL: anything goes
    } examples[] = {
        {"server.name", "Chez Ana", "a\tb"},
        {"server.hostname", "chat.example", "a b.c"},
        {"server.motd", "Salut", "\xFF"},
        {"server.password", "4711", ""},
        {"server.password-file", "/etc/hostname", "/nowhere"},
        {"server.public", "yes", "maybe"},
        {"server.utf8-nicks", "yes", "1"},
        {"server.data", "/var/lib/ronrond", ""},
        {"listen.address", "127.0.0.1:7000", "a b"},
        {"tls.enabled", "no", "1"},
        {"tls.cert", "/etc/cert.pem", ""},
        {"tls.key", "/etc/key.pem", ""},
        {"oper.name", "ana", ""},
        {"oper.password", VERIFIER, "secret"},
        {"accounts.host", "ana", ""},
        {"accounts.registration", "no", "none"},
        {"accounts.before-connect", "yes", "y"},
        {"history.enabled", "yes", "auto"},
        {"history.max-age", "30", "-1"},
        {"history.max-size", "0", "much"},
        {"limits.mode", "none", "some"},
        {"limits.connections-per-address", "0", "-1"},
        {"limits.registrations-per-minute-and-address", "5", "x"},
        {"limits.messages-per-second", "10", "1.5"},
        {"limits.burst", "100", "9"},
        {"limits.bytes-per-second", "1000", "1k"},
        {"limits.sendq-bytes", "65536", "99999999999"},
        {"limits.clients", "900", "901"},
        {"admin.address", "127.0.0.1:9000", ":x"},
        {"admin.public", "yes", "true"},
        {"beacon.enabled", "no", "off"},
        {"beacon.port", "6668", "0"},
        {"log.level", "debug", "loud"},
    };
    size_t count = 0;
    const struct app_relay_row *rows = app_relay_rows(&count);
    assert_int_equal(count, sizeof(examples) / sizeof(examples[0]));
    for (size_t i = 0; i < count; i++) {
        char name[128];
        struct app_relay_config config;
        struct err err = {0};
        (void)snprintf(name, sizeof(name), "%s.%s", rows[i].section, rows[i].key);
        assert_string_equal(name, examples[i].name);
        app_relay_config_init(&config);
        config.listen_count = 0;
        assert_true(rows[i].set(&config, &rows[i], str_from(examples[i].good), &err));
        assert_false(rows[i].set(&config, &rows[i], str_from(examples[i].bad), &err));
        assert_string_not_equal(err.text, "");
    }
}

static void a_whole_file_arrives_at_the_relay(void **state)
{
    (void)state;
    struct app_relay_config config;
    struct relay_config relay;
    struct err err = {0};
    bool is_loaded = load(&config,
                          "; comments are fine\n[server]\nname = Chez Ana\nmotd = one\n  two\n"
                          "motd = three\npassword = 4711\npublic = YES\nutf8-nicks = yes\ndata = /srv/party\n"
                          "[listen]\naddress = 127.0.0.1:7000\naddress = [::1]:7000\n"
                          "[oper]\nname = ana\npassword = " VERIFIER "\n"
                          "[accounts]\nregistration = no\n[history]\nmax-age = 2\nmax-size = 3\n"
                          "[limits]\nclients = 5\nmode = none\nburst = 20\n[log]\nlevel = info\n",
                          &err);
    assert_string_equal(err.text, "");
    assert_true(is_loaded);
    app_relay_config_fill(&config, &relay);
    assert_true(str_eq(relay.name, STR("Chez Ana")));
    assert_true(str_eq(relay.motd, STR("one\ntwo\nthree")));
    assert_true(str_eq(relay.password, STR("4711")));
    assert_true(str_eq(relay.oper_name, STR("ana")));
    assert_true(str_eq(relay.oper_verifier, STR(VERIFIER)));
    assert_true(relay.is_public && relay.has_utf8_nicks && !relay.has_registration);
    assert_int_equal(relay.history_max_age_ms, 2 * 86400000);
    assert_int_equal(relay.history_max_bytes, 3 * 1000 * 1000);
    assert_int_equal(relay.limits.clients, 5);
    assert_int_equal(relay.limits.burst, 20);
    assert_int_equal(relay.limits.connections, 0); // mode none, and not given
    assert_int_equal(config.listen_count, 2);
    assert_string_equal(config.listen[1].host, "::1");
    assert_int_equal(config.log, LOG_INFO);
    assert_true(app_relay_config_keeps_history(&config));
}

static void nothing_given_is_a_safe_party(void **state)
{
    (void)state;
    struct app_relay_config config;
    struct relay_config relay;
    struct relay_limits normal = relay_limits_normal();
    app_relay_config_init(&config);
    app_relay_config_fill(&config, &relay);
    assert_int_equal(config.listen_count, 1);
    assert_string_equal(config.listen[0].host, "0.0.0.0");
    assert_int_equal(config.listen[0].port, 6667);
    assert_true(config.has_tls && config.has_beacon && !relay.is_public && !relay.has_utf8_nicks);
    assert_memory_equal(&relay.limits, &normal, sizeof(normal));
    assert_false(app_relay_config_keeps_history(&config));
    assert_true(app_relay_config_check(&config, NULL));
}

static void errors_say_file_line_and_what(void **state)
{
    (void)state;
    char long_text[600];
    (void)snprintf(long_text, sizeof(long_text), "[server]\nname = %0300d\n", 1);
    const struct {
        const char *text;
        const char *line;
        const char *what;
    } rows[] = {
        {"[server]\nname = a\ncolour = blue\n", "line 3:", "\"colour\""},
        {"[sever]\nname = a\n", "line 2:", "[sever]"},
        {"name = a\n", "line 1:", "[]"},
        {"[server]\n\n\npublic = perhaps\n", "line 4:", "public"},
        {"[server]\nname = a\nname = b\n", "line 3:", "twice"},
        {"[listen]\naddress = 1.2.3.4:99999\n", "line 2:", "99999"},
        {"[server]\nnonsense\n", "line 2:", "key = value"},
        {"[server\nname = a\n", "line 1:", "key = value"},
        {"[limits]\nburst = many\nclients = x\n", "line 2:", "burst"}, // the first one
        {"[log]\nlevel = loud", "line 2:", "debug"},                   // no newline at the end
        {long_text, "line 2:", "197"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct app_relay_config config;
        struct err err = {0};
        assert_false(load(&config, rows[i].text, &err));
        assert_non_null(strstr(err.text, "/tmp/ronrond-"));
        assert_non_null(strstr(err.text, rows[i].line));
        assert_non_null(strstr(err.text, rows[i].what));
    }
    struct app_relay_config config;
    struct err err = {0};
    assert_false(app_relay_config_load(&config, "/nowhere/r.ini", &err));
    assert_non_null(strstr(err.text, "/nowhere/r.ini"));
}

static void secrets_are_not_repeated_in_errors(void **state)
{
    (void)state;
    struct app_relay_config config;
    struct err err = {0};
    assert_false(load(&config, "[oper]\nname = ana\npassword = hunter2\n", &err));
    assert_null(strstr(err.text, "hunter2"));
    assert_non_null(strstr(err.text, "--hash-password"));
}

static void what_belongs_together_is_checked_together(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "[tls]\ncert = /etc/hostname\n",
        "[tls]\ncert = /nowhere\nkey = /nowhere\n",
        "[oper]\nname = ana\n",
        "[admin]\naddress = 0.0.0.0:9000\n",
    };
    struct app_relay_config config;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct err err = {0};
        assert_true(load(&config, bad[i], &err));
        assert_false(app_relay_config_check(&config, &err));
        assert_string_not_equal(err.text, "");
    }
    assert_true(load(&config, "[admin]\naddress = 0.0.0.0:9000\npublic = yes\n", NULL));
    assert_true(app_relay_config_check(&config, NULL));
}

static void flags_win_over_the_file_and_hide_the_pin(void **state)
{
    (void)state;
    struct file file;
    struct app_relay_flags flags;
    struct app_relay_config config;
    struct err err = {0};
    char pin[] = "4711";
    write_file(&file, "[server]\nname = file\nmotd = kept\npassword = 1234\n"
                      "[listen]\naddress = 127.0.0.1:7000\n");
    char *argv[] = {(char[]){"ronrond"},
                    (char[]){"--name"},
                    (char[]){"flag"},
                    (char[]){"--config"},
                    file.path,
                    (char[]){"--password"},
                    pin,
                    (char[]){"--listen"},
                    (char[]){"127.0.0.2:0"},
                    (char[]){"--public"},
                    (char[]){"--check-config"},
                    NULL};
    assert_true(app_relay_flags_parse(&flags, 11, argv, &err));
    assert_memory_equal(pin, "\0\0\0\0", 5);
    assert_int_equal(flags.task, APP_TASK_CHECK);
    for (int again = 0; again < 2; again++) { // as on reload
        assert_true(app_relay_flags_read(&flags, &config, &err));
        assert_string_equal(config.name, "flag");
        assert_string_equal(config.motd, "kept");
        assert_string_equal(config.password, "4711");
        assert_true(config.is_public);
        assert_int_equal(config.listen_count, 1);
        assert_string_equal(config.listen[0].host, "127.0.0.2");
        assert_int_equal(config.listen[0].port, 0);
    }
    app_relay_flags_deinit(&flags);
    (void)unlink(file.path);
}

static void a_port_that_is_not_named_is_the_usual_one(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int port;
    } rows[] = {{"127.0.0.1", 6667}, {"127.0.0.1:0", 0}, {"[::]:0", 0}, {"[::]", 6667},
                {"::0", 6667},       {"fe80::0", 6667},  {":0", 0}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct app_relay_config config;
        const struct app_relay_row *row = app_relay_row_find(STR("listen"), STR("address"));
        app_relay_config_init(&config);
        config.listen_count = 0;
        assert_true(row->set(&config, row, str_from(rows[i].text), NULL));
        assert_int_equal(config.listen[0].port, rows[i].port);
    }
}

static void bad_flags_are_named(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"--limits=some", "--limits"},
        {"--log=loud", "--log"},
        {"--listen=a b", "--listen"},
        {"--bogus", "--bogus"},
        {"stray", "stray"},
        {"--listen", "--listen"},
        {"-v", "-v"},
        {"-hv", "-h"},
        {"--li=1", "--li;"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct app_relay_flags flags;
        struct app_relay_config config;
        struct err err = {0};
        char flag[32];
        (void)snprintf(flag, sizeof(flag), "%s", rows[i][0]);
        char *argv[] = {(char[]){"ronrond"}, flag, NULL};
        assert_false(app_relay_flags_parse(&flags, 2, argv, &err) &&
                     app_relay_flags_read(&flags, &config, &err));
        assert_non_null(strstr(err.text, rows[i][1]));
        app_relay_flags_deinit(&flags);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_setting_has_an_example_and_takes_it),
        cmocka_unit_test(a_whole_file_arrives_at_the_relay),
        cmocka_unit_test(nothing_given_is_a_safe_party),
        cmocka_unit_test(errors_say_file_line_and_what),
        cmocka_unit_test(secrets_are_not_repeated_in_errors),
        cmocka_unit_test(what_belongs_together_is_checked_together),
        cmocka_unit_test(flags_win_over_the_file_and_hide_the_pin),
        cmocka_unit_test(a_port_that_is_not_named_is_the_usual_one),
        cmocka_unit_test(bad_flags_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// A guest's secret, while the disk takes nothing: it is good for as long as any other.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kept.h"

#define TOKEN " RESUME TOKEN "

// Comes with a secret of the relay's; the secret.
static int come(struct kept *kept, const char *nick, char token[33])
{
    int client = harness_connect(&kept->h, 65536);
    kept_send(kept, client, "CAP LS 302\r\nRESUME *\r\nNICK %s\r\nUSER x 0 * :x\r\nCAP END\r\n",
              nick);
    const char *at = strstr(harness_got(&kept->h, client), TOKEN);
    assert_non_null(at);
    (void)snprintf(token, 33, "%.32s", at + sizeof(TOKEN) - 1);
    assert_true(harness_has(&kept->h, client, " 001 "));
    harness_drop(&kept->h);
    return client;
}

static void assert_gives_back(struct kept *kept, const char *token, const char *nick)
{
    char expected[80];
    int client = harness_connect(&kept->h, 65536);
    kept_send(kept, client, "CAP LS 302\r\nRESUME %s\r\nUSER x 0 * :x\r\nCAP END\r\n", token);
    (void)snprintf(expected, sizeof(expected), " RESUME SUCCESS %s :", nick);
    assert_true(harness_has(&kept->h, client, expected));
}

static void a_secret_given_meanwhile_outlives_the_relay(void **state)
{
    struct kept *kept = *state;
    char before[33], meanwhile[33];
    int ana = kept_guest(kept, "ana", KEPT_CAPS), bea = come(kept, "bea", before);
    kept_break_disk(true);
    kept_send(kept, ana, "PRIVMSG #party :lost\r\n");
    kept_send(kept, bea, "NICK beatrice\r\n");
    (void)come(kept, "cleo", meanwhile);
    kept_break_disk(false);
    harness_turn(&kept->h, 6000);
    kept_settle(kept);
    assert_true(harness_has(&kept->h, ana, "The history is kept again."));
    kept_restart(kept);
    assert_gives_back(kept, meanwhile, "cleo");
    assert_gives_back(kept, before, "beatrice");
}

static void one_given_before_the_end_does_too_if_the_disk_is_back(void **state)
{
    struct kept *kept = *state;
    char token[33];
    int ana = kept_guest(kept, "ana", KEPT_CAPS);
    kept_break_disk(true);
    kept_send(kept, ana, "PRIVMSG #party :lost\r\n");
    (void)come(kept, "cleo", token);
    kept_break_disk(false);
    relay_stop(kept->h.relay, STR("bye"));
    kept_settle(kept);
    kept_restart(kept);
    assert_gives_back(kept, token, "cleo");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT_ROW(a_secret_given_meanwhile_outlives_the_relay),
        KEPT_ROW(one_given_before_the_end_does_too_if_the_disk_is_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

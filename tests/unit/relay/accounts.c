// A relay with a store in a temporary folder.
#include "accounts.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "b64.h"
#include "irc_sasl.h"
#include "irc_scram.h"
#include "scratch.h"

static void begin(struct accounts *a)
{
    struct store_config config = {.path = a->path, .now_utc_ms = HARNESS_UTC_MS};
    struct err err;
    if (!store_open(&a->store, &config, &err)) {
        fail_msg("%s", err.text);
    }
    a->config.store = a->store;
    harness_open(&a->h, &a->config);
    a->h.store = a->store;
}

static void end(struct accounts *a)
{
    harness_turn(&a->h, 0); // what is under way is committed
    harness_close(&a->h);
    store_close(a->store);
}

int accounts_setup(void **state)
{
    static struct accounts a;
    a = (struct accounts){0};
    if (!scratch_folder(a.folder, sizeof(a.folder))) {
        return -1;
    }
    (void)snprintf(a.path, sizeof(a.path), "%s/party.db", a.folder);
    a.config = (struct relay_config){.name = STR("Test"),
                                     .seed = 1,
                                     .has_registration = true,
                                     .is_before_connect = true,
                                     .iterations = IRC_SCRAM_ITERATIONS_MIN};
    begin(&a);
    *state = &a;
    return 0;
}

int accounts_teardown(void **state)
{
    struct accounts *a = *state;
    end(a);
    DIR *folder = opendir(a->folder);
    const struct dirent *entry = NULL;
    while (folder && (entry = readdir(folder)) != NULL) {
        char path[400];
        (void)snprintf(path, sizeof(path), "%s/%s", a->folder, entry->d_name);
        (void)unlink(path); // not the folder's own entries
    }
    (void)closedir(folder);
    return rmdir(a->folder);
}

void accounts_restart(struct accounts *a)
{
    end(a);
    begin(a);
}

void accounts_make(struct harness *h, const char *name)
{
    int client = harness_guest(h, name, NULL);
    ask(h, client, "REGISTER * * :" PASSWORD);
    HAS(h, client, " REGISTER SUCCESS ");
    did(h, client, "QUIT");
    harness_hang_up(h, client);
}

const char *accounts_plain(const char *authzid, const char *name, const char *password)
{
    static char text[1200];
    struct irc_sasl_plain plain = {str_from(authzid), str_from(name), str_from(password)};
    struct buf message, out;
    buf_init(&message, BUF_NO_LIMIT);
    buf_init(&out, BUF_NO_LIMIT);
    (void)irc_sasl_plain_make(&message, &plain);
    (void)b64_encode(&out, buf_str(&message));
    (void)str_copy(text, sizeof(text), buf_str(&out));
    buf_deinit(&message);
    buf_deinit(&out);
    return text;
}

int accounts_guest(struct harness *h, const char *name, const char *caps)
{
    int client = harness_connect(h, 65536);
    ask(h, client, "CAP REQ :sasl %s", caps ? caps : "");
    ask(h, client, "NICK %s", name);
    ask(h, client, "USER %s 0 * :%s", name, name);
    ask(h, client, "AUTHENTICATE PLAIN");
    ask(h, client, "AUTHENTICATE %s", accounts_plain("", name, PASSWORD));
    HAS(h, client, " 903 ");
    ask(h, client, "CAP END");
    HAS(h, client, " 001 ");
    did(h, client, "JOIN #party");
    harness_drop(h);
    return client;
}

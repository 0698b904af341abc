// A relay over pipes with a store.
#include "kept.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "b64.h"
#include "scratch.h"

#define FILE_NAME "party.db"

static const char *path_of(const struct kept *kept, const char *suffix)
{
    static char path[128];
    (void)snprintf(path, sizeof(path), "%s/" FILE_NAME "%s", kept->folder, suffix); // fits
    return path;
}

static void open_all(struct kept *kept)
{
    struct err err;
    struct store_config config = {.path = path_of(kept, ""), .now_utc_ms = HARNESS_UTC_MS};
    if (!store_open(&kept->store, &config, &err)) {
        (void)fprintf(stderr, "%s\n", err.text);
        abort();
    }
    struct relay_config relay = {.name = STR("Test"),
                                 .seed = 1,
                                 .history_max_age_ms = 30LL * 24 * 3600 * 1000,
                                 .store = kept->store};
    harness_open(&kept->h, &relay);
}

static void close_all(struct kept *kept)
{
    harness_close(&kept->h);
    store_work_now(kept->store);
    store_close(kept->store);
}

int kept_setup(void **state)
{
    struct kept *kept = calloc(1, sizeof(*kept));
    if (!kept) {
        return -1;
    }
    if (!scratch_folder(kept->folder, sizeof(kept->folder))) {
        free(kept);
        return -1;
    }
    open_all(kept);
    *state = kept;
    return 0;
}

int kept_teardown(void **state)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-lock"};
    struct kept *kept = *state;
    close_all(kept);
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        (void)unlink(path_of(kept, suffixes[i])); // not all are there
    }
    int result = rmdir(kept->folder);
    free(kept);
    return result;
}

void kept_restart(struct kept *kept)
{
    close_all(kept);
    open_all(kept);
}

void kept_settle(struct kept *kept)
{
    for (int i = 0; i < 3; i++) {
        store_work_now(kept->store);
        harness_turn(&kept->h, 0);
    }
}

void kept_send(struct kept *kept, int client, const char *format, ...)
{
    char text[4096];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (len < 0 || (size_t)len >= sizeof(text)) {
        abort();
    }
    harness_send(&kept->h, client, text);
    kept_settle(kept);
}

void kept_break_disk(bool is_broken)
{
    struct rlimit limit;
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || getrlimit(RLIMIT_FSIZE, &limit) != 0) {
        abort();
    }
    limit.rlim_cur = is_broken ? 1 : limit.rlim_max;
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) {
        abort();
    }
}

int kept_guest(struct kept *kept, const char *nick, const char *caps)
{
    int client = harness_guest(&kept->h, nick, caps);
    kept_settle(kept);
    harness_drop(&kept->h);
    return client;
}

// All accounts have the password "pencil": RFC 7677's salt and iterations.
static void put_account(struct kept *kept, const char *name)
{
    struct store_account account = {.name = str_from(name),
                                    .folded = str_from(name),
                                    .iterations = 4096,
                                    .created_utc_ms = HARNESS_UTC_MS};
    if (!b64_decode_exact(STR("W22ZaJ0SNY7soEsUEjb6gQ=="), account.salt, 16) ||
        !b64_decode_exact(STR("WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="), account.stored_key,
                          32) ||
        !b64_decode_exact(STR("wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="), account.server_key,
                          32)) {
        abort();
    }
    store_put_account(kept->store, &account);
    kept_settle(kept);
}

int kept_device(struct kept *kept, const char *account, const char *nick, const char *caps)
{
    char plain[128];
    struct buf text;
    int client = harness_connect(&kept->h, 65536);
    int len = snprintf(plain, sizeof(plain), "%c%s%cpencil", 0, account, 0);
    buf_init(&text, 256);
    if (len < 0 || !b64_encode(&text, (struct str){plain, (size_t)len})) {
        abort();
    }
    kept_send(kept, client, "CAP REQ :sasl %s\r\nAUTHENTICATE PLAIN\r\nAUTHENTICATE %s\r\n", caps,
              buf_cstr(&text));
    kept_send(kept, client, "NICK %s\r\nUSER %s 0 * :%s\r\nCAP END\r\nJOIN #party\r\n", nick, nick,
              nick);
    if (!harness_has(&kept->h, client, " 903 ") || !harness_has(&kept->h, client, "JOIN #party")) {
        (void)fprintf(stderr, "%s\n", harness_got(&kept->h, client));
        abort();
    }
    buf_deinit(&text);
    harness_drop(&kept->h);
    return client;
}

int kept_account(struct kept *kept, const char *nick, const char *caps)
{
    put_account(kept, nick);
    return kept_device(kept, nick, nick, caps);
}

static void copy_tag(struct kept *kept, int client, const char *name, char *out, size_t size)
{
    const char *at = strstr(harness_got(&kept->h, client), name);
    if (!at) {
        (void)fprintf(stderr, "no %s in: %s\n", name, harness_got(&kept->h, client));
        abort();
    }
    at += strlen(name);
    size_t len = strcspn(at, "; ");
    (void)snprintf(out, size, "%.*s", (int)len, at);
}

struct said kept_say(struct kept *kept, int client, const char *target, const char *text)
{
    struct said said;
    harness_turn(&kept->h, 2);
    harness_drop(&kept->h);
    kept_send(kept, client, "PRIVMSG %s :%s\r\n", target, text);
    copy_tag(kept, client, "msgid=", said.msgid, sizeof(said.msgid));
    copy_tag(kept, client, "time=", said.time, sizeof(said.time));
    harness_drop(&kept->h);
    return said;
}

const char *kept_texts(struct kept *kept, int client)
{
    static char out[8192];
    const char *at = harness_got(&kept->h, client);
    size_t used = 0;
    out[0] = '\0';
    while ((at = strstr(at, " PRIVMSG ")) != NULL) {
        const char *text = strstr(at, " :");
        int len = text ? (int)strcspn(text + 2, "\r") : 0;
        used += (size_t)snprintf(out + used, sizeof(out) - used, "%s%.*s", used ? " " : "", len,
                                 text ? text + 2 : "");
        at += 9;
    }
    return out;
}

// A password from stdin as a SCRAM verifier.
#include "app_relay_hash.h"

#include <signal.h>
#include <stdio.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "buf.h"
#include "i18n.h"
#include "irc_sasl.h"
#include "irc_scram.h"
#include "net_crypto.h"
#include "str.h"
#include "utf8.h"

#define PASSWORD_MAX 512

// Those that end or stop a program: the terminal is as it was before they do.
static const int leaving[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP};

#define LEAVING_COUNT (sizeof(leaving) / sizeof(leaving[0]))

static volatile sig_atomic_t caught; // one of them; 0: none

static void on_signal(int number)
{
    caught = number;
}

struct prompt { // what was in force before
    bool is_terminal;
    struct termios terminal;
    sigset_t blocked;
    struct sigaction actions[LEAVING_COUNT];
};

static void begin_prompt(struct prompt *prompt)
{
    struct sigaction action = {.sa_handler = on_signal}; // no SA_RESTART: it ends the wait
    sigset_t set;
    caught = 0;
    (void)sigemptyset(&set); // neither fails with signals that exist, nor do those below
    for (size_t i = 0; i < LEAVING_COUNT; i++) {
        (void)sigaddset(&set, leaving[i]);
    }
    (void)sigprocmask(SIG_BLOCK, &set, &prompt->blocked); // they come while it waits only
    for (size_t i = 0; i < LEAVING_COUNT; i++) {
        (void)sigaction(leaving[i], &action, &prompt->actions[i]);
    }
    prompt->is_terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &prompt->terminal) == 0;
    if (prompt->is_terminal) {
        struct termios silent = prompt->terminal;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        (void)fprintf(stderr, "%s ", _("Password:"));
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent); // at worst it is seen
    }
}

// What was caught comes again now, to whoever it was meant for.
static void end_prompt(const struct prompt *prompt)
{
    if (prompt->is_terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &prompt->terminal); // what it was
        (void)fprintf(stderr, "\n");
    }
    for (size_t i = 0; i < LEAVING_COUNT; i++) {
        (void)sigaction(leaving[i], &prompt->actions[i], NULL);
    }
    if (caught) {
        (void)raise(caught);
    }
    (void)sigprocmask(SIG_SETMASK, &prompt->blocked, NULL);
}

// One byte; false: the end, or a signal.
static bool read_byte(const struct prompt *prompt, char *out)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(STDIN_FILENO, &set);
    return !caught && pselect(STDIN_FILENO + 1, &set, NULL, NULL, NULL, &prompt->blocked) == 1 &&
           read(STDIN_FILENO, out, 1) == 1;
}

// A line without its end, or as much as there is room for.
static bool read_line(const struct prompt *prompt, char *out, size_t size, size_t *len)
{
    bool is_read = false;
    *len = 0;
    while (*len < size && read_byte(prompt, &out[*len])) {
        is_read = true;
        if (out[*len] == '\n') {
            break;
        }
        (*len)++;
    }
    return is_read && !caught;
}

static bool read_password(char *out, size_t size, size_t *len)
{
    struct prompt prompt;
    bool is_read = false;
    do { // once more if that did not end it: it was stopped, and goes on
        begin_prompt(&prompt);
        is_read = read_line(&prompt, out, size, len);
        if (caught) {
            net_wipe(out, size);
        }
        end_prompt(&prompt);
    } while (caught);
    return is_read;
}

bool app_relay_hash(struct err *err)
{
    static const struct irc_crypto crypto = {
        .sha256 = net_sha256,
        .hmac = net_hmac_sha256,
        .pbkdf2 = net_pbkdf2_sha256,
        .is_equal = net_equal,
    };
    char line[PASSWORD_MAX + 2];
    size_t len = 0;
    char text[IRC_SCRAM_TEXT_MAX];
    struct irc_scram_verifier verifier = {.iterations = IRC_SCRAM_ITERATIONS};
    if (!read_password(line, sizeof(line), &len)) {
        return err_set(err, "%s", _("There is no password on stdin."));
    }
    struct buf prepared; // as OPER prepares what is typed
    buf_init(&prepared, BUF_NO_LIMIT);
    len -= len > 0 && line[len - 1] == '\r' ? 1 : 0;
    struct str password = {line, len};
    size_t nul = 0; // no client can send one
    bool is_good = len > 0 && len <= PASSWORD_MAX && utf8_is_valid(password) &&
                   !str_find_char(password, '\0', &nul);
    if (is_good) {
        net_random(verifier.salt, sizeof(verifier.salt));
        (void)irc_saslprep(&prepared, password); // no ceiling
        irc_scram_verifier_make(&verifier, &crypto, buf_str(&prepared));
        irc_scram_verifier_text(&verifier, text);
        (void)printf("%s\n", text);
    }
    net_wipe(line, sizeof(line));
    if (prepared.data) {
        net_wipe(prepared.data, prepared.size);
    }
    buf_deinit(&prepared);
    return is_good || err_set(err, _("A password has 1 to %d bytes of UTF-8 text."), PASSWORD_MAX);
}

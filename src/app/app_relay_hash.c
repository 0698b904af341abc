// A password from stdin as a SCRAM verifier.
#include "app_relay_hash.h"

#include <stdio.h>
#include <string.h>
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

static bool read_password(char *out, size_t size)
{
    struct termios before;
    bool is_terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
    if (is_terminal) {
        struct termios silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        (void)fprintf(stderr, "%s ", _("Password:"));
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent); // at worst it is seen
    }
    bool is_read = fgets(out, (int)size, stdin) != NULL;
    if (is_terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before); // what it was
        (void)fprintf(stderr, "\n");
    }
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
    char text[IRC_SCRAM_TEXT_MAX];
    struct irc_scram_verifier verifier = {.iterations = IRC_SCRAM_ITERATIONS};
    if (!read_password(line, sizeof(line))) {
        return err_set(err, "%s", _("There is no password on stdin."));
    }
    struct buf prepared; // as OPER prepares what is typed
    buf_init(&prepared, BUF_NO_LIMIT);
    struct str password = {line, strcspn(line, "\r\n")};
    bool is_good = password.len > 0 && password.len < sizeof(line) - 1 && utf8_is_valid(password);
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

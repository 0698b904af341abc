// The log sink, the one place outside app and platform with state of its own.
#include "log.h"

#include <stdarg.h>
#include <stdio.h>

static log_sink current_sink;
static enum log_level current_level = LOG_INFO;

static const char *const level_names[] = {"error", "warn", "info", "debug"};

void log_set(log_sink sink, enum log_level level)
{
    current_sink = sink;
    current_level = level;
}

bool log_level_parse(struct str name, enum log_level *out)
{
    for (int i = 0; i <= LOG_DEBUG; i++) {
        if (str_eq_nocase(name, str_from(level_names[i]))) {
            *out = (enum log_level)i;
            return true;
        }
    }
    return false;
}

const char *log_level_name(enum log_level level)
{
    return level_names[level];
}

// Peers put words into the log, and who reads it in a terminal shall not have it commanded.
static void drop_controls(char *text)
{
    for (unsigned char *at = (unsigned char *)text; *at; at++) {
        bool is_c1 = at[0] == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F;
        if (is_c1) {
            at[1] = '?';
        }
        if (is_c1 || *at < ' ' || *at == 0x7F) {
            *at = '?';
        }
    }
}

void log_write(enum log_level level, const char *module, const char *format, ...)
{
    if (!current_sink || level > current_level) {
        return;
    }
    char text[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args); // a log line may be cut
    va_end(args);
    drop_controls(text);
    current_sink(level, module, text);
}

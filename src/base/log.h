// The log: one sink for the program, set once in main before threads start.
//
// A file says #define LOG_MODULE "relay" before it includes this. Never log a password, a token
// or message text above debug. Control characters become '?'. Thread: any.
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>

#include "str.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

typedef void (*log_sink)(enum log_level level, const char *module, const char *text);

void log_set(log_sink sink, enum log_level level); // NULL sink: silence (the default)
bool log_level_parse(struct str name, enum log_level *out);
const char *log_level_name(enum log_level level);
void log_write(enum log_level level, const char *module, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define log_error(...) log_write(LOG_ERROR, LOG_MODULE, __VA_ARGS__)
#define log_warn(...)  log_write(LOG_WARN, LOG_MODULE, __VA_ARGS__)
#define log_info(...)  log_write(LOG_INFO, LOG_MODULE, __VA_ARGS__)
#define log_debug(...) log_write(LOG_DEBUG, LOG_MODULE, __VA_ARGS__)

#endif

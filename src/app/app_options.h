// The client's command line.
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>

#include "err.h"

struct app_options {
    const char *join; // HOST[:PORT] or irc://...; NULL: none
    const char *nick;
    bool wants_host;
    const char *host_name; // NULL: a name made from the nick
    int width, height;     // 0: default
    bool is_fullscreen;
    const char *theme;
    const char *language;
    const char *data;
    int fps;
    bool wants_version;
    bool wants_help;
};

// Strings point into argv. On failure err holds one clear sentence.
bool app_options_parse(struct app_options *out, int argc, char **argv, struct err *err);
void app_options_help(void); // to stdout

#endif

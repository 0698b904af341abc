// The client's command line: one table for getopt and for --help.
#include "app_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "str.h"

#define FPS_DEFAULT 60

struct option_row {
    struct option option;
    const char *argument; // shown in --help; NULL: none
    const char *help;     // msgid
};

// clang-format off
static const struct option_row rows[] = {
    {{"join",       required_argument, NULL, 'j'}, "HOST[:PORT]|irc://...", N_("join a party at this address")},
    {{"nick",       required_argument, NULL, 'n'}, "NAME",    N_("your name in the party")},
    {{"host",       optional_argument, NULL, 'H'}, "[NAME]",  N_("host a party and enter it")},
    {{"window",     required_argument, NULL, 'w'}, "WxH",     N_("size of the window in pixels, 640x400 or more")},
    {{"fullscreen", no_argument,       NULL, 'f'}, NULL,      N_("start in fullscreen")},
    {{"theme",      required_argument, NULL, 't'}, "NAME",    N_("velours (dark) or creme (light)")},
    {{"lang",       required_argument, NULL, 'l'}, "fr|en",   N_("language of the interface")},
    {{"data",       required_argument, NULL, 'd'}, "DIR",     N_("folder for settings and for what parties you host keep")},
    {{"fps",        required_argument, NULL, 'F'}, "N",       N_("frames a second while something moves, 10 to 240")},
    {{"version",    no_argument,       NULL, 'v'}, NULL,      N_("say the version and end")},
    {{"help",       no_argument,       NULL, 'h'}, NULL,      N_("show this help and end")},
};
// clang-format on

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static bool parse_window(struct app_options *out, struct str text, struct err *err)
{
    struct str width = text;
    struct str height = text;
    int64_t w = 0;
    int64_t h = 0;
    size_t at = 0;
    if (str_find_char(text, 'x', &at)) {
        width = str_range(text, 0, at);
        height = str_range(text, at + 1, text.len);
    }
    if (!str_to_int_in(width, 640, 16384, &w) || !str_to_int_in(height, 400, 16384, &h) || !at) {
        return err_set(err, _("--window wants WIDTHxHEIGHT, at least 640x400."));
    }
    out->width = (int)w;
    out->height = (int)h;
    return true;
}

static bool parse_fps(struct app_options *out, struct err *err)
{
    int64_t fps = 0;
    if (!str_to_int_in(str_from(optarg), 10, 240, &fps)) {
        return err_set(err, _("--fps wants a number from 10 to 240."));
    }
    out->fps = (int)fps;
    return true;
}

static bool take_language(struct app_options *out, struct err *err)
{
    if (strcmp(optarg, "fr") != 0 && strcmp(optarg, "en") != 0) {
        return err_set(err, _("--lang wants fr or en."));
    }
    out->language = optarg;
    return true;
}

// "--host NAME" as well as "--host=NAME": getopt only knows the second.
static void take_host(struct app_options *out, int argc, char **argv)
{
    out->wants_host = true;
    out->host_name = optarg;
    if (!optarg && optind < argc && argv[optind][0] != '-') {
        out->host_name = argv[optind++];
    }
}

static bool take(struct app_options *out, int letter, int argc, char **argv, struct err *err)
{
    switch (letter) {
    case 'j':
        out->join = optarg;
        return true;
    case 'n':
        out->nick = optarg;
        return true;
    case 'H':
        take_host(out, argc, argv);
        return true;
    case 'w':
        return parse_window(out, str_from(optarg), err);
    case 'f':
        out->is_fullscreen = true;
        return true;
    case 't':
        out->theme = optarg;
        return true;
    case 'l':
        return take_language(out, err);
    case 'd':
        out->data = optarg;
        return true;
    case 'F':
        return parse_fps(out, err);
    case 'v':
        out->wants_version = true;
        return true;
    case 'h':
        out->wants_help = true;
        return true;
    default:
        return err_set(err, _("Unknown or incomplete option %s; see --help."), argv[optind - 1]);
    }
}

bool app_options_parse(struct app_options *out, int argc, char **argv, struct err *err)
{
    *out = (struct app_options){.fps = FPS_DEFAULT};
    struct option options[ROW_COUNT + 1] = {0};
    for (size_t i = 0; i < ROW_COUNT; i++) {
        options[i] = rows[i].option;
    }
    opterr = 0;
    for (;;) {
        int letter = getopt_long(argc, argv, "", options, NULL);
        if (letter == -1) {
            break;
        }
        if (!take(out, letter, argc, argv, err)) {
            return false;
        }
    }
    if (optind < argc) {
        return err_set(err, _("\"%s\" is not understood; see --help."), argv[optind]);
    }
    if (out->join && out->wants_host) {
        return err_set(err, _("--join and --host exclude each other."));
    }
    return true;
}

void app_options_help(void)
{
    (void)printf("%s\n\n", _("Usage: ronron [options]"));
    for (size_t i = 0; i < ROW_COUNT; i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), "--%s %s", rows[i].option.name,
                       rows[i].argument ? rows[i].argument : "");
        (void)printf("  %-32s %s\n", name, _(rows[i].help));
    }
}

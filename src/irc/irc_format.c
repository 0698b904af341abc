// Formatting codes: bold 02, italic 1D, underline 1F, strike 1E, monospace 11, reverse 16, reset 0F,
// colour 03 with up to two digits each, hex colour 04 with six.
#include "irc_format.h"

// The 99 colours of modern.ircdocs.horse/formatting; 99 means the default.
static const uint32_t palette[99] = {
    // clang-format off
    0xFFFFFF, 0x000000, 0x00007F, 0x009300, 0xFF0000, 0x7F0000, 0x9C009C, 0xFC7F00,
    0xFFFF00, 0x00FC00, 0x009393, 0x00FFFF, 0x0000FC, 0xFF00FF, 0x7F7F7F, 0xD2D2D2,
    0x470000, 0x472100, 0x474700, 0x324700, 0x004700, 0x00472C, 0x004747, 0x002747,
    0x000047, 0x2E0047, 0x470047, 0x47002A, 0x740000, 0x743A00, 0x747400, 0x517400,
    0x007400, 0x007449, 0x007474, 0x004074, 0x000074, 0x4B0074, 0x740074, 0x740045,
    0xB50000, 0xB56300, 0xB5B500, 0x7DB500, 0x00B500, 0x00B571, 0x00B5B5, 0x0063B5,
    0x0000B5, 0x7500B5, 0xB500B5, 0xB5006B, 0xFF0000, 0xFF8C00, 0xFFFF00, 0xB2FF00,
    0x00FF00, 0x00FFA0, 0x00FFFF, 0x008CFF, 0x0000FF, 0xA500FF, 0xFF00FF, 0xFF0098,
    0xFF5959, 0xFFB459, 0xFFFF71, 0xCFFF60, 0x6FFF6F, 0x65FFC9, 0x6DFFFF, 0x59B4FF,
    0x5959FF, 0xC459FF, 0xFF66FF, 0xFF59BC, 0xFF9C9C, 0xFFD39C, 0xFFFF9C, 0xE2FF9C,
    0x9CFF9C, 0x9CFFDB, 0x9CFFFF, 0x9CD3FF, 0x9C9CFF, 0xDC9CFF, 0xFF9CFF, 0xFF94D3,
    0x000000, 0x131313, 0x282828, 0x363636, 0x4D4D4D, 0x656565, 0x818181, 0x9F9F9F,
    0xBCBCBC, 0xE2E2E2, 0xFFFFFF,
    // clang-format on
};

struct look {
    unsigned flags;
    uint32_t foreground;
    uint32_t background;
};

static const struct look plain_look = {0, IRC_COLOR_NONE, IRC_COLOR_NONE};

static bool is_digit(struct str s, size_t at)
{
    return at < s.len && s.data[at] >= '0' && s.data[at] <= '9';
}

static size_t take_palette_color(struct str text, size_t at, uint32_t *out)
{
    unsigned value = 0;
    size_t count = 0;
    while (count < 2 && is_digit(text, at + count)) {
        value = value * 10 + (unsigned)(text.data[at + count] - '0');
        count++;
    }
    if (count) {
        *out = value < 99 ? palette[value] : IRC_COLOR_NONE;
    }
    return count;
}

static size_t take_hex_color(struct str text, size_t at, uint32_t *out)
{
    uint32_t value = 0;
    for (size_t i = 0; i < 6; i++) {
        char c = at + i < text.len ? char_lower(text.data[at + i]) : 'x';
        if (c >= '0' && c <= '9') {
            value = value << 4 | (uint32_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            value = value << 4 | (uint32_t)(c - 'a' + 10);
        } else {
            return 0;
        }
    }
    *out = value;
    return 6;
}

typedef size_t (*take_color)(struct str text, size_t at, uint32_t *out);

// Bytes after the code byte. Without any digit the colours end.
static size_t take_colors(struct str text, size_t at, take_color take, struct look *look)
{
    size_t len = take(text, at, &look->foreground);
    if (len == 0) {
        look->foreground = IRC_COLOR_NONE;
        look->background = IRC_COLOR_NONE;
        return 0;
    }
    if (at + len < text.len && text.data[at + len] == ',') {
        size_t more = take(text, at + len + 1, &look->background);
        len += more ? more + 1 : 0;
    }
    return len;
}

// Length of the code at `at`, 0 when there is none. Changes look.
static size_t take_code(struct str text, size_t at, struct look *look)
{
    switch (text.data[at]) {
    case 0x02:
        look->flags ^= IRC_FORMAT_BOLD;
        return 1;
    case 0x1D:
        look->flags ^= IRC_FORMAT_ITALIC;
        return 1;
    case 0x1F:
        look->flags ^= IRC_FORMAT_UNDERLINE;
        return 1;
    case 0x1E:
        look->flags ^= IRC_FORMAT_STRIKE;
        return 1;
    case 0x11:
        look->flags ^= IRC_FORMAT_MONOSPACE;
        return 1;
    case 0x16:
        look->flags ^= IRC_FORMAT_REVERSE;
        return 1;
    case 0x0F:
        *look = plain_look;
        return 1;
    case 0x03:
        return 1 + take_colors(text, at + 1, take_palette_color, look);
    case 0x04:
        return 1 + take_colors(text, at + 1, take_hex_color, look);
    default:
        return 0;
    }
}

static bool is_same_look(const struct look *a, const struct irc_format_run *run)
{
    return a->flags == run->flags && a->foreground == run->foreground &&
           a->background == run->background;
}

static size_t add_run(struct irc_format_run *runs, size_t count, size_t max, size_t len,
                      const struct look *look)
{
    if (len == 0 || max == 0) {
        return count;
    }
    if (count > 0 && (count == max || is_same_look(look, &runs[count - 1]))) {
        runs[count - 1].len += len;
        return count;
    }
    runs[count] = (struct irc_format_run){len, look->flags, look->foreground, look->background};
    return count + 1;
}

size_t irc_format_parse(struct str text, struct buf *plain, struct irc_format_run *runs, size_t max)
{
    struct look look = plain_look;
    size_t count = 0;
    size_t from = 0;
    size_t at = 0;
    while (at <= text.len) {
        struct look before = look;
        size_t code = at < text.len ? take_code(text, at, &look) : 0;
        if (code == 0 && at < text.len) {
            at++;
            continue;
        }
        struct str part = str_range(text, from, at);
        if (!buf_append(plain, part)) {
            break;
        }
        count = add_run(runs, count, max, part.len, &before);
        at += code;
        from = at;
        if (code == 0) {
            break;
        }
    }
    return count;
}

bool irc_format_strip(struct buf *plain, struct str text)
{
    size_t room = buf_room(plain);
    (void)irc_format_parse(text, plain, NULL, 0); // without runs
    return room >= text.len || buf_room(plain) > 0;
}

bool irc_ctcp_parse(struct str text, struct str *command, struct str *rest)
{
    if (text.len < 2 || text.data[0] != 1) {
        return false;
    }
    bool has_end = text.data[text.len - 1] == 1;
    struct str inner = str_range(text, 1, text.len - (has_end ? 1 : 0));
    size_t at = inner.len;
    (void)str_find_char(inner, ' ', &at); // without a space the command is all
    *command = str_range(inner, 0, at);
    *rest = str_range(inner, at + 1, inner.len);
    return command->len > 0;
}

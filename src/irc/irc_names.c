// Names on IRC.
#include "irc_names.h"

#include <string.h>

#include "utf8.h"

bool irc_casemap_parse(struct str name, enum irc_casemap *out)
{
    static const struct {
        struct str name;
        enum irc_casemap map;
    } names[] = {
        {STR_INIT("ascii"), IRC_CASEMAP_ASCII},
        {STR_INIT("rfc1459"), IRC_CASEMAP_RFC1459},
        {STR_INIT("rfc1459-strict"), IRC_CASEMAP_RFC1459_STRICT},
        {STR_INIT("strict-rfc1459"), IRC_CASEMAP_RFC1459_STRICT},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq_nocase(name, names[i].name)) {
            *out = names[i].map;
            return true;
        }
    }
    return false;
}

char irc_casemap_char(enum irc_casemap map, char c)
{
    if (map != IRC_CASEMAP_ASCII) {
        // {}| are the lower case of []\ ; ~ of ^ only in rfc1459 itself.
        if (c >= '[' && c <= ']') {
            return (char)(c + 32);
        }
        if (c == '^' && map == IRC_CASEMAP_RFC1459) {
            return '~';
        }
    }
    return char_lower(c);
}

bool irc_names_equal(enum irc_casemap map, struct str a, struct str b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (irc_casemap_char(map, a.data[i]) != irc_casemap_char(map, b.data[i])) {
            return false;
        }
    }
    return true;
}

bool irc_names_fold(enum irc_casemap map, struct str name, char *out, size_t size)
{
    if (name.len >= size) {
        out[0] = '\0';
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        out[i] = irc_casemap_char(map, name.data[i]);
    }
    out[name.len] = '\0';
    return true;
}

static bool is_letter_or_special(char c)
{
    return (c >= 'A' && c <= '}') || (c >= 'a' && c <= 'z'); // A-Z [ \ ] ^ _ ` a-z { | }
}

static bool is_nick_char(char c)
{
    return is_letter_or_special(c) || (c >= '0' && c <= '9') || c == '-';
}

bool irc_nick_is_valid(struct str nick)
{
    if (nick.len == 0 || nick.len > IRC_NICK_MAX || !is_letter_or_special(nick.data[0])) {
        return false;
    }
    for (size_t i = 1; i < nick.len; i++) {
        if (!is_nick_char(nick.data[i])) {
            return false;
        }
    }
    return true;
}

bool irc_is_channel(struct str target)
{
    return target.len > 0 && target.data[0] == '#';
}

struct str irc_word(struct str text)
{
    size_t at = 0;
    bool is_word = text.len > 0 && text.data[0] != ':' && !str_find_char(text, ' ', &at);
    return is_word ? text : STR("*");
}

bool irc_channel_is_valid(struct str channel)
{
    if (!irc_is_channel(channel) || channel.len < 2 || channel.len > IRC_CHANNEL_MAX) {
        return false;
    }
    for (size_t i = 1; i < channel.len; i++) {
        unsigned char c = (unsigned char)channel.data[i];
        if (c <= ' ' || c == ',' || c == 0x7F) {
            return false;
        }
    }
    return utf8_is_valid(channel);
}

// Behind the character that begins there.
static size_t next_character(struct str text, size_t at)
{
    at++;
    while (at < text.len && ((unsigned char)text.data[at] & 0xC0) == 0x80) {
        at++;
    }
    return at;
}

bool irc_mask_matches(struct str mask, struct str text)
{
    size_t m = 0;
    size_t t = 0;
    size_t star = SIZE_MAX; // place of the last '*', to which a mismatch returns
    size_t retry = 0;
    while (t < text.len) {
        char c = m < mask.len ? mask.data[m] : '\0';
        if (m < mask.len && c == '*') {
            star = m++;
            retry = t;
        } else if (m < mask.len && (c == '?' || char_lower(c) == char_lower(text.data[t]))) {
            m++;
            t = c == '?' ? next_character(text, t) : t + 1;
        } else if (star != SIZE_MAX) {
            m = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    while (m < mask.len && mask.data[m] == '*') {
        m++;
    }
    return m == mask.len;
}

// Base letters of U+00C0..U+017F, two characters where a letter is written with two.
static const char *base_letters(uint32_t c)
{
    static const char latin1[] =
        "AAAAAA\1CEEEEIIIIDNOOOOO\0OUUUUY\0\2aaaaaa\3ceeeeiiiidnooooo\0ouuuuy\0y";
    static const char latin_a[] =
        "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi\4\5JjKkkLlLlLl"
        "LlLlNnNnNnnNnOoOoOo\6\7RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
    static const char *const pairs[] = {"", "AE", "ss", "ae", "IJ", "ij", "OE", "oe"};
    static const char singles[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    char letter = '\0';
    if (c >= 0xC0 && c <= 0xFF) {
        letter = latin1[c - 0xC0];
    } else if (c >= 0x100 && c <= 0x17F) {
        letter = latin_a[c - 0x100];
    }
    if (letter < 8) {
        return pairs[(int)letter];
    }
    return strchr(singles, letter); // only its first character is used
}

static size_t put_letters(char *out, size_t len, uint32_t c)
{
    if (c < 0x80) {
        out[len] = c > ' ' && is_nick_char((char)c) ? (char)c : '_';
        return len + 1;
    }
    const char *letters = base_letters(c);
    size_t count = !letters[0] ? 0
                   : (c == 0xC6 || c == 0xDF || c == 0xE6 || c == 0x132 || c == 0x133 ||
                      c == 0x152 || c == 0x153)
                       ? 2
                       : 1;
    for (size_t i = 0; i < count && len < IRC_NICK_MAX; i++) {
        out[len++] = letters[i];
    }
    return len;
}

void irc_nick_from_text(struct str text, char out[IRC_NICK_MAX + 1])
{
    size_t len = 0;
    size_t step = 0;
    text = str_trim(text);
    for (size_t at = 0; at < text.len && len < IRC_NICK_MAX; at += step) {
        uint32_t c = utf8_decode(text, at, &step);
        if (len == 0 && c < 0x80 && !is_letter_or_special((char)c)) {
            continue; // a nick begins with a letter or a special
        }
        len = put_letters(out, len, c);
    }
    out[len] = '\0';
    while (len > 1 && out[len - 1] == '_' && text.len > len) {
        out[--len] = '\0';
    }
    if (!irc_nick_is_valid(str_from(out))) {
        memcpy(out, "Chat", 5);
    }
}

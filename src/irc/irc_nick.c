// Nicks beyond ASCII.
#include "irc_nick.h"

#include <stdlib.h>

#include <utf8proc.h>

#include "utf8.h"

#define MARKS_MAX 4 // on one letter (UTS 39, 5.4); more are a tower over other lines

enum script { SCRIPT_NONE, SCRIPT_COMMON, SCRIPT_LATIN, SCRIPT_OTHER };

// Blocks of letters by script (Unicode 15), sorted; what stands in none of them is in no nick. The
// number tells scripts apart; Japanese writes with three that go together, Korean with one of them.
#define HAN    100
#define KANA   101
#define HANGUL 102
// clang-format off
static const struct {
    uint32_t from;
    uint32_t to;
    int script;
} blocks[] = {
    {0x00AA, 0x01BF, SCRIPT_LATIN},     {0x01C4, 0x024F, SCRIPT_LATIN}, // clicks look like ! and |
    {0x0300, 0x034E, SCRIPT_COMMON},    // marks on any letter; 034F is not seen
    {0x0350, 0x036F, SCRIPT_COMMON},
    {0x0370, 0x03FF, SCRIPT_OTHER},     // Greek
    {0x0400, 0x052F, SCRIPT_OTHER + 1}, // Cyrillic
    {0x0531, 0x0587, SCRIPT_OTHER + 2}, // Armenian
    {0x0591, 0x05F4, SCRIPT_OTHER + 3}, // Hebrew
    {0x0610, 0x06FF, SCRIPT_OTHER + 4}, // Arabic
    {0x0750, 0x077F, SCRIPT_OTHER + 4},
    {0x0900, 0x097F, SCRIPT_OTHER + 5}, // Devanagari
    {0x0980, 0x09FF, SCRIPT_OTHER + 6}, // Bengali
    {0x0A00, 0x0A7F, SCRIPT_OTHER + 7}, // Gurmukhi
    {0x0A80, 0x0AFF, SCRIPT_OTHER + 8}, // Gujarati
    {0x0B00, 0x0B7F, SCRIPT_OTHER + 9}, // Oriya
    {0x0B80, 0x0BFF, SCRIPT_OTHER + 10}, // Tamil
    {0x0C00, 0x0C7F, SCRIPT_OTHER + 11}, // Telugu
    {0x0C80, 0x0CFF, SCRIPT_OTHER + 12}, // Kannada
    {0x0D00, 0x0D7F, SCRIPT_OTHER + 13}, // Malayalam
    {0x0D80, 0x0DFF, SCRIPT_OTHER + 14}, // Sinhala
    {0x0E00, 0x0E7F, SCRIPT_OTHER + 15}, // Thai
    {0x0E80, 0x0EFF, SCRIPT_OTHER + 16}, // Lao
    {0x0F00, 0x0FFF, SCRIPT_OTHER + 17}, // Tibetan
    {0x1000, 0x109F, SCRIPT_OTHER + 18}, // Myanmar
    {0x10A0, 0x10FF, SCRIPT_OTHER + 19}, // Georgian
    {0x1200, 0x139F, SCRIPT_OTHER + 20}, // Ethiopic
    {0x1780, 0x17B3, SCRIPT_OTHER + 21}, // Khmer; 17B4 and 17B5 are not seen
    {0x17B6, 0x17FF, SCRIPT_OTHER + 21},
    {0x1E00, 0x1EFF, SCRIPT_LATIN},
    {0x1F00, 0x1FFF, SCRIPT_OTHER},      // Greek with its marks
    {0x3005, 0x3007, HAN},              {0x3041, 0x30FF, KANA},
    {0x3400, 0x4DBF, HAN},              {0x4E00, 0x9FFF, HAN},
    {0xAC00, 0xD7A3, HANGUL},           {0x20000, 0x323AF, HAN},
};
// clang-format on

static int script_of(uint32_t c)
{
    if (c < 0x80) {
        char lower = char_lower((char)c);
        bool is_letter = lower >= 'a' && lower <= 'z';
        bool is_nick = is_letter || (c >= '0' && c <= '9') || c == '-' || (c >= '[' && c <= '`') ||
                       (c >= '{' && c <= '}');
        return is_letter ? SCRIPT_LATIN : is_nick ? SCRIPT_COMMON : SCRIPT_NONE;
    }
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        if (c >= blocks[i].from && c <= blocks[i].to) {
            return blocks[i].script;
        }
    }
    return SCRIPT_NONE;
}

static bool go_together(int a, int b)
{
    bool is_a_han = a == HAN, is_b_han = b == HAN;
    return a == SCRIPT_COMMON || b == SCRIPT_COMMON || a == b ||
           (is_a_han && (b == KANA || b == HANGUL)) || (is_b_han && (a == KANA || a == HANGUL));
}

// Letters may stand anywhere, marks and digits not at the beginning.
static bool may_stand(uint32_t c, bool is_first)
{
    if (c < 0x80) {
        return !is_first || !((c >= '0' && c <= '9') || c == '-');
    }
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return true;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
        return !is_first;
    default:
        return false;
    }
}

static bool is_mark(uint32_t c)
{
    return utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_MN;
}

static bool is_nick(struct str text)
{
    int script = SCRIPT_COMMON;
    size_t count = 0, marks = 0;
    size_t step = 0;
    for (size_t at = 0; at < text.len; at += step) {
        uint32_t c = utf8_decode(text, at, &step);
        int mine = script_of(c);
        if (mine == SCRIPT_NONE || !may_stand(c, at == 0) || !go_together(script, mine)) {
            return false;
        }
        marks = is_mark(c) ? marks + 1 : 0;
        if (marks > MARKS_MAX) {
            return false;
        }
        // Han leaves open what it goes with; kana and hangul decide.
        if (script == SCRIPT_COMMON || script == HAN) {
            script = mine == SCRIPT_COMMON ? script : mine;
        }
        count++;
    }
    return count > 0 && count <= IRC_NICK_MAX && text.len <= IRC_NICK_BYTES;
}

bool irc_nick_normalise(struct str text, char out[IRC_NICK_BYTES + 1])
{
    utf8proc_uint8_t *made = NULL;
    out[0] = '\0';
    // A composed nick is never longer than its parts, but its parts may be many: bound them.
    if (text.len == 0 || text.len > (size_t)2 * IRC_NICK_BYTES || !utf8_is_valid(text)) {
        return false;
    }
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)text.data, (utf8proc_ssize_t)text.len, &made,
                     (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    struct str normal = {(const char *)made, len > 0 ? (size_t)len : 0};
    bool is_good = len > 0 && is_nick(normal);
    if (is_good) {
        (void)str_copy(out, IRC_NICK_BYTES + 1, normal); // measured above
    }
    free(made); // utf8proc's own
    return is_good;
}

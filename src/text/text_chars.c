#include "text_chars.h"

#include <stddef.h>

#include <utf8proc.h>

#include "utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct range {
    uint32_t first;
    uint32_t last;
};

struct script_range {
    uint32_t first;
    uint32_t last;
    uint8_t script;
};

enum script {
    COMMON = TEXT_SCRIPT_COMMON,
    LATN,
    GREK,
    CYRL,
    ARMN,
    HEBR,
    ARAB,
    SYRC,
    THAA,
    NKOO,
    DEVA,
    BENG,
    GURU,
    GUJR,
    ORYA,
    TAML,
    TELU,
    KNDA,
    MLYM,
    SINH,
    THAI,
    LAOO,
    TIBT,
    MYMR,
    GEOR,
    HANG,
    ETHI,
    CHER,
    CANS,
    OGAM,
    RUNR,
    TGLG,
    KHMR,
    MONG,
    HANI,
    YIII,
    TFNG,
    COPT,
    JAVA,
    BALI,
    SUND,
    CHAM,
    SAMR,
    MAND,
    ADLM,
    OLCK,
    LIMB,
    TALE,
    BUGI,
    LANA,
    BATK,
    LEPC,
    SAUR,
    KALI,
    RJNG,
    MTEI,
    GLAG,
    GOTH,
    BRAH,
    CAKM,
    SCRIPT_COUNT,
};

// clang-format off
static const char tags[SCRIPT_COUNT][5] = {
    "Latn", "Latn", "Grek", "Cyrl", "Armn", "Hebr", "Arab", "Syrc", "Thaa", "Nkoo", "Deva", "Beng",
    "Guru", "Gujr", "Orya", "Taml", "Telu", "Knda", "Mlym", "Sinh", "Thai", "Laoo", "Tibt", "Mymr",
    "Geor", "Hang", "Ethi", "Cher", "Cans", "Ogam", "Runr", "Tglg", "Khmr", "Mong", "Hani", "Yiii",
    "Tfng", "Copt", "Java", "Bali", "Sund", "Cham", "Samr", "Mand", "Adlm", "Olck", "Limb", "Tale",
    "Bugi", "Lana", "Batk", "Lepc", "Saur", "Kali", "Rjng", "Mtei", "Glag", "Goth", "Brah", "Cakm",
};

// Blocks, sorted. Han, kana and bopomofo count as one script: they share fonts and shaping.
static const struct script_range scripts[] = {
    {0x0041, 0x005A, LATN}, {0x0061, 0x007A, LATN}, {0x00AA, 0x00AA, LATN}, {0x00BA, 0x00BA, LATN},
    {0x00C0, 0x00D6, LATN}, {0x00D8, 0x00F6, LATN}, {0x00F8, 0x02B8, LATN}, {0x0370, 0x03FF, GREK},
    {0x0400, 0x052F, CYRL}, {0x0531, 0x058F, ARMN}, {0x0591, 0x05F4, HEBR}, {0x0600, 0x06FF, ARAB},
    {0x0700, 0x074F, SYRC}, {0x0750, 0x077F, ARAB}, {0x0780, 0x07BF, THAA}, {0x07C0, 0x07FF, NKOO},
    {0x0800, 0x083F, SAMR}, {0x0840, 0x085F, MAND}, {0x0860, 0x086F, SYRC}, {0x0870, 0x08FF, ARAB},
    {0x0900, 0x097F, DEVA}, {0x0980, 0x09FF, BENG}, {0x0A00, 0x0A7F, GURU}, {0x0A80, 0x0AFF, GUJR},
    {0x0B00, 0x0B7F, ORYA}, {0x0B80, 0x0BFF, TAML}, {0x0C00, 0x0C7F, TELU}, {0x0C80, 0x0CFF, KNDA},
    {0x0D00, 0x0D7F, MLYM}, {0x0D80, 0x0DFF, SINH}, {0x0E01, 0x0E3A, THAI}, {0x0E40, 0x0E7F, THAI},
    {0x0E80, 0x0EFF, LAOO}, {0x0F00, 0x0FFF, TIBT}, {0x1000, 0x109F, MYMR}, {0x10A0, 0x10FF, GEOR},
    {0x1100, 0x11FF, HANG}, {0x1200, 0x139F, ETHI}, {0x13A0, 0x13FF, CHER}, {0x1400, 0x167F, CANS},
    {0x1680, 0x169F, OGAM}, {0x16A0, 0x16FF, RUNR}, {0x1700, 0x171F, TGLG}, {0x1780, 0x17FF, KHMR},
    {0x1800, 0x18AF, MONG}, {0x18B0, 0x18FF, CANS}, {0x1900, 0x194F, LIMB}, {0x1950, 0x197F, TALE},
    {0x19E0, 0x19FF, KHMR}, {0x1A00, 0x1A1F, BUGI}, {0x1A20, 0x1AAF, LANA}, {0x1B00, 0x1B7F, BALI},
    {0x1B80, 0x1BBF, SUND}, {0x1BC0, 0x1BFF, BATK}, {0x1C00, 0x1C4F, LEPC}, {0x1C50, 0x1C7F, OLCK},
    {0x1C80, 0x1C8F, CYRL}, {0x1C90, 0x1CBF, GEOR}, {0x1CC0, 0x1CCF, SUND}, {0x1D00, 0x1DBF, LATN},
    {0x1E00, 0x1EFF, LATN}, {0x1F00, 0x1FFF, GREK}, {0x2C00, 0x2C5F, GLAG}, {0x2C60, 0x2C7F, LATN},
    {0x2C80, 0x2CFF, COPT}, {0x2D00, 0x2D2F, GEOR}, {0x2D30, 0x2D7F, TFNG}, {0x2D80, 0x2DDF, ETHI},
    {0x2DE0, 0x2DFF, CYRL}, {0x2E80, 0x2FDF, HANI}, {0x3005, 0x3007, HANI}, {0x3021, 0x3029, HANI},
    {0x3031, 0x3035, HANI}, {0x3041, 0x312F, HANI}, {0x3130, 0x318F, HANG}, {0x31A0, 0x31FF, HANI},
    {0x3400, 0x4DBF, HANI}, {0x4E00, 0x9FFF, HANI}, {0xA000, 0xA4CF, YIII}, {0xA640, 0xA69F, CYRL},
    {0xA720, 0xA7FF, LATN}, {0xA880, 0xA8DF, SAUR}, {0xA8E0, 0xA8FF, DEVA}, {0xA900, 0xA92F, KALI},
    {0xA930, 0xA95F, RJNG}, {0xA960, 0xA97F, HANG}, {0xA980, 0xA9DF, JAVA}, {0xA9E0, 0xA9FF, MYMR},
    {0xAA00, 0xAA5F, CHAM}, {0xAA60, 0xAA7F, MYMR}, {0xAAE0, 0xAAFF, MTEI}, {0xAB00, 0xAB2F, ETHI},
    {0xAB30, 0xAB6F, LATN}, {0xAB70, 0xABBF, CHER}, {0xABC0, 0xABFF, MTEI}, {0xAC00, 0xD7FF, HANG},
    {0xF900, 0xFAFF, HANI}, {0xFB00, 0xFB06, LATN}, {0xFB13, 0xFB17, ARMN}, {0xFB1D, 0xFB4F, HEBR},
    {0xFB50, 0xFDFF, ARAB}, {0xFE70, 0xFEFC, ARAB}, {0xFF21, 0xFF3A, LATN}, {0xFF41, 0xFF5A, LATN},
    {0xFF66, 0xFF9F, HANI}, {0xFFA0, 0xFFDC, HANG}, {0x10330, 0x1034F, GOTH}, {0x11000, 0x1107F, BRAH},
    {0x11100, 0x1114F, CAKM}, {0x1B000, 0x1B16F, HANI},
    {0x1E900, 0x1E95F, ADLM}, {0x1EE00, 0x1EEFF, ARAB}, {0x20000, 0x323AF, HANI},
};

static const struct range rtl[] = {
    {0x0590, 0x08FF}, {0xFB1D, 0xFDFF}, {0xFE70, 0xFEFF}, {0x10800, 0x10FFF}, {0x1E800, 0x1EFFF},
};

static const struct range cjk[] = {
    {0x2E80, 0x2FDF}, {0x3000, 0x312F}, {0x3190, 0x4DBF}, {0x4E00, 0x9FFF}, {0xA000, 0xA4CF},
    {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE30, 0xFE4F}, {0xFF00, 0xFF60}, {0xFF66, 0xFF9F},
    {0xFFE0, 0xFFE6}, {0x1B000, 0x1B16F}, {0x20000, 0x323AF},
};

static const struct range emoji[] = {
    {0x231A, 0x231B}, {0x23E9, 0x23F3}, {0x25FD, 0x25FE}, {0x2600, 0x27BF}, {0x2B1B, 0x2B1C},
    {0x2B50, 0x2B50}, {0x2B55, 0x2B55}, {0x1F000, 0x1FAFF},
};

// Japanese and Chinese line breaking (kinsoku), and closing marks of other scripts.
static const uint32_t no_start[] = {
    0x21, 0x29, 0x2C, 0x2E, 0x3A, 0x3B, 0x3F, 0x5D, 0x7D, 0xBB, 0x2019, 0x201D, 0x2026, 0x203A,
    0x3001, 0x3002, 0x3005, 0x3009, 0x300B, 0x300D, 0x300F, 0x3011, 0x3015, 0x3017, 0x301F, 0x3041,
    0x3043, 0x3045, 0x3047, 0x3049, 0x3063, 0x3083, 0x3085, 0x3087, 0x308E, 0x309B, 0x309C, 0x309D,
    0x309E, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30C3, 0x30E3, 0x30E5, 0x30E7, 0x30EE, 0x30F5,
    0x30F6, 0x30FB, 0x30FC, 0x30FD, 0x30FE, 0xFF01, 0xFF09, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F,
    0xFF3D, 0xFF5D, 0xFF61, 0xFF63, 0xFF64, 0xFF65,
};
static const uint32_t no_end[] = {
    0x28, 0x5B, 0x7B, 0xAB, 0x2018, 0x201C, 0x2039, 0x3008, 0x300A, 0x300C, 0x300E, 0x3010, 0x3014,
    0x3016, 0x301D, 0xFF08, 0xFF3B, 0xFF5B, 0xFF62,
};
// clang-format on

static bool in_ranges(const struct range *ranges, size_t count, uint32_t code_point)
{
    for (size_t i = 0; i < count && ranges[i].first <= code_point; i++) {
        if (code_point <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static bool in_list(const uint32_t *list, size_t count, uint32_t code_point)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (list[middle] < code_point) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && list[low] == code_point;
}

uint8_t text_char_script(uint32_t code_point)
{
    if (code_point < 0x80) {
        uint32_t lower = code_point | 0x20;
        return lower >= 'a' && lower <= 'z' ? LATN : COMMON;
    }
    size_t low = 0, high = COUNT(scripts);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (scripts[middle].last < code_point) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < COUNT(scripts) && scripts[low].first <= code_point;
    return found ? scripts[low].script : COMMON;
}

const char *text_script_tag(uint8_t script)
{
    return script < SCRIPT_COUNT ? tags[script] : tags[COMMON];
}

bool text_script_is_simple(uint8_t script)
{
    return script <= CYRL;
}

bool text_char_is_rtl(uint32_t code_point)
{
    return code_point >= 0x590 && in_ranges(rtl, COUNT(rtl), code_point);
}

bool text_char_is_space(uint32_t code_point)
{
    return code_point == ' ' || code_point == '\t' || code_point == 0x1680 ||
           (code_point >= 0x2000 && code_point <= 0x200A && code_point != 0x2007) ||
           code_point == 0x205F;
}

bool text_char_is_cjk(uint32_t code_point)
{
    return code_point >= 0x2E80 && in_ranges(cjk, COUNT(cjk), code_point);
}

bool text_char_is_hidden(uint32_t code_point)
{
    if (code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F)) {
        return code_point != '\t';
    }
    return code_point == 0xAD || code_point == 0x200B || code_point == 0xFEFF ||
           (code_point >= 0x2028 && code_point <= 0x2029) ||
           (code_point >= 0x2060 && code_point <= 0x206F) ||
           (code_point >= 0xFFF0 && code_point <= 0xFFFB) || utf8_is_bidi_control(code_point);
}

bool text_char_is_joiner(uint32_t code_point)
{
    return (code_point >= 0x200C && code_point <= 0x200D) || code_point == 0x20E3 ||
           (code_point >= 0xFE00 && code_point <= 0xFE0F) ||
           (code_point >= 0x1F3FB && code_point <= 0x1F3FF) ||
           (code_point >= 0xE0000 && code_point <= 0xE0FFF);
}

bool text_char_is_emoji(uint32_t code_point)
{
    return code_point >= 0x231A && in_ranges(emoji, COUNT(emoji), code_point);
}

bool text_char_no_start(uint32_t code_point)
{
    return in_list(no_start, COUNT(no_start), code_point);
}

bool text_char_no_end(uint32_t code_point)
{
    return in_list(no_end, COUNT(no_end), code_point);
}

bool text_char_breaks_after(uint32_t code_point)
{
    return code_point == '-' || code_point == '/' || code_point == 0x2010 ||
           (code_point >= 0x2012 && code_point <= 0x2014);
}

bool text_char_is_word(uint32_t code_point)
{
    if (code_point < 0x80) {
        uint32_t lower = code_point | 0x20;
        return (lower >= 'a' && lower <= 'z') || (code_point >= '0' && code_point <= '9');
    }
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code_point);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

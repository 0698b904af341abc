// What a line's text becomes for the search index, and what a search becomes as a query.
#include "store_words.h"

#include <utf8proc.h>

#include "b64.h"
#include "utf8.h"

// Scripts written without blanks between words, one word a character.
static bool is_cjk(uint32_t c)
{
    return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

// The same as unicode61's: letters, numbers, private use.
static bool is_word_char(uint32_t c)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO) ||
           category == UTF8PROC_CATEGORY_CO;
}

static size_t skip_class(struct str text, size_t at, size_t max, struct str chars)
{
    size_t end = at;
    size_t ignored;
    while (end < text.len && end - at < max && str_find_char(chars, text.data[end], &ignored)) {
        end++;
    }
    return end;
}

// Bytes of an IRC formatting code at `at`, its colours included; 0: there is none.
static size_t format_len(struct str text, size_t at)
{
    switch (text.data[at]) {
    case 0x02: // bold, reset, monospace, reverse, italics, strikethrough, underline
    case 0x0F:
    case 0x11:
    case 0x16:
    case 0x1D:
    case 0x1E:
    case 0x1F:
        return 1;
    case 0x03:
    case 0x04:
        break;
    default:
        return 0;
    }
    size_t max = text.data[at] == 0x03 ? 2 : 6;
    struct str set = max == 2 ? STR("0123456789") : STR("0123456789abcdefABCDEF");
    size_t end = skip_class(text, at + 1, max, set);
    if (end > at + 1 && end + 1 < text.len && text.data[end] == ',') {
        size_t second = skip_class(text, end + 1, max, set);
        end = second > end + 1 ? second : end;
    }
    return end - at;
}

void store_words_index(struct buf *out, struct str text)
{
    size_t at = 0;
    if (str_starts(text, STR("\001ACTION "))) {
        at = sizeof("\001ACTION ") - 1;
    }
    while (at < text.len) {
        size_t len = format_len(text, at);
        if (len > 0) {
            at += len;
            continue;
        }
        bool stands_alone = is_cjk(utf8_decode(text, at, &len));
        // These buffers have no ceiling; their text was bounded on its way in.
        (void)(stands_alone && buf_append_char(out, ' '));
        (void)buf_append(out, str_range(text, at, at + len));
        (void)(stands_alone && buf_append_char(out, ' '));
        at += len;
    }
}

static bool has_word(struct str text)
{
    for (size_t at = 0, len = 0; at < text.len; at += len) {
        if (is_word_char(utf8_decode(text, at, &len))) {
            return true;
        }
    }
    return false;
}

bool store_words_query(struct buf *out, struct str text)
{
    enum { MAX_WORDS = 32 };
    struct str word;
    size_t count = 0;
    while (count < MAX_WORDS && str_next(&text, ' ', &word)) {
        if (!has_word(word)) {
            continue; // a phrase of no words would match nothing
        }
        struct buf split;
        buf_init(&split, BUF_NO_LIMIT);
        store_words_index(&split, word);
        for (size_t i = 0; i < split.len; i++) {
            if (split.data[split.start + i] == '"') {
                split.data[split.start + i] = ' ';
            }
        }
        (void)buf_printf(out, "%s\"%.*s\"", count ? " " : "", STR_ARG(buf_str(&split)));
        buf_deinit(&split);
        count++;
    }
    return count > 0;
}

void store_words_nick(struct buf *out, struct str source)
{
    size_t end = source.len;
    (void)str_find_char(source, '!', &end); // without one it is a nick alone
    (void)buf_append_char(out, 'n');
    for (size_t i = 0; i < end; i++) {
        char c = char_lower(source.data[i]), hex[3];
        hex_encode(hex, (struct str){&c, 1});
        (void)buf_append(out, str_from(hex)); // no ceiling
    }
}

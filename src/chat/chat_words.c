// What servers say in the terms of the wire, in a person's words and language.
#include "chat_internal.h"
#include "i18n.h"

#define WORDS_MAX 2

// %s stands for a word that is taken over, in its order. What is not here is translated if the
// catalogue has it, since a relay speaks from the same one, and shown as it came if not.
// clang-format off
static const struct { const char *said; const char *told; } known[] = {
    {"Cannot send to channel (you are muted)", N_("You are muted in this room: nobody got that.")},
    {"Cannot send to channel (you are banned)", N_("You are banned from this room: nobody got that.")},
    {"Cannot send to channel (only those with a voice may speak)",
     N_("Only people whom the host lets speak are heard here now: nobody got that.")},
    {"Cannot send to channel (slow mode: wait %s more seconds)",
     N_("This room is slow: nobody got that. In %s seconds you may send it again.")},
    {"Cannot join channel (wrong key)", N_("This room has a key. Ask for it, then write /join #room KEY.")},
    {"Cannot join channel (by invitation only)", N_("This room is closed: only people who were invited come in.")},
    {"Cannot join channel (you are banned)", N_("You are banned from this room.")},
    {"Cannot join channel (it is full)", N_("This room is full. Try again later.")},
    {"Only hosts may do that", N_("Only hosts may do that.")},
    {"No such nick", N_("Nobody here has that name.")},
    {"You are muted in %s for %s seconds", N_("You are muted in %s for %s seconds: nobody gets what you write there.")},
    {"You are banned in %s for %s seconds", N_("You are banned from %s for %s seconds: nobody gets what you write there.")},
    {"You are banned in %s until a host lifts it", N_("You are banned from %s until a host lifts it: nobody gets what you write there.")},
    {"You are muted in %s until a host lifts it", N_("You are muted in %s until a host lifts it: nobody gets what you write there.")},
    {"The party is full", N_("The party is full. Try again when somebody has left.")},
    {"What is said here is kept.", N_("What is said here is kept.")},
    {"What is said here is kept for %s days.", N_("What is said here is kept for %s days.")},
    {"What is said here is kept for %s hours.", N_("What is said here is kept for %s hours.")},
    {"What is said here is kept, the latest %s MB at most.", N_("What is said here is kept, the latest %s MB at most.")},
    {"What is said here is kept for %s days, the latest %s MB at most.",
     N_("What is said here is kept for %s days, the latest %s MB at most.")},
    {"What is said here is kept for %s hours, the latest %s MB at most.",
     N_("What is said here is kept for %s hours, the latest %s MB at most.")},
};
// clang-format on

static struct str next_word(struct str text)
{
    size_t at = text.len;
    (void)str_find_char(text, ' ', &at); // else it is the last one
    return str_range(text, 0, at);
}

static bool matches(struct str pattern, struct str text, struct str words[WORDS_MAX])
{
    size_t count = 0;
    size_t at = 0;
    while (str_find(pattern, STR("%s"), &at)) {
        if (!str_starts(text, str_range(pattern, 0, at)) || count == WORDS_MAX) {
            return false;
        }
        words[count] = next_word(str_range(text, at, text.len));
        text = str_range(text, at + words[count++].len, text.len);
        pattern = str_range(pattern, at + 2, pattern.len);
    }
    return str_eq(pattern, text);
}

static void fill(struct buf *out, struct str pattern, const struct str words[WORDS_MAX])
{
    size_t at = 0;
    for (size_t i = 0; i < WORDS_MAX && str_find(pattern, STR("%s"), &at); i++) {
        (void)buf_append(out, str_range(pattern, 0, at)); // no ceiling
        (void)buf_append(out, words[i]);
        pattern = str_range(pattern, at + 2, pattern.len);
    }
    (void)buf_append(out, pattern);
}

void chat_words(struct buf *out, struct str text)
{
    struct str words[WORDS_MAX] = {0};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (matches(str_from(known[i].said), text, words)) {
            fill(out, str_from(_(known[i].told)), words);
            return;
        }
    }
    char whole[512];
    bool is_whole = text.len && str_copy(whole, sizeof(whole), text);
    (void)buf_append(out, is_whole ? str_from(_(whole)) : text); // no ceiling
}

// What servers say in the terms of the wire, in a person's words and language.
#include "chat_internal.h"
#include "i18n.h"

#define PARTS_MAX 2

// %s stands for a part that is taken over, in its order. What is not here is translated if the
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
    {"The history cannot be written: %s The party goes on without it. What was kept before is safe.",
     N_("The history cannot be written: %s The party goes on without it. What was kept before is safe.")},
    {"The nickname %s belongs to an account whose owner has logged in; you are %s now",
     N_("The name %s belongs to an account whose owner has come; you are %s now.")},
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

// In the user's language where the catalogue has exactly this.
static struct str translated(struct str text, char room[512])
{
    bool is_whole = text.len && str_copy(room, 512, text);
    return is_whole ? str_from(_(room)) : text;
}

static bool matches(struct str pattern, struct str text, struct str parts[PARTS_MAX])
{
    size_t at = 0;
    for (size_t i = 0; str_find(pattern, STR("%s"), &at); i++) {
        if (!str_starts(text, str_range(pattern, 0, at)) || i == PARTS_MAX) {
            return false;
        }
        text = str_range(text, at, text.len);
        pattern = str_range(pattern, at + 2, pattern.len);
        // The part ends where what follows it begins.
        size_t next = pattern.len;
        size_t end = text.len;
        (void)str_find(pattern, STR("%s"), &next); // else all the rest follows
        if (next && !str_find(text, str_range(pattern, 0, next), &end)) {
            return false;
        }
        parts[i] = str_range(text, 0, end);
        text = str_range(text, end, text.len);
    }
    return str_eq(pattern, text);
}

static void fill(struct buf *out, struct str pattern, const struct str parts[PARTS_MAX])
{
    char room[512];
    size_t at = 0;
    for (size_t i = 0; i < PARTS_MAX && str_find(pattern, STR("%s"), &at); i++) {
        (void)buf_append(out, str_range(pattern, 0, at)); // no ceiling
        (void)buf_append(out, translated(parts[i], room));
        pattern = str_range(pattern, at + 2, pattern.len);
    }
    (void)buf_append(out, pattern);
}

void chat_words(struct buf *out, struct str text)
{
    struct str parts[PARTS_MAX] = {0};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (matches(str_from(known[i].said), text, parts)) {
            fill(out, str_from(_(known[i].told)), parts);
            return;
        }
    }
    char room[512];
    (void)buf_append(out, translated(text, room)); // no ceiling
}

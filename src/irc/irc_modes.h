// Walks a MODE change ("+ov-k ana leo key") letter by letter with its param.
#ifndef IRC_MODES_H
#define IRC_MODES_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

struct irc_mode_walk {
    struct str letters;
    const struct str *params; // borrowed
    size_t param_count;
    size_t at;
    size_t param_at;
    bool is_adding;
};

struct irc_mode_change {
    bool is_adding;
    char letter;
    bool has_param;
    struct str param;
};

// `needs_param` answers for a letter: 0 never, 1 always, 2 only when adding.
typedef int (*irc_mode_arity)(void *context, char letter);

void irc_mode_walk_init(struct irc_mode_walk *walk, struct str letters, const struct str *params,
                        size_t param_count);
// false at the end. A missing param leaves has_param false.
bool irc_mode_walk_next(struct irc_mode_walk *walk, irc_mode_arity needs_param, void *context,
                        struct irc_mode_change *out);

#endif

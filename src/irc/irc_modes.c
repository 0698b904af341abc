// Walks MODE changes.
#include "irc_modes.h"

void irc_mode_walk_init(struct irc_mode_walk *walk, struct str letters, const struct str *params,
                        size_t param_count)
{
    *walk = (struct irc_mode_walk){
        .letters = letters, .params = params, .param_count = param_count, .is_adding = true};
}

bool irc_mode_walk_next(struct irc_mode_walk *walk, irc_mode_arity needs_param, void *context,
                        struct irc_mode_change *out)
{
    while (walk->at < walk->letters.len) {
        char letter = walk->letters.data[walk->at++];
        if (letter == '+' || letter == '-') {
            walk->is_adding = letter == '+';
            continue;
        }
        int arity = needs_param(context, letter);
        bool wants = arity == 1 || (arity == 2 && walk->is_adding);
        *out = (struct irc_mode_change){.is_adding = walk->is_adding, .letter = letter};
        if (wants && walk->param_at < walk->param_count) {
            out->has_param = true;
            out->param = walk->params[walk->param_at++];
        }
        return true;
    }
    return false;
}

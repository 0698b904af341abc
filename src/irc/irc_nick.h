// Nicks beyond ASCII, for networks that allow them: letters and digits of one script.
//
// A nick is brought into NFC, so that two ways to write the same one are one. Letters of two
// scripts are refused, since many of them look alike ("аna" with a Cyrillic а); so is everything
// that cannot be seen or turns the direction, and a letter with more than four marks. A nick all of
// one script that looks like one of another is not found out. The casemapping stays ascii: beyond
// it, case is another letter.
#ifndef IRC_NICK_H
#define IRC_NICK_H

#include <stdbool.h>

#include "irc_names.h"

// Letters, marks and digits of one script and the ASCII specials of nicks, IRC_NICK_MAX code points
// at most. false: this is no nick, and out is "".
bool irc_nick_normalise(struct str text, char out[IRC_NICK_BYTES + 1]);

#endif

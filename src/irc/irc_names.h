// Names on IRC: casemapping, what is a nick, what is a channel, masks.
//
// The casemapping is `ascii`, announced in 005. Nicks are RFC 2812 2.3.1 letters, digits and
// specials plus, where the network says so, UTF-8 letters and digits.
#ifndef IRC_NAMES_H
#define IRC_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "str.h"

#define IRC_NICK_MAX    30 // code points; 4 bytes each at most
#define IRC_NICK_BYTES  120
#define IRC_CHANNEL_MAX 64 // bytes with '#'
#define IRC_USER_MAX    20
#define IRC_HOST_MAX    63

enum irc_casemap { IRC_CASEMAP_ASCII, IRC_CASEMAP_RFC1459, IRC_CASEMAP_RFC1459_STRICT };

bool irc_casemap_parse(struct str name, enum irc_casemap *out);
char irc_casemap_char(enum irc_casemap map, char c);
bool irc_names_equal(enum irc_casemap map, struct str a, struct str b);
// Writes the folded name (same length) to out; false when it does not fit. Adds a NUL.
bool irc_names_fold(enum irc_casemap map, struct str name, char *out, size_t size);

// RFC specials and ASCII only: [A-Za-z[]\`_^{|}] then also digits and '-'. 1..IRC_NICK_MAX.
bool irc_nick_is_valid(struct str nick);
// '#' and at least one byte more, no space, comma, control byte, valid UTF-8, IRC_CHANNEL_MAX.
bool irc_channel_is_valid(struct str channel);
bool irc_is_channel(struct str target); // begins with '#'
// What somebody wrote, fit to stand in a reply as a middle param: "*" when it is empty, has a space
// or begins with ':'.
struct str irc_word(struct str text);
// Glob with * and ? (one character), ASCII case folded, never slower than O(pattern * text).
bool irc_mask_matches(struct str mask, struct str text);
// Turns anything into a valid ASCII nick ("Élodie du 75" -> "Elodie_du_75"), never empty.
void irc_nick_from_text(struct str text, char out[IRC_NICK_MAX + 1]);

#endif

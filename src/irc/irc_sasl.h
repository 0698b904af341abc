// SASL on IRC (IRCv3 sasl 3.2): chunks of AUTHENTICATE, PLAIN (RFC 4616), preparation of passwords.
//
// SCRAM stands in irc_scram.h. Thread: any, no state.
#ifndef IRC_SASL_H
#define IRC_SASL_H

#include <stdbool.h>

#include "buf.h"
#include "str.h"

#define IRC_SASL_CHUNK 400 // bytes of base64 in one AUTHENTICATE

// --- what arrives, chunk by chunk ---
enum irc_sasl_feed {
    IRC_SASL_MORE,     // 400 bytes: another chunk follows
    IRC_SASL_WHOLE,    // the message is complete (and may be empty)
    IRC_SASL_TOO_LONG, // a chunk over 400 bytes, or the message over the buffer's ceiling
};
// Appends one chunk to the base64 text gathered so far.
enum irc_sasl_feed irc_sasl_feed(struct buf *text, struct str chunk);

// --- what is sent ---
struct irc_sasl_chunks {
    struct str rest; // of the base64 text
    bool is_done;
};
// The next chunk of `chunks`; "+" for an empty message and behind a last chunk of 400. false at the
// end.
bool irc_sasl_chunks_next(struct irc_sasl_chunks *chunks, struct str *chunk);

struct irc_sasl_plain {
    struct str authzid; // may be empty
    struct str authcid;
    struct str password;
};
// false: not the three parts, an empty name or password, a NUL inside, or no UTF-8.
bool irc_sasl_plain_parse(struct str message, struct irc_sasl_plain *out);
bool irc_sasl_plain_make(struct buf *out, const struct irc_sasl_plain *plain);

// SASLprep (RFC 4013) as far as it matters: other spaces become a space, characters that nobody
// sees go, then NFKC. Appends the prepared text. What RFC 4013 prohibits (controls, private use),
// and what is no UTF-8, is appended as it is, as PostgreSQL does; texts of both directions are not
// refused, unassigned code points stay.
bool irc_saslprep(struct buf *out, struct str text); // false: the buffer is full

#endif

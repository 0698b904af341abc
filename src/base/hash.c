// SipHash (Aumasson, Bernstein 2012), one round a word and three at the end.
#include "hash.h"

static uint64_t turned(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static void mix(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = turned(v[1], 13) ^ v[0];
    v[0] = turned(v[0], 32);
    v[2] += v[3];
    v[3] = turned(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = turned(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = turned(v[1], 17) ^ v[2];
    v[2] = turned(v[2], 32);
}

static void take_word(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    mix(v);
    v[0] ^= word;
}

// At most eight bytes, the first one lowest.
static uint64_t word_of(const char *bytes, size_t len)
{
    uint64_t word = 0;
    for (size_t i = 0; i < len; i++) {
        word |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
    }
    return word;
}

uint64_t hash_keyed(struct str bytes, const uint64_t key[2])
{
    uint64_t v[4] = {key[0] ^ 0x736F6D6570736575ULL, key[1] ^ 0x646F72616E646F6DULL,
                     key[0] ^ 0x6C7967656E657261ULL, key[1] ^ 0x7465646279746573ULL};
    size_t whole = bytes.len / 8 * 8;
    for (size_t i = 0; i < whole; i += 8) {
        take_word(v, word_of(bytes.data + i, 8));
    }
    uint64_t rest = whole < bytes.len ? word_of(bytes.data + whole, bytes.len - whole) : 0;
    take_word(v, rest | (uint64_t)bytes.len << 56);
    v[2] ^= 0xFF;
    mix(v);
    mix(v);
    mix(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

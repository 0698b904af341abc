// What one address may try: failed logins and new accounts. A few at once, then one every few
// seconds, so that passwords cannot be guessed over many connections.
#include <string.h>

#include "relay_account.h"
#include "relay_parts.h"

#define BURST_MILLI  10000
#define REFILL_MILLI 1 // every REFILL_MS a thousandth of a try: one in six seconds
#define REFILL_MS    6

// Two addresses on one place share what they may do; there are more places than connections of one
// attacker.
static size_t place_of(const struct relay_client *client)
{
    return str_hash(str_from(client->host)) % RELAY_SLOW_PLACES;
}

static int64_t left(const struct relay *relay, const struct relay_slow *slow)
{
    if (!slow->host[0]) {
        return BURST_MILLI;
    }
    int64_t milli = slow->milli + (relay->now_ms - slow->at_ms) / REFILL_MS * REFILL_MILLI;
    return milli < BURST_MILLI ? milli : BURST_MILLI;
}

bool relay_slow_may(const struct relay *relay, const struct relay_client *client)
{
    return relay->limits.registrations == 0 || left(relay, &relay->slow[place_of(client)]) >= 1000;
}

void relay_slow_pay(struct relay *relay, const struct relay_client *client, int tries)
{
    struct relay_slow *slow = &relay->slow[place_of(client)];
    slow->milli = left(relay, slow) - (int64_t)tries * 1000;
    slow->at_ms = relay->now_ms;
    (void)str_copy(slow->host, sizeof(slow->host), str_from(client->host)); // same size
}

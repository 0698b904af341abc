// What one address may try: failed logins, wrong PINs and new accounts. A few at once, then one
// every few seconds, so that passwords cannot be guessed over many connections.
#include "hash.h"
#include "net_addr.h"
#include "relay_account.h"
#include "relay_parts.h"

#define BURST_MILLI  10000
#define REFILL_MILLI 1 // every REFILL_MS a thousandth of a try: one in six seconds
#define REFILL_MS    6

// Two networks on one place share what they may do; which ones do is a secret of the relay's, or
// somebody could choose an address to keep another one out.
static size_t place_of(const struct relay *relay, const struct relay_client *client,
                       enum relay_slow_what what)
{
    char network[sizeof(client->host)];
    const uint64_t key[2] = {relay->seed, relay->seed + what};
    net_addr_network(str_from(client->host), network, sizeof(network));
    return hash_keyed(str_from(network), key) % RELAY_SLOW_PLACES;
}

static int64_t left(const struct relay *relay, const struct relay_slow *slow)
{
    if (!slow->is_used) {
        return BURST_MILLI;
    }
    int64_t milli = slow->milli + (relay->now_ms - slow->at_ms) / REFILL_MS * REFILL_MILLI;
    return milli < BURST_MILLI ? milli : BURST_MILLI;
}

bool relay_slow_may(const struct relay *relay, const struct relay_client *client,
                    enum relay_slow_what what)
{
    return relay->limits.registrations == 0 ||
           left(relay, &relay->slow[place_of(relay, client, what)]) >= 1000;
}

void relay_slow_pay(struct relay *relay, const struct relay_client *client,
                    enum relay_slow_what what, enum relay_slow_cost cost)
{
    if (cost == RELAY_SLOW_LOGIN && net_addr_is_loopback(str_from(client->host))) {
        return; // perhaps all guests of a proxy that came back at once
    }
    struct relay_slow *slow = &relay->slow[place_of(relay, client, what)];
    slow->milli = left(relay, slow) - (int64_t)cost;
    slow->at_ms = relay->now_ms;
    slow->is_used = true;
}

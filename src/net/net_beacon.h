// The LAN beacon: a relay says over UDP that a party is here, programs hear it.
//
// A packet is text: "RONRON1 <instance> <port> <people> <flags> <name in UTF-8>\n"; question:
// "RONRON1?\n", answered by a broadcast at most ten times between two announcements. flags: 'L'
// locked, '-' none. Several programs of one machine share the UDP port. Unknown or broken packets
// are dropped.
// Scope: LOOPBACK stays on 127.0.0.0/8; LAN also goes to the broadcast address of every interface.
// Thread: one thread per beacon; it is put in a net_loop like a stream.
#ifndef NET_BEACON_H
#define NET_BEACON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "str.h"

enum net_scope { NET_SCOPE_LOOPBACK, NET_SCOPE_LAN };

#define NET_DOORS_MAX 8

struct net_door {  // a listener, as guests who hear the beacon find it
    uint32_t host; // IPv4 address of this machine in host order; 0: any of them
    uint16_t port;
};

struct net_party {
    unsigned people;
    uint16_t port; // TCP
    bool is_locked;
    char instance[17]; // hex, names one relay for as long as it runs
    char host[64];     // where the packet came from
    char name[64];
};

struct net_beacon;

struct net_beacon *net_beacon_create(uint16_t udp_port, enum net_scope scope, struct err *err);
void net_beacon_destroy(struct net_beacon *beacon);
// Asks all parties in reach to answer now.
void net_beacon_ask(struct net_beacon *beacon);
// What the party listens on, the first choice first. Each network is told the port of the first door
// that opens to it; where none does the party is not announced.
void net_beacon_set_doors(struct net_beacon *beacon, const struct net_door *doors, size_t count);
// Announces (host and port are ignored). Also sent as the answer to a question by net_beacon_receive().
void net_beacon_announce(struct net_beacon *beacon, const struct net_party *party);
// Sets what questions are answered with; NULL: nothing.
void net_beacon_set_answer(struct net_beacon *beacon, const struct net_party *party);
// Takes one packet; answers questions. true: out is a party heard. false: nothing more waits.
bool net_beacon_receive(struct net_beacon *beacon, struct net_party *out);

#endif

// The LAN beacon over one shared UDP port.
#include "net_beacon.h"

#include <SDL_net.h>
#include <stdio.h>

#include "buf.h"
#include "mem.h"
#include "net_internal.h"
#include "net_os.h"
#include "utf8.h"

#define PACKET_MAX     256
#define PACKETS_A_TURN 64 // of one receive; a flood cannot hold the loop
#define ANSWERS_MAX    10 // between two announcements
#define INTERFACES_MAX 16
#define WAYS_MAX       (INTERFACES_MAX + 2)
#define LOOPBACK       0x7F000001u // 127.0.0.1
#define LOOPBACK_CAST  0x7FFFFFFFu // 127.255.255.255
#define LIMITED_CAST   0xFFFFFFFFu

struct net_beacon {
    UDPsocket socket; // owned
    uint16_t port;
    enum net_scope scope;
    struct net_door doors[NET_DOORS_MAX];
    size_t door_count;
    bool has_answer;
    struct net_party answer;
    unsigned answers; // since the last announcement
    unsigned taken;   // packets of this turn
};

struct net_beacon *net_beacon_create(uint16_t udp_port, enum net_scope scope, struct err *err)
{
    int fd = net_os_udp_shared(udp_port, err);
    if (fd < 0) {
        return NULL;
    }
    UDPsocket socket = SDLNet_UDP_Open(0);
    if (!socket) {
        (void)err_set(err, "%s", SDLNet_GetError());
        net_os_close(fd);
        return NULL;
    }
    if (!net_os_adopt(fd, socket, err)) {
        SDLNet_UDP_Close(socket);
        return NULL;
    }
    struct net_beacon *beacon = MEM_NEW(struct net_beacon);
    beacon->socket = socket;
    beacon->port = udp_port;
    beacon->scope = scope;
    return beacon;
}

void net_beacon_destroy(struct net_beacon *beacon)
{
    if (beacon) {
        SDLNet_UDP_Close(beacon->socket);
        mem_free(beacon);
    }
}

UDPsocket net_beacon_socket(const struct net_beacon *beacon)
{
    return beacon->socket;
}

// Where packets go, and the own address they come from (0: any). The number of ways.
static size_t find_ways(const struct net_beacon *beacon, struct net_way out[WAYS_MAX])
{
    out[0] = (struct net_way){LOOPBACK, LOOPBACK_CAST};
    if (beacon->scope == NET_SCOPE_LOOPBACK) {
        return 1;
    }
    size_t count = net_os_ways(out + 1, INTERFACES_MAX);
    if (count > 0) {
        out[++count] = (struct net_way){0, LIMITED_CAST};
    }
    return count + 1;
}

// NOLINTNEXTLINE(readability-non-const-parameter): UDPpacket wants it writable
static void send_to(struct net_beacon *beacon, uint32_t host, char *text, int len)
{
    UDPpacket packet = {.channel = -1, .data = (Uint8 *)text, .len = len, .maxlen = len};
    SDLNet_Write32(host, &packet.address.host);
    SDLNet_Write16(beacon->port, &packet.address.port);
    // Not sent (no route, no interface): the other ways still work.
    (void)SDLNet_UDP_Send(beacon->socket, -1, &packet);
}

void net_beacon_ask(struct net_beacon *beacon)
{
    char text[] = "RONRON1?\n";
    struct net_way ways[WAYS_MAX];
    size_t count = find_ways(beacon, ways);
    for (size_t i = 0; i < count; i++) {
        send_to(beacon, ways[i].broadcast, text, (int)sizeof(text) - 1);
    }
}

void net_beacon_set_doors(struct net_beacon *beacon, const struct net_door *doors, size_t count)
{
    beacon->door_count = count < NET_DOORS_MAX ? count : NET_DOORS_MAX;
    for (size_t i = 0; i < beacon->door_count; i++) {
        beacon->doors[i] = doors[i];
    }
}

// Of those who come to this address of ours; 0: they find nobody.
static unsigned port_at(const struct net_beacon *beacon, uint32_t own)
{
    for (size_t i = 0; i < beacon->door_count; i++) {
        if (beacon->doors[i].host == 0 || beacon->doors[i].host == own) {
            return beacon->doors[i].port;
        }
    }
    return 0;
}

static void send_party(struct net_beacon *beacon, const struct net_party *party)
{
    char text[PACKET_MAX];
    struct net_way ways[WAYS_MAX];
    size_t count = find_ways(beacon, ways);
    for (size_t i = 0; i < count; i++) {
        unsigned port = port_at(beacon, ways[i].own);
        int len = snprintf(text, sizeof(text), "RONRON1 %s %u %u %s %s\n", party->instance, port,
                           party->people, party->is_locked ? "L" : "-", party->name);
        if (port != 0 && len > 0 && len < (int)sizeof(text)) {
            send_to(beacon, ways[i].broadcast, text, len);
        }
    }
}

void net_beacon_announce(struct net_beacon *beacon, const struct net_party *party)
{
    beacon->answers = 0;
    send_party(beacon, party);
}

void net_beacon_set_answer(struct net_beacon *beacon, const struct net_party *party)
{
    beacon->has_answer = party != NULL;
    if (party) {
        beacon->answer = *party;
    }
}

static bool take_instance(struct net_party *out, struct str word)
{
    for (size_t i = 0; i < word.len; i++) {
        char c = word.data[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
            return false;
        }
    }
    return word.len > 0 && str_copy(out->instance, sizeof(out->instance), word);
}

static void take_name(struct net_party *out, struct str name)
{
    struct buf clean;
    buf_init(&clean, sizeof(out->name) - 4);
    size_t len = 0;
    for (size_t at = 0; at < name.len; at += len) {
        uint32_t c = utf8_decode(name, at, &len);
        if (!utf8_is_bidi_control(c) && !utf8_clean(&clean, str_range(name, at, at + len), 0)) {
            break; // long enough
        }
    }
    (void)str_copy(out->name, sizeof(out->name), buf_str(&clean)); // shorter than the field
    buf_deinit(&clean);
}

static bool parse_party(struct net_party *out, struct str text)
{
    struct str word[4] = {0};
    struct str magic;
    int64_t port = 0;
    int64_t people = 0;
    if (!str_next(&text, ' ', &magic) || !str_eq(magic, STR("RONRON1"))) {
        return false;
    }
    for (size_t i = 0; i < 4; i++) {
        if (!str_next(&text, ' ', &word[i])) {
            return false;
        }
    }
    if (!take_instance(out, word[0]) || !str_to_int_in(word[1], 1, 65535, &port) ||
        !str_to_int_in(word[2], 0, 100000, &people)) {
        return false;
    }
    out->port = (uint16_t)port;
    out->people = (unsigned)people;
    out->is_locked = str_eq(word[3], STR("L"));
    size_t end = text.len;
    (void)str_find_char(text, '\n', &end); // without one the name goes to the end
    take_name(out, str_range(text, 0, end));
    return true;
}

static void answer(struct net_beacon *beacon)
{
    // Broadcast, not to the asker alone: of several programs that share the port only one would
    // get a direct answer.
    if (beacon->has_answer && beacon->answers < ANSWERS_MAX) {
        beacon->answers++;
        send_party(beacon, &beacon->answer);
    }
}

bool net_beacon_receive(struct net_beacon *beacon, struct net_party *out)
{
    Uint8 bytes[PACKET_MAX];
    UDPpacket packet = {.data = bytes, .maxlen = sizeof(bytes)};
    while (beacon->taken++ < PACKETS_A_TURN && SDLNet_UDP_Recv(beacon->socket, &packet) > 0) {
        uint32_t host = SDLNet_Read32(&packet.address.host);
        struct str text = {(const char *)bytes, (size_t)packet.len};
        if (beacon->scope == NET_SCOPE_LOOPBACK && host >> 24 != 127) {
            continue;
        }
        if (str_starts(text, STR("RONRON1?"))) {
            answer(beacon);
            continue;
        }
        *out = (struct net_party){0};
        if (parse_party(out, text)) {
            (void)snprintf(out->host, sizeof(out->host), "%u.%u.%u.%u", host >> 24,
                           host >> 16 & 255, host >> 8 & 255, host & 255);
            return true;
        }
    }
    beacon->taken = 0;
    return false;
}

// About the relay: 005, LUSERS, MOTD, VERSION, TIME, INFO, ADMIN, LINKS, HELP.
#include <stdio.h>
#include <time.h>

#include "relay_parts.h"
#include "relay_replay.h"

// The party's name as the value of a token: ASCII without spaces and '=', the rest as \xHH.
static void network_token(const struct relay *relay, char *out, size_t size)
{
    size_t len = 0;
    for (const char *at = relay->name; *at && len + 5 < size; at++) {
        bool is_plain = *at > ' ' && *at < 0x7F && *at != '=' && *at != '\\';
        int wrote = is_plain ? snprintf(out + len, size - len, "%c", *at)
                             : snprintf(out + len, size - len, "\\x%02X", (unsigned char)*at);
        len += (size_t)wrote;
    }
    out[len] = '\0';
}

static void send_tokens(struct relay *relay, struct relay_client *client)
{
    char network[4 * sizeof(relay->name) + 1];
    network_token(relay, network, sizeof(network));
    // At most 13 tokens a line.
    relay_reply(relay, client, RPL_ISUPPORT,
                "ACCOUNTEXTBAN=a AWAYLEN=%d BOT=B CASEMAPPING=ascii CHANLIMIT=#:%d "
                "CHANMODES=beI,k,fl,Cimnst CHANNELLEN=%d CHANTYPES=# ELIST=CMNTU EXCEPTS=e "
                "EXTBAN=,am INVEX=I KEYLEN=%d :are supported by this server",
                RELAY_AWAY_MAX, RELAY_CHANNELS_MAX, IRC_CHANNEL_MAX, RELAY_KEY_MAX);
    relay_reply(relay, client, RPL_ISUPPORT,
                "HOSTLEN=%d KICKLEN=%d LINELEN=512 LOBBY=" RELAY_LOBBY
                " MAXLIST=b:%d,e:%d,I:%d MODES MONITOR=%d NAMELEN=%d NETWORK=%s NICKLEN=%d "
                "PREFIX=(qov)~@+ SAFELIST STATUSMSG=@+ :are supported by this server",
                IRC_HOST_MAX, RELAY_KICK_MAX, RELAY_MASKS_MAX, RELAY_MASKS_MAX, RELAY_MASKS_MAX,
                RELAY_MONITOR_MAX, RELAY_REAL_MAX, network, IRC_NICK_MAX);
    relay_reply(relay, client, RPL_ISUPPORT,
                "TARGMAX=JOIN:,PART:,NAMES:,KICK:4,PRIVMSG:4,NOTICE:4,WHOIS:1,MONITOR: "
                "TOPICLEN=%d USERLEN=%d UTF8ONLY WHOX :are supported by this server",
                RELAY_TOPIC_MAX, IRC_USER_MAX);
    if (relay->store) {
        relay_reply(relay, client, RPL_ISUPPORT,
                    "CHATHISTORY=%d MSGREFTYPES=msgid,timestamp :are supported by this server",
                    RELAY_HISTORY_MAX);
    }
}

void relay_send_isupport(struct relay *relay, struct relay_client *client)
{
    // draft/extended-isupport: those who know it never get a token outside a batch.
    bool is_batch = (client->caps & IRC_CAP_EXTENDED_ISUPPORT) != 0;
    if (is_batch) {
        relay_batch_begin(relay, client, "draft/isupport");
    }
    send_tokens(relay, client);
    if (is_batch) {
        relay_batch_end(relay, client);
    }
}

void relay_utc_text(int64_t utc_ms, char out[40])
{
    time_t seconds = (time_t)(utc_ms / 1000);
    struct tm utc;
    (void)gmtime_r(&seconds, &utc); // any time of our clock fits
    (void)strftime(out, 40, "%Y-%m-%d %H:%M:%S UTC", &utc);
}

// A question may name the server it is for, by its name, a mask of it or somebody who is on it.
static bool is_for_us(struct relay *relay, struct relay_client *client, struct str target)
{
    if (target.len == 0 || irc_mask_matches(target, str_from(relay->server)) ||
        relay_find_client(relay, target)) {
        return true;
    }
    relay_reply(relay, client, ERR_NOSUCHSERVER, "%.*s :No such server", STR_ARG(irc_word(target)));
    return false;
}

void relay_send_lusers(struct relay *relay, struct relay_client *client)
{
    size_t users = relay->stats.users, most = relay->most_users;
    size_t invisible = relay->invisible_count, opers = relay->oper_count;
    size_t unknown = relay->client_count - relay->gone_count - users;
    relay_reply(relay, client, RPL_LUSERCLIENT,
                ":There are %zu users and %zu invisible on 1 servers", users - invisible,
                invisible);
    relay_reply(relay, client, RPL_LUSEROP, "%zu :operator(s) online", opers);
    relay_reply(relay, client, RPL_LUSERUNKNOWN, "%zu :unknown connection(s)", unknown);
    relay_reply(relay, client, RPL_LUSERCHANNELS, "%zu :channels formed", relay->stats.channels);
    relay_reply(relay, client, RPL_LUSERME, ":I have %zu clients and 0 servers", users);
    relay_reply(relay, client, RPL_LOCALUSERS, "%zu %zu :Current local users %zu, max %zu", users,
                most, users, most);
    relay_reply(relay, client, RPL_GLOBALUSERS, "%zu %zu :Current global users %zu, max %zu", users,
                most, users, most);
}

void relay_cmd_lusers(struct relay *relay, struct relay_client *client,
                      const struct irc_message *message)
{
    if (is_for_us(relay, client, irc_message_param(message, 1))) { // the first is a mask
        relay_send_lusers(relay, client);
    }
}

void relay_send_motd(struct relay *relay, struct relay_client *client)
{
    struct str rest = str_from(relay->motd);
    struct str line;
    relay_reply(relay, client, RPL_MOTDSTART, ":- %s Message of the day -", relay->server);
    while (str_next(&rest, '\n', &line)) {
        relay_reply(relay, client, RPL_MOTD, ":- %.*s", STR_ARG(line));
    }
    if (relay->store) { // who speaks shall know that it stays
        char kept[160];
        relay_history_text(relay, kept);
        relay_reply(relay, client, RPL_MOTD, ":- %s", kept);
    }
    relay_reply(relay, client, RPL_ENDOFMOTD, ":End of /MOTD command.");
}

void relay_cmd_motd(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    if (is_for_us(relay, client, irc_message_param(message, 0))) {
        relay_send_motd(relay, client);
    }
}

void relay_cmd_version(struct relay *relay, struct relay_client *client,
                       const struct irc_message *message)
{
    if (is_for_us(relay, client, irc_message_param(message, 0))) {
        relay_reply(relay, client, RPL_VERSION, "ronrond-0.1 %s :a relay for parties",
                    relay->server);
        relay_send_isupport(relay, client);
    }
}

void relay_cmd_time(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    char text[40];
    relay_utc_text(relay->now_utc_ms, text);
    if (is_for_us(relay, client, irc_message_param(message, 0))) {
        relay_reply(relay, client, RPL_TIME, "%s :%s", relay->server, text);
    }
}

void relay_cmd_info(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    if (!is_for_us(relay, client, irc_message_param(message, 0))) {
        return;
    }
    relay_reply(relay, client, RPL_INFO, ":ronrond-0.1, the relay of Ronron, a party chat");
    relay_reply(relay, client, RPL_INFO, ":On line since %s", relay->since);
    char kept[160];
    relay_history_text(relay, kept);
    relay_reply(relay, client, RPL_INFO, ":%s", kept);
    relay_reply(relay, client, RPL_ENDOFINFO, ":End of INFO list");
}

void relay_cmd_admin(struct relay *relay, struct relay_client *client,
                     const struct irc_message *message)
{
    if (!is_for_us(relay, client, irc_message_param(message, 0))) {
        return;
    }
    relay_reply(relay, client, RPL_ADMINME, "%s :Administrative info", relay->server);
    relay_reply(relay, client, RPL_ADMINLOC1, ":%s", relay->name);
    relay_reply(relay, client, RPL_ADMINLOC2, ":A party on Ronron");
    relay_reply(relay, client, RPL_ADMINEMAIL, ":Ask the host (@) of " RELAY_LOBBY);
}

void relay_cmd_links(struct relay *relay, struct relay_client *client,
                     const struct irc_message *message)
{
    struct str mask = irc_message_param(message, 0); // a lone server has no links
    relay_reply(relay, client, RPL_ENDOFLINKS, "%.*s :End of LINKS list", STR_ARG(irc_word(mask)));
}

// clang-format off
static const struct {
    struct str topic;
    const char *text;
} helps[] = {
    {STR_INIT("index"),   "PRIVMSG, JOIN, PART, NICK, TOPIC, KICK, MODE, AWAY, INVITE, WHOIS, LIST"},
    {STR_INIT("away"),    "AWAY :text says that you are away; AWAY alone that you are back."},
    {STR_INIT("invite"),  "INVITE nick #channel lets somebody in."},
    {STR_INIT("join"),    "JOIN #channel [key] enters a channel, and makes it if it is new."},
    {STR_INIT("kick"),    "KICK #channel nick :reason sends somebody out; for hosts."},
    {STR_INIT("list"),    "LIST shows the channels; LIST >3 those with more than three people."},
    {STR_INIT("mode"),    "MODE #channel +o nick makes a host; b bans, m lets only voices speak, "
                          "k sets a key, l a limit, i asks for invitations."},
    {STR_INIT("nick"),    "NICK name changes your name."},
    {STR_INIT("part"),    "PART #channel :reason leaves it."},
    {STR_INIT("privmsg"), "PRIVMSG #channel-or-nick :text says something."},
    {STR_INIT("topic"),   "TOPIC #channel :text sets the topic."},
    {STR_INIT("whois"),   "WHOIS nick tells who somebody is."},
};
// clang-format on

void relay_cmd_help(struct relay *relay, struct relay_client *client,
                    const struct irc_message *message)
{
    struct str topic = irc_message_param(message, 0);
    topic = topic.len ? topic : STR("index");
    for (size_t i = 0; i < sizeof(helps) / sizeof(helps[0]); i++) {
        if (str_eq_nocase(topic, helps[i].topic)) {
            relay_reply(relay, client, RPL_HELPSTART, "%.*s :Help of Ronron", STR_ARG(topic));
            relay_reply(relay, client, RPL_HELPTXT, "%.*s :%s", STR_ARG(topic), helps[i].text);
            relay_reply(relay, client, RPL_ENDOFHELP, "%.*s :End of help", STR_ARG(topic));
            return;
        }
    }
    relay_reply(relay, client, ERR_HELPNOTFOUND, "%.*s :There is no help on this",
                STR_ARG(irc_word(topic)));
}

// draft/extended-isupport: the tokens before the end of registration.
void relay_cmd_isupport(struct relay *relay, struct relay_client *client,
                        const struct irc_message *message)
{
    (void)message;
    relay_send_isupport(relay, client);
}

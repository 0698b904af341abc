// Lines in: limits, UTF-8, flood, the command table, labels.
#include "relay_multiline.h"
#include "relay_parts.h"
#include "utf8.h"

#define LABEL_MAX  64
#define WRONG_COST 1 // of a line that is refused: it is answered too

struct command {
    const char *name;
    relay_command_fn *fresh; // before registration; NULL: 451
    relay_command_fn *known; // after it
    size_t params;           // at least
    int cost;
};

// clang-format off
static const struct command commands[] = {
    {"ADMIN",    NULL,                relay_cmd_admin,       0, 1},
    {"AUTHENTICATE", relay_cmd_authenticate, relay_cmd_authenticate, 1, 1},
    {"AWAY",     relay_cmd_away,      relay_cmd_away,        0, 1},
    {"BAN",      NULL,                relay_cmd_ban,         2, 1},
    {"BATCH",    NULL,                relay_cmd_batch,       1, 5},
    {"CAP",      relay_cmd_cap,       relay_cmd_cap,         1, 1},
    {"CHATHISTORY", NULL,             relay_cmd_chathistory, 0, 2},
    {"HELP",     NULL,                relay_cmd_help,        0, 1},
    {"HELPOP",   NULL,                relay_cmd_help,        0, 1},
    {"INFO",     NULL,                relay_cmd_info,        0, 1},
    {"INVITE",   NULL,                relay_cmd_invite,      0, 1},
    {"ISON",     NULL,                relay_cmd_ison,        1, 1},
    {"ISUPPORT", relay_cmd_isupport,  relay_cmd_isupport,    0, 1},
    {"JOIN",     NULL,                relay_cmd_join,        1, 2},
    {"KICK",     NULL,                relay_cmd_kick,        2, 1},
    {"KILL",     NULL,                relay_cmd_kill,        1, 1},
    {"KNOCK",    NULL,                relay_cmd_knock,       1, 2},
    {"LINKS",    NULL,                relay_cmd_links,       0, 1},
    {"LIST",     NULL,                relay_cmd_list,        0, 2},
    {"LUSERS",   NULL,                relay_cmd_lusers,      0, 1},
    {"MARKREAD", NULL,                relay_cmd_markread,    0, 1},
    {"METADATA", relay_cmd_metadata,  relay_cmd_metadata,    2, 1},
    {"MODE",     NULL,                relay_cmd_mode,        1, 1},
    {"MONITOR",  NULL,                relay_cmd_monitor,     1, 1},
    {"MOTD",     NULL,                relay_cmd_motd,        0, 1},
    {"MUTE",     NULL,                relay_cmd_mute,        2, 1},
    {"NAMES",    NULL,                relay_cmd_names,       0, 1},
    {"NICK",     relay_cmd_nick,      relay_cmd_nick,        0, 2},
    {"NOTICE",   NULL,                relay_cmd_notice,      0, 1},
    {"OPER",     NULL,                relay_cmd_oper,        2, 2},
    {"PART",     NULL,                relay_cmd_part,        1, 1},
    {"PASS",     relay_cmd_pass,      relay_cmd_reregister,  1, 1},
    {"PING",     relay_cmd_ping,      relay_cmd_ping,        0, 0},
    {"PONG",     relay_cmd_pong,      relay_cmd_pong,        0, 0},
    {"PRIVMSG",  NULL,                relay_cmd_privmsg,     0, 1},
    {"QUIT",     relay_cmd_quit,      relay_cmd_quit,        0, 0},
    {"REDACT",   NULL,                relay_cmd_redact,      2, 2},
    {"REGISTER", relay_cmd_register,  relay_cmd_register,    3, 2},
    {"REHASH",   NULL,                relay_cmd_rehash,      0, 2},
    {"RENAME",   NULL,                relay_cmd_rename,      2, 2},
    {"RESUME",   relay_cmd_resume,    relay_cmd_resume,      1, 1},
    {"SEARCH",   NULL,                relay_cmd_search,      1, 3},
    {"SETNAME",  NULL,                relay_cmd_setname,     1, 1},
    {"TAGMSG",   NULL,                relay_cmd_tagmsg,      1, 1},
    {"TIME",     NULL,                relay_cmd_time,        0, 1},
    {"TOPIC",    NULL,                relay_cmd_topic,       1, 1},
    {"UNBAN",    NULL,                relay_cmd_unban,       2, 1},
    {"UNMUTE",   NULL,                relay_cmd_unmute,      2, 1},
    {"USER",     relay_cmd_user,      relay_cmd_reregister,  4, 1},
    {"USERHOST", NULL,                relay_cmd_userhost,    1, 1},
    {"VERIFY",   relay_cmd_verify,    relay_cmd_verify,      2, 1},
    {"VERSION",  NULL,                relay_cmd_version,     0, 1},
    {"WALLOPS",  NULL,                relay_cmd_wallops,     1, 2},
    {"WHO",      NULL,                relay_cmd_who,         0, 2},
    {"WHOIS",    NULL,                relay_cmd_whois,       0, 1},
    {"WHOWAS",   NULL,                relay_cmd_whowas,      0, 1},
};
// clang-format on

// The table is sorted by name.
static const struct command *find_command(struct str word)
{
    size_t from = 0, to = sizeof(commands) / sizeof(commands[0]);
    char upper[16];
    if (word.len >= sizeof(upper)) {
        return NULL;
    }
    for (size_t i = 0; i < word.len; i++) {
        bool is_lower = word.data[i] >= 'a' && word.data[i] <= 'z';
        upper[i] = (char)(is_lower ? word.data[i] - 'a' + 'A' : word.data[i]);
    }
    while (from < to) {
        size_t at = (from + to) / 2;
        int order = str_compare((struct str){upper, word.len}, str_from(commands[at].name));
        if (order == 0) {
            return &commands[at];
        }
        from = order > 0 ? at + 1 : from;
        to = order < 0 ? at : to;
    }
    return NULL;
}

bool relay_is_command(struct str word)
{
    const struct command *command = find_command(word);
    // The others make sense only later, and in small letters they are words of people.
    return command && (command->fresh || str_eq(word, str_from(command->name)));
}

// 512 bytes with CR LF without tags, and 4096 for the tag part.
static bool is_too_long(struct str line, bool *has_tags)
{
    size_t tags = 0;
    if (line.len && line.data[0] == '@') {
        tags = line.len;
        if (str_find_char(line, ' ', &tags)) {
            tags++;
        }
    }
    *has_tags = tags <= IRC_TAGS_MAX;
    return !*has_tags || line.len - tags > IRC_LINE_MAX - 2;
}

static void run(struct relay *relay, struct relay_client *client, const struct irc_message *message)
{
    const struct command *command = find_command(message->command);
    relay_command_fn *handler = !command                ? NULL
                                : client->is_registered ? command->known
                                                        : command->fresh;
    bool has_params = handler && message->param_count >= command->params;
    int cost = !has_params ? WRONG_COST : relay_multiline_has(client, message) ? 0 : command->cost;
    if (!relay_limits_pay(relay, client, cost)) {
        return;
    }
    if (!command && client->is_registered) {
        relay_reply(relay, client, ERR_UNKNOWNCOMMAND, "%.*s :Unknown command",
                    STR_ARG(irc_word(message->command)));
    } else if (!handler) {
        relay_reply(relay, client, ERR_NOTREGISTERED, ":You have not registered");
    } else if (!has_params) {
        relay_reply(relay, client, ERR_NEEDMOREPARAMS, "%s :Not enough parameters", command->name);
    } else if (!relay_multiline_take(relay, client, message)) {
        if (handler != relay_cmd_privmsg && handler != relay_cmd_notice) {
            relay_run_close(relay); // it may change who gets what
        }
        handler(relay, client, message);
    }
}

// What cannot be carried out as it is written; its label is known, if it has one.
static void refuse(struct relay *relay, struct relay_client *client, struct str command,
                   const char *code, const char *text)
{
    if (relay_limits_pay(relay, client, WRONG_COST)) {
        relay_fail(relay, client, command, code, text);
    }
}

static void refuse_length(struct relay *relay, struct relay_client *client)
{
    if (relay_limits_pay(relay, client, WRONG_COST)) {
        relay_reply(relay, client, ERR_INPUTTOOLONG, ":Input line was too long");
    }
}

void relay_dispatch(struct relay *relay, struct relay_client *client, struct str line)
{
    struct irc_message message;
    bool has_tags = false; // that are short enough to be looked at
    if (relay_limits_refused(relay, client)) {
        return;
    }
    bool is_long = is_too_long(line, &has_tags);
    if (!has_tags) {
        refuse_length(relay, client);
        return;
    }
    (void)irc_message_parse(&message, line); // a word that is no command is an unknown one
    if (message.command.len == 0) {
        (void)relay_limits_pay(relay, client, WRONG_COST); // nothing is left to do for it
        return;
    }
    const struct irc_tag *label = irc_message_tag(&message, "label");
    size_t cr = 0, nul = 0;
    bool is_labelled = label && label->value.len && label->value.len <= LABEL_MAX &&
                       (client->caps & IRC_CAP_LABELED_RESPONSE) && utf8_is_valid(label->value) &&
                       !str_find_char(label->value, '\r', &cr);
    if (is_labelled) {
        relay_label_begin(client, label->value);
    }
    if (str_find_char(line, '\r', &cr)) { // some clients take it for the end of a line
        refuse(relay, client, STR("*"), "INVALID_MESSAGE",
               "Message rejected, it has a carriage return in it");
    } else if (is_long || message.has_more_tags) { // or some would be lost without a word
        refuse_length(relay, client);
    } else if (!utf8_is_valid(line) || str_find_char(line, '\0', &nul)) {
        struct str word = utf8_is_valid(message.command) ? irc_word(message.command) : STR("*");
        refuse(relay, client, word, "INVALID_UTF8", "Message rejected, it is not valid UTF-8");
    } else {
        run(relay, client, &message);
    }
    if (client->label.len && !client->is_gone) { // else its answer comes later
        relay_label_end(relay, client);
    }
}

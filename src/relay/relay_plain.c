// Clients that know no protocol: text in, "nick: text" out.
#include <stdio.h>

#include "i18n.h"
#include "relay_parts.h"
#include "utf8.h"

#define SPLIT_MAX 400 // bytes of one message; longer is split so that IRC lines hold it
#define SAY_COST  1   // as of PRIVMSG and NICK
#define NICK_COST 2

void relay_plain_write(struct relay *relay, struct relay_client *to, struct str text)
{
    relay_write(relay, to, text);
}

static void say(struct relay *relay, struct relay_client *client, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(struct relay *relay, struct relay_client *client, const char *format, ...)
{
    struct buf text;
    buf_init(&text, BUF_NO_LIMIT);
    va_list args;
    va_start(args, format);
    (void)buf_vprintf(&text, format, args); // no ceiling
    va_end(args);
    relay_plain_write(relay, client, buf_str(&text));
    buf_deinit(&text);
}

void relay_plain_refuse(struct relay *relay, struct relay_client *to, const char *why)
{
    say(relay, to, "* %s.\n", why);
}

void relay_plain_start(struct relay *relay, struct relay_client *client)
{
    client->kind = RELAY_KIND_PLAIN;
    if (relay_limits_refused(relay, client)) {
        return;
    }
    if (relay->password[0]) {
        say(relay, client, _("This party is locked; join it with an IRC program and the PIN.\n"));
        relay_client_quit(relay, client, _("Locked party"));
        return;
    }
    char nick[IRC_NICK_MAX + 1];
    relay_guest_nick(relay, nick);
    (void)relay_take_nick(relay, client, str_from(nick));             // nobody has it
    (void)str_copy(client->user, sizeof(client->user), STR("plain")); // fits
    relay_text_set(relay, &client->real, STR("plain text guest"));
    relay_client_mask(relay, client);
    struct relay_channel *lobby = relay_find_channel(relay, STR(RELAY_LOBBY));
    if (relay_join_error(lobby, client, (struct str){0})) {
        say(relay, client, "%s",
            _("The party lets nobody else in now: it is closed or full, or you are banned.\n"));
        relay_client_quit(relay, client, _("Closed party"));
        return;
    }
    if (!relay_limits_admit(relay, client)) {
        return;
    }
    relay_came(relay, client, true);
    say(relay, client, _("* Welcome to %s! You are %s. /nick NAME, /quit, /help\n"), relay->name,
        client->nick);
    relay_join(relay, client, lobby);
}

void relay_plain_stop(struct relay *relay, struct relay_client *client)
{
    relay_went(relay, client, _("Speaks IRC now"));
    client->nick[0] = '\0';
    client->folded[0] = '\0';
    client->user[0] = '\0';
    client->connected_ms = relay->now_ms; // a new limit for registration
}

static void change_nick(struct relay *relay, struct relay_client *client, struct str wanted)
{
    char nick[IRC_NICK_BYTES + 1];
    bool is_nick = relay_nick_read(relay, wanted, nick);
    wanted = str_from(nick);
    if (!relay_limits_pay(relay, client, NICK_COST)) {
        // It is gone.
    } else if (!is_nick) {
        say(relay, client, _("* A name has letters, digits and _ - only, 30 at most.\n"));
    } else if (relay_nick_refused_by(client, wanted)) {
        say(relay, client, "%s", _("* You cannot change your name now.\n"));
    } else if (!relay_rename(relay, client, wanted)) {
        say(relay, client, _("* Somebody else is called %.*s.\n"), STR_ARG(wanted));
    }
}

static void speak(struct relay *relay, struct relay_client *client, struct str text)
{
    while (text.len > 0 && relay_limits_pay(relay, client, SAY_COST)) {
        size_t len = utf8_cut(text, SPLIT_MAX);
        struct relay_speech speech = {
            .command = "PRIVMSG", .target = STR(RELAY_LOBBY), .text = str_range(text, 0, len)};
        relay_speak(relay, client, &speech);
        text = str_range(text, len, text.len);
    }
}

void relay_plain_text(struct relay *relay, struct relay_client *client, struct str text)
{
    struct buf clean;
    buf_init(&clean, BUF_NO_LIMIT);
    (void)utf8_clean(&clean, text, 0); // no ceiling
    struct str said = buf_str(&clean);
    if (str_trim(said).len == 0) {
        // Nothing to pass on.
    } else if (str_starts(said, STR("/nick "))) {
        change_nick(relay, client, str_trim(str_range(said, 6, said.len)));
    } else if (str_eq(str_trim(said), STR("/quit"))) {
        relay_client_quit(relay, client, _("Leaving"));
    } else if (str_eq(str_trim(said), STR("/help"))) {
        say(relay, client,
            _("* Write and press Enter. /nick NAME changes your name, /quit leaves.\n"));
    } else {
        speak(relay, client, said);
    }
    buf_deinit(&clean);
}

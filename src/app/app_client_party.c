// Parties: heard on the LAN, joined, hosted, left; what the scenes ask the program to do.
#include <stdio.h>
#include <string.h>

#include "app_client.h"
#include "app_locale.h"
#include "app_paths.h"
#include "chat_export.h"
#include "i18n.h"

#define LOG_MODULE "client"
#include "log.h"

#define PORTS_TRIED   8 // from the asked one up, before any free one will do
#define HISTORY_DAYS  365
#define HISTORY_BYTES 1000000000ULL

static void wake_main(void *context)
{
    plat_wake(context);
}

// --- parties near ---

void app_client_lan(struct app_client *client, bool is_on)
{
    if (!is_on) {
        app_lan_stop(client->lan);
        client->lan = NULL;
        return;
    }
    struct err err = {0};
    if (!client->lan) {
        enum net_scope scope =
            client->settings.is_lan_loopback ? NET_SCOPE_LOOPBACK : NET_SCOPE_LAN;
        client->lan = app_lan_start((uint16_t)client->settings.lan_port, scope, wake_main,
                                    client->plat, &err);
        if (!client->lan) {
            log_warn("parties near cannot be heard: %s", err.text); // an address still works
        }
    }
}

static bool take_parties(struct app_client *client)
{
    struct net_party heard[APP_LAN_MAX];
    struct scenes_party shown[APP_LAN_MAX];
    size_t count = 0;
    if (!client->lan || !app_lan_take(client->lan, heard, &count)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct net_party *party = &heard[i];
        struct scenes_party *out = &shown[i];
        *out = (struct scenes_party){
            .port = party->port, .people = party->people, .is_locked = party->is_locked};
        memcpy(out->instance, party->instance, sizeof out->instance);
        memcpy(out->host, party->host, sizeof out->host);
        memcpy(out->name, party->name, sizeof out->name);
        out->is_local = net_addr_is_loopback(str_from(party->host)) ||
                        strcmp(party->host, client->lan_address) == 0;
    }
    scenes_set_parties(client->scenes, shown, count);
    return true;
}

// --- join, host, leave ---

static void leave(struct app_client *client)
{
    if (client->network) {
        chat_leave(client->chat, client->network, str_from(_("See you")));
        client->network = 0;
    }
}

static void enter(struct app_client *client, const struct chat_join *join)
{
    leave(client);
    client->network = chat_join(client->chat, join);
    (void)str_copy(client->settings.nick, sizeof client->settings.nick, join->nick);
    app_client_remember(client);
    app_client_lan(client, false);
    scenes_enter_party(client->scenes, client->network);
    client->is_dirty = true;
}

// The channel of "irc://host/channel"; empty for the lobby.
static struct str channel_of(struct str address)
{
    size_t at;
    if (!str_starts_nocase(address, STR("irc://"))) {
        return (struct str){0};
    }
    struct str rest = str_range(address, 6, address.len);
    return str_find_char(rest, '/', &at) ? str_range(rest, at + 1, rest.len) : (struct str){0};
}

void app_client_join(struct app_client *client, struct str address, struct str nick,
                     struct str password)
{
    struct err err = {0};
    struct net_addr addr;
    if (!net_addr_parse(&addr, address, &err)) {
        scenes_problem(client->scenes, err.text);
        return;
    }
    char channel[256] = "";
    struct str name = channel_of(address);
    if (name.len) {
        (void)snprintf(channel, sizeof channel, "%s%.*s", name.data[0] == '#' ? "" : "#",
                       STR_ARG(name));
    }
    struct chat_join join = {.host = str_from(addr.host),
                             .port = addr.port ? addr.port : NET_PORT_DEFAULT,
                             .nick = nick,
                             .password = password,
                             .channel = str_from(channel)};
    enter(client, &join);
}

static struct app_host *start_host(const struct app_relay_setup *setup, struct net_addr *listen,
                                   struct err *err)
{
    struct app_host *host = NULL;
    uint16_t first = listen->port;
    for (int i = 0; i < PORTS_TRIED && !host; i++) {
        *err = (struct err){0};
        host = app_host_start(setup, err);
        if (first == 0) {
            return host;
        }
        listen->port = (uint16_t)(first + i + 1);
    }
    if (!host) {
        listen->port = 0;
        host = app_host_start(setup, err);
    }
    return host;
}

void app_client_host(struct app_client *client, struct str name, struct str nick)
{
    struct err err = {0};
    const char *listen = client->settings.listen[0] ? client->settings.listen : "0.0.0.0:6667";
    struct net_addr addr = {0};
    struct app_relay_setup setup = {
        .relay = {.name = name,
                  .limits = relay_limits_normal(),
                  .has_registration = true,
                  .history_max_age_ms = HISTORY_DAYS * 86400000LL,
                  .history_max_bytes = HISTORY_BYTES},
        .listen = &addr,
        .listen_count = 1,
        .data = client->data,
        .has_history = true,
        .has_tls = true,
        .beacon_port = (unsigned)client->settings.lan_port,
        .scope = client->settings.is_lan_loopback ? NET_SCOPE_LOOPBACK : NET_SCOPE_LAN,
    };
    if (client->host) {
        app_host_stop(client->host);
        client->host = NULL;
    }
    if (net_addr_parse(&addr, str_from(listen), &err)) {
        client->host = start_host(&setup, &addr, &err);
    }
    if (!client->host) {
        scenes_problem(client->scenes, err.text);
        return;
    }
    bool is_all = strcmp(addr.host, "0.0.0.0") == 0;
    uint16_t port = app_host_port(client->host);
    struct chat_join join = {
        .host = is_all ? STR("127.0.0.1") : str_from(addr.host), .port = port, .nick = nick};
    enter(client, &join);
    char address[NET_HOST_MAX + 16];
    (void)snprintf(address, sizeof address, "%s:%u", is_all ? client->lan_address : addr.host,
                   (unsigned)port);
    scenes_set_hosting(client->scenes, address);
}

static void back_to_welcome(struct app_client *client)
{
    leave(client);
    app_host_stop(client->host);
    client->host = NULL;
    scenes_enter_welcome(client->scenes);
    app_client_lan(client, true);
    client->is_dirty = true;
}

// --- what the scenes ask for ---

static void save(struct app_client *client, chat_buffer_id buffer)
{
    struct err err = {0};
    char text[APP_PATH_MAX], page[APP_PATH_MAX];
    struct chat_export_place as_text = {CHAT_EXPORT_TEXT, client->saves, client->utc_offset_s,
                                        client->now_utc_ms};
    struct chat_export_place as_page = as_text;
    as_page.format = CHAT_EXPORT_HTML;
    if (app_paths_make_writable(client->saves, &err) &&
        chat_export(client->chat, buffer, &as_text, text, sizeof text, &err) &&
        chat_export(client->chat, buffer, &as_page, page, sizeof page, &err)) {
        scenes_saved(client->scenes, text, page);
    } else {
        scenes_problem(client->scenes, err.text);
    }
}

void app_client_remember(struct app_client *client)
{
    struct err err = {0};
    if (!app_settings_save(&client->settings, client->data, &err)) {
        log_warn("settings not kept: %s", err.text); // the party goes on
    }
}

static void set_fullscreen(struct app_client *client)
{
    bool is_full = !plat_is_fullscreen(client->plat);
    plat_set_fullscreen(client->plat, is_full);
    client->settings.is_fullscreen = is_full;
    app_client_remember(client);
}

static void set_language(struct app_client *client, struct str language)
{
    (void)str_copy(client->settings.language, sizeof client->settings.language, language);
    scenes_set_language(client->scenes, app_locale_set(client->settings.language));
    app_client_remember(client);
}

static void set_theme(struct app_client *client, struct str name)
{
    struct err err = {0};
    char copy[64];
    (void)str_copy(copy, sizeof copy, name); // one of our own names
    if (app_client_theme(client, copy, &err)) {
        app_client_remember(client);
    } else {
        scenes_problem(client->scenes, err.text);
    }
}

static void do_request(struct app_client *client, const struct scenes_request *request)
{
    switch (request->type) {
    case SCENES_REQUEST_HOST:
        app_client_host(client, request->text, request->nick);
        break;
    case SCENES_REQUEST_JOIN:
        app_client_join(client, request->text, request->nick, request->password);
        break;
    case SCENES_REQUEST_SAVE:
        save(client, request->buffer);
        break;
    case SCENES_REQUEST_LEAVE:
        back_to_welcome(client);
        break;
    case SCENES_REQUEST_QUIT:
        client->quits = true;
        break;
    case SCENES_REQUEST_FULLSCREEN:
        set_fullscreen(client);
        break;
    case SCENES_REQUEST_THEME:
        set_theme(client, request->text);
        break;
    case SCENES_REQUEST_LANGUAGE:
        set_language(client, request->text);
        break;
    case SCENES_REQUEST_REFRESH:
        if (client->lan) {
            app_lan_ask(client->lan);
        }
        break;
    }
}

void app_client_do_requests(struct app_client *client)
{
    struct scenes_request request;
    while (scenes_next_request(client->scenes, &request)) {
        client->is_dirty = true;
        do_request(client, &request);
    }
}

// --- links ---

static struct app_client_link *live_link(struct app_client *client, chat_network_id network)
{
    for (size_t i = 0; i < APP_LINKS_MAX; i++) {
        struct app_client_link *link = &client->links[i];
        if (link->link && link->network == network && !link->is_closing) {
            return link;
        }
    }
    return NULL;
}

static void connect_link(struct app_client *client, const struct chat_request *request)
{
    struct err err = {0};
    struct net_addr addr = {.port = request->port};
    (void)str_copy(addr.host, sizeof addr.host, request->host); // it came from a net_addr
    struct app_client_link *old = live_link(client, request->network);
    if (old) {
        app_link_close(old->link);
        old->is_closing = true;
    }
    for (size_t i = 0; i < APP_LINKS_MAX; i++) {
        if (!client->links[i].link) {
            struct app_link *link = app_link_start(&addr, wake_main, client->plat, &err);
            client->links[i] = (struct app_client_link){request->network, link, false};
            if (!link) {
                chat_link_closed(client->chat, request->network, str_from(err.text));
            }
            return;
        }
    }
    chat_link_closed(client->chat, request->network, str_from(_("Too many links are closing.")));
}

static void take_link_requests(struct app_client *client)
{
    struct chat_request request;
    while (chat_next_request(client->chat, &request)) {
        struct app_client_link *link = live_link(client, request.network);
        switch (request.type) {
        case CHAT_REQUEST_CONNECT:
            connect_link(client, &request);
            break;
        case CHAT_REQUEST_SEND:
            if (link) {
                app_link_send(link->link, request.bytes);
            }
            break;
        case CHAT_REQUEST_CLOSE:
            if (link) {
                app_link_close(link->link);
                link->is_closing = true;
            }
            break;
        }
    }
}

static bool take_link_events(struct app_client *client, struct app_client_link *link)
{
    struct app_link_event event;
    bool has_any = false;
    while (app_link_next(link->link, &event)) {
        has_any = true;
        if (link->is_closing && live_link(client, link->network)) {
            continue; // a new link has taken its place: what the old one says is history
        }
        switch (event.type) {
        case APP_LINK_CONNECTED:
            chat_link_connected(client->chat, link->network);
            break;
        case APP_LINK_LINE:
            chat_link_line(client->chat, link->network, event.text);
            break;
        case APP_LINK_CLOSED:
            link->is_closing = true;
            chat_link_closed(client->chat, link->network, event.text);
            break;
        }
    }
    if (app_link_is_over(link->link)) {
        app_link_destroy(link->link);
        *link = (struct app_client_link){0};
    }
    return has_any;
}

bool app_client_has_closing(const struct app_client *client)
{
    for (size_t i = 0; i < APP_LINKS_MAX; i++) {
        if (client->links[i].link && client->links[i].is_closing) {
            return true;
        }
    }
    return false;
}

bool app_client_take_world(struct app_client *client)
{
    bool has_any = take_parties(client);
    chat_tick(client->chat);
    take_link_requests(client);
    for (size_t i = 0; i < APP_LINKS_MAX; i++) {
        if (client->links[i].link) {
            has_any |= take_link_events(client, &client->links[i]);
        }
    }
    take_link_requests(client); // answers to what came
    struct chat_event event;
    while (chat_next_event(client->chat, &event)) {
        has_any = true;
        scenes_chat_event(client->scenes, &event);
        if (event.type == CHAT_EVENT_LINE && event.is_mention) {
            plat_flash(client->plat);
        }
    }
    return has_any;
}

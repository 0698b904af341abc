// What speaks HTTP: WebSocket is let in, everything else is told politely that this is no web page.
#include "net_http.h"
#include "net_ws.h"
#include "relay_parts.h"

static void refuse(struct relay *relay, struct relay_client *client, enum net_http_verdict verdict,
                   const struct net_http *request)
{
    struct buf answer;
    buf_init(&answer, BUF_NO_LIMIT);
    net_http_refuse(&answer, verdict, request,
                    STR("This is a Ronron party, not a web page.\n"
                        "Join with Ronron or any IRC program at this address, channel " RELAY_LOBBY
                        ".\n"));
    relay_write(relay, client, buf_str(&answer));
    buf_deinit(&answer);
}

void relay_http(struct relay *relay, struct relay_client *client)
{
    struct net_http request;
    struct str rest = net_lines_rest(&client->lines);
    enum net_http_verdict verdict = net_http_parse(&request, rest);
    if (verdict == NET_HTTP_MORE) {
        return; // the registration limit waits with us
    }
    if (verdict != NET_HTTP_UPGRADE) {
        refuse(relay, client, verdict, &request);
        relay_client_quit(relay, client, "HTTP");
        return;
    }
    struct str behind = str_range(rest, request.len, rest.len);
    client->stream = net_ws_accept(client->stream, &request, behind);
    client->kind = RELAY_KIND_IRC;
    net_lines_drop_rest(&client->lines);
    net_loop_replace(relay->loop, client, client->stream);
}

void relay_http_late(struct relay *relay, struct relay_client *client)
{
    struct net_http request;
    (void)net_http_parse(&request, net_lines_rest(&client->lines)); // what there is of a method
    refuse(relay, client, NET_HTTP_MORE, &request);
}

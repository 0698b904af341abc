// Functions between the relay's own files. Private to relay.
#ifndef RELAY_PARTS_H
#define RELAY_PARTS_H

#include "relay_internal.h"

// --- relay_event.c: lines out ---
void relay_event_init(struct relay *relay, struct relay_event *event, struct str source,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));
// The same with somebody for the source; both views must stay as they are until it is sent.
void relay_event_from(struct relay *relay, struct relay_event *event,
                      const struct relay_client *client, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
// One that was kept, for relay_event_format() only.
void relay_event_init_kept(struct relay_event *event, struct str source, uint64_t id,
                           struct str body);
// Appends the event as a client with these caps gets it; within a batch if that is not empty.
void relay_event_format(struct relay_event *event, struct buf *out, unsigned caps,
                        struct str batch);
void relay_event_head(const struct relay_event *event, struct buf *out, struct irc_writer *writer,
                      unsigned caps, struct str batch); // begins a line with its tags
// Appends text for plain clients: without formatting and controls, which would command a terminal.
void relay_event_plain(struct relay_event *event, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void relay_event_deinit(struct relay_event *event);
void relay_event_send(struct relay *relay, struct relay_event *event, struct relay_client *to);
size_t relay_format_of(const struct relay_client *to);
// The line in this format; false: clients of this format are not told of the event.
bool relay_event_piece(struct relay *relay, struct relay_event *event, size_t format,
                       struct relay_piece *out);
// To all members but `except` (NULL: to all), with all of `caps`.
void relay_event_channel(struct relay *relay, struct relay_event *event,
                         const struct relay_channel *channel, const struct relay_client *except,
                         unsigned caps);
uint64_t relay_new_id(struct relay *relay);
void relay_event_set_id(struct relay_event *event, uint64_t id);
// "FORMAT" are the params behind the nick; cut to a legal line between characters.
void relay_reply(struct relay *relay, struct relay_client *to, enum irc_numeric numeric,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
// Bytes that fit a numeric's line behind the nick and `taken` bytes more.
size_t relay_room(const struct relay *relay, const struct relay_client *to, size_t taken);
void relay_line(struct relay *relay, struct relay_client *to, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void relay_write(struct relay *relay, struct relay_client *to, struct str bytes); // whole lines
// The same without a copy, where neither a batch nor a label is open.
void relay_push(struct relay *relay, struct relay_client *to, struct relay_piece piece);
void relay_fail(struct relay *relay, struct relay_client *to, struct str command, const char *code,
                const char *text);
// Until the end, what is written to the client belongs to a batch of this type (and params); to one
// without the capability the lines go as they are.
void relay_batch_begin(struct relay *relay, struct relay_client *to, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void relay_batch_end(struct relay *relay, struct relay_client *to);
void relay_label_begin(struct relay_client *client, struct str label);
void relay_label_end(struct relay *relay, struct relay_client *client);

// --- relay_presence.c: coming, renaming, going ---
// Those who share a channel with `of`, each once and not `of`, into relay->gathered; friends: those
// who MONITOR it behind them, the first *peers being peers. Until the next call.
size_t relay_gather_peers(struct relay *relay, struct relay_client *of);
size_t relay_gather_friends(struct relay *relay, struct relay_client *of, size_t *peers);
void relay_event_peers(struct relay *relay, struct relay_event *event, struct relay_client *of,
                       unsigned caps);
// Watchers must have extended-monitor besides.
void relay_event_friends(struct relay *relay, struct relay_event *event, struct relay_client *of,
                         unsigned caps);
// It is registered now; is_new: nobody with this nick was there a moment ago.
// Into the numbers of LUSERS or out of them: around every change of what they count.
void relay_count(struct relay *relay, const struct relay_client *client, bool is_there);
void relay_came(struct relay *relay, struct relay_client *client, bool is_new);
// Takes the nick and tells; false: it is in use.
bool relay_rename(struct relay *relay, struct relay_client *client, struct str nick);
// Tells peers, leaves channels, frees the nick and what hangs on it.
void relay_went(struct relay *relay, struct relay_client *client, const char *reason);

// --- relay_cmd_monitor.c, relay_cmd_whowas.c, relay_cmd_metadata.c ---
void relay_monitor_tell(struct relay *relay, const struct relay_client *who, bool is_online);
struct relay_client *const *relay_monitor_watchers(const struct relay *relay,
                                                   const struct relay_client *of, size_t *count);
struct str relay_monitor_nick(const struct relay_client *client, size_t at); // of watch_count
void relay_monitor_clear(struct relay *relay, struct relay_client *client);
void relay_remember_past(struct relay *relay, const struct relay_client *client, const char *nick);
void relay_metadata_destroy(struct relay_metadata *data); // NULL is fine
void relay_metadata_forget(struct relay_client *client);
void relay_metadata_joined(struct relay *relay, struct relay_client *client,
                           const struct relay_channel *channel);
// In the welcome: what was set before it.
void relay_metadata_welcome(struct relay *relay, struct relay_client *client);
// Subscriptions go with the capabilities that they need.
void relay_metadata_caps_changed(struct relay_client *client, unsigned before);
// It was told that `who`, whom it monitors, is there.
void relay_metadata_watched(struct relay *relay, struct relay_client *client,
                            const struct relay_client *who);
void relay_metadata_whois(struct relay *relay, struct relay_client *to,
                          const struct relay_client *who);

// --- relay.c ---
void relay_rest(
    struct relay *relay); // there is no room for one more: listens to nobody for a moment

// --- relay_client.c: connections ---
void relay_client_read(struct relay *relay, struct relay_client *client);
void relay_client_flush(struct relay *relay, struct relay_client *client);
// Tells peers, leaves channels, frees the nick; the stream closes after what is queued went out.
void relay_client_quit(struct relay *relay, struct relay_client *client, const char *reason);
// All is sent to one that is gone. false: it may be freed; true: until the peer ends the link too,
// what it still says is read, so that the goodbye is not lost with bytes unread.
bool relay_client_linger(struct relay *relay, struct relay_client *client);
void relay_client_free(struct relay *relay, struct relay_client *client);
void relay_client_timers(struct relay *relay, struct relay_client *client);
void relay_client_dirty(struct relay *relay, struct relay_client *client);  // has output
void relay_client_waits(struct relay *relay, struct relay_client *client);  // for the store
void relay_client_resume(struct relay *relay, struct relay_client *client); // after a stall
void relay_client_mask(struct relay *relay, struct relay_client *client);
// Texts of a client: `to` may lie in the text itself.
void relay_text_set(struct relay *relay, char **text, struct str to);
void relay_client_texts(struct relay *relay, struct relay_client *client); // all to ""
void relay_client_drop_texts(struct relay *relay, struct relay_client *client);
struct relay_client *relay_find_client(const struct relay *relay, struct str nick);

// --- relay_config.c: settings ---
void relay_configure(struct relay *relay, const struct relay_config *config); // all that may change
void relay_unconfigure(struct relay *relay);
void relay_ask_reload(struct relay *relay, struct relay_client *oper); // for REHASH
// It came into the channel; a host of the lobby is told what it should know.
void relay_notice_host(struct relay *relay, struct relay_client *client,
                       const struct relay_channel *channel);

// --- who somebody is, beyond the connection ---
// Logged in as this account, the others by next_device; NULL: nobody. Not all have come yet.
struct relay_client *relay_devices_of(const struct relay *relay, struct str account);
void relay_device_leave(struct relay *relay, struct relay_client *client);
struct str relay_account_of(const struct relay_client *client); // folded; empty: a guest
// "a:account", "g:hash" of a guest's token; empty: only the connection tells.
struct str relay_sender_key(const struct relay_client *client, char out[RELAY_WHO_MAX]);

// --- relay_timers.c: relay_client_timers() when a client's time has come ---
void relay_timers_add(struct relay *relay, struct relay_client *client);    // the newest
void relay_timers_remove(struct relay *relay, struct relay_client *client); // count is down by it
void relay_client_at(struct relay *relay, struct relay_client *client, int64_t at_ms); // by then
int64_t relay_timers_next(const struct relay *relay); // INT64_MAX: never
void relay_timers_run(struct relay *relay);
// --- relay_cmd_invite.c ---
bool relay_is_invited(const struct relay_client *client, const struct relay_channel *channel);
void relay_uninvite(struct relay_client *client, const struct relay_channel *channel);

// --- relay_register.c ---
void relay_try_register(struct relay *relay, struct relay_client *client);
bool relay_take_nick(struct relay *relay, struct relay_client *client, struct str nick);
// Before the welcome: it has none any more, but still wants it.
void relay_drop_nick(struct relay *relay, struct relay_client *client);

// --- relay_cmd_cap.c ---
struct relay_offer { // of capabilities, as far as settings change it
    unsigned caps;
    bool registers_early; // the value of draft/account-registration
};
struct relay_offer relay_offer_now(const struct relay *relay);
void relay_offer_changed(struct relay *relay, struct relay_offer before); // tells who wants to know

// --- relay_cmd_nick.c ---
// The nick as it will be written; false when it is none here.
bool relay_nick_read(const struct relay *relay, struct str text, char out[IRC_NICK_BYTES + 1]);
// The channel in which client is banned or muted, or would be by that nick; NULL: it may have it.
const struct relay_channel *relay_nick_refused_by(const struct relay_client *client,
                                                  struct str wanted);

// --- relay_cmd_info.c ---
void relay_utc_text(int64_t utc_ms, char out[40]); // for people
void relay_send_isupport(struct relay *relay, struct relay_client *client);
void relay_send_lusers(struct relay *relay, struct relay_client *client);
void relay_send_motd(struct relay *relay, struct relay_client *client);

// --- relay_dispatch.c: lines in ---
void relay_dispatch(struct relay *relay, struct relay_client *client, struct str line);
bool relay_is_command(struct str word);

// --- relay_sniff.c ---
// Looks at what an undecided client has said so far; wraps its stream for TLS and WebSocket.
void relay_decide_kind(struct relay *relay, struct relay_client *client);
// It is in the middle of a handshake: neither silent nor plain, and under the registration limit.
bool relay_is_shaking(const struct relay_client *client);
// False: its handshake waits for the next turn, since others had theirs in this one.
bool relay_may_shake(const struct relay *relay, const struct relay_client *client);
void relay_shaken(struct relay *relay, struct relay_client *client); // it was read from

// --- relay_http.c ---
void relay_http(struct relay *relay, struct relay_client *client); // once more of the head came
void relay_http_late(struct relay *relay, struct relay_client *client);

// --- relay_plain.c ---
void relay_plain_start(struct relay *relay, struct relay_client *client);
void relay_plain_stop(struct relay *relay, struct relay_client *client); // it speaks IRC after all
void relay_plain_text(struct relay *relay, struct relay_client *client, struct str text);
void relay_plain_refuse(struct relay *relay, struct relay_client *to, const char *why);
void relay_plain_write(struct relay *relay, struct relay_client *to, struct str text);

// --- relay_record_events.c: what happened besides talk, for event-playback ---
// The text kept is what stands behind the target in the event's body; `who` may be NULL: the
// server. Before the event is sent.
void relay_record_event(struct relay *relay, struct relay_event *event, enum store_kind kind,
                        const struct relay_client *who, const struct relay_channel *channel);
// QUIT and NICK, in all channels of the client.
// MODE as members may read it later: without the channel's key.
void relay_record_modes(struct relay *relay, struct relay_event *event, struct str modes,
                        const struct relay_client *who, const struct relay_channel *channel);
void relay_record_everywhere(struct relay *relay, struct relay_event *event, enum store_kind kind,
                             const struct relay_client *who);
void relay_record_join(struct relay *relay, struct relay_event *event, struct relay_event *extended,
                       const struct relay_client *who, const struct relay_channel *channel);
void relay_history_text(const struct relay *relay, char out[160]); // how long it is kept

// --- relay_cmd_markread.c ---
void relay_markread_joined(struct relay *relay, struct relay_client *client,
                           const struct relay_channel *channel);
void relay_markers_destroy(struct relay_markers *markers);    // NULL is fine
void relay_markers_lost(struct relay *relay, uint64_t batch); // the store could not keep it

// --- relay_channel.c ---
struct relay_channel *relay_find_channel(const struct relay *relay, struct str name);
struct relay_channel *relay_make_channel(struct relay *relay, struct str name);
struct relay_member *relay_find_member(const struct relay_client *client,
                                       const struct relay_channel *channel);
struct relay_member *relay_add_member(struct relay *relay, struct relay_channel *channel,
                                      struct relay_client *client);
// Drops the channel too when it was the last one and it is not the lobby.
void relay_remove_member(struct relay *relay, struct relay_member *member);
void relay_free_channel(struct relay_channel *channel);
// The member when client is in it (and its op, if asked); else the error is sent.
struct relay_member *relay_my_member(struct relay *relay, struct relay_client *client,
                                     struct str name, bool needs_op);
bool relay_is_banned(const struct relay_channel *channel, const struct relay_client *client);
// Banned or muted, as itself or with another nick!user@host, whatever its rank.
bool relay_is_silenced(const struct relay_channel *channel, const struct relay_client *client,
                       struct str mask);
bool relay_masks_match(const struct relay_masks *list, const struct relay_client *client);
// NULL when client may speak there, else why not.
// Until the next call.
const char *relay_why_mute(struct relay *relay, const struct relay_channel *channel,
                           const struct relay_client *client, struct str text);
// It said something there: slow mode counts from now.
void relay_spoke(const struct relay *relay, const struct relay_channel *channel,
                 const struct relay_client *client);
// Of a single mask; is_mute: whether "m:" masks are meant, or the others.
bool relay_mask_matches(struct str mask, const struct relay_client *client, bool is_mute);
struct relay_mask *relay_mask_find(const struct relay_masks *list, struct str mask); // or NULL
struct relay_mask *relay_mask_add(struct relay_masks *list, struct str mask, struct str by,
                                  int64_t at_s);
void relay_mask_remove(struct relay_masks *list, size_t at);
// What stands in a channel, for one who just came in: topic, names.
void relay_greet(struct relay *relay, struct relay_client *client,
                 const struct relay_channel *channel);
bool relay_sees_channel(const struct relay_client *client, const struct relay_channel *channel);
void relay_join(struct relay *relay, struct relay_client *client, struct relay_channel *channel);
// The names alone, and with their end.
void relay_list_names(struct relay *relay, struct relay_client *to,
                      const struct relay_channel *channel);
void relay_send_names(struct relay *relay, struct relay_client *to,
                      const struct relay_channel *channel);
void relay_rank(const struct relay_client *to, const struct relay_member *member, char out[4]);

// --- relay_cmd_join.c ---
// The numeric of what keeps client out, 0 when it may come in.
int relay_join_error(const struct relay_channel *channel, const struct relay_client *client,
                     struct str key);

// --- relay_cmd_mute.c: bans and mutes that end by themselves ---
void relay_mutes_at(struct relay *relay, int64_t at_ms); // one ends then
void relay_mutes_turn(struct relay *relay);

// --- relay_talk.c: PRIVMSG, NOTICE, TAGMSG and plain text end here ---
struct relay_speech {
    const char *command;
    struct str target;
    struct str text;
    struct str tags; // client tags to pass on
    struct str id;   // +ronron.chat/id
};
void relay_collect_tags(struct buf *out, const struct irc_message *message); // the + ones
void relay_speak(struct relay *relay, struct relay_client *client,
                 const struct relay_speech *speech);

// --- commands ---
typedef void relay_command_fn(struct relay *relay, struct relay_client *client,
                              const struct irc_message *message);
relay_command_fn relay_cmd_batch, relay_cmd_chathistory, relay_cmd_markread, relay_cmd_redact,
    relay_cmd_search;
relay_command_fn relay_cmd_authenticate, relay_cmd_ban, relay_cmd_kill, relay_cmd_mute,
    relay_cmd_oper, relay_cmd_register, relay_cmd_rehash, relay_cmd_resume, relay_cmd_unban,
    relay_cmd_unmute, relay_cmd_verify, relay_cmd_wallops;
relay_command_fn relay_cmd_admin, relay_cmd_away, relay_cmd_cap, relay_cmd_help, relay_cmd_info,
    relay_cmd_invite, relay_cmd_ison, relay_cmd_isupport, relay_cmd_join, relay_cmd_kick,
    relay_cmd_knock, relay_cmd_links, relay_cmd_list, relay_cmd_lusers, relay_cmd_metadata,
    relay_cmd_mode, relay_cmd_monitor, relay_cmd_motd, relay_cmd_names, relay_cmd_nick,
    relay_cmd_notice, relay_cmd_part, relay_cmd_pass, relay_cmd_ping, relay_cmd_pong,
    relay_cmd_privmsg, relay_cmd_quit, relay_cmd_rename, relay_cmd_reregister, relay_cmd_setname,
    relay_cmd_tagmsg, relay_cmd_time, relay_cmd_topic, relay_cmd_user, relay_cmd_userhost,
    relay_cmd_version, relay_cmd_who, relay_cmd_whois, relay_cmd_whowas;

#endif

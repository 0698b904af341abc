// What happened besides talk goes into the history: who came, went, changed what.
#include <stdio.h>
#include <string.h>

#include "i18n.h"
#include "relay_parts.h"

// The words behind the command, or behind the target.
static struct str text_behind(const struct relay_event *event, size_t words)
{
    struct str word, rest = buf_str(&event->body);
    for (size_t i = 0; i < words; i++) {
        (void)str_next(&rest, ' ', &word); // at the end nothing is left, which is right too
    }
    return rest;
}

static void put(struct relay *relay, struct relay_event *event, struct store_line *line,
                const struct relay_client *who, const struct relay_channel *channel)
{
    line->id = event->id;
    line->target = str_from(channel->folded);
    line->name = str_from(channel->name);
    line->source = event->source;
    line->account = who ? relay_account_of(who) : (struct str){0};
    line->is_bot = who && who->is_bot;
    relay_record(relay, event, line);
    event->has_id = event->batch != 0; // so that the history's copy is known again
}

void relay_record_event(struct relay *relay, struct relay_event *event, enum store_kind kind,
                        const struct relay_client *who, const struct relay_channel *channel)
{
    struct store_line line = {.kind = kind, .text = text_behind(event, 2)};
    put(relay, event, &line, who, channel);
}

void relay_record_modes(struct relay *relay, struct relay_event *event, struct str modes,
                        const struct relay_client *who, const struct relay_channel *channel)
{
    struct store_line line = {.kind = STORE_MODE, .text = modes};
    put(relay, event, &line, who, channel);
}

void relay_record_everywhere(struct relay *relay, struct relay_event *event, enum store_kind kind,
                             const struct relay_client *who)
{
    struct store_line line = {.kind = kind, .text = text_behind(event, 1)};
    for (size_t i = 0; i < who->member_count; i++) {
        put(relay, event, &line, who, who->members[i]->channel);
    }
}

void relay_record_join(struct relay *relay, struct relay_event *event, struct relay_event *extended,
                       const struct relay_client *who, const struct relay_channel *channel)
{
    struct store_line line = {.kind = STORE_JOIN, .text = text_behind(extended, 2)};
    put(relay, event, &line, who, channel);
    relay_event_set_id(extended, event->id); // two forms of one event
    extended->batch = event->batch;
    extended->has_id = event->has_id;
}

// "kept for 30 days" and "up to 500 MB", whichever comes first.
void relay_history_text(const struct relay *relay, char out[160])
{
    char age[64] = "", size[64] = "";
    long long hours = relay->history_max_age_ms / 3600000;
    if (!relay->store) {
        (void)snprintf(out, 160, "%s", _("What is said here is not kept."));
        return;
    }
    if (hours >= 48) {
        (void)snprintf(age, sizeof(age), _(" for %lld days"), hours / 24);
    } else if (hours > 0) {
        (void)snprintf(age, sizeof(age), _(" for %lld hours"), hours);
    }
    if (relay->history_max_bytes) {
        (void)snprintf(size, sizeof(size), _(", the latest %llu MB at most"),
                       (unsigned long long)(relay->history_max_bytes / 1000000));
    }
    (void)snprintf(out, 160, _("What is said here is kept%s%s."), age, size);
}

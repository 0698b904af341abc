// Who is in a channel: found by folded nick, sorted when somebody looks.
#include <stdlib.h>
#include <string.h>

#include "chat_internal.h"
#include "mem.h"

static void fold(const struct buffer *buffer, struct str nick, char out[256])
{
    chat_fold(buffer->network, nick, out, 256);
}

struct member *chat_member_find(const struct buffer *buffer, struct str nick)
{
    char folded[256];
    fold(buffer, nick, folded);
    return map_get(&buffer->by_nick, str_from(folded));
}

void chat_member_add(struct buffer *buffer, struct str nick, unsigned ranks)
{
    struct member *known = chat_member_find(buffer, nick);
    if (known) {
        known->ranks = ranks;
        buffer->is_sorted = false;
        return;
    }
    if (nick.len == 0 || nick.len > 200 || buffer->member_count == CHAT_MEMBERS_MAX) {
        return;
    }
    char folded[256];
    struct member *member = MEM_NEW(struct member);
    fold(buffer, nick, folded);
    member->nick = str_dup(nick);
    member->folded = mem_copy_text(folded);
    member->ranks = ranks;
    if ((buffer->member_count & (buffer->member_count - 1)) == 0) { // full at powers of two
        size_t size = buffer->member_count ? buffer->member_count * 2 : 1;
        buffer->members = mem_resize(buffer->members, size, sizeof(struct member *));
    }
    buffer->members[buffer->member_count++] = member;
    map_put(&buffer->by_nick, str_from(folded), member);
    buffer->is_sorted = false;
}

static void free_member(struct member *member)
{
    mem_free(member->nick);
    mem_free(member->folded);
    mem_free(member);
}

bool chat_member_remove(struct buffer *buffer, struct str nick)
{
    char folded[256];
    fold(buffer, nick, folded);
    struct member *member = map_remove(&buffer->by_nick, str_from(folded));
    if (!member) {
        return false;
    }
    for (size_t i = 0; i < buffer->member_count; i++) {
        if (buffer->members[i] == member) {
            buffer->members[i] = buffer->members[--buffer->member_count];
            break;
        }
    }
    free_member(member);
    buffer->is_sorted = false;
    return true;
}

void chat_member_rename(struct buffer *buffer, struct str from, struct str to)
{
    const struct member *member = chat_member_find(buffer, from);
    if (member) {
        unsigned ranks = member->ranks;
        bool is_away = member->is_away;
        (void)chat_member_remove(buffer, from); // was just found
        chat_member_add(buffer, to, ranks);
        struct member *renamed = chat_member_find(buffer, to);
        if (renamed) {
            renamed->is_away = is_away;
        }
    }
}

void chat_members_clear(struct buffer *buffer)
{
    for (size_t i = 0; i < buffer->member_count; i++) {
        free_member(buffer->members[i]);
    }
    buffer->member_count = 0;
    mem_free(buffer->members);
    buffer->members = NULL;
    map_deinit(&buffer->by_nick);
}

static int compare(const void *left, const void *right)
{
    const struct member *a = *(struct member *const *)left;
    const struct member *b = *(struct member *const *)right;
    return a->order != b->order ? a->order - b->order
                                : str_compare(str_from(a->folded), str_from(b->folded));
}

// The place of the highest rank in PREFIX; the length of PREFIX for none.
static size_t highest(const struct irc_isupport *isupport, const struct member *member)
{
    size_t at = 0;
    while (isupport->prefix_chars[at] != '\0' && (member->ranks >> at & 1) == 0) {
        at++;
    }
    return at;
}

// Whoever may do what an operator may: founders (~) and admins (&) stand before 'o' in PREFIX.
static bool is_host(const struct irc_isupport *isupport, const struct member *member)
{
    const char *operators = strchr(isupport->prefix_modes, 'o');
    return operators && highest(isupport, member) <= (size_t)(operators - isupport->prefix_modes);
}

void chat_members_sort(struct buffer *buffer)
{
    if (!buffer->is_sorted && buffer->member_count > 1) {
        const struct irc_isupport *isupport = &buffer->network->isupport;
        for (size_t i = 0; i < buffer->member_count; i++) {
            struct member *member = buffer->members[i];
            member->order = is_host(isupport, member) ? 0 : member->ranks ? 1 : 2;
        }
        qsort(buffer->members, buffer->member_count, sizeof(struct member *), compare);
    }
    buffer->is_sorted = true;
}

size_t chat_member_count(const struct chat *chat, chat_buffer_id id)
{
    const struct buffer *buffer = chat_buffer(chat, id);
    return buffer ? buffer->member_count : 0;
}

bool chat_member(const struct chat *chat, chat_buffer_id id, size_t idx, struct chat_member *out)
{
    struct buffer *buffer = chat_buffer(chat, id);
    if (!buffer || idx >= buffer->member_count) {
        return false;
    }
    chat_members_sort(buffer);
    const struct member *member = buffer->members[idx];
    const struct irc_isupport *isupport = &buffer->network->isupport;
    struct str nick = str_from(member->nick);
    *out = (struct chat_member){.nick = nick,
                                .rank = isupport->prefix_chars[highest(isupport, member)],
                                .is_host = is_host(isupport, member),
                                .is_away = member->is_away,
                                .is_self = chat_is_self(buffer->network, nick)};
    return true;
}

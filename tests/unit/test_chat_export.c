// Saving a conversation: nothing overwritten, nothing half left, nothing unescaped.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "chat.h"
#include "chat_export.h"

#define NOW_MS 1700000000000LL // 2023-11-14 22:13:20 UTC

static struct chat *conversation(chat_buffer_id *room)
{
    struct chat *chat = chat_create(1);
    struct chat_join join = {.host = STR("h"), .port = 1, .nick = STR("Ana")};
    chat_set_time(chat, 1000, NOW_MS);
    chat_network_id network = chat_join(chat, &join);
    chat_link_connected(chat, network);
    chat_link_line(chat, network, STR(":r 001 Ana :hi"));
    chat_link_line(chat, network, STR(":Ana!u@h JOIN #party"));
    chat_link_line(chat, network, STR(":leo!u@h PRIVMSG #party :<b>5 > 3 & \"x\"</b> \xC3\xA9"));
    chat_link_line(chat, network, STR(":leo!u@h QUIT :bye"));
    *room = chat_buffer_find(chat, network, STR("#party"));
    assert_int_equal(chat_send(chat, *room, STR("mine")), CHAT_SENT);
    return chat;
}

static void read_file(const char *path, char *out, size_t size)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t len = fread(out, 1, size - 1, file);
    out[len] = '\0';
    assert_int_equal(fclose(file), 0);
}

static void text_and_page_hold_the_conversation(void **state)
{
    (void)state;
    char folder[] = "/tmp/ronron-export-XXXXXX";
    char first[256];
    char second[256];
    char page[256];
    char content[8192];
    struct err err = {0};
    chat_buffer_id room = 0;
    struct chat *chat = conversation(&room);
    assert_non_null(mkdtemp(folder));
    struct chat_export_place place = {CHAT_EXPORT_TEXT, folder, 3600, NOW_MS};
    struct chat_export_place as_page = {CHAT_EXPORT_HTML, folder, 3600, NOW_MS};
    assert_true(chat_export(chat, room, &place, first, sizeof(first), &err));
    assert_non_null(strstr(first, "/Ronron _party 2023-11-14 23h13.txt"));
    read_file(first, content, sizeof(content));
    assert_non_null(strstr(content, "2023-11-14 23:13:20  <leo> <b>5 > 3 & \"x\"</b> \xC3\xA9\n"));
    assert_non_null(strstr(content, "<Ana> mine\n"));
    assert_true(chat_export(chat, room, &place, second, sizeof(second), &err));
    assert_non_null(strstr(second, " (2).txt"));
    assert_true(chat_export(chat, room, &as_page, page, sizeof(page), &err));
    read_file(page, content, sizeof(content));
    assert_non_null(strstr(content, "&lt;leo&gt; &lt;b&gt;5 &gt; 3 &amp; &quot;x&quot;&lt;/b&gt;"));
    assert_null(strstr(content, "<b>"));
    assert_non_null(strstr(content, "</html>"));
    assert_int_equal(unlink(first) | unlink(second) | unlink(page) | rmdir(folder), 0);
    chat_destroy(chat);
}

static void failures_are_told_and_leave_nothing(void **state)
{
    (void)state;
    char path[256];
    struct err err = {0};
    chat_buffer_id room = 0;
    struct chat *chat = conversation(&room);
    struct chat_export_place nowhere = {CHAT_EXPORT_TEXT, "/proc/nowhere/at/all", 0, NOW_MS};
    assert_false(chat_export(chat, room, &nowhere, path, sizeof(path), &err));
    assert_non_null(strstr(err.text, "nothing was saved"));
    struct chat_export_place unwritable = {CHAT_EXPORT_HTML, "/proc", 0, NOW_MS};
    assert_false(chat_export(chat, room, &unwritable, path, sizeof(path), &err));
    chat_destroy(chat);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_and_page_hold_the_conversation),
        cmocka_unit_test(failures_are_told_and_leave_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

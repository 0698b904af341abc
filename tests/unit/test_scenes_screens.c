// The screens by what they draw, ask for and send.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scenes_harness.h"

static struct stage stage;

static int open_stage(void **state)
{
    (void)state;
    stage_open(&stage, "velours", 1280, 800);
    stage_settle(&stage);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&stage);
    return 0;
}

static void enter_in_the_name_field_hosts_when_no_party_is_near(void **state)
{
    (void)state;
    struct scenes_request request;
    stage_type(&stage, "Zoe"); // the suggestion was selected: typing replaces it
    stage_key(&stage, UI_KEY_ENTER, 0);
    assert_true(stage_request(&stage, &request));
    assert_int_equal(request.type, SCENES_REQUEST_HOST);
    assert_true(str_eq(request.nick, STR("Zoe")));
    assert_false(stage_request(&stage, &request));
}

static void a_party_heard_is_shown_and_joined_by_enter(void **state)
{
    (void)state;
    struct scenes_request request;
    struct scenes_party party = {
        .instance = "1", .host = "10.0.0.7", .port = 6668, .people = 3, .name = "Friday"};
    scenes_set_parties(stage.scenes, &party, 1);
    stage_settle(&stage);
    assert_true(stage_shows(&stage, "Friday"));
    assert_true(stage_shows(&stage, "3 people"));
    stage_key(&stage, UI_KEY_ENTER, 0);
    assert_true(stage_request(&stage, &request));
    assert_int_equal(request.type, SCENES_REQUEST_JOIN);
    assert_true(str_eq(request.text, STR("10.0.0.7:6668")));
}

static void a_name_is_needed_to_host(void **state)
{
    (void)state;
    struct scenes_request request;
    stage_key(&stage, UI_KEY_BACKSPACE, 0);
    stage_key(&stage, UI_KEY_ENTER, 0);
    assert_false(stage_request(&stage, &request));
}

static void tab_reaches_the_host_button_and_space_presses_it(void **state)
{
    (void)state;
    struct scenes_request request;
    stage_key(&stage, UI_KEY_TAB, 0);
    stage_key(&stage, UI_KEY_SPACE, 0);
    assert_true(stage_request(&stage, &request));
    assert_int_equal(request.type, SCENES_REQUEST_HOST);
}

static void what_is_typed_is_sent_shown_and_cleared(void **state)
{
    (void)state;
    stage_enter_party(&stage);
    stage_type(&stage, "hello there");
    assert_true(stage_shows(&stage, "hello there"));
    stage_key(&stage, UI_KEY_ENTER, 0);
    assert_true(stage_has_sent(&stage, "PRIVMSG #party :hello there\r\n"));
    stage_settle(&stage);
    assert_true(stage_shows(&stage, "Say something to everybody"));
    assert_true(stage_shows(&stage, "hello there"));
    stage_key(&stage, UI_KEY_UP, 0); // what was sent comes back
    stage_frame(&stage, 16);
    assert_false(stage_shows(&stage, "Say something to everybody"));
}

static void the_send_button_sends_too(void **state)
{
    (void)state;
    stage_enter_party(&stage);
    stage_type(&stage, "by mouse");
    stage_click(&stage, -290, -40);
    assert_true(stage_has_sent(&stage, "PRIVMSG #party :by mouse\r\n"));
}

static void words_of_others_appear_under_their_name(void **state)
{
    (void)state;
    stage_enter_party(&stage);
    stage_server(&stage, ":leo!l@h PRIVMSG #party :salut Ana");
    stage_settle(&stage);
    assert_true(stage_shows(&stage, "salut Ana"));
    assert_true(stage_shows(&stage, "\"leo\""));
}

static void reading_back_is_not_disturbed_by_new_lines(void **state)
{
    (void)state;
    stage_enter_party(&stage);
    for (int i = 0; i < 120; i++) {
        char line[100];
        (void)snprintf(line, sizeof line, ":leo!l@h PRIVMSG #party :line number %d.", i);
        stage_server(&stage, line);
    }
    stage_settle(&stage);
    assert_true(stage_shows(&stage, "line number 119."));
    stage_wheel(&stage, 640, 400, 20);
    stage_settle(&stage);
    assert_false(stage_shows(&stage, "line number 119."));
    assert_true(stage_shows(&stage, "line number 75."));
    stage_server(&stage, ":leo!l@h PRIVMSG #party :a new one");
    stage_settle(&stage);
    assert_true(stage_shows(&stage, "line number 75."));
    assert_true(stage_shows(&stage, "1 new"));
    stage_key(&stage, UI_KEY_END, UI_MOD_CTRL);
    stage_settle(&stage);
    assert_true(stage_shows(&stage, "a new one"));
}

static void what_the_server_says_can_be_read_until_one_goes_back(void **state)
{
    (void)state;
    stage_enter_party(&stage);
    stage_server(&stage, ":s 372 Ana :- Shoes off, please");
    stage_server(&stage, ":leo!l@h PRIVMSG #party :come and dance");
    stage_settle(&stage);
    assert_true(stage_shows(&stage, "come and dance"));
    stage_click(&stage, 100, 184);
    stage_settle(&stage);
    assert_true(stage_shows(&stage, "Shoes off, please"));
    assert_false(stage_shows(&stage, "come and dance"));
    assert_true(stage_shows(&stage, "2 people here"));
    stage_server(&stage, ":leo!l@h PRIVMSG #party :where are you");
    stage_settle(&stage);
    assert_true(stage_shows(&stage, "Shoes off, please"));
    stage_click(&stage, 100, 132);
    stage_settle(&stage);
    assert_true(stage_shows(&stage, "where are you"));
}

static void save_and_leave_are_asked_for_by_key_and_button(void **state)
{
    (void)state;
    struct scenes_request request;
    stage_enter_party(&stage);
    stage_letter(&stage, 's', UI_MOD_CTRL);
    assert_true(stage_request(&stage, &request));
    assert_int_equal(request.type, SCENES_REQUEST_SAVE);
    assert_true(request.buffer != 0);
    stage_click(&stage, -60, 32);
    assert_true(stage_request(&stage, &request));
    assert_int_equal(request.type, SCENES_REQUEST_LEAVE);
}

static void a_host_is_asked_before_the_party_ends(void **state)
{
    (void)state;
    struct scenes_request request;
    stage_enter_party(&stage);
    scenes_set_hosting(stage.scenes, "10.0.0.5:6667");
    stage_settle(&stage);
    assert_true(stage_shows(&stage, "10.0.0.5:6667"));
    stage_click(&stage, -60, 32);
    stage_settle(&stage);
    assert_true(stage_shows(&stage, "Close your party?"));
    assert_false(stage_request(&stage, &request));
    stage_key(&stage, UI_KEY_ESCAPE, 0);
    stage_settle(&stage);
    assert_false(stage_shows(&stage, "Close your party?"));
}

static void a_lost_link_is_told_and_typing_goes_on(void **state)
{
    (void)state;
    stage_enter_party(&stage);
    chat_link_closed(stage.chat, stage.network, STR("gone"));
    stage_frame(&stage, 16);
    stage_frame(&stage, 16);
    assert_true(stage_shows(&stage, "The link broke"));
    stage_type(&stage, "not lost");
    stage_key(&stage, UI_KEY_ENTER, 0);
    stage_frame(&stage, 200);
    assert_true(stage_shows(&stage, "not lost"));
    assert_true(stage_shows(&stage, "Not sent yet"));
}

static void a_refused_name_is_explained_with_a_field_for_another(void **state)
{
    (void)state;
    struct scenes_request request;
    struct chat_join join = {
        .host = STR("h"), .port = 6667, .nick = STR("Ana"), .password = STR("")};
    stage.network = chat_join(stage.chat, &join);
    scenes_enter_party(stage.scenes, stage.network);
    chat_link_connected(stage.chat, stage.network);
    stage_server(&stage, ":s 464 Ana :Password incorrect");
    stage_settle(&stage);
    assert_true(stage_shows(&stage, "This party is locked"));
    stage_click(&stage, 640, 395);
    stage_type(&stage, "4321");
    stage_key(&stage, UI_KEY_ENTER, 0);
    assert_true(stage_request(&stage, &request));
    assert_int_equal(request.type, SCENES_REQUEST_JOIN);
    assert_true(str_eq(request.password, STR("4321")));
}

static void any_text_keeps_the_layout_at_every_size(void **state)
{
    (void)state;
    static const int sizes[][2] = {{640, 400},  {800, 480},   {1024, 600},
                                   {768, 1024}, {1920, 1080}, {3840, 2160}};
    stage_enter_party(&stage);
    stage_server(
        &stage,
        ":leo!l@h PRIVMSG #party :\xff\xfe broken \x01 \u202Eabc \U0001F468\u200D\U0001F469 "
        "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww");
    stage_server(&stage, ":leo!l@h NICK :\u0645\u0631\u062D\u0628\u0627");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        stage.width_px = sizes[i][0];
        stage.height_px = sizes[i][1];
        ui_set_scale(stage.ui, i == 5 ? 2.5f : 1);
        stage_settle(&stage);
        assert_true(paint_list_count(ui_list(stage.ui)) > 20);
    }
}

static void the_title_begins_with_the_program_and_holds_the_nick(void **state)
{
    (void)state;
    assert_true(str_eq(scenes_title(stage.scenes), STR("Ronron - Ana")));
    stage_enter_party(&stage);
    assert_true(str_eq(scenes_title(stage.scenes), STR("Ronron - Ana - Friday night")));
}

static void after_five_quiet_seconds_nothing_moves(void **state)
{
    (void)state;
    stage_enter_party(&stage);
    stage_frame(&stage, 10000);
    stage_settle(&stage);
    assert_int_equal(scenes_wake_ms(stage.scenes), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(enter_in_the_name_field_hosts_when_no_party_is_near),
        TEST(a_party_heard_is_shown_and_joined_by_enter),
        TEST(a_name_is_needed_to_host),
        TEST(tab_reaches_the_host_button_and_space_presses_it),
        TEST(what_is_typed_is_sent_shown_and_cleared),
        TEST(the_send_button_sends_too),
        TEST(words_of_others_appear_under_their_name),
        TEST(reading_back_is_not_disturbed_by_new_lines),
        TEST(what_the_server_says_can_be_read_until_one_goes_back),
        TEST(save_and_leave_are_asked_for_by_key_and_button),
        TEST(a_host_is_asked_before_the_party_ends),
        TEST(a_lost_link_is_told_and_typing_goes_on),
        TEST(a_refused_name_is_explained_with_a_field_for_another),
        TEST(any_text_keeps_the_layout_at_every_size),
        TEST(the_title_begins_with_the_program_and_holds_the_nick),
        TEST(after_five_quiet_seconds_nothing_moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

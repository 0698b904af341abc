// Lines of IRC after RFC 1459, Modern IRC and the IRCv3 message-tags text.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "irc_caps.h"
#include "irc_format.h"
#include "irc_isupport.h"
#include "irc_message.h"
#include "irc_modes.h"

static void all_parts_are_found(void **state)
{
    (void)state;
    struct irc_message m;
    assert_true(irc_message_parse(
        &m, STR("@time=12:00;+typing=active;x :ana!~a@host PRIVMSG  #party :hello  world")));
    assert_int_equal(m.tag_count, 3);
    assert_true(str_eq(irc_message_tag(&m, "+typing")->value, STR("active")));
    assert_int_equal(irc_message_tag(&m, "x")->value.len, 0);
    assert_null(irc_message_tag(&m, "y"));
    assert_true(str_eq(m.source.nick, STR("ana")));
    assert_true(str_eq(m.source.user, STR("~a")));
    assert_true(str_eq(m.source.host, STR("host")));
    assert_true(irc_message_is(&m, "privmsg"));
    assert_int_equal(m.param_count, 2);
    assert_true(str_eq(m.params[0], STR("#party")));
    assert_true(str_eq(m.params[1], STR("hello  world")));
}

static void trailing_parameter_keeps_its_spaces_and_may_be_empty(void **state)
{
    (void)state;
    struct irc_message m;
    assert_true(irc_message_parse(&m, STR("TOPIC #c : a ")));
    assert_true(str_eq(m.params[1], STR(" a ")));
    assert_true(irc_message_parse(&m, STR("PRIVMSG #c :")));
    assert_int_equal(m.param_count, 2);
    assert_int_equal(m.params[1].len, 0);
    assert_true(irc_message_parse(&m, STR("QUIT ")));
    assert_int_equal(m.param_count, 0);
    assert_int_equal(irc_message_param(&m, 4).len, 0);
}

static void fifteenth_parameter_takes_the_rest(void **state)
{
    (void)state;
    struct irc_message m;
    assert_true(irc_message_parse(&m, STR("X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17")));
    assert_int_equal(m.param_count, 15);
    assert_true(str_eq(m.params[14], STR("15 16 17")));
}

static void lines_without_a_command_are_refused(void **state)
{
    (void)state;
    struct irc_message m;
    assert_false(irc_message_parse(&m, STR("")));
    assert_false(irc_message_parse(&m, STR("   ")));
    assert_false(irc_message_parse(&m, STR("@a=b")));
    assert_false(irc_message_parse(&m, STR(":source")));
    assert_false(irc_message_parse(&m, STR("h\xC3\xA9llo world")));
    assert_true(irc_message_parse(&m, STR("001 ana :hi")));
    assert_int_equal(irc_message_numeric(&m), 1);
}

static void tag_values_go_round(void **state)
{
    (void)state;
    struct buf escaped;
    struct buf plain;
    buf_init(&escaped, 100);
    buf_init(&plain, 100);
    assert_true(irc_tag_escape(&escaped, STR("a; b\\c\r\n")));
    assert_true(str_eq(buf_str(&escaped), STR("a\\:\\sb\\\\c\\r\\n")));
    assert_true(irc_tag_unescape(&plain, buf_str(&escaped)));
    assert_true(str_eq(buf_str(&plain), STR("a; b\\c\r\n")));
    buf_clear(&plain);
    assert_true(irc_tag_unescape(&plain, STR("x\\bend\\")));
    assert_true(str_eq(buf_str(&plain), STR("xbend")));
    buf_deinit(&escaped);
    buf_deinit(&plain);
}

static void written_lines_hold_no_line_breaks(void **state)
{
    (void)state;
    struct buf out;
    struct irc_writer w;
    buf_init(&out, 200);
    irc_write_begin(&w, &out);
    irc_write_tag(&w, STR("msgid"), STR("a b"));
    irc_write_tag(&w, STR("empty"), (struct str){0});
    irc_write_source(&w, STR("ana!a@h"));
    irc_write_command(&w, "PRIVMSG");
    irc_write_param(&w, STR("#c"));
    irc_write_trailing(&w, STR("a\r\nQUIT\n"));
    assert_true(irc_write_end(&w));
    assert_true(str_eq(buf_str(&out), STR("@msgid=a\\sb;empty :ana!a@h PRIVMSG #c :aQUIT\r\n")));
    buf_deinit(&out);
}

static void line_over_the_ceiling_is_taken_back(void **state)
{
    (void)state;
    struct buf out;
    struct irc_writer w;
    buf_init(&out, 20);
    assert_true(buf_append(&out, STR("first\r\n")));
    irc_write_begin(&w, &out);
    irc_write_command(&w, "PRIVMSG");
    irc_write_trailing(&w, STR("much too long for it"));
    assert_false(irc_write_end(&w));
    assert_true(str_eq(buf_str(&out), STR("first\r\n")));
    buf_deinit(&out);
}

static int arity(void *context, char letter)
{
    (void)context;
    return letter == 'o' || letter == 'k' ? 1 : letter == 'l' ? 2 : 0;
}

static void mode_letters_take_their_params(void **state)
{
    (void)state;
    const struct str params[] = {STR_INIT("ana"), STR_INIT("5")};
    struct irc_mode_walk walk;
    struct irc_mode_change c;
    irc_mode_walk_init(&walk, STR("+ol-li+o"), params, 2);
    assert_true(irc_mode_walk_next(&walk, arity, NULL, &c));
    assert_true(c.is_adding && c.letter == 'o' && str_eq(c.param, STR("ana")));
    assert_true(irc_mode_walk_next(&walk, arity, NULL, &c));
    assert_true(c.is_adding && c.letter == 'l' && str_eq(c.param, STR("5")));
    assert_true(irc_mode_walk_next(&walk, arity, NULL, &c));
    assert_true(!c.is_adding && c.letter == 'l' && !c.has_param);
    assert_true(irc_mode_walk_next(&walk, arity, NULL, &c));
    assert_true(!c.is_adding && c.letter == 'i');
    assert_true(irc_mode_walk_next(&walk, arity, NULL, &c));
    assert_true(c.letter == 'o' && !c.has_param);
    assert_false(irc_mode_walk_next(&walk, arity, NULL, &c));
}

static void formatting_becomes_runs(void **state)
{
    (void)state;
    struct buf plain;
    struct irc_format_run runs[8];
    buf_init(&plain, 100);
    size_t count = irc_format_parse(STR("a\x02"
                                        "b\x03"
                                        "04,01c\x03,d\x0F"
                                        "e"),
                                    &plain, runs, 8);
    assert_true(str_eq(buf_str(&plain), STR("abc,de")));
    assert_int_equal(count, 5);
    assert_int_equal(runs[1].flags, IRC_FORMAT_BOLD);
    assert_int_equal(runs[2].foreground, 0xFF0000);
    assert_int_equal(runs[2].background, 0x000000);
    assert_int_equal(runs[3].foreground, IRC_COLOR_NONE);
    assert_int_equal(runs[4].flags, 0);
    buf_clear(&plain);
    assert_int_equal(irc_format_parse(STR("\x02"
                                          "a\x1D"
                                          "b\x1F"
                                          "c"),
                                      &plain, runs, 2),
                     2);
    assert_int_equal(runs[1].len, 2);
    buf_deinit(&plain);
    struct str command;
    struct str rest;
    assert_true(irc_ctcp_parse(STR("\x01"
                                   "ACTION waves\x01"),
                               &command, &rest));
    assert_true(str_eq(command, STR("ACTION")) && str_eq(rest, STR("waves")));
    assert_false(irc_ctcp_parse(STR("ACTION"), &command, &rest));
}

static void capability_names_are_sorted_and_found(void **state)
{
    (void)state;
    enum irc_cap cap;
    for (size_t i = 0; i < irc_cap_count(); i++) {
        assert_true(i == 0 || str_compare(irc_cap_at(i - 1)->name, irc_cap_at(i)->name) < 0);
        assert_true(irc_cap_find(irc_cap_at(i)->name, &cap));
        assert_int_equal(cap, irc_cap_at(i)->cap);
    }
    assert_false(irc_cap_find(STR("Batch"), &cap));
}

static void isupport_tokens_change_what_they_name(void **state)
{
    (void)state;
    struct irc_isupport is;
    irc_isupport_init(&is);
    static const char *const tokens[] = {"NETWORK=Ronron", "PREFIX=(qov)~@+", "CASEMAPPING=ascii",
                                         "NICKLEN=30",     "CHANTYPES=#",     "NICKLEN=x",
                                         "UTF8ONLY",       "LINELEN=99"};
    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        irc_isupport_token(&is, str_from(tokens[i]));
    }
    assert_string_equal(is.network, "Ronron");
    irc_isupport_token(&is, STR("NETWORK=Chez\\x20Ana\xC2\xA0ici"));
    assert_string_equal(is.network, "Chez Ana ici");
    assert_string_equal(is.prefix_modes, "qov");
    assert_string_equal(is.prefix_chars, "~@+");
    assert_int_equal(is.casemap, IRC_CASEMAP_ASCII);
    assert_int_equal(is.nick_len, 30);
    assert_int_equal(is.line_len, 512);
    assert_true(is.utf8_only);
    assert_true(irc_isupport_is_channel(&is, STR("#x")));
    assert_false(irc_isupport_is_channel(&is, STR("&x")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_parts_are_found),
        cmocka_unit_test(trailing_parameter_keeps_its_spaces_and_may_be_empty),
        cmocka_unit_test(fifteenth_parameter_takes_the_rest),
        cmocka_unit_test(lines_without_a_command_are_refused),
        cmocka_unit_test(tag_values_go_round),
        cmocka_unit_test(written_lines_hold_no_line_breaks),
        cmocka_unit_test(line_over_the_ceiling_is_taken_back),
        cmocka_unit_test(mode_letters_take_their_params),
        cmocka_unit_test(formatting_becomes_runs),
        cmocka_unit_test(capability_names_are_sorted_and_found),
        cmocka_unit_test(isupport_tokens_change_what_they_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// The account of the relay's benchmark must see every kind of fault, once.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "load_line.h"
#include "load_tally.h"
#include "load_times.h"

#define TEXT_LEN  86
#define RECEIVERS 3

static void setup(struct load_tally *tally, uint32_t sent)
{
    load_tally_init(tally, RECEIVERS, 1);
    tally->sent[0] = sent;
}

static bool arrive(struct load_tally *tally, unsigned receiver, uint32_t seq)
{
    return load_tally_arrive(tally, receiver, (struct load_line){.sender = 0, .seq = seq});
}

static void a_line_comes_back_as_it_was_written(void **state)
{
    (void)state;
    char text[TEXT_LEN];
    struct load_line line;
    load_line_write(text, sizeof(text), (struct load_line){.sender = 0x2a, .seq = 0xfedcba98u});
    assert_true(load_line_read(&line, text, sizeof(text)));
    assert_int_equal(line.sender, 0x2a);
    assert_int_equal(line.seq, 0xfedcba98u);
}

static void any_changed_byte_is_damage(void **state)
{
    (void)state;
    char text[TEXT_LEN];
    struct load_line line;
    for (size_t i = 0; i < sizeof(text); i++) {
        load_line_write(text, sizeof(text), (struct load_line){.sender = 7, .seq = 12345});
        text[i] ^= 1;
        assert_false(load_line_read(&line, text, sizeof(text)));
    }
}

static void halves_of_two_lines_are_damage(void **state)
{
    (void)state;
    char text[TEXT_LEN];
    char other[TEXT_LEN];
    struct load_line line;
    load_line_write(text, sizeof(text), (struct load_line){.sender = 7, .seq = 100});
    load_line_write(other, sizeof(other), (struct load_line){.sender = 7, .seq = 101});
    memcpy(text + TEXT_LEN / 2, other + TEXT_LEN / 2, TEXT_LEN / 2);
    assert_false(load_line_read(&line, text, sizeof(text)));
}

static void lines_in_order_are_no_fault(void **state)
{
    (void)state;
    struct load_tally tally;
    setup(&tally, 3);
    for (uint32_t seq = 0; seq < 3; seq++) {
        assert_true(arrive(&tally, 1, seq));
        assert_true(arrive(&tally, 2, seq));
    }
    assert_int_equal(tally.delivered, 6);
    assert_int_equal(tally.doubled + tally.reordered + tally.damaged, 0);
    assert_int_equal(load_tally_lost(&tally, RECEIVERS), 0);
    load_tally_deinit(&tally);
}

static void a_missing_line_is_lost_once(void **state)
{
    (void)state;
    struct load_tally tally;
    setup(&tally, 5);
    assert_true(arrive(&tally, 1, 0));
    assert_true(arrive(&tally, 1, 3)); // 1 and 2 are missing, 4 has not come
    assert_int_equal(load_tally_lost(&tally, 2), 3);
    assert_int_equal(tally.reordered + tally.doubled, 0);
    load_tally_deinit(&tally);
}

static void a_late_line_is_reordered_and_not_lost(void **state)
{
    (void)state;
    struct load_tally tally;
    setup(&tally, 5);
    (void)arrive(&tally, 1, 0);
    (void)arrive(&tally, 1, 4);
    assert_true(arrive(&tally, 1, 2)); // cuts the gap 1..3 in two
    assert_true(arrive(&tally, 1, 1));
    assert_true(arrive(&tally, 1, 3));
    assert_int_equal(tally.reordered, 3);
    assert_int_equal(load_tally_lost(&tally, 2), 0);
    load_tally_deinit(&tally);
}

static void a_second_copy_is_doubled_even_out_of_a_filled_gap(void **state)
{
    (void)state;
    struct load_tally tally;
    setup(&tally, 3);
    (void)arrive(&tally, 1, 0);
    assert_false(arrive(&tally, 1, 0));
    (void)arrive(&tally, 1, 2);
    (void)arrive(&tally, 1, 1);
    assert_false(arrive(&tally, 1, 1));
    assert_int_equal(tally.doubled, 2);
    assert_int_equal(tally.delivered, 3);
    load_tally_deinit(&tally);
}

static void a_line_nobody_sent_is_damage(void **state)
{
    (void)state;
    struct load_tally tally;
    setup(&tally, 3);
    assert_false(arrive(&tally, 1, 3)); // not sent yet
    assert_false(arrive(&tally, 0, 0)); // nobody gets their own
    assert_false(load_tally_arrive(&tally, 1, (struct load_line){.sender = 1, .seq = 0}));
    assert_int_equal(tally.damaged, 3);
    load_tally_deinit(&tally);
}

static void quantiles_are_within_two_percent(void **state)
{
    (void)state;
    struct load_times times = {0};
    for (int64_t i = 1; i <= 1000; i++) {
        load_times_add(&times, i * 1000, 1);
    }
    assert_in_range(load_times_at(&times, 0.5), 490000, 510000);
    assert_in_range(load_times_at(&times, 0.99), 970000, 1000000);
    assert_int_equal(times.max_ns, 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_comes_back_as_it_was_written),
        cmocka_unit_test(any_changed_byte_is_damage),
        cmocka_unit_test(halves_of_two_lines_are_damage),
        cmocka_unit_test(lines_in_order_are_no_fault),
        cmocka_unit_test(a_missing_line_is_lost_once),
        cmocka_unit_test(a_late_line_is_reordered_and_not_lost),
        cmocka_unit_test(a_second_copy_is_doubled_even_out_of_a_filled_gap),
        cmocka_unit_test(a_line_nobody_sent_is_damage),
        cmocka_unit_test(quantiles_are_within_two_percent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

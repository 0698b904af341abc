// Shared chunks and queues of references: one stretch for neighbours, waiting for a batch, cutting
// out, and nothing held once it is gone.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "relay_tape.h"

static char scratch[16384];

static void push(struct relay_tape *tape, struct relay_outq *queue, const char *text,
                 uint64_t batch)
{
    assert_true(relay_outq_push(queue, relay_tape_put(tape, str_from(text)), batch));
}

static void assert_peek(const struct relay_outq *queue, uint64_t durable, const char *text)
{
    struct str got = relay_outq_peek(queue, durable, scratch, sizeof(scratch));
    assert_int_equal(got.len, strlen(text));
    assert_memory_equal(got.data, text, got.len);
}

static void neighbours_on_a_tape_are_one_stretch_that_nobody_copied(void **state)
{
    (void)state;
    struct relay_tape tape = {0};
    struct relay_outq first, second;
    relay_outq_init(&first, 1000);
    relay_outq_init(&second, 1000);
    for (int i = 0; i < 3; i++) {
        struct relay_piece piece = relay_tape_put(&tape, STR("line\r\n"));
        assert_true(relay_outq_push(&first, piece, 0));
        assert_true(relay_outq_push(&second, piece, 0));
    }
    assert_int_equal(first.count, 1);
    assert_peek(&first, 0, "line\r\nline\r\nline\r\n");
    struct str a = relay_outq_peek(&first, 0, scratch, sizeof(scratch));
    struct str b = relay_outq_peek(&second, 0, scratch, sizeof(scratch));
    assert_ptr_equal(a.data, b.data); // the same memory
    assert_int_equal(tape.chunk->holders, 3);
    relay_outq_consume(&first, 4);
    assert_peek(&first, 0, "\r\nline\r\nline\r\n");
    relay_outq_consume(&first, 14);
    assert_int_equal(first.bytes, 0);
    assert_null(first.refs);
    relay_tape_rewind(&tape);
    assert_int_equal(tape.chunk->len, 18); // the second still needs it
    relay_outq_deinit(&second);
    relay_tape_rewind(&tape);
    assert_int_equal(tape.chunk->len, 0);
    relay_outq_deinit(&first);
    relay_tape_deinit(&tape);
}

static void scattered_lines_are_gathered_and_long_ones_are_not(void **state)
{
    (void)state;
    struct relay_tape tape = {0}, other = {0};
    struct relay_outq queue;
    char big[5001];
    memset(big, 'x', sizeof(big) - 1);
    big[sizeof(big) - 1] = '\0';
    relay_outq_init(&queue, 100000);
    push(&tape, &queue, "a\r\n", 0);
    push(&other, &queue, "b\r\n", 0);
    push(&tape, &queue, "c\r\n", 0);
    push(&other, &queue, big, 0);
    assert_peek(&queue, 0, "a\r\nb\r\nc\r\n");
    relay_outq_consume(&queue, 5); // into the second
    assert_peek(&queue, 0, "\nc\r\n");
    relay_outq_consume(&queue, 4);
    assert_peek(&queue, 0, big);
    assert_ptr_not_equal(relay_outq_peek(&queue, 0, scratch, sizeof(scratch)).data, scratch);
    relay_outq_deinit(&queue);
    relay_tape_deinit(&tape);
    relay_tape_deinit(&other);
}

static void nothing_passes_what_waits_for_a_batch(void **state)
{
    (void)state;
    struct relay_tape tape = {0}, other = {0};
    struct relay_outq queue;
    relay_outq_init(&queue, 1000);
    push(&tape, &queue, "now ", 0);
    push(&tape, &queue, "five ", 5);
    push(&tape, &queue, "behind ", 0);
    push(&other, &queue, "six ", 6);
    assert_peek(&queue, 4, "now ");
    assert_false(relay_outq_waits(&queue, 4));
    relay_outq_consume(&queue, 4);
    assert_true(relay_outq_waits(&queue, 4));
    assert_peek(&queue, 4, "");
    assert_peek(&queue, 5, "five behind ");
    relay_outq_settle(&queue, 5); // its system takes no more: a copy, the chunk is free
    assert_int_equal(tape.chunk->holders, 1);
    assert_peek(&queue, 5, "five behind ");
    relay_outq_consume(&queue, 12);
    assert_peek(&queue, 5, "");
    assert_peek(&queue, 6, "six ");
    relay_outq_deinit(&queue);
    relay_tape_deinit(&tape);
    relay_tape_deinit(&other);
}

static void a_piece_is_cut_out_wherever_it_stands(void **state)
{
    (void)state;
    struct relay_tape tape = {0};
    struct relay_outq queue;
    relay_outq_init(&queue, 1000);
    push(&tape, &queue, "before ", 0);
    struct relay_piece bad = relay_tape_put(&tape, STR("bad "));
    assert_true(relay_outq_push(&queue, bad, 3));
    push(&tape, &queue, "after ", 3);
    struct relay_piece worse = relay_tape_put(&tape, STR("worse"));
    assert_true(relay_outq_push(&queue, worse, 3));
    relay_outq_cut(&queue, bad);
    assert_int_equal(queue.bytes, 18);
    relay_outq_cut(&queue, worse);
    relay_outq_cut(&queue, worse); // it is gone: nothing more
    assert_int_equal(queue.bytes, 13);
    assert_peek(&queue, 2, "before ");
    assert_peek(&queue, 3, "before after ");
    relay_outq_deinit(&queue);
    assert_int_equal(tape.chunk->holders, 1);
    relay_tape_deinit(&tape);
}

static void the_ceiling_counts_all_that_waits(void **state)
{
    (void)state;
    struct relay_tape tape = {0};
    struct relay_outq queue;
    relay_outq_init(&queue, 10);
    push(&tape, &queue, "12345678", 1);
    assert_false(relay_outq_push(&queue, relay_tape_put(&tape, STR("abc")), 0));
    assert_int_equal(queue.bytes, 8);
    relay_outq_settle(&queue, 1);
    assert_false(relay_outq_push(&queue, relay_tape_put(&tape, STR("abc")), 0));
    relay_outq_consume(&queue, 1);
    push(&tape, &queue, "abc", 0);
    assert_peek(&queue, 1, "2345678"); // the backlog goes first
    relay_outq_consume(&queue, 7);
    assert_peek(&queue, 1, "abc");
    relay_outq_deinit(&queue);
    relay_tape_deinit(&tape);
}

static void many_references_come_and_go(void **state)
{
    (void)state;
    struct relay_tape tapes[2] = {0};
    struct relay_outq queue;
    relay_outq_init(&queue, (size_t)1 << 20);
    size_t put = 0, taken = 0;
    for (int round = 0; round < 2000; round++) {
        push(&tapes[round % 2], &queue, "0123456789", 0); // never neighbours
        put += 10;
        if (round % 3 == 2) {
            struct str got = relay_outq_peek(&queue, 0, scratch, 25);
            assert_true(got.len > 0);
            for (size_t i = 0; i < got.len; i++) {
                assert_int_equal(got.data[i], '0' + (int)((taken + i) % 10));
            }
            taken += got.len;
            relay_outq_consume(&queue, got.len);
        }
        assert_int_equal(queue.bytes, put - taken);
    }
    relay_outq_deinit(&queue);
    relay_tape_deinit(&tapes[0]);
    relay_tape_deinit(&tapes[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_on_a_tape_are_one_stretch_that_nobody_copied),
        cmocka_unit_test(scattered_lines_are_gathered_and_long_ones_are_not),
        cmocka_unit_test(nothing_passes_what_waits_for_a_batch),
        cmocka_unit_test(a_piece_is_cut_out_wherever_it_stands),
        cmocka_unit_test(the_ceiling_counts_all_that_waits),
        cmocka_unit_test(many_references_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

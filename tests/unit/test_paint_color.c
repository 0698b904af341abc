// Colours, rectangles and the span blenders, against slow and exact arithmetic.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "paint_row.h"
#include "paint_types.h"
#include "rng.h"

static void contrast_of_known_pairs(void **state)
{
    (void)state;
    assert_true(fabsf(paint_contrast(0xFF000000, 0xFFFFFFFF) - 21.0f) < 0.001f);
    assert_true(fabsf(paint_contrast(0xFFFFFFFF, 0xFF000000) - 21.0f) < 0.001f);
    assert_true(fabsf(paint_contrast(0xFF336699, 0xFF336699) - 1.0f) < 0.001f);
    assert_true(fabsf(paint_contrast(0xFF777777, 0xFFFFFFFF) - 4.478f) < 0.01f);
}

static void mixing_goes_from_one_end_to_the_other(void **state)
{
    (void)state;
    assert_int_equal(paint_mix(0x00102030, 0xFFA0B0C0, 0), 0x00102030);
    assert_int_equal(paint_mix(0x00102030, 0xFFA0B0C0, 1), 0xFFA0B0C0);
    assert_int_equal(paint_mix(0x00000000, 0x64646464, 0.5f), 0x32323232);
    assert_int_equal(paint_mix(0x00102030, 0xFFA0B0C0, 9), 0xFFA0B0C0);
    assert_int_equal(paint_with_alpha(0x80112233, 0.5f), 0x40112233);
}

static void rectangles_meet_and_join(void **state)
{
    (void)state;
    struct paint_rect a = {0, 0, 10, 10}, b = {5, 5, 10, 10}, far_away = {50, 50, 1, 1};
    struct paint_rect both = paint_rect_intersect(a, b), sum = paint_rect_union(a, b);
    assert_true(both.x == 5 && both.y == 5 && both.w == 5 && both.h == 5);
    assert_true(sum.x == 0 && sum.y == 0 && sum.w == 15 && sum.h == 15);
    assert_true(paint_rect_is_empty(paint_rect_intersect(a, far_away)));
    assert_true(paint_rect_contains(a, 9, 9));
    assert_false(paint_rect_contains(a, 10, 9));
}

static unsigned channel(uint32_t color, int shift)
{
    return color >> shift & 255u;
}

// Every channel within 1 of the exact blend; the top byte stays 0.
static void assert_blended(uint32_t pixel, uint32_t below, uint32_t rgb, double alpha)
{
    assert_int_equal(pixel >> 24, 0);
    for (int shift = 0; shift < 24; shift += 8) {
        double exact = channel(rgb, shift) * alpha + channel(below, shift) * (1 - alpha);
        assert_true(fabs(exact - channel(pixel, shift)) <= 1.0);
    }
}

static void mask_blending_is_exact_within_one(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 3);
    for (unsigned alpha = 0; alpha < 256; alpha++) {
        uint32_t row[256], below[256], rgb = rng_next(&rng);
        uint8_t mask[256];
        for (int i = 0; i < 256; i++) {
            mask[i] = (uint8_t)i;
            below[i] = row[i] = rng_next(&rng) & 0xFFFFFF;
        }
        paint_row_mask(row, mask, 256, rgb, alpha);
        for (int i = 0; i < 256; i++) {
            assert_blended(row[i], below[i], rgb, mask[i] / 255.0 * alpha / 255.0);
        }
    }
}

static void plain_blending_is_exact_within_one(void **state)
{
    (void)state;
    for (unsigned alpha = 0; alpha < 256; alpha++) {
        for (uint32_t below = 0; below < 256; below++) {
            uint32_t pixel = below * 0x010101u;
            paint_row_blend(&pixel, 1, 0xFF00C8, alpha);
            assert_blended(pixel, below * 0x010101u, 0xFF00C8, alpha / 255.0);
        }
    }
}

static void premultiplied_blending_is_close_and_never_overflows(void **state)
{
    (void)state;
    for (unsigned alpha = 0; alpha < 256; alpha++) {
        for (uint32_t cover = 0; cover < 256; cover++) {
            uint32_t white = cover * 0x01010101u, pixel = 0xFFFFFF, dark = 0, tint = 0;
            paint_row_argb(&pixel, &white, 1, alpha);
            assert_blended(pixel, 0xFFFFFF, 0xFFFFFF, 1);
            paint_row_argb(&dark, &white, 1, alpha);
            assert_blended(dark, 0, 0xFFFFFF, cover / 255.0 * alpha / 255.0);
            paint_row_tint(&tint, &white, 1, 0x40FF80, alpha);
            assert_blended(tint, 0, 0x40FF80, cover / 255.0 * alpha / 255.0);
        }
    }
}

static void full_and_empty_masks_are_exact(void **state)
{
    (void)state;
    uint32_t row[2] = {0x123456, 0x123456};
    const uint8_t mask[2] = {0, 255};
    paint_row_mask(row, mask, 2, 0xABCDEF, 255);
    assert_int_equal(row[0], 0x123456);
    assert_int_equal(row[1], 0xABCDEF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contrast_of_known_pairs),
        cmocka_unit_test(mixing_goes_from_one_end_to_the_other),
        cmocka_unit_test(rectangles_meet_and_join),
        cmocka_unit_test(mask_blending_is_exact_within_one),
        cmocka_unit_test(plain_blending_is_exact_within_one),
        cmocka_unit_test(premultiplied_blending_is_close_and_never_overflows),
        cmocka_unit_test(full_and_empty_masks_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

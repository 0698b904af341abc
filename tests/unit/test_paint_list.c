// The draw list: stacks, what is dropped, what a dump says, and the shapes it turns into.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "buf.h"
#include "mem.h"
#include "paint_list.h"
#include "paint_screen.h"

#define SIDE 128

struct scene {
    struct paint_list *list;
    struct paint_canvas canvas;
};

static int open_scene(void **state)
{
    struct scene *scene = MEM_NEW(struct scene);
    scene->list = paint_list_create();
    scene->canvas = (struct paint_canvas){mem_alloc(SIDE * SIDE * 4), SIDE, SIDE, SIDE};
    paint_list_reset(scene->list, SIDE, SIDE);
    *state = scene;
    return 0;
}

static int close_scene(void **state)
{
    struct scene *scene = *state;
    paint_list_destroy(scene->list);
    mem_free(scene->canvas.pixels);
    mem_free(scene);
    return 0;
}

static unsigned blue_at(const struct scene *scene, int x, int y)
{
    return scene->canvas.pixels[y * SIDE + x] & 255u;
}

static double covered(const struct scene *scene)
{
    double sum = 0;
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            sum += blue_at(scene, x, y) / 255.0;
        }
    }
    return sum;
}

static void render(struct scene *scene)
{
    paint_render(scene->list, NULL, &scene->canvas);
}

static void clips_intersect_and_come_back(void **state)
{
    struct scene *scene = *state;
    paint_push_clip(scene->list, (struct paint_rect){10, 10, 50, 50});
    paint_push_offset(scene->list, 20.4f, 0);
    paint_push_clip(scene->list, (struct paint_rect){20, 20, 100, 10});
    struct paint_rect clip = paint_clip(scene->list);
    assert_true(clip.x == 40 && clip.y == 20 && clip.w == 20 && clip.h == 10);
    paint_fill(scene->list, (struct paint_rect){-100, -100, 400, 400}, 0xFFFFFFFF);
    paint_pop_clip(scene->list);
    paint_pop_offset(scene->list);
    paint_pop_clip(scene->list);
    clip = paint_clip(scene->list);
    assert_true(clip.x == 0 && clip.y == 0 && clip.w == SIDE && clip.h == SIDE);
    render(scene);
    assert_true(covered(scene) == 200);
}

static void alpha_multiplies(void **state)
{
    struct scene *scene = *state;
    paint_push_alpha(scene->list, 0.5f);
    paint_push_alpha(scene->list, 0.5f);
    paint_fill(scene->list, (struct paint_rect){0, 0, 1, 1}, 0xFFFFFFFF);
    paint_pop_alpha(scene->list);
    paint_fill(scene->list, (struct paint_rect){1, 0, 1, 1}, 0xFFFFFFFF);
    paint_pop_alpha(scene->list);
    render(scene);
    assert_in_range(blue_at(scene, 0, 0), 63, 65);
    assert_in_range(blue_at(scene, 1, 0), 127, 129);
}

static void what_cannot_be_seen_is_dropped(void **state)
{
    struct scene *scene = *state;
    struct paint_list *list = scene->list;
    paint_fill(list, (struct paint_rect){200, 0, 10, 10}, 0xFFFFFFFF);
    paint_fill(list, (struct paint_rect){0, 0, 0, 10}, 0xFFFFFFFF);
    paint_round(list, (struct paint_box){0, 0, 10, 10}, 3, 0x00FFFFFF);
    paint_round(list, (struct paint_box){0, 0, NAN, 10}, 3, 0xFFFFFFFF);
    paint_round(list, (struct paint_box){1e30f, 0, 10, 10}, 3, 0xFFFFFFFF);
    paint_image(list, PAINT_IMAGE_NONE, 0, 0);
    assert_int_equal(paint_list_count(list), 0);
}

static void round_boxes_are_symmetric_with_the_right_area(void **state)
{
    struct scene *scene = *state;
    const float radii[] = {0, 3, 14, 30, 100};
    for (size_t i = 0; i < sizeof radii / sizeof radii[0]; i++) {
        paint_list_reset(scene->list, SIDE, SIDE);
        paint_round(scene->list, (struct paint_box){14, 34, 100, 60}, radii[i], 0xFFFFFFFF);
        render(scene);
        double radius = radii[i] < 30 ? (double)radii[i] : 30;
        double area = 6000 - (4 - 3.14159265) * radius * radius;
        assert_true(fabs(covered(scene) - area) < area * 0.002);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                assert_int_equal(blue_at(scene, x, y), blue_at(scene, SIDE - 1 - x, y));
                assert_int_equal(blue_at(scene, x, y), blue_at(scene, x, SIDE - 1 - y));
            }
        }
    }
}

static void half_pixels_are_half_covered(void **state)
{
    struct scene *scene = *state;
    paint_round(scene->list, (struct paint_box){10.5f, 10, 20, 20}, 0, 0xFFFFFFFF);
    render(scene);
    assert_in_range(blue_at(scene, 10, 20), 127, 128);
    assert_int_equal(blue_at(scene, 11, 20), 255);
    assert_in_range(blue_at(scene, 30, 20), 127, 128);
}

static void circles_rings_and_strokes_have_the_right_area(void **state)
{
    struct scene *scene = *state;
    const double pi = 3.14159265;
    paint_circle(scene->list, 64, 64, 40, 0xFFFFFFFF);
    render(scene);
    assert_true(fabs(covered(scene) - pi * 1600) < 10);
    paint_list_reset(scene->list, SIDE, SIDE);
    paint_ring(scene->list, (struct paint_box){24, 24, 80, 80}, 40, 5, 0xFFFFFFFF);
    render(scene);
    assert_true(fabs(covered(scene) - pi * (1600 - 35 * 35)) < 10);
    assert_int_equal(blue_at(scene, 64, 64), 0);
    paint_list_reset(scene->list, SIDE, SIDE);
    paint_stroke(scene->list, 20, 30, 100, 90, 6, 0xFFFFFFFF);
    render(scene);
    assert_true(fabs(covered(scene) - (100 * 6 + pi * 9)) < 10);
}

static void shadows_fade_outwards(void **state)
{
    struct scene *scene = *state;
    paint_shadow(scene->list, (struct paint_box){40, 40, 48, 48}, 8, 20, 0xFFFFFFFF);
    render(scene);
    assert_int_equal(blue_at(scene, 64, 64), 255);
    for (int x = 24; x < 64; x++) {
        assert_true(blue_at(scene, x, 64) <= blue_at(scene, x + 1, 64));
    }
    assert_in_range(blue_at(scene, 39, 64), 100, 128); // half way at the edge
    assert_int_equal(blue_at(scene, 20, 64), 0);
}

static void gradients_run_from_top_to_bottom(void **state)
{
    struct scene *scene = *state;
    paint_gradient(scene->list, (struct paint_box){0, 0, SIDE, SIDE}, 0, 0xFF000000, 0xFFFFFFFF);
    render(scene);
    assert_in_range(blue_at(scene, 64, 0), 0, 2);
    assert_in_range(blue_at(scene, 64, 64), 126, 130);
    assert_in_range(blue_at(scene, 64, SIDE - 1), 253, 255);
}

static void a_dump_has_a_line_a_command(void **state)
{
    struct scene *scene = *state;
    struct buf out;
    buf_init(&out, BUF_NO_LIMIT);
    paint_fill(scene->list, (struct paint_rect){1, 2, 3, 4}, 0xFF112233);
    paint_round(scene->list, (struct paint_box){1.5f, 2, 30, 40}, 5, 0x80AABBCC);
    paint_image(scene->list, 9, 12, 40);
    assert_true(paint_list_dump(scene->list, &out));
    assert_string_equal(buf_cstr(&out), "fill 1,2 3x4 #FF112233\n"
                                        "round 1.5,2 30x40 r5,5,5,5 #80AABBCC\n"
                                        "image 12,40 id9 #FF000000\n");
    buf_deinit(&out);
}

#define SCENE_TEST(f) cmocka_unit_test_setup_teardown(f, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(clips_intersect_and_come_back),
        SCENE_TEST(alpha_multiplies),
        SCENE_TEST(what_cannot_be_seen_is_dropped),
        SCENE_TEST(round_boxes_are_symmetric_with_the_right_area),
        SCENE_TEST(half_pixels_are_half_covered),
        SCENE_TEST(circles_rings_and_strokes_have_the_right_area),
        SCENE_TEST(shadows_fade_outwards),
        SCENE_TEST(gradients_run_from_top_to_bottom),
        SCENE_TEST(a_dump_has_a_line_a_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

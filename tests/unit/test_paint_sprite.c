// Images and turned sprites on the canvas.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "mem.h"
#include "paint_list.h"
#include "paint_screen.h"

#define SIDE  200
#define BYTES ((size_t)SIDE * SIDE * 4)

static char folder[] = "/tmp/ronron-sprite-XXXXXX";
static const char svg[] = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\">"
                          "<rect width=\"8\" height=\"8\" fill=\"#ffffff\"/>"
                          "<rect width=\"4\" height=\"4\" fill=\"#ff0000\"/></svg>";

struct scene {
    struct paint_images *images;
    struct paint_list *list;
    struct paint_canvas canvas, other;
    paint_image_id image; // 40x40, its top left quarter red
};

static void path_of(char *out, size_t size)
{
    (void)snprintf(out, size, "%s/a.svg", folder); // fits
}

static int open_scene(void **state)
{
    char path[64];
    if (!mkdtemp(folder)) {
        return -1;
    }
    path_of(path, sizeof path);
    FILE *file = fopen(path, "wb");
    if (!file || fputs(svg, file) < 0 || fclose(file) != 0) {
        return -1;
    }
    struct scene *scene = MEM_NEW(struct scene);
    scene->images = paint_images_create(folder);
    scene->list = paint_list_create();
    scene->canvas = (struct paint_canvas){mem_alloc(BYTES), SIDE, SIDE, SIDE};
    scene->other = (struct paint_canvas){mem_alloc(BYTES), SIDE, SIDE, SIDE};
    scene->image = paint_image_get(scene->images, "a", 40, 40);
    *state = scene;
    return scene->image == PAINT_IMAGE_NONE ? -1 : 0;
}

static int close_scene(void **state)
{
    struct scene *scene = *state;
    char path[64];
    path_of(path, sizeof path);
    paint_images_destroy(scene->images);
    paint_list_destroy(scene->list);
    mem_free(scene->canvas.pixels);
    mem_free(scene->other.pixels);
    mem_free(scene);
    return unlink(path) != 0 || rmdir(folder) != 0;
}

static uint32_t at(const struct scene *scene, int x, int y)
{
    return scene->canvas.pixels[y * SIDE + x];
}

static void an_unturned_sprite_is_the_image(void **state)
{
    struct scene *scene = *state;
    struct paint_sprite sprite = {
        .image = scene->image, .x = 70, .y = 60, .scale_x = 1, .scale_y = 1, .alpha = 1};
    sprite.pivot_x = sprite.pivot_y = 0.5f;
    paint_list_reset(scene->list, SIDE, SIDE);
    paint_sprite(scene->list, &sprite);
    paint_render(scene->list, scene->images, &scene->canvas);
    paint_list_reset(scene->list, SIDE, SIDE);
    paint_image(scene->list, scene->image, 50, 40);
    paint_render(scene->list, scene->images, &scene->other);
    assert_memory_equal(scene->canvas.pixels, scene->other.pixels, BYTES);
    assert_int_equal(at(scene, 55, 45), 0xFF0000);
    assert_int_equal(at(scene, 80, 70), 0xFFFFFF);
    assert_int_equal(at(scene, 49, 45), 0);
}

static void a_quarter_turn_goes_clockwise(void **state)
{
    struct scene *scene = *state;
    struct paint_sprite sprite = {
        .image = scene->image, .x = 100, .y = 100, .scale_x = 2, .scale_y = 2, .alpha = 1};
    sprite.pivot_x = sprite.pivot_y = 0.5f;
    sprite.angle = 1.57079633f;
    paint_list_reset(scene->list, SIDE, SIDE);
    paint_sprite(scene->list, &sprite);
    paint_render(scene->list, scene->images, &scene->canvas);
    assert_int_equal(at(scene, 120, 80), 0xFF0000); // was top left, now top right
    assert_int_equal(at(scene, 80, 80), 0xFFFFFF);
    assert_int_equal(at(scene, 80, 120), 0xFFFFFF);
    assert_int_equal(at(scene, 50, 100), 0);
}

static void a_tint_takes_only_the_shape(void **state)
{
    struct scene *scene = *state;
    paint_list_reset(scene->list, SIDE, SIDE);
    paint_image_tinted(scene->list, scene->image, -10, -10, 0xFF00FF00);
    paint_render(scene->list, scene->images, &scene->canvas);
    assert_int_equal(at(scene, 0, 0), 0x00FF00);
    assert_int_equal(at(scene, 29, 29), 0x00FF00);
    assert_int_equal(at(scene, 30, 30), 0);
}

static void moving_sprites_redrawn_in_part_equal_the_whole(void **state)
{
    struct scene *scene = *state;
    struct paint_screen *screen = paint_screen_create(scene->images);
    struct paint_rect dirty[PAINT_DIRTY_MAX];
    for (int frame = 0; frame < 60; frame++) {
        float t = (float)frame;
        struct paint_sprite sprite = {.image = scene->image,
                                      .x = t * 4 - 20,
                                      .y = 90 + t / 3,
                                      .pivot_x = 0.2f,
                                      .pivot_y = 0.7f,
                                      .scale_x = 0.5f + t / 20,
                                      .scale_y = frame == 30 ? 0 : -1.3f,
                                      .angle = t / 7,
                                      .alpha = 0.6f,
                                      .tint = frame % 2 ? 0xFFFFB454 : 0};
        paint_list_reset(scene->list, SIDE, SIDE);
        paint_fill(scene->list, (struct paint_rect){0, 0, SIDE, 150}, 0xFF1B1526);
        paint_push_clip(scene->list, (struct paint_rect){15, 0, 150, SIDE});
        paint_sprite(scene->list, &sprite);
        paint_image(scene->list, scene->image, 150 - frame, frame * 5 - 50);
        paint_pop_clip(scene->list);
        (void)paint_screen_update(screen, scene->list, &scene->canvas, dirty); // pixels count
        paint_render(scene->list, scene->images, &scene->other);
        assert_memory_equal(scene->canvas.pixels, scene->other.pixels, BYTES);
    }
    paint_screen_destroy(screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unturned_sprite_is_the_image),
        cmocka_unit_test(a_quarter_turn_goes_clockwise),
        cmocka_unit_test(a_tint_takes_only_the_shape),
        cmocka_unit_test(moving_sprites_redrawn_in_part_equal_the_whole),
    };
    return cmocka_run_group_tests(tests, open_scene, close_scene);
}

// Pictures: SVG at its real size, what is broken or missing, PNG there and back.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "mem.h"
#include "paint_image.h"
#include "paint_screen.h"
#include "rng.h"

#define SVG(body)                                                                                  \
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\">" body "</svg>"

static char folder[] = "/tmp/ronron-paint-XXXXXX";

static void path_of(char *out, size_t size, const char *name)
{
    (void)snprintf(out, size, "%s/%s", folder, name); // the name fits
}

static void write_file(const char *name, const char *text)
{
    char path[128];
    path_of(path, sizeof path, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int open_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder)) {
        return -1;
    }
    write_file("full.svg", SVG("<rect width=\"10\" height=\"10\" fill=\"#3366cc\"/>"));
    write_file("half.svg",
               SVG("<rect width=\"10\" height=\"10\" fill=\"#ff0000\" fill-opacity=\"0.5\"/>"));
    write_file("broken.svg", "<svg");
    write_file("empty.svg", "");
    return 0;
}

static int close_folder(void **state)
{
    static const char *const names[] = {"full.svg", "half.svg", "broken.svg", "empty.svg", "a.png"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        path_of(path, sizeof path, names[i]);
        (void)unlink(path); // a failed test may not have made it
    }
    return rmdir(folder);
}

static void a_picture_is_rasterised_at_the_asked_size_and_centred(void **state)
{
    (void)state;
    struct paint_images *images = paint_images_create(folder);
    struct paint_pixels pixels;
    paint_image_id id = paint_image_get(images, "full", 40, 20);
    assert_int_not_equal(id, PAINT_IMAGE_NONE);
    assert_true(paint_image_pixels(images, id, &pixels));
    assert_int_equal(pixels.width_px, 40);
    assert_int_equal(pixels.height_px, 20);
    assert_int_equal(pixels.argb[10 * 40 + 20], 0xFF3366CC);
    assert_int_equal(pixels.argb[10 * 40 + 2], 0); // square: bars left and right stay clear
    assert_int_equal(pixels.argb[10 * 40 + 37], 0);
    assert_int_equal(paint_image_get(images, "full", 40, 20), id);
    assert_int_not_equal(paint_image_get(images, "full", 20, 20), id);
    paint_images_destroy(images);
}

static void pixels_are_premultiplied(void **state)
{
    (void)state;
    struct paint_images *images = paint_images_create(folder);
    struct paint_pixels pixels;
    assert_true(paint_image_pixels(images, paint_image_get(images, "half", 16, 16), &pixels));
    uint32_t middle = pixels.argb[8 * 16 + 8];
    assert_in_range(middle >> 24, 126, 129);
    assert_in_range(middle >> 16 & 255, 124, 129);
    assert_int_equal(middle & 0xFFFF, 0);
    paint_images_destroy(images);
}

static void missing_and_broken_pictures_are_none(void **state)
{
    (void)state;
    struct paint_images *images = paint_images_create(folder);
    struct paint_pixels pixels;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(paint_image_get(images, "missing", 8, 8), PAINT_IMAGE_NONE);
        assert_int_equal(paint_image_get(images, "broken", 8, 8), PAINT_IMAGE_NONE);
        assert_int_equal(paint_image_get(images, "empty", 8, 8), PAINT_IMAGE_NONE);
    }
    assert_int_equal(paint_image_get(images, "full", 0, 8), PAINT_IMAGE_NONE);
    assert_int_equal(paint_image_get(images, "full", 100000, 8), PAINT_IMAGE_NONE);
    assert_false(paint_image_pixels(images, PAINT_IMAGE_NONE, &pixels));
    assert_false(paint_image_pixels(images, 77, &pixels));
    paint_images_destroy(images);
}

static void a_dropped_size_comes_back_when_its_id_is_drawn(void **state)
{
    (void)state;
    struct paint_images *images = paint_images_create(folder);
    struct paint_pixels pixels;
    paint_image_id first = paint_image_get(images, "full", 2048, 2048); // 16 MB
    paint_images_end_frame(images);
    for (int i = 0; i < 3; i++) {
        assert_int_not_equal(paint_image_get(images, "full", 2040 + i, 2048), PAINT_IMAGE_NONE);
        paint_images_end_frame(images);
    }
    assert_true(paint_image_pixels(images, first, &pixels));
    assert_int_equal(pixels.argb[1024 * 2048 + 1024], 0xFF3366CC);
    paint_images_destroy(images);
}

static void png_comes_back_as_it_was(void **state)
{
    (void)state;
    struct err err = {{0}};
    struct rng rng;
    struct paint_canvas back = {0};
    uint32_t pixels[20 * 16];
    struct paint_canvas canvas = {pixels, 17, 16, 20};
    char path[128];
    rng_init(&rng, 5);
    for (size_t i = 0; i < sizeof pixels / sizeof pixels[0]; i++) {
        pixels[i] = rng_next(&rng) & 0xFFFFFF;
    }
    path_of(path, sizeof path, "a.png");
    assert_true(paint_save_png(&canvas, path, &err));
    assert_true(paint_load_png(&back, path, &err));
    assert_int_equal(back.width_px, 17);
    assert_int_equal(back.height_px, 16);
    for (int y = 0; y < 16; y++) {
        assert_memory_equal(back.pixels + y * back.stride_px, pixels + y * 20, 17 * 4);
    }
    mem_free(back.pixels);
    path_of(path, sizeof path, "broken.svg");
    assert_false(paint_load_png(&back, path, &err));
    assert_false(paint_load_png(&back, "/nowhere/a.png", &err));
    assert_false(paint_save_png(&canvas, "/nowhere/a.png", &err));
    assert_true(err.text[0] != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_is_rasterised_at_the_asked_size_and_centred),
        cmocka_unit_test(pixels_are_premultiplied),
        cmocka_unit_test(missing_and_broken_pictures_are_none),
        cmocka_unit_test(a_dropped_size_comes_back_when_its_id_is_drawn),
        cmocka_unit_test(png_comes_back_as_it_was),
    };
    return cmocka_run_group_tests(tests, open_folder, close_folder);
}

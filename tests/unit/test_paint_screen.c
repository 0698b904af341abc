// Redrawing only what changed gives the same pixels as drawing everything.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mem.h"
#include "paint_screen.h"
#include "rng.h"

#define WIDTH  333
#define HEIGHT 217
#define FRAMES 200
#define SHAPES 24

struct shape {
    int kind;
    float x, y, w, h, radius, alpha;
    paint_color color;
    struct paint_rect clip;
};

static float between(struct rng *rng, float from, float to)
{
    return from + (to - from) * rng_unit(rng);
}

static struct shape random_shape(struct rng *rng)
{
    struct shape shape = {.kind = (int)rng_below(rng, 7)};
    shape.x = between(rng, -60, WIDTH);
    shape.y = between(rng, -60, HEIGHT);
    shape.w = between(rng, 0, 160);
    shape.h = between(rng, 0, 120);
    shape.radius = between(rng, 0, 40);
    shape.alpha = between(rng, 0, 1.2f);
    shape.color = rng_next(rng) | (rng_below(rng, 2) ? 0xFF000000u : 0);
    shape.clip = (struct paint_rect){(int)between(rng, -20, WIDTH / 2), -10, WIDTH / 2, HEIGHT};
    return shape;
}

static void draw(struct paint_list *list, const struct shape *s)
{
    struct paint_box box = {s->x, s->y, s->w, s->h};
    struct paint_rect rect = {(int)s->x, (int)s->y, (int)s->w, (int)s->h};
    switch (s->kind) {
    case 0:
        paint_fill(list, rect, s->color);
        break;
    case 1:
        paint_round(list, box, s->radius, s->color);
        break;
    case 2:
        paint_ring(list, box, s->radius, 3, s->color);
        break;
    case 3:
        paint_shadow(list, box, s->radius, 24, s->color);
        break;
    case 4:
        paint_gradient(list, box, s->radius, s->color, ~s->color);
        break;
    case 5:
        paint_circle(list, s->x, s->y, s->radius, s->color);
        break;
    default:
        paint_stroke(list, s->x, s->y, s->x + s->w, s->y - s->h, s->radius / 4, s->color);
        break;
    }
}

static void build(struct paint_list *list, const struct shape *shapes)
{
    paint_list_reset(list, WIDTH, HEIGHT);
    for (int i = 0; i < SHAPES; i++) {
        bool is_clipped = i % 3 == 0;
        if (is_clipped) {
            paint_push_clip(list, shapes[i].clip);
        }
        paint_push_alpha(list, shapes[i].alpha);
        draw(list, &shapes[i]);
        paint_pop_alpha(list);
        if (is_clipped) {
            paint_pop_clip(list);
        }
    }
}

static void assert_inside(const struct paint_rect *dirty, size_t count)
{
    assert_true(count <= PAINT_DIRTY_MAX);
    for (size_t i = 0; i < count; i++) {
        assert_true(dirty[i].x >= 0 && dirty[i].y >= 0 && dirty[i].w > 0 && dirty[i].h > 0);
        assert_true(dirty[i].x + dirty[i].w <= WIDTH && dirty[i].y + dirty[i].h <= HEIGHT);
    }
}

static void partial_redraw_equals_full_redraw(void **state)
{
    (void)state;
    size_t size = (size_t)WIDTH * HEIGHT * sizeof(uint32_t);
    struct paint_canvas part = {mem_alloc(size), WIDTH, HEIGHT, WIDTH};
    struct paint_canvas full = {mem_alloc(size), WIDTH, HEIGHT, WIDTH};
    struct paint_screen *screen = paint_screen_create(NULL);
    struct paint_list *list = paint_list_create();
    struct paint_rect dirty[PAINT_DIRTY_MAX];
    struct shape shapes[SHAPES];
    struct rng rng;
    rng_init(&rng, 7);
    for (int i = 0; i < SHAPES; i++) {
        shapes[i] = random_shape(&rng);
    }
    for (int frame = 0; frame < FRAMES; frame++) {
        shapes[rng_below(&rng, SHAPES)] = random_shape(&rng);
        shapes[rng_below(&rng, SHAPES)].x += 0.5f;
        build(list, shapes);
        assert_inside(dirty, paint_screen_update(screen, list, &part, dirty));
        paint_render(list, NULL, &full);
        assert_memory_equal(part.pixels, full.pixels, size);
        assert_int_equal(paint_screen_update(screen, list, &part, dirty), 0);
    }
    paint_list_destroy(list);
    paint_screen_destroy(screen);
    mem_free(part.pixels);
    mem_free(full.pixels);
}

static void a_small_change_redraws_a_small_part(void **state)
{
    (void)state;
    size_t size = (size_t)WIDTH * HEIGHT * sizeof(uint32_t);
    struct paint_canvas canvas = {mem_alloc(size), WIDTH, HEIGHT, WIDTH};
    struct paint_screen *screen = paint_screen_create(NULL);
    struct paint_list *list = paint_list_create();
    struct paint_rect dirty[PAINT_DIRTY_MAX];
    for (int frame = 0; frame < 2; frame++) {
        paint_list_reset(list, WIDTH, HEIGHT);
        paint_fill(list, (struct paint_rect){0, 0, WIDTH, HEIGHT}, 0xFF1B1526);
        paint_fill(list, (struct paint_rect){100, 100, 2, 20}, frame ? 0xFFFFFFFF : 0xFFFFB454);
        size_t count = paint_screen_update(screen, list, &canvas, dirty);
        assert_int_equal(count, 1);
        assert_true(frame == 0 ? dirty[0].w == WIDTH : dirty[0].w * dirty[0].h <= 128 * 128);
    }
    paint_screen_invalidate(screen);
    assert_int_equal(paint_screen_update(screen, list, &canvas, dirty), 1);
    assert_int_equal(dirty[0].h, HEIGHT);
    paint_list_destroy(list);
    paint_screen_destroy(screen);
    mem_free(canvas.pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partial_redraw_equals_full_redraw),
        cmocka_unit_test(a_small_change_redraws_a_small_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

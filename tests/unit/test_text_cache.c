// The cache of layouts: what is kept, what is not the same, what goes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "text_cache.h"

static struct text_spec spec_of(const char *text, int width_px)
{
    return (struct text_spec){
        .style = {TEXT_FACE_SANS, 16}, .text = str_from(text), .width_px = width_px};
}

static void the_same_question_gets_the_same_layout(void **state)
{
    struct text_cache *cache = text_cache_create(*state, 1 << 20);
    struct text_spec spec = spec_of("Send", 100), other = spec_of("Send", 120);
    struct text_layout *first = text_cache_get(cache, &spec);
    text_cache_end_frame(cache);
    assert_ptr_equal(text_cache_get(cache, &spec), first);
    assert_ptr_not_equal(text_cache_get(cache, &other), first);
    struct text_attr bold = {4, TEXT_BOLD, TEXT_COLOR_DEFAULT};
    spec.attrs = &bold;
    spec.attr_count = 1;
    assert_ptr_not_equal(text_cache_get(cache, &spec), first);
    text_cache_destroy(cache);
}

static void what_this_frame_asked_for_stays_over_the_ceiling(void **state)
{
    struct text_cache *cache = text_cache_create(*state, 1);
    struct text_spec a = spec_of("one", 0), b = spec_of("two", 0);
    struct text_layout *first = text_cache_get(cache, &a), *second = text_cache_get(cache, &b);
    uint64_t first_id = text_layout_id(first);
    text_cache_end_frame(cache);
    assert_ptr_equal(text_cache_get(cache, &b), second);
    text_cache_end_frame(cache); // "one" was not asked for
    assert_int_not_equal(text_layout_id(text_cache_get(cache, &a)), first_id);
    text_cache_destroy(cache);
}

static int open_fonts(void **state)
{
    struct err err = {0};
    *state = text_fonts_create(&err);
    return *state ? 0 : -1;
}

static int close_fonts(void **state)
{
    text_fonts_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_question_gets_the_same_layout),
        cmocka_unit_test(what_this_frame_asked_for_stays_over_the_ceiling),
    };
    return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}

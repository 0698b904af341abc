// The hash table against a plain array, and seeded random numbers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hash.h"
#include "map.h"
#include "rng.h"

#define KEYS 300

static struct str key_of(int idx, char out[16])
{
    int len = snprintf(out, 16, "key%d", idx);
    return (struct str){out, (size_t)len};
}

static void random_changes_agree_with_an_array(void **state)
{
    (void)state;
    struct map map;
    map_init(&map, 42);
    struct rng rng;
    rng_init(&rng, 7);
    int *present[KEYS] = {0};
    int values[KEYS];
    size_t count = 0;
    for (int step = 0; step < 20000; step++) {
        int idx = (int)rng_below(&rng, KEYS);
        char text[16];
        struct str key = key_of(idx, text);
        assert_ptr_equal(map_get(&map, key), present[idx]);
        if (rng_below(&rng, 2)) {
            count += present[idx] ? 0 : 1;
            present[idx] = &values[rng_below(&rng, KEYS)];
            map_put(&map, key, present[idx]);
        } else {
            count -= present[idx] ? 1 : 0;
            assert_ptr_equal(map_remove(&map, key), present[idx]);
            present[idx] = NULL;
        }
        assert_int_equal(map.count, count);
    }
    map_deinit(&map);
}

static void iteration_visits_each_key_once(void **state)
{
    (void)state;
    struct map map;
    map_init(&map, 1);
    int seen[KEYS] = {0};
    char text[16];
    for (int i = 0; i < KEYS; i++) {
        map_put(&map, key_of(i, text), &seen[i]);
    }
    size_t cursor = 0;
    struct str key;
    void *value;
    size_t visits = 0;
    while (map_next(&map, &cursor, &key, &value)) {
        (*(int *)value)++;
        visits++;
    }
    assert_int_equal(visits, KEYS);
    for (int i = 0; i < KEYS; i++) {
        assert_int_equal(seen[i], 1);
    }
    map_deinit(&map);
}

static void same_seed_gives_the_same_numbers(void **state)
{
    (void)state;
    struct rng a;
    struct rng b;
    rng_init(&a, 99);
    rng_init(&b, 99);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(rng_next(&a), rng_next(&b));
        assert_true(rng_below(&a, 10) == rng_below(&b, 10));
        float unit = rng_unit(&a);
        assert_true(unit >= 0.0f && unit < 1.0f);
        (void)rng_unit(&b); // keeps the two in step
    }
}

static void names_that_collide_without_the_key_do_not_with_it(void **state)
{
    (void)state;
    struct str a = STR("8yn0iYCKYHlIj4-BwPqk"), b = STR("GReLUrM4wMqfg9yzV3KQ");
    const uint64_t one[2] = {1, 2}, other[2] = {3, 4};
    assert_true(str_hash(a) == str_hash(b));
    assert_true(hash_keyed(a, one) != hash_keyed(b, one));
    assert_true(hash_keyed(a, one) != hash_keyed(a, other));
}

// The reference key 00 01 .. 0f and the texts "", 00, 00 01, .. 00 .. 0e.
static void the_keyed_hash_is_siphash_1_3(void **state)
{
    (void)state;
    static const char bytes[] = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e";
    const uint64_t key[2] = {0x0706050403020100, 0x0F0E0D0C0B0A0908};
    assert_true(hash_keyed((struct str){bytes, 0}, key) == 0xABAC0158050FC4DC);
    assert_true(hash_keyed((struct str){bytes, 1}, key) == 0xC9F49BF37D57CA93);
    assert_true(hash_keyed((struct str){bytes, 2}, key) == 0x82CB9B024DC7D44D);
    assert_true(hash_keyed((struct str){bytes, 7}, key) == 0xD3927D989BB11140);
    assert_true(hash_keyed((struct str){bytes, 8}, key) == 0x369095118D299A8E);
    assert_true(hash_keyed((struct str){bytes, 15}, key) == 0xD320D86D2A519956);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_changes_agree_with_an_array),
        cmocka_unit_test(iteration_visits_each_key_once),
        cmocka_unit_test(names_that_collide_without_the_key_do_not_with_it),
        cmocka_unit_test(the_keyed_hash_is_siphash_1_3),
        cmocka_unit_test(same_seed_gives_the_same_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

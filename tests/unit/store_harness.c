// What the tests of store share: a store in a folder of its own, lines in one call.
#include "store_harness.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "scratch.h"

struct place *place_create(void)
{
    struct place *place = MEM_NEW(struct place);
    assert_true(scratch_folder(place->folder, sizeof(place->folder)));
    (void)snprintf(place->path, sizeof(place->path), "%s/party.db", place->folder);
    place->config = (struct store_config){.path = place->path, .now_utc_ms = TEST_MS};
    return place;
}

void place_open(struct place *place)
{
    struct err err = {""};
    if (!store_open(&place->store, &place->config, &err)) {
        fail_msg("%s", err.text);
    }
}

void place_reopen(struct place *place)
{
    store_close(place->store);
    place->store = NULL;
    place_open(place);
}

static bool next_file(DIR *folder, const struct place *place, char *path, size_t size)
{
    const struct dirent *entry = readdir(folder);
    while (entry && entry->d_name[0] == '.') {
        entry = readdir(folder);
    }
    if (entry) {
        (void)snprintf(path, size, "%s/%s", place->folder, entry->d_name);
    }
    return entry != NULL;
}

void place_destroy(struct place *place)
{
    char path[512];
    store_close(place->store);
    DIR *folder = opendir(place->folder);
    assert_non_null(folder);
    while (next_file(folder, place, path, sizeof(path))) {
        assert_int_equal(remove(path), 0);
    }
    (void)closedir(folder);
    assert_int_equal(rmdir(place->folder), 0);
    mem_free(place);
}

static bool file_holds(const char *path, const char *bytes)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    rewind(file);
    char *data = mem_alloc((size_t)size + 1);
    assert_int_equal(fread(data, 1, (size_t)size, file), size);
    (void)fclose(file);
    size_t at = 0;
    bool found = str_find((struct str){data, (size_t)size}, str_from(bytes), &at);
    mem_free(data);
    return found;
}

int place_setup(void **state)
{
    struct place *place = place_create();
    place_open(place);
    *state = place;
    return 0;
}

int place_teardown(void **state)
{
    place_destroy(*state);
    return 0;
}

bool place_holds(const struct place *place, const char *end, const char *bytes)
{
    char path[512];
    bool found = false;
    DIR *folder = opendir(place->folder);
    assert_non_null(folder);
    while (next_file(folder, place, path, sizeof(path))) {
        found = found || (str_ends(str_from(path), str_from(end)) && file_holds(path, bytes));
    }
    (void)closedir(folder);
    return found;
}

void say_to(struct place *place, uint64_t id, const char *target, const char *nick,
            const char *text)
{
    char source[128];
    (void)snprintf(source, sizeof(source), "%s!u@host", nick);
    struct store_line line = {.id = id,
                              .kind = STORE_PRIVMSG,
                              .target = str_from(target),
                              .source = str_from(source),
                              .text = str_from(text)};
    store_put_line(place->store, &line, (struct str){0}, (struct str){0});
}

void say(struct place *place, uint64_t id, const char *text)
{
    say_to(place, id, "#party", "alice", text);
}

void happen(struct place *place, uint64_t id, enum store_kind kind, const char *params)
{
    struct store_line line = {.id = id,
                              .kind = kind,
                              .target = STR("#party"),
                              .source = STR("bob!u@host"),
                              .text = str_from(params)};
    store_put_line(place->store, &line, (struct str){0}, (struct str){0});
}

void settle(struct place *place)
{
    struct store_result result;
    uint64_t batch = store_batch(place->store);
    assert_true(store_flush(place->store));
    store_work_now(place->store);
    assert_true(store_next_result(place->store, &result));
    if (!result.is_ok) {
        fail_msg("%s", result.why);
    }
    assert_int_equal(result.batch, batch);
    assert_false(store_next_result(place->store, &result));
}

void settle_badly(struct place *place, const char *why)
{
    struct store_result result;
    uint64_t batch = store_batch(place->store);
    assert_true(store_flush(place->store));
    store_work_now(place->store);
    assert_true(store_next_result(place->store, &result));
    assert_false(result.is_ok);
    assert_int_equal(result.batch, batch);
    assert_string_equal(result.why, why);
    assert_false(store_next_result(place->store, &result));
}

const char *texts(const struct store_page *page)
{
    static char joined[8192];
    size_t len = 0;
    joined[0] = '\0';
    for (size_t i = 0; i < page->count && len < sizeof(joined); i++) {
        len += (size_t)snprintf(joined + len, sizeof(joined) - len, "%s%.*s", i ? " " : "",
                                STR_ARG(page->lines[i].text));
    }
    return joined;
}

void assert_reads(struct place *place, enum store_range range, uint64_t from, uint64_t to,
                  size_t limit, const char *expected)
{
    struct store_query query = {
        .target = STR("#party"), .range = range, .from = from, .to = to, .limit = limit};
    struct store_page page;
    struct err err = {""};
    if (!store_read(place->store, &query, &page, &err)) {
        fail_msg("%s", err.text);
    }
    assert_string_equal(texts(&page), expected);
    store_page_deinit(&page);
}

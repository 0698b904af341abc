// The writing half, as long as no database can be opened: nothing is ever pending or kept.
#include "store.h"

uint64_t store_last_id(const struct store *store)
{
    (void)store;
    return 0;
}

uint64_t store_batch(const struct store *store)
{
    (void)store;
    return 1;
}

void store_put_line(struct store *store, const struct store_line *line, struct str who,
                    struct str label)
{
    (void)store;
    (void)line;
    (void)who;
    (void)label;
}

void store_put_probe(struct store *store)
{
    (void)store;
}

bool store_flush(struct store *store)
{
    (void)store;
    return false;
}

bool store_next_result(struct store *store, struct store_result *out)
{
    (void)store;
    (void)out;
    return false;
}

size_t store_pending_bytes(const struct store *store)
{
    (void)store;
    return 0;
}

bool store_find_sent(struct store *store, struct str who, struct str label, uint64_t *id)
{
    (void)store;
    (void)who;
    (void)label;
    (void)id;
    return false;
}

bool store_read(struct store *store, const struct store_query *query, struct store_page *out,
                struct err *err)
{
    (void)store;
    (void)query;
    (void)out;
    return err_set(err, "there is no store");
}

bool store_find_line(struct store *store, struct str target, uint64_t id, struct store_page *out)
{
    (void)store;
    (void)target;
    (void)id;
    (void)out;
    return false;
}

void store_page_deinit(struct store_page *page)
{
    (void)page;
}

void store_targets_deinit(struct store_targets *targets)
{
    (void)targets;
}

bool store_read_targets(struct store *store, struct str account, const struct str *channels,
                        size_t channel_count, const uint64_t bounds[2], size_t limit,
                        struct store_targets *out, struct err *err)
{
    (void)store;
    (void)account;
    (void)channels;
    (void)channel_count;
    (void)bounds;
    (void)limit;
    (void)out;
    return err_set(err, "there is no store");
}

bool store_read_search(struct store *store, const struct store_search *search,
                       struct store_page *out, struct err *err)
{
    (void)store;
    (void)search;
    (void)out;
    return err_set(err, "there is no store");
}

bool store_find_marker(struct store *store, struct str account, struct str target,
                       uint64_t *time_ms)
{
    (void)store;
    (void)account;
    (void)target;
    (void)time_ms;
    return false;
}

void store_put_marker(struct store *store, struct str account, struct str target, uint64_t time_ms)
{
    (void)store;
    (void)account;
    (void)target;
    (void)time_ms;
}

void store_put_redaction(struct store *store, struct str target, uint64_t id)
{
    (void)store;
    (void)target;
    (void)id;
}

void store_put_channel_rename(struct store *store, struct str folded, struct str new_folded,
                              struct str new_name)
{
    (void)store;
    (void)folded;
    (void)new_folded;
    (void)new_name;
}

void store_put_retention(struct store *store, int64_t max_age_ms, uint64_t max_bytes)
{
    (void)store;
    (void)max_age_ms;
    (void)max_bytes;
}

struct store_stats store_stats(struct store *store)
{
    (void)store;
    return (struct store_stats){0};
}

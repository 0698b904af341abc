// The numbers as Prometheus text: # HELP, # TYPE, samples (exposition format 0.0.4).
#include <inttypes.h>

#include "relay_parts.h"
#include "store.h"

// Microseconds; a turn longer than the last stands in the bucket behind.
static const uint64_t bounds_us[RELAY_TURN_BUCKETS] = {100,  250,   500,   1000,   2500,
                                                       5000, 10000, 25000, 100000, 1000000};

void relay_measured(struct relay *relay, uint64_t turn_us)
{
    size_t at = 0;
    while (at < RELAY_TURN_BUCKETS && turn_us > bounds_us[at]) {
        at++;
    }
    relay->numbers.turns[at]++;
    relay->numbers.turns_us += turn_us;
    relay_history_measured(relay, turn_us);
}

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
    (void)buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

struct sample {
    const char *name;
    const char *type;
    const char *help;
    uint64_t value;
};

static void print_all(struct buf *out, const struct sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        head(out, samples[i].name, samples[i].type, samples[i].help);
        (void)buf_printf(out, "%s %" PRIu64 "\n", samples[i].name, samples[i].value);
    }
}

static size_t queued(const struct relay_client *client)
{
    return client->out.bytes;
}

static void print_party(const struct relay *relay, struct buf *out)
{
    const struct relay_numbers *numbers = &relay->numbers;
    const struct relay_stats *stats = &relay->stats;
    uint64_t sum = 0;
    uint64_t max = 0;
    for (size_t i = 0; i < relay->client_count; i++) {
        size_t bytes = queued(relay->clients[i]);
        sum += bytes;
        max = bytes > max ? bytes : max;
    }
    // clang-format off
    const struct sample samples[] = {
        {"ronron_clients",              "gauge",   "Open connections.", relay->client_count},
        {"ronron_users",                "gauge",   "Registered clients.", stats->users},
        {"ronron_rooms",                "gauge",   "Channels.", stats->channels},
        {"ronron_connections_total",    "counter", "Connections accepted.", numbers->connections},
        {"ronron_messages_total",       "counter", "Messages relayed.", stats->messages},
        {"ronron_deliveries_total",     "counter", "Messages put into queues of clients.", stats->deliveries},
        {"ronron_received_bytes_total", "counter", "Bytes from clients.", numbers->bytes_in},
        {"ronron_sent_bytes_total",     "counter", "Bytes to clients.", numbers->bytes_out},
        {"ronron_queue_bytes",          "gauge",   "Bytes waiting for all clients.", sum},
        {"ronron_queue_max_bytes",      "gauge",   "Bytes waiting for the slowest client.", max},
    };
    // clang-format on
    print_all(out, samples, sizeof(samples) / sizeof(samples[0]));
}

static void print_drops(const struct relay *relay, struct buf *out)
{
    head(out, "ronron_drops_total", "counter", "Clients closed or refused, by reason.");
    for (int i = 0; i < RELAY_DROP_NONE; i++) {
        (void)buf_printf(out, "ronron_drops_total{reason=\"%s\"} %" PRIu64 "\n",
                         relay_drop_name((enum relay_drop)i), relay->gate.drops[i]);
    }
}

static void print_seconds(struct buf *out, uint64_t us)
{
    (void)buf_printf(out, "%" PRIu64 ".%06" PRIu64, us / 1000000, us % 1000000);
}

static void print_turns(const struct relay *relay, struct buf *out)
{
    static const char name[] = "ronron_turn_seconds";
    uint64_t count = 0;
    head(out, name, "histogram", "Time of one turn of the loop, waiting aside.");
    for (size_t i = 0; i < RELAY_TURN_BUCKETS; i++) {
        count += relay->numbers.turns[i];
        (void)buf_printf(out, "%s_bucket{le=\"", name);
        print_seconds(out, bounds_us[i]);
        (void)buf_printf(out, "\"} %" PRIu64 "\n", count);
    }
    count += relay->numbers.turns[RELAY_TURN_BUCKETS];
    (void)buf_printf(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n%s_sum ", name, count, name);
    print_seconds(out, relay->numbers.turns_us);
    (void)buf_printf(out, "\n%s_count %" PRIu64 "\n", name, count);
}

static void print_store(struct relay *relay, struct buf *out)
{
    if (!relay->store) {
        return;
    }
    struct store_stats stats = store_stats(relay->store);
    // clang-format off
    const struct sample samples[] = {
        {"ronron_history_lines_total",    "counter", "Lines committed to the history.", stats.lines},
        {"ronron_commit_failures_total",  "counter", "Commits that failed.", stats.failures},
        {"ronron_history_file_bytes",     "gauge",   "Size of the database and its log.", stats.file_bytes},
        {"ronron_history_pending_bytes",  "gauge",   "Bytes handed to the disk and not decided.", store_pending_bytes(relay->store)},
    };
    // clang-format on
    print_all(out, samples, sizeof(samples) / sizeof(samples[0]));
    head(out, "ronron_commit_seconds", "summary", "Time of commits.");
    (void)buf_printf(out, "ronron_commit_seconds_sum ");
    print_seconds(out, stats.commit_us_sum);
    (void)buf_printf(out, "\nronron_commit_seconds_count %" PRIu64 "\n", stats.commits);
    head(out, "ronron_commit_max_seconds", "gauge", "Longest commit.");
    (void)buf_printf(out, "ronron_commit_max_seconds ");
    print_seconds(out, stats.commit_us_max);
    (void)buf_printf(out, "\n");
}

void relay_admin_text(struct relay *relay, struct buf *out)
{
    head(out, "ronron_build_info", "gauge", "Version of the relay.");
    (void)buf_printf(out, "ronron_build_info{version=\"" RONRON_VERSION "\"} 1\n");
    head(out, "ronron_uptime_seconds", "gauge", "Time since the relay began.");
    (void)buf_printf(out, "ronron_uptime_seconds ");
    print_seconds(out, (uint64_t)(relay->now_ms - relay->numbers.since_ms) * 1000);
    (void)buf_printf(out, "\n");
    print_party(relay, out);
    print_drops(relay, out);
    print_turns(relay, out);
    print_store(relay, out);
}

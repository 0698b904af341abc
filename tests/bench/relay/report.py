"""Markdown of what was measured: medians with spread, ratios by round, bars."""
import statistics

LOOP = "minimal loop"
OURS = "ronrond"
KEPT = "ronrond, history"
TLS = "ronrond, TLS"
PEERS = ("ngIRCd", "InspIRCd")


def values(runs, key):
    return [run[key] for run in runs if key in run]


def cell(runs, key, form):
    got = values(runs, key)
    if not got:
        return "-"
    middle = form % statistics.median(got)
    return middle if len(got) == 1 else "%s (%s-%s)" % (middle, form % min(got), form % max(got))


def ratios(runs, base, key):
    """Round by round, so that what disturbed a whole round falls out."""
    return [run[key] / other[key] for run, other in zip(runs, base) if key in run and other.get(key)]


def table(title, by_server, columns):
    key = columns[0][0]
    base = by_server.get(LOOP)
    print("### %s\n" % title)
    print("| | %s | first column as a ratio to the minimal loop, by round | trouble |" % " | ".join(c[1] for c in columns))
    print("|---" * (len(columns) + 3) + "|")
    for name, runs in sorted(by_server.items(), key=lambda pair: pair[0] != LOOP):
        shares = " ".join("%.2f" % r for r in ratios(runs, base, key)) if base else ""
        trouble = "; ".join(sorted({run["trouble"] for run in runs if run["trouble"]}))
        print("| %s | %s | %s | %s |" % (name, " | ".join(cell(runs, c[0], c[2]) for c in columns), shares, trouble[:120]))
    print(flush=True)


def faults(results, keys):
    print("### Lines that were not as sent\n")
    print("| | deliveries checked | %s |" % " | ".join(keys))
    print("|---" * (len(keys) + 2) + "|")
    names = []
    for by_server in results.values():
        names += [name for name in by_server if name not in names]
    for name in names:
        runs = [run for by_server in results.values() for run in by_server.get(name, [])]
        print("| %s | %d | %s |" % (name, sum(values(runs, "delivered")),
                                    " | ".join(str(sum(values(runs, key))) for key in keys)))
    print(flush=True)


def median_of(results, measure, server, key):
    got = values(results.get(measure, {}).get(server, []), key)
    return statistics.median(got) if got else None


def median_ratio(results, measure, server, base, key):
    by_server = results.get(measure, {})
    got = ratios(by_server.get(server, []), by_server.get(base, []), key)
    return statistics.median(got) if got else None


class Bars:
    def __init__(self):
        self.rows = []
        self.all_met = True

    def add(self, what, asked, measured, is_met):
        self.all_met = self.all_met and is_met
        self.rows.append((what, asked, measured, "met" if is_met else "**missed**"))

    def show(self):
        print("### Asked and measured\n\n| what | asked | measured | |\n|---|---|---|---|")
        for row in self.rows:
            print("| %s | %s | %s | %s |" % row)
        print(flush=True)


def throughput_bars(bars, results, ours):
    for clients in (500, 900):
        name = "fanout-%d" % clients
        by_peer = {p: median_ratio(results, name, p, ours, "cpu_per_m") for p in PEERS}
        by_peer = {p: r for p, r in by_peer.items() if r}
        if by_peer:
            best = min(by_peer, key=by_peer.get)
            bars.add("%s, %d clients: deliveries per CPU s against the better peer (%s)" % (ours, clients, best),
                     ">= 4", "%.2f" % by_peer[best], by_peer[best] >= 4)
        loop = median_ratio(results, name, ours, LOOP, "cpu_per_m")
        if loop:
            bars.add("%s, %d clients: CPU as a ratio to the minimal loop" % (ours, clients), "<= 2", "%.2f" % loop, loop <= 2)


def latency_bars(bars, results):
    for key in ("p50_ms", "p99_ms"):
        ratio = median_ratio(results, "steady", OURS, LOOP, key)
        if ratio:
            bars.add("latency %s, history off: as a ratio to the minimal loop" % key[:3], "<= 2", "%.2f" % ratio, ratio <= 2)
        off = median_of(results, "steady", OURS, key)
        on = median_of(results, "steady", KEPT, key)
        commit = median_of(results, "steady", KEPT, "disk_" + key)
        row = median_of(results, "steady", KEPT, "row_" + key)
        if on and off and commit:
            bars.add("latency %s, history on: above history off" % key[:3],
                     "<= a commit of a message on this disk, %.2f ms (of one bare row: %.2f)" % (commit, row or 0),
                     "%.2f ms" % (on - off), on - off <= commit)


def entering_bars(bars, results):
    for name in (OURS, KEPT):
        took = median_of(results, "storm", name, "enter_s")
        if took is not None:
            failed = max(values(results["storm"][name], "failed"))
            bars.add("%s: 900 join at once" % name, "<= 0.3 s, 0 refused", "%.3f s, %d" % (took, failed),
                     took <= 0.3 and failed == 0)


def memory_bar(bars, results, name, state, limit, why):
    memory = median_of(results, "idle", name, "kb_" + state)
    if memory is not None and limit is not None:
        bars.add("%s: memory of a silent client, %s" % (name, state), "< %.2f KB%s" % (limit, why), "%.2f KB" % memory,
                 memory < limit)


def idle_bars(bars, results):
    for name in (OURS, KEPT):
        memory_bar(bars, results, name, "registered", 3.9, " (the figure that was asked)")
        for state in ("registered", "joined"):
            # In a room the peers pay for the burst of JOIN lines too: each is held against its like.
            memory_bar(bars, results, name, state, median_of(results, "idle", "ngIRCd", "kb_" + state), " (ngIRCd, same run)")
    for state in ("registered", "joined"):
        memory_bar(bars, results, TLS, state, 20, "")
    for name in (OURS, KEPT, TLS):
        wakes = median_of(results, "idle", name, "wakeups_joined")
        if wakes is not None:
            bars.add("%s: wake-ups a second with 900 silent clients" % name, "timers only (<= 0.5)", "%.2f" % wakes, wakes <= 0.5)


def slow_bars(bars, results):
    for name in (OURS, KEPT):
        by_round = ratios(results.get("one-slow", {}).get(name, []), results.get("all-read", {}).get(name, []), "m_per_s")
        if by_round:
            middle = statistics.median(by_round)
            bars.add("%s: deliveries/s with one slow reader, as a ratio to none" % name, "the others never wait (>= 0.9)",
                     "%.2f" % middle, middle >= 0.9)


def bars(results, fault_keys):
    """Prints what was asked beside what was measured; True when all is met."""
    found = Bars()
    has_history = any(KEPT in by_server for by_server in results.values())
    throughput_bars(found, results, KEPT if has_history else OURS)
    latency_bars(found, results)
    entering_bars(found, results)
    idle_bars(found, results)
    slow_bars(found, results)
    wrong = sum(sum(values(by_server.get(name, []), key)) for by_server in results.values() for name in (OURS, KEPT)
                for key in fault_keys)
    found.add("lines lost, doubled, reordered or damaged by ronrond", "0", str(wrong), wrong == 0)
    found.show()
    return found.all_met

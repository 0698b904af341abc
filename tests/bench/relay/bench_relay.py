#!/usr/bin/env python3
"""bench_relay.py BUILD: ronrond, Debian's ngircd and inspircd and a minimal fan-out loop, measured in interleaved rounds.

Prints markdown: medians with their spread, ratios by round, and what was asked beside what was measured. Ends with 1 when a
bar is missed or ronrond lost, doubled, reordered or damaged a line."""
import argparse
import json
import os
import sqlite3
import sys
import tempfile
import time

import report
import servers
from measure import run_load, snapshot

AFTER_S = 3
FAULTS = ("lost", "doubled", "reordered", "damaged")


def fanout(clients):
    def run(server, args):
        """A history does a part of its work when the room is quiet again: that is counted beside."""
        after = {}

        def pause(name, marks, _):
            if name == "end" and server.history:
                time.sleep(AFTER_S)
                after["s"] = (snapshot(server.process.pid)["cpu_ns"] - marks["end"]["cpu_ns"]) / 1e9

        got = with_cpu(run_load(server, "fanout", cpu=args.cpu, clients=clients, ms=int(args.seconds * 1000),
                                window=args.window, pause=pause))
        got["after_per_m"] = after.get("s", 0) / max(1, got["delivered"]) * 1e6
        return got
    return run


def with_cpu(got):
    got["cpu_per_m"] = got.get("cpu_s", 0) / max(1, got["delivered"]) * 1e6
    got["m_per_s"] = got["delivered"] / max(0.001, got["elapsed_s"]) / 1e6
    return got


def single(clients):
    def run(server, args):
        return with_cpu(run_load(server, "fanout", cpu=args.cpu, clients=clients, ms=int(args.seconds * 1000), window=1,
                                 senders=1))
    return run


def steady(server, args):
    got = run_load(server, "steady", cpu=args.cpu, clients=100, rate=200, times=True, ms=int(args.seconds * 2000))
    for key in ("p50", "p99", "max"):
        got[key + "_ms"] = got[key + "_us"] / 1000
    if server.history:
        got["disk_p50_ms"], got["disk_p99_ms"] = disk_commit_ms(
            args.data_root, MESSAGE_TABLES, "INSERT INTO msg VALUES(1, ?, ?, ?)", ("c0001!~u1@127.0.0.1", "x" * 100))
        got["row_p50_ms"], got["row_p99_ms"] = disk_commit_ms(
            args.data_root, ROW_TABLES, "INSERT INTO row VALUES(?, ?)", ("x" * 100,))
    return with_cpu(got)


def storm(server, args):
    got = run_load(server, "storm", cpu=args.cpu, clients=900)
    got["failed"] = 900 - got["in"]
    return got


def idle(server, args):
    """Three memory figures: all registered, all in one room, and the same after the pause."""
    empty = snapshot(server.process.pid)
    extra = {}

    def pause(name, marks, _):
        begin = marks[name]
        time.sleep(args.idle_seconds)
        end = snapshot(server.process.pid)
        extra["kb_" + name] = (end["rss_kb"] - empty["rss_kb"]) / 900
        extra["wakeups_" + name] = (end["wakeups"] - begin["wakeups"]) / args.idle_seconds
        extra["cpu_percent_" + name] = (end["cpu_ns"] - begin["cpu_ns"]) / args.idle_seconds / 1e7

    got = run_load(server, "idle", cpu=args.cpu, pause=pause, clients=900,
                   tls=server.tls)
    return {**got, **extra}


def slow_reader(is_there):
    def run(server, args):
        got = run_load(server, "fanout", cpu=args.cpu, clients=500, ms=int(args.seconds * 1000), window=args.window,
                       times=True, slow=is_there)
        got["p50_ms"] = got["p50_us"] / 1000
        got["p99_ms"] = got["p99_us"] / 1000
        got["rss_mb"] = got["marks"]["end"]["rss_kb"] / 1024 if "end" in got["marks"] else 0
        return with_cpu(got)
    return run


CPU = [("cpu_per_m", "CPU s per million", "%.4f"), ("m_per_s", "million deliveries/s", "%.2f")]
FANOUT = CPU + [("after_per_m", "and in the 3 s afterwards", "%.4f")]

# name, title, what runs, columns (the first is the one whose ratios are shown), servers it is not for
MEASURES = [
    ("fanout-100", "100 clients, 10 senders, 100-byte lines", fanout(100), FANOUT),
    ("fanout-500", "500 clients, 10 senders, 100-byte lines", fanout(500), FANOUT),
    ("fanout-900", "900 clients, 10 senders, 100-byte lines", fanout(900), FANOUT),
    ("single-100", "100 clients, 1 sender, 1 line in flight: nothing to gather", single(100), CPU),
    ("single-500", "500 clients, 1 sender, 1 line in flight", single(500), CPU),
    ("steady", "200 lines a second to 100 clients: from send to arrival", steady,
     [("p50_ms", "p50 ms", "%.2f"), ("p99_ms", "p99 ms", "%.2f"), ("max_ms", "max ms", "%.1f"),
      ("cpu_per_m", "CPU s per million", "%.2f")]),
    ("storm", "900 connect, register and join at once", storm,
     [("enter_s", "s until the last was in", "%.3f"), ("failed", "not in", "%d"), ("cpu_s", "CPU s", "%.3f")]),
    ("idle", "900 clients are silent", idle,
     [("kb_registered", "KB a client, registered", "%.2f"), ("kb_joined", "KB, all in one room", "%.2f"),
      ("wakeups_registered", "wake-ups/s", "%.2f"), ("wakeups_joined", "wake-ups/s in the room", "%.2f"),
      ("cpu_percent_joined", "CPU % in the room", "%.4f")]),
    ("all-read", "500 clients, all read", slow_reader(False),
     CPU + [("p50_ms", "p50 ms", "%.1f"), ("p99_ms", "p99 ms", "%.1f"), ("rss_mb", "RSS MB", "%.1f")]),
    ("one-slow", "500 clients, one stops reading: the others", slow_reader(True),
     CPU + [("p50_ms", "p50 ms", "%.1f"), ("p99_ms", "p99 ms", "%.1f"), ("rss_mb", "RSS MB", "%.1f")]),
]

ALL_SERVERS = [servers.Fanout, servers.Ronrond, servers.RonrondHistory, servers.RonrondTls, servers.Ngircd, servers.Inspircd]


# What a message is in a history: a row in its place, and the order over all places.
MESSAGE_TABLES = (
    "CREATE TABLE msg(target INT NOT NULL, id INT NOT NULL, source TEXT NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY(target, id)) WITHOUT ROWID",
    "CREATE UNIQUE INDEX msg_id ON msg(id)",
)
ROW_TABLES = ("CREATE TABLE row(id INTEGER PRIMARY KEY, text TEXT)",)


def disk_commit_ms(folder, tables, insert, values):
    """What one commit with synchronous=FULL in WAL costs on this disk: p50 and p99 of 200, 5 ms apart."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        db = sqlite3.connect(os.path.join(place, "probe.db"), isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        for table in tables:
            db.execute(table)
        times = []
        for number in range(200):
            begin = time.monotonic()
            db.execute(insert, (number,) + values)
            times.append((time.monotonic() - begin) * 1000)
            time.sleep(0.005)
        db.close()
    times.sort()
    return times[100], times[197]


def can_start(kind, args):
    """Two clients must get in; a server that is not there, or not of this build, is named and left out."""
    try:
        with kind(args.build, args.cpu, args.data_root) as server:
            got = run_load(server, "idle", clients=2, senders=1, tls=server.tls)
        why = "" if got["ok"] else got["trouble"] or "nobody got in"
    except (RuntimeError, OSError) as error:
        why = str(error).strip().replace("\n", " ")[-300:]
    if why:
        print("*%s is left out: %s*\n" % (kind.name, why), flush=True)
    return not why


def belongs(kind, name):
    """TLS is measured where memory is; everything else is the same code behind it."""
    return name == "idle" if kind is servers.RonrondTls else True


def measure_all(kinds, wanted, args, kept):
    """Each round's figures are on disk before the next begins: a run that is cut keeps what it has."""
    results = {}
    for round_number in range(args.rounds):
        for name, _, run, _ in wanted:
            for kind in kinds:
                if not belongs(kind, name):
                    continue
                with kind(args.build, args.cpu, args.data_root) as server:
                    got = run(server, args)
                    got.pop("marks", None)
                results.setdefault(name, {}).setdefault(kind.name, []).append(got)
                print("round %d, %s, %s: %s" % (round_number + 1, name, kind.name, got["trouble"] or "ok"), file=sys.stderr)
        kept.setdefault("results", {}).update(results)
        if args.json:
            with open(args.json, "w") as file:
                json.dump(kept, file)


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="of one throughput run")
    parser.add_argument("--idle-seconds", type=float, default=10)
    parser.add_argument("--window", type=int, default=50, help="lines of one sender in flight")
    parser.add_argument("--only", default="", help="names of measures or their beginnings, with commas")
    parser.add_argument("--servers", default="", help="names of servers, with semicolons")
    parser.add_argument("--cpu", default="1", help="core of server and load; none: wherever the system puts them")
    parser.add_argument("--data-root", default=None, help="folder on a real disk for the histories")
    parser.add_argument("--json", default="", help="keep the figures here; measures that are there already are kept or replaced")
    parser.add_argument("--again", action="store_true", help="print the tables of --json and measure nothing")
    args = parser.parse_args()
    args.cpu = None if args.cpu == "none" else int(args.cpu)
    args.build = os.path.abspath(args.build)
    args.data_root = args.data_root or args.build
    return args


def main():
    args = parse()
    wanted = [m for m in MEASURES if not args.only or any(m[0].startswith(o) for o in args.only.split(","))]
    kept = {}
    if args.json and os.path.exists(args.json):
        with open(args.json) as file:
            kept = json.load(file)
    if not args.again:
        chosen = [k for k in ALL_SERVERS if not args.servers or k.name in args.servers.split(";")]
        kinds = [k for k in chosen if can_start(k, args)]
        measure_all(kinds, wanted, args, kept)
    results = kept.get("results", {})
    for name, title, _, columns in MEASURES:
        if name in results:
            report.table(title, results[name], columns)
    report.faults(results, FAULTS)
    sys.exit(0 if report.bars(results, FAULTS) else 1)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""soak.py BUILD [SOURCE]: healthy clients in one room while others stall, flood, reset and say half a line.

Shown: memory is flat after the warm-up, no descriptor is left at the end, the healthy lose nothing and are never late by more
than 100 ms, the log has no error. A second load generator talks to a minimal loop at the same time: what is late there too was
the machine, and so is what comes while the relay or its clients wait for a core; with a history on, the disk is asked as well. Full length: --minutes 30."""
import argparse
import asyncio
import glob
import json
import logging
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "bench", "relay"))

import measure  # noqa: E402
import servers  # noqa: E402
from creatures import Zoo  # noqa: E402

LATE_US = 100_000
CONTROL_LATE_US = 50_000
DISK_SLOW_MS = 30  # a line may wait for two commits, each of which writes and flushes more than the probe
QUEUE_SLOW_MS = 30  # of 50 or so between two looks
SLACK_KB = 6 * 1024
CLOSE_S = 15
# Freed memory is kept by ASan for a while so that its late use shows: bounded, or it would look like growth.
SANITIZERS = "quarantine_size_mb=8:detect_leaks=1:abort_on_error=0:allocator_may_return_null=0"


class SoakRelay(servers.Ronrond):
    """The build under test; a build without ASan also gets an end to its address space."""

    limit_mb = 0

    def settings(self):
        return super().settings() + "[log]\nlevel = warn\n"

    def command(self):
        command = super().command()
        return ["prlimit", "--as=%d" % (self.limit_mb << 20), *command] if self.limit_mb else command


class Healthy:
    """relay_load at a steady rate, its late deliveries kept."""

    def __init__(self, args, port, seconds, late_us):
        self.out = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [os.path.join(args.build, "bench", "relay_load"), "steady", "--port", str(port), "--clients", str(args.healthy),
             "--senders", "10", "--rate", str(args.rate), "--ms", str(int(seconds * 1000)), "--times",
             "--late-us", str(late_us)], stdout=self.out)

    def result(self):
        self.process.wait(60)
        self.out.seek(0)
        late = []
        result = None
        for line in self.out:
            if line.startswith("late "):
                _, receiver, sender, seq, sent_us, took_us = line.split()
                late.append((int(sent_us), int(sent_us) + int(took_us)))
            elif line.startswith("{"):
                result = json.loads(line)
        if result is None:
            raise RuntimeError("the healthy clients ended with %s and no result" % self.process.returncode)
        return result, late

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.out.close()


def has_tls(relay):
    return measure.run_load(relay, "idle", clients=2, senders=1, tls=True)["ok"]


async def sample(pid, stop, samples):
    while not stop.is_set():
        samples.append(measure.snapshot(pid))
        await asyncio.sleep(0.5)


async def live_together(args, relay, zoo, seconds):
    stop = asyncio.Event()
    samples = []
    tasks = [asyncio.create_task(zoo.run(stop)), asyncio.create_task(sample(relay.process.pid, stop, samples))]
    end = time.monotonic() + seconds
    stop_at = end - seconds / 2 if args.stop_ms else end + 1
    while time.monotonic() < end and relay.process.poll() is None:
        await asyncio.sleep(0.2)
        if time.monotonic() > stop_at:
            stop_at = end + 1
            relay.process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(args.stop_ms / 1000)
            relay.process.send_signal(signal.SIGCONT)
    stop.set()
    await asyncio.gather(*tasks)
    return samples


def descriptors_left(relay, before):
    """How many more there are than at the start once everybody is gone."""
    end = time.monotonic() + CLOSE_S
    left = 1
    while left > 0 and time.monotonic() < end:
        left = measure.snapshot(relay.process.pid)["fds"] - before
        time.sleep(0.2)
    return left


def growth_kb(samples, warm_share):
    """Median of the last fifth against the median of the fifth that follows the warm-up."""
    rss = [s["rss_kb"] for s in samples]
    first = int(len(rss) * warm_share)
    fifth = max(1, (len(rss) - first) // 5)
    return statistics.median(rss[-fifth:]) - statistics.median(rss[first:first + fifth]), max(rss)


def unexcused(late, control_late):
    """Those that were late while neither the minimal loop's clients nor the disk nor the cores were."""
    return [span for span in late if not any(c[0] <= span[1] and span[0] <= c[1] for c in control_late)]


def stacks(pid):
    """Where its threads stand, when gdb is there to ask."""
    try:
        return subprocess.run(["gdb", "-p", str(pid), "-batch", "-ex", "thread apply all bt 25"], capture_output=True, text=True,
                              timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def end(verdict, relay):
    relay.process.terminate()
    began = time.monotonic()
    try:
        code = relay.process.wait(servers.STOP_S)
        verdict.say("the relay ended with %d after %.1f s" % (code, time.monotonic() - began), code == 0)
    except subprocess.TimeoutExpired:
        verdict.say("the relay did not end within %d s" % servers.STOP_S, False)
        print(stacks(relay.process.pid))


class Disk(threading.Thread):
    """Puts a page on the relay's disk again and again: with a history on, nobody can be earlier than the disk."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.path = os.path.join(folder, "disk-probe")
        self.is_over = threading.Event()
        self.slow = []
        self.worst_ms = 0

    def run(self):
        with open(self.path, "wb", buffering=0) as file:
            while not self.is_over.wait(0.05):
                began = time.monotonic()
                file.write(b"x" * 4096)
                os.fdatasync(file.fileno())
                took_ms = (time.monotonic() - began) * 1000
                self.worst_ms = max(self.worst_ms, took_ms)
                if took_ms > DISK_SLOW_MS:
                    self.slow.append((began * 1e6, time.monotonic() * 1e6))


class Queue(threading.Thread):
    """How long these processes were ready to run and had no core: then the machine was late, not they."""

    def __init__(self, pids):
        super().__init__(daemon=True)
        self.pids = pids
        self.is_over = threading.Event()
        self.slow = []
        self.waited_ms = 0

    def waited(self, pid):
        total = 0
        for path in glob.glob("/proc/%d/task/*/schedstat" % pid):
            try:
                with open(path) as file:
                    total += int(file.read().split()[1])
            except (OSError, IndexError):
                pass  # a thread that ends meanwhile
        return total / 1e6

    def run(self):
        last = {pid: self.waited(pid) for pid in self.pids}
        began = time.monotonic()
        while not self.is_over.wait(0.05):
            at = time.monotonic()
            for pid in self.pids:
                now = self.waited(pid)
                self.waited_ms += max(0, now - last[pid])
                if now - last[pid] > QUEUE_SLOW_MS:
                    self.slow.append((began * 1e6, at * 1e6))
                last[pid] = now
            began = at


class Verdict:
    def __init__(self):
        self.is_fine = True

    def say(self, what, is_fine):
        self.is_fine = self.is_fine and is_fine
        print("%s %s" % ("ok    " if is_fine else "FAILED", what), flush=True)


def judge(verdict, args, samples, healthy, control, disk, queue):
    result, late = healthy.result()
    control_result, control_late = control.result()
    grown, highest = growth_kb(samples, args.warm_share)
    faults = {key: result[key] for key in ("lost", "doubled", "reordered", "damaged", "refused")}
    verdict.say("healthy: %d deliveries, %s %s" % (result["delivered"], faults, result["trouble"]),
                not any(faults.values()) and not result["trouble"])
    print("       healthy p50 %.2f p99 %.2f max %.1f ms; minimal loop beside it p50 %.2f p99 %.2f max %.1f ms" % tuple(
        r[key] / 1000 for r in (result, control_result) for key in ("p50_us", "p99_us", "max_us")))
    guilty = unexcused(late, control_late + disk.slow + queue.slow)
    print("       the disk was slow (over %d ms) %d times, %.0f ms at worst" % (DISK_SLOW_MS, len(disk.slow), disk.worst_ms))
    print("       relay and healthy waited %.1f s for a core, over %d ms at a time %d times" % (
        queue.waited_ms / 1000, QUEUE_SLOW_MS, len(queue.slow)))
    verdict.say("later than %d ms: %d, of which %d while minimal loop, disk and cores were in time" % (
        LATE_US // 1000, len(late), len(guilty)), len(guilty) <= result["delivered"] * args.late_share)
    verdict.say("memory grew by %.1f MB after the warm-up (at most %.1f), highest %.1f MB (at most %d)" % (
        grown / 1024, args.slack_kb / 1024, highest / 1024, args.rss_mb), grown <= args.slack_kb and
        highest <= args.rss_mb * 1024)


def soak(args):
    verdict = Verdict()
    os.environ["ASAN_OPTIONS"] = SANITIZERS
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # that the relay closed one of the zoo is no news
    SoakRelay.limit_mb = args.limit_mb
    SoakRelay.history = args.history
    with SoakRelay(args.build) as relay, servers.Fanout(args.build) as loop:
        tls = has_tls(relay)
        time.sleep(1)
        before = measure.snapshot(relay.process.pid)["fds"]
        zoo = Zoo(relay.port, args.zoo, args.seed, tls)
        print("seed %d, %d healthy, %d others, TLS %s, %.0f s" % (args.seed, args.healthy, args.zoo, tls, args.seconds))
        healthy = Healthy(args, relay.port, args.seconds, LATE_US)
        control = Healthy(args, loop.port, args.seconds, CONTROL_LATE_US)
        disk = Disk(relay.folder)
        queue = Queue([relay.process.pid, healthy.process.pid])
        queue.start()
        if args.history:
            disk.start()
        try:
            samples = asyncio.run(live_together(args, relay, zoo, args.seconds))
            verdict.say("the relay lives (%s)" % (relay.process.poll() or "yes"), relay.process.poll() is None)
            disk.is_over.set()
            queue.is_over.set()
            judge(verdict, args, samples, healthy, control, disk, queue)
            print("       lived: %s; cut off: %d" % (zoo.lives, zoo.cut))
        finally:
            healthy.end()
            control.end()
        if relay.process.poll() is None:
            left = descriptors_left(relay, before)
            verdict.say("descriptors left over: %d" % left, left <= 0)
            end(verdict, relay)
        log = relay.log_text()
        bad = [line for line in log.splitlines() if any(w in line for w in ("error", "Sanitizer", "bug:", "runtime error"))]
        verdict.say("errors in the log: %d" % len(bad), not bad)
        if bad:
            print(log[-6000:])
    return verdict.is_fine


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    parser.add_argument("source", nargs="?", help="not needed; all scripts of the tests get it")
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--healthy", type=int, default=50)
    parser.add_argument("--rate", type=int, default=40, help="lines a second of all healthy clients together")
    parser.add_argument("--zoo", type=int, default=60, help="others alive at any time")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    parser.add_argument("--slack-kb", type=int, default=SLACK_KB)
    parser.add_argument("--rss-mb", type=int, default=300, help="highest memory the relay may ever have")
    parser.add_argument("--limit-mb", type=int, default=0, help="address space; only for builds without ASan")
    parser.add_argument("--late-share", type=float, default=0.0, help="share of deliveries that may be late without excuse")
    parser.add_argument("--stop-ms", type=int, default=0, help="control: halts the relay once for so long; the soak must fail")
    parser.add_argument("--history", action="store_true")
    args = parser.parse_args()
    args.build = os.path.abspath(args.build)
    args.seconds = args.minutes * 60 or args.seconds
    # ASan's quarantine and the high-water marks of the heap fill in the first minutes.
    args.warm_share = 0.4 if args.seconds < 300 else 0.2
    return args


if __name__ == "__main__":
    sys.exit(0 if soak(parse()) else 1)

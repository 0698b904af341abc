#!/usr/bin/env python3
"""What an idle client costs: CPU of all its threads, wake-ups and changed pixels over 30 s.

bench_idle.py BUILD [SECONDS]. Ronron's welcome screen and party stand beside the peers that are
installed (HexChat, xterm) in the same run, on one virtual display each.
"""
import os
import shutil
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
from stage import Stage, wait_until  # noqa: E402

TICKS_S = os.sysconf("SC_CLK_TCK")
WARM_UP_S = 9  # caret and cat come to rest after five


def cpu_s(pid):
    with open("/proc/%d/schedstat" % pid) as file:
        main = int(file.read().split()[0]) / 1e9
    total = 0
    for task in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/schedstat" % (pid, task)) as file:
            total += int(file.read().split()[0]) / 1e9
    return max(main, total)


def wakeups(pid):
    total = 0
    for task in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/status" % (pid, task)) as file:
            for line in file:
                if line.startswith("voluntary_ctxt_switches"):
                    total += int(line.split()[1])
    return total


def memory_mb(pid):
    with open("/proc/%d/status" % pid) as file:
        for line in file:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0


def measure(stage, pid, seconds):
    time.sleep(WARM_UP_S)
    before, cpu, wakes = stage.screen().data, cpu_s(pid), wakeups(pid)
    changes, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.5)
        now = stage.screen().data
        changes += now != before
        before = now
    return {"cpu": (cpu_s(pid) - cpu) / seconds * 100, "wakes": (wakeups(pid) - wakes) / seconds,
            "changes": changes, "memory": memory_mb(pid)}


def ronron_welcome(stage, _):
    return stage.client("Idle").process


def ronron_party(stage, address):
    window = stage.client("Idle", "--join", address)
    stage.wait_title(window, "Idle party")
    window.say("hello")
    return window.process


def hexchat(stage, address):
    return stage.hexchat("hex", address).process


def xterm(stage, _):
    process = stage.start(["xterm"])
    wait_until("xterm's window", lambda: stage.try_xdotool("search", "--class", "xterm"))
    return process


def main():
    build = sys.argv[1]
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    print("| program | CPU of a core | wake-ups a second | times the screen changed | memory (RSS) |")
    print("|---|---|---|---|---|")
    for name, start in (("ronron, welcome", ronron_welcome), ("ronron, party", ronron_party),
                        ("HexChat, channel", hexchat), ("xterm", xterm)):
        if start in (hexchat, xterm) and not shutil.which(start.__name__):
            continue
        with Stage(build, 1400, 900) as stage:
            address = stage.relay("Idle party")
            process = start(stage, address)
            got = measure(stage, process.pid, seconds)
            print("| %s | %.3f %% | %.2f | %d | %.0f MB |" % (
                name, got["cpu"], got["wakes"], got["changes"], got["memory"]), flush=True)


main()

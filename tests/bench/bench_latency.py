#!/usr/bin/env python3
"""From a key press to pixels: Ronron's composer beside HexChat, xterm and a bare window.

bench_latency.py BUILD [PRESSES] [ROUNDS]. All on one virtual display, in turn, several rounds; the
ratio is to HexChat in the same round (or to xterm where HexChat is not installed).
"""
import os
import shutil
import statistics
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
from stage import Stage, wait_until  # noqa: E402


def ruler(stage, build, *words):
    done = subprocess.run([os.path.join(build, "bench", "latency_ruler"), *map(str, words)],
                          env=stage.env, text=True, stdout=subprocess.PIPE, timeout=600)
    if done.returncode != 0:
        return None
    seen, missed, p50, p95, most = done.stdout.split()
    return {"missed": int(missed), "p50": float(p50), "p95": float(p95), "max": float(most)}


def bare_window(stage, build, count, _):
    return ruler(stage, build, "--floor", count)


def ronron(stage, build, count, address):
    window = stage.client("Ruler", "--join", address)
    stage.wait_title(window, "Latency party")
    window.still_picture()
    # The composer of a 1280x800 window.
    got = ruler(stage, build, "Ronron - Ruler", "260,740,640,40", count)
    window.stop()
    return got


def ronron_busy(stage, build, count, address):
    """The same while 20 lines a second come in and the window moves all the time."""
    window = stage.client("Ruler", "--join", address)
    stage.wait_title(window, "Latency party")
    talker = stage.start([sys.executable, "-c", (
        "import socket,time\n"
        "h,p='%s'.split(':')\n"
        "s=socket.create_connection((h,int(p)))\n"
        "s.sendall(b'NICK talker\\r\\nUSER t 0 * :t\\r\\nJOIN #party\\r\\n')\n"
        "while True:\n"
        "    time.sleep(0.05); s.sendall(b'PRIVMSG #party :one more line of talk\\r\\n')\n"
        "    s.setblocking(False)\n"
        "    try: s.recv(65536)\n"
        "    except BlockingIOError: pass\n"
        "    s.setblocking(True)\n") % address])
    got = ruler(stage, build, "Ronron - Ruler", "260,740,640,40", count)
    stage.end(talker)
    window.stop()
    return got


def hexchat(stage, build, count, address):
    window = stage.hexchat("hex", address)
    height = window.geometry()[3]
    # The input line is at the bottom.
    got = ruler(stage, build, "HexChat", "190,%d,400,24" % (height - 28), count)
    window.stop()
    return got


def xterm(stage, build, count, _):
    process = stage.start(["xterm", "-title", "ruled xterm", "-geometry", "80x24+0+0"])
    wait_until("xterm", lambda: stage.try_xdotool("search", "--name", "ruled xterm").split())
    got = ruler(stage, build, "ruled xterm", "0,0,400,200", count)
    stage.end(process)
    return got


def main():
    build = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    rows = [bare_window, ronron, ronron_busy, hexchat, xterm]
    rows = [row for row in rows if row not in (hexchat, xterm) or shutil.which(row.__name__)]
    results = {row: [] for row in rows}
    for _ in range(rounds):
        with Stage(build, 1400, 900) as stage:
            address = stage.relay("Latency party")
            for row in rows:
                results[row].append(row(stage, build, count, address))
    base = results.get(hexchat) or results.get(xterm) or results[bare_window]
    print("| program | p50 ms (rounds) | p95 ms | worst ms | missed | p50 as a ratio to the peer |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        got = [result for result in results[row] if result]
        if not got:
            print("| %s | could not be measured | | | | |" % row.__name__)
            continue
        ratios = [a["p50"] / b["p50"] for a, b in zip(results[row], base) if a and b]
        print("| %s | %.2f (%s) | %.2f | %.2f | %d | %s |" % (
            row.__name__.replace("_", " "), statistics.median(r["p50"] for r in got),
            ", ".join("%.2f" % r["p50"] for r in got), statistics.median(r["p95"] for r in got),
            max(r["max"] for r in got), sum(r["missed"] for r in got),
            " ".join("%.2f" % ratio for ratio in ratios)))


main()

#!/usr/bin/env python3
"""A guest whose network goes silent without a word: the others see it leave.

Two network namespaces of the test's own, joined by a virtual cable that is then pulled. Needs root;
without it the test is skipped.
"""
import os
import re
import select
import subprocess
import sys
import tempfile
import time

from ronron_e2e import BUILD, DEADLINE_S, check, run

A, B = "ronron-a-%d" % os.getpid(), "ronron-b-%d" % os.getpid()
HERE, THERE = "10.231.7.1", "10.231.7.2"
SKIPPED = 77

# Joins the lobby and prints what it gets.
CLIENT = """
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.sendall(("NICK %s\\r\\nUSER x 0 * :x\\r\\nJOIN #party\\r\\n" % sys.argv[3]).encode())
while True:
    data = s.recv(65536)
    if not data:
        break
    for line in data.decode(errors="replace").split("\\r\\n"):
        if line.startswith("PING"):
            s.sendall(line.replace("PING", "PONG").encode() + b"\\r\\n")
        print(line, flush=True)
"""


def ip(*words):
    return subprocess.run(["ip", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True)


def make_namespaces():
    steps = (("netns", "add", A), ("netns", "add", B),
             ("link", "add", "va", "netns", A, "type", "veth", "peer", "name", "vb", "netns", B),
             ("-n", A, "addr", "add", HERE + "/30", "dev", "va"),
             ("-n", B, "addr", "add", THERE + "/30", "dev", "vb"),
             ("-n", A, "link", "set", "lo", "up"), ("-n", A, "link", "set", "va", "up"),
             ("-n", B, "link", "set", "vb", "up"))
    for step in steps:
        done = ip(*step)
        if done.returncode != 0:
            return "ip %s: %s" % (" ".join(step), done.stderr.strip())
    return ""


def inside(namespace, *command):
    return subprocess.Popen(["ip", "netns", "exec", namespace, *command], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)


def wait_line(process, pattern, seconds):
    end = time.monotonic() + seconds
    text = ""
    while time.monotonic() < end:
        if select.select([process.stdout], [], [], 0.2)[0]:
            text += os.read(process.stdout.fileno(), 65536).decode(errors="replace")
        found = re.search(pattern, text)
        if found:
            return found
        check(process.poll() is None, "%r ended: %s" % (process.args, text))
    raise AssertionError("%r did not come within %d s: %s" % (pattern, seconds, text[-2000:]))


def a_guest_behind_a_pulled_cable_is_missed():
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "test.ini")
        with open(config, "w") as file:
            file.write("[beacon]\nenabled = no\n")
        started = [inside(A, os.path.join(BUILD, "ronrond"), "--config", config, "--listen",
                          HERE + ":0")]
        try:
            port = wait_line(started[0], r"10\.231\.7\.1:(\d+)", DEADLINE_S).group(1)
            started.append(inside(A, sys.executable, "-c", CLIENT, HERE, port, "ana"))
            wait_line(started[1], " 366 ana #party", DEADLINE_S)
            started.append(inside(B, sys.executable, "-c", CLIENT, HERE, port, "doomed"))
            wait_line(started[2], " 366 doomed #party", DEADLINE_S)
            wait_line(started[1], r":doomed!\S+ JOIN", DEADLINE_S)
            check(ip("-n", B, "link", "set", "vb", "down").returncode == 0, "the cable stays")
            gone = wait_line(started[1], r":doomed!\S+ QUIT :(.+)", 60)
            check(started[2].poll() is None, "the guest itself noticed: that is no half-open link")
            print("gone with:", gone.group(1).strip())
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait(timeout=DEADLINE_S)


problem = make_namespaces()
try:
    if problem:
        print("skipped, no network namespaces here:", problem)
        sys.exit(SKIPPED)
    run(a_guest_behind_a_pulled_cable_is_missed)
finally:
    for name in (A, B):
        ip("netns", "delete", name)

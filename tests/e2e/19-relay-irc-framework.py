#!/usr/bin/env python3
"""npm's irc-framework (The Lounge, Kiwi IRC) on the relay. Skipped where npm cannot fetch it."""
import os
import shutil
import subprocess
import sys

from ronron_e2e import BUILD, Relay, check, run

VERSION = "4.14.0"
HERE = os.path.dirname(os.path.abspath(__file__))


def fetch():
    """The folder that holds the library; kept in the build folder for the next time."""
    if not shutil.which("node") or not shutil.which("npm"):
        print("skipped: no node or npm here")
        sys.exit(77)
    folder = os.path.join(os.path.abspath(BUILD), "npm-irc-framework-" + VERSION)
    if not os.path.isdir(os.path.join(folder, "node_modules", "irc-framework", "src")):
        os.makedirs(folder, exist_ok=True)
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts",
                               "--prefix", folder, "irc-framework@" + VERSION],
                              capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            print("skipped: npm cannot fetch irc-framework:", done.stderr[-500:])
            sys.exit(77)
    return folder


def irc_framework_is_at_home():
    folder = fetch()
    with Relay("--name", "Fête = 1") as relay:
        done = subprocess.run(["node", os.path.join(HERE, "19-relay-irc-framework.js"), folder,
                               str(relay.port)], capture_output=True, text=True, timeout=180)
        print(done.stdout, end="")
        check(done.returncode == 0, done.stdout + done.stderr)


run(irc_framework_is_at_home)

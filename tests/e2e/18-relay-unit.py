#!/usr/bin/env python3
"""What is installed beside the relay: the systemd unit is tight, the manual pages are clean."""
import glob
import os
import re
import shutil
import subprocess
import sys

from ronron_e2e import BUILD, DEADLINE_S, check, run

PAGES = os.path.join(BUILD, "man")
UNIT = os.path.join(BUILD, "systemd", "ronrond.service")


def the_unit_exposes_little():
    # Exposure goes from 0 to 10; the threshold is in tenths.
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20",
                           "--no-pager", UNIT], capture_output=True, text=True, timeout=DEADLINE_S)
    found = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    check(found, done.stdout + done.stderr)
    print("exposure", found.group(1))
    check(done.returncode == 0 and float(found.group(1)) <= 2.0, done.stdout)


def the_unit_is_valid():
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", UNIT],
                          capture_output=True, text=True, timeout=DEADLINE_S)
    # The program is not installed where the unit looks for it.
    faults = [line for line in done.stderr.splitlines() if "ronrond" in line and
              "is not executable" not in line]
    check(not faults, done.stderr)


def the_manual_is_clean():
    pages = sorted(glob.glob(os.path.join(PAGES, "*.[58]")))
    check(len(pages) == 2, pages)
    for page in pages:
        if shutil.which("mandoc"):
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page],
                                  capture_output=True, text=True, timeout=DEADLINE_S)
            check(done.returncode == 0 and not done.stdout, done.stdout)
        done = subprocess.run(["man", "-l", "--warnings", "-E", "UTF-8", "-P", "cat", page],
                              capture_output=True, text=True, timeout=30,
                              env=dict(os.environ, MANWIDTH="80"))
        check(done.returncode == 0 and not done.stderr, done.stderr)


def the_manual_names_every_flag_and_setting():
    text = ""
    for page in glob.glob(os.path.join(PAGES, "*.[58]")):
        with open(page) as file:
            text += file.read()
    program = os.path.join(BUILD, "ronrond")
    flags = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=DEADLINE_S).stdout
    for flag in re.findall(r"^  --([a-z-]+)", flags, re.M):
        check(".It Fl Fl %s" % flag in text, flag)
    config = subprocess.run([program, "--print-config"], capture_output=True, text=True,
                            timeout=DEADLINE_S).stdout
    for key in re.findall(r"^# ([a-z-]+) =", config, re.M):
        check(".It Cm %s" % key in text, key)


tests = [the_manual_names_every_flag_and_setting]
if shutil.which("man"):
    tests.append(the_manual_is_clean)
if shutil.which("systemd-analyze"):
    tests += [the_unit_exposes_little, the_unit_is_valid]
run(*tests)
sys.exit(0 if len(tests) == 4 else 77)

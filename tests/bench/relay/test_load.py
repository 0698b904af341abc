#!/usr/bin/env python3
"""The load generator finds nothing at a good relay, and each kind of fault, as often as it was made, at a spoilt one."""
import os
import sys

import servers
from measure import Load

BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/dev")
CLIENTS = 10
LINES_A_FAULT = 50
FAULT_OF = {"lose": "lost", "double": "doubled", "swap": "reordered", "damage": "damaged"}


class Spoilt(servers.Fanout):
    kind = "none"

    def command(self):
        return [*super().command(), "--spoil", self.kind]


def run(kind, window=10):
    Spoilt.kind = kind
    with Spoilt(BUILD) as server:
        return Load(BUILD, server.port, "fanout", clients=CLIENTS, senders=2, window=window, ms=300).run(lambda name: None)


def check(condition, text):
    if not condition:
        print("FAILED:", text)
        sys.exit(1)


good = run("none")
check(good["ok"] and good["delivered"] > 0, good)
check(not any(good[fault] for fault in FAULT_OF.values()), good)
print("ok     nothing is found at a good relay: %d deliveries" % good["delivered"])
for kind, fault in FAULT_OF.items():
    got = run(kind)
    check(not got["ok"] and got[fault] > 0, "%s is not seen: %r" % (kind, got))
    others = [f for f in FAULT_OF.values() if f != fault and got[f] and not (kind == "damage" and f == "lost")]
    check(not others, "%s is also taken for %s: %r" % (kind, others, got))
    # Every spoilt line goes wrong at each of its receivers; a swap may wait for its neighbour, damage ends the run.
    if kind in ("lose", "double"):
        check(got[fault] == got["sent"] // LINES_A_FAULT * (CLIENTS - 1), "%s: %r" % (kind, got))
    if kind == "swap":
        check(got[fault] % (CLIENTS - 1) == 0, "%s: %r" % (kind, got))
    print("ok     %s: %d %s of %d sent" % (kind, got[fault], fault, got["sent"]))

#!/usr/bin/env python3
"""Ends the real relay by force under load, again and again, and compares what people saw with what is kept.

crash_relay.py BUILD SOURCE [--kills N] [--seed N]

Twenty guests talk in #party with an id on each message (+ronron.chat/id), come back with RESUME after each
kill -9 and send again what was not echoed. Nothing that anybody saw may be missing in the database, nothing may be
there or be seen twice, and msgids must be the kept ids. Ends with 77 when the relay keeps no history or gives no
tokens.
"""
import os
import random
import re
import selectors
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

CLIENTS = 20
WINDOW = 6
ROUND = 20  # kills of one folder
DEADLINE_S = 60
LINE = re.compile(rb"(?:@(\S+) )?(?::(\S+) )?(\S+)(?: (.*))?$")


def option(name, value):
    if name in sys.argv:
        value = int(sys.argv[sys.argv.index(name) + 1])
    return value


class Counts:
    def __init__(self):
        self.kills = self.echoed = self.seen = self.resent = self.repeats = 0
        self.lost = self.doubled = self.seen_twice = self.wrong_ids = self.broken = 0


class Relay:
    def __init__(self, build, folder):
        config = os.path.join(folder, "test.ini")
        with open(config, "w") as file:
            file.write("[beacon]\nenabled = no\n")
        self.process = subprocess.Popen(
            [os.path.join(build, "ronrond"), "--config", config, "--listen", "127.0.0.1:0", "--data", folder,
             "--tls", "no", "--limits", "none"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            found = re.search(r"127\.0\.0\.1:(\d+)$", line.strip())
            if found:
                self.port = int(found.group(1))
                return
        raise AssertionError("the relay did not start")

    def end(self, number):
        self.process.send_signal(number)
        code = self.process.wait(timeout=DEADLINE_S)
        self.process.stdout.close()
        return code


class Guest:
    """Lives longer than its connections: knows its token, what is under way and what it has seen."""

    def __init__(self, number, party):
        self.number = number
        self.party = party
        self.next = 0
        self.open = {}  # number of a message: whether it is in flight on this connection
        self.sent = set()  # all that ever were in flight
        self.seen = {}  # "who.number" as heard from others: msgid
        self.token = b"*"
        self.socket = None
        self.has_joined = False
        self.was_given_token = False

    def connect(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.input = b""
        self.output = (b"CAP REQ :echo-message message-tags labeled-response\r\nRESUME %s\r\nNICK g%d\r\n"
                       b"USER g 0 * :g\r\nCAP END\r\nJOIN #party\r\n" % (self.token, self.number))
        self.has_joined = False

    def disconnect(self):
        for number in self.open:
            self.party.counts.resent += self.open[number]
            self.open[number] = False
        if self.socket:
            self.socket.close()
            self.socket = None

    def talk(self, makes_new):
        while makes_new and len(self.open) < WINDOW:
            self.open[self.next] = False
            self.next += 1
        for number, is_in_flight in self.open.items():
            if not is_in_flight:
                self.output += b"@+ronron.chat/id=m%d;label=l%d PRIVMSG #party :%d.%d\r\n" % (
                    number, number, self.number, number)
                self.open[number] = True
                self.sent.add(number)

    def take_line(self, line):
        tags, source, command, rest = LINE.match(line).groups()
        rest = rest or b""
        if command == b"RESUME" and rest.startswith(b"TOKEN "):
            self.token = rest.split()[1]
            self.was_given_token = True
        elif command == b"366":
            self.has_joined = True
        elif command == b"PRIVMSG" and rest.startswith(b"#party :"):
            fields = dict(part.partition(b"=")[::2] for part in (tags or b"").split(b";"))
            self.take_message(rest[len(b"#party :"):].decode(), fields)
        elif command == b"FAIL" and not rest.startswith(b"RESUME "):
            self.party.counts.broken += 1
            print("unexpected:", line)

    def take_message(self, text, tags):
        who, number = map(int, text.split("."))
        msgid = int(tags.get(b"msgid", b"0"), 16)
        counts = self.party.counts
        if who == self.number and b"label" in tags:
            counts.echoed += 1
            if self.open.pop(number, None) is None:
                counts.seen_twice += 1
            self.party.note(text, msgid)
        else:
            counts.seen += 1
            counts.seen_twice += text in self.seen
            self.seen[text] = msgid
            self.party.note(text, msgid)

    def pump(self, can_read, can_write):
        try:
            if can_read:
                data = self.socket.recv(65536)
                if not data:
                    return False
                self.input += data
                *lines, self.input = self.input.split(b"\n")
                for line in lines:
                    self.take_line(line.rstrip(b"\r"))
            if can_write and self.output:
                self.output = self.output[self.socket.send(self.output):]
        except (ConnectionError, OSError):
            return False
        return True


class Party:
    def __init__(self, build, folder, counts, rng):
        self.build, self.folder, self.counts, self.rng = build, folder, counts, rng
        self.known = {}  # "who.number": msgid under which anybody saw it
        self.guests = [Guest(i, self) for i in range(CLIENTS)]

    def note(self, text, msgid):
        if self.known.setdefault(text, msgid) != msgid:
            self.counts.wrong_ids += 1

    def turn(self, selector, makes_new):
        for guest in self.guests:
            if guest.socket and guest.has_joined:
                guest.talk(makes_new)
            if guest.socket:
                selector.modify(guest.socket, selectors.EVENT_READ | (selectors.EVENT_WRITE if guest.output else 0),
                                guest)
        for key, events in selector.select(0.02):
            guest = key.data
            if not guest.pump(events & selectors.EVENT_READ, events & selectors.EVENT_WRITE):
                selector.unregister(guest.socket)
                guest.disconnect()

    def live(self, is_killed):
        """One life of the relay: up to a random moment, or until all is echoed."""
        relay = Relay(self.build, self.folder)
        selector = selectors.DefaultSelector()
        for guest in self.guests:
            guest.connect(relay.port)
            selector.register(guest.socket, selectors.EVENT_READ, guest)
        # Some end in the middle of coming in, most under load.
        while is_killed and self.rng.random() < 0.9 and not all(guest.has_joined for guest in self.guests):
            self.turn(selector, False)
        end = time.monotonic() + (self.rng.uniform(0.02, 0.2) if is_killed else DEADLINE_S)
        while time.monotonic() < end and (is_killed or any(
                guest.open or not guest.has_joined for guest in self.guests)):
            self.turn(selector, is_killed)
        if not is_killed and any(guest.open for guest in self.guests):
            self.counts.broken += 1
            print("resent to the end and never echoed:", [(g.number, list(g.open)) for g in self.guests if g.open])
        code = relay.end(signal.SIGKILL if is_killed else signal.SIGTERM)
        self.counts.broken += code != (-signal.SIGKILL if is_killed else 0)
        ends = time.monotonic() + 5
        while any(guest.socket for guest in self.guests) and time.monotonic() < ends:
            self.turn(selector, False)  # what left before the end has left
        for guest in self.guests:
            guest.disconnect()
        selector.close()

    def compare(self):
        db = sqlite3.connect("file:%s/party.db?mode=ro" % self.folder, uri=True)
        kept = {}
        for number, text in db.execute("SELECT id, text FROM msg"):
            self.counts.doubled += text in kept
            kept[text] = number
        self.counts.broken += db.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
        db.close()
        for text, msgid in self.known.items():
            if text not in kept:
                self.counts.lost += 1
            elif kept[text] != msgid:
                self.counts.wrong_ids += 1
        return kept


def probe(build):
    """Whether this relay can do what the test is about."""
    with tempfile.TemporaryDirectory(prefix="ronron-crash-") as folder:
        counts = Counts()
        party = Party(build, folder, counts, random.Random(1))
        for guest in party.guests:
            guest.open = {0: False}
            guest.next = 1
        party.live(False)
        if not os.path.exists(os.path.join(folder, "party.db")):
            return "it keeps no history"
        if not all(guest.was_given_token for guest in party.guests):
            return "it gives no tokens to guests"
        return ""


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else "build/dev"
    kills = option("--kills", 200)
    seed = option("--seed", int(time.time()))
    why = probe(build)
    if why:
        print("skipped:", why)
        sys.exit(77)
    counts, rng = Counts(), random.Random(seed)
    kept = 0
    while counts.kills < kills:
        with tempfile.TemporaryDirectory(prefix="ronron-crash-") as folder:
            party = Party(build, folder, counts, rng)
            for _ in range(min(ROUND, kills - counts.kills)):
                party.live(True)
                counts.kills += 1
            party.live(False)
            kept += len(party.compare())
    print("seed %d" % seed)
    for name, value in (("kills", counts.kills), ("echoed", counts.echoed), ("seen by others", counts.seen),
                        ("kept", kept), ("resent", counts.resent), ("LOST", counts.lost),
                        ("DOUBLED", counts.doubled), ("SEEN TWICE", counts.seen_twice),
                        ("WRONG ID", counts.wrong_ids), ("BROKEN", counts.broken)):
        print("%-16s %8d" % (name, value))
    bad = counts.lost + counts.doubled + counts.seen_twice + counts.wrong_ids + counts.broken
    print("FAILED" if bad or counts.echoed == 0 else "ok")
    sys.exit(1 if bad or counts.echoed == 0 else 0)


main()

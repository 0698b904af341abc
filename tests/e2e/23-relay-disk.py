#!/usr/bin/env python3
"""A disk that fills up, cannot be written to or holds rubbish: real file systems in a mount namespace
of the test's own. What was echoed is kept, what was not kept nobody has seen, and people are told."""
import os
import re
import signal
import subprocess
import tempfile
import time

from ronron_e2e import DEADLINE_S, Irc, Relay, check, enter_own, run

CAPS = "echo-message message-tags labeled-response batch server-time"
ENV = dict(os.environ, LC_ALL="C", LANGUAGE="")
SETTINGS = "[limits]\nmode = none\n"
FULL = ("NOTICE ana :The history cannot be written: The disk is full. The party goes on without it. "
        "What was kept before is safe.")
AGAIN = "NOTICE ana :The history is kept again. What was said meanwhile is not in it."


class Disk:
    """A small file system with a folder for the relay."""

    def __init__(self, size):
        self.place = tempfile.TemporaryDirectory(prefix="ronrond-")
        self.data = os.path.join(self.place.name, "data")
        self.file = os.path.join(self.data, "party.db")
        self.ballast = os.path.join(self.place.name, "ballast")
        self.mount("-t", "tmpfs", "-o", "size=%s,mode=700" % size, "ronron")

    def mount(self, *how):
        subprocess.run(["mount", *how, self.place.name], check=True, timeout=DEADLINE_S)

    def fill(self):
        with open(self.ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass

    def free(self):
        os.unlink(self.ballast)

    def relay(self, settings=SETTINGS):
        return Relay("--data", self.data, settings=settings, env=ENV)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        subprocess.run(["umount", self.place.name], check=True, timeout=DEADLINE_S)
        self.place.cleanup()


def wait_log(relay, text):
    """The relay's own words; it ends rather than keep this waiting for ever."""
    line = relay.process.stderr.readline()
    while text not in line:
        check(line, "not logged: %r" % text)
        line = relay.process.stderr.readline()
    return line


class Talker(Irc):
    def __init__(self, port, nick):
        super().__init__(port, nick, CAPS)
        self.nick = nick
        self.count = 0

    def say(self, lines):
        """Several lines at once; their texts, which are their labels too."""
        texts = ["%s-%d" % (self.nick, self.count + i) for i in range(lines)]
        self.count += lines
        self.send("".join("@label=%s PRIVMSG #party :%s\r\n" % (text, text) for text in texts))
        return texts

    def is_echoed(self, text):
        """False: it was not saved."""
        self.wait("label=%s" % text)
        self.sync("answered-" + text)
        line = re.search(rb"^@(?:\S*;)?label=%s[ ;].*$" % text.encode(), self.got, re.M).group().decode()
        is_lost = " FAIL PRIVMSG NOT_SAVED #party :The disk is full." in line
        check(is_lost or line.endswith(" PRIVMSG #party :%s\r" % text), line)
        return not is_lost


def said(got):
    """(msgid, text) of all that was said, in order."""
    lines = re.findall(r"^@(\S+) :\S+ PRIVMSG #party :(\S+)\r$", got.decode(), re.M)
    return [(re.search("msgid=([^;]+)", tags).group(1), text) for tags, text in lines]


def history(port):
    irc = Irc(port, "reader", CAPS + " draft/chathistory")
    kept = []
    bound = "*"
    while True:
        before = len(irc.got)
        irc.send("CHATHISTORY %s #party %s 100\r\n" % ("LATEST" if bound == "*" else "BEFORE", bound))
        irc.sync("h%d" % len(kept))
        page = said(irc.got[before:])
        if not page:
            irc.close()
            return kept
        kept = page + kept
        bound = "msgid=" + page[0][0]


class Party:
    """Three who talk, ana among them, who is the host; and one who only listens."""

    def __init__(self, relay):
        self.talkers = [Talker(relay.port, nick) for nick in ("ana", "bea", "cid")]
        self.ana = self.talkers[0]
        self.zoe = Talker(relay.port, "zoe")
        self.lost = set()

    def round(self, lines=4):
        """All say something at once; all of it is answered and heard. True: all of it was echoed."""
        spoken = [(talker, talker.say(lines)) for talker in self.talkers]
        lost = {text for talker, texts in spoken for text in texts if not talker.is_echoed(text)}
        self.lost |= lost
        for one in self.talkers + [self.zoe]:
            one.sync("after-" + spoken[0][1][-1])
        return not lost

    def talk_until(self, is_over):
        end = time.monotonic() + DEADLINE_S
        while not is_over():
            check(time.monotonic() < end, "nothing changed: %r" % self.ana.got[-2000:])

    def has_told(self, text, times):
        """Whether the host has been told so often; nobody else ever is."""
        for one in self.talkers[1:] + [self.zoe]:
            check(b" NOTICE " not in one.got, one.got[-2000:])
        count = self.ana.got.decode().count(text)
        check(count <= times, "told %d times: %s" % (count, text))
        return count == times

    def kept(self):
        """What ana has seen while the history was kept. All have seen the same, and nothing that was
        not saved."""
        heard = said(self.ana.got)
        check({text for _, text in heard}.isdisjoint(self.lost), "a line that was not saved is seen")
        for one in self.talkers + [self.zoe]:
            check(said(one.got) == heard, (heard, said(one.got)))
        parts = re.split("(%s|%s)" % (re.escape(FULL), re.escape(AGAIN)), self.ana.got.decode())
        check(parts[1::2] == [FULL, AGAIN] * 2 + [FULL], parts[1::2])
        without = [len(said(part.encode())) for part in parts[2::4]]
        check(all(without), "nobody talked without a history: %r" % without)
        return [line for part in parts[::4] for line in said(part.encode())]

    def close(self):
        for one in self.talkers + [self.zoe]:
            one.close()


def people_talk_without_a_history(relay, why):
    wait_log(relay, "No history is kept: " + why)
    ana = Talker(relay.port, "ana")
    ana.wait("NOTICE ana :No history is kept: " + why)
    leo = Talker(relay.port, "leo")
    check(leo.is_echoed(leo.say(1)[0]), leo.got)
    ana.wait(" PRIVMSG #party :leo-0\r\n")
    check(b"No history" not in leo.got, leo.got)


def a_full_disk_stops_the_history_and_not_the_party():
    with Disk("3m") as disk:
        with disk.relay() as relay:
            party = Party(relay)
            for times in (1, 2, 3):
                for _ in range(5):
                    check(party.round(), party.lost)
                disk.fill()
                party.talk_until(lambda: not party.round())
                check(party.has_told(FULL, times), "the host was not told")
                for _ in range(5):
                    check(party.round(), party.lost)
                if times < 3:
                    disk.free()
                    party.talk_until(lambda: party.round() and party.has_told(AGAIN, times))
            check(relay.stop(signal.SIGKILL) == -signal.SIGKILL, "it was not killed")
        with disk.relay() as relay:
            people_talk_without_a_history(relay, "%s: The disk is full." % disk.file)
        disk.free()
        with disk.relay() as relay:
            check(history(relay.port) == party.kept(), (history(relay.port), party.kept()))


def what_lies_in(folder):
    found = {}
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as file:
            found[name] = file.read()
    return found


def a_folder_that_is_read_only_gives_a_party_without_a_history():
    with Disk("3m") as disk:
        with disk.relay() as relay:
            fingerprint = relay.process.stdout.readline()
            ana = Talker(relay.port, "ana")
            check(ana.is_echoed(ana.say(1)[0]), ana.got)
            kept = said(ana.got)
        disk.mount("-o", "remount,ro")
        before = what_lies_in(disk.data)
        with disk.relay() as relay:
            check(relay.process.stdout.readline() == fingerprint, "it is not known by its key")
            people_talk_without_a_history(
                relay, "The folder %s cannot be written to." % disk.data)
        check(what_lies_in(disk.data) == before, "something changed on a disk that is read-only")
        disk.mount("-o", "remount,rw")
        with disk.relay() as relay:
            check(history(relay.port) == kept, kept)


def rubbish_is_put_aside_and_kept():
    rubbish = b"no database at all " * 500
    with Disk("3m") as disk:
        os.mkdir(disk.data, 0o700)
        for times in (1, 2):
            for end in ("", "-wal"):
                with open(disk.file + end, "wb") as file:
                    file.write(rubbish + b"%d" % times)
            with disk.relay() as relay:
                line = wait_log(relay, "The history was damaged: it lies in ")
                aside = re.search(r"lies in (\S+), and a new one began\.", line).group(1)
                ana = Talker(relay.port, "ana")
                ana.wait("NOTICE ana :The history was damaged: it lies in %s, and" % aside)
                check(ana.is_echoed(ana.say(1)[0]), ana.got)
                check(history(relay.port) == said(ana.got), "it did not begin anew")
            for end in ("", "-wal"):
                with open(aside + end, "rb") as file:
                    check(file.read() == rubbish + b"%d" % times, "what was put aside changed")
        asides = [name for name in os.listdir(disk.data) if re.search(r"\.damaged-\d+$", name)]
        check(len(asides) == 2, os.listdir(disk.data))


with tempfile.TemporaryDirectory() as probe:
    enter_own("--mount", "mount", "-t", "tmpfs", "probe", probe)
run(a_full_disk_stops_the_history_and_not_the_party,
    a_folder_that_is_read_only_gives_a_party_without_a_history, rubbish_is_put_aside_and_kept)

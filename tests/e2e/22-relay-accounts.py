#!/usr/bin/env python3
"""Accounts through the real program: made, kept over a restart and a kill, hashed beside the loop,
SCRAM with Python's own arithmetic, nicks given back, and no password in the log."""
import base64
import hashlib
import hmac
import os
import re
import signal
import subprocess
import tempfile
import time

from ronron_e2e import BUILD, DEADLINE_S, Irc, Raw, check, run

PROGRAM = os.path.join(BUILD, "ronrond")
PASSWORD = "correct horse battery"
SETTINGS = """[beacon]
enabled = no
[tls]
enabled = no
[accounts]
before-connect = yes
host = ana
[limits]
mode = none
[log]
level = debug
"""


class Place:
    """A folder with settings, log and what is kept; the relay in it starts and ends several times."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="ronrond-")
        self.path = os.path.join(self.folder.name, "r.ini")
        self.log = os.path.join(self.folder.name, "log")
        with open(self.path, "w") as file:
            file.write(SETTINGS)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, value, trace):
        self.end(signal.SIGTERM)
        with open(self.log) as log:
            text = log.read()
        check("Sanitizer" not in text and "bug:" not in text, text)
        check(PASSWORD not in text and plain("ana") not in text, "a password in the log")
        self.folder.cleanup()

    def start(self):
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "--config", self.path, "--listen", "127.0.0.1:0", "--data",
                 os.path.join(self.folder.name, "data")],
                stdout=subprocess.PIPE, stderr=log, text=True,
                env=dict(os.environ, LC_ALL="C", LANGUAGE=""))
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])

    def end(self, number):
        self.process.send_signal(number)
        self.process.wait(timeout=DEADLINE_S)


def plain(name, password=PASSWORD):
    return base64.b64encode(("\0%s\0%s" % (name, password)).encode()).decode()


def register(place, name):
    irc = Irc(place.port, name)
    irc.send("REGISTER * * :%s\r\n" % PASSWORD)
    irc.wait("REGISTER SUCCESS %s" % name)
    irc.close()


def log_in(place, name, password=PASSWORD):
    raw = Raw(place.port)
    raw.send("CAP REQ :sasl\r\nNICK %s\r\nUSER %s 0 * :%s\r\nAUTHENTICATE PLAIN\r\n" % (
        name, name, name))
    raw.wait("AUTHENTICATE +")
    raw.send("AUTHENTICATE %s\r\n" % plain(name, password))
    return raw


def an_account_outlives_an_end_and_a_kill():
    with Place() as place:
        register(place, "ana")
        place.end(signal.SIGTERM)
        place.start()
        log_in(place, "ana").wait(" 903 ana ")
        register(place, "leo")
        place.end(signal.SIGKILL)  # told is kept
        place.start()
        log_in(place, "leo").wait(" 903 leo ")
        log_in(place, "leo", "wrong").wait(" 904 leo ")


def scram_agrees_with_pythons_arithmetic():
    with Place() as place:
        register(place, "ana")
        raw = Raw(place.port)
        raw.send("CAP REQ :sasl\r\nAUTHENTICATE SCRAM-SHA-256\r\n")
        raw.wait("AUTHENTICATE +")
        bare = "n=ana,r=fyko+d2lbbFgONRv9qkxdawL"
        raw.send("AUTHENTICATE %s\r\n" % base64.b64encode(("n,," + bare).encode()).decode())
        raw.wait("\r\nAUTHENTICATE c")
        first = base64.b64decode(raw.got.split(b"AUTHENTICATE ")[-1]).decode()
        nonce, salt, rounds = re.match(r"r=([^,]+),s=([^,]+),i=(\d+)$", first).groups()
        check(int(rounds) == 100000, first)
        salted = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), base64.b64decode(salt),
                                     int(rounds))
        key = hmac.digest(salted, b"Client Key", "sha256")
        without = "c=biws,r=" + nonce
        signed = ("%s,%s,%s" % (bare, first, without)).encode()
        signature = hmac.digest(hashlib.sha256(key).digest(), signed, "sha256")
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature))).decode()
        raw.got = b""
        raw.send("AUTHENTICATE %s\r\n" % base64.b64encode(
            ("%s,p=%s" % (without, proof)).encode()).decode())
        raw.wait("\r\n")
        last = base64.b64decode(raw.got.split(b"AUTHENTICATE ")[-1]).decode()
        server = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), signed, "sha256")
        check(last == "v=" + base64.b64encode(server).decode(), last)
        raw.send("AUTHENTICATE +\r\n")
        raw.wait(" 903 ")


def hashing_keeps_nobody_waiting():
    with Place() as place:
        register(place, "ana")
        irc = Irc(place.port, "leo")
        guests = [Raw(place.port) for _ in range(40)]
        for guest in guests:
            guest.send("CAP REQ :sasl\r\nAUTHENTICATE PLAIN\r\n")
            guest.wait("AUTHENTICATE +")
        for guest in guests:
            guest.send("AUTHENTICATE %s\r\n" % plain("ana"))
        worst = 0
        for i in range(20):
            begun = time.monotonic()
            irc.sync("t%d" % i)
            worst = max(worst, time.monotonic() - begun)
            time.sleep(0.01)
        print("   slowest PING beside 40 logins: %.1f ms" % (worst * 1000))
        check(worst < 0.5, "a PING took %.0f ms" % (worst * 1000))
        for guest in guests:
            guest.wait(" 903 ")


def an_unknown_name_takes_as_long():
    with Place() as place:
        register(place, "ana")
        times = {}
        for name in ("ana", "nobody"):
            spans = []
            for _ in range(9):
                raw = Raw(place.port)
                raw.send("AUTHENTICATE PLAIN\r\n")
                raw.wait("AUTHENTICATE +")
                begun = time.monotonic()
                raw.send("AUTHENTICATE %s\r\n" % plain(name, "wrong horse"))
                raw.wait(" 904 ")
                spans.append(time.monotonic() - begun)
                raw.close()
            times[name] = min(spans)  # what it costs, without what else the machine does
        print("   wrong password %.1f ms, unknown name %.1f ms" % (
            times["ana"] * 1000, times["nobody"] * 1000))
        check(0.5 < times["nobody"] / times["ana"] < 2, "an unknown name shows: %r" % times)


def a_guest_who_was_cut_is_the_same_again():
    with Place() as place:
        first = Raw(place.port)
        first.send("CAP LS 302\r\nRESUME *\r\nNICK kim\r\nUSER k 0 * :k\r\nCAP END\r\nJOIN #den\r\n")
        first.wait(" 366 kim #den")
        token = re.search(rb"RESUME TOKEN ([0-9a-f]{32})\r\n", first.got).group(1).decode()
        leo = Irc(place.port, "leo")
        leo.send("JOIN #den\r\n")
        leo.wait(" 366 leo #den")
        leo.got = b""
        again = Raw(place.port)  # the first one has not noticed yet
        again.send("CAP LS 302\r\nRESUME %s\r\nNICK x\r\nUSER k 0 * :k\r\nCAP END\r\n" % token)
        again.wait(" 366 kim #den")
        first.wait("Resumed elsewhere")
        first.wait_closed()
        leo.sync("s")
        check(b"QUIT" not in leo.got and b"JOIN" not in leo.got, leo.got)
        again.close()
        place.end(signal.SIGTERM)
        place.start()
        again = Raw(place.port)
        again.send("CAP LS 302\r\nRESUME %s\r\nNICK x\r\nUSER k 0 * :k\r\nCAP END\r\n" % token)
        again.wait(" 001 kim ")


def the_hosts_account_owns_the_lobby():
    with Place() as place:
        register(place, "ana")
        leo = Irc(place.port, "leo")
        check(b" 353 leo = #party :leo\r\n" in leo.got, leo.got)
        ana = log_in(place, "ana")
        ana.send("CAP END\r\nJOIN #party\r\n")
        ana.wait("353 ana = #party :")
        leo.wait("MODE #party +qo ana ana")


run(an_account_outlives_an_end_and_a_kill, scram_agrees_with_pythons_arithmetic,
    hashing_keeps_nobody_waiting, an_unknown_name_takes_as_long,
    a_guest_who_was_cut_is_the_same_again, the_hosts_account_owns_the_lobby)

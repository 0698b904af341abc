#!/usr/bin/env python3
"""The one port through TLS and WebSocket: IRC, plain text, browsers; certificates own and given."""
import base64
import concurrent.futures
import hashlib
import os
import re
import select
import signal
import socket
import ssl
import stat
import struct
import subprocess
import tempfile
import time

from ronron_e2e import DEADLINE_S, Irc, Raw, Relay, check, run


def context(version=None):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    if version:
        made.minimum_version = made.maximum_version = version
    return made


class Tls(Raw):
    def __init__(self, port, version=None):
        super().__init__(port)
        self.socket.setblocking(True)
        self.socket.settimeout(DEADLINE_S)
        self.socket = context(version).wrap_socket(self.socket)
        self.socket.setblocking(False)

    def pump(self, seconds):
        if not self.socket.pending() and not select.select([self.socket], [], [], seconds)[0]:
            return False
        try:
            data = self.socket.recv(65536)
        except ssl.SSLWantReadError:
            return False
        except ConnectionResetError:
            data = b""
        self.got += data
        self.closed = not data
        return True

    def fingerprint(self):
        return hashlib.sha256(self.socket.getpeercert(True)).hexdigest()


class Web:
    """A WebSocket client over a Raw or Tls link, by hand."""

    def __init__(self, link, protocols=("text.ircv3.net",)):
        self.link = link
        key = base64.b64encode(os.urandom(16)).decode()
        link.send("GET / HTTP/1.1\r\nHost: party\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\nOrigin: https://x\r\n"
                  "Sec-WebSocket-Protocol: %s\r\n\r\n" % (key, ", ".join(protocols)))
        link.wait("\r\n\r\n")
        head, link.got = link.got.split(b"\r\n\r\n", 1)
        accept = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        check(head.startswith(b"HTTP/1.1 101 "), head)
        check(base64.b64encode(accept) in head, head)
        self.protocol = re.search(rb"Sec-WebSocket-Protocol: (\S+)", head).group(1).decode()
        self.kind = 0x02 if self.protocol.startswith("binary") else 0x01  # of what is said

    def frame(self, first, payload):
        mask = os.urandom(4)
        size = len(payload)
        head = bytes([first, 0x80 | size]) if size < 126 else bytes([first, 0xFE]) + struct.pack(
            ">H", size)
        self.link.send(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))

    def say(self, line):
        self.frame(0x80 | self.kind, line.encode())

    def next(self):
        end = time.monotonic() + DEADLINE_S
        while True:
            got = self.link.got
            if len(got) >= 2:
                size, at = got[1], 2
                if size == 126 and len(got) >= 4:
                    size, at = struct.unpack(">H", got[2:4])[0], 4
                if size < 126 or at == 4:
                    if len(got) >= at + size:
                        self.link.got = got[at + size:]
                        return got[0], got[at:at + size]
            check(time.monotonic() < end and not self.link.closed, "no frame came")
            self.link.pump(0.5)

    def wait(self, text):
        while True:
            first, payload = self.next()
            if text.encode() in payload:
                return first, payload


def make_pair(folder, name="cert", chain=False):
    """An authority's certificate for `name`; with chain: the intermediate behind it."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, cwd=folder, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    cert, key = "%s.pem" % name, "%s.key" % name
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    if not chain:
        openssl("req", "-x509", *curve, "-keyout", key, "-out", cert, "-subj", "/CN=" + name)
    else:
        openssl("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ca")
        openssl("req", *curve, "-keyout", key, "-out", "r.csr", "-subj", "/CN=" + name)
        openssl("x509", "-req", "-in", "r.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-out", cert)
        with open(os.path.join(folder, cert), "ab") as out, open(
                os.path.join(folder, "ca.pem"), "rb") as ca:
            out.write(ca.read())
    return os.path.join(folder, cert), os.path.join(folder, key)


def irc_and_plain_share_the_port():
    with tempfile.TemporaryDirectory() as data, Relay("--data", data) as relay:
        ana = Irc(relay.port, "ana")
        for number, version in enumerate((ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2)):
            leo = Tls(relay.port, version)
            leo.send("NICK leo%d\r\nUSER l 0 * :l\r\nJOIN #party\r\n" % number)
            leo.wait(" 366 leo%d #party" % number)
            leo.send("PRIVMSG #party :à toi\r\n")
            ana.wait(":leo%d!~l@127.0.0.1 PRIVMSG #party :à toi\r\n" % number)
            ana.send("WHOIS leo%d\r\n" % number)
            ana.wait(" 671 ana leo%d :is using a secure connection\r\n" % number)
        mute = Tls(relay.port)
        mute.wait("You are Guest1")
        ana.send("PRIVMSG #party :hello\r\n")
        mute.wait("ana: hello\n")


def bursts_are_whole_in_both_directions():
    with tempfile.TemporaryDirectory() as data, Relay("--data", data, "--limits", "none") as relay:
        ana = Irc(relay.port, "ana")
        leo = Tls(relay.port)
        leo.send("NICK leo\r\nUSER l 0 * :l\r\nJOIN #party\r\n")
        leo.wait(" 366 leo #party")
        ana.wait("leo!~l@127.0.0.1 JOIN")
        lines = "".join("PRIVMSG #party :%05d %s\r\n" % (i, "x" * 200) for i in range(4000))
        ana.send(lines)
        leo.wait(":03999 ")
        check([int(n) for n in re.findall(rb"#party :(\d{5}) ", leo.got)] == list(range(4000)),
              "a line was lost or doubled on its way out")
        leo.socket.setblocking(True)
        leo.socket.sendall(lines.encode())
        leo.socket.setblocking(False)
        ana.wait(":03999 ")
        check([int(n) for n in re.findall(rb"#party :(\d{5}) ", ana.got)] == list(range(4000)),
              "a line was lost or doubled on its way in")


def browsers_speak_websocket():
    with tempfile.TemporaryDirectory() as data, Relay("--data", data) as relay:
        ana = Irc(relay.port, "ana")
        for kind, link in enumerate((Raw, Tls)):
            web = Web(link(relay.port), ("binary.ircv3.net", "text.ircv3.net") if kind else (
                "x", "text.ircv3.net", "binary.ircv3.net"))
            check(web.protocol == ("binary.ircv3.net" if kind else "text.ircv3.net"), web.protocol)
            web.say("NICK web%d" % kind)
            web.say("USER w 0 * :w")
            web.wait(" 001 web%d " % kind)
            web.say("JOIN #party")
            web.wait(" 366 ")
            web.frame(web.kind, "PRIVMSG #party :é".encode()[:-1])  # cut inside a character
            web.frame(0x89, b"ping")
            web.frame(0x80, "é".encode()[-1:])
            ana.wait("PRIVMSG #party :é\r\n")
            check(web.next() == (0x8A, b"ping"), "no pong")
            ana.send("PRIVMSG #party :purr\r\n")
            first, line = web.wait("purr")
            check(first == (0x82 if kind else 0x81), first)
            check(line.endswith(b" PRIVMSG #party :purr"), line)
            web.frame(0x88, struct.pack(">H", 1001))
            check(web.next() == (0x88, struct.pack(">H", 1001)), "no goodbye")
            web.link.wait_closed()
            ana.wait(":web%d!~w@127.0.0.1 QUIT :Connection closed" % kind)


def pages_and_posts_are_turned_away():
    with tempfile.TemporaryDirectory() as data, Relay("--data", data) as relay:
        for link in (Raw, Tls):
            for request, status in (("GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"426"),
                                    ("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", b"426"),
                                    ("POST / HTTP/1.1\r\nHost: x\r\n\r\nNICK a\r\n", b"405"),
                                    ("GET / HTTP/1.1\r\n\r\n", b"400")):
                web = link(relay.port)
                web.send(request)
                web.wait_closed()
                check(web.got.startswith(b"HTTP/1.1 %s " % status), web.got)
                check(web.got.endswith(b"\r\n\r\n") == request.startswith("HEAD"), web.got)


def a_large_post_gets_its_answer():
    body = b"x" * 300000
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body)
    with tempfile.TemporaryDirectory() as data, Relay("--data", data) as relay:
        for turn in range(20):
            web = Tls(relay.port)
            web.send(head + body)
            got = b""
            web.socket.setblocking(True)
            while data := web.socket.recv(65536):  # a reset link is an error here, not an end
                got += data
            check(got.startswith(b"HTTP/1.1 405 "), "try %d: %r" % (turn, got))
            web.close()


def garbage_and_silence_harm_nobody():
    with tempfile.TemporaryDirectory() as data, Relay("--data", data) as relay:
        ana = Irc(relay.port, "ana")
        bad = Raw(relay.port)
        bad.send(b"\x16\x03\x01\x00\x05hello" + os.urandom(100))
        bad.wait_closed()
        stuck = Raw(relay.port)
        stuck.send(b"\x16\x03\x01\x02\x00\x01")
        cut = Tls(relay.port)
        cut.send("NICK cut\r\nUSER c 0 * :c\r\nJOIN #party\r\n")
        ana.wait(":cut!~c@127.0.0.1 JOIN")
        os.close(cut.socket.detach())
        ana.wait(":cut!~c@127.0.0.1 QUIT :Connection ")
        ana.sync("still")


def the_own_certificate_is_kept():
    with tempfile.TemporaryDirectory() as data:
        seen = set()
        for _ in range(2):
            with Relay("--data", data) as relay:
                seen.add(Tls(relay.port).fingerprint())
        check(len(seen) == 1, "another certificate at the second start")
        keys = [name for name in os.listdir(data) if "key" in name]
        check(keys == ["tls-key.pem"], keys)
        mode = stat.S_IMODE(os.stat(os.path.join(data, keys[0])).st_mode)
        check(mode == 0o600, oct(mode))


def a_certificate_of_the_operators_is_shown_and_reloaded():
    with tempfile.TemporaryDirectory() as data:
        cert, key = make_pair(data, chain=True)
        with Relay("--data", data, settings="[tls]\ncert = %s\nkey = %s\n" % (cert, key)) as relay:
            shown = subprocess.run(
                ["openssl", "s_client", "-connect", "127.0.0.1:%d" % relay.port, "-showcerts"],
                input=b"", capture_output=True, timeout=DEADLINE_S).stdout
            check(shown.count(b"BEGIN CERTIFICATE") >= 2, "the chain is not sent")
            first = Tls(relay.port)
            old = first.fingerprint()
            first.send("NICK old\r\nUSER o 0 * :o\r\n")
            first.wait(" 001 old ")
            make_pair(data)  # in their place
            relay.process.send_signal(signal.SIGHUP)
            end = time.monotonic() + DEADLINE_S
            while Tls(relay.port).fingerprint() == old:
                check(time.monotonic() < end, "SIGHUP did not take the new certificate")
            now = Tls(relay.port).fingerprint()
            with open(cert, "w") as file:
                file.write("spoiled")
            relay.process.send_signal(signal.SIGHUP)
            first.send("PING x\r\n")
            first.wait("PONG ")
            check(Tls(relay.port).fingerprint() == now, "a spoiled file replaced a good one")


def a_crowd_comes_back_at_once():
    with tempfile.TemporaryDirectory() as data, Relay("--data", data, "--limits", "none") as relay:
        ana = Irc(relay.port, "ana")

        def come(number):
            guest = Tls(relay.port)
            guest.send("NICK g%d\r\nUSER g 0 * :g\r\n" % number)
            guest.wait(" 001 g%d " % number)
            return guest
        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            guests = pool.map(come, range(200))
            for token in range(10):
                begin = time.monotonic()
                ana.sync("t%d" % token)
                check(time.monotonic() - begin < 2, "the room stood still")
            guests = list(guests)
        check(len(guests) == 200, len(guests))


run(irc_and_plain_share_the_port, bursts_are_whole_in_both_directions, browsers_speak_websocket,
    pages_and_posts_are_turned_away, a_large_post_gets_its_answer, garbage_and_silence_harm_nobody, the_own_certificate_is_kept,
    a_certificate_of_the_operators_is_shown_and_reloaded, a_crowd_comes_back_at_once)

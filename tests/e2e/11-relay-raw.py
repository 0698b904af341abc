#!/usr/bin/env python3
"""Sockets that know no protocol and a raw IRC client share the party in all directions."""
import os
import signal
import socket
import struct
import subprocess
import sys
import time

from ronron_e2e import DEADLINE_S, Irc, Raw, Relay, check, run


def everybody_hears_the_others_and_not_themselves():
    with Relay() as relay:
        ana = Irc(relay.port, "ana")
        one = Raw(relay.port)
        one.send("salut de un")  # no newline, as a first exercise sends it
        ana.wait(":Guest1!plain@127.0.0.1 PRIVMSG #party :salut de un\r\n")
        two = Raw(relay.port)
        two.send("deux\n")
        one.wait("Guest2: deux\n")
        ana.wait("PRIVMSG #party :deux\r\n")
        ana.send("PRIVMSG #party :à tous ≠ €\r\n")
        one.wait("ana: à tous ≠ €\n")
        two.wait("ana: à tous ≠ €\n")
        ana.sync("t1")
        check(b"tous" not in ana.got, "the sender got its own line back")
        two.send("fin\n")
        one.wait("Guest2: fin\n")
        check(b"salut de un" not in one.got, "the plain sender got its own words back")
        check(b"Guest2: " not in two.got, "the plain sender got its own words back")


def a_listener_that_never_speaks_hears_all():
    with Relay() as relay:
        mute = Raw(relay.port)
        mute.wait("You are Guest1")
        ana = Irc(relay.port, "ana")
        ana.send("PRIVMSG #party :hello\r\n")
        mute.wait("ana: hello\n")


def a_killed_client_is_missed():
    with Relay() as relay:
        ana = Irc(relay.port, "ana")
        child = subprocess.Popen([sys.executable, "-c", (
            "import socket,time\n"
            "s=socket.create_connection(('127.0.0.1',%d))\n"
            "s.sendall(b'NICK doomed\\r\\nUSER d 0 * :d\\r\\nJOIN #party\\r\\n')\n"
            "time.sleep(60)\n") % relay.port])
        ana.wait(":doomed!~d@127.0.0.1 JOIN #party")
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        ana.wait(":doomed!~d@127.0.0.1 QUIT :Connection ")


def a_reset_client_is_missed():
    with Relay() as relay:
        ana = Irc(relay.port, "ana")
        leo = Irc(relay.port, "leo")
        leo.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        leo.close()
        ana.wait(":leo!~leo@127.0.0.1 QUIT :Connection reset\r\n")


def a_browser_is_turned_away():
    with Relay() as relay:
        web = Raw(relay.port)
        web.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        web.wait_closed()
        check(web.got.startswith(b"HTTP/1.1 426 "), web.got)


def read_whole(link):
    """Up to the end; a reset link is an error here, not an end."""
    got = b""
    while True:
        data = link.recv(65536)
        if not data:
            return got
        got += data


def a_large_post_gets_its_answer():
    with Relay() as relay:
        for size in (100000, 1000000, 8000000):
            head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size
            for _ in range(20):
                with socket.create_connection(("127.0.0.1", relay.port), DEADLINE_S) as web:
                    web.sendall(head + b"x" * size)  # whole, before it looks for an answer
                    got = read_whole(web)
                check(got.startswith(b"HTTP/1.1 405 "), "%d bytes: %r" % (size, got))
                check(b"This is a Ronron party" in got, got)


def who_is_said_goodbye_cannot_stay():
    with Relay() as relay:
        for word in (b"POST / HTTP/1.1\r\nHost: x\r\n\r\n", b"QUIT\r\n"):
            for rest in (b"x", b"x" * 65536):
                stays = Raw(relay.port)
                stays.send(word)
                stays.wait_closed()  # for writing; it could go on listening
                start = time.monotonic()
                try:
                    while time.monotonic() < start + 10:
                        stays.send(rest)
                        time.sleep(0.002)
                    raise AssertionError("%r is listened to for ever" % word)
                except (BrokenPipeError, ConnectionResetError):
                    pass
                took = time.monotonic() - start
                check(took < 5, "it stayed for %.1f s" % took)
                stays.close()


def a_locked_party_refuses_plainly():
    with Relay("--password", "4321") as relay:
        plain = Raw(relay.port)
        plain.send("hi\n")
        plain.wait_closed()
        check(b"locked" in plain.got, plain.got)
        irc = Raw(relay.port)
        irc.send("PASS 4321\r\nNICK ana\r\nUSER a 0 * :a\r\n")
        irc.wait(" 001 ana ")


run(everybody_hears_the_others_and_not_themselves, a_listener_that_never_speaks_hears_all,
    a_killed_client_is_missed, a_reset_client_is_missed, a_browser_is_turned_away,
    a_large_post_gets_its_answer, who_is_said_goodbye_cannot_stay,
    a_locked_party_refuses_plainly)

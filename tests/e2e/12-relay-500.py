#!/usr/bin/env python3
"""500 clients in one room, one of which never reads: all others get every line, in order, once."""
import resource
import selectors
import socket
import time

from ronron_e2e import Irc, Relay, check, run

CLIENTS = 500
LINES = 400
DEADLINE_S = 120


def connect_all(port):
    sockets = []
    for i in range(CLIENTS):
        s = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)
        if i == 0:  # the sleeper: a small window, so that what it misses piles up at the relay
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.sendall(b"NICK u%d\r\nUSER u 0 * :u\r\nJOIN #party\r\n" % i)
        s.setblocking(False)
        sockets.append(s)
    return sockets


def lines_of(text):
    return [int(part.split(b" ", 1)[0]) for part in text.split(b"PRIVMSG #party :line ")[1:]]


def all_but_the_sleeper_get_every_line():
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, limit[1]), limit[1]))
    with Relay("--limits", "none") as relay:
        speaker = Irc(relay.port, "speaker")
        sockets = connect_all(relay.port)
        got = {s: [] for s in sockets[1:]}
        selector = selectors.DefaultSelector()
        for s in sockets[1:]:
            selector.register(s, selectors.EVENT_READ)
        for i in range(1, CLIENTS):
            speaker.wait(":u%d!" % i)
        text = "".join("PRIVMSG #party :line %d %s\r\n" % (i, "x" * 300) for i in range(LINES))
        speaker.send(text)
        waiting = set(sockets[1:])
        end = time.monotonic() + DEADLINE_S
        last = b"line %d " % (LINES - 1)
        while waiting:
            check(time.monotonic() < end, "%d clients still wait" % len(waiting))
            for key, _ in selector.select(1):
                data = key.fileobj.recv(262144)
                check(data, "a reader was closed")
                pieces = got[key.fileobj]
                pieces.append(data)
                tail = b"".join(pieces[-2:])
                if last in tail:
                    waiting.discard(key.fileobj)
        for s, pieces in got.items():
            check(lines_of(b"".join(pieces)) == list(range(LINES)), "a line is missing or doubled")
        for s in sockets:
            s.close()


run(all_but_the_sleeper_get_every_line)

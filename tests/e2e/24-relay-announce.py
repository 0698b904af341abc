#!/usr/bin/env python3
"""What the beacon offers can be reached, and nothing else is offered: a machine with two networks, in a
network namespace of the test's own. And the console names every address."""
import os
import re
import select
import signal
import socket
import subprocess
import tempfile
import time

from ronron_e2e import BUILD, DEADLINE_S, check, enter_own, run

HERE, LEFT, RIGHT = "127.0.0.1", "10.231.9.1", "10.231.10.1"
UDP = 6700


class Party:
    """A relay that is announced, and all that its announcements say."""

    def __init__(self, *addresses):
        self.folder = tempfile.TemporaryDirectory(prefix="ronrond-")
        self.path = os.path.join(self.folder.name, "r.ini")
        self.listen(*addresses)
        self.ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.ear.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self.ear.bind(("", UDP))
        self.process = subprocess.Popen(
            [os.path.join(BUILD, "ronrond"), "--config", self.path], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=dict(os.environ, LC_ALL="C", LANGUAGE=""))
        self.lines = [self.process.stdout.readline() for _ in addresses]

    def listen(self, *addresses):
        with open(self.path, "w") as file:
            file.write("[beacon]\nport = %d\n[tls]\nenabled = no\n[listen]\n" % UDP)
            file.writelines("address = %s\n" % address for address in addresses)

    def hear(self, seconds):
        """(host, port) of the next announcement, or None."""
        if not select.select([self.ear], [], [], seconds)[0]:
            return None
        text, (host, _) = self.ear.recvfrom(512)
        found = re.match(rb"RONRON1 [0-9a-f]+ (\d+) ", text)
        return (host, int(found.group(1))) if found else self.hear(seconds)  # not a question

    def offers(self, last):
        """All that is offered until `last` has been for the third time: some more than once."""
        heard = []
        end = time.monotonic() + DEADLINE_S
        while heard.count(last) < 3:
            check(time.monotonic() < end, "%r is not offered, but %r" % (last, heard))
            self.ear.sendto(b"RONRON1?\n", ("127.255.255.255", UDP))
            heard.append(self.hear(1))
        offered = {offer for offer in heard if offer}
        for offer in offered:
            socket.create_connection(offer, timeout=DEADLINE_S).close()
        return offered

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.ear.close()
        self.process.send_signal(signal.SIGTERM)
        check(self.process.wait(timeout=DEADLINE_S) == 0, self.process.stderr.read())
        self.folder.cleanup()


def loopback_alone_is_offered_there_alone():
    with Party(HERE + ":7001") as party:
        check(party.offers((HERE, 7001)) == {(HERE, 7001)}, "offered elsewhere")


def one_network_is_offered_there_alone():
    with Party(LEFT + ":7001") as party:
        check(party.offers((LEFT, 7001)) == {(LEFT, 7001)}, "offered elsewhere")


def each_network_is_offered_its_first_address():
    with Party(HERE + ":7001", RIGHT + ":7002", "0.0.0.0:7003", RIGHT + ":7004") as party:
        offers = party.offers((RIGHT, 7002))
        check(offers == {(HERE, 7001), (LEFT, 7003), (RIGHT, 7002)}, offers)
        check(party.lines == ["Listening on %s\n" % address for address in
                              (HERE + ":7001", RIGHT + ":7002", "0.0.0.0:7003", RIGHT + ":7004")],
              party.lines)


def addresses_that_change_are_offered_as_they_are():
    with Party(HERE + ":7001") as party:
        check(party.offers((HERE, 7001)) == {(HERE, 7001)}, "offered elsewhere")
        party.listen(LEFT + ":7002")
        party.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + DEADLINE_S
        while party.hear(1) != (LEFT, 7002):
            check(time.monotonic() < end, "the new address is not offered")
        check(party.offers((LEFT, 7002)) == {(LEFT, 7002)}, "the old one still is")


enter_own("--net", "ip", "link", "add", "left", "type", "veth", "peer", "name", "far")
NETWORKS = "link set lo up\n" + "".join("""link add %s type veth peer name far-%s
addr add %s/24 broadcast + dev %s
link set %s up
link set far-%s up
""" % (name, name, address, name, name, name) for name, address in (("left", LEFT), ("right", RIGHT)))
subprocess.run(["ip", "-batch", "-"], input=NETWORKS, text=True, check=True, timeout=DEADLINE_S)
run(loopback_alone_is_offered_there_alone, one_network_is_offered_there_alone,
    each_network_is_offered_its_first_address, addresses_that_change_are_offered_as_they_are)

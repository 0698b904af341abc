"""Helpers of the end-to-end tests: a relay on a port the system picks, raw clients with deadlines."""
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build/dev"
DEADLINE_S = 60  # what comes comes at once; a crowded machine may stand still for long


def fail(text):
    print("FAILED:", text)
    sys.exit(1)


def check(condition, text):
    if not condition:
        raise AssertionError(text)


def enter_own(kind, *probe):
    """Goes on in a namespace of this kind ("--mount", "--net") if the probe works there; else skips."""
    mark = "RONRON_TEST_OWN" + kind.upper().replace("-", "_")
    if os.environ.get(mark):
        return
    own = ["unshare", kind] if os.geteuid() == 0 else ["unshare", "--map-root-user", kind]
    try:
        done = subprocess.run(own + list(probe), capture_output=True, text=True, timeout=DEADLINE_S)
        problem = done.stderr.strip() if done.returncode != 0 else ""
    except OSError as error:
        problem = str(error)
    if problem:
        print("skipped, not permitted here: %s: %s" % (" ".join(probe), problem))
        sys.exit(77)
    os.environ[mark] = "yes"
    os.execvp(own[0], own + [sys.executable] + sys.argv)


class Relay:
    """ronrond on 127.0.0.1 and a free port; ended by its pid."""

    def __init__(self, *flags, env=None, settings=""):
        self.data = tempfile.TemporaryDirectory(prefix="ronrond-")
        config = os.path.join(self.data.name, "test.ini")
        with open(config, "w") as file:
            file.write("[beacon]\nenabled = no\n" + settings)
        env = dict(os.environ if env is None else env, XDG_DATA_HOME=self.data.name)
        self.process = subprocess.Popen(
            [os.path.join(BUILD, "ronrond"), "--config", config, "--listen", "127.0.0.1:0", *flags],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
        self.line = self.process.stdout.readline()
        found = re.search(r"127\.0\.0\.1:(\d+)$", self.line.strip())
        if not found:
            fail("no address in %r: %s" % (self.line, self.process.stderr.read()))
        self.port = int(found.group(1))

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        code = self.process.wait(timeout=DEADLINE_S)
        errors = self.process.stderr.read()
        check("Sanitizer" not in errors and "bug:" not in errors, errors)
        self.data.cleanup()
        return code

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.process.poll() is None:
            check(self.stop() == 0, "the relay ended with an error")


class Raw:
    """One socket; what it receives is kept."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)
        self.socket.setblocking(False)
        self.got = b""
        self.closed = False

    def send(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        self.socket.setblocking(True)
        self.socket.sendall(data)
        self.socket.setblocking(False)

    def pump(self, seconds):
        ready, _, _ = select.select([self.socket], [], [], seconds)
        if ready:
            try:
                data = self.socket.recv(65536)
            except ConnectionResetError:
                data = b""
            self.got += data
            self.closed = not data
        return bool(ready)

    def wait(self, text, seconds=DEADLINE_S):
        data = text if isinstance(text, bytes) else text.encode()
        end = time.monotonic() + seconds
        while data not in self.got:
            left = end - time.monotonic()
            if left <= 0 or self.closed:
                raise AssertionError("%r did not come; got %r" % (text, self.got[-2000:]))
            self.pump(min(left, 0.5))

    def wait_closed(self, seconds=DEADLINE_S):
        end = time.monotonic() + seconds
        while not self.closed:
            check(time.monotonic() < end, "the relay did not close the link")
            self.pump(0.5)

    def close(self):
        self.socket.close()


class Irc(Raw):
    def __init__(self, port, nick, caps=None):
        super().__init__(port)
        if caps:
            self.send("CAP REQ :%s\r\n" % caps)
        self.send("NICK %s\r\nUSER %s 0 * :%s\r\n%sJOIN #party\r\n" % (
            nick, nick, nick, "CAP END\r\n" if caps else ""))
        self.wait(" 366 %s #party" % nick)

    def sync(self, token):
        """All that was sent before has been answered once this returns."""
        self.send("PING %s\r\n" % token)
        self.wait("PONG ronron.party :%s" % token)


def run(*tests):
    for test in tests:
        print("--", test.__name__)
        test()
    print("ok: %d" % len(tests))

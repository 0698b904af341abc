"""Clients that behave badly, each a coroutine that lives for some seconds: what a relay meets in the wild.

They talk in rooms of their own, so that the healthy ones' room stays countable; some sit in the healthy room and never read."""
import asyncio
import random
import socket
import ssl
import struct

HEALTHY_ROOM = "#b"
MESS = "#mess%d"
MESS_COUNT = 4


class Connection:
    """A socket and its streams; limits are small so that a client that does not read is felt at once."""

    def __init__(self, port, tls=None, receive_bytes=0):
        self.port = port
        self.tls = tls
        self.receive_bytes = receive_bytes
        self.reader = self.writer = None

    async def __aenter__(self):
        s = socket.socket()
        s.setblocking(False)
        if self.receive_bytes:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_bytes)
        try:
            await asyncio.get_running_loop().sock_connect(s, ("127.0.0.1", self.port))
            more = {"ssl": self.tls, "server_hostname": "relay"} if self.tls else {}
            self.reader, self.writer = await asyncio.open_connection(sock=s, limit=8192, **more)
        except BaseException:
            s.close()
            raise
        return self

    async def __aexit__(self, kind, value, trace):
        self.writer.transport.abort()

    def say(self, text):
        self.writer.write(text if isinstance(text, bytes) else text.encode())

    async def read_until(self, word, seconds=10):
        async with asyncio.timeout(seconds):
            while word not in await self.reader.readline():
                if self.reader.at_eof():
                    raise ConnectionResetError

    async def swallow(self, seconds):
        """Reads and forgets, answering PING."""
        try:
            async with asyncio.timeout(seconds):
                while not self.reader.at_eof():
                    line = await self.reader.readline()
                    if line.startswith(b"PING"):
                        self.say(b"PO" + line[2:])
        except TimeoutError:
            pass

    async def enter(self, rng, *rooms):
        self.nick = "m%06x" % rng.getrandbits(24)
        self.say("NICK %s\r\nUSER %s 0 * :mess\r\n" % (self.nick, self.nick))
        await self.read_until(b" 001 ")
        for room in rooms:
            self.say("JOIN %s\r\n" % room)

    def reset(self):
        """The peer gets RST instead of an end."""
        s = self.writer.get_extra_info("socket")
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def mess(rng):
    return MESS % rng.randrange(MESS_COUNT)


async def talker(port, rng, seconds, tls=None):
    room = mess(rng)
    async with Connection(port, tls) as c:
        await c.enter(rng, room)
        for i in range(int(seconds * 2)):
            c.say("PRIVMSG %s :%d %s\r\n" % (room, i, "é" * rng.randrange(1, 150)))
            await c.swallow(rng.uniform(0.2, 0.8))
        c.say("QUIT :gone\r\n")
        await c.swallow(2)


async def joiner(port, rng, seconds, tls=None):
    async with Connection(port, tls) as c:
        await c.enter(rng)
        for _ in range(int(seconds * 2)):
            room = mess(rng)
            c.say(rng.choice([
                "JOIN %s\r\n" % room, "PART %s :bye\r\n" % room, "NICK m%06x\r\n" % rng.getrandbits(24), "LIST\r\n",
                "TOPIC %s :%d\r\n" % (room, rng.getrandbits(20)), "WHO %s\r\n" % room, "NAMES %s\r\n" % HEALTHY_ROOM,
                "MODE %s +b x%d!*@*\r\n" % (room, rng.randrange(9)), "WHOIS %s\r\n" % c.nick, "AWAY :tea\r\n", "AWAY\r\n",
                "JOIN 0\r\n", "MONITOR + a%d,b,c\r\n" % rng.randrange(50), "CAP LS 302\r\nCAP END\r\n", "LUSERS\r\n"]))
            await c.swallow(rng.uniform(0.2, 0.8))


async def staller(port, rng, seconds, tls=None):
    """Enters the healthy room and a loud one and never reads again."""
    async with Connection(port, tls, receive_bytes=4096) as c:
        await c.enter(rng, HEALTHY_ROOM, mess(rng))
        await asyncio.sleep(seconds * 2)


async def resetter(port, rng, seconds, tls=None):
    async with Connection(port, tls) as c:
        if rng.random() < 0.7:
            await c.enter(rng, HEALTHY_ROOM, mess(rng))
        c.say("PRIVMSG %s :half a li" % mess(rng))
        await asyncio.sleep(rng.uniform(0, seconds / 2))
        c.reset()


async def flooder(port, rng, seconds, tls=None):
    room = mess(rng)
    async with Connection(port, tls) as c:
        await c.enter(rng, room)
        for _ in range(3):
            c.say("".join("PRIVMSG %s :flood %d\r\n" % (room, i) for i in range(200)))
            await c.swallow(seconds / 3)


async def half_open(port, rng, seconds, tls=None):
    beginnings = [b"", b"NICK ha", b"NICK half\r\nUSER", b"\x16\x03", b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HT",
                  b"GET /irc HTTP/1.1\r\nUpgrade: websocket\r\n", b"CAP LS 302\r\n", b"@tag", b"hello"]
    async with Connection(port) as c:
        c.say(rng.choice(beginnings))
        await c.swallow(seconds * 2)


async def endless(port, rng, seconds, tls=None):
    async with Connection(port, tls) as c:
        await c.enter(rng, mess(rng))
        for _ in range(40):
            if c.writer.transport.is_closing():
                return
            c.say(b"x" * 1024)
            await asyncio.sleep(0.01)
        await c.swallow(seconds / 2)


async def garbler(port, rng, seconds, tls=None):
    async with Connection(port) as c:
        for _ in range(int(seconds)):
            c.say(bytes(rng.getrandbits(8) for _ in range(rng.randrange(1, 600))) + b"\r\n")
            await c.swallow(0.5)


async def plain(port, rng, seconds, tls=None):
    """Knows no protocol; only talks where the relay lets plain people talk."""
    async with Connection(port) as c:
        await c.swallow(2)
        for i in range(int(seconds)):
            c.say("bonjour %d" % i + rng.choice(["", "\n"]))
            await c.swallow(0.8)


KINDS = [talker, talker, joiner, joiner, staller, resetter, resetter, flooder, half_open, half_open, endless, garbler, plain]


class Zoo:
    """Keeps so many of them alive until told to stop."""

    def __init__(self, port, size, seed, has_tls):
        self.port = port
        self.size = size
        self.rng = random.Random(seed)
        self.tls = None
        if has_tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self.tls.check_hostname = False
            self.tls.verify_mode = ssl.CERT_NONE
        self.lives = {}
        self.cut = 0
        self.tasks = set()

    async def live(self, kind, rng):
        tls = self.tls if self.tls and rng.random() < 0.4 else None
        self.lives[kind.__name__] = self.lives.get(kind.__name__, 0) + 1
        try:
            await kind(self.port, rng, rng.uniform(1, 12), tls)
        except (OSError, TimeoutError, asyncio.LimitOverrunError, ValueError, asyncio.IncompleteReadError):
            self.cut += 1  # the relay may throw out whom it wants of these

    async def run(self, stop):
        while not stop.is_set():
            self.tasks = {t for t in self.tasks if not t.done()}
            while len(self.tasks) < self.size:
                kind = self.rng.choice(KINDS)
                rng = random.Random(self.rng.getrandbits(64))
                self.tasks.add(asyncio.create_task(self.live(kind, rng)))
            await asyncio.sleep(0.05)
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

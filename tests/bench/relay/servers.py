"""The servers that are compared: each starts on 127.0.0.1 and a free port with a folder of its own and ends by its pid."""
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time

START_S = 10
STOP_S = 20
NGIRCD = "/usr/sbin/ngircd"
INSPIRCD = "/usr/sbin/inspircd"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """What all have in common. A subclass says its name, its files and its command line."""

    name = ""
    runs_as_nobody = False  # the peers refuse to be root
    tls = False
    history = False
    abreast = 100           # clients that may enter at a time without being dropped

    def __init__(self, build, cpu=None, data_root=None):
        self.build = build
        self.cpu = cpu
        self.folder = tempfile.mkdtemp(prefix="relay-bench-", dir=data_root)
        self.port = 0
        self.process = None
        self.log = None

    def command(self):
        raise NotImplementedError

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def start(self):
        self.port = free_port()
        command = self.command()
        self.log = open(os.path.join(self.folder, "log"), "w+")
        more = {}
        if self.runs_as_nobody and os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in [self.folder] + [os.path.join(self.folder, f) for f in os.listdir(self.folder)]:
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
            more = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT,
                                        cwd=self.folder, **more)
        if self.cpu is not None:
            os.sched_setaffinity(self.process.pid, {self.cpu})
        self.wait_for_port()

    def wait_for_port(self):
        end = time.monotonic() + START_S
        while time.monotonic() < end and self.process.poll() is None:
            self.find_port()
            if self.port:
                try:
                    socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                    time.sleep(0.1)  # it has seen us go
                    return
                except OSError:
                    pass
            time.sleep(0.02)
        raise RuntimeError("%s did not start:\n%s" % (self.name, self.log_text()[-2000:]))

    def find_port(self):
        """Servers that pick their own port print it."""

    def log_text(self):
        with open(os.path.join(self.folder, "log"), errors="replace") as file:
            return file.read()

    def stop(self):
        code = None
        if self.process:
            self.process.terminate()
            try:
                code = self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                code = self.process.wait()
            self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        return code

    def __enter__(self):
        try:
            self.start()
        except Exception:
            self.stop()
            raise
        return self

    def __exit__(self, kind, value, trace):
        self.stop()


class Fanout(Server):
    name = "minimal loop"

    def command(self):
        self.port = 0
        return [os.path.join(self.build, "bench", "relay_fanout")]

    def find_port(self):
        found = re.search(r"127\.0\.0\.1:(\d+)", self.log_text())
        self.port = int(found.group(1)) if found else 0


class Ronrond(Server):
    name = "ronrond"

    # All that depends on ronrond's flags and settings stands in these two functions.
    def settings(self):
        return "[beacon]\nenabled = no\n"

    def command(self):
        self.port = 0
        data = os.path.join(self.folder, "data")
        os.mkdir(data, 0o700)
        return [os.path.join(self.build, "ronrond"), "--listen", "127.0.0.1:0", "--limits", "none", "--data", data,
                "--history", "yes" if self.history else "no", "--config", self.write("ronrond.ini", self.settings())]

    def find_port(self):
        found = re.search(r"127\.0\.0\.1:(\d+)", self.log_text())
        self.port = int(found.group(1)) if found else 0


class RonrondHistory(Ronrond):
    name = "ronrond, history"
    history = True


class RonrondTls(Ronrond):
    name = "ronrond, TLS"
    tls = True


class Ngircd(Server):
    name = "ngIRCd"
    abreast = 8  # its listen queue is 10: who is dropped there comes in after 1, 3, 7, 15 or 31 s
    runs_as_nobody = True

    def command(self):
        path = self.write("ngircd.conf", """[Global]
Name = bench.local
Info = bench
AdminInfo1 = bench
AdminEMail = bench@bench.local
Listen = 127.0.0.1
Ports = %d
MotdPhrase = bench
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
PingTimeout = 3600
PongTimeout = 3600
[Options]
DNS = no
Ident = no
PAM = no
""" % self.port)
        return [NGIRCD, "-n", "-f", path]


class Inspircd(Server):
    name = "InspIRCd"
    abreast = 1000  # it registers those who wait once a second
    runs_as_nobody = True

    def command(self):
        big = 1 << 30
        self.write("motd", "bench\n")
        path = self.write("inspircd.conf", """
<config format="xml">
<server name="bench.local" description="bench" network="bench" id="0BB">
<admin name="bench" nick="bench" email="bench@bench.local">
<bind address="127.0.0.1" port="%d" type="clients">
<connect allow="*" timeout="60" pingfreq="3600" hardsendq="%d" softsendq="%d" recvq="%d" localmax="100000"
 globalmax="100000" maxconnwarn="no" commandrate="1000000000" threshold="1000000" fakelag="no" maxchans="100"
 resolvehostnames="no" useident="no" limit="100000">
<files motd="%s/motd">
<dns server="127.0.0.1" timeout="1">
<pid file="%s/inspircd.pid">
<options prefixquit="" splitwhois="no" defaultmodes="n">
<performance quietbursts="yes" softlimit="100000" somaxconn="4096" netbuffersize="10240" clonesonconnect="no">
<security hideserver="" userstats="Pu" maxtargets="20">
<whowas groupsize="10" maxgroups="1000" maxkeep="1h">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="%s/inspircd.log">
<path datadir="%s" logdir="%s" runtimedir="%s">
""" % (self.port, big, big, big, self.folder, self.folder, self.folder, self.folder, self.folder, self.folder))
        return [INSPIRCD, "--nofork", "--nopid", "--config", path]

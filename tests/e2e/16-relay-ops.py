#!/usr/bin/env python3
"""What an operator does: checks settings, reloads them, reads numbers; what must not be seen."""
import fcntl
import os
import pty
import resource
import select
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import termios
import time
import urllib.request

from ronron_e2e import BUILD, DEADLINE_S, Irc, Raw, Relay, check, run

PROGRAM = os.path.join(BUILD, "ronrond")


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


class Configured(Relay):
    """A relay with a file of settings that can be changed, and what it logs in a file."""

    def __init__(self, text, *flags):
        self.folder = tempfile.TemporaryDirectory(prefix="ronrond-")
        self.path = os.path.join(self.folder.name, "r.ini")
        self.log = os.path.join(self.folder.name, "log")
        self.lines = []
        write(self.path, text)
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "--config", self.path, "--listen", "127.0.0.1:0", *flags],
                stdout=subprocess.PIPE, stderr=log, text=True,
                env=dict(os.environ, LC_ALL="C", LANGUAGE="", XDG_DATA_HOME=self.folder.name))
        self.line = self.process.stdout.readline()
        self.port = int(self.line.rsplit(":", 1)[1])

    def logged(self):
        with open(self.log) as log:
            return log.read()

    def wait_log(self, text):
        end = time.monotonic() + DEADLINE_S
        while text not in self.logged():
            check(time.monotonic() < end, "not logged: %r, but %r" % (text, self.logged()))
            time.sleep(0.02)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        code = self.process.wait(timeout=DEADLINE_S)
        check("Sanitizer" not in self.logged() and "bug:" not in self.logged(), self.logged())
        self.folder.cleanup()
        return code


QUIET = "[beacon]\nenabled = no\n[tls]\nenabled = no\n[log]\nlevel = debug\n"


def settings_are_checked_without_a_start():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "r.ini")
        write(path, QUIET + "[limits]\nclients = 5\n")
        done = subprocess.run([PROGRAM, "--config", path, "--check-config"], capture_output=True,
                              text=True, timeout=DEADLINE_S)
        check(done.returncode == 0 and not done.stderr, done.stderr)
        write(path, QUIET + "[limits]\nclients = 5000\n")
        done = subprocess.run([PROGRAM, "--config", path, "--check-config"], capture_output=True,
                              text=True, timeout=DEADLINE_S)
        check(done.returncode == 2, done.returncode)
        check("%s, line 8: clients" % path in done.stderr, done.stderr)
        check(os.listdir(folder) == ["r.ini"], os.listdir(folder))


def the_printed_file_is_a_good_one():
    done = subprocess.run([PROGRAM, "--print-config"], capture_output=True, text=True, timeout=DEADLINE_S)
    lines = []
    for line in done.stdout.splitlines():
        has_value = line.startswith("# ") and " = " in line and not line.endswith("= ")
        lines.append(line[2:] if has_value and "password" not in line else line)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "r.ini")
        write(path, "\n".join(lines))
        again = subprocess.run([PROGRAM, "--config", path, "--check-config"], capture_output=True,
                               text=True, timeout=DEADLINE_S)
        check(again.returncode == 0, again.stderr)


def a_reload_keeps_everybody():
    with Configured("[server]\nmotd = before\n" + QUIET) as relay:
        ana = Irc(relay.port, "ana")
        check(b":- before" in ana.got, ana.got)
        write(relay.path, "[server]\nmotd = after\n" + QUIET)
        relay.process.send_signal(signal.SIGHUP)
        relay.wait_log("Settings read again")
        ana.sync("here")
        leo = Irc(relay.port, "leo")
        check(b":- after" in leo.got and b":- before" not in leo.got, leo.got)
        ana.send("PRIVMSG #party :still here\r\n")
        leo.wait(":ana!~ana@127.0.0.1 PRIVMSG #party :still here")


def nicks_beyond_ascii_are_a_setting():
    with Configured(QUIET) as relay:
        ana = Raw(relay.port)
        ana.send("NICK Élodie\r\nUSER e 0 * :e\r\n")
        ana.wait(" 432 * Élodie ")
        write(relay.path, "[server]\nutf8-nicks = yes\n" + QUIET)
        relay.process.send_signal(signal.SIGHUP)
        relay.wait_log("Settings read again")
        ana.send("NICK E\u0301lodie\r\n")
        ana.wait(" 001 Élodie ")  # composed
        ana.wait(" 376 Élodie ")
        for token in (" CASEMAPPING=ascii ", " UTF8ONLY ", " NICKLEN=30 "):
            check(token.encode() in ana.got, ana.got)
        ana.send("JOIN #party\r\n")
        leo = Irc(relay.port, "leo")
        check("@Élodie" in leo.got.decode(), leo.got)
        leo.send("PRIVMSG Élodie :salut\r\nNICK Élodie\r\n")
        leo.wait(" 433 leo Élodie ")
        ana.wait(":leo!~leo@127.0.0.1 PRIVMSG Élodie :salut\r\n")
        leo.send("NICK ÉLODIE\r\n")  # the casemapping is ascii: É is the same, LODIE is lodie
        leo.wait(" 433 leo ÉLODIE ")
        write(relay.path, QUIET)
        relay.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + DEADLINE_S
        while relay.logged().count("Settings read again") < 2:
            check(time.monotonic() < end, relay.logged())
            time.sleep(0.02)
        leo.send("NICK Zoé\r\n")
        leo.wait(" 432 leo Zoé ")
        leo.send("PRIVMSG Élodie :encore\r\n")  # who has one keeps it
        ana.wait(":leo!~leo@127.0.0.1 PRIVMSG Élodie :encore\r\n")


def a_broken_file_changes_nothing_and_is_logged():
    with Configured("[server]\nmotd = before\n" + QUIET) as relay:
        ana = Irc(relay.port, "ana")
        write(relay.path, "[server]\nmotd = after\ncolour = blue\n" + QUIET)
        relay.process.send_signal(signal.SIGHUP)
        relay.wait_log("Settings stay as they are: %s, line 3" % relay.path)
        ana.sync("here")
        leo = Irc(relay.port, "leo")
        check(b":- before" in leo.got, leo.got)
        os.unlink(relay.path)
        relay.process.send_signal(signal.SIGHUP)
        relay.wait_log("%s cannot be read" % relay.path)
        ana.sync("still")


def an_operator_reloads_with_a_word():
    verifier = subprocess.run([PROGRAM, "--hash-password"], input="boss-secret\n", text=True,
                              capture_output=True, timeout=DEADLINE_S).stdout.strip()
    good = QUIET + "[oper]\nname = boss\npassword = %s\n" % verifier
    with Configured(good) as relay:
        boss = Irc(relay.port, "boss")
        leo = Irc(relay.port, "leo")
        leo.send("REHASH\r\n")
        leo.wait(" 481 leo ")
        boss.send("OPER boss boss-secret\r\n")
        boss.wait(" 381 boss ")
        write(relay.path, "[server]\nmotd = rehashed\n" + good)
        boss.send("REHASH\r\n")
        boss.wait(" 382 boss ")
        boss.wait("NOTICE boss :Settings read again.")
        check(b":- rehashed" in Irc(relay.port, "mia").got, "the old message of the day")
        write(relay.path, good + "burst = 1\n")
        boss.send("REHASH\r\n")
        boss.wait("NOTICE boss :Settings stay as they are: ")
        leo.sync("here")


def a_certificate_that_does_not_fit_is_found():
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, name) for name in ("a.pem", "a.key", "b.pem", "b.key")]
        for at in (0, 2):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                            "ec_paramgen_curve:P-256", "-nodes", "-days", "9", "-subj", "/CN=x",
                            "-out", names[at], "-keyout", names[at + 1]],
                           check=True, capture_output=True, timeout=DEADLINE_S)
        path = os.path.join(folder, "r.ini")
        for key, code in ((names[1], 0), (names[3], 2), (names[0], 2)):
            write(path, "[tls]\ncert = %s\nkey = %s\n" % (names[0], key))
            done = subprocess.run([PROGRAM, "--config", path, "--check-config"],
                                  capture_output=True, text=True, timeout=DEADLINE_S)
            check(done.returncode == code, done.stderr)


def numbers_are_served_on_loopback_only():
    with Configured(QUIET, "--admin", "127.0.0.1:0") as relay:
        line = relay.process.stdout.readline()
        check(line.startswith("Numbers at http://127.0.0.1:"), line)
        ana = Irc(relay.port, "ana")
        leo = Irc(relay.port, "leo")
        ana.send("PRIVMSG #party :salut\r\n")
        leo.wait("salut")
        with urllib.request.urlopen(line.split()[-1], timeout=DEADLINE_S) as answer:
            check(answer.status == 200, answer.status)
            check(answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"),
                  answer.headers)
            text = answer.read().decode()
        check("\nronron_users 2\n" in text and "\nronron_messages_total 1\n" in text, text)
        turns = int(text.split("ronron_turn_seconds_count ")[1].split()[0])
        check(turns > 3, text)
        port = int(line.split("127.0.0.1:")[1].split("/")[0])
        for _ in range(20):  # what nobody reads must not take the answer along
            with socket.create_connection(("127.0.0.1", port), DEADLINE_S) as link:
                link.sendall(b"POST /metrics HTTP/1.1\r\nHost: x\r\n\r\n" + b"x" * 1000000)
                got = b""
                while data := link.recv(65536):
                    got += data
            check(got.startswith(b"HTTP/1.1 405 "), got)
    done = subprocess.run([PROGRAM, "--admin", "0.0.0.0:0", "--listen", "127.0.0.1:0"],
                          capture_output=True, text=True, timeout=DEADLINE_S)
    check(done.returncode == 2 and "[admin]" in done.stderr, done.stderr)


def a_full_party_says_so():
    with Configured("[limits]\nclients = 2\n" + QUIET) as relay:
        ana = Irc(relay.port, "ana")
        leo = Irc(relay.port, "leo")
        irc = Raw(relay.port)
        irc.send("NICK zed\r\nUSER z 0 * :z\r\n")
        irc.wait("ERROR :Closing link: 127.0.0.1 (The party is full)\r\n")
        irc.wait_closed()
        plain = Raw(relay.port)
        plain.send("hello\n")
        plain.wait("* The party is full\n")
        plain.wait_closed()
        crowd = [Raw(relay.port) for _ in range(150)]  # more than are let in to be told
        for one in crowd:
            one.wait_closed()
            check(b"The party is full" in one.got, one.got)
        ana.sync("here")
        leo.close()
        deadline = time.monotonic() + DEADLINE_S
        while True:
            mia = Raw(relay.port)
            mia.send("NICK mia\r\nUSER m 0 * :m\r\n")
            while not mia.closed and b" 001 mia" not in mia.got:
                mia.pump(0.5)
            if b" 001 mia" in mia.got:
                break
            check(time.monotonic() < deadline, mia.got)


def without_descriptors_it_does_not_spin():
    # 64 descriptors in all: the crowd outside waits or is told, those inside talk on.
    shell = "ulimit -n 64; exec \"$0\" \"$@\""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "r.ini")
        write(path, QUIET.replace("debug", "warn"))
        process = subprocess.Popen(
            ["sh", "-c", shell, PROGRAM, "--config", path, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        port = int(process.stdout.readline().rsplit(":", 1)[1])
        ana = Irc(port, "ana")
        crowd = []
        for _ in range(100):
            one = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)
            one.sendall(b"CAP LS 302\r\n")
            crowd.append(one)
        ana.sync("here")
        last = b""
        while not last.endswith(b"\r\n"):
            last += crowd[-1].recv(4096)
        check(b"The party is full" in last, last)
        time.sleep(0.3)
        before = cpu_seconds(process.pid)
        time.sleep(1)
        used = cpu_seconds(process.pid) - before
        check(used < 0.2, "%.2f s of CPU in an idle second" % used)
        for one in crowd:
            one.close()
        deadline = time.monotonic() + DEADLINE_S
        while True:
            leo = Raw(port)
            leo.send("NICK leo\r\nUSER l 0 * :l\r\n")
            leo.pump(1)
            if b" 001 leo" in leo.got:
                break
            check(time.monotonic() < deadline, "no place although all left")
        process.terminate()
        check(process.wait(timeout=DEADLINE_S) == 0, process.stderr.read())


def a_system_without_descriptors_is_outlasted():
    with Configured(QUIET, "--admin", "127.0.0.1:0") as relay:
        admin = int(relay.process.stdout.readline().rsplit(":", 1)[1].split("/")[0])
        limits = resource.prlimit(relay.process.pid, resource.RLIMIT_NOFILE)
        # Not one, not even the spare ones: their numbers are beyond it.
        resource.prlimit(relay.process.pid, resource.RLIMIT_NOFILE, (4, limits[1]))
        ana = Raw(relay.port)
        ana.send("NICK ana\r\nUSER a 0 * :a\r\n")
        asker = Raw(admin)
        asker.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        relay.wait_log("no descriptors or no memory left: new guests wait")
        before = cpu_seconds(relay.process.pid)
        time.sleep(1)
        used = cpu_seconds(relay.process.pid) - before
        check(used < 0.2, "%.2f s of CPU in an idle second" % used)
        resource.prlimit(relay.process.pid, resource.RLIMIT_NOFILE, limits)
        ana.wait(" 001 ana ")  # nobody left, so nothing but time tells it to look again
        asker.wait("ronron_users ")
        check(relay.logged().count("new guests wait") == 1, relay.logged())


def cpu_seconds(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def what_is_kept_is_the_owners_alone():
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "a", "b")
        with Configured("[beacon]\nenabled = no\n", "--data", data) as relay:
            fingerprint = relay.process.stdout.readline()
            check("SHA256 " in fingerprint, fingerprint)
            ana = Irc(relay.port, "ana", "echo-message")
            ana.send("PRIVMSG #party :kept\r\n")
            ana.wait("PRIVMSG #party :kept")
        for path in (os.path.dirname(data), data):
            check(stat.S_IMODE(os.stat(path).st_mode) == 0o700, path)
        names = os.listdir(data)
        check("party.db" in names and "tls-key.pem" in names, names)
        for name in names:
            mode = stat.S_IMODE(os.stat(os.path.join(data, name)).st_mode)
            check(mode == 0o600, "%s has mode %o" % (name, mode))
        with Configured("[beacon]\nenabled = no\n", "--data", data) as relay:
            check(relay.process.stdout.readline() == fingerprint, "the key changed")


def history_off_keeps_nothing():
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        with Configured(QUIET, "--data", data, "--history", "no") as relay:
            Irc(relay.port, "ana").send("PRIVMSG #party :gone\r\n")
        check(os.listdir(data) == [], os.listdir(data))


def a_history_that_cannot_be_opened_is_told_to_the_host():
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "party.db"))  # no file
        with Configured(QUIET, "--data", folder) as relay:
            relay.wait_log("No history is kept")
            ana = Irc(relay.port, "ana")
            ana.wait("NOTICE ana :No history is kept")
            leo = Irc(relay.port, "leo")
            leo.sync("here")
            check(b"No history" not in leo.got, leo.got)
            ana.send("PRIVMSG #party :we talk on\r\n")
            leo.wait("we talk on")


def secrets_are_not_seen():
    verifier = subprocess.run([PROGRAM, "--hash-password"], input="oper-secret\n", text=True,
                              capture_output=True, timeout=DEADLINE_S).stdout.strip()
    check(verifier.startswith("SCRAM-SHA-256$"), verifier)
    text = QUIET + "[oper]\nname = boss\npassword = %s\n" % verifier
    with Configured(text, "--password", "pin-4711") as relay:
        with open("/proc/%d/cmdline" % relay.process.pid) as file:
            line = file.read()
        check("pin-4711" not in line and "--password" in line, line)
        right = Raw(relay.port)
        right.send("PASS pin-4711\r\nNICK ana\r\nUSER a 0 * :a\r\nOPER boss oper-secret\r\n"
                   "AUTHENTICATE PLAIN\r\nREGISTER * * account-secret\r\nPING x\r\n")
        right.wait(" 001 ana")
        right.wait("PONG ronron.party")
        wrong = Raw(relay.port)
        wrong.send("PASS pin-wrong\r\nNICK leo\r\nUSER l 0 * :l\r\n")
        wrong.wait_closed()
        plain = Raw(relay.port)
        plain.send("hello\n")
        plain.wait_closed()
        relay.process.send_signal(signal.SIGHUP)
        relay.wait_log("Settings read again")
        again = Raw(relay.port)  # the PIN of the flag is still in force
        again.send("PASS pin-4711\r\nNICK mia\r\nUSER m 0 * :m\r\n")
        again.wait(" 001 mia")
        for secret in ("pin-4711", "pin-wrong", "oper-secret", "account-secret", verifier):
            check(secret not in relay.logged(), "%s is logged" % secret)


class Prompt:
    """--hash-password at a terminal of its own."""

    def __init__(self):
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.got = b""
        self.process = subprocess.Popen(
            [PROGRAM, "--hash-password"], stdin=self.slave, stdout=self.slave, stderr=self.slave,
            start_new_session=True, env=dict(os.environ, LC_ALL="C", LANGUAGE=""),
            preexec_fn=lambda: fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0))

    def wait(self, text, times=1):
        end = time.monotonic() + DEADLINE_S
        while self.got.count(text) < times:
            check(time.monotonic() < end, "%r did not come, but %r" % (text, self.got))
            if select.select([self.master], [], [], 0.2)[0]:
                self.got += os.read(self.master, 4096)

    def wait_silent(self):
        end = time.monotonic() + DEADLINE_S
        while termios.tcgetattr(self.slave)[3] & termios.ECHO:
            check(time.monotonic() < end, "what is typed can be seen")
            time.sleep(0.01)

    def end(self):
        code = self.process.wait(timeout=DEADLINE_S)
        check(termios.tcgetattr(self.slave) == self.before, "the terminal is not what it was")
        os.close(self.master)
        os.close(self.slave)
        return code


def a_prompt_that_is_left_leaves_the_terminal_as_it_was():
    keys = {signal.SIGINT: b"\x03", signal.SIGQUIT: b"\x1c", signal.SIGTERM: b"", signal.SIGHUP: b""}
    for number, key in keys.items():
        prompt = Prompt()
        prompt.wait(b"Password: ")
        prompt.wait_silent()
        os.write(prompt.master, b"half a pass")
        if key:
            os.write(prompt.master, key)
        else:
            prompt.process.send_signal(number)
        code = prompt.end()
        check(code == -number, "%d ended with %d: %r" % (number, code, prompt.got))


def a_prompt_that_is_stopped_asks_again():
    prompt = Prompt()
    prompt.wait(b"Password: ")
    prompt.wait_silent()
    os.write(prompt.master, b"half a pass\x1a")  # goes on at once: no shell is there to wake it
    prompt.wait(b"Password: ", 2)
    prompt.wait_silent()
    os.write(prompt.master, b"secret\n")
    prompt.wait(b"SCRAM-SHA-256$")
    check(prompt.end() == 0, prompt.got)
    check(b"secret" not in prompt.got and b"half" not in prompt.got, prompt.got)


def secrets_that_others_may_read_are_told():
    verifier = subprocess.run([PROGRAM, "--hash-password"], input="oper-secret\n", text=True,
                              capture_output=True, timeout=20).stdout.strip()
    text = QUIET + "[oper]\nname = boss\npassword = %s\n" % verifier
    words = "Others on this machine may read or change %s, "
    for mode, settings, is_told in ((0o644, text, True), (0o640, text, False), (0o644, QUIET, False),
                                    (0o602, text, True)):
        before = os.umask(0o666 & ~mode)
        with Configured(settings) as relay:
            os.umask(before)
            told = words % relay.path in relay.logged()
            check(told == is_told, "%o: %s" % (mode, relay.logged()))
            os.chmod(relay.path, 0o644)
            relay.process.send_signal(signal.SIGHUP)
            relay.wait_log("Settings read again")
            if settings == text:
                relay.wait_log(words % relay.path)
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        settings = "[beacon]\nenabled = no\n"
        with Configured(settings, "--data", data) as relay:
            check("may read or" not in relay.logged(), relay.logged())
        for name in ("tls-key.pem", "party.db"):
            os.chmod(os.path.join(data, name), 0o644)
            with Configured(settings, "--data", data) as relay:
                relay.wait_log(words % os.path.join(data, name))
            os.chmod(os.path.join(data, name), 0o600)


def signals_while_it_ends_do_no_harm():
    # Each change of a handler takes long, so that signals come in between.
    slow = ["strace", "-f", "-o", "/dev/null", "-e", "trace=rt_sigaction",
            "-e", "inject=rt_sigaction:delay_enter=100000"]
    may_trace = shutil.which("strace") and subprocess.run(
        slow + ["true"], capture_output=True, timeout=DEADLINE_S).returncode == 0
    if not may_trace:
        print("skipped: strace cannot be used here")
        return
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, ASAN_OPTIONS="detect_leaks=0", LSAN_OPTIONS="detect_leaks=0")
        process = subprocess.Popen(
            slow + [PROGRAM, "--no-sandbox", "--listen", "127.0.0.1:0", "--data", folder],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
        check("Listening on" in process.stdout.readline(), "it does not listen")
        with open("/proc/%d/task/%d/children" % (process.pid, process.pid)) as file:
            relay = int(file.read().split()[0])
        os.kill(relay, signal.SIGTERM)
        end = time.monotonic() + DEADLINE_S
        while process.poll() is None:
            check(time.monotonic() < end, "it does not end")
            try:
                os.kill(relay, signal.SIGINT)
            except ProcessLookupError:
                pass
            time.sleep(0.01)
        check(process.returncode == 0, "%d: %s" % (process.returncode, process.stderr.read()))


run(settings_are_checked_without_a_start, the_printed_file_is_a_good_one, a_reload_keeps_everybody,
    nicks_beyond_ascii_are_a_setting,
    a_broken_file_changes_nothing_and_is_logged, an_operator_reloads_with_a_word,
    a_certificate_that_does_not_fit_is_found, numbers_are_served_on_loopback_only,
    a_full_party_says_so, without_descriptors_it_does_not_spin,
    a_system_without_descriptors_is_outlasted, what_is_kept_is_the_owners_alone,
    history_off_keeps_nothing, a_history_that_cannot_be_opened_is_told_to_the_host,
    secrets_are_not_seen, a_prompt_that_is_left_leaves_the_terminal_as_it_was,
    a_prompt_that_is_stopped_asks_again, secrets_that_others_may_read_are_told,
    signals_while_it_ends_do_no_harm)

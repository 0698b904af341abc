#!/usr/bin/env python3
"""The sandbox: ronrond does all it can from inside, and what it must not do is refused."""
import glob
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

from ronron_e2e import BUILD, DEADLINE_S, Irc, Raw, check, run

PROGRAM = os.path.join(BUILD, "ronrond")
PROBE = sys.argv[3]


def what_must_fail_fails():
    with tempfile.TemporaryDirectory() as data, tempfile.TemporaryDirectory() as outside:
        with open(os.path.join(outside, "old"), "w") as file:
            file.write("precious")
        done = subprocess.run([PROBE, data, outside], capture_output=True, text=True, timeout=DEADLINE_S)
        check(done.returncode == 0, done.stdout)
        check(done.stdout.count(": ok") >= 15, done.stdout)
        with open(os.path.join(outside, "old")) as file:
            check(file.read() == "precious", "the file outside changed")


def all_threads_are_inside(pid):
    tasks = glob.glob("/proc/%d/task/*/status" % pid)
    check(len(tasks) >= 3, "no threads: %r" % tasks)
    for task in tasks:
        with open(task) as file:
            text = file.read()
        check(re.search(r"^Seccomp:\s2$", text, re.M), text)
        check(re.search(r"^NoNewPrivs:\s1$", text, re.M), text)
        check(re.search(r"^CapEff:\s0+$", text, re.M), text)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def encrypted(port, nick):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    link = context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S))
    link.sendall(b"NICK %s\r\nUSER t 0 * :t\r\n" % nick)
    got = b""
    while b" 001 " + nick not in got:
        part = link.recv(4096)
        check(part, got)
        got += part
    return link


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def start(path, data, log):
    process = subprocess.Popen(
        [PROGRAM, "--config", path, "--data", data, "--admin", "127.0.0.1:0"],
        stdout=subprocess.PIPE, stderr=log, text=True, env=dict(os.environ, LC_ALL="fr_FR.UTF-8"))
    port = int(process.stdout.readline().rsplit(":", 1)[1])
    process.stdout.readline()  # the fingerprint
    return process, port, process.stdout.readline().split()[-1]


def wait_file(path, text):
    end = time.monotonic() + DEADLINE_S
    while True:
        with open(path) as file:
            got = file.read()
        if text in got:
            return
        check(time.monotonic() < end, "%r is not in %r" % (text, got))
        time.sleep(0.02)


def a_party_goes_on_inside():
    with tempfile.TemporaryDirectory() as folder:
        path, data = os.path.join(folder, "r.ini"), os.path.join(folder, "data")
        logged = os.path.join(folder, "log")
        text = ("[server]\npublic = no\n[log]\nlevel = info\n[beacon]\nport = 16667\n"
                "[limits]\nmode = none\n[listen]\naddress = 127.0.0.1:%d\n")
        first, second = free_port(), free_port()
        write(path, text % first)
        with open(logged, "w") as log:
            process, port, url = start(path, data, log)
        all_threads_are_inside(process.pid)
        people = [Irc(port, "p%d" % i, "echo-message") for i in range(60)]
        people[0].send("PRIVMSG #party :from inside\r\n")
        for one in people:
            one.wait("PRIVMSG #party :from inside")
        # The worker hashes a password, the history is read.
        people[1].send("REGISTER * * a-long-secret\r\n")
        people[1].wait("REGISTER SUCCESS p1")
        reader = Irc(port, "reader", "batch server-time message-tags draft/chathistory")
        reader.send("CHATHISTORY LATEST #party * 10\r\n")
        reader.wait("PRIVMSG #party :from inside")
        link = encrypted(port, b"eva")
        plain = Raw(port)
        plain.send("hello\n")
        people[0].wait("PRIVMSG #party :hello")
        # Another address, another certificate, another message of the day.
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "9", "-subj", "/CN=new",
                        "-keyout", os.path.join(data, "tls-key.pem"),
                        "-out", os.path.join(data, "tls-cert.pem")],
                       check=True, capture_output=True, timeout=DEADLINE_S)
        write(path, text.replace("public", "motd = inside\npublic") % second)
        process.send_signal(signal.SIGHUP)
        wait_file(logged, "ronrond: ")
        check(b":- inside" in Irc(second, "late").got, "the settings are the old ones")
        encrypted(second, b"max").close()
        link.close()
        with urllib.request.urlopen(url, timeout=DEADLINE_S) as answer:
            check(b"ronron_history_lines_total" in answer.read(), "no numbers of the history")
        process.send_signal(signal.SIGTERM)
        check(process.wait(timeout=DEADLINE_S) == 0, "it ended with an error")
        with open(logged) as file:
            log = file.read()
        check("warn" not in log and "error" not in log, log)
        check("party.db" in os.listdir(data), os.listdir(data))
        again = subprocess.Popen([PROGRAM, "--config", path, "--data", data, "--listen",
                                  "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        check(again.stdout.readline(), "it does not start on its own files")
        again.terminate()
        check(again.wait(timeout=DEADLINE_S) == 0, "it ended with an error")


version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True).stdout
if "seccomp" not in version:
    print("this build has no sandbox:", version)
    sys.exit(77)
run(what_must_fail_fails, a_party_goes_on_inside)

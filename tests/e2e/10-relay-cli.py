#!/usr/bin/env python3
"""ronrond's command line: the announcing line, exit codes, signals, one clear sentence."""
import os
import signal
import socket
import subprocess
import tempfile

from ronron_e2e import BUILD, DEADLINE_S, Irc, Relay, check, run

PROGRAM = os.path.join(BUILD, "ronrond")


def call(*flags):
    with tempfile.TemporaryDirectory() as data:  # not the home of whoever runs this
        return subprocess.run([PROGRAM, *flags], capture_output=True, text=True, timeout=DEADLINE_S,
                              env=dict(os.environ, XDG_DATA_HOME=data))


def refused(*flags):
    done = call(*flags)
    check(done.returncode == 2, "%r: exit %d, not 2" % (flags, done.returncode))
    check(len(done.stderr.strip().splitlines()) == 1, "%r: %r" % (flags, done.stderr))
    check(done.stdout == "", "%r announced itself" % (flags,))
    return done.stderr


def help_and_version_end_well():
    done = call("--help")
    check(done.returncode == 0 and "--listen HOST:PORT" in done.stdout, done.stdout)
    done = call("--version")
    check(done.returncode == 0 and done.stdout.startswith("ronrond "), done.stdout)


def bad_options_are_refused_in_one_sentence():
    check("--bogus" in refused("--bogus"), "the option is not named")
    refused("--listen")
    refused("--listen", "a b")
    refused("--listen", "127.0.0.1:99999")
    refused("--limits", "some")
    refused("--log", "loud")
    refused("--password", "")
    refused("stray")


def busy_port_is_refused():
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        check(str(port) in refused("--listen", "127.0.0.1:%d" % port), "the port is not named")


def unusable_folder_is_refused():
    with tempfile.NamedTemporaryFile() as file:
        refused("--data", file.name, "--listen", "127.0.0.1:0")
    refused("--data", "/proc/nowhere", "--listen", "127.0.0.1:0")


def configuration_errors_name_file_and_line():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "r.ini")
        with open(path, "w") as file:
            file.write("[server]\nname = Chez Ana\ncolour = blue\n")
        text = refused("--config", path)
        check(path in text and "3" in text and "colour" in text, text)
        refused("--config", os.path.join(folder, "missing.ini"))


def configuration_is_used_and_flags_win():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "r.ini")
        with open(path, "w") as file:
            file.write("[server]\nname = From file\nmotd = Salut\n[listen]\naddress = 127.0.0.2:0\n"
                       "[beacon]\nenabled = no\n")
        with Relay("--config", path, "--name", "From flag") as relay:
            irc = Irc(relay.port, "ana")
            check(b"Welcome to From flag" in irc.got, irc.got)
            check(b":- Salut" in irc.got, irc.got)


def signals_end_it_cleanly():
    for number in (signal.SIGTERM, signal.SIGINT):
        relay = Relay()
        irc = Irc(relay.port, "ana")
        check(relay.stop(number) == 0, "exit code is not 0")
        irc.wait_closed()
        check(b"ERROR :" in irc.got, irc.got)


def a_port_is_free_again_at_once():
    first = Relay()
    Irc(first.port, "ana").close()
    first.stop()
    second = subprocess.Popen([PROGRAM, "--tls", "no", "--listen", "127.0.0.1:%d" % first.port],
                              stdout=subprocess.PIPE, text=True)
    line = second.stdout.readline().strip()
    second.terminate()
    check(second.wait(timeout=DEADLINE_S) == 0, "the second relay failed")
    check(line.endswith(":%d" % first.port), line)


def nothing_is_kept_where_others_write():
    for env in ({"HOME": ""}, {"XDG_DATA_HOME": "here"}, {"HOME": "here"}):
        rest = {key: value for key, value in os.environ.items()
                if key not in ("HOME", "XDG_DATA_HOME")}
        relay = subprocess.Popen([PROGRAM, "--listen", "127.0.0.1:0", "--history", "yes"],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 env=dict(rest, LC_ALL="C", LANGUAGE="", **env))
        relay.stdout.readline()
        relay.terminate()
        out, err = relay.communicate(timeout=DEADLINE_S)
        check(relay.returncode == 0 and "Fingerprint" not in out, out)
        check("not encrypted: there is no folder" in err, err)
        check("No history is kept: there is no folder" in err, err)


def the_announcement_speaks_the_language_of_the_system():
    french = dict(os.environ, LC_ALL="fr_FR.UTF-8", LANGUAGE="fr")
    with Relay(env=french) as relay:
        check(relay.line == "Serveur en écoute sur 127.0.0.1:%d\n" % relay.port, relay.line)
    with Relay(env=dict(os.environ, LC_ALL="C", LANGUAGE="")) as relay:
        check(relay.line == "Listening on 127.0.0.1:%d\n" % relay.port, relay.line)


run(nothing_is_kept_where_others_write, the_announcement_speaks_the_language_of_the_system, help_and_version_end_well,
    bad_options_are_refused_in_one_sentence, busy_port_is_refused, unusable_folder_is_refused, configuration_errors_name_file_and_line,
    configuration_is_used_and_flags_win, signals_end_it_cleanly, a_port_is_free_again_at_once)

#!/usr/bin/env python3
"""Debian's irssi and WeeChat register, join the lobby and talk both ways with a raw client."""
import os
import shutil
import subprocess
import tempfile
import time

from ronron_e2e import Irc, Relay, check, run


class Terminal:
    """A terminal program in a tmux server of its own, with a home of its own."""

    def __init__(self, command):
        self.home = tempfile.mkdtemp(prefix="ronron-term-")
        self.socket = os.path.join(self.home, "tmux")
        env = dict(os.environ, HOME=self.home, TERM="xterm", LC_ALL="C.UTF-8")
        self.env = env
        subprocess.run(["tmux", "-S", self.socket, "-f", "/dev/null", "new-session", "-d", "-x", "120",
                        "-y", "40", command], env=env, check=True, timeout=20)

    def type(self, text):
        subprocess.run(["tmux", "-S", self.socket, "send-keys", "-l", text], env=self.env, check=True,
                       timeout=20)
        subprocess.run(["tmux", "-S", self.socket, "send-keys", "Enter"], env=self.env, check=True,
                       timeout=20)

    def screen(self):
        done = subprocess.run(["tmux", "-S", self.socket, "capture-pane", "-p"], env=self.env,
                              capture_output=True, text=True, timeout=20)
        return done.stdout

    def wait(self, text, seconds=30):
        end = time.monotonic() + seconds
        while text not in self.screen():
            check(time.monotonic() < end, "%r is not on the screen:\n%s" % (text, self.screen()))
            time.sleep(0.1)  # the screen can only be polled

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], env=self.env, timeout=20)
        shutil.rmtree(self.home, ignore_errors=True)


def talk_both_ways(program, nick, command, join):
    with Relay() as relay:
        ana = Irc(relay.port, "ana")
        terminal = Terminal(command.format(port=relay.port))
        try:
            ana_sees = ":%s!" % nick
            if join:
                ana.pump(2)
                terminal.wait("Welcome to Ronron")
                terminal.type(join)
            ana.wait(ana_sees, 30)
            ana.wait("JOIN #party", 30)
            terminal.wait("#party")
            ana.send("PRIVMSG #party :bonjour à toi\r\n")
            terminal.wait("bonjour à toi")
            terminal.type("salut de %s" % program)
            ana.wait("PRIVMSG #party :salut de %s\r\n" % program)
            terminal.type("/msg ana en privé")
            ana.wait("PRIVMSG ana :en privé\r\n")
            terminal.type("/nick %s2" % nick)
            ana.wait(" NICK :%s2\r\n" % nick)
            ana.send("TOPIC #party :la fête\r\nKICK #party %s2 :assez\r\n" % nick)
            ana.wait("KICK #party %s2 :assez\r\n" % nick)
            terminal.wait("assez")
            terminal.type("/quit")
            ana.sync("end")
        finally:
            terminal.close()


def irssi_is_at_home():
    talk_both_ways("irssi", "irs", "irssi --home=$HOME/irssi -c 127.0.0.1 -p {port} -n irs",
                   "/join #party")


def weechat_is_at_home():
    talk_both_ways("weechat", "wee",
                   "weechat --dir $HOME/weechat -r '/set logger.file.auto_log off' "
                   "-r '/server add r 127.0.0.1/{port} -notls -nicks=wee -autojoin=#party' "
                   "-r '/connect r'", None)


run(irssi_is_at_home, weechat_is_at_home)

#!/usr/bin/env python3
"""Debian's irssi and WeeChat use the commands people use; what they show and send is compared.

A screen can only be polled, and what is on it may be old. So nothing is typed before the program has
shown that it is where the words belong, what an answer is known by is off the screen before it is
asked for, and the last word before a goodbye is one that only the relay can have said.
"""
import contextlib
import os
import shutil
import subprocess
import tempfile
import time

from ronron_e2e import DEADLINE_S, Irc, Relay, check, run


class Terminal:
    """A terminal program in a tmux server of its own, with a home of its own."""

    def __init__(self, command, clear):
        self.home = tempfile.mkdtemp(prefix="ronron-term-")
        self.env = dict(os.environ, HOME=self.home, TERM="xterm", LC_ALL="C.UTF-8")
        self.clear = clear
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "150", "-y", "50", command)

    def tmux(self, *words, is_there=True):
        done = subprocess.run(["tmux", "-S", os.path.join(self.home, "tmux"), *words], env=self.env,
                              capture_output=True, text=True, timeout=DEADLINE_S)
        check(done.returncode == 0 or not is_there, "tmux %r: %s" % (words, done.stderr))
        return done.stdout

    def type(self, text):
        self.tmux("send-keys", "-l", text)
        self.tmux("send-keys", "Enter")

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def wait_screen(self, what, test):
        end = time.monotonic() + DEADLINE_S
        while True:
            screen = self.screen()
            if test(screen):
                return
            check(time.monotonic() < end, "%s:\n%s" % (what, screen))
            time.sleep(0.1)

    def wait(self, *texts):
        self.wait_screen("%r is not on the screen" % (texts,),
                         lambda screen: all(text in screen for text in texts))

    def forget(self, *texts):
        """None of these is on the screen any more: whoever shows one now was asked anew."""
        def is_gone(screen):
            return not any(text in screen for text in texts)
        if not is_gone(self.screen()):
            self.type(self.clear)
            self.wait_screen("%r is still on the screen" % (texts,), is_gone)

    def close(self):
        self.tmux("kill-server", is_there=False)  # it is gone when the program has ended
        shutil.rmtree(self.home, ignore_errors=True)


# What a program says where the two differ: each only says so after the command that is being tried.
IRSSI = {"clear": "/clear", "at": "1:127/%s", "list": "#party 3", "ison": "/quote ISON leo ghost",
         "topic": "topic of #party to: une fête", "ban": "ban spam!*@* [by irs",
         "taken": "Nick ana is already in use", "invited": "Inviting leo to #party", "#party": None}
WEECHAT = {"clear": "/buffer clear", "at": ":%s(+nt)", "list": "#party(3)",
           "ison": "/ison leo ghost", "topic": 'to "une fête"', "ban": "spam!*@* banned by wee",
           "taken": "ana: Nickname is already in use", "invited": "wee has invited leo to #party",
           "#party": "/buffer 2"}


class Party:
    """A relay, ana (a raw client, host of the lobby), leo (another) and one terminal program."""

    def __init__(self, command, words):
        self.words = words
        with contextlib.ExitStack() as stack:
            self.relay = stack.enter_context(Relay("--name", "Fête", "--limits", "none"))
            self.ana = Irc(self.relay.port, "ana")
            self.leo = Irc(self.relay.port, "leo")
            self.terminal = Terminal(command.format(port=self.relay.port), words["clear"])
            stack.callback(self.terminal.close)
            self.stack = stack.pop_all()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        return self.stack.__exit__(kind, value, trace)

    def wait_at(self, channel):
        """Until one types in that channel: what is typed before goes elsewhere."""
        self.terminal.wait(self.words["at"] % channel)

    def settle(self, name):
        """Until the program has read all that the relay had to say, its own questions answered too."""
        do(self, "/quote WHOIS %s" % name, shown="%s: No such nick" % name)


def do(party, typed, wire=None, shown=()):
    """Types a line; ana hears `wire`, the screen shows all of `shown` anew."""
    shown = [shown] if isinstance(shown, str) else shown
    check(not any(text in typed for text in shown), "%r is shown while it is typed" % typed)
    if shown:
        party.terminal.forget(*shown)
    party.ana.got = b""
    party.terminal.type(typed)
    if wire:
        try:
            party.ana.wait(wire + "\r\n")
        except AssertionError as error:
            raise AssertionError("%s\n%s" % (error, party.terminal.screen())) from None
    if shown:  # else it may have gone with its terminal
        party.terminal.wait(*shown)


def talk(party, nick):
    source = ":%s!~%s@127.0.0.1 " % (nick, nick)
    party.ana.send("PRIVMSG #party :bonjour à toi\r\nPRIVMSG #party :\x01ACTION waves\x01\r\n")
    party.terminal.wait("bonjour à toi", "ana waves")
    do(party, "salut du terminal", source + "PRIVMSG #party :salut du terminal")
    do(party, "/me yawns", source + "PRIVMSG #party :\x01ACTION yawns\x01")
    do(party, "/msg ana en privé", source + "PRIVMSG ana :en privé")
    do(party, "/notice ana a note", source + "NOTICE ana :a note")
    party.ana.send("NOTICE %s :mind the step\r\n" % nick)
    party.terminal.wait("mind the step")


def ask_about_people(party, nick):
    party.leo.send("SETNAME :Leo the Cat\r\nAWAY :gone fishing\r\n")
    party.leo.sync("a1")
    do(party, "/whois leo", shown=["~leo@127.0.0.1", "Leo the Cat", "gone fishing", "ronron.party"])
    do(party, "/quote WHOIS ghost", shown="ghost: No such nick")
    do(party, "/who #party", shown="H@ ")
    do(party, "/names", shown="[@ana")
    do(party, "/whowas nemo", shown="There was no such nickname")
    do(party, "/list", shown=party.words["list"])
    do(party, "/away having tea", shown="marked as being away")
    party.ana.send("PRIVMSG %s :there?\r\n" % nick)
    party.ana.wait(" 301 ana %s :having tea\r\n" % nick)
    do(party, "/away", shown="no longer marked as being away")
    do(party, party.words["ison"], shown="Users online: leo")


def be_host(party, nick):
    source = ":%s!~%s@127.0.0.1 " % (nick, nick)
    party.ana.send("MODE #party +o %s\r\n" % nick)
    party.terminal.wait("[+o %s] by ana" % nick)  # it may ask nothing of others before
    do(party, "/topic une fête", source + "TOPIC #party :une fête", party.words["topic"])
    party.ana.send("TOPIC #party :le chat dort\r\n")
    party.terminal.wait("le chat dort")
    do(party, "/mode #party +m", source + "MODE #party +m")
    do(party, "/voice leo", source + "MODE #party +v leo")
    do(party, "/devoice leo", source + "MODE #party -v leo")
    do(party, "/mode #party -m", source + "MODE #party -m")
    do(party, "/op leo", source + "MODE #party +o leo")
    do(party, "/deop leo", source + "MODE #party -o leo")
    do(party, "/mode #party", shown="[+nt]")
    do(party, "/ban spam!*@*", source + "MODE #party +b spam!*@*")
    do(party, "/quote MODE #party b", shown=party.words["ban"])
    do(party, "/unban spam!*@*", source + "MODE #party -b spam!*@*")
    do(party, "/kick leo too loud", source + "KICK #party leo :too loud")
    party.leo.wait("KICK #party leo :too loud\r\n")
    party.leo.got = b""
    do(party, "/invite leo #party", shown=party.words["invited"])
    party.leo.wait(source + "INVITE leo #party\r\n")
    party.leo.send("JOIN #party\r\n")
    party.leo.wait(" 366 leo #party ")


def change_and_go(party, nick):
    do(party, "/nick %s2" % nick, ":%s!~%s@127.0.0.1 NICK :%s2" % (nick, nick, nick))
    source = ":%s2!~%s@127.0.0.1 " % (nick, nick)
    do(party, "/nick ana", shown=party.words["taken"])
    do(party, "/join #cave")
    party.wait_at("#cave")
    party.ana.send("JOIN #cave\r\n")
    party.ana.wait(" 366 ana #cave ")
    do(party, "in the cave", source + "PRIVMSG #cave :in the cave")
    do(party, "/part #cave bye cave", source + "PART #cave :bye cave")
    if party.words["#party"]:
        party.terminal.type(party.words["#party"])
    party.wait_at("#party")  # where the kick is shown
    party.ana.send("INVITE %s2 #cave\r\nKICK #party %s2 :assez\r\n" % (nick, nick))
    party.ana.wait("KICK #party %s2 :assez\r\n" % nick)
    party.terminal.wait("assez")
    do(party, "/join #party", source + "JOIN #party")
    party.wait_at("#party")
    # A link that is closed with something unread in it is reset, and its last line may be lost.
    party.settle("nobody")
    do(party, "/quit good night", source + "QUIT :Quit: good night")


def irssi_is_at_home():
    with Party("env IRCUSER=irs irssi --home=$HOME/irssi -n irs", IRSSI) as party:
        party.terminal.wait("[(status)]")
        # Lines that a busy machine reads in one go are no paste to be asked about. One window, and
        # no waiting between commands.
        for key, value in (("paste_verify_line_count", "0"), ("autocreate_windows", "OFF"),
                           ("autocreate_own_query", "OFF"), ("cmd_queue_speed", "10msec")):
            do(party, "/set %s %s" % (key, value), shown="  %s %s" % (key, value))
        do(party, "/connect 127.0.0.1 %d" % party.relay.port, shown="Welcome to Fête")
        do(party, "/join #party", ":irs!~irs@127.0.0.1 JOIN #party", "Join to #party was synced")
        party.wait_at("#party")
        talk(party, "irs")
        ask_about_people(party, "irs")
        be_host(party, "irs")
        change_and_go(party, "irs")


def weechat(nick):
    """WeeChat that sends at once and shows every answer where one types."""
    here = ("notice", "invite", "whois", "whowas", "301", "303", "305", "306", "312", "314", "315",
            "317", "318", "319", "322", "324", "341", "352", "353", "366", "367", "401", "406",
            "433", "730", "731")
    sets = ["logger.file.auto_log off", "weechat.look.paste_max_lines -1",
            "irc.server_default.anti_flood_prio_high 0",
            "irc.server_default.anti_flood_prio_low 0"]
    sets += ["irc.msgbuffer.%s current" % name for name in here]
    lines = ["/set " + line for line in sets]
    lines += ["/server add r 127.0.0.1/{port} -notls -nicks=%s -username=%s -autojoin=#party"
              % (nick, nick), "/connect r"]
    return "weechat --dir $HOME/weechat " + " ".join("-r '%s'" % line for line in lines)


def weechat_is_at_home():
    with Party(weechat("wee"), WEECHAT) as party:
        party.ana.wait(":wee!~wee@127.0.0.1 JOIN #party\r\n")
        party.wait_at("#party")
        talk(party, "wee")
        ask_about_people(party, "wee")
        be_host(party, "wee")
        change_and_go(party, "wee")


def weechat_hears_who_comes():
    with Party(weechat("wee"), WEECHAT) as party:
        party.wait_at("#party")
        party.terminal.type("/buffer irc.server.r")  # where such news is shown
        party.terminal.type("/notify add zoe")
        party.terminal.wait("zoe is offline")
        zoe = Irc(party.relay.port, "zoe")
        party.terminal.wait("zoe (~zoe@127.0.0.1) has connected")
        zoe.send("QUIT :bye\r\n")
        party.terminal.wait("notify: zoe has quit")


run(irssi_is_at_home, weechat_is_at_home, weechat_hears_who_comes)

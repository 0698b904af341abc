#!/usr/bin/env python3
"""Debian's irssi and WeeChat use the commands people use; what they show and send is compared."""
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
        subprocess.run(["tmux", "-S", self.socket, "-f", "/dev/null", "new-session", "-d", "-x", "150",
                        "-y", "50", command], env=env, check=True, timeout=20)

    def keys(self, *keys):
        subprocess.run(["tmux", "-S", self.socket, "send-keys", *keys], env=self.env, check=True,
                       timeout=20)

    def type(self, text):
        self.keys("-l", text)
        self.keys("Enter")

    def screen(self):
        done = subprocess.run(["tmux", "-S", self.socket, "capture-pane", "-p"], env=self.env,
                              capture_output=True, text=True, timeout=20)
        return done.stdout

    def wait(self, *texts, seconds=20):
        end = time.monotonic() + seconds
        while True:
            screen = self.screen()
            missing = [text for text in texts if text not in screen]
            if not missing:
                return
            check(time.monotonic() < end, "%r is not on the screen:\n%s" % (missing, screen))
            time.sleep(0.1)  # the screen can only be polled

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], env=self.env, timeout=20,
                       stderr=subprocess.DEVNULL)  # it is gone when the program has ended
        shutil.rmtree(self.home, ignore_errors=True)


# What a program says where the two differ: each only says so after the command that is being tried.
IRSSI = {"at": "1:127/%s", "list": "#party 3", "ison": "/quote ISON leo ghost",
         "ban": "ban spam!*@* [by irs", "taken": "Nick ana is already in use",
         "invited": "Inviting leo to #party", "#party": None}
WEECHAT = {"at": ":%s(+nt)", "list": "#party(3)", "ison": "/ison leo ghost",
           "ban": "spam!*@* banned by wee", "taken": "ana: Nickname is already in use",
           "invited": "wee has invited leo to #party", "#party": "/buffer 2"}


class Party:
    """A relay, ana (a raw client, host of the lobby), leo (another) and one terminal program."""

    def __init__(self, command, words):
        self.words = words
        self.relay = Relay("--name", "Fête", "--limits", "none")
        self.ana = Irc(self.relay.port, "ana")
        self.leo = Irc(self.relay.port, "leo")
        self.terminal = Terminal(command.format(port=self.relay.port))

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.terminal.close()
        self.relay.__exit__(kind, value, trace)

    def wait_at(self, channel):
        """Until one types in that channel: what is typed before goes elsewhere."""
        self.terminal.wait(self.words["at"] % channel)


def do(party, typed, wire=None, shown=None):
    """Types a line; ana hears `wire`, the screen shows all of `shown`."""
    party.ana.got = b""
    party.terminal.type(typed)
    if wire:
        try:
            party.ana.wait(wire + "\r\n")
        except AssertionError as error:
            raise AssertionError("%s\n%s" % (error, party.terminal.screen())) from None
    if shown:
        party.terminal.wait(*([shown] if isinstance(shown, str) else shown))


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
    do(party, "/names", shown=["@ana"])
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
    party.ana.wait(" MODE #party +o %s\r\n" % nick)
    do(party, "/topic une fête", source + "TOPIC #party :une fête", "une fête")
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
    do(party, "/quit good night", source + "QUIT :Quit: good night")


def irssi_is_at_home():
    with Party("env IRCUSER=irs irssi --home=$HOME/irssi -n irs", IRSSI) as party:
        party.terminal.wait("[(status)]")
        # Lines that a busy machine reads in one go are no paste to be asked about. One window, and
        # no waiting between commands.
        for setting in ("paste_verify_line_count 0", "autocreate_windows off",
                        "autocreate_own_query off", "cmd_queue_speed 10msec"):
            party.terminal.type("/set " + setting)
        party.terminal.type("/connect 127.0.0.1 %d" % party.relay.port)
        party.terminal.wait("Welcome to Fête")
        do(party, "/join #party", ":irs!~irs@127.0.0.1 JOIN #party", "Irssi: #party")
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
        party.ana.wait(":wee!~wee@127.0.0.1 JOIN #party\r\n", 30)
        party.wait_at("#party")
        talk(party, "wee")
        ask_about_people(party, "wee")
        be_host(party, "wee")
        change_and_go(party, "wee")


def weechat_hears_who_comes():
    with Party(weechat("wee"), WEECHAT) as party:
        party.ana.wait(":wee!", 30)
        party.wait_at("#party")
        party.terminal.type("/buffer irc.server.r")  # where such news is shown
        party.terminal.type("/notify add zoe")
        party.terminal.wait("zoe is offline")
        zoe = Irc(party.relay.port, "zoe")
        party.terminal.wait("zoe (~zoe@127.0.0.1) has connected")
        zoe.send("QUIT :bye\r\n")
        party.terminal.wait("notify: zoe has quit")


run(irssi_is_at_home, weechat_is_at_home, weechat_hears_who_comes)

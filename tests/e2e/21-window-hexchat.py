#!/usr/bin/env python3
"""HexChat, a ronron window and a raw client in one party."""
import glob
import os
import sys

from ronron_e2e import BUILD, Irc, check, run

sys.path.insert(0, os.path.join(sys.argv[2], "tools"))
from stage import Stage, wait_until  # noqa: E402


def logged(window):
    text = ""
    for path in glob.glob(os.path.join(window.log_folder, "**", "*.log"), recursive=True):
        with open(path, encoding="utf-8") as file:
            text += file.read()
    return text


def hexchat_talks_with_ronron():
    with Stage(BUILD, 1400, 900) as stage:
        address = stage.relay("HexChat party")
        raw = Irc(int(address.split(":")[1]), "raw")
        hexchat = stage.hexchat("hex", address)
        raw.wait(":hex!")
        leo = stage.client("Leo", "--join", address, size="800x480")
        stage.wait_title(leo, "HexChat party")
        hexchat.say("hello from hexchat")
        raw.wait(":hex!~hex@127.0.0.1 PRIVMSG #party :hello from hexchat\r\n")
        leo.say("hello from ronron")
        raw.wait("PRIVMSG #party :hello from ronron\r\n")
        wait_until("ronron's words in HexChat", lambda: "hello from ronron" in logged(hexchat))
        check(logged(hexchat).count("hello from hexchat") == 1, "HexChat shows its line twice")
        leo.key("ctrl+s")
        folder = os.path.join(stage.folder.name, "data-Leo", "saved")
        wait_until("the saved talk", lambda: glob.glob(folder + "/*.txt"))
        with open(glob.glob(folder + "/*.txt")[0], encoding="utf-8") as file:
            check("hello from hexchat" in file.read(), "HexChat's words are not in ronron")
        hexchat.say("/nick hexagon")
        raw.wait(":hex!~hex@127.0.0.1 NICK :hexagon\r\n")
        hexchat.say("/part #party bye")
        raw.wait(":hexagon!~hex@127.0.0.1 PART #party :bye\r\n")


def hexchat_is_at_home():
    """The commands people use: what goes over the wire and what HexChat writes into its logs."""
    with Stage(BUILD, 1100, 700) as stage:
        address = stage.relay("HexChat party")
        raw = Irc(int(address.split(":")[1]), "raw")
        leo = Irc(int(address.split(":")[1]), "leo")
        hexchat = stage.hexchat("hex", address)
        source = ":hex!~hex@127.0.0.1 "

        def do(typed, wire=None, shown=None):
            raw.got = b""
            hexchat.say(typed)
            if wire:
                raw.wait(source + wire + "\r\n")
            if shown:
                wait_until("%r after %s" % (shown, typed), lambda: shown in logged(hexchat))

        raw.wait(source + "JOIN #party\r\n")
        raw.send("MODE #party +o hex\r\nTOPIC #party :cats at home\r\n")
        wait_until("the topic", lambda: "cats at home" in logged(hexchat))
        leo.send("AWAY :gone fishing\r\nSETNAME :Leo the Cat\r\n")
        leo.sync("a1")
        do("/whois leo", None, "gone fishing")
        check("Leo the Cat" in logged(hexchat), "WHOIS without a realname")
        do("/topic all about dogs", "TOPIC #party :all about dogs", "all about dogs")
        do("/me yawns", "PRIVMSG #party :\x01ACTION yawns\x01")
        do("/notice raw a note", "NOTICE raw :a note")
        do("/msg raw in private", "PRIVMSG raw :in private")
        do("/mode #party +m", "MODE #party +m")
        do("/voice leo", "MODE #party +v leo")
        do("/ban spam!*@*", "MODE #party +b spam!*@*")
        do("/unban spam!*@*", "MODE #party -b spam!*@*")
        do("/kick leo too loud", "KICK #party leo :too loud", "too loud")
        leo.wait(source + "KICK #party leo :too loud\r\n")
        hexchat.say("/invite leo #party")
        leo.wait(source + "INVITE leo #party\r\n")
        do("/away having tea", None)
        wait_until("hex being away", lambda: (raw.send("PRIVMSG hex :there?\r\n"), raw.pump(0.2),
                                              b" 301 raw hex :having tea" in raw.got)[2])
        do("/back", None)
        raw.sync("back")
        do("/names", None, "raw")
        raw.send("KICK #party hex :out\r\n")
        wait_until("the kick", lambda: "(out)" in logged(hexchat))
        do("/join #party", "JOIN #party")
        hexchat.say("/quit good night")  # it may close the link before its own QUIT went out
        raw.wait(source + "QUIT :")


run(hexchat_talks_with_ronron, hexchat_is_at_home)

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


run(hexchat_talks_with_ronron)

"""A short party of two windows on a virtual display; pictures of it are left in a folder."""
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stage import Stage, wait_until  # noqa: E402


def keep(picture, folder, name):
    path = os.path.abspath(os.path.join(folder, name + ".png"))
    picture.save(path)
    print(path)


def main():
    build, folder = sys.argv[1], sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    with Stage(build) as stage:
        host = stage.client("Ana")
        keep(host.still_picture(), folder, "1-welcome")
        host.key("Return")  # no party near: Enter in the name field hosts one
        stage.wait_title(host, "Party of Ana")
        # The second window hears the party's beacon on this machine; Enter joins it.
        guest = stage.client("Leo", size="800x480", lang="fr", theme="creme")
        host.move(0, 0)
        guest.move(1100, 560)
        time.sleep(2.5)
        guest.key("Return")
        stage.wait_title(guest, "Party of Ana")
        host.say("Hello Leo! Welcome to my party")
        guest.say("Salut Ana ! Quelle belle fete")
        host.say("The cat likes it too :)")
        guest.say("/me ronronne")
        host.say("Press its head, it purrs")
        for window, name in ((host, "2-host"), (guest, "3-guest")):
            keep(window.still_picture(), folder, name)
        keep(stage.screen(), folder, "4-screen")


main()
